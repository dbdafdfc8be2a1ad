from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..rules import duplicates, fiscal_code, household
from ..tools import batched


class FamilyPersonDuplicate(models.Model):
    """Two people on file who may be one, and what staff decided about them."""

    _name = "family.person.duplicate"
    _description = "Possible duplicate"
    _order = "state desc, id desc"
    _rec_name = "first_id"

    first_id = fields.Many2one(
        "res.partner", "First person", required=True, readonly=True, index=True, ondelete="cascade"
    )
    second_id = fields.Many2one(
        "res.partner", "Second person", required=True, readonly=True, index=True, ondelete="cascade"
    )
    first_birth_date = fields.Date("Birth date of the first", related="first_id.birth_date")
    second_birth_date = fields.Date("Birth date of the second", related="second_id.birth_date")
    first_code = fields.Char("Code of the first", compute="_compute_codes")
    second_code = fields.Char("Code of the second", compute="_compute_codes")
    reason = fields.Selection(
        [
            ("same_code", "Same fiscal code"),
            ("variant", "Variants of one fiscal code (omocodia)"),
            ("same_name", "Same name and birth date"),
        ],
        required=True,
        readonly=True,
    )
    kept_id = fields.Many2one(
        "res.partner",
        "Person to keep",
        domain="[('id', 'in', [first_id, second_id])]",
        help="Empty: the one who holds a card, else the one who was on file first.",
    )
    state = fields.Selection(
        [("open", "To decide"), ("same", "Same person"), ("different", "Not the same")],
        default="open",
        required=True,
        readonly=True,
    )
    decided_by_id = fields.Many2one("res.users", "Decided by", readonly=True)
    decided_at = fields.Datetime("Decided on", readonly=True)
    company_id = fields.Many2one("res.company", required=True, index=True, readonly=True)

    _pair = models.UniqueIndex("(first_id, second_id, company_id)", "This pair is on the list already.")

    @api.depends("first_id.l10n_it_codice_fiscale", "second_id.l10n_it_codice_fiscale")
    def _compute_codes(self):
        for pair in self:
            pair.first_code = fiscal_code.mask(pair.first_id.l10n_it_codice_fiscale or "")
            pair.second_code = fiscal_code.mask(pair.second_id.l10n_it_codice_fiscale or "")

    def write(self, vals):
        """Users choose only whom to keep.

        :raises UserError: anything else
        """
        if not self.env.su and vals.keys() - {"kept_id"}:
            raise UserError(self.env._("A pair is decided with its buttons."))
        return super().write(vals)

    def action_scan(self):
        """Button: look for pairs now."""
        self.check_access("read")
        self._scan(self.env.company)
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    @api.model
    def _cron_scan(self):
        """Scheduled: look for pairs in every municipality."""
        for [company] in self.env["family.household.member"]._read_group([("recorded_to", "=", False)], ["company_id"]):
            self._scan(company)

    def _scan(self, company):
        """Add the pairs that are not on the list; what was decided stays decided."""
        people, _households = self.env["res.partner"]._registry_snapshot(company)
        found = duplicates.pairs(
            [duplicates.Someone(person.id, person.name, person.birth_date, person.fiscal_code) for person in people]
        )
        for chunk in batched(sorted(found.items())):
            rows = SQL(", ").join(
                SQL("(%s, %s, %s, 'open', %s)", first, second, reason, company.id) for (first, second), reason in chunk
            )
            self.env.cr.execute(
                SQL(
                    "INSERT INTO family_person_duplicate (first_id, second_id, reason, state, company_id) VALUES %s"
                    " ON CONFLICT (first_id, second_id, company_id) DO NOTHING",
                    rows,
                )
            )
        self.invalidate_model()

    def action_different(self):
        """Button: they are two people; the pair does not come back."""
        self._decide("different")
        return True

    def action_same(self):
        """Button: they are one; memberships pass to the person kept, the other is archived.

        :raises UserError: both hold cards, or they were in two households on the same day
        """
        self._check_open()
        for pair in self:
            both = pair.first_id | pair.second_id
            holders = pair._holders()
            kept = pair.kept_id or holders[:1] or both[:1]
            if len(holders) > 1:
                raise UserError(self.env._("Both hold a card: close one of the cards first."))
            if holders and holders != kept:
                raise UserError(self.env._("Keep the person who holds the card."))
            pair._merge(kept, both - kept)
            pair.sudo().kept_id = kept  # sudo: so that it shows what was done even when nobody chose
        self._decide("same")
        return True

    def _check_open(self):
        self.check_access("write")
        if any(pair.state != "open" for pair in self):
            raise UserError(self.env._("This pair was decided already."))

    def _decide(self, state):
        self._check_open()
        # sudo: the decision is written by the buttons only, see write()
        self.sudo().write({"state": state, "decided_by_id": self.env.uid, "decided_at": fields.Datetime.now()})

    def _holders(self):
        """Which of the two hold a card that is requested, active or suspended."""
        both = self.first_id | self.second_id
        cards = self.env["family.card"].search([("holder_id", "in", both.ids), ("state", "!=", "closed")])
        return both & cards.holder_id

    def _merge(self, kept, other):
        """Pass everything of the registry to the person kept.

        :raises UserError: they were in two households on the same day
        """
        facts = kept.membership_ids._memberships()
        for line in other.membership_ids:
            [fact] = line._memberships()
            clash = [known for known in facts if household.overlap(known, fact)]
            if any(known.household != fact.household for known in clash):
                raise UserError(self.env._("%s was in two households on the same day: correct that first.", kept.name))
            if clash:
                line.action_withdraw()
            else:
                line.person_id = kept
        code = other.l10n_it_codice_fiscale
        if code and not kept.l10n_it_codice_fiscale:
            kept.write({"provisional_fiscal_code": other.provisional_fiscal_code, "l10n_it_codice_fiscale": code})
        if other.death_date and not kept.death_date:
            kept.death_date = other.death_date
        proposed = other.registry_event_ids.filtered(lambda event: event.state == "proposed")
        if proposed:
            proposed.action_dismiss()
        earlier = other.search([("merged_into_id", "=", other.id), ("active", "=", False)])
        (other | earlier).merged_into_id = kept
        other.active = False
        # sudo: other pairs with the person who is gone ask nothing any more
        self.sudo().search(
            [
                ("id", "!=", self.id),
                ("state", "=", "open"),
                "|",
                ("first_id", "=", other.id),
                ("second_id", "=", other.id),
            ]
        ).unlink()
