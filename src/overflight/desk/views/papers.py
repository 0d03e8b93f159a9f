"""Non-papers as sentences and as files, out of their text alone: what is shown is what was released."""

from __future__ import annotations

import re
from datetime import date
from typing import Literal

from overflight.case.life.compose import Composed, Sentence, paper_text
from overflight.case.life.paper import docx, pdf

__all__ = ["FORMS", "Form", "paper_file", "sheet_of"]

Form = Literal["txt", "docx", "pdf"]
#: Media types of the files that a non-paper can be had as.
FORMS: dict[str, str] = {
    "txt": "text/plain; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}
_SENTENCE = re.compile(r"\(([^()\n]+)\) (.*)", re.DOTALL)
#: No paper has a day on it.
_NO_DAY = date(1980, 1, 1)


def sheet_of(text: str, state: str = "") -> Composed:
    """A non-paper's text as its sentences; a text of another make is one sentence without a mark."""
    blocks = text.strip("\n").split("\n\n")
    found = [_SENTENCE.fullmatch(block) for block in blocks[2:-1]]
    if len(blocks) > 3 and all(found):
        sentences = tuple(Sentence(one[2], one[1], "") for one in found if one)
        sheet = Composed(state, _NO_DAY, sentences, (), blocks[0], "", {}, ())
        if paper_text(sheet) == text:
            return sheet
    return Composed(state, _NO_DAY, (Sentence(text, "", ""),) if text else (), (), "", "", {}, ())


def paper_file(text: str, form: Form) -> bytes:
    """A non-paper as a file: the same text gives the same bytes.

    Raises
    ------
    DataError
        The library that makes such files is not installed.
    """
    if form == "txt":
        return text.encode()
    return docx(sheet_of(text)) if form == "docx" else pdf(sheet_of(text))
