from odoo import models
from odoo.http import request


class IrHttp(models.AbstractModel):
    """Addresses that nobody types but scanners do: answered as any other address that does not exist."""

    _inherit = "ir.http"

    @classmethod
    def _serve_fallback(cls):
        # no file has NUL in its address, and the database cannot even be asked
        if "\x00" in request.httprequest.path:
            return None
        return super()._serve_fallback()

    @classmethod
    def _dispatch(cls, endpoint):
        # a parameter of this name would be taken for the controller itself
        request.params.pop("self", None)
        return super()._dispatch(endpoint)
