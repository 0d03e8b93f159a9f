"""The entries of some lists, ready to be searched by name and by mark: grounds for and against each.

A register knows nothing of publications and bands; `overflight.screening.screener` does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from overflight.screening.bands import POSSIBLE
from overflight.screening.entity import Entity, Name
from overflight.screening.facts import Alias, aliases
from overflight.screening.index import Found, Named, NameIndex
from overflight.screening.marks import Marks
from overflight.screening.match import Evidence, Feature, combined
from overflight.screening.names import NameForm, name_form
from overflight.screening.query import Query
from overflight.screening.scoring import ACRONYM, compare
from overflight.screening.similarity import HINTS
from overflight.world.operators import Operator, operator

__all__ = ["Grounds", "Register"]

#: Names of these kinds stand for many others too; a former name may be another's by now.
KIND_LOWERS = {"weak": -0.16, "acronym": -0.16, "former": -0.03}
ALIAS, BODY_FOR_PERSON, THING_FOR_PARTY, UNDATED = -0.02, -0.15, -0.25, -0.16
DESIGNATOR = -0.02
LINKED = 0.3
BORN_SAME, BORN_NEAR, BORN_OTHER = 0.06, 0.03, -0.2
STATE_SAME, STATE_OTHER = 0.02, -0.04
#: The most that birth date and state raise a score: names are searched for that much lower.
RAISED = BORN_SAME + STATE_SAME
#: A feature that takes away this much contradicts an equality.
CONTRADICTS = -0.1
THINGS = ("Vessel", "Vehicle", "Security")
PEOPLE, EITHER = "Person", "LegalEntity"


@dataclass(frozen=True, slots=True)
class Grounds:
    """What speaks for and against one entry.

    Attributes
    ----------
    at : int
        Position of the entry in the register.
    score : float
        Sum of the contributions.
    features : tuple of Feature
    equal : bool
        Whether an equality holds that nothing contradicts.
    name : str
        The listed name that was matched; empty when only identifiers were.
    """

    at: int
    score: float
    features: tuple[Feature, ...]
    equal: bool
    name: str


@dataclass(frozen=True, slots=True)
class _Owned:
    """Where an indexed name comes from: the list, or the table of known aliases."""

    entity: int
    name: Name
    alias: Alias | None = None


class Register:
    """The names and marks of some entries.

    Parameters
    ----------
    listed : sequence of Entity
        Known to have been listed on the day.
    undated : sequence of Entity
        Of which that is not known (`overflight.screening.lists.BASES`).
    """

    def __init__(self, listed: Sequence[Entity], undated: Sequence[Entity] = ()) -> None:
        self.entities = (*listed, *undated)
        self._undated = len(listed)
        groups = _groups()
        bodies: list[Named] = []
        people: list[Named] = []
        self._bodies: list[_Owned] = []
        self._people: list[_Owned] = []
        for at, entity in enumerate(self.entities):
            if entity.schema == "Airplane":
                continue
            hint = next((state for state in entity.countries if state in HINTS), "")
            if entity.schema in (PEOPLE, EITHER):
                for name in entity.names:
                    people.append(Named(len(self._people), name_form(name.text, True), hint))
                    self._people.append(_Owned(at, name))
            if entity.schema != PEOPLE:
                forms = [name_form(name.text) for name in entity.names]
                for name, form in zip(entity.names, forms, strict=True):
                    bodies.append(Named(len(self._bodies), form, hint))
                    self._bodies.append(_Owned(at, name))
                if entity.schema not in THINGS and (group := _group(entity, forms, groups)):
                    for alias, form in _others(group, forms):
                        bodies.append(Named(len(self._bodies), form, hint))
                        self._bodies.append(_Owned(at, Name(alias.name), alias))
        self.bodies, self.people = NameIndex(bodies), NameIndex(people)
        self.marks = Marks(self.entities)

    def search(self, query: Query, on: date) -> list[Grounds]:
        """Grounds for every entry that the query may mean, in the order of the register.

        Entries below the band ``possible`` may be among them.
        """
        least = POSSIBLE - (RAISED if query.born or query.states else 0.0)
        named: dict[int, Evidence] = {}
        marked: dict[int, dict[str, Evidence]] = {}
        for at, evidence in self.marks.search(query, on):
            here = marked.setdefault(at, {})
            key = evidence.features[0].feature
            if key not in here or here[key].score < evidence.score:
                here[key] = evidence
        for role, text in query.names():
            for at, evidence in self._by_name(role, text, least, on):
                if at not in named or named[at].score < evidence.score:
                    named[at] = evidence
        return [
            self._weighed(at, query, on, list(marked.get(at, {}).values()), named.get(at))
            for at in sorted({*named, *marked})
        ]

    def _weighed(
        self, at: int, query: Query, on: date, marks: list[Evidence], name: Evidence | None
    ) -> Grounds:
        grounds = [*marks, *([name] if name else [])]
        if marks:
            grounds += self._linked(query, self.entities[at])
        score, features = combined(grounds)
        about = list(self._about(query, at, score, on, name is not None))
        score += sum(feature.contribution for feature in about)
        against = [*(feature for one in marks for feature in one.features), *about]
        equal = any(one.equal for one in grounds) and all(one.contribution > CONTRADICTS for one in against)
        return Grounds(at, score, (*features, *about), equal, name.name if name else "")

    def _by_name(self, role: str, text: str, least: float, on: date) -> Iterator[tuple[int, Evidence]]:
        known = _designated(role, text, on)
        said = known.name if known else text
        body, person = name_form(said), name_form(said, True)
        reads_as_body = body.dropped != person.dropped or any(token.sector for token in body.tokens)
        if role != "person":
            for found in self.bodies.search(body, least):
                owned = self._bodies[found.at]
                lowers = []
                if role != "name" and self.entities[owned.entity].schema in THINGS:
                    lowers.append(("kind of entry", THING_FOR_PARTY, "a thing, where a party was asked for"))
                yield owned.entity, self._evidence(role, text, body, found, owned, lowers, known)
        for found in self.people.search(person, least):
            owned = self._people[found.at]
            lowers = []
            if role != "person" and reads_as_body:
                lowers.append(
                    ("kind of entry", BODY_FOR_PERSON, "a person, where the name reads as a body's")
                )
            yield owned.entity, self._evidence(role, text, person, found, owned, lowers, known)

    def _evidence(
        self,
        role: str,
        text: str,
        asked: NameForm,
        found: Found,
        owned: _Owned,
        lowers: list[tuple[str, float, str]],
        known: Operator | None,
    ) -> Evidence:
        index = self.people if asked.person else self.bodies
        listed = index.names[found.at].form
        features = list(_words(role, asked, listed, found))
        equal = asked.key == listed.key and not found.scored.lowered
        if known:
            lowers.append(("operator code", DESIGNATOR, f"{text} is {known.name} ({known.source})"))
        if owned.alias:
            said = "" if owned.alias.verified else ", unverified"
            lowers.append(
                ("known alias", ALIAS, f"a name of {owned.alias.group} ({owned.alias.source}{said})")
            )
        if by := KIND_LOWERS.get(owned.name.kind):
            lowers.append((f"{owned.name.kind} alias", by, "a name that the list itself calls so"))
        for label, by, note in lowers:
            features.append(Feature(label, by, text, listed.text, role, note))
        score = sum(feature.contribution for feature in features)
        return Evidence(max(0.0, score), tuple(features), equal and not lowers, listed.text)

    def _linked(self, query: Query, entity: Entity) -> Iterator[Evidence]:
        """What the entry's own links say for it: the operator of an aircraft is the one asked about."""
        for role, text in query.names():
            asked = self.bodies.weigh(name_form(text))
            for link in entity.links:
                listed = self.bodies.weigh(name_form(link.name))
                if asked.form.tokens and compare(asked, listed).score >= POSSIBLE:
                    note = f"the list ties the entry to it as {link.kind}"
                    yield Evidence(LINKED, (Feature("link", LINKED, text, link.name, role, note),))
                    return

    def _about(self, query: Query, at: int, score: float, on: date, by_name: bool) -> Iterator[Feature]:
        """Birth date, state and listing date, for and against."""
        entity = self.entities[at]
        top = 1.0 - score
        if by_name and query.born and entity.schema == PEOPLE and entity.birth_dates:
            by, listed = _born(query.born, entity.birth_dates)
            by = min(by, top)
            top -= max(by, 0.0)
            yield Feature("birth date", by, query.born, listed, "born")
        if by_name and query.states and entity.countries:
            same = sorted(set(query.states) & set(entity.countries))
            by = min(STATE_SAME, top) if same else STATE_OTHER
            yield Feature("state", by, " ".join(query.states), " ".join(same or entity.countries), "states")
        if at >= self._undated:
            note = f"the list does not say whether the entry was listed on {on.isoformat()}"
            yield Feature("listing date", UNDATED, on.isoformat(), None, "on", note)


