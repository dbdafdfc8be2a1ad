from odoo import http
from odoo.http import request

from odoo.addons.point_of_sale.controllers.customer_display import PosCustomerDisplay


class MerchantCustomerDisplay(PosCustomerDisplay):
    @http.route()
    def pos_customer_display(self, id_, device_uuid, **kw):
        """Core hands the till's token to any visitor who counts up numbers: of a merchant's till only to its cashier.

        :raise NotFound: no till, or another merchant's
        """
        known = str(id_).isdecimal() and len(str(id_)) < 10
        # sudo: whether the till is a merchant's; nothing of it is shown
        config = request.env["pos.config"].sudo().browse(int(id_) if known else 0).exists()
        if not config or (config.merchant_id and not self._circuit_may_show(config.id)):
            return request.not_found()
        return super().pos_customer_display(id_, device_uuid, **kw)

    @staticmethod
    def _circuit_may_show(config_id):
        configs = request.env["pos.config"]
        return configs.has_access("read") and configs.search_count([("id", "=", config_id)], limit=1)
