"""Everybody asks for everything (support/crawler.py), and nobody sees what is somebody else's."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from support import crawler, database, leaks
from support.marks import MARK, OFFSET
from support.server import OdooServer, checklog, manifests

PERSONAS = [
    "public",
    "citizen",
    "other citizen",
    "merchant",
    "cashier",
    "employee",
    "operator",
    "region",
    "officer",
    "manager",
    "other municipality",
]
ADDONS = "|".join(manifests.manifests())


def is_ours(record):
    """Whether a record of the log tells of an error that was raised in an addon of ours, or by its logger."""
    files = re.findall(r'File "([^"]+)"', record)
    where = files[-1] if files else record.splitlines()[0].replace(".", "/")
    return bool(re.search(f"/addons/({ADDONS})/", where))


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """(server, facts): the demo with a second municipality beside it.

    Nonsense that is asked of Odoo's own addresses ends in its log as errors; what our addons log is judged.
    """
    server = OdooServer(tmp_path_factory.mktemp("crawler"))
    try:
        known = crawler.facts(server)
        server.start()
        yield server, known
        server.stop()
        found = leaks.of_run(server.db, [server.log])
    finally:
        server.stop()
        database.drop(server.db)
    assert not found, found
    bad = checklog.unclean(server.log.read_text(errors="replace"), list(manifests.manifests()))
    ours = [record for record in bad if is_ours(record)]
    assert not ours, "\n".join(ours)


@pytest.fixture(scope="module")
def crawled(town):
    """{persona: its crawler, done}, and what the other municipality's rows were before and after."""
    server, known = town
    before = state(server)
    crawlers = {persona: crawler.Crawler(server, known, persona) for persona in PERSONAS}
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda one: one.crawl(), crawlers.values()))
    return crawlers, before, state(server)


def state(server):
    """{table: checksum of the other municipality's rows} of our tables."""
    tables = server.sql(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        " AND relname ~ '^(family_|circuit_|stored_value_|sms_|pos_|ecoupon_)' ORDER BY 1"
    )
    found = {}
    for (table,) in tables:
        columns = server.sql("SELECT 1 FROM pg_attribute WHERE attrelid = %s::regclass AND attname = 'id'", [table])
        if columns:
            [(found[table],)] = server.sql(
                f"SELECT md5(string_agg(t::text, '' ORDER BY id)) FROM \"{table}\" t WHERE id >= {OFFSET}"
            )
    return found


@pytest.mark.timeout(600)
@pytest.mark.parametrize("persona", PERSONAS)
def test_nobody_sees_what_is_somebody_elses(crawled, persona):
    """R-004-101, R-004-103, R-003-08, R-000-27: every address and every readable model, as this persona."""
    one = crawled[0][persona]

    assert one.asked > (200 if one.me["login"] else 50), "the crawler has hardly asked anything"
    assert not one.hits, f"{len(one.hits)} hits:\n" + "\n".join(one.hits[:60])


def test_nobody_has_changed_another_municipalitys_rows(crawled):
    """R-003-08: every public method was called with their ids."""
    _crawlers, before, after = crawled

    assert {table for table in before if before[table] != after[table]} == set()


SEEDS = {
    "an access row too many": (
        "citizen",
        "family.card",
        "env['ir.model.access'].create({'name': 'hole', 'model_id': env['ir.model']._get_id('family.card'),"
        " 'group_id': env.ref('base.group_portal').id, 'perm_read': True})",
    ),
    "a record rule that is off": (
        "officer",
        "family.card.application",
        "env.ref('family_card.rule_application_company').active = False",
    ),
    "a field open to everybody": (
        "employee",
        "res.partner",
        "env.ref('family_card.rule_partner_registry').active = False",
    ),
    "a file that is public": (
        "public",
        "ir.attachment",
        "env['ir.attachment'].browse(FILE).write("
        f"{{'public': True, 'raw': b'{MARK}0123456789ab', 'mimetype': 'text/plain'}})",
    ),
}


@pytest.mark.parametrize("seed", SEEDS)
def test_a_hole_made_on_purpose_is_found(town, crawled, seed):
    """The crawler sees what is there to be seen: each hole, in a database of its own making, gives hits."""
    server, known = town
    persona, model, hole = SEEDS[seed]
    assert not crawled[0][persona].hits
    hole = hole.replace("FILE", str(known["ids"]["ir.attachment"][-1]))
    server.shell(f"{hole}; env.cr.commit(); env.registry.signal_changes()")
    only = {**known, "models": {model: known["models"][model]}}

    one = crawler.Crawler(server, only, persona)
    one.models()
    one.files()

    assert one.hits
