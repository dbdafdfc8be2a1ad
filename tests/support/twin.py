"""Runs inside Odoo's shell: a second municipality, row by row a copy of the first, in which every text is marked.

Whatever one municipality has, the other has too: a household, a card, a lot, a transaction, a message. Every text of
the copy begins with MARK, so that one word tells that somebody saw what is not theirs. Throw-away databases only:
rows are written past every rule, with triggers off.
"""

from odoo import SUPERUSER_ID
from odoo.tools import SQL

from .marks import MARK, OFFSET

#: Models of Odoo's own that carry our people's data.
CORE = (
    "res.partner res.users res.partner.bank mail.message mail.mail mail.followers mail.notification mail.activity"
    " mail.tracking.value ir.attachment pos.config pos.session pos.order pos.order.line pos.payment sms.sms"
    " sms.tracker account.move account.move.line account.journal bus.bus queue.job ir.logging discuss.channel"
).split()
#: Not copied and not invented: logins are made by the ORM, notifications show in everybody's Discuss, the others belong
#: to nobody.
KEPT = {
    "res.users",
    "mail.notification",
    "bus.bus",
    "ir.logging",
    "account.move",
    "account.move.line",
    "account.journal",
    "queue.job",
}
#: Whom followers are about.
TOLD = {"mail.followers": "partner_id"}
#: Whose the last row is depends on the day on which the demo was made.
VOLATILE = set(
    "circuit.transaction stored.value.entry stored.value.lot family.card.movement sms.outbox sms.sms mail.message".split()
)
#: Texts that programs read.
PROGRAM_TEXTS = {
    "res_field",
    "lang",
    "tz",
    "type",
    "mimetype",
    "checksum",
    "store_fname",
    "message_type",
    "channel",
    "country_code",
}


def own_modules(env):
    """Names of the addons of this repository."""
    website = "https://example.org/civic-circuit"
    return set(env["ir.module.module"].search([("website", "=", website)]).mapped("name"))


def our_models(env):
    """Names of the models that our addons define (not abstract), sorted."""
    ours = own_modules(env)
    return sorted(
        name
        for name, model in env.registry.items()
        if not model._abstract and not model._custom and model._original_module in ours
    )


def build(env):
    """Fill the empty models, then copy the municipality.

    :return: res.company of the copy, with an officer `twin.officer` (password the same)
    """
    env = env(user=SUPERUSER_ID, context={"active_test": False, "tracking_disable": True})
    town = env["circuit.circuit"].search([], order="id", limit=1).company_id
    twin = env["res.company"].create({"name": f"{MARK} Comune gemello"})
    env.flush_all()
    env.cr.execute("SET session_replication_role = replica")
    names = [name for name in [*our_models(env), *CORE] if env[name]._auto]
    stored = [name for name in names if not env[name]._transient]
    for name in _parents_first(env, names):
        if not env[name].search_count([], limit=1) and name not in KEPT:
            plant(env, name, town, "id")
            plant(env, name, town, "id desc")
    copied = _copied(env, stored)
    _copy_models(env, copied, copied, town, twin)
    # only another company has rows of these
    lacking = [name for name in copied if not env[name].search_count([("id", ">=", OFFSET)], limit=1)]
    for name in lacking:
        plant(env, name, town, "id")
    _copy_models(env, lacking, copied, town, twin)
    for name in copied:
        _copy_relations(env, name, copied)
    env.cr.execute("SET session_replication_role = origin")
    env.invalidate_all()
    env.registry.clear_cache()
    return twin


def _copied(env, names):
    """Models that belong to a municipality: with a company, or below such a model."""
    copied = {name for name in names if "company_id" in env[name]._fields and name not in KEPT}
    copied |= {"mail.message", "mail.mail", "mail.tracking.value", "mail.followers"} & set(names)
    more = True
    while more:
        below = {name for name in names if name not in KEPT and _parents(env[name]) & copied} - copied
        copied |= below
        more = bool(below)
    return sorted(copied)


def _parents_first(env, names):
    """The same models, each after those that its rows cannot be without."""
    found, begun, wanted = [], set(), set(names)

    def visit(name):
        if name not in begun:
            begun.add(name)
            for parent in sorted(_parents(env[name]) & wanted):
                visit(parent)
            found.append(name)

    for name in sorted(names):
        visit(name)
    return found


def _parents(model):
    return {f.comodel_name for f in model._fields.values() if f.type == "many2one" and f.required and f.store}


def _columns(model):
    return {name: f for name, f in model._fields.items() if f.store and f.column_type and name in model._fields}


