"""How much a red flag weighs when applications are put in order: a table, and two rules."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from overflight.permit import FLAGS, Flag
from overflight.world.tables import records

__all__ = ["FLAG_KINDS", "GRAVE", "OPERATOR_DIFFERS", "grave", "weight"]

OPERATOR_DIFFERS = "operator-differs"
#: The kinds of `overflight.permit.FLAGS`, and what takes lists or other applications to see.
FLAG_KINDS = FLAGS | {
    OPERATOR_DIFFERS: "a list, or another application, ties the aircraft to another operator"
}
#: One flag of this weight is worth a look; so are several that come to more.
GRAVE = 3


@cache
def _weights() -> dict[str, int]:
    rows = records(Path(__file__).parent / "data" / "flags.csv", ("kind", "weight", "why", "source"))
    return {row.choice("kind", tuple(FLAG_KINDS)): int(row.number("weight") or 0) for row in rows}


def weight(flag: Flag) -> int:
    """From 1, a question for the form, to 3, worth a look by itself."""
    return _weights()[flag.kind]


def grave(flags: Iterable[Flag]) -> bool:
    """Whether flags are worth a look: one grave one, or more than its weight together.

    Flags of one kind count once.
    """
    kinds = {flag.kind: weight(flag) for flag in flags}
    return max(kinds.values(), default=0) >= GRAVE or sum(kinds.values()) > GRAVE
