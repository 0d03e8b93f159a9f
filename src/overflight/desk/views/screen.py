"""Questions to the lists as the desk puts them: one party or aircraft, or a whole file of applications."""

from __future__ import annotations

import io
import re
import tempfile
import threading
import zipfile
import zlib
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

from overflight.desk.rooms import Rooms
from overflight.errors import InputError
from overflight.screening import dsse
from overflight.screening.bands import MEANING
from overflight.screening.certificate import Again, Verified, again, issued, statement, verified
from overflight.screening.certificate_paper import pdf
from overflight.screening.entity import Entity
from overflight.screening.keys import desk_key, key_id, trusted_keys
from overflight.screening.lists import KINDS, Library, Version
from overflight.screening.match import Match, Screening
from overflight.screening.query import Query
from overflight.screening.screener import NoListsError, Screener, screener
from overflight.screening.triage import LEVELS, Desk, survey
from overflight.world.airspace import DE_FACTO
from overflight.world.states import state

__all__ = [
    "BASES",
    "EVERY_STATE",
    "FIELDS",
    "KINDS",
    "LEVELS",
    "MEANING",
    "MOST_BYTES",
    "Certificate",
    "Checked",
    "ListRow",
    "Lists",
    "NoListsError",
    "Surveyed",
    "aliases",
    "ask",
    "certificate",
    "check_certificate",
    "day_of",
    "known_of",
    "list_rows",
    "lists_of",
    "packed",
    "query_of",
    "survey_of",
]

#: Bytes of the largest file of applications, or certificate, that the page reads.
MOST_BYTES = 8_000_000
#: Applications that one answer holds.
MOST_ROWS = 500
_KEPT = 4
#: In the place of the state that decides: every state under the route is asked.
EVERY_STATE = "*"
#: What can be asked about in one line of a form, with its label and what it may look like.
FIELDS = {
    "name": ("Name", "a person, a body, any mark or code"),
    "tail": ("Registration", "P-885"),
    "hex": ("24-bit address", "six hexadecimal digits"),
    "serial": ("Serial number", "manufacturer’s"),
    "type": ("Aircraft type", "IL62"),
    "operator": ("Operator", "name or ICAO designator"),
    "owner": ("Owner", ""),
    "consignee": ("Consignee", ""),
    "born": ("Born", "1971 or 1971-05-03"),
}
#: On what an entry's place on the list rests, for people.
BASES = {
    "listed-on": "the entry gives its listing date",
    "published": "in the publication in force on the day",
    "undated": "only in a later publication, and without a listing date",
}


class Lists:
    """The library of a desk and its screeners, shared by every request.

    Parameters
    ----------
    home : Path
        The desk's folder.
    """

    def __init__(self, home: Path) -> None:
        self.home = home
        self._library = Library(home)
        self._ready: OrderedDict[tuple[object, ...], Screener] = OrderedDict()
        # A screener takes seconds to make and the library keeps what it read: one at a time.
        self._lock = threading.RLock()

    def versions(self, known: datetime | None = None) -> tuple[Version, ...]:
        """Every publication that had been imported."""
        with self._lock:
            return self._library.versions(known_at=known)

    def at(self, on: date, known: datetime | None = None) -> Screener:
        """The lists as of a day.

        Raises
        ------
        NoListsError
            No list has been imported.
        """
        with self._lock:
            versions = self._library.versions(known_at=known)
            key = (on, known, tuple(str(one.path) for one in versions))
            found = self._ready.pop(key, None)
            if found is None:
                found = screener(self._library, on, known)
                while len(self._ready) >= _KEPT:
                    self._ready.popitem(last=False)
            self._ready[key] = found
            return found

    def again(self, certificate: Verified) -> Again:
        """The question of a certificate, put again to the publications that it names."""
        with self._lock:
            return again(certificate, self._library)


def lists_of(rooms: Rooms) -> Lists:
    """The lists of a desk; made once."""
    found: Lists = rooms.kept(("screen", "lists"), lambda: Lists(rooms.settings.home))
    return found


@dataclass(frozen=True, slots=True)
class ListRow:
    """The newest publication of a list that the desk has, and how old it is."""

    kind: str
    publisher: str
    published: date
    age_days: int
    entries: int
    imported_at: datetime
    older: int


