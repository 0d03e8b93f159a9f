"""Pictures of every page: light, dark, and at the width of a phone; with a count of what axe finds in each.

Run: ``python tools/desk_pictures.py FOLDER [NAME ...]``, with names such as ``case`` or ``case-dark``. Needs
Chromium and what the tests need.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, sync_playwright

from desk_pages import furnished, pages, reading_as
from overflight.desk import parts
from overflight.desk.server import serving

LOOKS = {
    "light": {"color_scheme": "light", "viewport": {"width": 1360, "height": 900}},
    "dark": {"color_scheme": "dark", "viewport": {"width": 1360, "height": 900}},
    "phone": {"color_scheme": "light", "viewport": {"width": 390, "height": 844}, "device_scale_factor": 2},
    "phone-dark": {"color_scheme": "dark", "viewport": {"width": 390, "height": 844}},
}
FLAGS = ["--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--disable-background-networking"]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def violations(page: Page) -> list[dict[str, Any]]:
    """What axe finds against WCAG 2.2, levels A and AA."""
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}})
    return list(found.response["violations"])


def main(folder: Path, names: list[str]) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    parts.fetch(say=print)
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    flags = FLAGS + (["--no-sandbox"] if os.geteuid() == 0 else [])
    total = 0
    with (
        tempfile.TemporaryDirectory() as home,
        furnished(Path(home) / "desk") as (rooms, reference),
        serving(reading_as(rooms)) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=found, args=flags)
        for shown in pages(reference):
            for look, how in LOOKS.items():
                if names and not {shown.name, f"{shown.name}-{look}"} & set(names):
                    continue
                headers = {"X-Looks": shown.role} if shown.role else {}
                context = browser.new_context(**how, extra_http_headers=headers)
                page = context.new_page()
                page.set_default_timeout(60_000)
                page.goto(address + shown.path)
                if shown.act is not None:
                    shown.act(page)
                page.wait_for_timeout(6000 if "maplibregl" in page.content() else 100)  # tiles come in
                wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
                page.screenshot(path=folder / f"{shown.name}-{look}.png", full_page=True)
                wrong = (
                    Axe()
                    .run(page, options={"runOnly": {"type": "tag", "values": TAGS}})
                    .response["violations"]
                )
                total += len(wrong)
                words = ", ".join(f"{one['id']} ({len(one['nodes'])})" for one in wrong)
                print(
                    f"{shown.name} {look}: {words or 'nothing'}{'; scrolls sideways' if wide else ''}",
                    flush=True,
                )
                context.close()
        browser.close()
    print(f"{total} violations")
    return int(total > 0)


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]), sys.argv[2:]))
