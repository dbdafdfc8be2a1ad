from odoo import http
from odoo.http import request


class Floor(http.Controller):
    """The routes that everything else is compared with."""

    @http.route("/bench/ping", type="jsonrpc", auth="user")
    def ping(self):
        """Do nothing, for a user who is logged in: the floor."""
        return True

    @http.route("/bench/read", type="jsonrpc", auth="user")
    def read(self):
        """Read one record through the ORM, as the simplest screen does.

        :return: list with the user's id and name
        """
        return request.env.user.read(["name"])
