import base64
import re

from odoo import http
from odoo.tests import HttpCase, new_test_user

from odoo.addons.family_card.tests.common import CorletoCase

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


class PortalCase(CorletoCase, HttpCase):
    """A citizen with a portal login in the small Corleto of 2024, and a neighbour."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["family.card.program"].search([("id", "!=", cls.program.id)]).write({"state": "closed"})
        cls.head = cls.person(name="Mario Rossi")
        cls.family = cls.household(cls.head)
        cls.mine, cls.pin = cls.card({"COMMERCIO": "56.25", "ARTIGIANATO": "45.00"}, family=cls.family)
        cls.theirs, _pin = cls.card({"COMMERCIO": "33.33"}, family=cls.household(cls.person(name="Giulia Ferrara")))
        cls.citizen = cls.portal_user("citizen", cls.head)
        cls.stranger = cls.portal_user("stranger")

    @classmethod
    def portal_user(cls, login, person=None):
        """A portal login; the office has linked it to a person of the registry."""
        user = new_test_user(
            cls.env,
            login,
            groups="base.group_portal",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )
        if person:
            user.citizen_id = person
        return user

    @classmethod
    def document(cls, name="Notice", content=PDF, **vals):
        """A document of the programme."""
        return cls.env["family.card.document"].create(
            {
                "program_id": cls.program.id,
                "name": name,
                "file": base64.b64encode(content),
                "file_name": f"{name}.pdf",
                "public": True,
                **vals,
            }
        )

    def log_in(self, user=None):
        """Browse as a user, or as a visitor."""
        self.authenticate(user and user.login, user and user.login)

    def get(self, url):
        """Open a page."""
        return self.url_open(url, allow_redirects=False)

    def token(self):
        """Of the forms of this session."""
        return http.Request.csrf_token(self)

    def post(self, url, **data):
        """Post a form as a browser does."""
        return self.url_open(url, data={"csrf_token": self.token(), **data})

    def text(self, response):
        """What can be read on a page: no tags, single blanks."""
        body = re.sub(r"<(script|style)\b.*?</\1>", " ", response.text, flags=re.S)
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))

    def assert_on_page(self, text, response):
        """Short on failure, unlike assertIn on a whole page."""
        self.assertTrue(text in self.text(response) or text in response.text, f"{text!r} is not on the page")

    def assert_not_on_page(self, text, response):
        """Short on failure, unlike assertNotIn on a whole page."""
        self.assertFalse(text in response.text, f"{text!r} is on the page")
