"""Runs inside Odoo's shell: who may read, write, create and delete what, as the database answers.

One row for each model and whose rows they are, one column for each actor; a cell holds the letters of what is allowed
(r read, w write, c create, d delete), "-" is nothing; in brackets: the model is open, but there is no such row to try;
empty: the actor does not tell these rows from the ones above. Whose rows:

own           of the actor's merchant, household or municipality; of nobody in particular; their own wizard
other         of another merchant, household or person of the same municipality; another user's wizard
municipality  of another municipality (see support/twin.py)
"""

import csv
import io

from odoo import Command
from odoo.tools import SQL

from . import twin
from .marks import MARK, OFFSET

OPERATIONS = {"r": "read", "w": "write", "c": "create", "d": "unlink"}
#: Groups of ours that have a column, and its name; the test fails when an addon brings a group that has none.
GROUPS = {
    "base.group_user": "employee",
    "stored_value.group_auditor": "auditor",
    "sms_gateway.group_reader": "sms reader",
    "merchant_circuit.group_operator": "operator",
    "merchant_circuit.group_officer": "circuit officer",
    "merchant_circuit.group_manager": "circuit manager",
    "merchant_settlement.group_clerk": "settlement clerk",
    "merchant_settlement.group_approver": "settlement approver",
    "ecoupon.group_region": "region",
    "family_card.group_officer": "card officer",
    "family_card.group_manager": "card manager",
}
NEVER_FOLLOWED = {"create_uid", "write_uid", "company_id", "user_id", "currency_id"}
DEPTH = 4


def table(env):
    """The whole matrix as CSV text; what it does to the database is for a throw-away copy."""
    twin.build(env)
    actors = _actors(env)
    reach = Reach(env)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["model", "rows", *actors])
    for name in sorted({*twin.our_models(env), *twin.CORE}):
        rows = {scope: [] for scope in ("own", "other", "municipality")}
        for user in actors.values():
            for scope, cell in _cells(env, reach, name, user).items():
                rows[scope].append(cell)
        writer.writerows([name, scope, *cells] for scope, cells in rows.items() if any(cells))
    return out.getvalue()


def missing_groups(env):
    """External ids of groups of our addons that have no column."""
    ours = twin.own_modules(env)
    known = {*GROUPS, "pos_circuit.group_merchant_cashier"}
    data = env["ir.model.data"].search([("model", "=", "res.groups"), ("module", "in", list(ours))])
    return sorted({row.complete_name for row in data} - known)


def _actors(env):
    """Users by the name of their column: the demo's people, and one user for each group alone."""
    users = env["res.users"].with_context(no_reset_password=True, active_test=False)
    town = env["circuit.circuit"].search([], order="id", limit=1).company_id
    shop = users.search([("login", "=", "alimentari")]).merchant_id

    def new(login, group, **more):
        return users.create(
            {
                "name": login,
                "login": login,
                "group_ids": [Command.set(env.ref(group).ids)],
                "company_id": town.id,
                "company_ids": [Command.set(town.ids)],
                **more,
            }
        )

    actors = {
        "public": env.ref("base.public_user"),
        "portal": new("matrix.portal", "base.group_portal"),
        "citizen": users.search([("login", "=", "mario.rossi")]),
        "merchant": new("matrix.merchant", "base.group_portal", merchant_id=shop.id),
        "cashier": users.search([("login", "=", "alimentari")]),
    }
    actors |= {name: new(f"matrix.{name}", group) for group, name in GROUPS.items()}
    operator = env["circuit.circuit"].search([("operator_id", "!=", False)], limit=1).operator_id
    actors["operator"].partner_id.parent_id = operator
    actors["admin"] = env.ref("base.user_admin")
    env.flush_all()
    return actors


