from datetime import UTC
from zoneinfo import ZoneInfo

from odoo import fields, models

from ..rules import admission, directory


class CircuitCircuit(models.Model):
    """The public list of the shops that accept the cards (R-001-13, R-004-91)."""

    _inherit = "circuit.circuit"

    publish_directory = fields.Boolean(
        "Public list of merchants",
        default=True,
        tracking=True,
        help="Shops, advantages and map data can be read by everybody, without login. Notice §1 (R-004-91).",
    )
    moderate_offers = fields.Boolean(
        "Approve advantages first",
        tracking=True,
        help="On: an advantage that a merchant writes is shown once staff approve it. Notice §1 (R-004-104).",
    )
    dispute_clause = fields.Text(
        "Clause on disputes",
        translate=True,
        default=lambda self: self.env._(
            "The public body and the operator of the circuit are not party to disputes between a citizen and a shop"
            " about goods or services that were sold."
        ),
        help="Shown with the list of shops. Notice §7 (R-004-99).",
    )

    information_phone = fields.Char("Phone of the Information Point", help="Notice §1 and §5 (R-004-93).")
    information_email = fields.Char("E-mail of the Information Point", help="Notice §1 and §5 (R-004-93).")
    written_confirmation_days = fields.Integer(
        "Written report due",
        default=0,
        tracking=True,
        help="A report by phone must be written within so many days; 0: on the same day. Only a warning, it never"
        " stops the recording. Notice §1 and §5 (R-004-94, A23).",
    )

    _written_days = models.Constraint(
        "CHECK (written_confirmation_days BETWEEN 0 AND 365)", "Between no day and a year for the written report."
    )

    def _local_today(self):
        """Today where the circuit is.

        :return: date
        """
        self.ensure_one()
        return fields.Datetime.now().replace(tzinfo=UTC).astimezone(ZoneInfo(self.tz)).date()

    def _public_url(self):
        """Beginning of the addresses of the circuit's public pages, relative to the site.

        :return: str
        """
        self.ensure_one()
        return f"/circuit/{self.env['ir.http']._slug((self.id, self.name))}"

    def _directory_url(self):
        """Address of the public list, relative to the site.

        :return: str
        """
        self.ensure_one()
        return f"{self._public_url()}/merchants"

    def _report_url(self):
        """Address where anybody reports a shop, relative to the site (R-004-93).

        :return: str
        """
        self.ensure_one()
        return f"{self._public_url()}/report"

    def action_directory(self):
        """Button: the public list as everybody sees it."""
        return {"type": "ir.actions.act_url", "url": self._directory_url(), "target": "new"}

    def _offers_on(self, day):
        """Advantages of the circuit's shops on a day (R-004-104).

        :param date day: local day
        :return: circuit.offer of merchants in the public list
        """
        listed = self._listed(day).merchant_id
        return self.env["circuit.offer"]._on(self, day).filtered(lambda offer: offer.merchant_id in listed)

    def _admission(self, day):
        """Activities at which not every card of the circuit can be used (R-004-40, R-004-79).

        :param date day: local day
        :return: {id of activity: ``special`` or ``none``}
        """
        self.ensure_one()
        answers = []
        for name in self.env["circuit.till"]._instruments():
            answers += self.env[name]._circuit_admission(self.id, day)
        return admission.widest(answers)

    def _listed(self, day):
        """Agreements in force of shops that accept and want to be listed; not those where no card can be used
        (R-004-79).

        :param date day: local day
        :return: circuit.agreement
        """
        agreements = self.env["circuit.agreement"].search(
            [
                ("circuit_id", "in", self.ids),
                ("state", "=", "active"),
                ("role_accept", "=", True),
                ("merchant_id.in_directory", "=", True),
                ("date_from", "<=", day),
                "|",
                ("date_to", "=", False),
                ("date_to", ">=", day),
            ]
        )
        closed = {circuit: circuit._admission(day) for circuit in self}
        return agreements.filtered(lambda line: closed[line.circuit_id].get(line.activity_id.id) != "none")

    def _directory(self, day, query="", category=None):
        """The public list: what anybody may read of the shops, and nothing else.

        :param date day: local day
        :param str query: words in name, activity or place
        :param str category: code of a macro-category, None for all
        :return: list of dict, by macro-category and name
        """
        self.ensure_one()
        offers = self.env["circuit.offer"]._on(self, day).grouped("merchant_id")
        shops = []
        for agreement in self._listed(day):
            shop = agreement._directory_entry(offers.get(agreement.merchant_id, self.env["circuit.offer"]))
            texts = [shop["name"], shop["street"], shop["city"], *shop["activities"]]
            if (not category or shop["category"] == category) and directory.matches(query, texts):
                shops.append(shop)
        return sorted(shops, key=lambda shop: (shop["category_order"], directory.fold(shop["name"])))
