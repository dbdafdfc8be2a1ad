"""How Odoo reads a request of the API and what it says when something goes wrong on the way."""

from psycopg2 import OperationalError
from werkzeug.exceptions import HTTPException

from odoo.http import Dispatcher

from .problem import problem

_BY_STATUS = {404: "NOT_FOUND", 405: "METHOD_NOT_ALLOWED", 413: "TOO_LARGE", 415: "UNSUPPORTED_MEDIA_TYPE"}


class CircuitApiDispatcher(Dispatcher):
    """Routes of ``type="circuit_api"``: the body is left to the route, errors are problem+json."""

    routing_type = "circuit_api"

    @classmethod
    def is_compatible_with(cls, request):
        """Whatever is sent: the route itself says which types it takes."""
        return True

    def dispatch(self, endpoint, args):
        """Call the route with the names of its address only.

        :param endpoint: the route
        :param dict args: names of the address
        """
        self.request.params = args
        return self.request.registry["ir.http"]._dispatch(endpoint)

    def handle_error(self, exc):
        """An exception that the route did not expect; Odoo logs it.

        :param Exception exc: the exception
        :return: Response
        """
        if isinstance(exc, HTTPException):
            code = _BY_STATUS.get(exc.code, "MALFORMED" if (exc.code or 500) < 500 else "INTERNAL")
        else:
            code = "BUSY" if isinstance(exc, OperationalError) else "INTERNAL"
        return problem(self.request.env, code, headers={"Retry-After": "1"} if code == "BUSY" else {})
