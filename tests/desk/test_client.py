"""The client against a real desk, and against a network that misbehaves."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from importlib.resources import files
from typing import Any

import httpx
import pytest

from overflight.desk import live
from overflight.desk.access import Action, Reader, Role
from overflight.desk.accounts import accounts_of_store, scopes_of
from overflight.desk.app import create_app
from overflight.desk.client import Change, Client, Document
from overflight.desk.rooms import Rooms
from overflight.desk.server import serving
from overflight.errors import ConflictError, InputError, OverflightError, StoreError

CASE = "KOR621-2008"


class Desk:
    """A desk that serves, and clients of it."""

    def __init__(self, rooms: Rooms, address: str, stack: ExitStack) -> None:
        log = rooms.store.log
        self.rooms, self.address, self._stack = rooms, address, stack
        self._accounts = accounts_of_store(log.engine, log.where, rooms.clock)

    def token(self, role: Role, *scopes: Action, state: str = "") -> str:
        handle = f"{role}-{len(self._accounts.book.accounts()) + 1}"
        self._accounts.make(handle, role, state)
        given = [one.value for one in scopes or scopes_of(role)]
        return self._accounts.make_token(Reader(handle, role, state), "test", given, 7)[0]

    def client(self, role: Role = Role.OFFICER, *scopes: Action, state: str = "") -> Client:
        token = self.token(role, *scopes, state=state)
        return self._stack.enter_context(Client(self.address, token, sleep=lambda _: None))


@pytest.fixture
def desk(rooms: Rooms) -> Iterator[Desk]:
    app = create_app(rooms)
    app.state.live = live.Live(beat_s=0.02, heartbeat_s=1)
    with serving(app) as address, ExitStack() as stack:
        yield Desk(rooms, address, stack)


def test_a_case_is_read_changed_once_and_not_on_top_of_what_has_moved_on(desk: Desk) -> None:
    client = desk.client()
    assert [row["id"] for row in client.cases()] == [CASE]
    case = client.case(CASE)
    assert case.etag
    assert case["last"] == desk.rooms.store.log.last(CASE)
    done = client.answer(CASE, state="MMR", decision="DENY_OVERFLIGHT", seen=case, key="mine")
    assert done["last"] > case["last"]
    again = client.answer(CASE, state="MMR", decision="DENY_OVERFLIGHT", seen=case, key="mine")
    assert again == done
    with pytest.raises(ConflictError):
        client.answer(CASE, state="IND", decision="ALLOW", seen=case)
    after = client.case(CASE)
    assert [one["decision"] for one in after["answers"] if one["state"] == "MMR"] == ["DENY_OVERFLIGHT"]
    assert [row["seq"] for row in client.history(CASE)] == sorted(row["seq"] for row in after["history"])
    assert client.whatif(CASE, ["CHN", "THA"])["refuse"] == ["CHN", "THA"]
    before = client.case(CASE, as_of=case["history"][3]["recorded"])
    assert before["last"] < case["last"]


def test_pages_are_fetched_as_they_are_needed(desk: Desk) -> None:
    client = desk.client()
    rows = list(client.listed(f"/cases/{CASE}/history", limit=3))
    assert len(rows) > 6
    assert [row["seq"] for row in rows] == [row["seq"] for row in client.history(CASE)]


def test_a_case_is_opened(desk: Desk) -> None:
    client = desk.client()
    toml = (files("overflight.world") / "data" / "demo" / "KOR621.toml").read_text(encoding="utf-8")
    made = client.open_case(id="EXERCISE-1", title="EXERCISE tip", toml=toml)
    assert made["id"] == "EXERCISE-1"
    assert {row["id"] for row in client.cases()} == {CASE, "EXERCISE-1"}
    with pytest.raises(InputError):
        client.open_case(id="EXERCISE-1", title="EXERCISE tip", toml=toml)


def test_from_a_proposal_to_a_guest_s_answer(desk: Desk) -> None:
    officer, guest = desk.client(), desk.client(Role.GUEST, state="MMR")
    due = desk.rooms.clock() + timedelta(hours=20)
    asked = {"states": ["MMR"], "ask": ["refuse-overflight"], "due": due.isoformat()}
    assert officer.compose(CASE, **asked)["ready"] is True
    made = officer.propose(CASE, **asked)
    assert [one["id"] for one in officer.proposals(CASE)] == [made["id"]]
    assert list(guest.papers()) == []
    with pytest.raises(InputError):
        officer.send_out(CASE, made)
    with pytest.raises(InputError, match="may not do that"):
        officer.approve(CASE, made)
    for _ in range(made["wanted"]):
        approved = desk.client(Role.APPROVER).approve(CASE, made)
    assert approved["step"] == "approved"
    assert officer.send_out(CASE, made)["step"] == "released"
    (paper,) = guest.papers()
    guest.reply(paper, "DENY_OVERFLIGHT")
    changes = guest.events("an older shelf", guest=True)
    assert next(changes).kind == "reset"
    changes.close()
    (waiting,) = officer.received()
    assert officer.take(waiting)["fate"] == "taken"
    assert officer.case(CASE)["answers"][-1]["decision"] == "DENY_OVERFLIGHT"


def test_tools(desk: Desk) -> None:
    client = desk.client()
    with pytest.raises(InputError, match="no list has been imported"):
        client.screen(name="NOBODY AT ALL")
    assert client.law("CHN", "2008-08-07")["state"] == "CHN"
    assert b"BEGIN:VCALENDAR" in client.calendar()
    assert client.ready()["ready"] is True
    text = "O 011530Z AUG 26\nFM SECSTATE WASHDC\nTO AMEMBASSY EXAMPLEVILLE\nBT\nUNCLAS\n\n"
    text += "SUBJECT: EXERCISE\n\n1. (U) EXERCISE TEXT.\nBT\n"
    found = client.read(text)
    assert isinstance(found, Document)
    assert found["from"] == "SECSTATE WASHDC"


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda c: c.case("NO-SUCH"), InputError),
        (lambda c: c.case("../../readyz"), InputError),
        (lambda c: c.case("a\0b"), InputError),
        (lambda c: c.get("/nothing"), InputError),
        (lambda c: c.get("/accounts"), InputError),
        (lambda c: list(c.listed("/cases", cursor="nonsense")), InputError),
        (lambda c: c.screen(), InputError),
    ],
)
def test_what_is_wrong_is_said_as_an_error_of_ours(
    desk: Desk, call: Callable[[Client], Any], error: type[OverflightError]
) -> None:
    with pytest.raises(error) as found:
        call(desk.client())
    assert found.value.what


def test_a_token_does_what_its_scopes_allow(desk: Desk) -> None:
    reading = desk.client(Role.OFFICER, Action.READ_CASES)
    assert list(reading.cases())
    with pytest.raises(InputError, match="may not do that"):
        reading.answer(CASE, state="IND", decision="ALLOW")
    guest = desk.client(Role.GUEST, state="IND")
    with pytest.raises(InputError, match="nothing here"):
        guest.case(CASE)
    with Client(desk.address, "ofl_nonsense") as nobody, pytest.raises(InputError, match="token is unknown"):
        nobody.case(CASE)


def test_changes_are_iterated(desk: Desk) -> None:
    client, writer = desk.client(), desk.client()
    first = str(desk.rooms.store.log.head().seq)
    writer.answer(CASE, state="IND", decision="ALLOW")
    changes = client.events(first)
    change = next(changes)
    assert (change.kind, change.data["case"], change.data["kind"]) == ("case", CASE, "answered")
    done = writer.answer(CASE, state="MMR", decision="ALLOW")
    assert next(changes).id == str(done["last"])
    changes.close()


# --- a network that misbehaves -----------------------------------------------------------------------------


class Network(httpx.BaseTransport):
    """Gives the answers it was given, and keeps what it was asked."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self.answers, self.asked = iter(answers), list[httpx.Request]()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answer = next(self.answers)
        if isinstance(answer, Exception):
            raise answer
        return answer