def _words(role: str, asked: NameForm, listed: NameForm, found: Found) -> Iterator[Feature]:
    if found.scored.acronym:
        yield Feature("acronym", ACRONYM, asked.text, listed.text, role)
        return
    ours, theirs = set(range(len(asked.tokens))), set(range(len(listed.tokens)))
    for pair in found.scored.pairings:
        ours.difference_update(pair.asked)
        theirs.difference_update(pair.listed)
        one = " ".join(asked.tokens[i].text for i in pair.asked)
        other = " ".join(listed.tokens[j].text for j in pair.listed)
        note = "" if pair.similarity == 1.0 else f"alike to {pair.similarity:.2f}"
        yield Feature("word", pair.gain, one, other, role, note)
    for i in sorted(ours):
        yield Feature("word", 0.0, asked.tokens[i].text, None, role, "not in the listed name")
    for j in sorted(theirs):
        yield Feature("word", 0.0, None, listed.tokens[j].text, role, "not in the name asked")
    for note, by in found.scored.lowered:
        yield Feature("name", by, asked.text, listed.text, role, note)


def _designated(role: str, text: str, on: date) -> Operator | None:
    """The operator behind a designator or IATA code, as of the day."""
    if role not in ("operator", "name") or len(text) != 3 or not text.isascii() or not text.isalpha():
        return None
    if role == "name" and not text.isupper():
        return None
    found = operator(text, on)
    return found if found.known and found.name and found.designator == text.upper() else None


