"""The whole run is searched for PINs and fiscal codes (support/leaks.py): here the search itself is put to the test."""

import pytest
from support import database, leaks
from support.server import OdooServer

CODE = "RSSMRA85T10A562S"
LINE = "2026-11-22 18:47:24,050 8126 WARNING db odoo.addons.family_card.models.x: "


@pytest.fixture(scope="module")
def copy():
    """A copy of the demo, to be spoilt."""
    name = database.create_copy()
    yield name
    database.drop(name)


@pytest.mark.parametrize(
    "told",
    [
        "PIN 31974 of the card",
        "wrong pin: 31974",
        '{"pin": "31974"}',
        "new_pin=31974",
        "secret 48213 refused",
        f"card of {CODE}",
        f"GET /family-card/balance?code={CODE}",
        "RSSMRA85T10A56NH",
        f"POST identifier=CC1.{'A7' * 26}",
        f"Authorization: Bearer cck_Ab3dE6gH_{'x' * 40}",
    ],
)
def test_a_line_that_tells_a_secret_is_found(told):
    """R-004-74, R-004-101: and the finding itself does not repeat it."""
    found = leaks.in_text(f"{LINE}quiet\n{LINE}{told}\n")

    assert len(found) == 1
    assert "31974" not in found[0]
    assert CODE not in found[0]


@pytest.mark.parametrize(
    "harmless",
    ["31974 rows", "PIN 5", "PIN of 5 digits, 31974 cards", "RSSMRA85T10A562", "session 1482130 opened", "RSS•••••62S"],
)
def test_what_only_looks_like_one_is_not(harmless):
    """No false alarm by chance: five digits alone are a process, an amount, a post code."""
    assert leaks.in_text(LINE + harmless) == []


@pytest.mark.parametrize(
    ("table", "column", "text"),
    [
        ("mail_message", "body", f"<p>Card of {CODE}</p>"),
        ("mail_message", "body", "<p>The PIN is 31974</p>"),
        ("sms_outbox", "body", "Your PIN: 31974"),
        ("res_partner", "comment", f"<p>{CODE}</p>"),
        ("ir_config_parameter", "value", "48213"),
    ],
)
def test_a_row_that_tells_a_secret_is_found(copy, table, column, text):
    """R-004-74, R-004-101: any table, any column of words, outside those of secrets_allowed.csv."""
    assert leaks.of_run(copy, []) == []
    [(row, before)] = database.execute(copy, f"SELECT id, {column} FROM {table} ORDER BY id LIMIT 1")

    database.execute(copy, f"UPDATE {table} SET {column} = %s WHERE id = %s", [text, row])
    found = leaks.of_run(copy, [])
    database.execute(copy, f"UPDATE {table} SET {column} = %s WHERE id = %s", [before, row])

    assert len(found) == 1
    assert f"{table}.{column} of 1 rows" in found[0]


def test_a_pin_repeated_without_its_name_is_found(copy):
    """R-004-74: the PINs that wait for sending are looked for by value in every message."""
    [(pin, message)] = database.execute(
        copy,
        "SELECT substring(secret_body from 'PIN ([0-9]+)'), (SELECT min(id) FROM mail_message)"
        " FROM sms_outbox WHERE secret_body IS NOT NULL LIMIT 1",
    )

    database.execute(copy, "UPDATE mail_message SET subject = %s WHERE id = %s", [f"told {pin} again", message])
    found = leaks.messages_with(copy)
    database.execute(copy, "UPDATE mail_message SET subject = NULL WHERE id = %s", [message])

    assert found == ["pin in mail_message.subject of 1 rows"]


def test_every_server_of_the_run_is_searched_when_it_stops(tmp_path):
    """A test that made the server write a secret fails, whatever it asserted itself."""
    server = OdooServer(tmp_path)
    server.log.write_text(f"{LINE}PIN 31974\n")

    with pytest.raises(AssertionError, match="secrets where none belong"):
        server.__exit__(None, None, None)


def test_every_exception_has_its_reason():
    """The list of columns in which secrets may stand."""
    assert all(len(reason) > 15 for reason in leaks.allowed().values())
