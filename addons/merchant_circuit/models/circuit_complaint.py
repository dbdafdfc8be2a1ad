from base64 import b64decode
from datetime import UTC, timedelta
from ipaddress import ip_address, ip_network
from zoneinfo import ZoneInfo

from odoo import _, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import email_normalize, hmac

from ..rules import upload

SUBJECT_MAX = 120
BODY_MAX = 4000
CONTACT_MAX = 120
#: Reports that one network may file in an hour when the parameter says nothing else.
REPORTS_PER_HOUR = 10


class CircuitComplaint(models.Model):
    """A holder says that a shop does not apply the benefits (R-004-93)."""

    _name = "circuit.complaint"
    _description = "Non-compliance report"
    _inherit = ["mail.thread"]
    _order = "received_at desc, id desc"

    name = fields.Char("Number", required=True, readonly=True, copy=False, default=lambda self: _("New"))
    circuit_id = fields.Many2one(
        "circuit.circuit",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env["circuit.agreement"]._default_circuit(),
    )
    company_id = fields.Many2one(related="circuit_id.company_id", store=True, index=True)
    merchant_id = fields.Many2one(
        "res.partner",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
        domain="[('is_merchant', '=', True), ('agreement_ids.circuit_id', '=', circuit_id)]",
    )
    reporter_name = fields.Char("Reported by", required=True)
    reporter_email = fields.Char("E-mail")
    reporter_phone = fields.Char("Phone")
    reporter_user_id = fields.Many2one("res.users", string="Login of the reporter", readonly=True)
    subject = fields.Char(required=True, tracking=True)
    body = fields.Text("What happened", required=True)
    channel = fields.Selection(
        [("portal", "Web form"), ("mail", "Mail"), ("phone", "Phone"), ("desk", "Desk")],
        required=True,
        default="phone",
        tracking=True,
        help="A report by phone stays incomplete until the written one arrives. Notice §1 and §5 (R-004-94).",
    )
    addressed_to = fields.Selection(
        [("information_point", "Information Point"), ("operator", "Operator"), ("both", "Both")],
        required=True,
        default="both",
        tracking=True,
        help="The operator sees what is addressed to it. Notice §5 (R-004-93).",
    )
    received_at = fields.Datetime(required=True, default=fields.Datetime.now)
    written_due_on = fields.Date(
        "Written report due on",
        compute="_compute_written_due_on",
        store=True,
        help="Day of the call plus the days of the circuit (A23).",
    )
    written_received_on = fields.Date(
        "Written report arrived on", tracking=True, help="Day on which the written report arrived (R-004-94)."
    )
    written_file = fields.Binary("Written report", attachment=True, help="PDF, picture or saved e-mail, at most 10 MB.")
    written_filename = fields.Char()
    written_overdue = fields.Boolean(compute="_compute_written_overdue")
    state = fields.Selection(
        [
            ("new", "New"),
            ("incomplete", "Incomplete"),
            ("in_progress", "In progress"),
            ("closed", "Closed"),
        ],
        required=True,
        readonly=True,
        default="new",
        copy=False,
        index=True,
        tracking=True,
    )
    user_id = fields.Many2one("res.users", string="Assigned to", tracking=True)
    outcome = fields.Text(tracking=True, help="Needed to close the report.")
    closed_at = fields.Datetime(readonly=True, copy=False)
    origin_hash = fields.Char(readonly=True, copy=False, index="btree_not_null", groups="base.group_system")

    @api.depends("received_at", "channel")
    def _compute_written_due_on(self):
        for complaint in self:
            if complaint.channel != "phone" or not complaint.received_at:
                complaint.written_due_on = False
                continue
            zone = ZoneInfo(complaint.circuit_id.tz or "Europe/Rome")
            day = complaint.received_at.replace(tzinfo=UTC).astimezone(zone).date()
            complaint.written_due_on = day + timedelta(days=complaint.circuit_id.written_confirmation_days)

    @api.depends("written_due_on", "state")
    def _compute_written_overdue(self):
        for complaint in self:
            complaint.written_overdue = (
                complaint.state == "incomplete"
                and bool(complaint.written_due_on)
                and complaint.written_due_on < complaint.circuit_id._local_today()
            )

    @api.constrains("reporter_name", "reporter_email", "reporter_phone", "subject", "body")
    def _check_texts(self):
        for complaint in self:
            if not (complaint.reporter_email or complaint.reporter_phone):
                raise ValidationError(_("Write an e-mail address or a phone number: somebody will answer."))
            if complaint.reporter_email and not email_normalize(complaint.reporter_email):
                raise ValidationError(_("The e-mail address is not valid. Check it."))
            for text, limit in (
                (complaint.reporter_name, CONTACT_MAX),
                (complaint.reporter_email or "-", CONTACT_MAX),
                (complaint.reporter_phone or "-", CONTACT_MAX),
                (complaint.subject, SUBJECT_MAX),
                (complaint.body, BODY_MAX),
            ):
                if not text.strip() or len(text) > limit:
                    raise ValidationError(
                        _("Fill in name, subject and what happened; at most %s characters each.", limit)
                    )

    @api.constrains("merchant_id", "circuit_id")
    def _check_merchant(self):
        for complaint in self:
            # sudo: whether the shop ever joined the circuit
            if complaint.circuit_id not in complaint.merchant_id.sudo().agreement_ids.circuit_id:
                raise ValidationError(_("This shop is not part of the circuit. Choose one of its shops."))

    @api.constrains("written_file")
    def _check_written_file(self):
        for complaint in self.filtered("written_file"):
            if not upload.kind(b64decode(complaint.written_file)):
                raise ValidationError(
                    _("The written report must be a PDF, a picture or a saved e-mail of at most 10 MB.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Number the reports; one by phone begins incomplete (R-004-94)."""
        for vals in vals_list:
            vals["name"] = self.env["ir.sequence"].next_by_code("circuit.complaint") or _("New")
            vals["state"] = "new"
        complaints = super().create(vals_list)
        complaints._complete()
        return complaints

    def write(self, vals):
        """Change reports; the arrival of the written one completes a report by phone.

        :raise AccessError: the state is changed by the report's own actions only
        """
        if vals.keys() & {"state", "name", "closed_at"} and not self.env.su:
            raise AccessError(_("A report goes on with its buttons."))
        result = super().write(vals)
        if vals.keys() & {"channel", "written_received_on"}:
            self._complete()
        return result

    def _complete(self):
        """Incomplete as long as only a phone call is there, new once it was written (R-004-94, A23)."""
        for complaint in self:
            missing = complaint.channel == "phone" and not complaint.written_received_on
            state = {True: {"new": "incomplete"}, False: {"incomplete": "new"}}[missing].get(complaint.state)
            if state:
                complaint.sudo().state = state  # sudo: see write()

    def action_start(self):
        """Button: somebody looks into it.

        :raise UserError: it is incomplete, or not new
        """
        self.check_access("write")
        for complaint in self:
            if complaint.state == "incomplete":
                raise UserError(
                    _("A report by phone stays incomplete until the written one arrives: write here when it did.")
                )
            if complaint.state != "new":
                raise UserError(_("Only a new report can be taken up."))
            # sudo: see write()
            complaint.sudo().write({"state": "in_progress", "user_id": complaint.user_id.id or self.env.uid})

    def action_close(self):
        """Button: the report is answered.

        :raise UserError: without an outcome
        """
        self.check_access("write")
        for complaint in self:
            if not (complaint.outcome or "").strip():
                raise UserError(_("Write the outcome before you close the report."))
            # sudo: see write()
            complaint.sudo().write({"state": "closed", "closed_at": fields.Datetime.now()})

    def action_reopen(self):
        """Button: a closed report is looked at again."""
        self.check_access("write")
        # sudo: see write()
        self.filtered(lambda complaint: complaint.state == "closed").sudo().write({"state": "new", "closed_at": False})
        self._complete()

    @api.model
    def _file(self, circuit, vals, user=None, address=None):
        """File a report from the public form.

        :param circuit: circuit.circuit
        :param dict vals: merchant_id, reporter_name, reporter_email, reporter_phone, subject, body, addressed_to
        :param user: res.users who is logged in, or None
        :param str address: the visitor's IP address; only a keyed hash of its network is kept
        :return: circuit.complaint
        :raise UserError: too many from there
        :raise ValidationError: something is missing or wrong
        """
        origin = self._network_hash(address)
        since = fields.Datetime.now() - timedelta(hours=1)
        # sudo: the limit is no secret
        limit = int(
            self.env["ir.config_parameter"].sudo().get_param("merchant_circuit.reports_per_hour", REPORTS_PER_HOUR)
        )
        if self.search_count([("origin_hash", "=", origin), ("create_date", ">=", since)], limit=limit) >= limit:
            raise UserError(_("Too many reports from here. Wait an hour, or call the Information Point."))
        keys = (
            "merchant_id",
            "reporter_name",
            "reporter_email",
            "reporter_phone",
            "subject",
            "body",
            "addressed_to",
        )
        return self.create(
            {
                **{key: vals[key] for key in keys},
                "circuit_id": circuit.id,
                "channel": "portal",
                "reporter_user_id": user.id if user else False,
                "origin_hash": origin,
            }
        )

    @api.model
    def _network_hash(self, address):
        """Keyed hash of a visitor's network; a household has a whole IPv6 /64."""
        try:
            parsed = ip_address(address or "")
        except ValueError:
            network = "unknown"
        else:
            network = str(ip_network((parsed, 64), strict=False) if parsed.version == 6 else parsed)
        return hmac(self.env(su=True), "circuit_complaint", network)

    @api.model
    def _of_user(self, user):
        """Reports that a login filed.

        :param user: res.users
        :return: circuit.complaint
        """
        return self.search([("reporter_user_id", "=", user.id)])
