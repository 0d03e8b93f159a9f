"""Nobody is kept out: axe finds nothing on any page, and the main path is walked by the keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page, expect

from conftest import Desk
from desk_pages import furnished, pages, reading_as
from desk_pictures import LOOKS, violations
from overflight.desk.access import Role
from overflight.desk.server import serving


@pytest.fixture(scope="module")
def shown(
    played: Path, tmp_path_factory: pytest.TempPathFactory, with_map: bool
) -> Iterator[tuple[str, str]]:
    """The address of a desk with something on every page, and the reference of a paper."""
    folder = tmp_path_factory.mktemp("shown") / "desk"
    with furnished(folder, played) as (rooms, reference), serving(reading_as(rooms)) as address:
        yield address, reference


@pytest.mark.parametrize(("look", "half"), [("light", 0), ("phone-dark", 1)])
def test_axe_finds_nothing_on_any_page(
    chromium: Browser, shown: tuple[str, str], look: str, half: int
) -> None:
    """Every page in one look; ``tools/desk_pictures.py`` takes all of them in all looks."""
    address, reference = shown
    faults = []
    for one in pages(reference)[half::2]:
        headers = {"X-Looks": one.role} if one.role else {}
        context = chromium.new_context(**LOOKS[look], extra_http_headers=headers)
        page = context.new_page()
        page.set_default_timeout(40_000)
        page.goto(address + one.path)
        if one.act is not None:
            one.act(page)
        faults += [f"{one.name}: {fault['id']}: {fault['nodes'][0]['html']}" for fault in violations(page)]
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            faults.append(f"{one.name}: scrolls sideways")
        context.close()
    assert not faults, "\n".join(faults)


def test_the_main_path_is_walked_by_the_keyboard_alone(played_desk: Desk) -> None:
    """From the list of the day to a case, to its form for an answer, and back, without a pointer."""
    page = played_desk.person("officer-1", Role.OFFICER).page
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    tab_to(page, "a.case, main a[href^='/cases/KOR621-2008']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cases/KOR621-2008*")
    page.keyboard.press("g")
    page.keyboard.press("c")
    page.wait_for_url("**/cases")
    page.keyboard.press("/")
    expect(page.locator("main input").first).to_be_focused()
    page.keyboard.type("KOR621")
    page.evaluate("() => { window.old = true; }")
    page.keyboard.press("Enter")
    new_page(page)
    tab_to(page, "main a[href='/cases/KOR621-2008']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cases/KOR621-2008*")
    tab_to(page, "a[href='#record']")
    page.keyboard.press("Enter")
    tab_to(page, "#record summary")
    page.keyboard.press("Enter")
    expect(page.locator('form[action$="/record/answer"]')).to_be_visible()


def new_page(page: Page) -> None:
    """Wait until another document has come; an address alone can change before."""
    for _ in range(5000):
        try:
            if not page.evaluate("() => window.old"):
                page.wait_for_load_state()
                return
        except Error:  # between the two
            continue
    raise AssertionError("no other document comes")


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until something is focused; every stop on the way shows where it is."""
    for _ in range(150):
        if page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard never comes to {selector}")
