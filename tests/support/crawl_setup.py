"""Runs inside Odoo's shell: what the crawler needs to know — who logs in, every address, whose words are whose.

The database gets a second municipality (support/twin.py) whose every text is marked, so that most of what must not be
seen needs no list. Prints one JSON line.
"""

import json
import re

from odoo import Command

from . import twin
from .marks import MARK, OFFSET

#: Tables and columns that anybody may read: the public list of shops, the programmes and their documents.
PUBLIC = (
    "SELECT unnest(array[name, complete_name, shop_name, shop_phone, shop_code, shop_description, shop_hours,"
    " street, street2, zip, city, website, phone, email, ref]) FROM res_partner WHERE is_merchant",
    "SELECT name FROM res_company",
    "SELECT unnest(array[name, email, phone]) FROM res_partner WHERE id IN (SELECT partner_id FROM res_company)",
    # the catalogue of coupons, and where they are spent
    "SELECT unnest(array[name::text, description::text]) FROM ecoupon_campaign"
    " WHERE area = 'public' AND state = 'published'",
    "SELECT unnest(array[name, street, zip, city, url]) FROM circuit_place",
    "SELECT text::text FROM ecoupon_join_terms",
)
PUBLIC_MODELS = (
    "circuit.circuit circuit.offer circuit.agreement family.card.program family.card.document family.card.help"
    " family.card.terms family.card.act family.privacy.notice family.card.application.window"
).split()
#: Never shown to anybody, whoever asks.
SECRETS = (
    "SELECT pin_hash, pin_salt FROM family_card",
    "SELECT nonce, digest FROM ecoupon_coupon",
    "SELECT secret FROM ecoupon_entitlement_key",
    "SELECT digest FROM ecoupon_wallet_code",
    "SELECT token FROM ecoupon_consent",
)


def build(env):
    """Make the second municipality and the logins that the demo lacks; commit and print the facts."""
    municipality = twin.build(env)
    facts = {
        "personas": _personas(env, municipality),
        "routes": _routes(env),
        "models": _models(env),
        "reports": env["ir.actions.report"]
        .search([("model", "in", twin.our_models(env))])
        .mapped(lambda report: [report.report_name, report.model]),
        "ids": _ids(env),
        "public": _public(env),
        "hashes": _hashes(env),
    }
    env.cr.commit()
    print("CRAWL " + json.dumps(facts))


def _personas(env, municipality):
    users = env["res.users"].with_context(no_reset_password=True, active_test=False)
    shop = users.search([("login", "=", "alimentari")]).merchant_id
    other_shop = users.search([("login", "=", "bar")]).merchant_id
    town = shop.company_id

    def new(login, company, group, **more):
        values = {"name": login, "login": login, "password": login, "group_ids": [Command.set(env.ref(group).ids)]}
        return users.create({**values, "company_id": company.id, "company_ids": [Command.set(company.ids)], **more})

    new("crawl.merchant", town, "base.group_portal", merchant_id=other_shop.id)
    new("crawl.employee", town, "base.group_user")
    new("crawl.region", town, "ecoupon.group_region")
    new("crawl.twin", municipality, "family_card.group_manager")
    people = _people(env)
    kinds = {
        "public": None,
        "citizen": "mario.rossi",
        "other citizen": "elena.marino",
        "merchant": "crawl.merchant",
        "cashier": "alimentari",
        "employee": "crawl.employee",
        "operator": "gestore",
        "region": "crawl.region",
        "officer": "ufficio",
        "manager": "responsabile",
        "other municipality": "crawl.twin",
    }
    found = {}
    for kind, login in kinds.items():
        user = users.search([("login", "=", login)]) if login else env.ref("base.public_user")
        open_models = [name for name in env.registry if env[name].with_user(user).has_access("read")]
        found[kind] = {"login": login, "open": open_models, "restricted": _restricted(env, user)}
        found[kind]["plain"] = _plain(env, user)
        found[kind] |= _words(env, kind, user, people)
    return found


def _people(env):
    """{household id: words that are theirs}: codes, names, telephones, numbers of cards and applications."""
    words = {}
    for card in env["family.card"].search([("id", "<", OFFSET)]):
        words.setdefault(card.household_id.id, set()).update({card.number, card.phone, card.fiscal_code})
    members = env["family.household.member"].search([("id", "<", OFFSET)])
    logins = {_letters(name) for name in env["res.users"].search([]).mapped("name")}
    for member in members:
        person = member.person_id
        words.setdefault(member.household_id.id, set()).update(
            {person.l10n_it_codice_fiscale, person.phone, person.email, person.name}
        )
    return {
        household: {word for word in theirs if word and len(word) > 8 and _letters(word) not in logins}
        for household, theirs in words.items()
    }


def _letters(word):
    return re.sub(r"\W", "", word or "").lower()


