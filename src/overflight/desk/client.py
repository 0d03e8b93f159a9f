"""A thin client of a desk's API, for programs.

::

    from overflight.desk.client import Client

    with Client("https://desk.example.org", token="ofl_...") as desk:
        for row in desk.cases(step="open"):
            print(row["id"], row["title"])
        case = desk.case("KOR621-2008")
        print(case["headline"])
        desk.answer("KOR621-2008", state="CHN", decision="DENY_OVERFLIGHT", seen=case)
        for change in desk.events():
            print(change.data)

What goes wrong is raised as `overflight.errors` knows it: `InputError` for what was sent, `ConflictError`
when a case has moved on since `seen`, `StoreError` when the desk cannot be reached or cannot work. A change
carries an idempotency key of its own, so that trying again, which the client does by itself, never does it
twice.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any
from urllib.parse import quote

import httpx

from overflight.errors import ConflictError, InputError, OverflightError, StoreError

__all__ = ["Change", "Client", "Document", "Row"]

#: One object of the API; docs/api.md and the desk's ``/api/v1/docs`` describe every field.
Row = dict[str, Any]

_API = "/api/v1"
#: Seconds before each further try.
_WAITS = (0.2, 0.5, 1.5)
_AGAIN = (429, 502, 503, 504)
_QUIET_S = 60.0


class Document(dict[str, Any]):
    """One object of the API, with the ETag under which it was read."""

    etag: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One server-sent event: ``case`` or ``reset`` for the home desk, ``shelf`` or ``reset`` for a guest."""

    kind: str
    data: Row
    id: str


