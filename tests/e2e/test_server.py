"""The ground under every other end-to-end test."""

import pytest


def test_staff_log_in_and_see_the_backend(page, login):
    login(page, "admin", "admin")
    page.wait_for_selector(".o_main_navbar")


def test_a_visitor_is_sent_to_the_login_page(page):
    assert page.goto("/my").status == 200
    assert "/web/login" in page.url


def test_italian_is_there(sql):
    assert sql("select active from res_lang where code = 'it_IT'") == [(True,)]


@pytest.mark.timeout(300)
def test_a_prefork_server_survives_being_killed(make_server):
    server = make_server(workers=2)
    server.kill()
    server.restart()
    assert server.session("admin", "admin").call("res.users", "search_count", [["login", "=", "admin"]]) == 1
