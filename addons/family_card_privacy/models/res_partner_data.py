import json
from datetime import date, datetime

from markupsafe import Markup

from odoo import fields, models
from odoo.tools import html2plaintext

from odoo.addons.stored_value.tools import to_decimal

# Never handed over: secrets, and what is only of use to the machine.
SECRET = ("pin", "hash", "salt", "secret", "digest", "fingerprint", "password", "token")
TECHNICAL = frozenset(
    "id create_uid create_date write_uid write_date display_name company_id currency_id instrument_model".split()
)
PERSON = (
    "name l10n_it_codice_fiscale provisional_fiscal_code birth_date death_date street street2 zip city phone email"
    " lang".split()
)
HOUSEHOLD = "name registry_code street street2 zip city income_band".split()


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _household_data(self):
        """Everything on file about a household, for whoever has a right to it (R-004-100). No PIN is in it.

        :return: list of dictionaries: key, title, records; each record is {field: value} with amounts as text
        """
        self.ensure_one()
        return [
            {
                "key": key,
                "title": title,
                "labels": self._data_labels(records),
                "records": [self._data_of(record, names) for record in records],
            }
            for key, title, records, names in self._data_parts()
        ] + [self._data_messages()]

    def _household_json(self):
        """The data of :meth:`_household_data` as a JSON file.

        :return: bytes, UTF-8
        """
        content = {
            "household": self.id,
            "made_at": fields.Datetime.to_string(fields.Datetime.now()),
            **{part["key"]: part["records"] for part in self._household_data()},
        }
        return json.dumps(content, ensure_ascii=False, indent=2).encode()

    def _data_people(self):
        """Who ever belonged to this household, also by mistake."""
        return self._data_members().person_id

    def _data_members(self):
        # sudo: the request was checked by who asks for the data; lines that were replaced belong to them
        return self.env["family.household.member"].sudo().search([("household_id", "=", self.id)])

    def _data_parts(self):
        """What is handed over.

        :return: list of (key, title, records, names of fields or None for all)
        """
        _ = self.env._
        # sudo: the request was checked by who asks for the data; it spans models that no single role reads
        env = self.sudo().env
        household = self.sudo()
        people, cards = self._data_people(), self.env["family.card"].sudo().search([("household_id", "=", self.id)])
        accounts = cards.account_ids
        mine = people | household

        def find(model, domain, order="id"):
            return env[model].search(domain, order=order)

        applications = find(
            "family.card.application", ["|", ("household_id", "=", self.id), ("card_id", "in", cards.ids)]
        )
        checks = find("family.card.check", [("household_id", "=", self.id)])
        results = find("family.card.quotient.result", [("card_id", "in", cards.ids)])
        accesses = find("family.access.log", [("household_id", "=", self.id)])
        events = [("person_id", "in", people.ids), ("household_id", "in", (self.id, False))]
        return [
            ("household", _("Household"), household, HOUSEHOLD),
            ("people", _("People"), people, PERSON),
            ("memberships", _("Memberships, with when each was known"), self._data_members(), None),
            ("events", _("Registry events"), find("family.registry.event", events), None),
            ("applications", _("Applications"), applications, None),
            ("application_members", _("People declared"), applications.member_ids, None),
            ("clarifications", _("Clarifications"), applications.clarification_ids, None),
            ("checks", _("Checks"), checks, None),
            ("check_history", _("Earlier outcomes of the checks"), checks.history_ids, None),
            ("cards", _("Cards"), cards, None),
            ("yearly_credit", _("Yearly credit"), results, None),
            ("yearly_credit_lines", _("How the yearly credit was computed"), results.line_ids, None),
            ("accounts", _("Accounts"), accounts, None),
            ("lots", _("Credit"), accounts.lot_ids, None),
            ("entries", _("Movements"), accounts.entry_ids, None),
            (
                "transactions",
                _("Purchases and refunds"),
                find("circuit.transaction", [("account_id", "in", accounts.ids)]),
                None,
            ),
            ("sms", _("Text messages"), find("sms.outbox", [("partner_id", "in", mine.ids)]), None),
            ("consents", _("Privacy consents"), find("family.privacy.consent", [("partner_id", "in", mine.ids)]), None),
            ("blocks", _("Blocks of the cards"), find("family.card.block", [("card_id", "in", cards.ids)]), None),
            ("yearly", _("Yearly credit by day"), find("family.card.yearly", [("card_id", "in", cards.ids)]), None),
            (
                "credit_runs",
                _("Credit runs"),
                find("family.card.credit.run.line", [("card_id", "in", cards.ids)]),
                None,
            ),
            ("reports", _("Reports about shops"), find("circuit.complaint", self._data_reporters(people)), None),
            # when and what for, not which employee: that is theirs
            ("accesses", _("When these data were opened"), accesses, ["at", "action", "res_model", "reason"]),
        ]

    def _data_reporters(self, people):
        """Which reports about shops came from these people: by login, or by their mail address."""
        emails = [email for email in people.mapped("email") if email]
        return [
            "|",
            ("reporter_user_id.citizen_id", "in", people.ids),
            ("reporter_email", "in", emails),
        ]

    def _data_messages(self):
        """Notes in the history of the household, its people and its cards."""
        cards = self.env["family.card"].sudo().search([("household_id", "=", self.id)])  # sudo: as _data_parts
        of = [("res.partner", (self | self._data_people()).ids), ("family.card", cards.ids)]
        records = []
        for model, ids in of:
            # sudo: as _data_parts
            notes = self.env["mail.message"].sudo().search([("model", "=", model), ("res_id", "in", ids)], order="id")
            for note in notes:
                changes = [
                    f"{track.field_id.field_description}: {self._tracked(track, 'old')} → {self._tracked(track, 'new')}"
                    for track in note.tracking_value_ids
                ]
                text = "\n".join(filter(None, [html2plaintext(note.body or "").strip(), *changes]))
                if text:
                    records.append(
                        {
                            "date": fields.Datetime.to_string(note.date),
                            "author": note.author_id.name or note.email_from or "",
                            "about": note.record_name or "",
                            "text": text,
                        }
                    )
        _ = self.env._
        labels = {"date": _("Date"), "author": _("Author"), "about": _("About"), "text": _("Text")}
        return {"key": "messages", "title": _("Notes"), "labels": labels, "records": records}

    def _tracked(self, track, which):
        values = (track[f"{which}_value_{kind}"] for kind in ("char", "text", "datetime", "float", "integer"))
        return str(next(filter(None, values), "–"))

    def _data_labels(self, records):
        return {name: field._description_string(self.env) for name, field in records._fields.items()}

    def _data_of(self, record, names):
        """One record: names of fields and plain values, without secrets and empty fields."""
        values = {}
        for name, field in record._fields.items():
            if names is None:
                told = field.store and name not in TECHNICAL and not any(word in name for word in SECRET)
                told = told and field.type not in ("binary", "one2many", "many2many", "properties", "json")
            else:
                told = name in names
            value = self._data_value(record, field) if told else None
            if value not in (None, ""):
                values[name] = value
        return values

    def _data_value(self, record, field):
        """A value as text, number or yes and no; None when there is none."""
        value = record[field.name]
        if field.type == "boolean":
            return value
        if field.type in ("monetary", "float"):
            return str(to_decimal(value))
        if field.type == "integer":
            return value
        if not value:
            return None
        if field.type == "many2one":
            return value.display_name
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, value)
        if isinstance(value, datetime):
            return fields.Datetime.to_string(value)
        if isinstance(value, date):
            return fields.Date.to_string(value)
        return html2plaintext(value) if isinstance(value, Markup) else str(value)
