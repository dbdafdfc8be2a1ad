from odoo.http import request

from odoo.addons.merchant_circuit.controllers.merchant import MerchantPages


class MerchantHelp(MerchantPages):
    def _help_links(self, merchant):
        """Video guides of the running programmes of the shop's circuits (R-001-23).

        :param merchant: res.partner
        :return: list of (title, address)
        """
        # sudo: titles and addresses of open programmes are public
        programs = (
            request.env["family.card.program"]
            .sudo()
            .search([("state", "=", "open"), ("circuit_id", "in", self._agreements(merchant).circuit_id.ids)])
        )
        videos = [(video.name, video.url) for program in programs for video in program._help_for("merchant")]
        return [*super()._help_links(merchant), *videos]
