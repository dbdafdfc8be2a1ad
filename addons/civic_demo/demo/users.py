"""Who logs in; ``LOGINS.txt`` says the same to the reader."""

from odoo import Command

from . import company as companies

#: Login, name, groups and the screen they start from.
STAFF = (
    (
        "ufficio",
        "Lucia Grieco (ufficio Family Card)",
        ("family_card.group_officer",),
        "family_card.action_family_card",
    ),
    (
        "responsabile",
        "Rocco Abate (responsabile)",
        ("family_card.group_manager", "merchant_circuit.group_manager"),
        "family_card.action_family_card",
    ),
    (
        "ragioneria",
        "Maria Lacava (ragioneria)",
        ("merchant_settlement.group_clerk",),
        "merchant_settlement.action_statement",
    ),
    (
        "gestore",
        "Anna Telesca (gestore operativo)",
        ("merchant_circuit.group_operator",),
        "merchant_circuit.action_transaction",
    ),
)


def create_users(env, circuit, families):
    """Create the staff, the operator's user and the citizen; passwords equal logins.

    :param circuit: circuit.circuit, whose operator gets a user.
    :param families: dict of Family; the first one's head gets the portal.
    """
    internal = env.ref("base.group_user")
    # Newcomers are here for the cards, not for a chat with a robot.
    quiet = {"odoobot_state": "disabled"} if "odoobot_state" in env["res.users"]._fields else {}
    env.ref("base.user_admin").write(quiet)
    for login, name, groups, action in STAFF:
        user = _create(
            env,
            circuit.company_id,
            login,
            {
                "name": name,
                "group_ids": [Command.set([internal.id, *(env.ref(group).id for group in groups)])],
                "action_id": env.ref(action).id,
                **quiet,
            },
        )
        if login == "gestore":
            user.partner_id.parent_id = circuit.operator_id
    citizen = create_citizen(env, circuit.company_id, "mario.rossi", "Mario Rossi")
    citizen.citizen_id = families["h01"].head


def create_citizen(env, company, login, name):
    """A portal login; it belongs to nobody of the registry until the office says so.

    :return: res.users.
    """
    return _create(
        env,
        company,
        login,
        {
            "name": name,
            "email": f"{login}@example.org",
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
