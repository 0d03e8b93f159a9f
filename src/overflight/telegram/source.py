"""Bytes to lines: the encoding is found out, the original bytes stay reachable by line and column."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from overflight.errors import TelegramError

__all__ = ["Line", "Source", "blocks", "decode", "holding", "unreturned"]

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Teleprinters end a line with two carriage returns: any run of them before the line feed is one end. A run is
# looked along once, from its beginning.
_END = re.compile(r"(?<!\r)\r*+\n|\r")


_BLOCK = 20_000  # lines


class Line:
    """One line of text with the way back to where it stood.

    ``cols`` maps each character to its column in the file (from 1); None when nothing was taken out or
    put in.
    ``cut`` says that page furniture was removed just before it; ``fresh`` that a line break was put in here.
    """

    __slots__ = ("cols", "cut", "fresh", "no", "text")

    def __init__(
        self, text: str, no: int, cols: Sequence[int] | None = None, cut: bool = False, fresh: bool = False
    ) -> None:
        self.text = text
        self.no = no
        self.cols = cols
        self.cut = cut
        self.fresh = fresh

    def column(self, position: int) -> int:
        """Column in the file (from 1) of a character of the cleaned line."""
        if self.cols is None:
            return position + 1
        if not self.cols:
            return 1
        return self.cols[position] if position < len(self.cols) else self.cols[-1] + 1

    def part(self, start: int, end: int | None = None, *, fresh: bool = False) -> Line:
        """A piece of the line as a line of its own, with its columns."""
        stop = len(self.text) if end is None else end
        cols = range(start + 1, stop + 1) if self.cols is None else self.cols[start:stop]
        return Line(self.text[start:stop], self.no, cols, self.cut and start == 0, fresh)


def blocks(texts: Sequence[str]) -> Iterator[str]:
    """Lines together, each ended by a line feed: all of an ordinary telegram, some of a huge one.

    What is looked for in it stands in one line, or at the end of one.
    """
    for start in range(0, len(texts), _BLOCK):
        yield "\n".join([*texts[start : start + _BLOCK], ""])


def holding(text: str, word: str) -> Iterator[str]:
    """Each line of a text that holds a word."""
    at = text.find(word)
    while at >= 0:
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        yield text[text.rfind("\n", 0, at) + 1 : end]
        at = text.find(word, end)


@dataclass(frozen=True)
class Source:
    """The file as it came.

    Attributes
    ----------
    data : bytes
        Every byte of the file.
    encoding : str
        Codec that turned it into text.
    text : str
        The text, NULs included.
    first : int
        Number of its first line, where this is a piece of a file.
    """

    data: bytes
    encoding: str
    text: str
    first: int = 1

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(m.end() for m in _END.finditer(self.text))]

    def lines(self) -> list[str]:
        """Lines without their ends."""
        if "\r" not in self.text:
            return self.text.split("\n")
        return _END.split(self.text)

    def pieces(self, starts: Sequence[int]) -> Iterator[Source]:
        """The file cut before these positions of the text, which begin lines."""
        offset, first = 0, self.first
        encoding = self.encoding
        for begin, end in zip([0, *starts], [*starts, len(self.text)], strict=True):
            text = self.text[begin:end]
            size = end - begin
            if self.encoding not in ("ascii", "cp1252", "latin-1"):
                size = len(text.encode(_without_mark(self.data, encoding), "surrogatepass"))
                size += len(self._mark) if begin == 0 else 0
            until = len(self.data) if end == len(self.text) else offset + size
            yield Source(self.data[offset:until], encoding, text, first)
            offset, first = until, first + sum(1 for _ in _END.finditer(text))
            encoding = _without_mark(self.data, encoding)

    @property
    def _mark(self) -> bytes:
        marks = (mark for mark, name in _BOMS if name == self.encoding)
        return next((mark for mark in marks if self.data.startswith(mark)), b"")

    def offset(self, line: int, column: int) -> int:
        """Byte offset in ``data`` of a line and column, both from 1."""
        starts = self._starts
        start = starts[min(max(line - self.first, 0), len(starts) - 1)]
        position = min(start + max(column, 1) - 1, len(self.text))
        if self.encoding in ("ascii", "cp1252", "latin-1"):
            return position
        head = self.text[:position]
        if self.encoding == "utf-8-sig":
            return len(codecs.BOM_UTF8) + len(head.encode("utf-8", "surrogatepass"))
        if self.encoding in ("utf-16", "utf-32"):
            return len(head.encode(self.encoding))  # the codec writes the byte-order mark itself
        return len(head.encode(self.encoding, "surrogatepass"))

    def bytes_at(self, line: int, column: int, length: int) -> bytes:
        """The original bytes of ``length`` characters from a line and column."""
        return self.data[self.offset(line, column) : self.offset(line, column + length)]

    def bytes_of(self, first: int, last: int) -> bytes:
        """The original bytes of lines ``first`` to ``last``, line ends included."""
        begin = self.offset(first, 1)
        behind = last - self.first + 1 >= len(self._starts)
        return self.data[begin : len(self.data) if behind else self.offset(last + 1, 1)]


def _without_mark(data: bytes, encoding: str) -> str:
    """The codec for what follows the byte-order mark."""
    if encoding == "utf-8-sig":
        return "utf-8"
    if encoding in ("utf-16", "utf-32"):
        return encoding + ("-le" if data[0] == 0xFF else "-be")
    return encoding


def unreturned(text: str) -> str:
    """The text with a line feed for each carriage return, where carriage returns alone end lines; as long."""
    if "\r" not in text or text.count("\r") == text.count("\r\n"):
        return text
    return text.replace("\r", "\n")


def decode(data: bytes) -> Source:
    """Text of a file in ASCII, UTF-8, UTF-16, UTF-32, Windows-1252 or Latin-1.

    Raises
    ------
    TelegramError
        The file is empty, of a word processor (RTF), or its byte-order mark promises what its bytes do not
        keep.
    """
    if not data.strip(b"\0 \t\r\n\f"):
        raise TelegramError("the file is empty", mend="give a file that holds a telegram")
    if data[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{\\rtf"):
        raise TelegramError(
            "this is a word processor's file (RTF), no plain text",
            mend="save it as plain text from the word processor and give that",
        )
    for mark, name in _BOMS:
        if data.startswith(mark):
            try:
                return Source(data, name, data.decode(name))
            except UnicodeDecodeError:
                cut = len(data) - len(data) % 4 if name == "utf-32" else len(data) - len(data) % 2
                text = data[:cut].decode(name, "replace")
                return Source(data, name, text)
    if data.isascii() and 0 not in data[:4096]:
        return Source(data, "ascii", data.decode("ascii"))
    wide = _wide(data)
    if wide:
        return Source(data, wide, data[: len(data) - len(data) % 2].decode(wide, "replace"))
    for name in ("ascii", "utf-8", "cp1252"):
        try:
            return Source(data, name, data.decode(name))
        except UnicodeDecodeError:
            continue
    return Source(data, "latin-1", data.decode("latin-1"))


def _wide(data: bytes) -> str | None:
    """UTF-16 without a byte-order mark shows as every other byte being NUL."""
    sample = data[:4096]
    half = len(sample) // 2
    if half < 4:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > 0.6 * half and even < 0.1 * half:
        return "utf-16-le"
    if even > 0.6 * half and odd < 0.1 * half:
        return "utf-16-be"
    return None
