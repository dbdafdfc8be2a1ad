from odoo import models


class MerchantStatement(models.Model):
    """Whom the money of a statement goes to."""

    _inherit = "merchant.statement"

    def _payee_bank(self):
        """The bank account a merchant is paid on: the first one whose number is a valid IBAN.

        :return: res.partner.bank, empty where there is none
        """
        self.ensure_one()
        # sudo: the body pays on it, whoever asks; accounts of partners are the accountants' to read
        banks = self.sudo().merchant_id.bank_ids
        own = banks.filtered(
            lambda bank: bank.acc_type == "iban" and bank.company_id in (bank.company_id.browse(), self.company_id)
        )
        return own.sorted("sequence")[:1]

    def _payee_fiscal_code(self):
        """Fiscal code of the merchant, or its VAT number where it has no other.

        :return: str, empty where neither is known
        """
        self.ensure_one()
        partner = self.sudo().merchant_id  # sudo: as above
        return partner.l10n_it_codice_fiscale or partner.vat or ""
