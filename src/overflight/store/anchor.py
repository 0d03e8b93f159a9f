"""A log's head, noted outside the store: as a file, as a code that a person can type, as a signed note.

A chain alone cannot show that its end was cut off, or that all of it was written anew. Whoever holds an
anchor can.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from overflight.errors import InputError
from overflight.store.event import Head

__all__ = [
    "Anchor",
    "code_of",
    "fingerprint",
    "from_code",
    "from_head",
    "from_text",
    "read",
    "signed_part",
    "text_of",
]

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O, U
_SAME = str.maketrans("ILO", "110")
#: Letters of the digest in a code: 20 × 5 = 100 bits.
_DIGITS = 20
#: Largest prime below 32²: any one wrong letter, and any two neighbours swapped, change the remainder.
_PRIME = 1021
_MARK = "overflight anchor 1"
_LONGEST = 4096


@dataclass(frozen=True, slots=True)
class Anchor:
    """One noted head."""

    seq: int
    #: The digest, or as much of it as a code holds.
    digest: bytes
    #: How many bits of `digest` count.
    bits: int = 256
    desk: str | None = None
    recorded_at: str | None = None
    #: Public key and signature over the note's lines above, when it is signed.
    key: bytes | None = None
    signature: bytes | None = None
    #: Where it was read, for a complaint.
    where: str = "anchor"

    def against(self, desk: str, last: int, found: bytes | None) -> str | None:
        """What speaks against a log whose event `seq` has the digest `found`; None when nothing does."""
        if self.desk is not None and self.desk != desk:
            return f"{self.where}: belongs to another desk, {self.desk}"
        if self.seq > last:
            return f"{self.where}: vouches for event {self.seq}, but the log ends at event {last}: cut off"
        if found is None or not self._same(found):
            return (
                f"{self.where}: event {self.seq} had another digest when it was noted: the log was rewritten"
            )
        return None

    def _same(self, found: bytes) -> bool:
        spare = 256 - self.bits
        return int.from_bytes(found) >> spare == int.from_bytes(self.digest) >> spare


def from_head(head: Head, recorded_at: str | None = None) -> Anchor:
    """The anchor of a head."""
    return Anchor(head.seq, head.digest, desk=head.desk, recorded_at=recorded_at)


# --- the code -----------------------------------------------------------------------------------------


def code_of(anchor: Anchor) -> str:
    """``SEQ-XXXXX-XXXXX-XXXXX-XXXXX-CC``: the event, 100 bits of its digest, and a check."""
    value = int.from_bytes(anchor.digest) >> (256 - 5 * _DIGITS)
    letters = _base32(value, _DIGITS)
    groups = "-".join(letters[i : i + 5] for i in range(0, _DIGITS, 5))
    return f"{anchor.seq}-{groups}-{_base32(_check(anchor.seq, value), 2)}"


def from_code(code: str) -> Anchor:
    """The anchor that a typed code stands for; small and large letters, I and 1, O and 0 are the same.

    Raises
    ------
    InputError
        When it is no code, or was mistyped.
    """
    where = f"anchor {code!r}" if len(code) < 60 else "anchor"
    found = re.fullmatch(r"\s*(\d{1,18})[\s-]+([0-9A-Za-z\s-]+)", code)
    letters = re.sub(r"[\s-]", "", found[2]).upper().translate(_SAME) if found else ""
    if found is None or len(letters) != _DIGITS + 2 or not set(letters) <= set(_LETTERS):
        raise InputError(
            "not a code of an anchor", where=where, mend="it looks like 812-7K3QF-9XM2C-QV5RT-8ASDF-4D"
        )
    value, check = _number(letters[:_DIGITS]), _number(letters[_DIGITS:])
    seq = int(found[1])
    if check != _check(seq, value):
        raise InputError("mistyped: its check does not hold", where=where, mend="compare it letter by letter")
    bits = 5 * _DIGITS
    return Anchor(seq, (value << (256 - bits)).to_bytes(32), bits, where=where)


def _check(seq: int, value: int) -> int:
    return ((seq << 5 * _DIGITS) | value) % _PRIME


def _base32(value: int, length: int) -> str:
    return "".join(_LETTERS[value >> 5 * place & 31] for place in reversed(range(length)))


def _number(letters: str) -> int:
    value = 0
    for letter in letters:
        value = value << 5 | _LETTERS.index(letter)
    return value


# --- the note -----------------------------------------------------------------------------------------


def signed_part(anchor: Anchor) -> str:
    """The lines of a note that a signature covers."""
    lines = [_MARK, f"desk {anchor.desk}", f"event {anchor.seq}", f"digest {anchor.digest.hex()}"]
    if anchor.recorded_at is not None:
        lines.append(f"recorded {anchor.recorded_at}")
    return "".join(f"{line}\n" for line in lines)


def text_of(anchor: Anchor) -> str:
    """A note: a few lines of text, for a file or a message."""
    text = signed_part(anchor) + f"code {code_of(anchor)}\n"
    if anchor.key is not None and anchor.signature is not None:
        text += f"key {base64.b64encode(anchor.key).decode()}\n"
        text += f"signature {base64.b64encode(anchor.signature).decode()}\n"
    return text


def from_text(text: str, where: str) -> Anchor:
    """The anchor in a note; its signature is checked by `overflight.store.keys`."""
    lines = text.strip().splitlines()
    fields: dict[str, str] = {}
    if not lines or lines[0].strip() != _MARK:
        raise InputError("not an anchor", where=where, mend=f"its first line is {_MARK!r}")
    for number, line in enumerate(lines[1:], 2):
        name, _, value = line.strip().partition(" ")
        if name not in ("desk", "event", "digest", "recorded", "code", "key", "signature") or name in fields:
            raise InputError(f"line {number} is not understood", where=where)
        fields[name] = value.strip()
    try:
        anchor = Anchor(
            seq=int(fields["event"]),
            digest=bytes.fromhex(fields["digest"]),
            desk=fields["desk"],
            recorded_at=fields.get("recorded"),
            key=base64.b64decode(fields["key"], validate=True) if "key" in fields else None,
            signature=base64.b64decode(fields["signature"], validate=True) if "signature" in fields else None,
            where=where,
        )
    except (KeyError, ValueError) as fault:
        raise InputError("an anchor that cannot be read", where=where, mend="fetch it again") from fault
    if len(anchor.digest) != 32 or anchor.seq < 0 or ("key" in fields) != ("signature" in fields):
        raise InputError("an anchor that cannot be read", where=where, mend="fetch it again")
    if "code" in fields and fields["code"] != code_of(anchor):
        raise InputError("an anchor that was changed: its code is not that of its digest", where=where)
    return anchor


def read(given: str) -> Anchor:
    """The anchor in a file, or in a code given in its place."""
    path = Path(given)
    if path.is_file():
        if path.stat().st_size > _LONGEST:
            raise InputError("too long for an anchor", where=given)
        try:
            return from_text(path.read_text(encoding="utf-8"), given)
        except UnicodeDecodeError as fault:
            raise InputError("not an anchor", where=given) from fault
    if re.match(r"\s*\d+[\s-]", given):
        return from_code(given)
    raise InputError("no such file, and not a code of an anchor", where=given)


def fingerprint(key: bytes) -> str:
    """Sixteen hexadecimal digits that stand for a public key."""
    return hashlib.sha256(key).hexdigest()[:16]
