import json

from odoo.tests import TransactionCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestDashboard(TransactionCase):
    """R-004-96, R-001-05: the dashboard asks for fields that exist, and who may not read statements does not see it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dashboard = cls.env.ref("merchant_settlement_dashboard.dashboard_settlement")
        cls.sheets = json.loads(cls.dashboard.spreadsheet_data)

    def test_fields_exist(self):
        """R-004-96: pivots, charts and lists name models, measures and groups that the reports have."""
        asked = [
            (pivot["model"], [measure["fieldName"] for measure in pivot["measures"]], pivot["domain"])
            for pivot in self.sheets["pivots"].values()
        ]
        asked += [
            (pivot["model"], [row["fieldName"] for row in pivot["rows"]], [])
            for pivot in self.sheets["pivots"].values()
        ]
        asked += [(one["model"], one["columns"], one["domain"]) for one in self.sheets["lists"].values()]
        for figure in self.sheets["sheets"][0]["figures"]:
            if meta := figure["data"].get("metaData"):
                asked.append(
                    (meta["resModel"], [meta["measure"], *meta["groupBy"]], figure["data"]["searchParams"]["domain"])
                )

        for model, names, domain in asked:
            for name in names:
                self.assertIn(name.split(":")[0], self.env[model]._fields, model)
            self.env[model].search(domain, limit=1)

    def test_everything_is_translated(self):
        """R-004-96: a measure with a name of its own stays English; it takes the name of its field."""
        measures = [one for pivot in self.sheets["pivots"].values() for one in pivot["measures"]]

        self.assertFalse([one for one in measures if "userDefinedName" in one])

    def test_filters_match(self):
        """R-004-96: period, funder and macro-category narrow fields that the models have."""
        filters = {one["id"] for one in self.sheets["globalFilters"]}
        matched = [(pivot["model"], pivot["fieldMatching"]) for pivot in self.sheets["pivots"].values()]
        for model, fields in matched:
            self.assertLessEqual(fields.keys(), filters)
            for one in fields.values():
                self.assertIn(one["chain"], self.env[model]._fields)

    def test_menus_exist(self):
        """R-004-96: every chart leads to a page behind it."""
        for menu in self.sheets["chartOdooMenusReferences"].values():
            self.assertTrue(self.env.ref(menu).action, menu)

    def test_who_sees_it(self):
        """R-004-96: the office sees it, other users of the company do not."""
        clerk = new_test_user(self.env, "dashboard-clerk", groups="merchant_settlement.group_clerk")
        other = new_test_user(self.env, "dashboard-other", groups="base.group_user")

        self.assertTrue(self.env["spreadsheet.dashboard"].with_user(clerk).search([("id", "=", self.dashboard.id)]))
        self.assertFalse(self.env["spreadsheet.dashboard"].with_user(other).search([("id", "=", self.dashboard.id)]))
