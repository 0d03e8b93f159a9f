"""Telegrams on paper: DOCX and PDF, with the banner at head and foot of every page and a mark on every
portion.
"""

from __future__ import annotations

import io
import json
from typing import Any

from overflight.marking import banner_over, format_banner
from overflight.marking.schemes import HOME
from overflight.telegram.columns import parted
from overflight.telegram.meaning import understand
from overflight.telegram.model import Paragraph, Reference, Telegram

__all__ = ["banner_of", "docx", "pdf", "plain"]


def banner_of(telegram: Telegram) -> str:
    """The banner for paper.

    What the portions roll up to, else the classification line; never the lower of the two.
    """
    meaning = understand(telegram)
    own = f"{telegram.classification or 'CLASSIFICATION NOT STATED'}{telegram.control}"
    banner = meaning.banner
    if banner is None:
        return own
    order = ("", "U", "R", "C", "S", "TS")
    shown, beside = own, []
    for rolled in meaning.rolls:
        if rolled.scheme != banner.scheme:
            beside.append(format_banner(rolled))  # no scheme has a word for the other's
        elif rolled.scheme != HOME:
            shown = own if banner.unparsed else format_banner(banner_over([banner, rolled]))
        elif banner.level not in order or order.index(banner.level) <= order.index(rolled.level):
            shown = format_banner(rolled)
    return "; ".join([shown, *beside])


def _fields(telegram: Telegram) -> list[tuple[str, str]]:
    """Rows of the head, in the order of the form."""
    head = telegram.head
    rows: list[tuple[str, str]] = []
    if telegram.number:
        rows.append(
            (
                "Number",
                f"{telegram.number.origin} {telegram.number.serial:06d}"
                + (f" ({telegram.number.year})" if telegram.number.year else ""),
            )
        )
    if head.sent:
        rows.append(("Sent", f"{head.sent:%d %B %Y, %H:%M} UTC"))
    rows.append(("Precedence", " / ".join(p for p in (head.precedence, head.info_precedence) if p)))
    rows.append(("From", head.origin or ""))
    for name, addresses in (("To", head.to), ("Info", head.info)):
        rows.append((name, "\n".join(f"{a.address} {a.precedence or ''}".strip() for a in addresses)))
    rows.append(("Captions", ", ".join(telegram.captions)))
    if telegram.order:
        rows.append((f"E.O. {telegram.order.number}", telegram.order.text))
    rows.append(("TAGS", ", ".join(telegram.tags)))
    if telegram.subject:
        mark = f"({telegram.subject.marking}) " if telegram.subject.marking else ""
        rows.append(("Subject", mark + telegram.subject.text))
    rows.append(("References", "\n".join(f"{r.letter}. {_reference(r)}" for r in telegram.references)))
    if telegram.authority:
        reasons = ", ".join(telegram.authority.reasons)
        rows.append(("Classified by", telegram.authority.office + (f"; reason {reasons}" if reasons else "")))
    return [(name, value) for name, value in rows if value]


def _reference(reference: Reference) -> str:
    parts = []
    if reference.number:
        n = reference.number
        parts.append(f"{str(n.year % 100).zfill(2) + ' ' if n.year is not None else ''}{n.origin} {n.serial}")
    if reference.text:
        parts.append(reference.text)
    return " ".join(parts)


def _lead(paragraph: Paragraph, marked: bool) -> str:
    """Number and mark of a portion; where others carry a mark, one without says so."""
    number = (
        f"{paragraph.label}. "
        if paragraph.number is not None
        else f"{paragraph.lead} "
        if paragraph.lead
        else ""
    )
    return number + (f"({paragraph.marking}) " if paragraph.marking else "(not marked) " if marked else "")


