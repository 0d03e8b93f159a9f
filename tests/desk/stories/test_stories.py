"""The main stories, walked in a real browser."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from conftest import Desk, Person
from overflight.case.life import approvals
from overflight.case.life.planning import Sheet, open_case
from overflight.desk.access import Role
from overflight.store.shelf import ShelfKeeper
from overflight.world.flight_file import parse_flight

ROOT = Path(__file__).parents[3]
FLIGHT = (ROOT / "docs" / "examples" / "KOR621.toml").read_text(encoding="utf-8")
CASE = "KOR621-2008"


def said(page: Page, words: str) -> None:
    expect(page.locator("main")).to_contain_text(words)


def statement(page: Page, text: str, marking: str, *facts: str) -> None:
    """Add a statement on the page for composing."""
    form = page.locator("#new")
    if not form.get_by_label("What may be said").is_visible():
        form.get_by_text("Add a statement").click()
    form.get_by_label("What may be said").fill(text)
    form.locator("input[name=marking]").fill(marking)
    form.locator("input[name=source]").fill("EXERCISE, invented")
    for fact in facts:
        form.locator(f"input[name=facts][value={fact}]").check()
    form.get_by_role("button", name="Add it").click()
    said(page, text)


def propose(page: Page, count: int) -> str:
    """Propose what is composed; the address of the proposal."""
    button = page.get_by_role("button", name=f"Propose to {count}")
    expect(button).to_be_enabled()
    button.click()
    expect(page.get_by_role("heading", name="Approvals")).to_be_visible()
    return page.url


def approve(person: Person, address: str) -> None:
    person.page.goto(address)
    person.page.get_by_role("button", name="Approve these texts").click()
    said(person.page, "You have approved these texts")


def release(person: Person, address: str) -> None:
    person.page.goto(address)
    person.page.get_by_role("button", name="Release to").click()
    said(person.page, "Released to")


def record(page: Page, act: str, button: str, **fields: str) -> None:
    """Fill one of the forms under "Record" of a case and send it."""
    form = page.locator(f'form[action$="/record/{act}"]')
    if not form.is_visible():
        form.locator("xpath=ancestor::details").locator("summary").first.click()
    for name, value in fields.items():
        field = form.locator(f"[name={name}]")
        if field.evaluate("one => one.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    form.get_by_role("button", name=button).click()
    said(page, "Recorded")


def test_from_a_tip_to_thanks(empty_desk: Desk) -> None:
    officer = empty_desk.person("officer-1", Role.OFFICER)
    page = officer.page
    page.get_by_role("link", name="Open the first case").click()
    page.locator("textarea[name=toml]").fill(FLIGHT)
    page.locator("#file-id").fill(CASE)
    page.locator("#file-title").fill("EXERCISE: KOR621")
    page.get_by_role("button", name="Open the case").click()
    expect(page).to_have_url(re.compile(rf"/cases/{CASE}\b"))

    officer.open(f"/cases/{CASE}/compose")
    statement(page, "EXERCISE. Flight KOR621 is planned by way of Mandalay.", "U", "flight", "route")
    statement(page, "EXERCISE. The charter was arranged by a firm under watch.", "S//REL TO USA, IND")
    statement(page, "EXERCISE. A source says so.", "S//NF")
    empty_desk.later(minutes=5)
    officer.open(f"/cases/{CASE}/compose?to=IND&to=MMR")
    page.locator("input[name=ask][value=refuse-overflight]").check()
    page.get_by_label("Answer due").fill("2008-08-06T12:00")
    india = page.get_by_role("article", name="India")
    expect(india).to_contain_text("a firm under watch")
    expect(india.locator(".sheet")).not_to_contain_text("A source says so")
    myanmar = page.get_by_role("article", name="Myanmar")
    expect(myanmar.locator(".sheet")).to_contain_text("by way of Mandalay")
    expect(myanmar.locator(".sheet")).not_to_contain_text("a firm under watch")
    proposal = propose(page, 2)

    approvers = [empty_desk.person(f"approver-{n}", Role.APPROVER) for n in (1, 2)]
    for one in approvers:
        expect(page.get_by_role("button", name="Release to")).to_have_count(0)
        approve(one, proposal)
    release(officer, proposal)

    empty_desk.later(hours=20)
    officer.come_back()
    officer.open(f"/cases/{CASE}")
    record(page, "delivered", "Record the delivery", state="India", office="Ministry of External Affairs")
    empty_desk.later(hours=30)
    officer.come_back()
    officer.open(f"/cases/{CASE}")
    record(page, "answer", "Record the answer", state="India", decision="DENY_OVERFLIGHT")
    empty_desk.later(days=2)
    officer.come_back()
    officer.open(f"/cases/{CASE}")
    record(page, "outcome", "Record the outcome", code="CANCELLED", evidence="EXERCISE. It did not depart.")

    officer.open(f"/cases/{CASE}/compose?kind=thanks")
    proposal = propose(page, 1)
    for one in approvers:
        one.come_back()
        approve(one, proposal)
    release(officer, proposal)
    officer.open(f"/cases/{CASE}")
    record(page, "close", "Close the case")
    said(page, "closed")
    case = empty_desk.rooms.cases.load(CASE)
    assert [p.state for n in case.thanks for p in n.body.products] == ["IND"]
    assert case.closing is not None


def test_a_guest_reads_and_answers_and_the_officer_takes_it(empty_desk: Desk) -> None:
    paper = released(empty_desk)
    guest = empty_desk.person("guest-ind", Role.GUEST, "IND")
    page = guest.page
    page.get_by_role("link", name="Request").click()
    said(page, "a firm under watch")
    assert "A source says so" not in page.content()
    page.locator("input[name=decision][value=DENY_OVERFLIGHT]").check()
    page.get_by_label("In your own words").fill("EXERCISE. Our controllers were told.")
    page.get_by_role("button", name="Send the answer").click()
    said(page, "Your answer is recorded")
    assert guest.context.request.get(f"{guest.address}/cases/{CASE}").status == 404

    officer = paper
    officer.open(f"/cases/{CASE}/answers")
    said(officer.page, "Our controllers were told")
    officer.page.get_by_role("button", name="Take it into the case").click()
    said(officer.page, "taken by officer-1")
    officer.open(f"/cases/{CASE}")
    case = empty_desk.rooms.cases.load(CASE)
    assert case.current("IND") is not None


def released(desk: Desk) -> Person:
    """An officer's case with one paper on India's shelf; made by the same hands as in the browser."""
    cases = desk.rooms.cases
    sheets = [
        Sheet("EXERCISE. Flight KOR621 is planned.", "U", "invented", ("flight", "route")),
        Sheet("EXERCISE. It was arranged by a firm under watch.", "S//REL TO USA, IND", "invented"),
        Sheet("EXERCISE. A source says so.", "S//NF", "invented"),
    ]
    open_case(cases, parse_flight(FLIGHT), case_id=CASE, title="EXERCISE: KOR621", statements=sheets)
    request = approvals.Request("approach", ("IND",), ("refuse-overflight",), desk.now + timedelta(days=3))
    _, body = approvals.propose(cases, CASE, request, account="officer-2")
    for one in ("approver-1", "approver-2"):
        approvals.approve(cases, CASE, body.id, account=one, digest=body.digest)
    keeper = ShelfKeeper(desk.rooms.store.log.engine)
    approvals.release(cases, keeper, CASE, body.id, account="officer-2", wanted=2)
    return desk.person("officer-1", Role.OFFICER)


def test_what_stays_open_when_states_refuse(played_desk: Desk) -> None:
    officer = played_desk.person("officer-1", Role.OFFICER)
    page = officer.open(f"/cases/{CASE}")
    result = page.locator("#whatif-result")
    expect(result).to_contain_text("Click states on the map")
    expect(page.locator("#states .progress")).to_have_count(0)  # the figures are there
    page.locator("#suppose input[name=refuse][value=CHN]").check()
    expect(result).to_contain_text("If China refuses")
    page.locator("#suppose input[name=refuse][value=IND]").check()
    expect(result).to_contain_text("China and India refuse")
    page.get_by_role("link", name="An address to share").click()
    expect(page).to_have_url(f"{played_desk.address}/cases/{CASE}/whatif?refuse=CHN,IND")
    said(page, "China and India refuse")


def test_a_click_on_the_map_supposes_a_refusal(played_desk: Desk, with_map: bool) -> None:
    if not with_map:
        pytest.skip("the map's library is not here, and the registry cannot be reached")
    officer = played_desk.person("officer-1", Role.OFFICER)
    page = officer.open(f"/cases/{CASE}")
    expect(page.locator("#states .progress")).to_have_count(0)  # the figures are there
    expect(page.locator("#map[data-ready=yes]")).to_be_visible()
    canvas = page.locator("canvas.maplibregl-canvas")
    box = canvas.bounding_box()
    assert box is not None
    tip = page.locator("#map-tip")

    def pointed_at() -> str:
        """Point here and there until the map says that it is China's sky."""
        for down in (0.25, 0.2, 0.3, 0.35, 0.15):
            for across in (0.6, 0.55, 0.65, 0.5, 0.7, 0.45):
                page.mouse.move(box["x"] + across * box["width"], box["y"] + down * box["height"])
                page.wait_for_timeout(150)
                if tip.is_visible() and (said_ := tip.inner_text()).startswith("China"):
                    return said_
        return ""

    for _ in range(10):  # where Chromium draws in software the tiles come late
        if said_ := pointed_at():
            break
    assert "plausible routes" in said_
    page.mouse.down()
    page.mouse.up()
    expect(page.locator("#suppose input[name=refuse][value=CHN]")).to_be_checked()
    expect(page.locator("#whatif-result")).to_contain_text("If China refuses")
    page.mouse.down()
    page.mouse.up()
    expect(page.locator("#suppose input[name=refuse][value=CHN]")).not_to_be_checked()
    expect(page.locator("#whatif-result")).to_contain_text("Click states on the map")


