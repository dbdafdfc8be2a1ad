import base64
from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from .common import CorletoCase

HEAD = "codice famiglia;codice fiscale;cognome;nome;data di nascita;parentela;dal;al;data decesso"


class RegistryImportCase(CorletoCase):
    def upload(self, *lines, header=HEAD, **vals):
        """A file that was checked."""
        text = "\r\n".join([header, *lines])
        record = self.env["family.registry.import"].create(
            {"content": base64.b64encode(text.encode("cp1252")), "file_name": "anagrafe.csv", **vals}
        )
        record.action_check()
        return record

    def find(self, code):
        return self.env["res.partner"].search([("registry_code", "=", code)])

    def errors(self, record):
        return record.problem_ids.filtered(lambda line: line.kind == "error").mapped("code")


@tagged("post_install", "-at_install")
class TestRegistryImport(RegistryImportCase):
    def family(self, code="F1"):
        """Lines of a head and a child."""
        return [
            f"{code};{self.fiscal_code()};Rossi;Mario;10/12/1985;IS;01/01/2020;;",
            f"{code};;Rossi;Niccolò {code};15/05/2015;figlio;01/01/2020;;",
        ]

    def test_nothing_is_written_until_it_is_confirmed(self):
        """R-004-51: preview first."""
        record = self.upload(*self.family())

        self.assertEqual(record.state, "checked")
        self.assertEqual((record.new_person_count, record.new_household_count, record.arrival_count), (2, 1, 2))
        self.assertFalse(self.find("F1"))

    def test_a_file_fills_the_registry(self):
        """R-004-51: households, members, events with their source."""
        record = self.upload(*self.family())
        record.action_confirm()

        family = self.find("F1")
        self.assertEqual(record.state, "done")
        self.assertFalse(record.content)
        self.assertEqual(family.name, "Household Mario Rossi")
        self.assertEqual(len(family._members_on(date(2024, 1, 1))), 2)
        self.assertEqual(family._head_on(date(2024, 1, 1)).birth_date, date(1985, 12, 10))
        events = self.env["family.registry.event"].search([("import_id", "=", record.id)])
        self.assertEqual(events.mapped("source"), ["registry"] * 2)
        self.assertEqual(set(events.mapped("state")), {"applied"})
        self.assertEqual(family.company_id, self.company)

    def test_the_same_file_again_changes_nothing(self):
        """Issue 3: importing twice is importing once."""
        lines = self.family()
        self.upload(*lines).action_confirm()
        before = self.env["family.household.member"].search_count([])

        again = self.upload(*lines)
        again.action_confirm()

        self.assertEqual((again.unchanged_count, again.arrival_count, again.new_person_count), (2, 0, 0))
        self.assertEqual(self.env["family.household.member"].search_count([]), before)

    def test_errors_name_row_and_column_and_block_everything(self):
        """Issue 3, must be shown 4: nothing half-imported."""
        good = self.family()
        record = self.upload(*good, "F2;RSSMRA85T10A001X;Bianchi;=A1;30/02/2024;IS;;;")

        self.assertEqual(
            record.problem_ids.mapped(lambda line: (line.row, line.column_name, line.code)),
            [(4, "birth_date", "date"), (4, "first_name", "formula"), (4, "fiscal_code", "fiscal_code")],
        )
        self.assertIn("30/02/2024", record.problem_ids[0].message)
        self.assertIn("RSS***********1X", record.problem_ids[2].message)
        with self.assertRaises(UserError):
            record.action_confirm()
        self.assertFalse(self.find("F1"))

    def test_a_death_in_the_file_suspends_the_card(self):
        """B3, R-004-59."""
        card, _pin = self.card()
        holder = card.holder_id
        record = self.upload(f"F7;{holder.l10n_it_codice_fiscale};Rossi;Mario;10/12/1985;IS;;;02/04/2024")
        record.action_confirm()

        self.assertEqual((record.death_count, record.new_household_count), (1, 0))
        self.assertEqual((card.state, card.state_reason), ("suspended", "holder_death"))
        self.assertEqual(card.household_id.registry_code, "F7")

    def test_the_registry_supersedes_a_death_to_confirm(self):
        """R-004-51: the registry's word counts, and the event is on record once."""
        lines = self.family()
        self.upload(*lines).action_confirm()
        head = self.find("F1")._head_on(date(2024, 4, 3))
        events = self.env["family.registry.event"]
        told = events.create({"kind": "death", "person_id": head.id, "date": "2024-04-01"})

        self.upload(lines[0] + "02/04/2024").action_confirm()

        self.assertEqual((told.state, head.death_date), ("dismissed", date(2024, 4, 2)))

    def test_a_complete_file_tells_who_left(self):
        """R-004-51, B2."""
        lines = self.family()
        self.upload(*lines).action_confirm()
        child = self.find("F1")._members_on(date(2024, 4, 3)).filtered(lambda line: not line.is_head).person_id

        record = self.upload(lines[0], complete=True)
        record.action_confirm()

        self.assertEqual(record.departure_count, 1)
        self.assertIn(child, self.find("F1")._members_on(date(2024, 4, 2)).person_id)
        self.assertNotIn(child, self.find("F1")._members_on(date(2024, 4, 3)).person_id)

    def test_heads_change_places(self):
        """R-004-15: all ends come before all beginnings."""
        first, second = self.family("F1")[0], self.family("F2")[0].replace("Mario", "Luigi")
        self.upload(first, second).action_confirm()

        swapped = self.upload(
            first.replace("F1", "F2", 1).replace("01/01/2020", "01/04/2024"),
            second.replace("F2", "F1", 1).replace("01/01/2020", "01/04/2024"),
        )
        swapped.action_confirm()

        self.assertEqual(swapped.change_count, 2)
        self.assertEqual(self.find("F1")._head_on(date(2024, 4, 1)).name, "Luigi Rossi")
        self.assertEqual(self.find("F1")._head_on(date(2024, 3, 31)).name, "Mario Rossi")

    def test_what_changed_since_the_preview_is_shown_again(self):
        """Nothing is carried out that was not shown."""
        lines = self.family()
        record = self.upload(*lines)
        self.upload(*lines).action_confirm()

        record.action_confirm()

        self.assertEqual((record.state, record.arrival_count), ("checked", 0))
        self.assertTrue(record.failure)

    def test_files_that_are_no_registry(self):
        """Issue 3, must be shown 4: a clear sentence."""
        for content in (b"", b"\x00\x01", b"PK\x03\x04", b"a;b\r\n1;2", HEAD.encode()):
            with self.subTest(content[:4]), self.assertRaises(UserError):
                record = self.env["family.registry.import"].create({"content": base64.b64encode(content)})
                record.action_check()

    def test_limits_are_parameters(self):
        """Issue 3: maximum size and rows."""
        self.env["ir.config_parameter"].set_param("family_card.registry_max_rows", "1")

        with self.assertRaises(UserError):
            self.upload(*self.family())

    def test_an_import_is_filled_in_by_its_actions(self):
        """R-004-101."""
        officer = self.user("officer", "family_card.group_officer")
        employee = self.user("employee", "base.group_user")
        record = self.upload(*self.family()).with_user(officer)

        for vals in ({"state": "done"}, {"error_count": 0}):
            with self.subTest(str(vals)), self.assertRaises(UserError):
                record.write(vals)
        record.as_of = "2024-04-01"
        self.assertEqual((record.state, record.line_ids.ids), ("draft", []))
        with self.assertRaises(AccessError):
            record.with_user(employee).action_check()

    def test_an_officer_imports(self):
        """R-004-51: staff need no superuser."""
        officer = self.user("officer", "family_card.group_officer")
        record = self.upload(*self.family()).with_user(officer)

        record.action_check()
        record.action_confirm()

        self.assertEqual((record.state, record.user_id), ("done", officer))


