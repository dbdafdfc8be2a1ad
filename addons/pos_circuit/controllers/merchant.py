from odoo.http import request

from odoo.addons.merchant_circuit.controllers.merchant import MerchantPages


class MerchantTillLink(MerchantPages):
    def _till_url(self, merchant):
        """The merchant's own point of sale.

        :return: str or None
        """
        # sudo: the first till of the given merchant, whose page this is
        till = request.env["pos.config"].sudo().search([("merchant_id", "=", merchant.id)], order="id", limit=1)
        return f"/pos/ui/{till.id}" if till else super()._till_url(merchant)
