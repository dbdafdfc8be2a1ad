"""Somebody who fills in forms of the public site over HTTP, as a browser sends them but without one."""

import re
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener


class Visitor:
    """A session of the public site."""

    def __init__(self, server, login=None, password=None):
        """Open a session; with a login, log in."""
        self.url, self.opener = server.url, build_opener(HTTPCookieProcessor(CookieJar()))
        if login:
            self.post("/web/login", self.token("/web/login"), login=login, password=password)

    def token(self, path):
        """The token of the form on a page."""
        with self.opener.open(f"{self.url}{path}", timeout=60) as page:
            return re.search(r'name="csrf_token"\s+value="([^"]+)"', page.read().decode()).group(1)

    def post(self, path, token, **values):
        """Send a form.

        :return: (address of the page it led to or the number of an error, the page's text)
        """
        data = urlencode({"csrf_token": token, **values}).encode()
        try:
            with self.opener.open(f"{self.url}{path}", data, timeout=120) as page:
                return page.geturl(), page.read().decode()
        except HTTPError as error:
            return str(error.code), error.read().decode()
