"""XML read as a stream and in safety: no document type, no entities, no tree of the whole file.

A document type can only stand before the root element, so a guard parser watches the file until the root
begins; entities cannot be declared without one. After that the records are handed out one by one and let go.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import cast
from xml.etree.ElementTree import Element, ParseError, XMLPullParser
from xml.parsers import expat

from overflight.errors import InputError
from overflight.screening.lists.reading import damaged

__all__ = ["Element", "root_of", "stream", "texts"]

_CHUNK = 1 << 16
_DEEPEST = 64
_LONGEST_PROLOG = 1 << 20


class _RootBegins(Exception):  # noqa: N818 - no error: it ends the watch
    pass


class _Guard:
    """Feeds the beginning of a file to expat until the root element, and refuses a document type."""

    def __init__(self, where: str) -> None:
        self.name = ""
        self._where = where
        self._read = 0
        self._parser = expat.ParserCreate(namespace_separator="}")
        self._parser.StartElementHandler = self._start
        self._parser.StartDoctypeDeclHandler = self._doctype

    def _start(self, name: str, _attributes: object) -> None:
        self.name = name.rsplit("}", 1)[-1]
        raise _RootBegins

    def _doctype(self, *_: object) -> None:
        raise damaged(
            "has a document type, which no publisher's list has", where=f"{self._where}, line {self._line}"
        )

    @property
    def _line(self) -> int:
        return self._parser.CurrentLineNumber

    def feed(self, chunk: bytes) -> bool:
        """Whether the root element has begun."""
        self._read += len(chunk)
        try:
            self._parser.Parse(chunk, False)
        except _RootBegins:
            return True
        except expat.ExpatError as error:
            raise _not_xml(expat.ErrorString(error.code), self._where, error.lineno) from None
        except (LookupError, ValueError):
            raise _not_xml("an encoding that nobody knows", self._where, 1) from None
        if self._read > _LONGEST_PROLOG:
            raise damaged("no element begins in the first megabyte", where=self._where)
        return False


def _not_xml(what: str, where: str, line: int) -> InputError:
    if what in ("no element found", "unclosed token", "unclosed CDATA section", "partial character"):
        what = "the file ends in the middle"
    return damaged(f"not whole XML: {what}", where=f"{where}, line {line}")


def root_of(path: Path) -> str:
    """The local name of the root element; InputError when the file is no XML."""
    guard = _Guard(path.name)
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            if guard.feed(chunk):
                return guard.name
    raise _not_xml("no element found", path.name, 1)


def stream(path: Path, records: frozenset[str]) -> Iterator[Element]:
    """Every record element of a file, complete, its tags without namespaces; first the root, still empty.

    Parameters
    ----------
    path : Path
    records : frozenset of str
        Local names of the elements to hand out; each is let go when the next is asked for. Everything
        else in the file is let go as well.

    Yields
    ------
    Element

    Raises
    ------
    InputError
        The file is not well-formed, ends in the middle, has a document type, or is nested too deep.
    """
    guard = _Guard(path.name)
    guarded = False
    parser: XMLPullParser[Element] = XMLPullParser(("start", "end"))
    open_elements: list[Element] = []
    inside = 0
    with path.open("rb") as file:
        while True:
            chunk = file.read(_CHUNK)
            if not guarded and chunk:
                guarded = guard.feed(chunk)
            try:
                if chunk:
                    parser.feed(chunk)
                else:
                    parser.close()
            except ParseError as error:
                what, line = str(error).split(": line")[0], error.position[0]
                raise _not_xml(what, path.name, line) from None
            except (LookupError, ValueError):
                raise _not_xml("an encoding that nobody knows", path.name, 1) from None
            for event, element in _events(parser, path):
                name = element.tag.rsplit("}", 1)[-1]
                if event == "start":
                    open_elements.append(element)
                    if len(open_elements) == 1:
                        yield Element(name, dict(element.attrib))
                    elif len(open_elements) > _DEEPEST:
                        raise damaged("elements are nested too deep", where=path.name)
                    if name in records:
                        inside += 1
                    continue
                open_elements.pop()
                if name in records:
                    inside -= 1
                    if not inside:
                        for one in element.iter():
                            if one.tag[0] == "{":
                                one.tag = one.tag.rsplit("}", 1)[-1]
                        yield element
                if not inside and open_elements:
                    open_elements[-1].remove(element)
            if not chunk:
                return


def _events(parser: XMLPullParser[Element], path: Path) -> Iterator[tuple[str, Element]]:
    try:
        yield from cast("Iterator[tuple[str, Element]]", parser.read_events())
    except ParseError as error:
        raise _not_xml(str(error).split(": line")[0], path.name, error.position[0]) from None


def texts(element: Element, path: str) -> Iterator[str]:
    """The text of every element at a path that has one."""
    for one in element.iterfind(path):
        if one.text and not one.text.isspace():
            yield one.text
