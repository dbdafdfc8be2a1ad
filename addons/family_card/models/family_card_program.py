from datetime import date
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import ormcache

from odoo.addons.base.models.res_partner import _tz_get

from ..rules import charge, periods, pin


class TillRules(NamedTuple):
    """All a charge needs to know about a programme on one day, without a query."""

    terms: charge.Terms
    pin_attempts: int
    circuit_id: int
    open: bool
    notice: str
    label: str
    sender: str
    lang: str
    tz: str
    check_pin: bool
    check_documents: bool
    quarter_cap: bool
    clauses: dict
    pin_waits: tuple
    page_waits: tuple
    code_seconds: int
    code_documents: bool


class FamilyCardProgram(models.Model):
    """One initiative-year with its acts, terms, account schemes and periods."""

    _name = "family.card.program"
    _description = "Family Card programme"
    _inherit = ["mail.thread"]
    _order = "year desc, name"

    name = fields.Char(required=True, tracking=True)
    code = fields.Char(required=True, help="Short name, e.g. CORLETO-2024.")
    year = fields.Integer(
        required=True,
        default=lambda self: fields.Date.context_today(self).year,
        help="Every year has its own parameters. Premises of the notice (R-004-02).",
    )
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    circuit_id = fields.Many2one(
        "circuit.circuit",
        required=True,
        index=True,
        help="Shops of this circuit accept the cards. Notice §1 (R-004-90).",
    )
    funder_id = fields.Many2one(
        "circuit.funder",
        "Books and statements",
        readonly=True,
        copy=False,
        index=True,
        ondelete="restrict",
        help="What the programme is to accounting and to the statements of the shops.",
    )
    state = fields.Selection(
        [("draft", "In preparation"), ("open", "Running"), ("closed", "Closed")],
        default="draft",
        required=True,
        tracking=True,
        readonly=True,
    )
    card_label = fields.Char("Name of the card", default="Family Card", required=True, help="Notice §1 (R-004-14).")
    sender = fields.Char("Sender of messages", required=True, help="How the public body signs its SMS.")
    number_prefix = fields.Char(default="FC", required=True, help="Card numbers look like FC-2024-000123.")
    sequence_id = fields.Many2one("ir.sequence", readonly=True, copy=False, groups="base.group_system")
    tz = fields.Selection(
        _tz_get, "Time zone", default="Europe/Rome", required=True, help="Where a day begins and ends."
    )
    sms_lang = fields.Selection(
        lambda self: self.env["res.lang"].get_installed(),
        "Language of messages",
        help="Empty: the language of the company.",
    )
    responsible = fields.Char("Person in charge", help="Notice §8 (R-004-01).")
    contact_phone = fields.Char(help="Notice §8 (R-004-04).")
    contact_email = fields.Char(help="Notice §1 and §8 (R-004-04).")
    website = fields.Char(help="Page of the circuit. Notice §1 (R-004-91).")
    fund_source = fields.Char(help="Where the money comes from. Notice §3 (R-004-05).")
    terms_ids = fields.One2many("family.card.terms", "program_id")
    scheme_ids = fields.One2many("family.card.scheme", "program_id", string="Account schemes")
    period_ids = fields.One2many("family.card.period", "program_id", string="Periods")
    act_ids = fields.One2many("family.card.act", "program_id", string="Acts")
    quotient_ids = fields.One2many("family.card.quotient", "program_id", string="Quotient tables")
    card_ids = fields.One2many("family.card", "program_id", string="Cards")
    card_count = fields.Integer(compute="_compute_card_count")

    _code_unique = models.UniqueIndex("(company_id, code)", "Another programme has this code.")

    @api.depends("card_ids")
    def _compute_card_count(self):
        counts = dict(
            self.env["family.card"]._read_group([("program_id", "in", self.ids)], ["program_id"], ["__count"])
        )
        for program in self:
            program.card_count = counts.get(program, 0)

    @api.model_create_multi
    def create(self, vals_list):
        """Create programmes, each with its own numbering of cards and its place in the books."""
        programs = super().create(vals_list)
        for program in programs:
            # sudo: a funder comes with its programme and with nothing else.
            program.sudo().funder_id = (
                self.env["circuit.funder"]
                .sudo()
                .create({"name": program.name, "kind": "program", "circuit_id": program.circuit_id.id})
            )
            # sudo: sequences belong to the system administrator.
            program.sudo().sequence_id = (
                self.env["ir.sequence"]
                .sudo()
                .create(
                    {
                        "name": f"{program.code} {program.card_label}",
                        "prefix": f"{program.number_prefix}-{program.year}-",
                        "padding": 6,
                        "company_id": program.company_id.id,
                    }
                )
            )
        self.env.registry.clear_cache()
        return programs

    def write(self, vals):
        """Write and drop what the till remembers; the books follow."""
        result = super().write(vals)
        for program in self if vals.keys() & {"name", "circuit_id"} else ():
            # sudo: a funder changes with its programme and in no other way.
            program.sudo().funder_id.write({"name": program.name, "circuit_id": program.circuit_id.id})
        self.env.registry.clear_cache()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_cards(self):
        if self.card_ids:
            raise UserError(self.env._("A programme with cards stays; close it instead."))

    def _next_number(self):
        """A new card number such as FC-2024-000123, free even where two programmes share a prefix."""
        self.ensure_one()
        # sudo: officers may not read sequences, nor another body's cards, whose numbers count too
        cards = self.env["family.card"].sudo()
        number = self.sudo().sequence_id.next_by_id()
        while cards.search_count([("number", "=", number)], limit=1):
            number = self.sudo().sequence_id.next_by_id()
        return number

    def _terms_at(self, day):
        """Terms in force on a day.

        :param date day: local day
        :return: family.card.terms, empty before the first set
        """
        self.ensure_one()
        return self.terms_ids.filtered(lambda terms: terms.valid_from <= day).sorted("valid_from")[-1:]

    def _quotient_at(self, day):
        """Quotient table in force on a day (R-004-19).

        :param date day: local day
        :return: family.card.quotient, empty when there is none
        """
        self.ensure_one()
        in_force = self.quotient_ids.filtered(lambda table: table.state == "in_force" and table.valid_from <= day)
        return in_force.sorted("valid_from")[-1:]

    def _local_day(self, at):
        """Local calendar day of a naive UTC instant."""
        self.ensure_one()
        return periods.local_day(at, self.tz)

    def _current_terms(self, at=None):
        """Terms in force at a UTC instant, now when empty.

        :raises UserError: there are none
        """
        self.ensure_one()
        terms = self._terms_at(self._local_day(at or fields.Datetime.now()))
        if not terms:
            raise UserError(self.env._("The programme %s has no terms in force yet.", self.name))
        return terms

    @api.model
    @ormcache("program_id")
    def _tz_of(self, program_id):
        # sudo: a shop's till may not read programmes; only the zone's name leaves here.
        return self.sudo().browse(program_id).tz

    @api.model
    def _till_rules(self, program_id, at):
        """Rules for a charge, from the cache.

        :param int program_id: the card's programme
        :param datetime at: naive UTC
        :return: TillRules, or None when no terms are in force
        """
        return self._till_rules_on(program_id, periods.local_day(at, self._tz_of(program_id)))

    @api.model
    @ormcache("program_id", "day")
    def _till_rules_on(self, program_id, day):
        # sudo: a shop's till may not read programmes; it gets an answer, never the terms.
        program = self.sudo().browse(program_id)
        terms = program._terms_at(day)
        if not terms:
            return None
        return TillRules(
            terms=terms._charge_terms(),
            pin_attempts=terms.pin_attempts,
            circuit_id=program.circuit_id.id,
            open=program.state == "open",
            notice=terms.charge_notice,
            label=program.card_label,
            sender=program.sender,
            lang=program._message_lang(),
            tz=program.tz,
            check_pin=terms.check_pin,
            check_documents=terms.check_documents,
            quarter_cap=terms.per_quarter_category_cap,
            clauses=terms._clauses(),
            pin_waits=pin.waits(terms.pin_delay_seconds, terms.pin_delay_factor),
            page_waits=pin.page_waits(terms.pin_delay_seconds, terms.pin_delay_factor),
            code_seconds=terms._code_seconds(),
            code_documents=terms.one_time_documents,
        )

    @api.model
    @ormcache("circuit_id")
    def _running(self, circuit_id):
        """Ids of the programmes that run in a circuit."""
        # sudo: a shop's till may not read programmes; only ids leave here
        return tuple(self.sudo().search([("circuit_id", "=", circuit_id), ("state", "=", "open")]).ids)

    def _message_lang(self):
        """Language of the programme's messages."""
        self.ensure_one()
        return self.sms_lang or self.company_id.partner_id.lang or "en_US"

    def _scheme_for(self, kind, day=None):
        """Account scheme of a kind of card on a day (R-004-06).

        :param str kind: standard, senior or special
        :param date day: local day, today when empty
        :return: family.card.scheme, possibly empty
        """
        self.ensure_one()
        day = day or self._local_day(fields.Datetime.now())
        in_force = self.scheme_ids.filtered(
            lambda scheme: scheme[f"for_{kind}"] and (not scheme.valid_from or scheme.valid_from <= day)
        )
        return in_force.sorted(lambda scheme: scheme.valid_from or date.min)[-1:]

    def action_set_up(self):
        """Button: give the programme what is missing of the notice's arrangement — four quarters, the
        50/40/10 scheme, the single account, first terms (R-004-30, R-004-34 to R-004-37)."""
        for program in self:
            if not program.period_ids:
                self.env["family.card.period"].create(
                    [
                        self.env["family.card.period"]._quarter_vals(program, periods.Quarter(program.year, number))
                        for number in range(1, 5)
                    ]
                )
            if not program.scheme_ids:
                local = program.with_context(lang=program._message_lang())
                local.env["family.card.scheme"].create(local._default_schemes())
            if not program.terms_ids:
                self.env["family.card.terms"].with_context(lang=program._message_lang()).create(
                    {
                        "program_id": program.id,
                        "valid_from": date(program.year, 1, 1),
                        "senior_reference": date(program.year - 1, 12, 31),
                    }
                )
        return True

    def _default_schemes(self):
        self.ensure_one()
        codes = ("COMMERCIO", "ARTIGIANATO", "SOMMINISTRAZIONE")
        categories = {c.code: c for c in self.env["circuit.category"].search([("code", "in", codes)])}
        split = zip(codes, (50, 40, 10), strict=True)
        standard = [
            {
                "code": code,
                "name": categories[code].name if code in categories else code.capitalize(),
                "weight": weight,
                "sequence": sequence,
                "category_ids": [fields.Command.set(categories[code].ids if code in categories else [])],
            }
            for sequence, (code, weight) in enumerate(split)
        ]
        single = {
            "code": "UNICO",
            "name": self.env._("Single account"),
            "weight": 100,
            "category_ids": [fields.Command.set([category.id for category in categories.values()])],
        }
        return [
            {
                "program_id": self.id,
                "name": self.env._("Three accounts (50/40/10)"),
                "for_standard": True,
                "line_ids": [fields.Command.create(vals) for vals in standard],
            },
            {
                "program_id": self.id,
                "name": self.env._("Single account"),
                "for_senior": True,
                "for_special": True,
                "line_ids": [fields.Command.create(single)],
            },
        ]

    def action_open(self):
        """Button: start the programme.

        :raises UserError: terms, periods or the scheme of a kind of card are missing
        """
        for program in self:
            if not program.terms_ids or not program.period_ids:
                raise UserError(self.env._("Prepare the terms and the periods of %s first.", program.name))
            for kind in ("standard", "senior", "special"):
                if not program._scheme_for(kind):
                    raise UserError(self.env._("Every kind of card needs an account scheme: one is missing."))
            program.scheme_ids._check_total()
        self.state = "open"

    def action_close(self):
        """Button: end the programme; its cards are refused at the till (R-004-60)."""
        self.state = "closed"

    def action_view_cards(self):
        """Smart button: the programme's cards."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("family_card.action_family_card")
        return action | {"domain": [("program_id", "=", self.id)], "context": {"default_program_id": self.id}}