def docx(telegram: Telegram) -> bytes:
    """A DOCX."""
    import docx as library
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt

    document = library.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Liberation Serif", Pt(11)
    banner = banner_of(telegram)

    def banner_line(paragraph: Any, pages: bool) -> None:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        run = paragraph.add_run(plain(banner))
        run.bold = True
        if pages:
            run.add_break()
            for kind, code in (("begin", None), (None, "PAGE"), ("end", None)):
                part = paragraph.add_run()
                if kind:
                    element = OxmlElement("w:fldChar")
                    element.set(qn("w:fldCharType"), kind)
                else:
                    element = OxmlElement("w:instrText")
                    element.text = code
                part._r.append(element)

    banner_line(section.header.paragraphs[0], pages=False)
    banner_line(section.footer.paragraphs[0], pages=True)
    table = document.add_table(rows=0, cols=2)
    for name, value in _fields(telegram):
        cells = table.add_row().cells
        cells[0].width, cells[1].width = Cm(3.2), Cm(13.4)
        cells[0].paragraphs[0].add_run(plain(name)).italic = True
        cells[1].text = plain(value)
    document.add_paragraph()
    marked = any(p.marking for p in telegram.paragraphs)
    heading: str | None = None
    for paragraph in telegram.paragraphs:
        if paragraph.heading and paragraph.heading != heading:
            title = document.add_paragraph()
            title.add_run(plain(paragraph.heading)).bold = True
            title.paragraph_format.keep_with_next = True
        heading = paragraph.heading
        for n, (table, lines) in enumerate(parted(paragraph.text.split("\n"))):
            # A portion may run over a page: each of its sub-paragraphs carries the mark.
            block = document.add_paragraph()
            block.paragraph_format.keep_together = True
            if n:
                block.paragraph_format.left_indent = Cm(0.8)
                block.add_run(f"({plain(paragraph.marking)}) " if paragraph.marking else "")
            else:
                block.add_run(plain(_lead(paragraph, marked))).bold = True
            if not table:
                block.add_run(plain(lines[0]))
                continue
            for line in lines:
                block.add_run().add_break()
                row = block.add_run(plain(line))
                row.font.name, row.font.size = "Courier New", Pt(8.5)
    if telegram.signed:
        document.add_paragraph(plain(telegram.signed))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def plain(text: str | None) -> str:
    """Text without the control characters that XML cannot hold."""
    return "".join(
        c
        for c in text or ""
        if c in "\n\t" or (c >= " " and not "\ud800" <= c <= "\udfff" and c not in "\ufffe\uffff")
    )


_TYPST = """
#let telegram = json(bytes(sys.inputs.at("telegram")))
#let banner = align(center, text(weight: "bold", telegram.banner))
#set page(paper: "a4", margin: (x: 2.2cm, y: 2.4cm), header: banner, footer: context [
  #banner
  #align(center, text(size: 9pt)[#counter(page).display() of #counter(page).final().first()])
])
#set text(font: ("Libertinus Serif", "New Computer Modern"), size: 10.5pt, lang: "en", hyphenate: false)
#set par(justify: false, leading: 0.6em, spacing: 0.95em)
#grid(columns: (3cm, 1fr), row-gutter: 0.7em,
  ..telegram.fields.map(((name, value)) => (text(style: "italic", name),
  value.split("\\n").join(linebreak()))).flatten())
#line(length: 100%, stroke: 0.5pt)
#for part in telegram.parts {
  if part.kind == "heading" { block(sticky: true, text(weight: "bold", part.text)) }
  else if part.kind == "table" {
    block(breakable: part.text.len() > 2500, { text(weight: "bold", part.lead); raw(block: true, part.text) })
  } else {
    // A portion of less than a page stays on one page with its mark.
    let words = if part.lead == "" [#part.text] else [#text(weight: "bold", part.lead) #part.text]
    pad(left: if part.kind == "sub" { 0.8cm } else { 0cm }, block(breakable: part.text.len() > 2500, words))
  }
}
"""


def pdf(telegram: Telegram) -> bytes:
    """A PDF, set by typst; the text goes in as data, never as markup."""
    import typst

    parts: list[dict[str, str]] = []
    marked = any(p.marking for p in telegram.paragraphs)
    heading: str | None = None
    for paragraph in telegram.paragraphs:
        if paragraph.heading and paragraph.heading != heading:
            parts.append({"kind": "heading", "text": paragraph.heading, "lead": ""})
        heading = paragraph.heading
        for n, (table, lines) in enumerate(parted(paragraph.text.split("\n"))):
            lead = (
                _lead(paragraph, marked) if n == 0 else f"({paragraph.marking})" if paragraph.marking else ""
            )
            kind = "table" if table else "sub" if n else "portion"
            parts.append({"kind": kind, "lead": lead.strip(), "text": plain("\n".join(lines))})
    if telegram.signed:
        parts.append({"kind": "portion", "lead": "", "text": telegram.signed})
    data = {
        "banner": banner_of(telegram),
        "fields": [[name, plain(value)] for name, value in _fields(telegram)],
        "parts": [{k: plain(v) for k, v in part.items()} for part in parts],
    }
    return bytes(typst.compile(_TYPST.encode(), format="pdf", sys_inputs={"telegram": json.dumps(data)}))
