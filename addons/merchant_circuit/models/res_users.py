from odoo import api, fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    merchant_id = fields.Many2one(
        "res.partner",
        string="Works for merchant",
        domain=[("is_merchant", "=", True)],
        index="btree_not_null",
        help="The user sees and charges for this merchant only.",
    )

    place_id = fields.Many2one(
        "circuit.place",
        string="Sells at",
        domain="[('merchant_id', '=', merchant_id)]",
        ondelete="restrict",
        help="Where this user's web till stands; empty: the merchant's only place (R-000-04).",
    )

    @api.constrains("merchant_id", "place_id")
    def _check_place(self):
        """Who works for a merchant stands at a place of that merchant."""
        self.env["circuit.place"]._check_merchant_of(self)

    def write(self, vals):
        """Who changes to another merchant leaves the place."""
        if "merchant_id" in vals and "place_id" not in vals:
            moved = self.filtered(lambda user: user.place_id and user.merchant_id.id != vals["merchant_id"])
            moved.place_id = False
        return super().write(vals)

    def _get_invalidation_fields(self):
        """Record rules are cached by user and depend on the merchant."""
        return super()._get_invalidation_fields() | {"merchant_id"}

    def _is_operator_only(self):
        """Whether this user works for the operator and not for the public body (R-001-25).

        :return: bool
        """
        self.ensure_one()
        return self.has_group("merchant_circuit.group_operator") and not self.has_group(
            "merchant_circuit.group_officer"
        )

    def _operator_partners(self):
        """Who this user is as the operator of a circuit.

        :return: res.partner: the user's own and the company's they work for
        """
        self.ensure_one()
        return self.partner_id | self.partner_id.commercial_partner_id

    def _operator_scope(self, path):
        """Domain of the record rules that keep an operating manager to their own circuits (R-004-103).

        :param str path: field that leads to the circuit's operator
        :return: domain; of everything for any other user
        """
        return [(path, "in", self._operator_partners().ids)] if self._is_operator_only() else [(1, "=", 1)]

    def _operator_partner_scope(self):
        """Domain of the contacts an operating manager sees: the merchants of their circuits, themselves and the
        public bodies; never a citizen (R-001-25).

        :return: domain; of everything for any other user
        """
        if not self._is_operator_only():
            return [(1, "=", 1)]
        known = self._operator_partners() | self.company_ids.partner_id
        return [
            "|",
            ("id", "in", known.ids),
            "&",
            ("is_merchant", "=", True),
            ("agreement_ids.circuit_id.operator_id", "in", self._operator_partners().ids),
        ]

    def _operator_complaint_scope(self):
        """Domain of the reports an operating manager sees: of their circuits, and addressed to them (R-004-93).

        :return: domain; of everything for any other user
        """
        if not self._is_operator_only():
            return [(1, "=", 1)]
        return [*self._operator_scope("circuit_id.operator_id"), ("addressed_to", "in", ("operator", "both"))]

    def _operator_refusal_scope(self):
        """Domain of the refusals an operating manager sees: at the merchants of their circuits, and of the cards of no
        other circuit.

        :return: domain; of everything for any other user
        """
        if not self._is_operator_only():
            return [(1, "=", 1)]
        return [
            ("merchant_id.agreement_ids.circuit_id.operator_id", "in", self._operator_partners().ids),
            "|",
            ("circuit_id", "=", False),
            *self._operator_scope("circuit_id.operator_id"),
        ]

    def _operator_self(self, path):
        """Domain that leaves an operating manager only their own user.

        :param str path: field that is compared
        :return: domain; of everything for any other user
        """
        return [(path, "in", self.ids)] if self._is_operator_only() else [(1, "=", 1)]

    def _operator_nothing(self):
        """Domain that leaves an operating manager nothing.

        :return: domain; of everything for any other user
        """
        return [(0, "=", 1)] if self._is_operator_only() else [(1, "=", 1)]