def _cells(env, reach, name, user):
    """{whose rows: letters} of one model for one user; "" where there is nothing to tell apart."""
    as_user = env[name].with_user(user).with_context(active_test=False)
    allowed = {letter: as_user.browse().has_access(operation) for letter, operation in OPERATIONS.items()}
    if env[name]._transient:
        owned_by = _wizards(env, name, user)
        own, other = _letters(owned_by(user.id), allowed), _letters(owned_by(env.uid), allowed)
        return {"own": own, "other": other, "municipality": ""}
    # a view may number its rows by what invented ones do not have
    records = env[name].sudo().with_context(active_test=False).search([]).filtered("id")
    municipality = records.filtered(reach.is_copy)
    own = (records - municipality).filtered(lambda record: reach.is_own(record, user))
    other = records - municipality - own
    return {
        scope: _letters(rows.with_user(user), allowed) if rows else ""
        for scope, rows in (("own", own), ("other", other), ("municipality", municipality))
    } | ({} if own else {"own": _untried(allowed)})


def _untried(allowed):
    letters = "".join(letter for letter in allowed if allowed[letter])
    return f"({letters})" if letters else "-"


def _wizards(env, name, user):
    """A function that hands the planted wizard to a user and returns it as `user` sees it."""
    row = env[name].sudo().search([], order="id", limit=1)

    def owned_by(owner):
        env.cr.execute(SQL("UPDATE %s SET create_uid = %s WHERE id = %s", SQL.identifier(row._table), owner, row.id))
        row.invalidate_recordset()
        return row.with_user(user)

    return owned_by


def _letters(records, allowed):
    letters = (letter for letter, operation in OPERATIONS.items() if allowed[letter] and _some(records, operation))
    return "".join(letters) or "-"


def _some(records, operation):
    return bool(records._filtered_access(operation))


class Reach:
    """Whose a row is: which contacts it leads to."""

    def __init__(self, env):
        self.env = env
        self.models = {*twin.our_models(env), *twin.CORE}
        self.found = {}
        self.own_partners = {}
        self.companies = set(env["res.company"].sudo().search([]).partner_id.ids)

    def is_copy(self, record):
        """Whether the row is the other municipality's: copied, or the login and company that came with it."""
        if not record._auto and record.company_id:  # a view may count its rows in a way of its own
            return record.company_id.name.startswith(MARK)
        return record.id >= OFFSET

    def is_own(self, record, user):
        """Whether the row is the user's own; whoever works for the municipality owns all of its rows."""
        partners = self._partners(user)
        if partners is None:
            return True
        owners = self.owners(record)
        return not owners or bool(owners & partners)

    def _partners(self, user):
        if user.id not in self.own_partners:
            self.own_partners[user.id] = self._find_partners(user.sudo())
        return self.own_partners[user.id]

    def _find_partners(self, user):
        if user.merchant_id:
            return {user.merchant_id.id, user.partner_id.id}
        if user.citizen_id:
            family = user._citizen_households()
            members = self.env["family.household.member"].sudo().search([("household_id", "in", family.ids)])
            return {user.partner_id.id, *family.ids, *members.person_id.ids}
        outsider = user.has_group("base.group_portal") or user.has_group("base.group_public")
        return {user.partner_id.id} if outsider else None

    def owners(self, record, depth=0):
        """Ids of the merchants, households and people a row leads to (not companies)."""
        key = (record._name, record.id)
        if key not in self.found:
            self.found[key] = self._find_owners(record, depth)
        return self.found[key]

    def _find_owners(self, record, depth):
        if record._name == "res.partner":
            return set(record.ids) - self.companies
        owners = set()
        for name, field in record._fields.items() if depth < DEPTH else ():
            if not field.store or name in NEVER_FOLLOWED:
                continue
            target = None
            if field.type == "many2one" and field.comodel_name in self.models:
                target = record[name]
            elif field.type == "many2one_reference" and record[field.model_field] in self.models:
                target = self.env[record[field.model_field]].sudo().browse(record[name]).exists()
            if target:
                owners |= self.owners(target, depth + 1)
        return owners
