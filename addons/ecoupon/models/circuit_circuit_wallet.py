from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL
from odoo.tools.misc import format_amount

from odoo.addons.stored_value.tools import to_decimal

from ..rules import wallet


class CircuitCircuit(models.Model):
    """What a circuit decides about its wallets: their unit, their codes, who funds them (R-000-16, B05)."""

    _inherit = "circuit.circuit"

    wallet_code_seconds = fields.Integer(
        "Life of a wallet code (s)",
        default=60,
        required=True,
        help="How long the code that a citizen shows at the till can be used. Guidelines, R-000-16, R-000-19.",
    )
    behaviour_ids = fields.One2many("ecoupon.behaviour", "circuit_id")

    _wallet_code_seconds = models.Constraint(
        "CHECK (wallet_code_seconds BETWEEN 15 AND 600)", "A wallet code lives between 15 seconds and 10 minutes."
    )

    @api.constrains("wallet_unit")
    def _check_wallet_unit(self):
        """A wallet in EUR needs to be funded (B05).

        :raises ValidationError: behaviours without a source of funds
        """
        for circuit in self.filtered(lambda circuit: circuit.wallet_unit == "eur"):
            # sudo: whoever sets up the circuit need not see its behaviours
            unfunded = circuit.sudo().behaviour_ids.filtered(lambda behaviour: not behaviour.source_id)
            if unfunded:
                raise ValidationError(
                    self.env._(
                        "The wallet cannot be in EUR: nobody funds the rewards for %s.",
                        ", ".join(unfunded.mapped("name")),
                    )
                )

    def _wallet_text(self, amount):
        """An amount of the wallet as the citizen reads it (B05).

        :param Decimal amount: EUR
        :return: str, e.g. "12.50 €", or "1,250 points (12.50 €)"
        """
        self.ensure_one()
        money = format_amount(self.env, float(amount), self.company_id.sudo().currency_id)  # sudo: how EUR is written
        if self.wallet_unit == "eur":
            return money
        sign = "-" if amount < 0 else ""
        points = wallet.points(abs(amount), to_decimal(self.point_value))
        lang = self.env["res.lang"]._lang_get(self.env.lang or "en_US")
        shown = lang.format("%d", points, grouping=True)
        return self.env._("%(points)s points (%(money)s)", points=f"{sign}{shown}", money=money)

    def _wallet_funder(self, source):
        """Who pays at the shops for what a source of funds gives to wallets: one funder a source.

        :param source: res.partner
        :return: circuit.funder
        """
        self.ensure_one()
        # sudo: a funder comes with its behaviour and in no other way
        funders = self.env["circuit.funder"].sudo().with_context(active_test=False)
        domain = [("circuit_id", "=", self.id), ("kind", "=", "wallet"), ("partner_id", "=", source.id)]
        found = funders.search(domain, limit=1)
        if not found:
            # two behaviours may be written at once: the second one must see that its picture is old
            self.env.cr.execute(SQL("UPDATE circuit_circuit SET write_date = write_date WHERE id = %s", self.id))
            found = funders.search(domain, limit=1) or funders.create(
                {
                    "name": self.env._("Rewards of %s", source.display_name),
                    "kind": "wallet",
                    "circuit_id": self.id,
                    "partner_id": source.id,
                }
            )
        return found.with_env(self.env)

    def _behaviours(self):
        """What is rewarded today, for the citizen's page (R-000-17).

        :return: list of dict: name, description, reward (text), amount (Decimal), most_times, date_to
        """
        self.ensure_one()
        day = self._local_day()
        behaviours = (
            self.env["ecoupon.behaviour"]
            .sudo()  # sudo: the Region publishes them to the citizens
            .search([("circuit_id", "=", self.id), ("date_from", "<=", day)])
            .filtered(lambda behaviour: not behaviour.date_to or behaviour.date_to >= day)
        )
        return [
            {
                "name": behaviour.name,
                "description": behaviour.description or "",
                "amount": to_decimal(behaviour.amount),
                "reward": self._wallet_text(Decimal(str(behaviour.amount))),
                "most_times": behaviour.most_times,
                "date_to": behaviour.date_to,
            }
            for behaviour in behaviours
        ]
