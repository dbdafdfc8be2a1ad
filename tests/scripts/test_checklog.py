"""The judge of Odoo's logs."""

import checklog
import pytest

HEAD = "2026-01-02 03:04:05,678 42"
OURS = ["family_card", "stored_value"]


def judged(*lines, install=False):
    return checklog.unclean("\n".join(lines), OURS, install)


def test_a_quiet_log_is_clean():
    assert (
        judged(f"{HEAD} INFO db odoo.modules.loading: 60 modules loaded", "Running as user 'root' is a security risk.")
        == []
    )


@pytest.mark.parametrize("level", ["ERROR", "CRITICAL"])
def test_an_error_of_anybody_fails(level):
    assert judged(f"{HEAD} {level} db odoo.sql_db: bad query: SELECT 1")


def test_a_warning_of_our_addon_fails():
    assert judged(f"{HEAD} WARNING db odoo.addons.family_card.models.family_card: card without holder")


def test_a_warning_about_a_file_of_ours_fails():
    assert judged(f"{HEAD} WARNING db py.warnings: /x/addons/family_card/models/a.py:3: DeprecationWarning: old")


def test_a_warning_whose_later_lines_name_us_fails():
    assert judged(f"{HEAD} WARNING db py.warnings: something", '  File "/x/addons/stored_value/models/a.py", line 2')


def test_a_warning_of_somebody_else_passes_while_tests_run():
    assert judged(f"{HEAD} WARNING db odoo.addons.base.models.ir_cron: slow") == []


def test_a_warning_of_anybody_fails_at_install():
    assert judged(f"{HEAD} WARNING db odoo.modules.loading: The models ['a'] have no access rules", install=True)


def test_an_addon_whose_name_begins_like_ours_is_not_ours():
    assert judged(f"{HEAD} WARNING db odoo.addons.family_cards.models: x") == []


def test_a_retried_serialization_failure_passes():
    assert (
        judged(
            f"{HEAD} ERROR db odoo.sql_db: bad query: UPDATE x",
            "ERROR: could not serialize access due to concurrent update",
        )
        == []
    )


def test_a_traceback_before_logging_is_up_fails():
    assert judged("Traceback (most recent call last):", '  File "x.py", line 1', "ImportError: no")


def test_exit_code_and_message(tmp_path, capsys):
    log = tmp_path / "odoo.log"
    log.write_text(f"{HEAD} ERROR db odoo.http: boom\n")
    assert checklog.main([str(log)]) == 1
    assert "boom" in capsys.readouterr().err
    log.write_text("")
    assert checklog.main([str(log)]) == 0