def plant(env, name, company, order):
    """Insert one invented row into a model's table, whatever its rules say.

    :param str order: "id" makes a row of the first shop, household …, "id desc" one of the last
    """
    model = env[name]
    references = {f.model_field for f in model._fields.values() if f.type == "many2one_reference"}
    row = {}
    for column, field in _columns(model).items():
        value = _invented(env, model, field, company, column in references, order)
        if column != "id" and value is not None:
            row[column] = value
    env.cr.execute("SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'c'", [model._table])
    for (constraint,) in env.cr.fetchall():
        env.cr.execute(SQL("ALTER TABLE %s DROP CONSTRAINT %s", _name(model._table), _name(constraint)))
    columns = SQL(", ").join(map(_name, row))
    insert = "INSERT INTO %s (%s) VALUES %s ON CONFLICT DO NOTHING"
    env.cr.execute(SQL(insert, _name(model._table), columns, tuple(row.values())))


def _invented(env, model, field, company, is_reference, order):
    if is_reference:
        return "res.partner"
    if field.type == "many2one":
        if field.comodel_name == "res.company":
            return company.id
        if field.comodel_name == "res.users":
            return SUPERUSER_ID
        if field.comodel_name == "res.partner":
            return _somebody(env, field.name, order)
        volatile = field.comodel_name in VOLATILE
        wanted = field.required or (field.comodel_name in (*our_models(env), *CORE) and not volatile)
        if not wanted:
            return None
        if copies := env[field.comodel_name].search([("id", ">=", OFFSET)], order="id", limit=1):
            return copies.id - OFFSET  # what hangs on a row that has a copy is copied with it
        # two rows may not be about one and the same transaction
        skipped = int(volatile and order != "id")
        return env[field.comodel_name].search([], order="id" if volatile else order, offset=skipped, limit=1).id or None
    if field.type == "selection":
        values = field.get_values(env)
        return values[0] if values else None
    number = 1 if order == "id" else 2
    text = f"{field.name} of {model._name}, {order}"
    simple = {
        "boolean": field.name == "active",
        "integer": number,
        "float": number,
        "monetary": number,
        "date": f"2026-01-0{number}",
        "datetime": f"2026-01-0{number} 00:00:00",
        "many2one_reference": _somebody(env, field.name, order),
        "char": text,
        "text": text,
        "html": text,
        "json": "{}",
    }
    value = simple.get(field.type)
    if field.type in ("char", "text", "html") and field.translate:
        return f'{{"en_US": "{value}"}}'
    return value


def _somebody(env, column, order):
    """Id of a household, a shop or a person, as the name of the column wants."""
    flags = {"household_id": "is_household", "merchant_id": "is_merchant"}
    wanted = [(flags[column], "=", True)] if column in flags else [("l10n_it_codice_fiscale", "!=", False)]
    return env["res.partner"].search([*wanted, ("user_ids", "=", False)], order=order, limit=1).id


def _name(identifier):
    return SQL.identifier(identifier)


def _copy(env, name, copied, town, twin):
    model = env[name]
    references = {f.model_field for f in model._fields.values() if f.type == "many2one_reference"}
    columns = _columns(model)
    values = [_copied_value(env, c, f, copied, twin, c in references) for c, f in columns.items()]
    env.cr.execute(
        SQL(
            "INSERT INTO %s (%s) SELECT %s FROM %s t WHERE %s",
            _name(model._table),
            SQL(", ").join(map(_name, columns)),
            SQL(", ").join(values),
            _name(model._table),
            _rows(env, name, town, copied),
        )
    )


def _rows(env, name, town, copied):
    """Which rows are copied: those of the town; what hangs on another row only with that row."""
    if name == "res.partner":
        return SQL("t.id IN %s", _contacts(env))
    if name in TOLD:
        # a login of the town may follow anything; what is copied are the contacts of the copy
        return SQL("t.id < %s AND t.%s IN %s", OFFSET, _name(TOLD[name]), _contacts(env))
    about = [f for f in env[name]._fields.values() if f.type == "many2one_reference" and f.store and f.model_field]
    if about:
        kind = SQL("t.%s", _name(about[0].model_field))
        here = SQL("t.%s", _name(about[0].name))
        return SQL(
            "t.id < %s AND %s IN %s AND (%s <> 'res.partner' OR %s IN %s)",
            OFFSET,
            kind,
            tuple(copied),
            kind,
            here,
            _contacts(env),
        )
    if "company_id" in env[name]._fields and env[name]._fields["company_id"].store:
        return SQL("(t.company_id IS NULL OR t.company_id = %s) AND t.id < %s", town.id, OFFSET)
    return SQL("t.id < %s", OFFSET)


