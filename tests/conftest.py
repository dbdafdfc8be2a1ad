"""For every test: a browser test that cannot run has failed."""

import os

import pytest

pytest_plugins = []


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """Turn a skip into a failure: what was skipped proves nothing (the marker `may_skip` is not known here)."""
    outcome = yield
    report = outcome.get_result()
    if report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, which counts as a failure: {report.longrepr}"


@pytest.fixture(scope="session")
def chromium():
    """The path of the Chromium that ./civic found."""
    path = os.environ.get("CHROMIUM")
    assert path, "no Chromium: run these tests with ./civic test e2e"
    return path
