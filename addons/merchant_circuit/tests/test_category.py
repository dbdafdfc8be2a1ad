from odoo.exceptions import ValidationError
from odoo.tests import Form, TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestCategory(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.circuit = cls.env["circuit.circuit"].create({"name": "Test circuit"})

    def activity(self, code):
        """An activity of the data delivered."""
        return self.env.ref(f"merchant_circuit.activity_{code}")

    def merchant(self, ateco):
        """A shop with an ATECO code."""
        return self.env["res.partner"].create({"name": "Shop", "is_merchant": True, "ateco": ateco})

    def test_three_macro_categories(self):
        """R-004-34: commercio, artigianato, somministrazione."""
        codes = self.env["circuit.category"].search([]).mapped("code")

        self.assertTrue({"COMMERCIO", "ARTIGIANATO", "SOMMINISTRAZIONE"} <= set(codes))

    def test_sport_and_manufacturing_are_crafts(self):
        """R-004-42: ARTIGIANATO also includes sports activities and manufacturing companies."""
        for code in ("sport", "manufacturing"):
            with self.subTest(code):
                self.assertEqual(self.activity(code).category_id.code, "ARTIGIANATO")

    def test_ateco_suggests_and_staff_decide(self):
        """R-004-42, A26: a gym (93.13) is proposed as sport under ARTIGIANATO, and may be set otherwise."""
        with Form(self.env["circuit.agreement"].with_context(default_circuit_id=self.circuit.id)) as form:
            form.merchant_id = self.merchant("93.13.00")
            proposed = (form.activity_id, form.category_id.code)
            form.category_id = self.env.ref("merchant_circuit.category_commercio")
        agreement = form.record

        self.assertEqual(proposed, (self.activity("sport"), "ARTIGIANATO"))
        self.assertEqual(
            (agreement.category_id.code, agreement.suggested_activity_id), ("COMMERCIO", self.activity("sport"))
        )

    def test_the_delivered_codes_suggest_sensibly(self):
        """R-004-42, A26: a bakery that makes (10.71) is manufacturing, one that sells (47.24) is retail."""
        cases = {
            "10.71.10": "manufacturing",
            "25.11.00": "manufacturing",
            "47.24.10": "grocery",
            "47.26.00": "tobacco",
            "47.73.10": "pharmacy",
            "56.30.00": "bar",
            "96.02.01": "hairdresser",
            "01.11.00": None,
        }
        for code, activity in cases.items():
            with self.subTest(code):
                expected = self.activity(activity) if activity else self.env["circuit.activity"]
                self.assertEqual(self.env["circuit.ateco"]._suggest(code), expected)

    def test_what_is_no_code_is_refused(self):
        """Bad input: a merchant's code and a rule's."""
        for code in ("abc", "4", "47.111.1", "=47"):
            with self.subTest(code), self.assertRaises(ValidationError):
                self.merchant(code)
            with self.subTest(code), self.assertRaises(ValidationError):
                self.env["circuit.ateco"].create({"prefix": code, "activity_id": self.activity("bar").id})
