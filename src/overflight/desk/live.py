"""Changes as they happen, as server-sent events: of cases for the home desk, of his own shelf for a guest.

One task in the process looks at the log's head twice a second while anybody listens, whatever the number of
listeners; no thread waits for a client. A guest's stream is another task, one for each state with a
listener: it looks at that state's shelf and at nothing else, on a beat of its own, so that what it says and
when depends on his shelf alone. What cannot be hidden from him is how busy the machine is.

The guard ends a stream when the desk goes down, and when its reader is signed out.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from overflight.case.life.fold import fold
from overflight.case.life.headline import headline
from overflight.desk.access import Reader
from overflight.desk.faults import FaultError, places
from overflight.desk.rooms import Rooms
from overflight.errors import OverflightError
from overflight.store.event import Event
from overflight.store.shelf import Shelf

__all__ = [
    "BEAT_S",
    "BEHIND",
    "HEARTBEAT_S",
    "LISTENERS",
    "OF_ONE",
    "EventStream",
    "Live",
    "Message",
    "guest_stream",
    "home_stream",
    "messages_of",
    "wants_stream",
]

#: How often the log's head, or a shelf, is looked at.
BEAT_S = 0.5
#: A comment goes out when nothing else did for this long, so that proxies keep the connection.
HEARTBEAT_S = 15.0
#: A stream ends after this long; the browser comes back by itself, with its session looked at anew.
LASTS_S = 3600.0
#: Streams of one topic, and of one account: a guest's state has its own, so that nobody else fills it.
LISTENERS, OF_ONE = 200, 12
#: Messages that wait for a slow listener, and events that one who comes back is told one by one.
WAITING, BEHIND = 256, 1000
#: Cases of one beat whose headline is worked out; the others of a great import go without.
_HEADLINES = 20

logger = logging.getLogger("overflight.desk")


@dataclass(frozen=True, slots=True)
class Message:
    """One server-sent event."""

    event: str
    data: dict[str, Any]
    id: str = ""

    def encode(self) -> bytes:
        data = json.dumps(self.data, ensure_ascii=False, separators=(",", ":"))
        name = f"id: {self.id}\n" if self.id else ""
        return f"{name}event: {self.event}\ndata: {data}\n\n".encode()


@dataclass(eq=False)
class Listener:
    """One stream: what waits for it, and what wakes it up."""

    account: str
    queue: list[Message] = field(default_factory=list)
    bell: asyncio.Event = field(default_factory=asyncio.Event)
    #: It was too slow: the stream ends, and the browser comes back for what it missed.
    over: bool = False

    def tell(self, messages: Sequence[Message]) -> None:
        if len(self.queue) + len(messages) > WAITING:
            self.over = True
        else:
            self.queue += messages
        self.bell.set()


#: Looks whether there is something new; gives it and what to look from next time.
Look = Callable[[Any], tuple[list[Message], Any]]


class Live:
    """All streams of one process; everything here runs in its event loop.

    Parameters
    ----------
    beat_s : float
        Seconds between two looks, for tests.
    """

    def __init__(self, *, beat_s: float = BEAT_S, heartbeat_s: float = HEARTBEAT_S) -> None:
        self.beat_s, self.heartbeat_s = beat_s, heartbeat_s
        self._topics: dict[str, tuple[set[Listener], asyncio.Task[None]]] = {}

    @property
    def listeners(self) -> int:
        """How many streams are open."""
        return sum(len(listeners) for listeners, _ in self._topics.values())

    def enter(self, topic: str, account: str, look: Look, start: Any) -> Listener:
        """Begin to listen; `look` and `start` are used when nobody listens to the topic yet.

        Raises
        ------
        FaultError
            429: too many streams.
        """
        found = self._topics.get(topic)
        there = found[0] if found else set()
        if len(there) >= LISTENERS or sum(one.account == account for one in there) >= OF_ONE:
            raise FaultError(429, "too many streams are open", "", "close a page, then try again")
        listener = Listener(account)
        if found is None:
            listeners = {listener}
            task = asyncio.get_running_loop().create_task(self._watch(topic, listeners, look, start))
            self._topics[topic] = listeners, task
        else:
            found[0].add(listener)
        return listener

    def leave(self, topic: str, listener: Listener) -> None:
        """Stop listening; the last one out ends the task. Leaving twice is no fault."""
        listeners, task = self._topics.get(topic, (set(), None))
        listeners.discard(listener)
        if not listeners and task is not None:
            del self._topics[topic]
            task.cancel()

    async def _watch(self, topic: str, listeners: set[Listener], look: Look, place: Any) -> None:
        while True:
            try:
                messages, place = await run_in_threadpool(look, place)
                if messages:
                    for one in listeners:
                        one.tell(messages)
            except OverflightError as fault:
                logger.warning("looking for changes (%s): %s", topic.partition(":")[0], type(fault).__name__)
            except Exception as fault:
                logger.error("%s looking for changes: %s", type(fault).__name__, places(fault))
            await asyncio.sleep(self.beat_s)


class EventStream(StreamingResponse):
    """The answer to one listener; he has left when it is over, however it ended."""

    media_type = "text/event-stream"

    def __init__(self, content: AsyncIterator[bytes], leave: Callable[[], None]) -> None:
        super().__init__(content, headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        self._leave = leave

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._leave()


async def _said(
    live: Live,
    listener: Listener,
    backlog: Sequence[Message],
    seen: Callable[[Message], bool],
) -> AsyncIterator[bytes]:
    """What goes over the wire to one listener, from the backlog on, until he or the desk leaves.

    Parameters
    ----------
    live : Live
    listener : Listener
    backlog : sequence of Message
        What happened before he came.
    seen : callable
        Whether a message was in the backlog.
    """
    time = asyncio.get_running_loop().time
    ends = time() + LASTS_S
    yield b"retry: 2000\n: welcome\n\n"
    for message in backlog:
        yield message.encode()
    while not listener.over and time() < ends:
        try:
            await asyncio.wait_for(listener.bell.wait(), live.heartbeat_s)
        except TimeoutError:
            yield b": still here\n\n"
            continue
        listener.bell.clear()
        messages, listener.queue = listener.queue, []
        for message in messages:
            if not seen(message):
                yield message.encode()


# --- the home desk's ---------------------------------------------------------------------------------------


def look_at_log(rooms: Rooms) -> Look:
    """Looks for events after a `seq`."""

    def look(after: int) -> tuple[list[Message], int]:
        head = rooms.store.log.head().seq
        if head == after:
            return [], after
        if head < after or head - after > BEHIND:
            return [Message("reset", {"seq": head}, str(head))], head
        events = list(rooms.store.log.events(after=after))
        return messages_of(rooms, events), events[-1].seq if events else head

    return look


def messages_of(rooms: Rooms, events: Sequence[Event]) -> list[Message]:
    """One message for every event of a case: which case, what kind, and the headline where it changed."""
    headlines: dict[str, tuple[str, bool]] = {}
    last = {event.case: event.seq for event in events if event.case.upper() != "DESK"}
    first = {event.case: event.seq for event in reversed(events)}
    for case in list(last)[:_HEADLINES]:
        with contextlib.suppress(OverflightError):
            headlines[case] = _headline(rooms, case, first[case])
    out = []
    for event in events:
        if event.case not in last:
            continue
        data: dict[str, Any] = {"case": event.case, "kind": event.kind, "seq": event.seq}
        if event.seq == last[event.case] and event.case in headlines:
            data["headline"], data["headline_changed"] = headlines[event.case]
        else:
            data["headline"] = data["headline_changed"] = None
        out.append(Message("case", data, str(event.seq)))
    return out


def _headline(rooms: Rooms, case_id: str, first: int) -> tuple[str, bool]:
    """The headline of a case now, and whether it was another one before an event."""
    now, events = rooms.clock(), rooms.cases.events(case_id)
    words = headline(fold(events), now)
    before = [event for event in events if event.seq < first]
    return words, not before or headline(fold(before), now) != words


def wants_stream(request: Request) -> None:
    """Let only clients in that can read a stream.

    Raises
    ------
    FaultError
        406: the client does not ask for one.
    """
    if "text/event-stream" not in request.headers.get("accept", ""):
        raise FaultError(406, "this is a stream of events", "Accept", "ask for text/event-stream")


async def home_stream(request: Request, rooms: Rooms, reader: Reader, after: int | None) -> EventStream:
    """The stream of a reader of the home desk, from after a `seq` that he has seen, or from now on."""
    live: Live = request.app.state.live
    look = look_at_log(rooms)
    head = (await run_in_threadpool(rooms.store.log.head)).seq
    listener = live.enter("log", reader.account, look, head)
    backlog: list[Message] = []
    told = 0
    try:
        if after is not None and after != head:
            # What comes in meanwhile is in the queue, too, and is left out there.
            backlog, told = await run_in_threadpool(look, after)
    except BaseException:
        live.leave("log", listener)
        raise

    def seen(message: Message) -> bool:
        return int(message.id) <= told

    said = _said(live, listener, backlog, seen)
    return EventStream(said, lambda: live.leave("log", listener))


# --- a guest's ---------------------------------------------------------------------------------------------

#: Papers, the newest first, that are looked at; more do not come within a beat.
_PAPERS = 100
Papers = dict[tuple[str, int], str]


def look_at_shelf(shelf: Shelf) -> Look:
    """Looks for papers and answers that a shelf did not have."""

    def look(before: Papers | None) -> tuple[list[Message], Papers]:
        found: Papers = {(one.reference, 0): "released" for one in shelf.released(most=_PAPERS)}
        found |= {(one.reference, one.number): "answered" for one in shelf.answers()}
        if before is None or found.keys() == before.keys():
            return [], found
        mark = shelf_mark(found)
        new = [(what, reference) for (reference, n), what in found.items() if (reference, n) not in before]
        return [
            Message("shelf", {"what": what, "reference": reference}, mark) for what, reference in new
        ], found

    return look


def shelf_mark(papers: Papers) -> str:
    """Names what is on a shelf, by nothing but that."""
    text = json.dumps(sorted((reference, n) for reference, n in papers))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


async def guest_stream(request: Request, rooms: Rooms, reader: Reader, seen: str | None) -> EventStream:
    """The stream of a guest: what is new on the shelf of his state, and nothing else."""
    live: Live = request.app.state.live
    topic = f"shelf {reader.state}"
    look = look_at_shelf(Shelf(rooms.store.log.engine, reader.state))
    _, papers = await run_in_threadpool(look, None)
    mark = shelf_mark(papers)
    listener = live.enter(topic, reader.account, look, papers)
    backlog = [] if seen in (None, mark) else [Message("reset", {}, mark)]
    said = _said(live, listener, backlog, lambda _: False)
    return EventStream(said, lambda: live.leave(topic, listener))
