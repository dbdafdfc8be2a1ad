from datetime import date

from freezegun import freeze_time

from .common import PortalCase

# 15/02/2024 10:00 in Corleto Perticara: applications are open
OPEN = "2024-02-15 09:00:00"
PERSON = {
    "name": "Anna D'Angelo",
    "fiscal_code": "",
    "birth_date": "",
    "street": "Via Roma 3, Corleto Perticara",
    "phone": "347 765 4321",
    "email": "",
}


class ApplicationCase(PortalCase):
    """A login without a person in the registry fills in the form while applications are open."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(OPEN))
        cls.program.applications_from = date(2024, 2, 5)
        cls.notice = cls.env["family.privacy.notice"].create(
            {
                "name": "Privacy",
                "version": "2024-01",
                "valid_from": "2024-01-01",
                "body": "<p>Controller: the Comune</p>",
                "company_id": cls.company.id,
            }
        )
        cls.anna = cls.person(name="Anna D'Angelo")
        cls.code = cls.anna.l10n_it_codice_fiscale

    def setUp(self):
        super().setUp()
        self.log_in(self.stranger)

    def start(self):
        """Begin an application and return it."""
        self.post(f"/my/card/apply/{self.program.id}")
        return self.env["family.card.application"].search([("applicant_user_id", "=", self.stranger.id)])

    def url(self, application, step=""):
        return f"/my/card/application/{application.id}" + (f"/{step}" if step else "")

    def step(self, application, name, /, **data):
        """Post a step without following its redirect."""
        values = {"csrf_token": self.token(), **data}
        return self.url_open(self.url(application, name), data=values, allow_redirects=False)

    def complete(self, **person):
        """An application with every step filled in, not sent."""
        application = self.start()
        self.step(application, "person", **{**PERSON, "fiscal_code": self.code, **person})
        self.step(application, "members")
        self.step(application, "declarations", privacy_notice_id=str(self.notice.id))
        self.step(application, "documents")
        return application

    def filed(self):
        """An application that was sent."""
        application = self.complete()
        self.step(application, "summary", self_certified="1")
        return application

    def leads_to(self, response, step):
        """The step that a redirect leads to."""
        self.assertEqual(response.status_code, 303)
        self.assertTrue(response.headers["Location"].endswith(step), response.headers["Location"])

    def upload(self, application, name, content, **data):
        """Post a document."""
        return self.url_open(
            self.url(application, "documents"),
            data={"csrf_token": self.token(), **data},
            files={"document": (name, content, "application/pdf")},
            allow_redirects=False,
        )
