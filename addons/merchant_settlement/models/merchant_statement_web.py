from odoo import api, models
from odoo.tools import SQL


class MerchantStatement(models.Model):
    """The statement as its merchant sees it in the portal (R-004-95, R-004-97)."""

    _inherit = "merchant.statement"

    def _portal_path(self):
        """Address of the statement's page.

        :return: str, e.g. /merchant/statements/EC-2024-04-0001
        """
        self.ensure_one()
        return f"/merchant/statements/{self._file_stem()}"

    def _compute_access_url(self):
        result = super()._compute_access_url()
        for statement in self:
            statement.access_url = statement._portal_path()
        return result

    @api.model
    def _merchant_statements(self, merchant):
        """What a merchant may see: its own statements, once they were sent.

        :param merchant: res.partner
        :return: domain
        """
        return [("merchant_id", "=", merchant.id), ("state", "!=", "draft")]

    @api.model
    def _merchant_sums(self, merchant, today):
        """What is due to a merchant and what was paid this year, in one query.

        :param merchant: res.partner
        :param date today: local day
        :return: dict: to_sign (number), due, paid (exact decimals as text)
        """
        self.flush_model()
        [(to_sign, due, paid)] = self.env.execute_query(
            SQL(
                """SELECT count(*) FILTER (WHERE state = 'sent'),
                          coalesce(sum(payable) FILTER (WHERE state NOT IN ('draft', 'paid', 'carried')), 0)::text,
                          coalesce(sum(payable) FILTER (WHERE state = 'paid'
                                   AND paid_on >= %s), 0)::text
                     FROM merchant_statement WHERE merchant_id = %s""",
                today.replace(month=1, day=1),
                merchant.id,
            )
        )
        return {"to_sign": to_sign, "due": due, "paid": paid}