def _copied_value(env, column, field, copied, twin, is_reference):
    here = SQL("t.%s", _name(column))
    if column == "id":
        return SQL("t.id + %s", OFFSET)
    if field.type == "many2one":
        if field.comodel_name == "res.company":
            return SQL("CASE WHEN %s IS NOT NULL THEN %s END", here, twin.id)
        if field.comodel_name == "res.users":
            # what the copies say of logins is nobody's: a login of the town would find its own rows in them
            return SQL("CASE WHEN %s IS NOT NULL THEN %s END", here, SUPERUSER_ID)
        if field.comodel_name == "account.move" and not field.required:
            return SQL("NULL")  # books are not copied, and one entry belongs to one statement
        return _moved(env, here, field.comodel_name, copied)
    if field.type == "many2one_reference":
        kind = SQL("t.%s", _name(field.model_field))
        return SQL("CASE WHEN %s IN %s THEN %s + %s ELSE %s END", kind, tuple(copied), here, OFFSET, here)
    if field.type in ("char", "text", "html") and not is_reference and column not in PROGRAM_TEXTS:
        if field.company_dependent:
            return here
        if field.translate:
            return SQL(
                "(SELECT jsonb_object_agg(e.key, %s || substr(md5(e.value), 1, 12)) FROM jsonb_each_text(%s) e)",
                MARK,
                here,
            )
        return SQL("CASE WHEN %s <> '' THEN %s || substr(md5(%s), 1, 12) ELSE %s END", here, MARK, here, here)
    return here


def _moved(env, here, comodel, copied):
    """The copy of what a column points to, where there is one."""
    if comodel not in copied:
        return here
    if comodel != "res.partner":
        return SQL("%s + %s", here, OFFSET)
    return SQL("CASE WHEN %s IN %s THEN %s + %s ELSE %s END", here, _contacts(env), here, OFFSET, here)


def _contacts(env):
    """Ids of the town's contacts: households, people and shops, not logins and not what all companies share."""
    town = env["circuit.circuit"].search([("id", "<", OFFSET)], order="id", limit=1).company_id
    logins = env["res.users"].search([]).partner_id
    found = env["res.partner"].search([("company_id", "=", town.id), ("id", "<", OFFSET)]) - logins
    return tuple((found - town.partner_id).ids)


def _copy_models(env, names, copied, town, twin):
    for name in names:
        _copy(env, name, copied, town, twin)
    companies = (town.id, twin.id)
    while any([_prune(env, name, copied, companies) for name in copied]):
        pass


def _prune(env, name, copied, companies):
    """Take copies back that hang on another company's rows, which were not copied.

    :param tuple companies: ids of the town and its copy
    :return: True when there were any
    """
    table = _name(env[name]._table)
    removed = 0
    for column, field in _columns(env[name]).items():
        here = SQL("t.%s", _name(column))
        if field.type == "many2one_reference":
            for kind in copied if field.model_field else ():
                gone = SQL("t.%s = %s AND %s", _name(field.model_field), kind, _missing(env, here, kind))
                removed += _delete(env, table, gone)
        elif field.type == "many2one" and field.comodel_name in copied:
            gone = _missing(env, here, field.comodel_name)
            if field.comodel_name == "res.partner":
                others = SQL("SELECT id FROM res_partner WHERE company_id NOT IN %s", companies)
                gone = SQL("(%s OR t.id >= %s AND %s IN (%s))", gone, OFFSET, here, others)
            if field.required:
                removed += _delete(env, table, gone)
            else:
                env.cr.execute(SQL("UPDATE %s t SET %s = NULL WHERE %s", table, _name(column), gone))
                removed += env.cr.rowcount
    return bool(removed)


def _missing(env, here, model):
    """SQL: a column points to a copy that there is not."""
    target = _name(env[model]._table)
    return SQL("%s >= %s AND NOT EXISTS (SELECT FROM %s o WHERE o.id = %s)", here, OFFSET, target, here)


def _delete(env, table, where):
    env.cr.execute(SQL("DELETE FROM %s t WHERE t.id >= %s AND %s", table, OFFSET, where))
    return env.cr.rowcount


def _copy_relations(env, name, copied):
    tables = {model._table for model in env.registry.values()}
    for field in env[name]._fields.values():
        if (
            field.type != "many2many"
            or field.relation in tables
            or not field.store
            or not field.relation
            or field.model_name != name
        ):
            continue
        one, other = _name(field.column1), _name(field.column2)
        env.cr.execute(
            SQL(
                "INSERT INTO %s (%s, %s) SELECT %s, %s FROM %s t WHERE t.%s < %s AND EXISTS"
                " (SELECT FROM %s o WHERE o.id = t.%s + %s) ON CONFLICT DO NOTHING",
                _name(field.relation),
                one,
                other,
                SQL("t.%s + %s", one, OFFSET),
                _moved(env, SQL("t.%s", other), field.comodel_name, copied),
                _name(field.relation),
                one,
                OFFSET,
                _name(env[name]._table),
                one,
                OFFSET,
            )
        )