def test_a_telegram_is_pasted_read_and_filed(played_desk: Desk) -> None:
    officer = played_desk.person("officer-1", Role.OFFICER)
    page = officer.open("/read")
    page.locator("textarea[name=text]").fill(TELEGRAM)
    page.get_by_role("button", name="Read", exact=False).first.click()
    said(page, "EXERCISE: DELIVERY TO THE MINISTRY")
    expect(page.locator(".repairs tbody tr").first).to_be_visible()
    page.get_by_role("button", name=f"File in {CASE}").click()
    expect(page.get_by_role("heading", name=f"Filed in {CASE}")).to_be_visible()
    officer.open(f"/cases/{CASE}")
    said(page, "EXERCISE: DELIVERY TO THE MINISTRY")


TELEGRAM = """P 051100Z AUG 08
FM AMEMBASSY NEW DELHI
TO SECSTATE WASHDC PRIORITY
BT
UNCLAS NEW DELHI 000061
E.O. 12958: N/A
TAGS: EAIR, IN, KN, IR
SUBJECT: EXERCISE: DELIVERY TO THE MINISTRY
REF: A. STATE 101

11. (U) THE POINTS OF REF A WERE READ AGAIN.

$\\P2$. (U) THE MINISTRY HAS NOTHING TO ADD.

EXERCISE
BT
NNNN
"""


