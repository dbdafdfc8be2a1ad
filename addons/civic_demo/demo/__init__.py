"""Corleto Perticara's Family Card, built through the same doors as in real life.

Everything a visitor sees was made by the addons themselves: merchants by the
onboarding wizard, credit by credit runs, purchases by the till service. Only
the clock is turned back while that happens (see ``clock``).
"""

import random

from . import (
    applicants,
    circuit,
    company,
    coupons,
    households,
    newsagent,
    portal,
    program,
    public,
    story,
    suspects,
    users,
    vouchers,
)
from .seasons import season

#: The same demo on the same day, wherever it is installed.
SEED = 20240205


def build(env, now=None):
    """Fill an empty database with the demo.

    :param env: superuser environment.
    :param now: UTC instant to build it for, now when empty.
    """
    calendar = season(now)
    company.set_up(env)
    env = env(context={**env.context, "lang": company.LANG, "tz": company.TZ, "tracking_disable": True})
    shops = circuit.open_circuit(env, calendar)
    newsagent.open_newsstand(env, shops.circuit, calendar)
    public.publish(env, shops, calendar)
    programme = program.open_program(env, calendar, shops.circuit)
    families = households.register(env, calendar)
    users.create_users(env, shops.circuit, families)
    portal.publish(env, calendar, programme)
    suspects.act(story.replay(env, calendar, programme, shops, families, random.Random(SEED)))
    vouchers.open_vouchers(env, calendar)
    applicants.apply(env, calendar, programme)
    applicants.explain(env, calendar, families)
    coupons.open_circuit(env, calendar)
