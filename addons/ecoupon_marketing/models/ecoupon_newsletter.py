from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command, Domain


class EcouponNewsletter(models.Model):
    """News about published campaigns for the citizens of a circuit who agreed (R-000-34)."""

    _name = "ecoupon.newsletter"
    _description = "Newsletter"
    _inherit = ["own.fields", "mail.thread"]
    _order = "id desc"

    name = fields.Char("Subject", required=True, tracking=True)
    circuit_id = fields.Many2one("circuit.circuit", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="circuit_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    lang = fields.Selection(
        lambda self: self.env["res.lang"].get_installed(),
        "Language",
        required=True,
        default=lambda self: self.env.lang,
        help="Of the text; it goes to everybody who agreed.",
    )
    intro = fields.Html("Text", sanitize=True, help="What stands before the campaigns.")
    campaign_ids = fields.Many2many(
        "ecoupon.campaign",
        string="Campaigns",
        domain="[('circuit_id', '=', circuit_id), ('state', '=', 'published'), ('area', '=', 'public'),"
        " ('policy_ids', '=', False)]",
        help="Published public ones; reserved discounts are never mailed (R-000-12).",
    )
    attribution_days = fields.Integer(
        "Days that count",
        default=30,
        required=True,
        help="A coupon counts as a result when the person who clicked takes it within so many days (R-000-34).",
    )
    schedule_at = fields.Datetime("Not before", help="Empty: as soon as it is sent.")
    mailing_id = fields.Many2one("mailing.mailing", readonly=True, copy=False, ondelete="restrict")
    state = fields.Selection(
        [("draft", "Draft"), ("queue", "Being sent"), ("sent", "Sent")],
        compute="_compute_state",
        search="_search_state",
    )
    preview = fields.Html(compute="_compute_preview", sanitize=False)
    recipient_count = fields.Integer("Citizens who agreed", compute="_compute_recipient_count")
    sent_count = fields.Integer("Mails", compute="_compute_results")
    opened_count = fields.Integer("Opened", compute="_compute_results")
    clicked_count = fields.Integer("Clicked", compute="_compute_results")
    taken_count = fields.Integer("Coupons taken", compute="_compute_results")
    spent_count = fields.Integer("Coupons spent", compute="_compute_results")
    discount = fields.Monetary(compute="_compute_results")

    _days = models.Constraint("CHECK (attribution_days BETWEEN 1 AND 365)", "Between one day and a year.")
    _mailing_unique = models.UniqueIndex("(mailing_id) WHERE mailing_id IS NOT NULL")

    def _own_fields(self):
        return super()._own_fields() | {"mailing_id"}

    # ------------------------------------------------------------------ what is shown

    @api.depends("mailing_id.state")
    def _compute_state(self):
        for newsletter in self:
            mailing = newsletter.sudo().mailing_id  # sudo: the Region has no right on mailings
            newsletter.state = "draft" if not mailing else "sent" if mailing.state == "done" else "queue"

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        domains = {
            "draft": [("mailing_id", "=", False)],
            "queue": [("mailing_id", "!=", False), ("mailing_id.state", "!=", "done")],
            "sent": [("mailing_id.state", "=", "done")],
        }
        return Domain.OR([domains[state] for state in value if state in domains])

    @api.depends("circuit_id")
    def _compute_recipient_count(self):
        for newsletter in self:
            # sudo: how many, never who
            consents = self.env["ecoupon.consent"].sudo()
            newsletter.recipient_count = consents.search_count(list(newsletter._recipients_domain()))

    @api.depends("intro", "campaign_ids", "lang", "circuit_id")
    def _compute_preview(self):
        for newsletter in self:
            newsletter.preview = newsletter._body() if newsletter.circuit_id else False

    def _compute_results(self):
        measures = ["sent", "opened", "clicked", "taken", "spent", "discount"]
        rows = self.env["ecoupon.promotion.report"]._read_group(
            [("newsletter_id", "in", self.ids)], ["newsletter_id"], [f"{name}:sum" for name in measures]
        )
        found = {newsletter: sums for newsletter, *sums in rows}
        for newsletter in self:
            sums = found.get(newsletter, [0] * len(measures))
            for name, amount in zip(measures, sums, strict=True):
                newsletter["discount" if name == "discount" else f"{name}_count"] = amount

    # ------------------------------------------------------------------ checks

    @api.constrains("campaign_ids", "circuit_id")
    def _check_campaigns(self):
        """:raise ValidationError: another circuit's, or one for entitled citizens only"""
        for newsletter in self:
            for campaign in newsletter.sudo().campaign_ids:  # sudo: its circuit, and whether it is reserved
                if campaign.circuit_id != newsletter.circuit_id:
                    raise ValidationError(self.env._("%s belongs to another circuit.", campaign.name))
                if campaign._is_reserved():
                    raise ValidationError(
                        self.env._("%s is reserved: reserved discounts are never mailed.", campaign.name)
                    )

    def write(self, vals):
        """What was sent stays.

        :raise UserError: it was sent, or is being sent
        """
        frozen = {"name", "circuit_id", "lang", "intro", "campaign_ids", "schedule_at"}
        if vals.keys() & frozen and self.filtered("mailing_id"):
            raise UserError(self.env._("This newsletter was sent already. Copy it to send another one."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_draft(self):
        if self.filtered("mailing_id"):
            raise UserError(self.env._("A newsletter that was sent is kept with its results."))

    # ------------------------------------------------------------------ sending

    def _recipients_domain(self):
        """Who is written to: those who agreed in this circuit and have not withdrawn.

        :return: Domain on ecoupon.consent; of nobody for what is no newsletter
        """
        return (
            Domain("circuit_id", "in", self.circuit_id.ids)
            & Domain("withdrawn_at", "=", False)
            & Domain("partner_id.email", "!=", False)
        )

    def action_test(self):
        """Button: the mail to oneself, without tracked links."""
        self.ensure_one()
        self.check_access("write")
        if not self.env.user.email:
            raise UserError(self.env._("You have no e-mail address: write it in your preferences."))
        # sudo: a mail to the user's own address
        self.env["mail.mail"].sudo().create(
            {
                "subject": self.env._("Test: %s", self.name),
                "body_html": self._body(),
                "email_from": self.company_id.email_formatted or self.env.user.email_formatted,
                "email_to": self.env.user.email_formatted,
                "auto_delete": True,
            }
        ).send()

    def action_send(self):
        """Button: write to everybody who agreed, now or from the instant that was set (R-000-34).

        :raise UserError: sent already, nobody agreed, nothing to say, or a campaign is no longer public
        """
        self.ensure_one()
        self.check_access("write")
        if self.mailing_id:
            raise UserError(self.env._("This newsletter was sent already. Copy it to send another one."))
        if not self.campaign_ids:
            raise UserError(self.env._("Choose at least one campaign."))
        now = fields.Datetime.now()
        campaigns = self.sudo().campaign_ids  # sudo: whether they are in the catalogue only
        gone = campaigns - campaigns._catalogue(max(now, self.schedule_at or now))
        if gone:
            raise UserError(self.env._("%s is not in force: take it off.", ", ".join(gone.mapped("name"))))
        self._check_campaigns()
        if not self.recipient_count:
            raise UserError(self.env._("No citizen has agreed to newsletters of this circuit yet."))
        # sudo: who promotes the circuit has no right on other mailings
        newsletter = self.sudo()
        newsletter.mailing_id = newsletter.env["mailing.mailing"].create(newsletter._mailing_values())
        newsletter.mailing_id.action_put_in_queue()
        self.message_post(body=self.env._("Sent to %s citizens who agreed.", self.recipient_count))

    def action_cancel(self):
        """Button: a newsletter that has not left yet is a draft again, and no mail is sent (R-000-34).

        :raise UserError: it was never sent, or mails are leaving already
        """
        self.ensure_one()
        self.check_access("write")
        newsletter = self.sudo()  # sudo: who promotes the circuit has no right on other mailings
        mailing = newsletter.mailing_id
        if not mailing:
            raise UserError(self.env._("This newsletter is not being sent."))
        mailing.lock_for_update()  # the job that sends waits, or began first
        if mailing.state != "in_queue":
            raise UserError(self.env._("The first mails have left already: it cannot be taken back."))
        newsletter.mailing_id = False
        mailing.unlink()
        self.message_post(body=self.env._("Taken back before it was sent."))

    def _mailing_values(self):
        """The mailing of this newsletter.

        :return: dict
        """
        company = self.company_id
        return {
            "name": self.name,
            "subject": self.name,
            "mailing_model_id": self.env["ir.model"]._get_id("ecoupon.consent"),
            "mailing_domain": repr([("circuit_id", "=", self.circuit_id.id), ("withdrawn_at", "=", False)]),
            "body_html": self._body(),
            "email_from": company.email_formatted or self.env.user.email_formatted,
            "reply_to_mode": "new",
            "reply_to": company.email_formatted or self.env.user.email_formatted,
            "use_exclusion_list": True,
            "keep_archives": False,
            "schedule_type": "scheduled" if self.schedule_at else "now",
            "schedule_date": self.schedule_at,
            "user_id": self.env.uid,
        }

    def _body(self):
        """The mail: text, campaigns with their links, how to stop.

        :return: Markup
        """
        newsletter = self.sudo().with_context(lang=self.lang)  # sudo: what the public catalogue shows anyway
        return (
            self.env["ir.qweb"]
            .with_context(lang=self.lang)
            ._render(
                "ecoupon_marketing.newsletter_body",
                {
                    "newsletter": newsletter,
                    "base": newsletter.get_base_url(),
                    "campaigns": [campaign._card() for campaign in newsletter.campaign_ids],
                },
            )
        )

    def copy_data(self, default=None):
        """A copy begins as a draft with the campaigns that are still in force."""
        rows = super().copy_data(default)
        for newsletter, row in zip(self, rows, strict=True):
            current = newsletter.sudo().campaign_ids.filtered(lambda line: line.state == "published")  # sudo: as above
            row["campaign_ids"] = [Command.set(current.ids)]
        return rows

    def action_results(self):
        """Button: the newsletter's results."""
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("ecoupon_marketing.action_promotion_report"),
            "domain": [("newsletter_id", "in", self.ids)],
        }
