from odoo.tests import HttpCase, tagged

from odoo.addons.ecoupon.tests.test_join import VATS, JoinCase


@tagged("post_install", "-at_install")
class TestJoinPage(JoinCase, HttpCase):
    def page(self):
        """Open the page of a visitor.

        :return: requests.Response
        """
        return self.url_open(self.circuit._join_url())

    def send(self, **changes):
        """Fill in the form and send it.

        :return: requests.Response
        """
        token = self.page().text.split('name="csrf_token" value="')[1].split('"')[0]
        form = {name: value for name, value in self.form().items() if value}
        return self.url_open(
            self.circuit._join_url(), data={**form, "terms": self.terms.id, "csrf_token": token, **changes}
        )

    def sent(self):
        """Requests in the circuit."""
        return self.requests.search([("circuit_id", "=", self.circuit.id)])

    def test_terms_are_public(self):
        """R-000-37: before anybody says who it is."""
        page = self.page()

        self.assertEqual(page.status_code, 200)
        self.assertIn("The same for everybody.", page.text)

    def test_request_gets_its_number(self):
        """R-000-37: the form without login, script or account."""
        answer = self.send()

        self.assertIn(self.sent().number, answer.text)
        self.assertEqual((self.sent().state, self.sent().terms_id), ("received", self.terms))

    def test_foreign_company_asks(self):
        """R-000-28: any country is in the list."""
        self.send(country_id=self.env.ref("base.de").id, vat=VATS["de"], state_id=self.env.ref("base.state_it_mi").id)

        self.assertEqual((self.sent().country_id.code, self.sent().state_id.code), ("DE", False))

    def test_mistakes_keep_what_was_typed(self):
        """R-000-37: a sentence, and the form as it was filled in."""
        answer = self.send(vat="12345670018")

        self.assertIn("is not a VAT number of this country", answer.text)
        self.assertIn('value="Pasticceria Viola s.r.l."', answer.text)
        self.assertFalse(self.sent())

    def test_terms_must_be_accepted(self):
        """R-000-37: also by programs that leave the box out."""
        self.assertIn("accept them", self.send(terms="").text)
        self.assertFalse(self.sent())

    def test_forms_filled_in_by_programs(self):
        """A field nobody sees, numbers that are none, what the form does not ask."""
        for changes in ({"fax": "1"}, {"country_id": "99999999"}, {"country_id": "x"}, {"activity_id": "0"}):
            with self.subTest(changes):
                self.assertEqual(self.send(**changes).status_code, 200)
                self.assertFalse(self.sent())

    def test_nobody_decides_for_itself(self):
        """R-000-37: state and agreement are not of the form."""
        self.send(state="accepted", refusal="x", circuit_id="1")

        self.assertEqual(self.sent().state, "received")

    def test_no_such_circuit(self):
        """Nor one that has not published terms."""
        self.assertEqual(self.url_open("/circuit/nothing-999999/join").status_code, 404)
        self.terms.unlink()
        self.assertEqual(self.page().status_code, 404)
