"""Pictures of every page: light, dark, and at the width of a phone; with a count of what axe finds in each.

Run: ``python tools/desk_pictures.py FOLDER [NAME ...]``, with names such as ``case`` or ``case-dark``, or
with ``--docs`` for the small ones of ``docs/desk-pictures.md``, which is written anew. It needs Chromium
and what the tests need.
"""

from __future__ import annotations

import base64
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, sync_playwright

from desk_pages import chromium, furnished, pages, reading_as
from overflight.desk import parts
from overflight.desk.server import serving

LOOKS = {
    "light": {"color_scheme": "light", "viewport": {"width": 1360, "height": 900}},
    "dark": {"color_scheme": "dark", "viewport": {"width": 1360, "height": 900}},
    "phone": {"color_scheme": "light", "viewport": {"width": 390, "height": 844}, "device_scale_factor": 2},
    "phone-dark": {"color_scheme": "dark", "viewport": {"width": 390, "height": 844}},
}
#: What the documentation keeps.
DOCS = ("light", "dark", "phone")
PICTURES = Path(__file__).resolve().parents[1] / "docs" / "desk-pictures"
FLAGS = ["--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--disable-background-networking"]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def violations(page: Page) -> list[dict[str, Any]]:
    """What axe finds against WCAG 2.2, levels A and AA."""
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}})
    return list(found.response["violations"])


#: Where this machine keeps the desk is nobody's business.
_ELSEWHERE = """
(folder) => {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) texts.currentNode.data = texts.currentNode.data.replace(folder, "/srv/overflight");
}
"""


def small(page: Page, path: Path, look: str) -> None:
    """The upper part of a page, as WebP."""
    width, most, scale = (390, 1100, 1.0) if "phone" in look else (1360, 1500, 0.6)
    height = min(most, page.evaluate("document.documentElement.scrollHeight"))
    clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": scale}
    taken = page.context.new_cdp_session(page).send(
        "Page.captureScreenshot",
        {"format": "webp", "quality": 55, "clip": clip, "captureBeyondViewport": True},
    )
    path.write_bytes(base64.b64decode(taken["data"]))


def listed(folder: Path, names: list[str]) -> None:
    """The page of the documentation that shows them."""
    rows = [
        f"| {name.replace('-', ' ')} | "
        + " | ".join(f"![{name}, {look}]({folder.name}/{name}-{look}.webp)" for look in DOCS)
        + " |"
        for name in names
    ]
    head = (
        "# Every page in a picture\n\n"
        "The upper part of each page of the [desk](desk.md), half way through the public case; made by\n"
        "`python tools/desk_pictures.py --docs`. Everything on them is an exercise.\n\n"
        "| page | light | dark | phone |\n|---|---|---|---|\n"
    )
    folder.with_suffix(".md").write_text(head + "\n".join(rows) + "\n", encoding="utf-8")


def main(folder: Path, names: list[str]) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    parts.fetch(say=print)
    found = chromium()
    flags = FLAGS + (["--no-sandbox"] if os.geteuid() == 0 else [])
    docs = folder == PICTURES
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
                if docs and look not in DOCS:
                    continue
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
                if docs:
                    page.evaluate(_ELSEWHERE, home)
                    small(page, folder / f"{shown.name}-{look}.webp", look)
                else:
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
        if docs:
            listed(folder, [shown.name for shown in pages(reference)])
        browser.close()
    print(f"{total} violations")
    return int(total > 0)


if __name__ == "__main__":
    where = PICTURES if sys.argv[1] == "--docs" else Path(sys.argv[1])
    raise SystemExit(main(where, sys.argv[2:]))
