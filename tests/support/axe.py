"""What axe finds on a page."""

import json

from support.server import ROOT

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
#: WCAG 2.1 AA, what AGID asks for, and axe's own best practices.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]


def violations(page, inside=None):
    """What axe finds on the page, or inside the first element of a selector, one line each."""
    if not page.evaluate("!!window.axe"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    options = json.dumps({"runOnly": RULES})
    where = f"document.querySelector({json.dumps(inside)})" if inside else "document"
    found = page.evaluate(f"axe.run({where}, {options}).then((result) => result.violations)")
    return [f"{one['id']}: {one['help']}: {node['target']}" for one in found for node in one["nodes"]]
