from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL, email_normalize

from odoo.addons.merchant_circuit.rules import shop_page

from ..rules import join

#: Requests that one network may send in an hour when the parameter says nothing else.
REQUESTS_PER_HOUR = 5
#: What the public form fills in.
FORM = (
    "name",
    "vat",
    "country_id",
    "street",
    "zip",
    "city",
    "state_id",
    "email",
    "phone",
    "contact",
    "role_distribute",
    "role_accept",
    "role_issue",
    "activity_id",
    "has_shop",
    "url",
    "note",
)
#: What was asked for stays as it was when the answer was given.
ASKED = frozenset({*FORM, "number", "circuit_id", "terms_id", "category_id", "lang"})


class EcouponJoinRequest(models.Model):
    """A company's request to join, on the terms in force that day; a refusal says why (R-000-37)."""

    _name = "ecoupon.join.request"
    _description = "Request to join"
    _inherit = ["own.fields", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"

    number = fields.Char(required=True, readonly=True, copy=False, default="/", index="trigram")
    name = fields.Char("Company", required=True, tracking=True)
    circuit_id = fields.Many2one("circuit.circuit", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="circuit_id.company_id", store=True, index=True)
    terms_id = fields.Many2one(
        "ecoupon.join.terms",
        "Terms accepted",
        required=True,
        ondelete="restrict",
        domain="[('circuit_id', '=', circuit_id)]",
    )
    vat = fields.Char("VAT number", required=True)
    country_id = fields.Many2one("res.country", required=True)
    street = fields.Char()
    zip = fields.Char()
    city = fields.Char()
    state_id = fields.Many2one("res.country.state", "Province", domain="[('country_id', '=', country_id)]")
    email = fields.Char(required=True)
    phone = fields.Char()
    contact = fields.Char("Who signs", required=True)
    role_distribute = fields.Boolean("Distributes")
    role_accept = fields.Boolean("Accepts", default=True)
    role_issue = fields.Boolean("Issues")
    activity_id = fields.Many2one("circuit.activity", "Main activity", ondelete="restrict")
    category_id = fields.Many2one(
        "circuit.category",
        "Macro-category",
        compute="_compute_category",
        store=True,
        readonly=False,
        ondelete="restrict",
        help="Of the agreement; suggested by the activity.",
    )
    has_shop = fields.Boolean("Shop at this address", default=True, help="Else the address is the registered office's.")
    url = fields.Char("Web shop")
    note = fields.Text("Message")
    state = fields.Selection(
        [("received", "Received"), ("accepted", "Accepted"), ("refused", "Refused")],
        default="received",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    refusal = fields.Text("Reason of the refusal", readonly=True, copy=False, tracking=True)
    agreement_id = fields.Many2one("circuit.agreement", readonly=True, copy=False, ondelete="restrict")
    decided_by_id = fields.Many2one("res.users", "Decided by", readonly=True, copy=False)
    decided_at = fields.Datetime(readonly=True, copy=False)
    lang = fields.Selection(
        lambda self: self.env["res.lang"].get_installed(), "Language", default=lambda self: self.env.lang
    )
    origin_hash = fields.Char(readonly=True, copy=False, index="btree_not_null", groups="base.group_system")

    _reason = models.Constraint("CHECK (state <> 'refused' OR refusal <> '')", "A refusal needs its reason (R-000-37).")

    @api.depends("activity_id")
    def _compute_category(self):
        for request in self:
            request.category_id = request.activity_id.category_id or request.category_id

    @api.depends("number", "name")
    def _compute_display_name(self):
        for request in self:
            request.display_name = f"{request.number} {request.name or ''}"

    @api.constrains("role_distribute", "role_accept", "role_issue")
    def _check_roles(self):
        """:raise ValidationError: it would do nothing"""
        for request in self:
            if not (request.role_distribute or request.role_accept or request.role_issue):
                raise ValidationError(
                    self.env._("Choose at least one: hand out, accept or issue coupons. A member does something.")
                )

    @api.constrains("name", "contact", "street", "zip", "city", "phone", "note", "email", "url")
    def _check_texts(self):
        """:raise ValidationError: something is missing, too long or no address"""
        for request in self:
            problem = join.too_long({name: request[name] for name in join.LENGTHS})
            if problem:
                label = self._fields[problem]._description_string(self.env)
                raise ValidationError(
                    self.env._("%(field)s: write at most %(most)s characters.", field=label, most=join.LENGTHS[problem])
                )
            if not all((request[name] or "").strip() for name in ("name", "contact")):
                raise ValidationError(self.env._("Write the name of the company and who signs for it."))
            if not email_normalize(request.email):
                raise ValidationError(
                    self.env._("The e-mail address is not valid. Check it: the answer is sent there.")
                )
            if request.url and not shop_page.is_safe_link(request.url):
                raise ValidationError(
                    self.env._("The address of the web shop is not valid: write it as https://shop.example.com.")
                )

    @api.constrains("vat", "country_id")
    def _check_vat(self):
        """Any company of any country, but with a number of its own country's form (R-000-28).

        :raise ValidationError: no VAT number of that country
        """
        for request in self:
            if not join.VAT_SHAPE.fullmatch(request.vat or "") or not self._clean_vat(request.vat, request.country_id):
                raise ValidationError(
                    self.env._(
                        "“%(vat)s” is not a VAT number of this country: %(country)s. Check both.",
                        vat=request.vat,
                        country=request.country_id.name,
                    )
                )

    @api.constrains("state_id", "country_id")
    def _check_state(self):
        """:raise ValidationError: the province lies in another country"""
        for request in self.filtered("state_id"):
            if request.state_id.country_id != request.country_id:
                raise ValidationError(self.env._("The province is not in this country. Check both."))

    @api.constrains("terms_id", "circuit_id")
    def _check_terms(self):
        """:raise ValidationError: another circuit's terms"""
        for request in self:
            if request.terms_id.circuit_id != request.circuit_id:
                raise ValidationError(self.env._("These are the terms of another circuit."))

    @api.model
    def _clean_vat(self, vat, country):
        """A VAT number as partners carry it.

        :param str vat: as typed
        :param country: res.country
        :return: str, empty when it is none of this country
        """
        # sudo: which numbers countries have is no secret
        partners = self.env["res.partner"].sudo()
        checked, _code = partners._run_vat_checks(country, join.compact(vat), validation="setnull")
        return checked or ""

    def _bare_vat(self):
        """The VAT number without its country, for comparing.

        :return: str
        """
        self.ensure_one()
        return join.bare(self._clean_vat(self.vat, self.country_id), self.country_id.code)

    @api.model_create_multi
    def create(self, vals_list):
        """Number the requests."""
        for vals in vals_list:
            # sudo: counting needs no right
            vals["number"] = self.env["ir.sequence"].sudo().next_by_code("ecoupon.join.request") or "/"
        return super().create(vals_list)

    def write(self, vals):
        """Correct a request until it is decided.

        :raise UserError: it was decided
        """
        if ASKED & vals.keys() and not self.env.su and self.filtered(lambda request: request.state != "received"):
            raise UserError(self.env._("This request was decided: what was asked for stays as it is."))
        return super().write(vals)

    def _own_fields(self):
        return super()._own_fields() | {
            "state",
            "refusal",
            "agreement_id",
            "decided_by_id",
            "decided_at",
            "origin_hash",
        }

    # ------------------------------------------------------------------ the public form

    @api.model
    def _file(self, circuit, vals, terms, address=None):
        """File a request from the public page: for everybody on the same terms, those in force now (R-000-37).

        :param circuit: circuit.circuit
        :param dict vals: values of ``FORM``
        :param int terms: id of the terms the company has read and accepted; 0: it has not
        :param str address: the visitor's IP address; only a keyed hash of its network is kept
        :return: ecoupon.join.request
        :raise UserError: not accepted, changed meanwhile, known already, or too many from there
        :raise ValidationError: something is missing or wrong
        """
        current = circuit._join_terms()
        if not current:
            raise UserError(self.env._("The circuit has not published its terms yet: nobody can join now."))
        if not terms:
            raise UserError(self.env._("Read the terms and accept them: they are the same for everybody."))
        if terms != current.id:
            raise UserError(self.env._("The terms have changed while you were reading: read them again, please."))
        if not vals.get("activity_id"):
            raise UserError(self.env._("Choose what the company mainly does."))
        vals = {name: vals[name] for name in FORM if name in vals}
        origin = self.env["circuit.complaint"]._network_hash(address)
        # sudo: the limit is no secret
        parameters = self.env["ir.config_parameter"].sudo()
        limit = int(parameters.get_param("ecoupon.join_requests_per_hour", REQUESTS_PER_HOUR))
        since = fields.Datetime.now() - timedelta(hours=1)
        if self.search_count([("origin_hash", "=", origin), ("create_date", ">=", since)], limit=limit) >= limit:
            raise UserError(self.env._("Too many requests from here. Wait an hour and try again."))
        # one company may press twice: the second time must see that its picture is old
        self.env.cr.execute(SQL("UPDATE circuit_circuit SET write_date = write_date WHERE id = %s", circuit.id))
        self._check_known(circuit, vals)
        request = self.create({**vals, "circuit_id": circuit.id, "terms_id": current.id, "origin_hash": origin})
        request._tell("ecoupon.mail_template_join_received")
        return request

    @api.model
    def _check_known(self, circuit, vals):
        """:raise UserError: the company is a member, or waits for an answer already"""
        country = self.env["res.country"].browse(vals.get("country_id"))
        clean = vals.get("vat") and country and self._clean_vat(vals["vat"], country)
        if not clean:
            return
        number = join.bare(clean, country.code)
        waiting = self.search(
            [("circuit_id", "=", circuit.id), ("country_id", "=", country.id), ("state", "=", "received")]
        )
        if waiting.filtered(lambda request: request._bare_vat() == number):
            raise UserError(self.env._("A request with this VAT number was received already: wait for the answer."))
        member = self._partner_of(clean, country, circuit.company_id).agreement_ids
        if member.filtered(lambda line: line.circuit_id == circuit and line.state in ("draft", "active", "suspended")):
            raise UserError(
                self.env._(
                    "The company with this VAT number is a member of the circuit already, or has an agreement to sign."
                )
            )

    @api.model
    def _partner_of(self, vat, country, company):
        """The company behind a VAT number, where it is known already.

        :return: res.partner with the rights of the system, at most one
        """
        bare = join.bare(vat, country.code)
        # sudo: the number alone is compared
        partners = self.env["res.partner"].sudo()
        return partners.search(
            [
                ("vat", "in", [vat, bare, f"{country.code}{bare}"]),
                ("parent_id", "=", False),
                ("company_id", "in", [False, company.id]),
                "|",
                ("country_id", "=", False),
                ("country_id", "=", country.id),
            ],
            order="is_merchant desc nulls last, id",
            limit=1,
        )
