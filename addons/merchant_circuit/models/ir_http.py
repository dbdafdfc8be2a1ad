import re

from odoo import models
from odoo.http import request

#: Pages of the suite, with or without the language before them.
PAGES = re.compile(r"^(/[a-z]{2}(_[A-Z]{2})?)?/(merchant|circuit|family-card|coupons|my/(card|coupons|reserved))(/|$)")
HEADERS = {
    "X-Frame-Options": "SAMEORIGIN",
    "Content-Security-Policy": "frame-ancestors 'self'",
    "Referrer-Policy": "same-origin",
}


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

    @classmethod
    def _post_dispatch(cls, response):
        """Keep the suite's pages out of other sites' frames, and out of caches once somebody has logged in; a page
        that has said something else about itself keeps it.

        :param response: what is about to be sent
        """
        answer = super()._post_dispatch(response)
        if PAGES.match(request.httprequest.path):
            personal = {"Cache-Control": "no-store"} if request.session.uid else {}
            for name, value in (HEADERS | personal).items():
                response.headers.setdefault(name, value)
        return answer
