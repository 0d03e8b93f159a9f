"""Matches and their grounds: every score is the sum of the contributions of its features."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from overflight.screening.bands import BANDS, FINDINGS
from overflight.screening.entity import Entity
from overflight.screening.lists import Version
from overflight.screening.query import Query

__all__ = ["Evidence", "Feature", "Match", "Screening", "combined"]


@dataclass(frozen=True, slots=True)
class Feature:
    """One reason for or against a match.

    Attributes
    ----------
    feature : str
        What was compared: ``word``, ``registration``, ``serial number``, ``birth date`` …
    contribution : float
        What it adds to the score, below 0 when it speaks against.
    query, listed : str or None
        Both sides; None where one side has nothing.
    field : str
        Field of the query.
    note : str
        Why, where that is not plain.
    """

    feature: str
    contribution: float
    query: str | None
    listed: str | None
    field: str = ""
    note: str = ""

    def document(self) -> dict[str, Any]:
        """As JSON."""
        found: dict[str, Any] = {
            "feature": self.feature,
            "contribution": round(self.contribution, 4),
            "query": self.query,
            "listed": self.listed,
        }
        if self.field:
            found["field"] = self.field
        if self.note:
            found["note"] = self.note
        return found


@dataclass(frozen=True, slots=True)
class Evidence:
    """Grounds for one entity from one field of the query: features that add up to a score of their own.

    Attributes
    ----------
    score : float
        From 0 to 1.
    features : tuple of Feature
    equal : bool
        Whether it rests on equality (`overflight.screening.bands`).
    name : str
        The listed name that was matched; empty for identifiers.
    """

    score: float
    features: tuple[Feature, ...]
    equal: bool = False
    name: str = ""


def combined(evidence: Sequence[Evidence]) -> tuple[float, list[Feature]]:
    """One score from independent grounds: each takes its share of what the ones before left open."""
    score = 0.0
    features: list[Feature] = []
    for one in sorted(evidence, key=lambda one: -one.score):
        left = 1.0 - score
        features += [replace(f, contribution=f.contribution * left) for f in one.features]
        score += one.score * left
    return score, features


@dataclass(frozen=True, slots=True)
class Match:
    """One entity that the query may mean.

    Attributes
    ----------
    entity : Entity
    band : str
        One of `overflight.screening.bands.BANDS`.
    score : float
        From 0 to 1, the sum of the contributions.
    features : tuple of Feature
    name : str
        The listed name that was matched; empty when an identifier was.
    basis : str
        On what the entry's place on the list on the day rests (`overflight.screening.lists.BASES`).
    version : Version
        The publication that has the entry.
    """

    entity: Entity
    band: str
    score: float
    features: tuple[Feature, ...]
    name: str
    basis: str
    version: Version

    @property
    def roles(self) -> tuple[str, ...]:
        """The fields of the query that it rests on."""
        return tuple(dict.fromkeys(f.field for f in self.features if f.field and f.contribution > 0))

    @property
    def order(self) -> tuple[int, float, str, str]:
        """Best first."""
        return BANDS.index(self.band), -round(self.score, 6), self.entity.list, self.entity.id

    def document(self) -> dict[str, Any]:
        """As JSON."""
        one = self.entity
        return {
            "list": one.list,
            "id": one.id,
            "caption": one.caption,
            "schema": one.schema,
            "band": self.band,
            "score": round(self.score, 4),
            "name": self.name or None,
            "features": [feature.document() for feature in self.features],
            "links": [{"kind": link.kind, "name": link.name} for link in one.links],
            "programs": list(one.programs),
            "listed_on": one.listed_on.isoformat() if one.listed_on else None,
            "basis": self.basis,
            "published": self.version.published.isoformat(),
        }


@dataclass(frozen=True, slots=True)
class Screening:
    """What the lists say about a query as of a day.

    Attributes
    ----------
    query : Query
    on : date
    known : datetime or None
        Imports after this moment were left out.
    matches : tuple of Match
        Best first.
    lists : tuple of Version
        The publications consulted.
    remarks : tuple of str
        What a reader must know about their dates.
    """

    query: Query
    on: date
    known: datetime | None
    matches: tuple[Match, ...]
    lists: tuple[Version, ...]
    remarks: tuple[str, ...] = ()

    @property
    def hit(self) -> bool:
        """Whether a match is ``strong`` or ``exact``."""
        return any(match.band in FINDINGS for match in self.matches)

    def document(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "query": self.query.document(),
            "on": self.on.isoformat(),
            "known": self.known.isoformat().replace("+00:00", "Z") if self.known else None,
            "hit": self.hit,
            "matches": [match.document() for match in self.matches],
            "lists": [listed(version) for version in self.lists],
            "remarks": list(self.remarks),
        }


def listed(version: Version) -> dict[str, Any]:
    """A publication as screenings and certificates name it."""
    return {
        "kind": version.kind,
        "published": version.published.isoformat(),
        "sha256": version.sha256,
        "entries": version.entries,
        "publisher": version.publisher,
        "imported_at": version.document()["imported_at"],
        "parser": version.parser,
    }