def _words(env, kind, user, people):
    """What this persona must not see of its own municipality, and whether the other one's marks are theirs."""
    if kind in ("officer", "manager"):
        return {"secrets": [], "own_mark": False}
    own = user._citizen_households().ids if user.has_group("base.group_portal") else []
    secrets = {word for household, words in people.items() if household not in own for word in words}
    secrets -= {word for household in own for word in people.get(household, ())} | _declared(env, user)
    if kind == "other municipality":
        # whoever has a login may apply there too, and the crawler does
        logins = env["res.users"].search([("citizen_id", "!=", False)])
        secrets -= {word for user in logins for home in user._citizen_households() for word in people.get(home.id, ())}
    transactions = env["circuit.transaction"].search([("id", "<", OFFSET)])
    if kind in ("merchant", "cashier"):
        transactions = transactions.filtered(lambda line: line.merchant_id != user.merchant_id)
    if kind == "region":
        transactions = transactions.browse()
        # whom the Region rewards it knows
        secrets -= set(env["ecoupon.wallet"].search([("id", "<", OFFSET)]).partner_id.mapped("name"))
    if kind == "operator":
        transactions = transactions.browse()
        # who reports a shop to the operator writes their name for the operator
        secrets -= set(env["circuit.complaint"].search([("id", "<", OFFSET)]).mapped("reporter_name"))
    if own:
        cards = env["family.card"].search([("household_id", "in", own)])
        transactions = transactions.filtered(
            lambda line: line.instrument_model != "family.card" or line.instrument_id not in cards.ids
        )
    return {"secrets": sorted(secrets | set(transactions.mapped("key"))), "own_mark": kind == "other municipality"}


def _declared(env, user):
    """What the user has written into applications of their own."""
    applications = env["family.card.application"].search([("applicant_user_id", "=", user.id), ("id", "<", OFFSET)])
    declared = [*applications, *applications.member_ids]
    return {row[name] for row in declared for name in ("name", "fiscal_code", "phone") if row._fields.get(name)}


def _restricted(env, user):
    """{model: its fields that the user may not read} of the models that carry our data."""
    found = {}
    for name in sorted({*twin.our_models(env), *twin.CORE}):
        model = env[name].with_user(user)
        fields = [
            field.name
            for field in model._fields.values()
            if field.store and field.groups and not user.has_groups(field.groups)
        ]
        if fields and model.has_access("read"):
            found[name] = fields
    return found


def _plain(env, user):
    """{model: its fields that lead nowhere} of the models that carry our data, as far as the user may read them."""
    found = {}
    for name in sorted({*twin.our_models(env), *twin.CORE}):
        if env[name].with_user(user).has_access("read"):
            fields = [f for f in env[name]._fields.values() if not f.relational and f.store and f.type != "binary"]
            found[name] = [f.name for f in fields if not f.groups or user.has_groups(f.groups)]
    return found


def _routes(env):
    ours = twin.own_modules(env)
    found = []
    for rule in env["ir.http"].routing_map().iter_rules():
        routing, module = rule.endpoint.routing, rule.endpoint.func.__module__.split(".")
        found.append(
            {
                "rule": rule.rule,
                "type": routing.get("type"),
                "methods": routing.get("methods") or ["GET"],
                "auth": routing.get("auth"),
                "ours": len(module) > 2 and module[2] in ours,
            }
        )
    return found


def _models(env):
    """{model: {"relations": {field: comodel}, "ours": bool, "methods": […]}} of all that has rows."""
    ours = {*twin.our_models(env)}
    modules = tuple(f"odoo.addons.{module}." for module in twin.own_modules(env))
    found = {}
    for name, model in env.registry.items():
        if model._abstract:
            continue
        methods = sorted(
            method
            for method in dir(model)
            if not method.startswith("_")
            and callable(function := getattr(model, method, None))
            and (getattr(function, "__module__", None) or "").startswith(modules)
            and not hasattr(env.registry["base"], method)
        )
        relations = {f.name: f.comodel_name for f in model._fields.values() if f.relational and f.store}
        found[name] = {
            "ours": name in ours,
            "carries": name in ours or name in twin.CORE,
            "methods": methods,
            "relations": {field: comodel for field, comodel in relations.items() if comodel in ours},
            "files": [f.name for f in model._fields.values() if f.type == "binary" and f.store],
            "texts": [f.name for f in model._fields.values() if f.store and f.type in ("char", "text")],
        }
    return found


def _ids(env):
    """{model: ids to try}: the first, the last, and of the other municipality."""
    found = {}
    for name in sorted({*twin.our_models(env), *twin.CORE}):
        model = env[name].sudo().with_context(active_test=False)
        here, there = [("id", "<", OFFSET)], [("id", ">=", OFFSET)]
        rows = model.search(here, order="id", limit=1) | model.search(here, order="id desc", limit=2)
        found[name] = [*rows.ids, *model.search(there, order="id", limit=1).ids]
    return found


def _public(env):
    """Marked words that are public all the same."""
    words = set()
    for query in PUBLIC:
        env.cr.execute(query)
        words |= {row[0] for row in env.cr.fetchall()}
    for name in PUBLIC_MODELS:
        model = env[name].with_context(active_test=False)
        texts = [f.name for f in model._fields.values() if f.store and f.type in ("char", "text", "html")]
        words |= {str(value) for row in model.search([]).read(texts) for value in row.values()}
    return sorted({mark for word in words if word for mark in re.findall(rf"{MARK}[0-9a-f]{{12}}", word)})


def _hashes(env):
    found = []
    for query in SECRETS:
        env.cr.execute(query)
        found += [value for row in env.cr.fetchall() for value in row]
    return sorted({str(value) for value in found if value and len(str(value)) > 8})