def test_nothing_goes_out_before_two_have_approved_the_very_texts(empty_desk: Desk) -> None:
    officer = released(empty_desk)
    page = officer.page
    officer.open(f"/cases/{CASE}/compose?to=MMR")
    page.locator("input[name=ask][value=deny-landing]").check()
    page.get_by_label("Answer due").fill("2008-08-06T12:00")
    first = propose(page, 1)
    approvers = [empty_desk.person(f"approver-{n}", Role.APPROVER) for n in (1, 2)]
    approve(approvers[0], first)
    # The second refuses.
    other = approvers[1].page
    other.goto(first)
    other.get_by_label("Why not").fill("Say who asks.")
    other.get_by_role("button", name="Refuse").click()
    said(other, "refused it")
    page.goto(first)
    said(page, "Say who asks.")
    expect(page.get_by_role("button", name="Release to")).to_have_count(0)
    # Proposed anew, approved, and then a text changes.
    officer.open(f"/cases/{CASE}/compose?to=MMR")
    page.locator("input[name=ask][value=deny-landing]").check()
    page.get_by_label("Answer due").fill("2008-08-06T18:00")
    second = propose(page, 1)
    for one in approvers:
        approve(one, second)
    page.goto(second)
    expect(page.get_by_role("button", name="Release to 1 state")).to_be_visible()
    officer.open(f"/cases/{CASE}/compose")
    statement(page, "EXERCISE. Its call sign may change.", "U")
    page.goto(second)
    said(page, "What has changed since")
    expect(page.get_by_role("button", name="Release to")).to_have_count(0)
    assert [n.body.product.state for n in empty_desk.rooms.cases.load(CASE).approaches] == ["IND"]
    # Not by hand either.
    token = page.locator("body").get_attribute("data-csrf") or ""
    sent = officer.context.request.post(f"{second}/release", form={"csrf": token}, max_redirects=0)
    assert sent.status in (400, 409, 422)
    assert [n.body.product.state for n in empty_desk.rooms.cases.load(CASE).approaches] == ["IND"]
