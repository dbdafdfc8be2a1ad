"""announce.py URL PID [LOGINS]: waits until Odoo answers, then prints where it is and who may log in.

Gives up quietly when the process PID (Odoo) ends.
"""

import os
import sys
import time
import urllib.request
from pathlib import Path


def answers(url):
    """Tell whether Odoo at `url` is healthy."""
    try:
        with urllib.request.urlopen(f"{url}/web/health", timeout=5) as reply:  # noqa: S310 - our own loopback address
            return reply.status == 200
    except OSError:
        return False


def alive(pid):
    """Tell whether a process still runs."""
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True


def banner(url, logins):
    """Return the text that tells a newcomer where to go."""
    text = f"\n  Civic Circuit is ready:  {url}\n"
    if logins and logins.exists():
        text += "\n" + "".join(f"  {line}\n" for line in logins.read_text(encoding="utf-8").splitlines())
    return text + "\n  Ctrl-C stops it; ./civic stop also stops the database.\n"


def main(arguments):
    """Wait and print; returns the exit code."""
    url, pid, *rest = arguments
    while alive(int(pid)):
        if answers(url):
            print(banner(url, Path(rest[0]) if rest else None), flush=True)
            return 0
        time.sleep(0.3)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
