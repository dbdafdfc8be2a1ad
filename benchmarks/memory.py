"""B14: what the workers' memory does over many authorisations."""

from pathlib import Path

from . import charge, load
from .cpu import odoo_processes

WARM_UP = 1000


def measure(stage, options):
    """Charge, and read the resident memory of the server's processes before and after.

    :return: (metrics, runs)
    """
    request, tills = charge.authorise(stage.town), stage.tills[:4]

    def share(charges):
        def plan(client):
            for _time in range(charges // len(tills)):
                yield load.ask(client, request, charge.word)

        return plan

    load.measure(stage.server, tills, share(WARM_UP))
    sizes, runs = [_resident(stage.server)], []
    for part in range(4):
        run = load.measure(stage.server, tills, share(options.charges // 4))
        charge.all_good("authorise", run)
        sizes.append(_resident(stage.server))
        runs.append({"part": part, "resident": sizes[-1], **run._asdict()})
    metrics = {
        "growth": round(sizes[-1] / sizes[0] - 1, 4),
        "growth_last_quarter": round(sizes[-1] / sizes[-2] - 1, 4),
        "resident_mb": round(sizes[-1] / 2**20, 1),
        "charges": sum(run["requests"] for run in runs),
    }
    return metrics, runs


def _resident(server):
    """Bytes of memory that the server's processes have for themselves."""
    total = 0
    for pid in odoo_processes(server.process.pid):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        total += sum(int(line.split()[1]) for line in lines if line.startswith(("Private_Clean", "Private_Dirty")))
    return total * 1024
