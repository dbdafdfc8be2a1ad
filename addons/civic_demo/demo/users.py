"""Who logs in; ``LOGINS.txt`` says the same to the reader."""

from odoo import Command

from . import company as companies

STAFF = (
    ("ufficio", "Lucia Grieco (ufficio Family Card)", ("family_card.group_officer",)),
    ("responsabile", "Rocco Abate (responsabile)", ("family_card.group_manager", "merchant_circuit.group_manager")),
)


def create_users(env, circuit, families):
    """Create the staff, the operator's user and the citizen; passwords equal logins.

    :param circuit: circuit.circuit, whose operator gets a user.
    :param families: dict of Family; the first one's head gets the portal.
    """
    internal = env.ref("base.group_user")
    company = circuit.company_id
    for login, name, groups in STAFF:
        _create(
            env,
            company,
            login,
            {
                "name": name,
                "group_ids": [Command.set([internal.id, *(env.ref(group).id for group in groups)])],
            },
        )
    operator = _create(
        env,
        company,
        "gestore",
        {
            "name": "Anna Telesca (gestore operativo)",
            "group_ids": [Command.set([internal.id, env.ref("merchant_circuit.group_officer").id])],
        },
    )
    operator.partner_id.parent_id = circuit.operator_id
    _create(
        env,
        company,
        "mario.rossi",
        {
            "partner_id": families["h01"].head.id,
            "group_ids": [Command.set(env.ref("base.group_portal").ids)],
        },
    )


def _create(env, company, login, vals):
    return (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create(
            {
                "login": login,
                "password": login,
                "lang": companies.LANG,
                "tz": companies.TZ,
                "company_id": company.id,
                "company_ids": [Command.set(company.ids)],
                **vals,
            }
        )
    )
