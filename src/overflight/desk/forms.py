"""Forms of pages: what was typed, read into the model of an act; what is wrong, in words beside the form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from fastapi import Request
from pydantic import BaseModel, ValidationError
from starlette.datastructures import UploadFile

from overflight.errors import InputError

__all__ = ["MAX_UPLOAD", "Typed", "filled", "typed"]

M = TypeVar("M", bound=BaseModel)

#: A file that somebody uploads into a form.
MAX_UPLOAD = 2_000_000

#: What was typed: the texts of each field.
Typed = Mapping[str, list[str]]


async def typed(request: Request) -> Typed:
    """The fields of a form, files as their text: a dependency.

    Raises
    ------
    InputError
        A file is too large or no text.
    """
    out: dict[str, list[str]] = {}
    async with request.form() as form:
        for name, value in form.multi_items():
            text = await _text(name, value) if isinstance(value, UploadFile) else value
            if text is not None:
                out.setdefault(name, []).append(text.replace("\r\n", "\n"))
    return out


async def _text(name: str, file: UploadFile) -> str | None:
    """The text of a file; None where none was chosen."""
    data = await file.read(MAX_UPLOAD + 1)
    if len(data) > MAX_UPLOAD:
        raise InputError("the file is too large", where=name, mend="give one of at most 2 MB")
    try:
        return data.decode("utf-8-sig") if data else None
    except UnicodeDecodeError:
        raise InputError("the file is no text in UTF-8", where=name, mend="save it as UTF-8") from None


def filled(model: type[M], given: Typed, **more: Any) -> M:
    """What was typed as a model: empty fields are left out, several of one name make a list.

    Raises
    ------
    InputError
        A field is missing or wrong; the first of them is named.
    """
    data: dict[str, Any] = dict(more)
    for name, field in model.model_fields.items():
        texts = [text for text in given.get(name, ()) if text.strip()]
        if not texts or name in more:
            continue
        several = str(field.annotation).startswith(("list", "dict"))
        data[name] = texts if several and len(texts) > 1 else texts[0]
    try:
        return model.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = " ".join(str(part) for part in first["loc"][:1])
        what = "is missing" if first["type"] in ("missing", "string_too_short") else _words(first["msg"])
        raise InputError(f"{where.replace('_', ' ')} {what}", where=where or "form") from None


def _words(message: str) -> str:
    plain = message.removeprefix("Value error, ")
    return plain[:1].lower() + plain[1:]
