from odoo import models
from odoo.tools import SQL

from ..rules import privacy

# Texts of a household's papers that name or describe people, by model; what must not be empty gets a dash.
TEXTS = {
    "family.card.application": (
        "name fiscal_code birth_date street phone email special_reason decision_reason withdrawal_reason".split()
    ),
    "family.card.application.member": "name fiscal_code birth_date note".split(),
    "family.card.clarification": "question answer".split(),
    "family.card.check": ["reason"],
    "family.card.check.history": ["reason"],
    "family.card.quotient.result": ["problem"],
    "family.card.quotient.result.line": ["detail"],
    "family.card.block": "note lift_note".split(),
    "family.card.yearly": ["reason"],
    "family.card.credit.run.line": ["detail"],
    "circuit.complaint": "reporter_name reporter_email reporter_phone body outcome written_filename".split(),
    "family.registry.event": ["note"],
    "family.card": "phone fiscal_code pin_hash pin_salt".split(),
    # the masked code still tells some letters; a fingerprint could be tried out
    "circuit.transaction": "holder_mask fingerprint".split(),
    "sms.sms": "number body secret_body".split(),
    "sms.outbox": "number body secret_body".split(),
}
FLAGS = {"family.household.member", "family.card.application.member"}
KEPT = frozenset("name lang tz type birth_date death_date".split())


