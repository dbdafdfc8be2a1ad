from odoo import fields, models
from odoo.exceptions import ValidationError

from odoo.addons.family_card.rules import fiscal_code, uploads

from ..rules import form

PERSON = ("name", "fiscal_code", "birth_date", "street", "phone", "email", "disability", "student")
MEMBER = ("name", "fiscal_code", "birth_date", "relation", "disability", "student", "dropped", "since")
FLAGS = frozenset({"disability", "student", "dropped"})
MAX_MEMBERS = 30


class FamilyCardApplication(models.Model):
    """The application as the steps of a form on the portal: what is wrong is said at its field, and what was typed
    is kept even then (R-004-11)."""

    _inherit = "family.card.application"

    portal_values = fields.Json(
        readonly=True,
        copy=False,
        groups="base.group_system",
        help="What was typed into a step of the form and is not valid yet, so that nothing is lost.",
    )

    def _form_values(self, step):
        """What the fields of a step show: as typed when it was not valid, else what is stored.

        :param str step: person, members or declarations
        :return: dict of str; for members, a list of them
        """
        self.ensure_one()
        typed = (self.portal_values or {}).get(step)
        if typed is not None:
            return typed
        if step == "person":
            return self._form_record(self, PERSON)
        if step == "members":
            return [self._form_record(member, MEMBER) for member in self.member_ids]
        return {
            "special_requested": self.special_requested,
            "special_reason": self.special_reason or "",
            "privacy_notice_id": str(self.privacy_notice_id.id or ""),
        }

    def _form_record(self, record, names):
        return {
            name: form.show_date(record[name])
            if record._fields[name].type == "date"
            else record[name]
            if name in FLAGS
            else record[name] or ""
            for name in names
        }

    def _form_save(self, step, typed):
        """Store a step. What is not valid stays as typed, and nothing of the step is written.

        :param str step: person, members or declarations
        :param typed: what :meth:`_form_values` returns, as typed
        :return: dict of sentences by field, such as ``phone`` or ``member_2_name``; ``page`` for the whole step
        :raises ValidationError: the application was filed already
        """
        self.ensure_one()
        if self.state != "draft":
            raise ValidationError(self.env._("This application was sent already and can no longer be changed."))
        values, errors = getattr(self, f"_form_check_{step}")(typed)
        if not errors:
            try:
                with self.env.cr.savepoint():
                    self._fill(values)
            except ValidationError as error:
                errors = {"page": str(error)}
        kept = dict(self.portal_values or {})
        kept.pop(step, None)
        if errors:
            kept[step] = typed
        self.portal_values = kept or False
        return errors

    def _form_problems(self):
        """What keeps the form from being sent, the signature apart.

        :return: list of (step, sentence), in the order of the steps
        """
        self.ensure_one()
        problems = []
        for step in ("person", "members", "declarations"):
            _values, errors = getattr(self, f"_form_check_{step}")(self._form_values(step))
            problems += [(step, sentence) for sentence in dict.fromkeys(errors.values())]
        return problems

    # ------------------------------------------------------------------ checks

    def _form_check_person(self, typed):
        """Values and errors of the applicant (R-004-15, R-004-18)."""
        flags = {name: bool(typed.get(name)) for name in PERSON if name in FLAGS}
        typed = {name: str(typed.get(name) or "").strip() for name in PERSON if name not in FLAGS}
        values, errors = self._form_check_somebody(typed, code_needed=True)
        values |= flags
        if len(typed["street"]) < 5:
            errors["street"] = self.env._("Enter street, number and town of residence.")
        values |= {"street": typed["street"], "email": typed["email"]}
        if typed["email"] and not form.is_email(typed["email"]):
            errors["email"] = self.env._("Enter one mail address, such as name@example.org, or leave it empty.")
        try:
            if not typed["phone"]:
                raise ValidationError(self.env._("Enter a mobile number: PIN and messages are sent there."))
            values["phone"] = self._clean_phone(typed["phone"])
        except ValidationError as error:
            errors["phone"] = str(error)
        return values, errors

    def _form_check_members(self, typed):
        """Values and errors of the other members (R-004-16); a row left empty is nobody."""
        members, errors = [], {}
        if len(typed) > MAX_MEMBERS:
            return {}, {"page": self.env._("At most %s people fit in the form: ask the office.", MAX_MEMBERS)}
        relations = {key for key, _label in self._form_relations()}
        seen = {self.fiscal_code: self.name} if self.fiscal_code else {}
        for place, row in enumerate(typed):
            texts = {name: str(row.get(name) or "").strip() for name in MEMBER if name not in FLAGS}
            if not any(texts[name] for name in ("name", "fiscal_code", "birth_date")):
                continue
            values, wrong = self._form_check_somebody(texts)
            if texts["relation"] not in relations:
                wrong["relation"] = self.env._("Choose how the person is related to the head of household.")
            code = values.get("fiscal_code")
            if code and code in seen:
                wrong["fiscal_code"] = self.env._("This fiscal code is in the form already: %s.", seen[code])
            seen[code] = texts["name"]
            values |= {name: bool(row.get(name)) for name in FLAGS} | {"relation": texts["relation"]}
            if self.kind == "first":
                values["dropped"] = False
            elif texts["since"]:
                values["since"] = form.parse_date(texts["since"])
                if not values["since"]:
                    wrong["since"] = self.env._("Enter a day that exists, such as 10/12/2023.")
            members.append(values)
            errors |= {f"member_{place}_{name}": sentence for name, sentence in wrong.items()}
        return {"members": members}, errors

    def _form_check_declarations(self, typed):
        """Values and errors of privacy and special card (R-004-39, R-004-100)."""
        errors = {}
        reason = str(typed.get("special_reason") or "").strip()
        if typed.get("special_requested") and not reason:
            errors["special_reason"] = self.env._("Say why the household asks for a special card.")
        notice = str(typed.get("privacy_notice_id") or "")
        if not notice.isascii() or not notice.isdigit():
            errors["privacy_notice_id"] = self.env._("Read the privacy notice and tick the box to accept it.")
        values = {"special_requested": bool(typed.get("special_requested")), "special_reason": reason}
        if not errors:
            values["privacy_notice_id"] = int(notice)
        return values, errors

    def _form_check_somebody(self, typed, code_needed=False):
        """Name, fiscal code and birth date of one person; the date is read from the code when it is left out."""
        values, errors = {"name": typed["name"]}, {}
        today = self.program_id._local_day(fields.Datetime.now())
        if not form.is_name(typed["name"]):
            errors["name"] = self.env._("Enter first and last name with letters only, as on the identity card.")
        code = ""
        if typed["fiscal_code"]:
            try:
                code = self.env["family.card.application.member"]._clean_code(typed["fiscal_code"])
            except ValidationError as error:
                errors["fiscal_code"] = str(error)
        elif code_needed:
            errors["fiscal_code"] = self.env._("Enter the fiscal code: it is on the health card.")
        values["fiscal_code"] = code
        birth = form.parse_date(typed["birth_date"])
        if typed["birth_date"] and not birth:
            errors["birth_date"] = self.env._("Enter a day that exists, such as 10/12/1985.")
        elif birth and not today.replace(year=today.year - 130, day=1) < birth <= today:
            errors["birth_date"] = self.env._("The birth date cannot be in the future or so long ago.")
        elif len(code) == 16:
            birth = self._form_birth(code, birth, today, errors)
        elif not birth and "fiscal_code" not in errors:
            errors["birth_date"] = self.env._("Enter the birth date, such as 10/12/1985.")
        values["birth_date"] = birth
        return values, errors

    def _form_birth(self, code, birth, today, errors):
        """Birth date of a valid 16-character code; adds to ``errors`` when the typed one contradicts it."""
        try:
            return fiscal_code.birth_date(code, birth or today, stored=birth or None)
        except ValueError:
            errors["birth_date"] = self.env._("The birth date contradicts the fiscal code: check both.")
            return birth

    def _form_relations(self):
        """Choices for the relation of a member: list of (value, label)."""
        field = self.env["family.card.application.member"]._fields["relation"]
        return [(key, label) for key, label in field._description_selection(self.env) if key != "head"]

    # --------------------------------------------------------------- documents

    def _form_attach(self, upload):
        """Keep an uploaded document; no more of it is read than is allowed (R-004-11).

        :param upload: werkzeug FileStorage, or None
        :return: sentence of what is wrong, None when it was kept or nothing was chosen
        """
        if not upload or not upload.filename:
            return None
        try:
            self._attach(upload.filename, upload.read(uploads.MAX_BYTES + 1))
        except ValidationError as error:
            return str(error)
        return None

    def _file(self, at=None):
        """Filed is filed: what was typed and never valid goes."""
        result = super()._file(at)
        self.sudo().portal_values = False  # sudo: the field is nobody's but the form's
        return result