def list_rows(rooms: Rooms) -> tuple[ListRow, ...]:
    """What the desk has imported, one row a list."""
    today = rooms.clock().date()
    found: dict[str, list[Version]] = {}
    for one in lists_of(rooms).versions():
        found.setdefault(one.kind, []).append(one)
    return tuple(
        ListRow(
            kind,
            versions[-1].publisher,
            versions[-1].published,
            (today - versions[-1].published).days,
            versions[-1].entries,
            versions[-1].imported_at,
            len(versions) - 1,
        )
        for kind, versions in found.items()
    )


# --- one question ------------------------------------------------------------------------------------------


def query_of(given: Mapping[str, str]) -> Query:
    """The query of a filled form; fields left empty are not asked about.

    Raises
    ------
    InputError
        Nothing to look for, or a field that cannot be one.
    """
    known = {one.name for one in fields(Query)} - {"states"}
    return Query.of_document({key: value for key, value in given.items() if key in known and value.strip()})


def day_of(text: str, where: str = "on") -> date | None:
    """A day as it is written in a form or a URL; None when the field is empty.

    Raises
    ------
    InputError
        It is no day.
    """
    text = text.strip()
    if not text:
        return None
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
            raise ValueError(text)
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(f"{text[:20]!r} is no day", where=where, mend="write it as 2026-11-20") from None


def known_of(text: str) -> datetime | None:
    """Until when imports count: the end of a day, or a moment in UTC; None for all.

    Raises
    ------
    InputError
        It is neither.
    """
    text = text.strip()
    if not text:
        return None
    try:
        if len(text) == 10:
            return datetime.combine(date.fromisoformat(text), datetime.max.time(), UTC)
        found = datetime.fromisoformat(text)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        raise InputError(
            f"{text[:30]!r} is no moment", where="known", mend="write it as 2026-11-20"
        ) from None


def ask(rooms: Rooms, query: Query, on: date | None = None, known: datetime | None = None) -> Screening:
    """Put a query to the lists as of a day; today where none is given.

    Raises
    ------
    NoListsError
        No list has been imported, or none by then.
    """
    return lists_of(rooms).at(on or rooms.clock().date(), known).screen(query)


def aliases(match: Match) -> tuple[str, ...]:
    """Further names of the entry that matched, without the one that is shown and the one that matched."""
    entity: Entity = match.entity
    shown = {entity.caption, match.name}
    return tuple(dict.fromkeys(one.text for one in entity.names if one.text not in shown))


# --- many applications -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Surveyed:
    """A file of applications and flight plans in the order in which a person should look at them.

    Attributes
    ----------
    head : dict
        What holds for all of them.
    rows : tuple of dict
        The most urgent first; at most as many as were asked for.
    """

    head: dict[str, Any]
    rows: tuple[dict[str, Any], ...]


def survey_of(
    rooms: Rooms,
    data: bytes,
    *,
    name: str,
    on: date | None = None,
    known: datetime | None = None,
    deciding: str = "",
    most: int = MOST_ROWS,
) -> Surveyed:
    """Screen applications and filed plans of any form that `overflight.permit.read_permits` reads.

    Raises
    ------
    InputError
        The file is empty or too large, or holds no application.
    NoListsError
        No list has been imported.
    """
    if len(data) > MOST_BYTES:
        raise InputError(
            f"is larger than {MOST_BYTES // 1_000_000} MB",
            where=name,
            mend="use overflight screen --permits on the command line",
        )
    settings = rooms.settings
    desk = Desk(
        settings.home,
        rooms.clock().date(),
        "" if deciding == EVERY_STATE else _state(deciding) if deciding else rooms.home,
        on,
        known,
        state(settings.position) if settings.position else "",
        settings.view or DE_FACTO,
    )
    with tempfile.TemporaryDirectory(prefix="overflight-") as folder:
        path = Path(folder) / "applications.txt"
        path.write_bytes(data)
        try:
            with survey(path, desk) as found:
                rows = tuple(_named(one, str(path), name) for one in islice(found.documents(), most))
                return Surveyed(found.head(), rows)
        except NoListsError:
            raise
        except InputError as error:
            where = (error.where or "").replace(str(path), name)
            raise InputError(error.what, where=where or None, mend=error.mend) from None


