"""What the page of composing was asked for: read out of an address or a form, and written into one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote, urlencode

from overflight.case.life.approvals import KINDS, Kind, Request
from overflight.case.life.model import Case
from overflight.case.life.requests import ASKS, Envelope
from overflight.errors import InputError
from overflight.world.states import state

__all__ = ["YEARS", "Wanted", "address", "wanted_of"]

#: Years that a deadline can be in: no clock of a post leaves the calendar.
YEARS = range(1900, 3000)
#: Recipients on one page; who needs more proposes twice.
_MOST_STATES = 40
_MOST_TEXT = 2000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the page was asked to compose: a request, and what could not be understood of it."""

    request: Request
    faults: tuple[str, ...] = ()
    #: No statement at all is chosen, on purpose.
    nothing: bool = False


def wanted_of(given: Mapping[str, Sequence[str]]) -> Wanted:
    """Read the fields of the page out of its address or its form; what makes no sense is told, not raised."""
    faults: list[str] = []

    def text(field: str) -> str:
        return " ".join(" ".join(given.get(field, ())).split())[:_MOST_TEXT]

    def words(field: str) -> list[str]:
        return [one.strip() for part in given.get(field, ()) for one in part.split(",") if one.strip()]

    states: list[str] = []
    for one in words("to"):
        try:
            states.append(state(one))
        except InputError as error:
            faults.append(str(error))
    if len(states) > _MOST_STATES:
        faults.append(f"more than {_MOST_STATES} recipients: propose twice")
        states = states[:_MOST_STATES]
    kind: Kind = next((one for one in KINDS if one == text("kind")), "approach")
    ask = [one for one in given.get("ask", ()) if one in ASKS]
    if own := text("own"):
        ask.append(own)
    due: datetime | None = None
    if text("due"):
        try:
            due = _moment(text("due"))
        except ValueError:
            faults.append(f"{text('due')[:40]!r} is no time: write 2008-08-06T12:00")
    chance: float | None = None
    if text("chance"):
        try:
            chance = float(text("chance"))
        except ValueError:
            faults.append(f"{text('chance')[:20]!r} is no chance: write a number from 0 to 1")
    posts: dict[str, str] = {}
    for row in words("posts"):
        code, _, post = row.partition("=")
        try:
            posts[state(code.strip())] = post.strip()
        except InputError:
            faults.append(f"{row[:60]!r} names no post: write KAZ=AMEMBASSY ASTANA")
    picked = [one.upper() for one in words("s")]
    request = Request(
        kind,
        tuple(dict.fromkeys(states)),
        tuple(dict.fromkeys(ask)),
        due,
        tuple(dict.fromkeys(picked)),
        text("why"),
        chance,
        Envelope(posts, tuple(words("info")), text("number"), text("slug")),
    )
    return Wanted(request, tuple(faults), kind == "approach" and bool(text("chosen")) and not picked)


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.year not in YEARS:
        raise ValueError
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def address(case: Case, wanted: Wanted | Request) -> str:
    """The address at which the page shows this."""
    request = wanted.request if isinstance(wanted, Wanted) else wanted
    fields: list[tuple[str, str]] = []
    if request.kind != "approach":
        fields.append(("kind", request.kind))
    if request.states:
        fields.append(("to", ",".join(request.states)))
    fields += [("ask", one) for one in request.ask if one in ASKS]
    fields += [("own", one) for one in request.ask if one not in ASKS]
    if request.due:
        fields.append(("due", f"{request.due:%Y-%m-%dT%H:%M}"))
    if request.statements:
        fields.append(("s", ",".join(request.statements)))
    if isinstance(wanted, Wanted) and wanted.nothing:
        fields.append(("chosen", "1"))
    envelope = request.envelope
    fields += [
        (field, value)
        for field, value in (
            ("why", request.why),
            ("chance", "" if request.chance is None else f"{request.chance:g}"),
            ("posts", ",".join(f"{k}={v}" for k, v in (envelope.posts or {}).items())),
            ("info", ",".join(envelope.info)),
            ("number", envelope.number),
            ("slug", envelope.slug),
        )
        if value
    ]
    return f"/cases/{quote(case.id)}/compose" + (f"?{urlencode(fields, safe=',:')}" if fields else "")
