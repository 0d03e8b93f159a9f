"""Opening a case out of a telegram, a flight file or words."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from overflight.case.life.desk import CaseDesk
from overflight.case.life.model import Case
from overflight.desk.acts import Source, Text, Time, Words
from overflight.errors import InputError
from overflight.telegram import Reading, read_all
from overflight.world.flight_file import parse_flight

__all__ = ["Opening", "one_telegram"]


class Opening(BaseModel):
    """A new case: from FLIGHT.toml, or from a telegram whose facts a person has confirmed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    toml: Annotated[str, StringConstraints(max_length=200_000)] = Field(
        "", description="The flight as FLIGHT.toml."
    )
    telegram: Annotated[str, StringConstraints(max_length=1_000_000)] = Field(
        "", description="Text of a telegram that tells of the flight."
    )
    confirm: Words = Field(
        default_factory=list, description="Facts of the telegram that a person has confirmed, by field."
    )
    id: Text = Field("", description="Id of the case; default: flight and day.", max_length=40)
    title: Text = ""
    tip: Text = Field("", description="What the desk was told.")
    source: Source = ""
    at: Time | None = None

    def do(self, desk: CaseDesk) -> Case:
        """Open it.

        Raises
        ------
        InputError
            Neither or both of flight and telegram; a fact is missing; there is a case of this id.
        """
        from overflight.case.life.planning import open_case

        if bool(self.toml.strip()) == bool(self.telegram.strip()):
            raise InputError(
                "gives both a flight and a telegram" if self.toml.strip() else "gives no flight",
                where="case",
                mend="give the flight as FLIGHT.toml, or the text of a telegram",
            )
        confirmed: tuple[str, ...] = ()
        number = ""
        if self.toml.strip():
            flight = parse_flight(self.toml, name="FLIGHT.toml")
        else:
            from overflight.case.life.proposal import confirmed_flight, proposals

            reading = one_telegram(self.telegram)
            number = str(reading.telegram.number) if reading.telegram.number else ""
            confirmed = tuple(self.confirm)
            flight = confirmed_flight(proposals(reading), confirmed)
        return open_case(
            desk,
            flight,
            case_id=self.id,
            title=self.title,
            tip=self.tip,
            at=self.at,
            source=self.source or number or None,
            confirmed=confirmed,
        )


def one_telegram(text: str) -> Reading:
    """The telegram that a flight is taken from.

    Raises
    ------
    InputError
        It is none, or there are several.
    """
    found = list(read_all(text.encode(), name="telegram"))
    if len(found) > 1:
        raise InputError(
            f"holds {len(found)} telegrams", where="telegram", mend="give the one that tells of the flight"
        )
    return found[0]
