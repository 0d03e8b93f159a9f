"""What every act of recording has in common: kinds of values, and the event that it rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from overflight.case.life.desk import CaseDesk
from overflight.case.life.model import Case
from overflight.desk.access import Reader
from overflight.desk.rooms import Rooms
from overflight.errors import ConflictError
from overflight.store.event import AgendaItem, Draft, Event, Expect, Log
from overflight.world.times import sound_time

__all__ = ["Act", "Code", "Done", "Given", "Source", "Text", "Time", "Words", "desk_for"]


@dataclass(frozen=True, slots=True)
class Done:
    """The case after an act, and what its author should know about it."""

    case: Case
    notes: tuple[str, ...] = ()


class _Resting:
    """A log whose every append rests on the event that its author has seen."""

    def __init__(self, log: Log, case_id: str, last: int | None, key: str | None) -> None:
        self._log, self._case, self._last, self._key = log, case_id, last, key

    def __getattr__(self, name: str) -> Any:
        return getattr(self._log, name)

    def append(
        self,
        drafts: Sequence[Draft],
        *,
        expect: Expect | None = None,
        agenda: Mapping[str, Sequence[AgendaItem]] | None = None,
        key: str | None = None,
    ) -> tuple[Event, ...]:
        """As `Log.append`, on top of what was seen."""
        if self._last is not None:
            lasts = expect if isinstance(expect, Mapping) else {self._case: self._last}
            expect = {**lasts, self._case: self._last}
        return self._log.append(drafts, expect=expect, agenda=agenda, key=key or self._key)


def desk_for(
    rooms: Rooms, reader: Reader, case_id: str, last: int | None = None, key: str | None = None
) -> CaseDesk:
    """The desk that records for a reader, on top of the last event that he has seen.

    Raises
    ------
    ConflictError
        The case has moved on since.
    """
    desk = rooms.writing(reader)
    if last is not None and (found := desk.log.last(case_id)) != last:
        raise ConflictError(
            f"event {found} has been recorded since, after event {last}",
            where=case_id,
            mend="look at it again, then repeat",
        )
    resting: Any = _Resting(desk.log, case_id, last, key)
    return replace(desk, log=resting)


# --- kinds of values ---------------------------------------------------------------------------------------


def _words(value: object) -> object:
    """A list as a person types it: with commas, or one in a line."""
    if isinstance(value, str):
        return [one.strip() for one in value.replace("\n", ",").split(",") if one.strip()]
    return value


Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)]
Given = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
Time = Annotated[datetime, AfterValidator(sound_time)]
Words = Annotated[list[Given], BeforeValidator(_words), Field(max_length=100)]
Code = Annotated[Given, Field(description="State: alpha-3, alpha-2 or English name.", examples=["IND"])]
Source = Annotated[Text, Field(description="The telegram or report that it rests on.")]


class Act(BaseModel):
    """Something to record in a case."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    #: Its name in addresses, and its words on a button.
    NAME: ClassVar[str]
    WORDS: ClassVar[str]

    at: Time | None = Field(None, description="When it was true, UTC; default: now.")

    def do(self, desk: CaseDesk, case_id: str) -> Done:
        """Record it."""
        raise NotImplementedError
