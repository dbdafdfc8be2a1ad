"""Wait until the server, or a page, does what a test waits for."""

import time

from playwright.sync_api import TimeoutError as TooLong

REST = 5_000


def waiting(server, seconds=30, count=1):
    """Wait until so many statements of the server wait for a lock.

    Raises AssertionError when they do not in time.
    """
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        if server.sql(query)[0][0] >= count:
            return
        time.sleep(0.05)
    raise AssertionError(f"no {count} statements wait for a lock")


def at_rest(page):
    """Wait until a page asks for nothing more.

    A page that listens to the bus keeps its worker's request open for ever: it has REST milliseconds.
    """
    page.wait_for_load_state("load")
    try:
        page.wait_for_load_state("networkidle", timeout=REST)
    except TooLong:
        # its own figures have been asked for by now
        return
