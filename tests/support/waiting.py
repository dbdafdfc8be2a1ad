"""Wait until the server does what a test waits for."""

import time


def waiting(server, seconds=30):
    """Wait until a statement of the server waits for a lock.

    Raises AssertionError when none does in time.
    """
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        if server.sql(query) != [(0,)]:
            return
        time.sleep(0.05)
    raise AssertionError("nothing waits for a lock")
