from odoo import http
from odoo.http import request

from odoo.addons.point_of_sale.controllers.main import PosController


class MerchantPosController(PosController):
    @http.route()
    def pos_web(self, config_id=False, from_backend=False, subpath=None, **k):
        """Core looks the till up with sudo and opens a session on it: apply the record rules first."""
        if config_id:
            known = str(config_id).isdecimal() and len(str(config_id)) < 10
            if not known or not self._circuit_may_open(int(config_id)):
                return request.not_found()
        elif request.env.user.has_group("pos_circuit.group_merchant_cashier"):
            return request.redirect("/merchant")
        return super().pos_web(config_id=config_id, from_backend=from_backend, subpath=subpath, **k)

    @staticmethod
    def _circuit_may_open(config_id):
        configs = request.env["pos.config"]
        return configs.has_access("read") and configs.search_count([("id", "=", config_id)], limit=1)
