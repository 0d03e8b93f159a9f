"""Proposals as their pages show them: the texts, who has approved, what has changed since."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from overflight.case.life.approvals import Change, Standing, needed, request_of, standing
from overflight.case.life.desk import CaseDesk
from overflight.case.life.events import Proposed
from overflight.case.life.model import Case, Noted
from overflight.desk.rooms import Rooms
from overflight.desk.views.compose import Preview, of_wording, steady
from overflight.desk.views.today import Act, Waiting
from overflight.desk.views.wanted import address
from overflight.world.states import name

__all__ = ["ProposalView", "change_words", "proposal_view", "proposal_views", "waiting_approvals"]


@dataclass(frozen=True, slots=True)
class ProposalView:
    """A proposal as its page shows it.

    Attributes
    ----------
    words : tuple of Preview
        Each state's texts as proposed; without what is kept, which is not part of them.
    wanted : int
        How many accounts must approve.
    again : str
        Where the same can be composed anew.
    """

    standing: Standing
    words: tuple[Preview, ...]
    wanted: int
    again: str

    @property
    def body(self) -> Proposed:
        return self.standing.proposal.body

    @property
    def step_words(self) -> str:
        found = self.standing
        match found.step:
            case "waiting":
                return f"waits for {found.missing} of {self.wanted} approvals"
            case "approved":
                return "may be released"
            case "lapsed":
                return "lapsed: the texts have changed"
        return found.step


def proposal_views(rooms: Rooms, case: Case, desk: CaseDesk | None = None) -> tuple[ProposalView, ...]:
    """Every proposal of a case, the newest first."""
    asked = desk or steady(rooms.cases)
    return tuple(_proposal(rooms, asked, case, one) for one in reversed(case.proposals))


def proposal_view(rooms: Rooms, case: Case, id_: str) -> ProposalView | None:
    """One proposal."""
    found = next((n for n in case.proposals if n.body.id == id_.upper()), None)
    return _proposal(rooms, steady(rooms.cases), case, found) if found else None


def _proposal(rooms: Rooms, desk: CaseDesk, case: Case, noted: Noted[Proposed]) -> ProposalView:
    wanted = needed(rooms.settings.approvals)
    request = request_of(noted.body)
    return ProposalView(
        standing(desk, case, noted, wanted),
        tuple(of_wording(case, one, request) for one in noted.body.words),
        wanted,
        address(case, request),
    )


def change_words(change: Change) -> str:
    """What of a state's texts has changed."""
    of = {"paper": "the non-paper", "spoken": "what may be said", "telegram": "the telegram", "all": ""}
    return ": ".join(
        filter(None, [name(change.state) if change.state else "", of.get(change.text, change.text)])
    )


def waiting_approvals(rooms: Rooms) -> tuple[Waiting, ...]:
    """Proposals that are neither refused nor released, across cases."""
    return rooms.kept(("waiting approvals", rooms.store.log.head().seq), lambda: _waiting(rooms))


def _waiting(rooms: Rooms) -> tuple[Waiting, ...]:
    return tuple(
        Waiting(
            item.case,
            item.text,
            item.due_at,
            Act("Read and decide", f"/cases/{quote(item.case)}/proposals/{item.body.get('proposal', '')}"),
        )
        for item in rooms.store.log.agenda(kind="approval")
    )
