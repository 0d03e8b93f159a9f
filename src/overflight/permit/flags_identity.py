"""What operator, owner, registration, address and call sign of an application reveal when held together."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from overflight.permit.application import Application
from overflight.permit.flag import Flag, KnownUse, bare
from overflight.permit.plan_form import designator_of
from overflight.permit.reach import known_type
from overflight.world.identity import contradiction, state_of_address, state_of_registration
from overflight.world.operators import Operator, operator
from overflight.world.states import name as state_name

__all__ = ["history", "identity", "parties"]

_MOST_OF_A_KIND = 3


# --- who it is ----------------------------------------------------------------------------------------


def _operator(text: str | None, day: date | None) -> Operator | None:
    if not text:
        return None
    found = operator(text, day)
    return found if found.known else None


def _people(code: str | None) -> str:
    return f"{state_name(code)} ({code})" if code else "an unknown state"


def _operator_state(application: Application, day: date | None) -> tuple[str | None, str, bool]:
    """State of the operator, the ground for it, and whether that is verified."""
    if application.operator_state:
        return application.operator_state, "as stated", True
    for text in (application.operator_code, designator_of(application.call_sign), application.operator):
        found = _operator(text, day)
        if found and found.state:
            return found.state, f"{text} is {found.name or found.designator}, {found.source}", found.verified
    return None, "", False


def parties(application: Application, day: date | None) -> Iterator[Flag]:
    operates, why, sure = _operator_state(application, day)
    roles = {
        "operator": (operates, why, sure),
        "charterer": (application.charterer_state, "as stated", True),
        "owner": (application.owner_state, "as stated", True),
    }
    named = {role: fact for role, fact in roles.items() if fact[0]}
    if len({fact[0] for fact in named.values()}) >= 3:
        yield Flag(
            "three-states",
            "; ".join(f"{role} in {_people(fact[0])}" for role, fact in named.items()),
            "; ".join(f"{role} {fact[1]}" for role, fact in named.items()),
            all(fact[2] for fact in named.values()),
        )
    registry, ground, certain = _registry(application, day)
    if operates and registry and operates != registry:
        yield Flag(
            "operator-registration",
            f"the operator is of {_people(operates)}, the aircraft is registered in {_people(registry)}",
            f"operator: {why}; registry: {ground}",
            sure and certain,
        )
    yield from _codes(application, day)


def _registry(application: Application, day: date | None) -> tuple[str | None, str, bool]:
    if application.registration:
        found = state_of_registration(application.registration, day)
        if found.state:
            ground = f"{found.registration} has the {found.certainty} of its register, {found.source}"
            return found.state, ground, found.verified
    return application.register_state, "as stated", True


def _codes(application: Application, day: date | None) -> Iterator[Flag]:
    code, sign = application.operator_code, designator_of(application.call_sign)
    if code and sign and code != sign:
        yield Flag(
            "operator-code",
            f"the call sign {application.call_sign} is of {_named(sign, day)}, the operator's code is {code}",
            "both are stated",
            True,
        )
    by_code, by_name = _operator(code or sign, day), _operator(application.operator, day)
    if by_code and by_name and not _same(by_code, by_name):
        yield Flag(
            "operator-code",
            f"{by_code.designator} is {by_code.name}, the operator is stated as {application.operator}",
            f"{by_code.source}; {by_name.source}",
            by_code.verified and by_name.verified,
        )


def _named(code: str, day: date | None) -> str:
    found = _operator(code, day)
    return f"{code} ({found.name})" if found and found.name else code


def _same(one: Operator, other: Operator) -> bool:
    # Some names stand in two rows with two designators.
    return one.designator == other.designator or bool(one.name and one.name == other.name)


def identity(application: Application, day: date | None) -> Iterator[Flag]:
    for mark in application.registrations:
        found = state_of_registration(mark, day)
        stated = application.register_state
        if stated and found.state and found.state != stated and found.block_state != stated:
            yield Flag(
                "registry",
                f"{mark} is a registration of {_people(found.state)}, stated is {_people(stated)}",
                f"form {found.form}, {found.source}",
                found.verified,
            )
        elif found.certainty == "prefix":
            yield Flag(
                "registry",
                f"{mark} has the prefix of {_people(found.state)} but not its form",
                found.note,
                found.verified,
            )
    if application.hex is None:
        return
    block = state_of_address(application.hex)
    if block.certainty == "unknown" and int(application.hex, 16) in (0, 0xFFFFFF):
        yield Flag("address", f"{application.hex} is never given to an aircraft", block.note, True)
        return
    first, stated = application.registration, application.register_state
    grounds = f"block {'-'.join(block.block or ())}, {block.source}"
    sure = block.certainty == "certain"
    if first and (told := contradiction(application.hex, first, day)):
        yield Flag("address", told, grounds, sure)
    elif not first and stated and block.state and block.state != stated:
        what = f"address {application.hex} is of {_people(block.state)}, stated is {_people(stated)}"
        yield Flag("address", what, grounds, sure)


def _differ(one: str | None, other: str | None) -> bool:
    return bool(bare(one) and bare(other) and bare(one) != bare(other))


def history(application: Application, known: tuple[KnownUse, ...], day: date | None) -> Iterator[Flag]:
    """What earlier uses contradict: the first few of each kind, and how many more."""
    shown: dict[tuple[str, str], Flag] = {}
    for flag in _contradictions(application, known, day):
        shown.setdefault((flag.kind, flag.what), flag)
    for kind in dict.fromkeys(kind for kind, _ in shown):
        some = [flag for flag in shown.values() if flag.kind == kind]
        yield from some[:_MOST_OF_A_KIND]
        if rest := some[_MOST_OF_A_KIND:]:
            what = f"{len(rest)} more known uses disagree"
            yield Flag(kind, what, rest[0].grounds + " and others", all(flag.verified for flag in rest))


def _contradictions(
    application: Application, known: tuple[KnownUse, ...], day: date | None
) -> Iterator[Flag]:
    marks = {bare(mark) for mark in application.registrations}
    for use in known:
        ground = use.source or "a known use"
        here = bool(bare(use.registration)) and bare(use.registration) in marks
        if here:
            for word, mine, theirs in (
                ("serial number", application.serial, use.serial),
                ("24-bit address", application.hex, use.hex),
                ("type", _type(application.type), _type(use.type)),
            ):
                if _differ(mine, theirs):
                    what = f"{use.registration} is known with {word} {theirs}, stated is {mine}"
                    kind = "registration-reused" if word == "serial number" else "type-registration"
                    yield Flag(kind, what, ground, use.verified)
        elif marks and bare(use.registration):
            for word, mine, theirs in (
                ("serial number", application.serial, use.serial),
                ("24-bit address", application.hex, use.hex),
            ):
                same_type = word != "serial number" or not _differ(_type(application.type), _type(use.type))
                if bare(mine) and bare(mine) == bare(theirs) and same_type:
                    what = f"the aircraft with {word} {mine} is known as {use.registration}"
                    yield Flag("registration-reused", what, ground, use.verified)
        sign = bare(use.call_sign)
        if (
            sign
            and sign == bare(application.call_sign)
            and marks
            and bare(use.registration)
            and not here
            and use.holds(day)
        ):
            what = f"{application.call_sign} is known for {use.registration}"
            yield Flag("call-sign-reused", what, ground, use.verified)


def _type(text: str | None) -> str | None:
    kind = known_type(text) if text else None
    return kind.designator if kind else text
