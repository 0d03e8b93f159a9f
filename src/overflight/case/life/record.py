"""The after-action record: one page that says who was told when, who answered when, and what worked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape

from overflight.case.life.answers import decisions
from overflight.case.life.headline import helpers
from overflight.case.life.model import Case
from overflight.case.wording import clock

__all__ = ["Record", "Row", "record_of", "to_html", "to_text"]


@dataclass(frozen=True, slots=True)
class Row:
    """One state: when it was asked, when the post delivered, when it answered and what, how late."""

    state: str
    asked: str
    delivered: str
    answered: str
    answer: str
    late: str


@dataclass(frozen=True, slots=True)
class Record:
    """The page, as data."""

    title: str
    lines: tuple[str, ...]
    rows: tuple[Row, ...]
    worked: tuple[str, ...]
    lessons: tuple[str, ...]


def record_of(case: Case) -> Record:
    """Put the record together; for the home desk."""
    first, last = case.history[0].true_at, max(n.true_at for n in case.history if not n.void)
    days = max(1, (last - first).days)
    lines = [
        f"{case.flight.id}, {case.opened.body.title}: {_day(first)} to {_day(last)}, {days} days, "
        f"{len(case.plans)} {'plan' if len(case.plans) == 1 else 'plans'}, "
        f"{len(case.approaches)} {'approach' if len(case.approaches) == 1 else 'approaches'}, "
        f"{len(case.updates)} {'update' if len(case.updates) == 1 else 'updates'}.",
    ]
    for noted in case.endings[-1:]:
        lines.append(f"Outcome: {_words(noted.body.code)}, {_day(noted.true_at)}. {noted.body.evidence}.")
        if noted.body.observed and case.ways:
            predicted = case.ways.line
            extra = [s for s in noted.body.observed if s not in predicted]
            missed = [s for s in predicted if s not in noted.body.observed]
            lines.append(
                f"Predicted {', '.join(predicted)}; the track entered {', '.join(noted.body.observed)}"
                + (f"; not predicted: {', '.join(extra)}" if extra else "")
                + (f"; predicted and not entered: {', '.join(missed)}" if missed else "")
                + "."
            )
    if not case.endings:
        lines.append("No outcome is recorded yet.")
    helped = helpers(case)
    thanked = {p.state for n in case.thanks for p in n.body.products}
    worked = [
        f"{state} {how}" + ("; thanked" if state in thanked else "; not thanked yet")
        for state, how in helped.items()
    ]
    return Record(
        f"After-action record of case {case.id}",
        tuple(lines),
        tuple(_row(case, state) for state in case.standings),
        tuple(worked) or ("No answer changed what the flight could do.",),
        _lessons(case),
    )


def _row(case: Case, state: str) -> Row:
    asked = [n for n in case.approaches if n.body.product.state == state]
    delivered = [n for n in case.deliveries if n.body.state == state]
    answers = case.answers_of(state)
    late = ""
    if asked and answers:
        first = next((n for n in answers if n.true_at >= asked[0].true_at), None)
        if first and first.true_at > asked[0].body.due:
            hours = (first.true_at - asked[0].body.due).total_seconds() / 3600
            late = f"{hours:.0f} h late"
    if asked and not answers:
        late = "never"
    words = [decisions()[n.body.decision].words for n in answers]
    return Row(
        state,
        _clock(asked[0].true_at) if asked else "not asked",
        _clock(delivered[0].true_at) if delivered else "",
        _clock(answers[-1].true_at) if answers else "",
        "; then ".join(dict.fromkeys(words)),
        late,
    )


def _lessons(case: Case) -> tuple[str, ...]:
    out = []
    silent = [s for s in case.approached if not case.answers_of(s)]
    if silent:
        out.append(f"No answer was ever had from {', '.join(silent)}.")
    if holders := sorted({h.state for h in case.holders}):
        out.append(f"An earlier version was left with {', '.join(holders)}.")
    if kept := sorted({s for n in case.updates for s in n.body.kept}):
        out.append(f"New facts could not be told to {', '.join(kept)} as they were marked.")
    if case.corrections:
        out.append(f"{len(case.corrections)} events were corrected.")
    if case.coverage and case.coverage.closed:
        out.append("The answers in hand closed every way of at least one leg.")
    elif case.coverage and case.coverage.never:
        never = [s for s in case.coverage.never if s not in case.standings]
        if never:
            out.append(f"On an open way, and never asked: {', '.join(never[:6])}.")
    return tuple(out) or ("Nothing to note.",)


def to_text(record: Record) -> str:
    """The page as text."""
    titles = ("state", "asked", "delivered", "last answer", "what", "")
    table: list[Sequence[str]] = [titles]
    table += [(r.state, r.asked, r.delivered, r.answered, r.answer, r.late) for r in record.rows]
    widths = [max(len(row[n]) for row in table) for n in range(len(titles))]
    rows = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in table
    ]
    parts = [
        record.title,
        "=" * len(record.title),
        "",
        *record.lines,
        "",
        *rows,
        "",
        "What worked",
        *_bullets(record.worked),
    ]
    return "\n".join([*parts, "", "To learn from", *_bullets(record.lessons), ""])


def to_html(record: Record) -> str:
    """The page as HTML, on one sheet, without anything fetched."""

    def items(lines: Sequence[str]) -> str:
        return "".join(f"<li>{escape(line)}</li>" for line in lines)

    head = "".join(f"<th>{t}</th>" for t in ("State", "Asked", "Delivered", "Last answer", "What", ""))
    body = "".join(
        "<tr>"
        + "".join(
            f"<td>{escape(c)}</td>" for c in (r.state, r.asked, r.delivered, r.answered, r.answer, r.late)
        )
        + "</tr>"
        for r in record.rows
    )
    return (
        "<!doctype html>\n"
        f'<html lang="en"><meta charset="utf-8"><title>{escape(record.title)}</title>'
        "<style>@page{size:A4;margin:2cm}body{font:11pt/1.45 Georgia,serif;max-width:48em;margin:2em auto;"
        "padding:0 1em}"
        "h1{font-size:1.4em}h2{font-size:1.1em}table{border-collapse:collapse;width:100%}"
        "th,td{text-align:left;vertical-align:top;padding:.25em .6em .25em 0;border-bottom:1px solid #bbb}"
        "</style>"
        f"<h1>{escape(record.title)}</h1>"
        + "".join(f"<p>{escape(line)}</p>" for line in record.lines)
        + f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        f"<h2>What worked</h2><ul>{items(record.worked)}</ul>"
        f"<h2>To learn from</h2><ul>{items(record.lessons)}</ul></html>\n"
    )


def _bullets(lines: Sequence[str]) -> list[str]:
    return [f"- {line}" for line in lines]


def _words(code: str) -> str:
    return code.lower().replace("_", " ")


def _day(moment: datetime) -> str:
    return moment.date().isoformat()


def _clock(moment: datetime) -> str:
    return f"{clock(moment)}Z"
