"""Events of a case: the body of every kind, the way to JSON and back, and what was worked out with it.

The log keeps JSON; the rest of the house sees these values. A body that does not fit is an `InputError`
when it is to be recorded, and a `DataError` when it comes out of a log that somebody else has written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from overflight.case.life.bodies import (
    Answered,
    Approached,
    Clock,
    Closed,
    Corrected,
    Delivered,
    Ended,
    Filed,
    Inspected,
    Merged,
    Opened,
    Planned,
    Product,
    Reported,
    Split,
    Stated,
    Taken,
    Thanked,
    Updated,
)
from overflight.case.life.release_bodies import Approved, Dismissed, Proposed, Refused, Released, Wording
from overflight.case.life.ways import Coverage, Ways
from overflight.errors import DataError

__all__ = [
    "KINDS",
    "Answered",
    "Approached",
    "Approved",
    "Body",
    "Clock",
    "Closed",
    "Corrected",
    "Delivered",
    "Derived",
    "Dismissed",
    "Ended",
    "Filed",
    "Inspected",
    "Merged",
    "Opened",
    "Planned",
    "Product",
    "Proposed",
    "Refused",
    "Released",
    "Reported",
    "Split",
    "Stated",
    "Taken",
    "Thanked",
    "Updated",
    "Wording",
    "decode",
    "derived",
    "encode",
    "kind_of",
]


Body: TypeAlias = (
    Opened
    | Planned
    | Stated
    | Approached
    | Delivered
    | Answered
    | Updated
    | Inspected
    | Reported
    | Ended
    | Thanked
    | Filed
    | Corrected
    | Merged
    | Taken
    | Split
    | Closed
    | Proposed
    | Approved
    | Refused
    | Released
    | Dismissed
)

#: The word of every kind of event.
KINDS: Mapping[str, type[Body]] = {
    "opened": Opened,
    "planned": Planned,
    "stated": Stated,
    "approached": Approached,
    "delivered": Delivered,
    "answered": Answered,
    "updated": Updated,
    "inspected": Inspected,
    "reported": Reported,
    "ended": Ended,
    "thanked": Thanked,
    "filed": Filed,
    "corrected": Corrected,
    "merged": Merged,
    "taken": Taken,
    "split": Split,
    "closed": Closed,
    "proposed": Proposed,
    "approved": Approved,
    "refused": Refused,
    "released": Released,
    "dismissed": Dismissed,
}
_WORDS = {body: word for word, body in KINDS.items()}
_DERIVED = "derived"


@dataclass(frozen=True, slots=True)
class Derived:
    """What was worked out when the event was recorded, so that nobody has to work it out again."""

    ways: Ways | None = None
    coverage: Coverage | None = None


_adapters: dict[str, Any] = {}


def _adapter(shape: Any) -> Any:
    """The reader and writer of one shape; made when it is first needed, since making one takes a while."""
    found = _adapters.get(shape.__name__)
    if found is None:
        from pydantic import ConfigDict, TypeAdapter

        shape.__pydantic_config__ = ConfigDict(extra="forbid")
        found = _adapters[shape.__name__] = TypeAdapter(shape)
    return found


def kind_of(body: Body) -> str:
    """The word for the kind of event that a body makes."""
    return _WORDS[type(body)]


def encode(body: Body, worked_out: Derived | None = None, ways: Ways | None = None) -> dict[str, Any]:
    """A body as JSON, with what was worked out beside it.

    Fields that say nothing are left out, and an open way is the number of the way in `ways`: a log of many
    years is read more often than it is written.
    """
    data: dict[str, Any] = _adapter(type(body)).dump_python(body, mode="json", exclude_defaults=True)
    if worked_out is not None and worked_out != Derived():
        found = _adapter(Derived).dump_python(worked_out, mode="json", exclude_defaults=True)
        if worked_out.coverage is not None and ways is not None:
            for leg, cover, row in zip(
                ways.legs, worked_out.coverage.legs, found["coverage"]["legs"], strict=True
            ):
                row["open"] = [leg.ways.index(way) for way in cover.open]
        data[_DERIVED] = found
    return data


def decode(kind: str, data: Mapping[str, Any], *, where: str = "log") -> Body:
    """A body out of JSON.

    Raises
    ------
    DataError
        The kind is not known or the body does not fit it.
    """
    shape = KINDS.get(kind)
    if shape is None:
        raise DataError(f"no such kind of event: {kind!r}", where=where)
    from pydantic import ValidationError

    try:
        body: Body = _adapter(shape).validate_python({k: v for k, v in data.items() if k != _DERIVED})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field_ = ", ".join(str(part) for part in first["loc"])
        raise DataError(f"{kind}: {field_}: {first['msg']}", where=where) from None
    return body


def derived(data: Mapping[str, Any], *, where: str = "log") -> Derived:
    """What was worked out when events were recorded; coverage needs the ways that it speaks of beside it.

    Raises
    ------
    DataError
        It does not fit together.
    """
    found = data.get(_DERIVED)
    if not found:
        return Derived()
    from pydantic import ValidationError

    try:
        ways = _adapter(Ways).validate_python(found["ways"])
        rows = found["coverage"]["legs"]
        bare = {**found["coverage"], "legs": [{**row, "open": ()} for row in rows]}
        coverage: Coverage = _adapter(Coverage).validate_python(bare)
        legs = tuple(
            replace(cover, open=tuple(leg.ways[number] for number in row["open"]))
            for leg, cover, row in zip(ways.legs, coverage.legs, rows, strict=True)
        )
    except ValidationError as error:
        raise DataError(f"derived: {error.errors(include_url=False)[0]['msg']}", where=where) from None
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise DataError(f"derived: {error}", where=where) from None
    return Derived(ways, replace(coverage, legs=legs))
