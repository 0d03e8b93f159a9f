"""Red flags that take the lists to see: where a listed aircraft and an application disagree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from overflight.permit import Application, Flag
from overflight.permit.flag import bare
from overflight.screening.match import Feature, Match
from overflight.screening.triage.history import same_operator
from overflight.screening.triage.weights import OPERATOR_DIFFERS

__all__ = ["listed_flags"]

_MARKS = ("registration", "serial number", "24-bit address")
_REUSED = "registration-reused"


def listed_flags(application: Application, matches: Iterable[Match], day: date | None) -> Iterator[Flag]:
    """Flags from matches with listed aircraft.

    Parameters
    ----------
    application : Application
    matches : iterable of Match
        Of any band: a listed registration on another airframe is only ``possible``, and a question.
    day : date or None
        For designators of operators.
    """
    for match in matches:
        if match.entity.schema != "Airplane":
            continue
        one = match.entity
        ground = f"{one.list} {one.id}, {one.caption}, published {match.version.published}"
        marks = [f for f in match.features if f.feature in _MARKS]
        for feature in marks:
            if told := _other(feature, marks, match.features):
                yield Flag(_REUSED, told, ground, True)
        if told := _other_mark(application, match, marks):
            yield Flag(_REUSED, told, ground, True)
        yield from _operators(application, match, ground, day)


def _other(feature: Feature, marks: list[Feature], features: tuple[Feature, ...]) -> str:
    """What says that a listed mark is on another airframe."""
    if feature.feature == "registration" and feature.contribution > 0:
        against = [f for f in features if f.contribution < 0 and f.feature in (*_MARKS, "type")]
        if against:
            other = "; ".join(f"{f.feature} {f.listed}, stated is {f.query}" for f in against)
            return f"{feature.listed} is listed for another airframe: {other}"
        if feature.note:
            return f"{feature.listed} is on the list, {feature.note}"
    elif feature.feature == "registration":
        equal = next((f for f in marks if f.contribution > 0), None)
        if equal is not None:
            known = f"{equal.feature} {equal.listed}"
            return f"the aircraft with {known} is listed as {feature.listed}, stated is {feature.query}"
    return ""


def _other_mark(application: Application, match: Match, marks: list[Feature]) -> str:
    """The address of a listed aircraft under a registration that the list does not give."""
    by_address = any(f.feature == "24-bit address" and f.contribution > 0 for f in marks)
    if not by_address or any(f.feature == "registration" for f in marks):
        return ""
    listed = [one.value for one in match.entity.identifiers if one.kind == "registration"]
    stated = {bare(mark) for mark in application.registrations}
    if not listed or not stated or stated & {bare(mark) for mark in listed}:
        return ""
    return (
        f"the aircraft with 24-bit address {application.hex} is listed as {listed[0]}, "
        f"stated is {application.registration}"
    )


def _operators(application: Application, match: Match, ground: str, day: date | None) -> Iterator[Flag]:
    stated = application.operator or application.operator_code
    ties = [link for link in match.entity.links if link.kind in ("operator", "owner", "linked-to")]
    if not stated or not ties or any(f.feature == "link" for f in match.features):
        return
    if any(same_operator(stated, link.name, day) for link in ties):
        return
    by_name = {bare(link.name): link for link in reversed(ties)}  # the first tie of each name stays
    names = ", ".join(f"{link.name} ({link.kind})" for link in list(reversed(by_name.values()))[:3])
    what = f"{match.entity.caption} is listed with {names}, stated is {stated}"
    yield Flag(OPERATOR_DIFFERS, what, ground, True)
