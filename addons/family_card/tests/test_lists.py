from lxml import etree

from odoo.tests import TransactionCase, tagged

# A handful of rows that nobody groups.
SHORT = {"merchant_circuit.action_category"}
ADDONS = ("stored_value", "merchant_circuit", "family_card")


@tagged("post_install", "-at_install")
class TestLists(TransactionCase):
    def actions(self):
        """Actions of our addons that open a list, by external id."""
        data = self.env["ir.model.data"].search(
            [("model", "=", "ir.actions.act_window"), ("module", "in", ADDONS)], order="module, name"
        )
        for row in data:
            action = self.env[row.model].browse(row.res_id)
            modes = action.view_mode.split(",")
            if action.target == "current" and {"list", "kanban", "pivot"} & set(modes):
                yield row.complete_name, action

    def test_every_list_says_what_to_do_when_it_is_empty(self):
        """Issue 3: empty-state help."""
        for name, action in self.actions():
            with self.subTest(name):
                self.assertIn("o_view_nocontent", action.help or "")

    def test_every_list_has_filters_and_groupings(self):
        """Issue 3, R-004-47: useful filters and group-bys in every list."""
        for name, action in self.actions():
            if name in SHORT:
                continue
            view = self.env[action.res_model].get_view(action.search_view_id.id, "search")
            arch = etree.fromstring(view["arch"])
            filters = arch.xpath("//filter")
            grouped = [node for node in filters if "group_by" in (node.get("context") or "")]
            with self.subTest(name):
                self.assertTrue(arch.xpath("/search/field"), "nothing can be typed")
                self.assertGreater(len(filters), len(grouped), "no filter")
                self.assertTrue(grouped, "no group-by")
