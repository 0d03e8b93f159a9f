"""Answers that guests gave at the desk, as the home desk sees them: waiting, taken, put aside."""

from __future__ import annotations

from urllib.parse import quote

from overflight.case.life.answers import decisions
from overflight.case.life.model import Case
from overflight.desk.rooms import Rooms
from overflight.desk.views.shelves import keeper_of
from overflight.desk.views.today import Act, Waiting
from overflight.store.shelf import Received
from overflight.world.states import name

__all__ = ["answers_of", "decision_words", "waiting_answers"]


def waiting_answers(rooms: Rooms) -> tuple[Waiting, ...]:
    """Answers that wait for an officer, oldest first."""
    return tuple(
        Waiting(
            one.case,
            f"{decision_words(one)}; answered at the desk",
            one.answer.given_at,
            Act("Take the answer", f"/cases/{quote(one.case)}/answers"),
        )
        for one in keeper_of(rooms).received(waiting=True)
    )


def answers_of(rooms: Rooms, case: Case) -> tuple[Received, ...]:
    """Answers to what a case, or one that it has taken over, released; those that wait first."""
    keeper = keeper_of(rooms)
    found = [
        one for id_ in (case.id, *(n.body.other for n in case.merged)) for one in keeper.received(case=id_)
    ]
    return tuple(sorted(found, key=lambda one: (bool(one.fate), -one.answer.given_at.timestamp())))


def decision_words(one: Received) -> str:
    """``Kazakhstan refused``."""
    row = decisions().get(one.answer.decision)
    return f"{name(one.answer.state)} {row.words if row else one.answer.decision}"
