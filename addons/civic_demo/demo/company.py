"""The municipality as an Odoo company."""

import base64
from datetime import date

from odoo.tools import file_open, mute_logger

LANG = "it_IT"
TZ = "Europe/Rome"


def set_up(env):
    """Turn the database's company into the Comune di Corleto Perticara, Italian, in EUR.

    :param env: superuser environment.
    """
    _speak_italian(env)
    company = env.ref("base.main_company")
    with file_open("civic_demo/static/img/logo.png", "rb") as logo:
        image = base64.b64encode(logo.read())
    company.write(
        {
            "name": "Comune di Corleto Perticara",
            "street": "Palazzo degli Uffici comunali",
            "zip": "85012",
            "city": "Corleto Perticara",
            "state_id": env.ref("base.state_it_pz").id,
            "country_id": env.ref("base.it").id,
            "currency_id": env.ref("base.EUR").id,
            "phone": "0971 965701",
            "email": "demo@example.org",
            "website": False,
            "logo": image,
        }
    )
    company.partner_id.lang = LANG
    # Visitors without a language of their own get Italian, at addresses without a prefix.
    env["ir.default"].set("res.partner", "lang", LANG)
    if company.chart_template != "it":
        # Core warns against loading a chart while modules are being installed: what the Italian one
        # needs is loaded, because this addon depends on it.
        with mute_logger("odoo.addons.account.models.chart_template"):
            env["account.chart.template"].with_context(lang=LANG).try_loading("it", company=company, install_demo=False)
    for user in (env.ref("base.user_admin"), env.ref("base.public_user")):
        user.partner_id.write({"lang": LANG, "tz": TZ})


def _speak_italian(env):
    if not env["res.lang"]._get_data(code=LANG):
        env["res.lang"]._activate_lang(LANG)
        env["ir.module.module"].search([("state", "=", "installed")])._update_translations([LANG])


def set_up_books(env, program):
    """Give a programme its accounts, journals and first settlement terms, with the set-up wizard.

    :param program: family.card.program
    """
    env["circuit.account.setup"].create(
        {
            "funder_id": program.funder_id.id,
            "terms_from": date(program.year, 1, 1),
            "terms_department": "Settore Servizi Sociali",
            "terms_stamp_borne_by": "body",
        }
    ).action_apply()
