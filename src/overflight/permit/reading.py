"""Messages of air traffic services from text: every fault becomes a finding with its place."""

from __future__ import annotations

import re
from typing import Any

from overflight.permit.fields import Field, Log, read_field, read_items
from overflight.permit.message import KINDS, Change, Message, Reading

__all__ = ["read_message", "read_messages"]

#: Every message of Doc 4444 begins like this; those that are not read are told so.
_ALL = (*KINDS, "CPL", "EST", "CDN", "ACP", "LAM", "SPL", "RQP", "RQS", "ALR", "RCF")
_NUMBER = r"[A-Z]{1,8}/[A-Z]{1,8}[0-9]{3}"
_HEAD = re.compile(rf"\(\s*({'|'.join(_ALL)})({_NUMBER})?({_NUMBER})?\s*(?=[-)])")
_SUPPLEMENT = re.compile(r"-\s*(?=[EPRSJDACN]/)")
_CHANGE = re.compile(r"-\s*(?=[0-9]{1,2}/)")
_WITH_TIME = re.compile(r"[A-Z]{4}[0-9]{4}(?![0-9A-Z])")
_END = re.compile(r"^\s*NNNN\s*$", re.MULTILINE)
_UPPER = {ord(c): ord(c) - 32 for c in "abcdefghijklmnopqrstuvwxyz"}
_MARKS = {ord("("): " ", ord(")"): " "}
#: Fields of each kind between the head and the last ones, which need more care.
_FIELDS = {
    "FPL": (7, 8, 9, 10, 13, 15, 16),
    "CHG": (7, 13, 16),
    "DLA": (7, 13, 16),
    "CNL": (7, 13, 16),
    "DEP": (7, 13, 16),
    "ARR": (7, 13),
}


def read_messages(text: str) -> tuple[Reading, ...]:
    """Every message in a text, whatever stands around it (an envelope, a letter).

    Parameters
    ----------
    text : str
        As received.

    Returns
    -------
    tuple of Reading
        In order; empty when the text holds no message.

    Examples
    --------
    >>> found = read_messages("FF ZZZZZZZZ ... (CNL-XXX621-ZKPY0400-OIIE-0)")
    >>> found[0].message.kind, found[0].findings
    ('CNL', ())
    """
    # Only ASCII is changed: places in the text stay what they are.
    plain = text.translate(_UPPER)
    heads = list(_HEAD.finditer(plain))
    log = Log(text)
    return tuple(
        _one(plain, head, heads[n + 1].start() if n + 1 < len(heads) else len(plain), log)
        for n, head in enumerate(heads)
    )


def read_message(text: str) -> Reading:
    """The first message in a text; a reading without a message when there is none."""
    found = read_messages(text)
    if found:
        return found[0]
    log = Log(text)
    log.add("", "missing", "no message in parentheses, such as (FPL-…)", 0)
    return Reading(None, tuple(log.findings))


def _one(text: str, head: re.Match[str], limit: int, log: Log) -> Reading:
    log.findings = []
    line = log.place(head.start())[0]
    kind = head[1]
    end = _close(text, head.end(), limit)
    if end is None:
        stop = _END.search(text, head.end(), limit)
        end = stop.start() if stop else limit
        log.add("", "unclosed", "the closing parenthesis is missing", max(head.start(), end - 1))
    if kind not in KINDS:
        log.add("3", "not-read", f"{kind} is a message that is not read", head.start(1))
        return Reading(None, tuple(log.findings), line)
    body = text[head.end() : end]
    if "(" in body or ")" in body:
        at = min(body.index(mark) for mark in "()" if mark in body)
        log.add("", "extra", "a parenthesis inside the message", head.end() + at)
        body = body.translate(_MARKS)
    # The body begins with the hyphen before field 7.
    fields = Field(body[1:], head.end() + 1)
    read = _fields(kind, fields, log)
    message = Message(kind, number=head[2] or "", reference=head[3] or "", **read)
    return Reading(message, tuple(log.findings), line)


def _close(text: str, start: int, limit: int) -> int | None:
    """Where the parenthesis that was opened before `start` is closed."""
    depth = 1
    for match in re.compile(r"[()]").finditer(text, start, limit):
        depth += 1 if match[0] == "(" else -1
        if not depth:
            return match.start()
    return None


def _split(field: Field, parts: int) -> list[Field]:
    """Cut at hyphens into at most `parts` pieces."""
    found, at = [], field.start
    for piece in field.text.split("-", parts - 1):
        found.append(Field(piece, at))
        at += len(piece) + 1
    return found


def _cut(field: Field, mark: re.Pattern[str]) -> tuple[Field, Field | None]:
    """A field before and behind a hyphen that begins something else."""
    found = mark.search("-" + field.text)
    if not found:
        return field, None
    at = max(found.start() - 1, 0)
    return Field(field.text[:at], field.start), Field(
        field.text[found.end() - 1 :], field.start + found.end() - 1
    )


def _fields(kind: str, field: Field, log: Log) -> dict[str, Any]:
    numbers = _FIELDS[kind]
    pieces = _split(field, len(numbers) + 1)
    read: dict[str, Any] = {}
    for number, piece in zip(numbers, pieces, strict=False):
        read |= read_field(number, piece, log, kind=kind)
    for number in numbers[len(pieces) :]:
        log.add(str(number), "missing", f"field {number} is missing", field.start + len(field.text))
    rest = pieces[len(numbers)] if len(pieces) > len(numbers) else None
    if kind == "ARR":
        return read | _arrival(rest, field, log)
    if rest is None:
        if len(pieces) == len(numbers):
            log.add(
                "18", "missing", "field 18 is missing; 0 stands for nothing", field.start + len(field.text)
            )
        return read
    if kind == "CHG":
        eighteen, changes = _cut(rest, _CHANGE)
        read["items"] = read_items(eighteen, log)
        return read | _changes(changes, field, log)
    if kind == "FPL":
        rest, more = _cut(rest, _SUPPLEMENT)
        read["supplementary"] = more.words if more else ""
    return read | {"items": read_items(rest, log)}


def _changes(field: Field | None, whole: Field, log: Log) -> dict[str, Any]:
    found: list[Change] = []
    if field is not None:
        starts = [0, *(match.end() for match in _CHANGE.finditer(field.text))]
        ends = [*(match.start() for match in _CHANGE.finditer(field.text)), len(field.text)]
        for start, end in zip(starts, ends, strict=True):
            piece = Field(field.text[start:end], field.start + start)
            found += read_field(22, piece, log).get("changes", ())
    if not found:
        log.add("22", "missing", "the message changes nothing", whole.start + len(whole.text))
    return {"changes": tuple(found)}


def _arrival(rest: Field | None, whole: Field, log: Log) -> dict[str, Any]:
    """Field 16 stands in ARR only when the aircraft landed elsewhere: the last field is 17."""
    if rest is None:
        log.add("17", "missing", "field 17 is missing", whole.start + len(whole.text))
        return {}
    first, *others = _split(rest, 2)
    # The name of a place without an indicator may hold hyphens: a time in the first part tells it from 16.
    if not others or _WITH_TIME.match(first.text.strip()):
        return read_field(17, rest, log)
    return read_field(16, first, log, kind="ARR") | read_field(17, others[0], log)