def said(status: int, what: str = "what", where: str = "where") -> httpx.Response:
    return httpx.Response(
        status, json={"error": {"status": status, "what": what, "where": where, "mend": "mend"}}
    )


def client_of(*answers: httpx.Response | Exception) -> tuple[Client, Network, list[float]]:
    waits: list[float] = []
    network = Network(*answers)
    return Client("http://desk.example", "t", transport=network, sleep=waits.append), network, waits


def test_a_change_is_tried_again_under_the_same_key() -> None:
    client, network, waits = client_of(
        httpx.ConnectError("refused"),
        said(503),
        said(409, "the same request is being carried out"),
        httpx.Response(201, json={"id": "A"}, headers={"etag": '"3"'}),
    )
    made = client.open_case(title="EXERCISE")
    assert made == {"id": "A"}
    assert made.etag == '"3"'
    assert len({request.headers["idempotency-key"] for request in network.asked}) == 1
    assert len(network.asked) == 4
    assert waits == sorted(waits)
    assert len(waits) == 3


@pytest.mark.parametrize(
    ("status", "kind", "tries"),
    [
        (400, InputError, 1),
        (401, InputError, 1),
        (404, InputError, 1),
        (409, ConflictError, 1),
        (412, ConflictError, 1),
        (422, InputError, 1),
        (429, InputError, 4),
        (500, StoreError, 1),
        (503, StoreError, 4),
    ],
)
def test_every_status_is_an_error_of_ours(status: int, kind: type[OverflightError], tries: int) -> None:
    client, network, _ = client_of(*(said(status) for _ in range(4)))
    with pytest.raises(OverflightError) as found:
        client.case("A")
    assert type(found.value) is kind
    assert (found.value.what, found.value.where, found.value.mend) == ("what", "where", "mend")
    assert len(network.asked) == tries


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, text="<html>"),
        httpx.Response(200, json=[1]),
        httpx.Response(404, text="nginx"),
        httpx.Response(400, json={"error": "odd"}),
        httpx.Response(400, json=["odd"]),
    ],
)
def test_something_else_at_the_address(answer: httpx.Response) -> None:
    client, _, _ = client_of(answer)
    with pytest.raises(OverflightError, match="this is no desk"):
        client.case("A")