@tagged("post_install", "-at_install")
class TestRegistryFiles(HttpCase, RegistryImportCase):
    def test_the_list_of_errors_holds_no_formula(self):
        """Issue 3, must be shown 4: CSV injection."""
        record = self.upload('F1;;"=cmd";Anna;"+1/1/2000";"@x";;;')
        officer = self.user("officer", "family_card.group_officer")
        officer.password = "officer-officer"
        self.authenticate("officer", "officer-officer")

        answer = self.url_open(f"/family-card/registry/{record.id}/errors.csv")

        self.assertEqual(answer.status_code, 200)
        text = answer.content.decode("utf-8-sig")
        self.assertEqual(len(text.splitlines()), 1 + record.error_count)
        for cell in text.replace("\r\n", ";").replace('"', "").split(";"):
            self.assertNotIn(cell[:1], ("=", "+", "-", "@"))

    def test_the_template_is_a_good_file(self):
        """The template says what the import understands."""
        officer = self.user("officer", "family_card.group_officer")
        officer.password = "officer-officer"
        self.authenticate("officer", "officer-officer")
        content = self.url_open("/family-card/registry/template.csv").content

        record = self.env["family.registry.import"].create({"content": base64.b64encode(content)})
        record.action_check()

        self.assertEqual((record.row_count, record.error_count), (2, 0))
