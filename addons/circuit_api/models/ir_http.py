from werkzeug.routing import BaseConverter

from odoo import models


class AnythingConverter(BaseConverter):
    """The rest of an address, line breaks included: werkzeug's ``path`` stops at them, and the caller would get a web
    page instead of a problem."""

    regex = "(?s:.+?)"
    part_isolating = False
    weight = 200


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _get_converters(cls):
        return {**super()._get_converters(), "anything": AnythingConverter}
