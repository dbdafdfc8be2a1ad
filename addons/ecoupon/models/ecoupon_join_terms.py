from odoo import api, fields, models
from odoo.exceptions import UserError


class EcouponJoinTerms(models.Model):
    """The published terms of joining a circuit, the same for every applicant, from a day on (R-000-37)."""

    _name = "ecoupon.join.terms"
    _description = "Terms of joining"
    _order = "circuit_id, date_from desc"
    _rec_name = "date_from"

    circuit_id = fields.Many2one("circuit.circuit", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="circuit_id.company_id", store=True, index=True)
    date_from = fields.Date(
        "In force from", required=True, default=fields.Date.context_today, help="Until later terms begin."
    )
    text = fields.Html(required=True, translate=True, sanitize=True, help="Everybody reads it before asking to join.")
    request_ids = fields.One2many("ecoupon.join.request", "terms_id", readonly=True)
    request_count = fields.Integer(compute="_compute_request_count")

    _one_a_day = models.Constraint("UNIQUE (circuit_id, date_from)", "Terms begin on this day already.")

    def _compute_request_count(self):
        # sudo: how many accepted these terms, for whoever reads the terms
        counts = dict(
            self.env["ecoupon.join.request"]
            .sudo()
            ._read_group([("terms_id", "in", self.ids)], ["terms_id"], ["__count"])
        )
        for terms in self:
            terms.request_count = counts.get(terms._origin, 0)

    @api.depends("circuit_id", "date_from")
    def _compute_display_name(self):
        for terms in self:
            terms.display_name = f"{terms.circuit_id.name or ''}, {fields.Date.to_string(terms.date_from) or ''}"

    def write(self, vals):
        """Terms that somebody has accepted stay as that company read them; translations and changes make new terms.

        :raise UserError: somebody has accepted them
        """
        if vals.keys() & {"circuit_id", "date_from", "text"}:
            self._check_unused()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_unused(self):
        self._check_unused()

    def _check_unused(self):
        """:raise UserError: somebody has accepted them"""
        for terms in self.filtered("request_count"):
            raise UserError(
                self.env._(
                    "Companies have asked to join on the terms of %s: write new terms that begin on a later day, for"
                    " everybody.",
                    terms.display_name,
                )
            )
