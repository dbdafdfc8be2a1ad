import secrets

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..rules import shop_page


class ResPartner(models.Model):
    """What the public page of a shop says, written by the shop itself (R-001-13, R-004-91)."""

    _inherit = "res.partner"

    shop_description = fields.Text("About the shop", help="Shown on the shop's public page, as plain text.")
    shop_hours = fields.Text("Opening hours", help="Shown on the shop's public page, as plain text.")
    shop_code = fields.Char(
        "Public code",
        compute="_compute_shop_code",
        store=True,
        copy=False,
        help="Names the shop in the address of its public page; made once, on the window sticker for good.",
    )

    _shop_code_unique = models.UniqueIndex(
        "(shop_code) WHERE shop_code IS NOT NULL", "There is already a shop with this public code."
    )

    @api.depends("is_merchant")
    def _compute_shop_code(self):
        for partner in self:
            partner.shop_code = partner.shop_code or (secrets.token_hex(5) if partner.is_merchant else False)

    @api.constrains("shop_description", "shop_hours")
    def _check_shop_texts(self):
        for partner in self:
            self._clean_shop({"shop_description": partner.shop_description, "shop_hours": partner.shop_hours})

    @api.model
    def _clean_shop(self, vals):
        """Texts of a public page, checked and in their plain form.

        :param dict vals: of shop_description, shop_hours, shop_phone, website; str or False
        :return: dict
        :raise ValidationError: with a sentence saying what to do
        """
        _ = self.env._
        rules = {
            "shop_description": (
                lambda text: shop_page.plain(text, shop_page.DESCRIPTION_MAX),
                _("Write at most %s characters about the shop.", shop_page.DESCRIPTION_MAX),
            ),
            "shop_hours": (
                lambda text: shop_page.plain(text, shop_page.HOURS_MAX),
                _("Write at most %s characters of opening hours.", shop_page.HOURS_MAX),
            ),
            "shop_phone": (shop_page.phone, _("Write the phone number with digits, such as +39 0971 123456.")),
            "website": (
                shop_page.website,
                _("Write the address of the web site as it is in the browser, such as https://www.example.org."),
            ),
        }
        clean = {}
        for name, text in vals.items():
            check, sentence = rules[name]
            try:
                clean[name] = check(text or "") or False
            except ValueError:
                raise ValidationError(sentence) from None
        return clean

    def _edit_shop(self, vals, author):
        """The merchant changes what the public reads of its shop; staff find it in the agreement's history.

        :param dict vals: as for :meth:`_clean_shop`
        :param author: res.partner of who writes
        :return: bool, whether something changed
        :raise ValidationError: a text that cannot be shown
        """
        self.ensure_one()
        clean = self._clean_shop(vals)
        changed = {name: text for name, text in clean.items() if (self[name] or False) != text}
        if not changed:
            return False
        self.write(changed)
        labels = ", ".join(self._fields[name]._description_string(self.env) for name in changed)
        for agreement in self.agreement_ids.filtered(lambda line: line.state in ("active", "suspended")):
            agreement.message_post(
                body=self.env._("The merchant changed its public page: %s. Look whether it can stay.", labels),
                author_id=author.id,
                subtype_xmlid="mail.mt_comment",
            )
        return True