def _groups() -> dict[tuple[str, ...], str]:
    """Groups of known aliases by the keys of their names of more than one word."""
    return {form.key: one.group for one in aliases() if len((form := name_form(one.name)).tokens) > 1}


def _group(entity: Entity, forms: Sequence[NameForm], groups: dict[tuple[str, ...], str]) -> str | None:
    for name, form in zip(entity.names, forms, strict=True):
        if name.kind in ("primary", "strong") and (group := groups.get(form.key)):
            states = {one.state for one in aliases() if one.group == group}
            if not entity.countries or states & set(entity.countries):
                return group
    return None


def _others(group: str, forms: Sequence[NameForm]) -> Iterator[tuple[Alias, NameForm]]:
    """The names of a group that an entry does not have itself."""
    held = {form.key for form in forms}
    for alias in aliases():
        if alias.group == group and (form := name_form(alias.name)).key not in held:
            yield alias, form


def _born(asked: str, listed: tuple[str, ...]) -> tuple[float, str]:
    """What birth dates add: the best of those listed."""
    best = (BORN_OTHER, listed[0])
    for one in listed:
        plain = one.replace("circa", "").strip()
        if not plain[:4].isdigit():
            digits = [word for word in plain.replace("-", " ").split() if len(word) == 4 and word.isdigit()]
            plain = digits[0] if digits else ""
        if not plain:
            by = 0.0
        elif len(asked) == 10 and plain == asked:
            by = BORN_SAME
        elif asked.startswith(plain) or plain.startswith(asked):
            by = BORN_NEAR
        elif abs(int(plain[:4]) - int(asked[:4])) <= (2 if plain != one else 1):
            by = 0.0
        else:
            by = BORN_OTHER
        if by > best[0]:
            best = (by, one)
    return best
