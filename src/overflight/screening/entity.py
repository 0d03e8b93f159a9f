"""Who or what a list names: one frozen shape for every publisher.

Schemas, and the meaning of the fields, follow the FollowTheMoney model; aircraft also have the 24-bit
address (identifier kind ``hex``) that the model lacks. Values stand as the publisher prints them:
normalising is the work of whoever compares them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

__all__ = ["NAME_KINDS", "SCHEMAS", "Entity", "Identifier", "Link", "Name"]

#: FollowTheMoney schemas that lists use. ``LegalEntity``: a person or a body, the list does not say which.
SCHEMAS = ("Airplane", "Vessel", "Vehicle", "Person", "Organization", "Company", "LegalEntity", "Security")

#: ``primary``: the entry's own name. ``strong``, ``weak``: an alias of good or of low quality, in the
#: publisher's judgement. ``former``: a name no longer used. ``acronym``: letters that stand for the name.
NAME_KINDS = ("primary", "strong", "weak", "former", "acronym")


@dataclass(frozen=True, slots=True)
class Name:
    """One name of an entity.

    Attributes
    ----------
    text : str
        As printed; for a person the order of the parts is the publisher's, with the family name's comma
        kept where the list has one ("KIM, Example").
    kind : str
        One of `NAME_KINDS`.
    lang : str
        ISO 639 code (two or three letters) where the list gives it, else empty.
    script : str
        ISO 15924 code ("Cyrl", "Arab", "Hang") where the list gives it, else empty.
    """

    text: str
    kind: str = "primary"
    lang: str = ""
    script: str = ""


@dataclass(frozen=True, slots=True)
class Identifier:
    """One number, code or mark that identifies an entity by itself.

    Attributes
    ----------
    kind : str
        For aircraft ``registration``, ``serial`` (manufacturer's serial number), ``construction`` (line or
        construction number where the list has it beside the serial), ``hex`` (24-bit address, mode S). For
        operators ``icao``, ``iata``, ``callsign``. For vessels ``imo``, ``mmsi``, ``callsign``,
        ``registration``. For people and bodies ``passport``, ``national-id``, ``tax-number``,
        ``registration-number``, ``lei``, ``swift``, ``wallet``, ``email``, ``website``, ``phone`` and
        others in the publisher's words, lower case with hyphens.
    value : str
        As printed.
    since, until : date or None
        When the identifier began and ceased to be this entity's, where the list says so. A registration
        that the list calls previous and does not date has ``note`` "previous".
    note : str
        "previous", the issuing state or whatever the list adds.
    """

    kind: str
    value: str
    since: date | None = None
    until: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A tie to another entity, as far as the list states it.

    Attributes
    ----------
    kind : str
        ``operator``, ``owner``, ``previous-operator``, ``previous-owner``, ``parent``, ``manager``,
        ``linked-to``, or the publisher's word, lower case with hyphens.
    name : str
        Name of the other side as printed.
    id : str or None
        Its entry in the same list, where the list says which or the name is exactly one entry's name.
    """

    kind: str
    name: str
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Entity:
    """One entry of one list.

    Attributes
    ----------
    list : str
        Kind of list (`overflight.screening.lists.KINDS`): ``ofac-sdn``, ``un``, ``eu`` …
    id : str
        The publisher's number, unique in the list and stable from version to version.
    schema : str
        One of `SCHEMAS`.
    caption : str
        The name to show.
    names : tuple of Name
        At least the primary one, which comes first.
    identifiers : tuple of Identifier
    links : tuple of Link
    countries : tuple of str
        ISO 3166-1 alpha-3: nationality, flag, seat; what the list gives and a table knows.
    programs : tuple of str
        Programmes, regimes or legal bases, in the publisher's codes.
    model, built : str or None
        Aircraft, vessel: type or model; day, month or year of manufacture, both as printed.
    listed_on, delisted_on, amended_on : date or None
        As the list states; None where it does not.
    remarks : str
        The publisher's remarks, whole.
    birth_dates : tuple of str
        ISO 8601 prefixes ("1971", "1971-05", "1971-05-03"); else as printed ("circa 1971").
    addresses : tuple of str
        One line each.
    sources : tuple of str
        The original lists, when this one gathers from several.
    """

    list: str
    id: str
    schema: str
    caption: str
    names: tuple[Name, ...]
    identifiers: tuple[Identifier, ...] = ()
    links: tuple[Link, ...] = ()
    countries: tuple[str, ...] = ()
    programs: tuple[str, ...] = ()
    model: str | None = None
    built: str | None = None
    listed_on: date | None = None
    delisted_on: date | None = None
    amended_on: date | None = None
    remarks: str = ""
    birth_dates: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
