"""Generated requests to every endpoint of the API, in every role: nothing makes the desk fail.

Run: ``nice -n 10 python tools/campaign_api.py 200``: so many requests to every endpoint in every role
that may use it, and a few in the others, drawn by Schemathesis from the OpenAPI document, half of them
about things that exist. A status of 500 and above, a status or a shape that the document does not know,
and a fault of another shape are told with the request that brought them about; exit code 1 when there
are any. A second number is the seed, a third part of a path.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import hypothesis
import schemathesis
from fastapi import FastAPI, Request
from hypothesis import HealthCheck, Phase
from schemathesis.checks import CHECKS

from overflight.desk.access import GRANTS, Reader, Role
from overflight.desk.app import create_app
from overflight.desk.exercise import opened
from overflight.desk.rooms import Rooms
from overflight.screening.lists.library import Library
from overflight.settings import Settings
from overflight.store.shelf import Released, ShelfKeeper

ROLES = ("officer", "approver", "auditor", "admin", "guest", "")
CASE, STATE, PAPER = "KOR621-2008", "IND", "EXERCISE-PAPER"
#: Sent instead of what was drawn, in about half of the requests, where a name fits.
KNOWN: dict[str, list[Any]] = {
    "case_id": [CASE],
    "case": [CASE],
    "state": ["IND", "CHN", "MMR", "XKX", "India"],
    "states": [["IND"], ["CHN", "MMR"]],
    "to": ["IND"],
    "reference": [PAPER],
    "number": [1, 2],
    "proposal": ["P1", "P2"],
    "decision": ["DENY_OVERFLIGHT", "ALLOW", "ASK_MORE_INFORMATION", "REVERSED"],
    "refuse": [["CHN"], ["CHN,THA"], ["IND", "MMR", "VNM"]],
    "as_of": ["2008-08-05T12:00Z", "2008-08-04"],
    "on": ["2008-08-07", "2026-04-01"],
    "at": ["2008-08-05T17:00:00Z"],
    "form": ["oral"],
    "office": ["foreign ministry"],
    "event": [5, 9],
    "marking": ["S//REL TO USA, IND", "U"],
    "ask": [["refuse-overflight"]],
    "name": ["KORYO"],
    "cursor": [None],
}
TELEGRAM = (
    "O 011530Z AUG 08\nFM SECSTATE WASHDC\nTO AMEMBASSY NEW DELHI\nBT\nUNCLAS\n\n"
    "SUBJECT: EXERCISE KOR621\n\n1. (U) EXERCISE TEXT.\nBT\n"
)
#: Bodies that hold, by the end of the path; half of the requests are one of these with one field as drawn.
BODIES: dict[str, dict[str, Any]] = {
    "cases": {"telegram": TELEGRAM, "confirm": ["id", "aircraft"]},
    "plans": {"departures": {"1": "2008-08-09"}, "why": "EXERCISE"},
    "statements": {"text": "EXERCISE TEXT", "marking": "U", "source": "EXERCISE", "facts": []},
    "deliveries": {"state": "IND", "office": "foreign ministry"},
    "answers": {"state": "IND", "decision": "ALLOW"},
    "inspections": {"state": "IND", "place": "VIDP", "result": "clean"},
    "reports": {"key": "EXERCISE"},
    "outcome": {"code": "UNKNOWN", "evidence": "EXERCISE"},
    "closing": {"why": "EXERCISE"},
    "corrections": {"event": 5, "why": "EXERCISE", "strike": True},
    "merges": {"other": "OTHER-1", "why": "EXERCISE"},
    "compose": {"states": ["IND"], "ask": ["refuse-overflight"], "due": "2008-08-06T12:00Z"},
    "proposals": {"states": ["MMR"], "ask": ["refuse-overflight"], "due": "2008-08-06T12:00Z"},
    "approval": {"digest": "0" * 64, "why": ""},
    "refusal": {"why": "EXERCISE"},
    "accounts": {"handle": "officer-9", "role": "officer"},
    "read": {"text": TELEGRAM},
    "release": {"text": TELEGRAM},
    "file": {"text": TELEGRAM},
    "check": {"text": "S//REL TO USA, IND"},
    "rollup": {"marks": ["U", "S//REL TO USA, IND"]},
    "screen": {"name": "EXERCISE AIR"},
    "certificate": {"name": "EXERCISE AIR"},
}
_CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
)


@dataclass
class Found:
    """What a campaign met with."""

    requests: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    faults: dict[str, str] = field(default_factory=dict)


def reader_of(request: Request) -> Reader | None:
    """Whoever the request says it comes from."""
    role = request.headers.get("x-campaign-role", "")
    if not role:
        return None
    state = STATE if role == "guest" else ""
    return Reader(f"{role}-1", Role(role), state, session=role)


def app_of(rooms: Rooms) -> FastAPI:
    """The desk, with something on a shelf and a list."""
    example = Path(__file__).parent.parent / "docs" / "examples" / "exercise-list-march.xml"
    Library(rooms.settings.home).add("un", [example])
    now = rooms.clock()
    paper = Released(PAPER, STATE, "EXERCISE", "approach", "EXERCISE TEXT", ("refuse-overflight",), now, now)
    keeper = ShelfKeeper(rooms.store.log.engine)
    if not keeper.there(PAPER):
        keeper.put(paper, CASE, "A1")
    return create_app(rooms, reader_of=reader_of)


def campaign(
    app: FastAPI, count: int, seed: int = 0, part: str = "", roles: tuple[str, ...] = ROLES
) -> Found:
    """Send `count` requests to every endpoint in every role."""
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", app, headers={"host": "localhost"})
    checks = [check for check in CHECKS.get_all() if check.__name__ in _CHECKS]
    found = Found()
    for result in schema.get_all_operations():
        operation = result.ok()
        where = f"{operation.method.upper()} {operation.path}"
        if part not in where:
            continue
        print(f"{found.requests} requests, {len(found.faults)} kinds of faults; {where}", file=sys.stderr)
        needed = set(operation.definition.raw.get("x-needs", ()))
        for role in roles:
            # Whoever may not do it is refused before anything is looked at: a few requests are enough.
            may = bool(role) and needed <= {str(one) for one in GRANTS[Role(role)]}
            _one_endpoint(operation, role, count if may else min(count, 3), seed, checks, found, where)
    return found


def _one_endpoint(
    operation: Any, role: str, count: int, seed: int, checks: list[Any], found: Found, where: str
) -> None:
    dice = random.Random(f"{seed} {where} {role}")
    headers = {"x-campaign-role": role, "authorization": "Bearer campaign"} if role else {}

    @hypothesis.settings(
        max_examples=count,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    @hypothesis.seed(f"{seed} {where} {role}")
    @hypothesis.given(case=operation.as_strategy())
    def send(case: Any) -> None:
        if dice.random() < 0.6:
            _make_known(case, dice)
        found.requests += 1
        try:
            answer = case.call(base_url="http://localhost", headers=headers, timeout=120)
        except Exception as error:
            words = f"{where} as {role or 'nobody'}: no answer: {type(error).__name__} {str(error)[:300]}"
            found.faults.setdefault(words, _words(case))
            return
        found.statuses[f"{role or 'nobody'} {answer.status_code}"] += 1
        for fault in _faults(case, answer, checks):
            found.faults.setdefault(f"{where} as {role or 'nobody'}: {fault}", _words(case))

    send()


def _make_known(case: Any, dice: random.Random) -> None:
    """Put things that exist where a name fits, and most of a body that holds."""
    sound = BODIES.get(case.operation.path.rpartition("/")[2])
    if sound is not None and isinstance(case.body, dict) and dice.random() < 0.8:
        drawn = list(case.body.items())
        case.body = {**sound, **dict(dice.sample(drawn, min(1, len(drawn))))}
    changed = sound is not None and dice.random() < 0.7
    for place in (case.path_parameters, case.query, None if changed else case.body):
        if isinstance(place, dict):
            for name in list(place):
                if name in KNOWN and dice.random() < 0.8:
                    value = dice.choice(KNOWN[name])
                    if value is None:
                        del place[name]
                    else:
                        place[name] = value


def _faults(case: Any, answer: Any, checks: list[Any]) -> Iterator[str]:
    if answer.status_code >= 400:
        try:
            error = answer.json()["error"]
        except (ValueError, KeyError, TypeError):
            yield f"{answer.status_code} of another shape"
        else:
            if set(error) != {"status", "what", "where", "mend"} or error["status"] != answer.status_code:
                yield f"{answer.status_code} of another shape: {sorted(error)}"
    if answer.status_code in (405, 421):
        return  # of the whole desk, not of one endpoint
    try:
        case.validate_response(answer, checks=checks)
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        for one in getattr(error, "exceptions", [error]):
            yield f"{answer.status_code}: " + " ".join(str(one).split())[:400]


def _words(case: Any) -> str:
    sent = {"path": case.path_parameters, "query": case.query, "headers": dict(case.headers or {})}
    return " ".join(f"{name} {value!r:.300}" for name, value in sent.items()) + f" body {case.body!r:.600}"


def main(count: int, seed: int = 0, part: str = "") -> int:
    begun = time.perf_counter()
    with (
        tempfile.TemporaryDirectory() as folder,
        opened(Settings(home=Path(folder)), Path(folder) / "d") as rooms,
    ):
        found = campaign(app_of(rooms), count, seed, part)
        events = rooms.store.log.head().seq
    spent = time.perf_counter() - begun
    print(f"{found.requests} requests in {spent:.0f} s, seed {seed}; the log has {events} events")
    for status, times in sorted(found.statuses.items()):
        print(f"  {status}: {times}")
    for fault, request in found.faults.items():
        print(f"\n{fault}\n  {request}")
    print(f"{len(found.faults)} kinds of faults")
    return 1 if found.faults else 0


if __name__ == "__main__":
    given = sys.argv[1:]
    sys.exit(
        main(
            int(given[0]) if given else 50,
            int(given[1]) if len(given) > 1 else 0,
            given[2] if len(given) > 2 else "",
        )
    )