class FamilyErasure(models.Model):
    """What is made anonymous, table by table. Statements instead of records: nothing of it may end up in a history."""

    _inherit = "family.erasure"

    def _erase(self):
        """Take the people of the household out of every text that is kept.

        :return: dictionary of counts for the record of the erasure
        """
        self.ensure_one()
        self.env.flush_all()
        people = self._people_to_erase()
        users = self._logins(people)
        documents = self._documents(people)
        for model, names in TEXTS.items():
            self._clear(documents.get(model, self.env[model]), names)
        for model in FLAGS & documents.keys():
            self._clear_flags(documents[model])
        self._clear_import_lines(people)
        counts = {
            "person_count": len(people),
            "message_count": self._clear_messages(documents, people | users.partner_id),
            "attachment_count": self._remove_files(documents),
        }
        self._close_logins(users)
        self._rename(people | self.household_id | users.partner_id)
        self.env.invalidate_all()
        return counts

    def _people_to_erase(self):
        """Members of this household, now or once, that belong to no other household which keeps its data; and those
        found to be the same as one of them."""
        # sudo: also people of whom another company or an archived record tells
        members = self.env["family.household.member"].sudo().with_context(active_test=False)
        mine = members.search([("household_id", "=", self.household_id.id)]).person_id
        elsewhere = members.search(
            [
                ("person_id", "in", mine.ids),
                ("household_id", "!=", self.household_id.id),
                ("household_id.erased", "=", False),
                ("recorded_to", "=", False),
            ]
        ).person_id
        mine -= elsewhere
        return mine | mine.search([("merged_into_id", "in", mine.ids), ("active", "in", (True, False))])

    def _documents(self, people):
        """Records that tell of the household.

        :return: dict of model to records
        """
        # sudo: the erasure goes through everything on file, whatever the manager's other rights
        env = self.sudo().with_context(active_test=False).env
        family, mine = self.household_id, (people | self.household_id).ids

        def find(model, *domain):
            return env[model].search([*domain])

        cards = find("family.card", ("household_id", "=", family.id))
        applications = find(
            "family.card.application", "|", ("household_id", "=", family.id), ("card_id", "in", cards.ids)
        )
        results = find("family.card.quotient.result", ("card_id", "in", cards.ids))
        checks = find("family.card.check", ("household_id", "=", family.id))
        return {
            "res.partner": env["res.partner"].browse(mine),
            "family.household.member": find("family.household.member", ("person_id", "in", people.ids)),
            "family.registry.event": find("family.registry.event", ("person_id", "in", people.ids)),
            "family.card": cards,
            "family.card.application": applications,
            "family.card.application.member": applications.member_ids,
            "family.card.clarification": applications.clarification_ids,
            "family.card.block": find("family.card.block", ("card_id", "in", cards.ids)),
            "family.card.yearly": find("family.card.yearly", ("card_id", "in", cards.ids)),
            "family.card.credit.run.line": find("family.card.credit.run.line", ("card_id", "in", cards.ids)),
            "circuit.complaint": find("circuit.complaint", *family._data_reporters(people)),
            "family.card.check": checks,
            "family.card.check.history": checks.history_ids,
            "family.card.quotient.result": results,
            "family.card.quotient.result.line": results.line_ids,
            "circuit.transaction": find("circuit.transaction", ("account_id", "in", cards.account_ids.ids)),
            "sms.sms": find("sms.sms", ("partner_id", "in", mine)),
            "sms.outbox": find("sms.outbox", ("partner_id", "in", mine)),
        }

    def _clear(self, records, names):
        """Empty columns of records; a required text becomes a dash."""
        stored = [name for name in names if name in records._fields and records._fields[name].store]
        if not records or not stored:
            return
        assignments = []
        for name in stored:
            field = records._fields[name]
            must = field.required and field.type in ("char", "text", "html")
            assignments.append(SQL("%s = %s", SQL.identifier(name), "–" if must else None))
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET %s WHERE id = ANY(%s)",
                SQL.identifier(records._table),
                SQL(", ").join(assignments),
                records.ids,
            )
        )

    def _clear_flags(self, records):
        """Health and study are forgotten, also of lines that were corrected."""
        values = {"student": False, "pregnant": False}
        grade = records._fields["disability"]
        values["disability"] = False if grade.type == "boolean" else "none"
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET %s WHERE id = ANY(%s)",
                SQL.identifier(records._table),
                SQL(", ").join(
                    SQL("%s = %s", SQL.identifier(name), value)
                    for name, value in values.items()
                    if name in records._fields
                ),
                records.ids,
            )
        )

    def _clear_import_lines(self, people):
        """Lines of old registry files that name one of the people."""
        self.env.cr.execute(
            SQL(
                """DELETE FROM family_registry_import_line l USING res_partner p
                    WHERE p.id = ANY(%s) AND (l.person_id = p.id OR lower(l.name) = lower(p.name))""",
                people.ids,
            )
        )

    def _clear_messages(self, documents, people):
        """Empty the notes, drop what they say was changed and the mails made of them or sent to the people.

        :return: number of notes and text messages
        """
        found = set()
        for model, records in documents.items():
            found |= self._found(
                "SELECT id FROM mail_message WHERE model = %s AND res_id = ANY(%s)", model, records.ids
            )
        found |= self._found("SELECT id FROM mail_message WHERE author_id = ANY(%s)", people.ids)
        found |= self._found(
            "SELECT mail_message_id FROM mail_message_res_partner_rel WHERE res_partner_id = ANY(%s)", people.ids
        )
        # mails of the system about a login are no notes of any record: they are told by what they say
        words = [
            *people.mapped("name"),
            *people.mapped("email_normalized"),
            *people.with_context(active_test=False).user_ids.mapped("login"),
        ]
        found |= self._found(
            """SELECT m.mail_message_id FROM mail_mail m
                WHERE m.id IN (SELECT mail_mail_id FROM mail_mail_res_partner_rel WHERE res_partner_id = ANY(%s))
                   OR EXISTS (SELECT 1 FROM unnest(%s) AS word
                               WHERE m.email_to ILIKE '%%' || word || '%%' OR m.body_html ILIKE '%%' || word || '%%')""",
            people.ids,
            [word for word in words if word],
        )
        ids = list(found)
        self.env.cr.execute(
            SQL(
                "UPDATE mail_message SET body = '', subject = NULL, email_from = NULL, reply_to = NULL"
                " WHERE id = ANY(%s)",
                ids,
            )
        )
        self.env.cr.execute(SQL("DELETE FROM mail_tracking_value WHERE mail_message_id = ANY(%s)", ids))
        self.env.cr.execute(SQL("DELETE FROM mail_mail WHERE mail_message_id = ANY(%s)", ids))
        return len(ids) + len(documents["sms.sms"]) + len(documents["sms.outbox"])

    def _found(self, query, *arguments):
        return {row[0] for row in self.env.execute_query(SQL(query, *arguments))}

    def _remove_files(self, documents):
        """Delete what was attached.

        :return: number of files
        """
        # sudo: files of records that a manager may not edit
        files = self.env["ir.attachment"].sudo()
        for model, records in documents.items():
            files |= files.search([("res_model", "=", model), ("res_id", "in", records.ids), ("id", "!=", 0)])
        count = len(files)
        files.unlink()
        return count

    def _logins(self, people):
        """The people's own logins, those of staff excepted."""
        # sudo: a manager of the programme does not manage logins
        users = self.env["res.users"].sudo().with_context(active_test=False)
        return users.search(
            [("share", "=", True), "|", ("partner_id", "in", people.ids), ("citizen_id", "in", people.ids)]
        )

    def _close_logins(self, users):
        """Close logins and rename them, without the mail that Odoo sends about a changed login."""
        self.env.cr.execute(
            SQL(
                """UPDATE res_users SET active = false, login = 'erased-' || id, password = NULL, signature = NULL
                    WHERE id = ANY(%s)""",
                users.ids,
            )
        )
        # where they logged in from
        self.env.cr.execute(SQL("DELETE FROM res_device_log WHERE user_id = ANY(%s)", users.ids))
        self.env.invalidate_all()
        self.env.registry.clear_cache()

    def _rename(self, partners):
        """Give partners a code for a name and empty everything else that was typed about them."""
        # sudo: the secret of the pseudonyms is nobody's to read
        secret = self.env["ir.config_parameter"].sudo().get_param("database.secret")
        # sudo: also partners of another company or archived; no history, no check of what is emptied
        for partner in partners.sudo().with_context(tracking_disable=True, active_test=True):
            code = privacy.pseudonym(secret, f"erased:{partner._name}", partner.id)
            values = {
                name: False
                for name, field in partner._fields.items()
                if field.store
                and name not in KEPT
                and name not in models.MAGIC_COLUMNS
                and not field.required
                and not field.related
                and (not field.compute or not field.readonly)
                and field.type in ("char", "text", "html", "binary", "date", "datetime")
            }
            if "income_band" in partner._fields:
                values["income_band"] = 0
            partner.write(
                {
                    **values,
                    "name": code,
                    "birth_date": privacy.only_year(partner.birth_date or None),
                    "death_date": privacy.only_year(partner.death_date or None),
                    "erased": True,
                    "active": False,
                }
            )
