"""The quoted form: for a model that no telegram form can say.

A damaged copy may be read into paragraphs that begin like markings, subjects that look like labels and the
like. Laid out as a telegram such text would be read back as something else, so it is written with every
field quoted, one on a line, behind a head that a person can still read. The common forms never need it.
"""

from __future__ import annotations

import json
import re
import types
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from overflight.telegram.model import Telegram

__all__ = ["quote", "unquote"]

_MARK = "=QUOTED"
_LINE = re.compile(r"^=([A-Z_]+) (.*)$")


def quote(telegram: Telegram) -> list[str]:
    """Lines of the quoted form."""
    out = [_MARK]
    for field in fields(Telegram):
        value = getattr(telegram, field.name)
        if value != field.default:
            out.append(f"={field.name.upper()} {json.dumps(_plain(value))}")
    return [*out, "=END"]


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value) if f.compare}
    if isinstance(value, tuple):
        return [_plain(v) for v in value]
    if isinstance(value, datetime):
        # Not strftime: its years before 1000 have no leading zeros, and would not be read again.
        return f"{value.replace(tzinfo=None).isoformat(timespec='minutes')}Z"
    return value


def unquote(text: str) -> Telegram | None:
    """The model of a quoted form; None when the text holds none, or a damaged one."""
    at = text.find(f"\n{_MARK}")
    if at < 0 and not text.startswith(_MARK):
        return None
    hints = _hints(Telegram)
    found: dict[str, Any] = {}
    closed = False
    for line in text[max(at, 0) :].split("\n"):
        line = line.rstrip("\r")
        if line == "=END":
            closed = True
            break
        match = _LINE.match(line)
        if match is None:
            continue
        name = match[1].lower()
        if name not in hints:
            return None
        try:
            found[name] = _typed(json.loads(match[2]), hints[name])
        except (ValueError, TypeError, KeyError, RecursionError):
            return None
    return Telegram(**found) if closed else None


@lru_cache
def _hints(cls: type) -> dict[str, Any]:
    return get_type_hints(cls)


def _typed(value: Any, kind: Any) -> Any:
    """A plain value as the type that the model wants; ValueError where it is of another."""
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        if value is None:
            return None
        return _typed(value, next(a for a in get_args(kind) if a is not type(None)))
    if origin is tuple:
        if not isinstance(value, list):
            raise ValueError("not a list")
        parts = get_args(kind)
        if parts[-1] is Ellipsis:
            return tuple(_typed(v, parts[0]) for v in value)
        return tuple(_typed(v, p) for v, p in zip(value, parts, strict=True))
    if kind is datetime:
        return datetime.strptime(value, "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC)
    if is_dataclass(kind) and isinstance(kind, type):
        if not isinstance(value, dict):
            raise ValueError("not an object")
        hints = _hints(kind)
        return kind(**{name: _typed(v, hints[name]) for name, v in value.items()})
    if type(value) is not kind:
        raise ValueError("of another type")
    return value
