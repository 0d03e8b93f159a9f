"""Lists invented for tests, as a snapshot or as a library on disk. Every party is invented."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path

from overflight.screening.entity import Entity, Identifier, Link, Name
from overflight.screening.lists import Part, Snapshot, Version

DAY = date(2026, 3, 20)


def version(count: int = 1, kind: str = "ofac-sdn", sha256: str = "0" * 64) -> Version:
    return Version(
        kind=kind,
        publisher="Exercise",
        format="csv",
        published=date(2026, 3, 16),
        published_by="file",
        imported_at=datetime(2026, 3, 17, tzinfo=UTC),
        files=(),
        sha256=sha256,
        entries=count,
        counts={},
        parser=1,
        software="0",
        notes=(),
        forced=(),
        path=Path(f"{kind}-{sha256}"),
    )


def snapshot(
    entities: Iterable[Entity], undated: Iterable[Entity] = (), on: date = DAY, sha256: str = "0" * 64
) -> Snapshot:
    listed, unknown = tuple(entities), tuple(undated)
    one = version(len(listed) + len(unknown), sha256=sha256)
    parts = (Part(one, "published", listed), Part(one, "undated", unknown))
    return Snapshot(on, None, (one,), tuple(part for part in parts if part.entities))


def body(number: str, *names: str, kinds: tuple[str, ...] = (), **more: object) -> Entity:
    kinds = (*kinds, *["strong"] * len(names))
    texts = [Name(text, "primary" if at == 0 else kinds[at]) for at, text in enumerate(names)]
    fields: dict[str, object] = {"schema": "Organization"} | more
    return Entity("ofac-sdn", number, caption=names[0], names=tuple(texts), **fields)  # type: ignore[arg-type]


def person(number: str, *names: str, **more: object) -> Entity:
    return body(number, *names, **({"schema": "Person"} | more))


def aircraft(
    number: str,
    mark: str,
    *,
    serial: str = "",
    model: str | None = None,
    operator: str = "",
    hexcode: str = "",
    previous: str = "",
    since: date | None = None,
    until: date | None = None,
) -> Entity:
    marks = [Identifier("registration", mark, since, until)]
    if previous:
        marks.append(Identifier("registration", previous, note="previous"))
    if serial:
        marks.append(Identifier("serial", serial))
    if hexcode:
        marks.append(Identifier("hex", hexcode))
    links = (Link("operator", operator),) if operator else ()
    return Entity("ofac-sdn", number, "Airplane", mark, (Name(mark),), tuple(marks), links, model=model)
