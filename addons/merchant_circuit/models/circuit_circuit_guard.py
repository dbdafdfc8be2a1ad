from odoo import fields, models

THROTTLE = {"guess_till", "guess_merchant", "guess_minutes", "guess_wait", "guess_longest_wait", "request_pace"}


class CircuitCircuit(models.Model):
    """Limits for tills that guess, and how long refusals are kept."""

    _inherit = "circuit.circuit"

    guess_till = fields.Integer(
        "Failed attempts per till",
        default=10,
        required=True,
        tracking=True,
        help="Unknown cards and wrong PINs that one till may send within the time below before it has to wait. Each"
        " further one doubles the wait. Only this till waits, whatever its address. 0: no limit.",
    )
    guess_merchant = fields.Integer(
        "Failed attempts per merchant",
        default=60,
        required=True,
        tracking=True,
        help="The same over all tills of a shop together. Keep it well above the limit of one till, so that a till"
        " that guesses does not stop the others. 0: no limit.",
    )
    guess_minutes = fields.Integer(
        "Attempts are counted for (minutes)",
        default=60,
        required=True,
        tracking=True,
        help="A failed attempt is forgotten after this time.",
    )
    guess_wait = fields.Integer(
        "First wait (seconds)", default=30, required=True, tracking=True, help="Wait after the limit is reached."
    )
    guess_longest_wait = fields.Integer(
        "Longest wait (seconds)", default=900, required=True, tracking=True, help="The wait does not grow beyond this."
    )
    request_pace = fields.Integer(
        "Requests per merchant in ten seconds",
        default=100,
        required=True,
        tracking=True,
        help="More than any shop has customers: it stops programs that went wild. 0: no limit.",
    )
    refusal_days = fields.Integer(
        "Keep refusals (days)",
        default=365,
        required=True,
        tracking=True,
        help="Refused payments are deleted after this time. They never hold what was typed, only the card that was"
        " meant, where it exists.",
    )

    _guesses = models.Constraint(
        "CHECK (guess_till >= 0 AND guess_merchant >= 0 AND request_pace >= 0)",
        "A limit is zero (no limit) or a positive number.",
    )
    _guess_shares = models.Constraint(
        "CHECK (guess_till = 0 OR guess_merchant = 0 OR guess_merchant >= 2 * guess_till)",
        "The limit of a merchant must be at least twice the limit of one till, or one till could stop the others.",
    )
    _guess_times = models.Constraint(
        "CHECK (guess_minutes BETWEEN 1 AND 1440 AND guess_wait BETWEEN 1 AND guess_longest_wait"
        " AND guess_longest_wait <= 86400)",
        "Failed attempts are counted for one minute to one day; the first wait is at least a second and at most the"
        " longest, which is at most a day.",
    )
    _refusal_days = models.Constraint("CHECK (refusal_days > 0)", "Refusals are kept for at least one day.")

    def write(self, vals):
        """Tills keep the limits in memory: make them look again."""
        result = super().write(vals)
        if vals.keys() & THROTTLE:
            self.env.registry.clear_cache()
        return result
