import json

from odoo.tests import TransactionCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestDashboard(TransactionCase):
    """R-000-35, R-000-36: the dashboard asks for fields that exist, and who may not read the figures does not see it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dashboard = cls.env.ref("ecoupon_dashboard.dashboard_coupon")
        cls.sheets = json.loads(cls.dashboard.spreadsheet_data)

    def test_fields_exist(self):
        """R-000-35: pivots and charts name models, measures and groups that the figures have."""
        asked = [
            (pivot["model"], [part["fieldName"] for part in pivot["measures"] + pivot["rows"]], pivot["domain"])
            for pivot in self.sheets["pivots"].values()
        ]
        for figure in self.sheets["sheets"][0]["figures"]:
            if meta := figure["data"].get("metaData"):
                asked.append(
                    (meta["resModel"], [meta["measure"], *meta["groupBy"]], figure["data"]["searchParams"]["domain"])
                )

        for model, names, domain in asked:
            for name in names:
                self.assertIn(name.split(":")[0], self.env[model]._fields, model)
            self.env[model].search(domain, limit=1)

    def test_filters_match(self):
        """R-000-36: period, circuit, issuer, macro-category and policy narrow fields that can be searched."""
        filters = {one["id"]: one for one in self.sheets["globalFilters"]}
        charts = [figure["data"] for figure in self.sheets["sheets"][0]["figures"] if "metaData" in figure["data"]]
        matched = [(pivot["model"], pivot["fieldMatching"]) for pivot in self.sheets["pivots"].values()]
        matched += [(chart["metaData"]["resModel"], chart["fieldMatching"]) for chart in charts]
        for model, fields in matched:
            self.assertLessEqual(fields.keys(), filters.keys())
            for one, match in fields.items():
                self.assertIn(match["chain"], self.env[model]._fields)
                if filters[one]["type"] == "relation":
                    self.env[model].search([(match["chain"], "in", [1])], limit=1)

    def test_menus_exist(self):
        """R-000-35: every chart leads to a page behind it."""
        for menu in self.sheets["chartOdooMenusReferences"].values():
            self.assertTrue(self.env.ref(menu).action, menu)

    def test_who_sees_it(self):
        """R-000-35, R-000-36: the operator's office and the Region see it, other users do not."""
        for login, group, seen in (
            ("coupon-office", "merchant_circuit.group_officer", True),
            ("coupon-operator", "merchant_circuit.group_operator", True),
            ("coupon-region", "ecoupon.group_region", True),
            ("coupon-other", "base.group_user", False),
        ):
            user = new_test_user(self.env, login, groups=group)
            found = self.env["spreadsheet.dashboard"].with_user(user).search([("id", "=", self.dashboard.id)])
            with self.subTest(login):
                self.assertEqual(bool(found), seen)
                self.assertEqual(self.env["ecoupon.figure"].with_user(user).has_access("read"), seen)
