"""The food voucher of the demo (after the model of Lecce) at the till, in a browser (issue 3, "Must be shown" 3)."""

from decimal import Decimal

import pytest
from playwright.sync_api import expect
from support.pos_page import Till, send_messages

expect.set_options(timeout=20_000)

CASHIER = "supermercato"
BENEFICIARY = "GRCNNA58C54Z999E"
SPENT = Decimal("23.40")


def residual(sql):
    """What is left on the voucher, EUR."""
    [(balance,)] = sql(
        "select a.balance::text from stored_value_account a join family_card c on c.id = a.card_id"
        " where c.fiscal_code = %s",
        [BENEFICIARY],
    )
    return Decimal(balance)


def italian(amount):
    """126.60 as 126,60."""
    return f"{amount:.2f}".replace(".", ",")


@pytest.mark.timeout(300)
@pytest.mark.parametrize("is_phone", [False, True], ids=["desktop", "phone"])
def test_a_voucher_pays_when_both_documents_were_seen(server, new_page, login, screenshot, is_phone):
    """R-001-12, R-001-14, R-001-15, R-001-16, S4: without both confirmations refused, with both paid, and the SMS tells
    the residual credit; no PIN is asked for."""
    suffix = "phone" if is_phone else "desktop"
    before = residual(server.sql)
    left = italian(before - SPENT)
    shop = new_page(server, phone=is_phone)
    login(shop, CASHIER, CASHIER)
    till = Till(shop, is_phone)
    till.open()
    till.sell("23,4")
    till.choose_method(0)
    till.scan(BENEFICIARY)
    popup = shop.locator(".circuit-popup")
    expect(popup.locator(".circuit-secret")).to_have_count(0)

    shop.get_by_label("Tessera sanitaria esibita").check()
    shop.locator(".circuit-confirm").click()
    expect(shop.locator(".circuit-refusal")).to_contain_text("documento di identità")
    assert residual(server.sql) == before
    screenshot(shop, f"lecce-refused-{suffix}")

    shop.get_by_label("Documento di identità esibito").check()
    screenshot(shop, f"lecce-documents-{suffix}")
    till.authorize()
    expect(shop.locator(".circuit-line-note")).to_contain_text(left)
    till.validate()
    expect(shop.locator(".pos-receipt")).to_contain_text("Buono spesa")
    expect(shop.locator(".pos-receipt")).not_to_contain_text(BENEFICIARY)
    screenshot(shop, f"lecce-receipt-{suffix}")

    assert italian(residual(server.sql)) == left
    send_messages(server)
    [(text,)] = server.sql(
        "select o.body from sms_outbox o join family_card c on c.phone = o.number where c.fiscal_code = %s"
        " order by o.id desc limit 1",
        [BENEFICIARY],
    )
    assert text == (
        f"Comune di Corleto Perticara: buono spesa usato EUR {italian(SPENT)} da Market Sud."
        f" Credito residuo EUR {left}."
    )
    [(health_card, identity, login_of_cashier)] = server.sql(
        "select t.health_card_seen, t.identity_seen, u.login from circuit_transaction t join res_users u on u.id = t.user_id"
        " join family_card c on c.id = t.instrument_id where c.fiscal_code = %s order by t.id desc limit 1",
        [BENEFICIARY],
    )
    assert (health_card, identity, login_of_cashier) == (True, True, CASHIER)