def _state(text: str) -> str:
    try:
        return state(text)
    except InputError as error:
        raise InputError(error.what, where="state", mend=error.mend) from None


def _named(document: dict[str, Any], path: str, name: str) -> dict[str, Any]:
    """A document with the name that its reader knows in the place of ours."""
    source = document["source"]
    return document | {"source": source.replace(path, name) if isinstance(source, str) else source}


# --- certificates ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Certificate:
    """A signed certificate, the PDF for people, and the key that signed."""

    signed: bytes
    paper: bytes
    key: str
    statement: dict[str, Any]

    @property
    def stem(self) -> str:
        """A name for its files."""
        return f"screening-{self.statement['on']}-{sha256(self.signed).hexdigest()[:12]}"


def certificate(rooms: Rooms, screening: Screening) -> Certificate:
    """Issue a certificate of a screening; the desk's key is made at first use.

    Raises
    ------
    DataError
        typst is not installed, or the key is damaged.
    """
    settings = rooms.settings
    key = desk_key(settings.home)
    name = key_id(key.public_key())
    said = statement(
        screening,
        lists_of(rooms).versions(screening.known),
        {"office": settings.office, "state": settings.state},
        rooms.clock(),
    )
    paper = pdf(said, name)
    whole = said | {"paper": {"sha256": sha256(paper).hexdigest()}}
    return Certificate(issued(said, key, paper), paper, name, whole)


def packed(made: Certificate) -> bytes:
    """Both files of a certificate in one."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack:
        pack.writestr(f"{made.stem}.json", made.signed)
        pack.writestr(f"{made.stem}.pdf", made.paper)
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class Checked:
    """What became of checking a certificate.

    Attributes
    ----------
    refused : str
        Why it is not to be trusted; empty when it is.
    found : Verified or None
    paper : bool
        Whether a PDF was checked with it.
    again : Again or None
        The same question put to the same lists again, where that was asked for.
    unable : str
        Why it could not be put again.
    """

    refused: str = ""
    found: Verified | None = None
    paper: bool = False
    again: Again | None = None
    unable: str = ""

    def document(self) -> dict[str, Any]:
        """As ``overflight screen --verify --json`` prints it."""
        if self.found is None:
            return {"valid": False, "why": self.refused}
        out: dict[str, Any] = {
            "valid": True,
            "key": self.found.key,
            "paper": self.paper,
            "statement": self.found.statement,
        }
        if self.again is not None:
            out["again"] = {"same": self.again.same, "differences": list(self.again.differences)}
        if self.unable:
            out["again"] = {"same": None, "differences": [self.unable]}
        return out


def check_certificate(
    rooms: Rooms, data: bytes, paper: bytes | None = None, *, once_more: bool = False
) -> Checked:
    """Check a certificate, and with `once_more` put its question again.

    `data` is the signed file, or the archive that `packed` makes.
    """
    try:
        data, paper = _unpacked(data, paper)
        found = verified(data, trusted_keys(rooms.settings.home), paper)
    except dsse.RefusedError as refused:
        return Checked(refused=str(refused))
    if not once_more:
        return Checked(found=found, paper=paper is not None)
    try:
        return Checked(found=found, paper=paper is not None, again=lists_of(rooms).again(found))
    except InputError as error:
        return Checked(found=found, paper=paper is not None, unable=error.what)


def _unpacked(data: bytes, paper: bytes | None) -> tuple[bytes, bytes | None]:
    """The signed file and the paper of an archive."""
    if not data.startswith(b"PK\x03\x04"):
        return data, paper
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as pack:
            parts: dict[str, bytes] = {}
            for one in pack.infolist()[:10]:
                kind = Path(one.filename).suffix.lower()
                if kind in (".json", ".pdf") and kind not in parts and one.file_size <= MOST_BYTES:
                    parts[kind] = pack.read(one)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, OSError, ValueError) as error:
        raise dsse.RefusedError("the archive is damaged") from error
    if ".json" not in parts:
        raise dsse.RefusedError("the archive holds no signed file")
    return parts[".json"], parts.get(".pdf", paper)
