"""Everybody asks for everything (support/crawler.py), and nobody sees what is somebody else's."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from support import crawler
from support.marks import OFFSET
from support.server import OdooServer

PERSONAS = ("public,citizen,other citizen,merchant,cashier,employee,operator,officer,manager,other municipality").split(
    ","
)


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """(server, facts): the demo with a second municipality beside it."""
    server = OdooServer(tmp_path_factory.mktemp("crawler"))
    known = crawler.facts(server)
    with server:
        yield server, known


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
        " AND relname ~ '^(family_|circuit_|stored_value_|sms_|pos_)' ORDER BY 1"
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
