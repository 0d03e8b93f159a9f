"""Non-papers on paper: DOCX and PDF without letterhead, number, date or author.

The bytes are a function of what the state may read: the same sentences give the same file, whenever it is
made.
"""

from __future__ import annotations

import io
import json
import zipfile
from datetime import datetime
from typing import Any

from overflight.case.life.compose import Composed
from overflight.telegram.paper import plain

__all__ = ["docx", "pdf"]

_EPOCH = (1980, 1, 1, 0, 0, 0)
_TITLE = "NON-PAPER"

_TYPST = """
#let paper = json(bytes(sys.inputs.at("paper")))
#set document(date: none)
#let banner = align(center, text(weight: "bold", paper.banner))
#set page(paper: "a4", margin: (x: 2.5cm, y: 2.6cm), header: banner, footer: banner)
#set text(font: ("Libertinus Serif", "New Computer Modern"), size: 11pt, lang: "en", hyphenate: false)
#set par(justify: false, leading: 0.65em, spacing: 1.1em)
#align(center, text(size: 13pt, weight: "bold", paper.title))
#v(0.6cm)
#for one in paper.sentences {
  block(breakable: one.text.len() > 2500, [#text(weight: "bold", "(" + one.marking + ")") #one.text])
}
"""


def pdf(composed: Composed) -> bytes:
    """The non-paper as PDF, set by typst; the text goes in as data, never as markup."""
    import typst

    data = {
        "title": _TITLE,
        "banner": plain(composed.banner),
        "sentences": [{"marking": plain(one.marking), "text": plain(one.text)} for one in composed.paper],
    }
    return bytes(typst.compile(_TYPST.encode(), format="pdf", sys_inputs={"paper": json.dumps(data)}))


def docx(composed: Composed) -> bytes:
    """The non-paper as DOCX."""
    import docx as library
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Cm, Pt

    document = library.Document()
    properties = document.core_properties
    # Who made it and when is nobody's business: it is a paper without a sender.
    properties.author = properties.last_modified_by = properties.comments = properties.title = ""
    properties.created = properties.modified = datetime(*_EPOCH)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Liberation Serif", Pt(11)

    def centred(paragraph: Any, text: str) -> None:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.add_run(plain(text)).bold = True

    centred(section.header.paragraphs[0], composed.banner)
    centred(section.footer.paragraphs[0], composed.banner)
    centred(document.add_paragraph(), _TITLE)
    for one in composed.paper:
        line = document.add_paragraph()
        line.paragraph_format.keep_together = True
        line.add_run(f"({plain(one.marking)}) ").bold = True
        line.add_run(plain(one.text))
    made = io.BytesIO()
    document.save(made)
    return _timeless(made.getvalue())


def _timeless(data: bytes) -> bytes:
    """The same archive with no time of making in it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, date_time=_EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            target.writestr(entry, source.read(name))
    return out.getvalue()