def test_a_desk_that_is_not_there() -> None:
    client, network, _ = client_of(*(httpx.ConnectError("refused") for _ in range(9)))
    with pytest.raises(StoreError, match="cannot be reached: refused"):
        client.case("A")
    assert len(network.asked) == 4
    with pytest.raises(StoreError, match="cannot be reached"):
        next(client.events())


def test_a_stream_that_breaks_goes_on_where_it_was() -> None:
    class Torn(httpx.SyncByteStream):
        def __init__(self, *events: int) -> None:
            self._events = events

        def __iter__(self) -> Iterator[bytes]:
            for n in self._events:
                yield f"id: {n}\nevent: case\ndata: {json.dumps({'seq': n})}\n\n".encode()
            yield b"id: 99\nevent: case\nda"  # half a message is none
            raise httpx.ReadError("reset")

    streams = [httpx.Response(200, stream=Torn(1, 2)), said(503), httpx.Response(200, stream=Torn(3))]
    client, network, _ = client_of(*streams, said(401))
    found: list[Change] = []
    with pytest.raises(InputError):
        found.extend(itertools.islice(_keep(client.events(), found), 9))
    assert [change.id for change in found] == ["1", "2", "3"]
    assert [request.headers.get("last-event-id") for request in network.asked] == [None, "2", "2", "3"]


def _keep(changes: Iterator[Change], found: list[Change]) -> Iterator[Change]:
    for change in changes:
        found.append(change)
    yield from ()
