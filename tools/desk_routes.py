"""The page of the desk's addresses: who may open each, as the route table says and the crawler tries.

Run: ``python tools/desk_routes.py`` writes ``docs/desk-routes.md``.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests" / "desk"))
PAGE = ROOT / "docs" / "desk-routes.md"
_HEAD = """\
# The addresses of the desk

Every entry of the route table, with who may open it. The test of noninterference asks each of them of two
desks that differ in everything that a guest may not see, as that guest by session and by token and as nobody,
and compares every byte; how it does that stands in [The desk](desk.md#what-a-guest-cannot-tell). This page is
made by `tools/desk_routes.py`, and a test holds it to the route table.
"""


def page() -> str:
    """The page, out of the route table."""
    from crawl import Address, table

    from overflight.desk.access import GRANTS
    from overflight.desk.app import create_app
    from overflight.desk.rooms import open_rooms
    from overflight.settings import Settings

    def who(one: Address) -> str:
        if not one.actions:
            return "anybody"
        return ", ".join(role.value for role, grants in GRANTS.items() if one.actions <= grants)

    with tempfile.TemporaryDirectory() as home:
        rooms = open_rooms(Settings(home=Path(home)))
        try:
            found = table(create_app(rooms, secret=b"of no desk" * 4))
        finally:
            rooms.close()
    rows = [f"| `{one.path}` | {', '.join(sorted(one.methods))} | {who(one)} |" for one in found]
    guest = sum(1 for one in found if one.actions and one.for_guests)
    count = f"{len(found)} entries; {guest} of them are for guests."
    return "\n".join([_HEAD, count, "", "| address | methods | for |", "|---|---|---|", *rows, ""])


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
