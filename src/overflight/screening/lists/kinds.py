"""The kinds of lists, and which importer reads a file: what it is shows in the file, not in its name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from overflight.errors import InputError
from overflight.screening.lists import (
    eu_xml,
    ofac_advanced,
    ofac_csv,
    ofac_xml,
    opensanctions,
    uk_list,
    uk_ofsi,
    un_xml,
)
from overflight.screening.lists.reading import Reading
from overflight.screening.lists.text import table
from overflight.screening.lists.xmlstream import root_of

__all__ = ["KINDS", "PARSER", "Kind", "known", "read"]

#: Version of the importers; a list imported by an older one may be imported again.
PARSER = 1

#: How packed files begin: zip, gzip, bzip2, xz, Zstandard.
_PACKED = (b"PK\x03\x04", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd")

_OneFile = Callable[[str, Path], Reading]
_OFAC: dict[str, _OneFile] = {"sdnList": ofac_xml.read, "Sanctions": ofac_advanced.read}
_ROOTS: dict[str, dict[str, _OneFile]] = {
    "ofac-sdn": _OFAC,
    "ofac-cons": _OFAC,
    "un": {"CONSOLIDATED_LIST": un_xml.read},
    "eu": {"export": eu_xml.read},
    "uk": {"Designations": uk_list.read_xml},
    "uk-ofsi": {"ArrayOfFinancialSanctionsTarget": uk_ofsi.read_xml},
}
_DELIMITED: dict[str, _OneFile] = {
    "uk": uk_list.read_csv,
    "uk-ofsi": uk_ofsi.read_csv,
    "opensanctions": opensanctions.read_csv,
}


@dataclass(frozen=True, slots=True)
class Kind:
    """One list of one publisher: its word on the command line, who publishes it, and the files it has."""

    kind: str
    publisher: str
    title: str
    files: str


@cache
def _kinds() -> dict[str, Kind]:
    columns = ("kind", "publisher", "title", "files", "source")
    return {row[0]: Kind(*row[:4]) for row in table("lists", columns)}


#: Every kind, in the order in which they are shown.
KINDS: tuple[Kind, ...] = tuple(_kinds().values())


def known(kind: str) -> Kind:
    """The kind of a word; InputError names the kinds there are."""
    found = _kinds().get(kind.strip().casefold())
    if found is None:
        raise InputError(
            f"{kind!r} is no kind of list", where="KIND", mend=f"known are {', '.join(_kinds())}"
        )
    return found


def read(kind: str, paths: Sequence[Path]) -> Reading:
    """Read a list from the publisher's files.

    Parameters
    ----------
    kind : str
        A word of `KINDS`.
    paths : sequence of Path
        One file, or OFAC's set of delimited files in any order.

    Raises
    ------
    InputError
        The files are damaged, cut off, or of another list; file and line or record are named.
    """
    name = known(kind).kind
    if not paths:
        raise InputError("no file given", where="FILE", mend=f"give {known(kind).files}")
    starts = {path: _start(path) for path in paths}
    if name.startswith("ofac-") and not any(start.startswith(b"<") for start in starts.values()):
        return ofac_csv.read(name, paths)
    if len(paths) > 1:
        raise InputError(
            f"{len(paths)} files given where one belongs", where="FILE", mend=f"give {known(kind).files}"
        )
    path = paths[0]
    if starts[path].startswith(b"<"):
        root = root_of(path)
        reader = _ROOTS.get(name, {}).get(root)
        if reader is None:
            raise _other(path, f"is XML with the root {root}, and no file of {name}", name)
    elif name == "opensanctions" and starts[path].startswith(b"{"):
        reader = opensanctions.read_json
    else:
        reader = _DELIMITED.get(name)
        if reader is None:
            raise _other(path, f"is not XML, and no file of {name}", name)
    return reader(name, path)


def _other(path: Path, what: str, kind: str) -> InputError:
    return InputError(what, where=path.name, mend=f"give {known(kind).files}")


def _start(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            head = file.read(64)
    except OSError as error:
        raise InputError(
            f"cannot be read: {(error.strerror or 'no file').lower()}", where=str(path)
        ) from None
    if not head:
        raise InputError("is empty", where=path.name, mend="get the file from the publisher again")
    if head.startswith(_PACKED):
        raise InputError("is packed (zip, gzip or the like)", where=path.name, mend="unpack it first")
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        head = head.decode("utf-16", "replace").encode()
    return head.removeprefix(b"\xef\xbb\xbf").lstrip()