class Client:
    """One account's way to a desk.

    Parameters
    ----------
    address : str
        Such as ``https://desk.example.org`` or ``http://127.0.0.1:8470``.
    token : str
        Of the account; its scopes say what it may do.
    timeout_s : float
        For one answer.
    transport : httpx.BaseTransport, optional
        For tests and for networks with ideas of their own.
    sleep : callable
        How to wait between tries.
    """

    def __init__(
        self,
        address: str,
        token: str,
        *,
        timeout_s: float = 60.0,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._sleep = sleep
        self._http = httpx.Client(
            base_url=address.rstrip("/"),
            headers={"Authorization": f"Bearer {token}", "Accept": "application/json"},
            timeout=timeout_s,
            transport=transport,
        )

    def close(self) -> None:
        """Let go of every connection."""
        self._http.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # --- any endpoint --------------------------------------------------------------------------------

    def get(self, path: str, **query: Any) -> Document:
        """The object at a path below ``/api/v1``."""
        return _document(self._sent("GET", path, query))

    def listed(self, path: str, **query: Any) -> Iterator[Row]:
        """Every row of a list, its pages fetched as they are needed."""
        while True:
            page = self.get(path, **query)
            yield from page["items"]
            if page["next"] is None:
                return
            query["cursor"] = page["next"]

    def post(
        self,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        content: bytes | None = None,
        seen: Mapping[str, Any] | None = None,
        key: str | None = None,
        **query: Any,
    ) -> Document:
        """Change something, once.

        Parameters
        ----------
        path : str
            Below ``/api/v1``.
        body : mapping, optional
            Sent as JSON.
        content : bytes, optional
            Sent as they are, instead of `body`.
        seen : Document, optional
            What the change rests on: refused when that has moved on.
        key : str, optional
            Idempotency key; default: a fresh one. Give your own to be able to repeat after a crash of yours.

        Raises
        ------
        ConflictError
            What was seen has moved on.
        """
        headers = {"Idempotency-Key": key or uuid.uuid4().hex}
        if isinstance(seen, Document) and seen.etag:
            headers["If-Match"] = seen.etag
        if content is not None:
            headers["Content-Type"] = "application/octet-stream"
        return _document(
            self._sent("POST", path, query, headers, None if content is not None else body, content)
        )

    def file(self, path: str, **query: Any) -> bytes:
        """What is no JSON: a calendar, a map, a paper."""
        return self._sent("GET", path, query, {"Accept": "*/*"}).content

    # --- health --------------------------------------------------------------------------------------

    def ready(self) -> Document:
        """Whether the desk can work, and the age of its data."""
        answer = self._asked("GET", "/readyz", {}, {}, None, None)
        if answer.status_code not in (200, 503):
            raise _error(answer)
        return _document(answer)

    # --- cases ---------------------------------------------------------------------------------------

    def today(self) -> Document:
        """The day at a glance."""
        return self.get("/today")

    def due(self, when: str = "overdue") -> Iterator[Row]:
        """What is "overdue", due "today" or "next"."""
        return self.listed("/due", when=when)

    def cases(self, q: str = "", step: str = "") -> Iterator[Row]:
        """Cases, those worked on last first; `q` are words that must stand in them."""
        return self.listed("/cases", q=q, step=step)

    def case(self, case_id: str, as_of: str = "") -> Document:
        """One case, now or as it was known at a time."""
        return self.get(f"/cases/{_part(case_id)}", as_of=as_of)

    def history(self, case_id: str) -> Iterator[Row]:
        """The log of one case."""
        return self.listed(f"/cases/{_part(case_id)}/history")

    def states(self, case_id: str, *, wait: bool = True) -> Document:
        """Every state's part in a case."""
        return self.get(f"/cases/{_part(case_id)}/states", wait=wait)

    def whatif(self, case_id: str, refuse: Collection[str]) -> Document:
        """What stays open when some states refuse."""
        return self.get(f"/cases/{_part(case_id)}/whatif", refuse=sorted(refuse))

    def open_case(self, *, key: str | None = None, **fields: Any) -> Document:
        """Open a case; the fields are those of ``POST /cases``."""
        return self.post("/cases", fields, key=key)

    def record(
        self,
        case_id: str,
        what: str,
        fields: Mapping[str, Any],
        *,
        seen: Document | None = None,
        key: str | None = None,
    ) -> Document:
        """Record something in a case: `what` ends the path, such as ``plans`` or ``outcome``."""
        return self.post(f"/cases/{_part(case_id)}/{_part(what)}", fields, seen=seen, key=key)

    def answer(
        self,
        case_id: str,
        *,
        state: str,
        decision: str,
        seen: Document | None = None,
        key: str | None = None,
        **more: Any,
    ) -> Document:
        """Record what a state replied."""
        return self.record(
            case_id, "answers", {"state": state, "decision": decision, **more}, seen=seen, key=key
        )

    # --- four eyes -----------------------------------------------------------------------------------

    def compose(self, case_id: str, **fields: Any) -> Document:
        """What would go out as things stand, word for word; records nothing."""
        return self.post(f"/cases/{_part(case_id)}/compose", fields)

    def propose(
        self, case_id: str, *, seen: Document | None = None, key: str | None = None, **fields: Any
    ) -> Document:
        """Propose what is to go out: ``kind``, ``states``, ``ask``, ``due``, ``statements`` …"""
        return self.post(f"/cases/{_part(case_id)}/proposals", fields, seen=seen, key=key)

    def proposals(self, case_id: str) -> Iterator[Row]:
        """Proposals of a case and where they stand."""
        return self.listed(f"/cases/{_part(case_id)}/proposals")

    def approve(
        self, case_id: str, proposal: Mapping[str, Any], why: str = "", *, key: str | None = None
    ) -> Document:
        """Approve exactly the texts that were read."""
        path = f"/cases/{_part(case_id)}/proposals/{_part(proposal['id'])}/approval"
        return self.post(path, {"digest": proposal["digest"], "why": why}, key=key)

    def send_out(self, case_id: str, proposal: Mapping[str, Any], *, key: str | None = None) -> Document:
        """Let a proposal that enough accounts have approved go out."""
        return self.post(f"/cases/{_part(case_id)}/proposals/{_part(proposal['id'])}/release", key=key)

    def received(self) -> Iterator[Row]:
        """Answers of guests that wait for an officer."""
        return self.listed("/received")

    def take(self, received: Mapping[str, Any], *, key: str | None = None) -> Document:
        """Take a guest's answer into its case."""
        return self.post(f"/received/{_part(received['reference'])}/{received['number']}/take", key=key)

    # --- a guest's own shelf -------------------------------------------------------------------------

    def papers(self) -> Iterator[Row]:
        """What was released to a guest's own state."""
        return self.listed("/guest/papers")

    def reply(
        self, paper: Mapping[str, Any], decision: str, *, key: str | None = None, **more: Any
    ) -> Document:
        """Answer a paper for one's own state."""
        path = f"/guest/papers/{_part(paper['reference'])}/answers"
        return self.post(path, {"decision": decision, **more}, key=key)

    # --- tools ---------------------------------------------------------------------------------------

    def read(self, telegram: bytes | str, **query: Any) -> Document | list[Row]:
        """A telegram as structure; a list when there are several in the text."""
        return self._telegram("/read", telegram, query)

    def release(self, telegram: bytes | str, to: str, **query: Any) -> Document | list[Row]:
        """What of a telegram may go to a state: a preview, nothing is released."""
        return self._telegram("/release", telegram, {"to": to, **query})

    def file_telegram(self, telegram: bytes | str, case_id: str = "", *, key: str | None = None) -> Document:
        """File a telegram under its case; without an id, under the one that fits best."""
        return self.post("/read/file", content=_bytes(telegram), key=key, case=case_id)

    def screen(self, **query: Any) -> Document:
        """A name, a mark, an operator … against the lists: ``screen(tail="P-885")``."""
        return self.get("/screen", **query)

    def law(self, state: str, on: str, **query: Any) -> Document:
        """What a state may and must do on a day."""
        return self.get("/law", state=state, on=on, **query)

    def calendar(self, days: int = 31) -> bytes:
        """What is due, as iCalendar."""
        return self.file("/feeds/due.ics", days=days)

    def _telegram(self, path: str, telegram: bytes | str, query: dict[str, Any]) -> Document | list[Row]:
        headers = {"Content-Type": "application/octet-stream", "Idempotency-Key": uuid.uuid4().hex}
        answer = self._sent("POST", path, query, headers, None, _bytes(telegram))
        found = answer.json()
        return found if isinstance(found, list) else _document(answer)

    # --- changes -------------------------------------------------------------------------------------

    def events(self, after: str = "", *, guest: bool = False) -> Iterator[Change]:
        """Changes as they happen, for as long as they are asked for.

        A connection that breaks is made again, from the last change on; nothing is missed or told twice.

        Parameters
        ----------
        after : str
            The `id` of the last change that is known; empty: from now on.
        guest : bool
            Those of a guest's own shelf.
        """
        path, failed = "/guest/events" if guest else "/events", 0
        while True:
            headers = {"Accept": "text/event-stream", **({"Last-Event-ID": after} if after else {})}
            try:
                with self._http.stream("GET", _API + path, headers=headers, timeout=_QUIET_S) as answer:
                    if answer.status_code != 200:
                        answer.read()
                        error = _error(answer)
                        if answer.status_code not in _AGAIN or failed >= len(_WAITS):
                            raise error
                    else:
                        failed = 0
                        for change in _changes(answer.iter_lines()):
                            after = change.id or after
                            yield change
            except httpx.TransportError as fault:
                if failed >= len(_WAITS):
                    raise _unreached(fault) from fault
            self._sleep(_WAITS[min(failed, len(_WAITS) - 1)])
            failed += 1

    # --- the wire ------------------------------------------------------------------------------------

    def _sent(
        self,
        method: str,
        path: str,
        query: Mapping[str, Any],
        headers: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
        content: bytes | None = None,
    ) -> httpx.Response:
        answer = self._asked(method, _API + path, query, headers or {}, body, content)
        if not answer.is_success:
            raise _error(answer)
        return answer

    def _asked(
        self,
        method: str,
        path: str,
        query: Mapping[str, Any],
        headers: Mapping[str, str],
        body: Mapping[str, Any] | None,
        content: bytes | None,
    ) -> httpx.Response:
        """One answer, tried again when the desk could not be reached or is busy."""
        given = {name: value for name, value in query.items() if value not in (None, "")}
        for wait in (*_WAITS, None):
            try:
                answer = self._http.request(
                    method, path, params=given, headers=dict(headers), json=body, content=content
                )
            except httpx.TransportError as fault:
                if wait is None:
                    raise _unreached(fault) from fault
            except (httpx.InvalidURL, UnicodeError) as fault:
                raise InputError(f"cannot be sent: {fault}", where=path) from fault
            else:
                if wait is None or not _worth_another(answer):
                    return answer
            self._sleep(wait)
        raise AssertionError


def _worth_another(answer: httpx.Response) -> bool:
    if answer.status_code == 409:
        return "is being carried out" in answer.text
    return answer.status_code in _AGAIN and not answer.request.url.path.startswith("/readyz")


def _document(answer: httpx.Response) -> Document:
    try:
        found = answer.json()
    except ValueError as fault:
        raise StoreError("this is no desk: its answer is no JSON", where=str(answer.request.url)) from fault
    if not isinstance(found, dict):
        raise StoreError("this is no desk: its answer is no object", where=str(answer.request.url))
    made = Document(found)
    made.etag = answer.headers.get("etag", "")
    return made


def _error(answer: httpx.Response) -> OverflightError:
    """What the desk says is wrong, as the error that it is."""
    status = answer.status_code
    try:
        said = answer.json()["error"]
        what, where, mend = str(said["what"]), str(said["where"]) or None, str(said["mend"]) or None
    except (ValueError, KeyError, TypeError):
        what, where, mend = f"this is no desk: status {status}", str(answer.request.url), "check the address"
    if status in (409, 412):
        return ConflictError(what, where=where, mend=mend)
    if status >= 500:
        return StoreError(what, where=where, mend=mend)
    return InputError(what, where=where, mend=mend)


def _unreached(fault: httpx.TransportError) -> StoreError:
    words = " ".join(str(fault).split()).lower() or type(fault).__name__
    return StoreError(f"the desk cannot be reached: {words}", mend="check the address, or try again")


def _changes(lines: Iterator[str]) -> Iterator[Change]:
    found: dict[str, str] = {}
    for line in lines:
        if not line:
            if "event" in found and "data" in found:
                yield Change(found["event"], json.loads(found["data"]), found.get("id", ""))
            found = {}
            continue
        name, _, value = line.partition(": ")
        if name in ("id", "event", "data"):
            found[name] = value


def _bytes(telegram: bytes | str) -> bytes:
    return telegram.encode() if isinstance(telegram, str) else telegram


def _part(text: str) -> str:
    """One part of a path, whatever stands in it."""
    return quote(text, safe="")
