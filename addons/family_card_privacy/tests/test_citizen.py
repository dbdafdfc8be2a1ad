import json

from odoo.tests import tagged

from odoo.addons.family_card_portal.tests.common import PortalCase


@tagged("post_install", "-at_install")
class TestCitizen(PortalCase):
    URL = "/my/card/data.json"

    def test_the_head_takes_the_own_data_away(self):
        """R-004-100: everything on file, without asking anybody; it is written down."""
        self.log_in(self.citizen)
        page = self.get("/my/card")
        self.assertIn(self.URL, page.text)

        answer = self.get(self.URL)

        data = json.loads(answer.content)
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        self.assertEqual([person["name"] for person in data["people"]], ["Mario Rossi"])
        self.assertEqual(data["cards"][0]["number"], self.mine.number)
        self.assertNotIn(self.theirs.number, answer.text)
        log = self.env["family.access.log"].search([("user_id", "=", self.citizen.id)])
        self.assertEqual((log.action, log.household_id), ("export", self.family))
        self.assertNotIn("user_id", data["accesses"][0])

    def test_nobody_else_does(self):
        """R-004-101: an unlinked login and another member of the household get nothing."""
        member = self.person(name="Anna Rossi")
        self.env["family.household.member"].create(
            {"household_id": self.family.id, "person_id": member.id, "relation": "spouse", "valid_from": "2024-01-01"}
        )
        for user in (self.stranger, self.portal_user("anna", member)):
            with self.subTest(user.login):
                self.log_in(user)
                self.assertEqual(self.get(self.URL).status_code, 404)
                self.assertNotIn(self.URL, self.get("/my/card").text)
        self.log_in()
        self.assertIn(self.get(self.URL).status_code, (302, 303))
