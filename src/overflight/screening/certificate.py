"""Certificates of a screening: what was asked of which lists, and what came out, signed.

The payload is a JSON statement in one spelling (sorted keys, no blanks) inside a DSSE envelope. It names
every publication that the desk had, by digest: so the same question can be put to the same lists years later.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from overflight import __version__
from overflight.errors import InputError
from overflight.screening import dsse
from overflight.screening.bands import EXACT, FINDINGS, POSSIBLE, STRONG
from overflight.screening.facts import DATA
from overflight.screening.lists import Library, Version
from overflight.screening.lists.asof import snapshot
from overflight.screening.match import Screening
from overflight.screening.query import Query
from overflight.screening.screener import Screener

__all__ = ["PAYLOAD_TYPE", "Again", "Verified", "again", "issued", "statement", "verified"]

#: Media type of the payload.
PAYLOAD_TYPE = "application/vnd.overflight.screening.v1+json"
FORM = "overflight screening certificate 1"


@cache
def tables_digest() -> str:
    """One digest over the tables of names: another table may give another result."""
    whole = sha256()
    for path in sorted(DATA.glob("*.csv")):
        whole.update(path.name.encode() + b"\0" + sha256(path.read_bytes()).digest())
    return whole.hexdigest()


def statement(
    screening: Screening, versions: Sequence[Version], settings: Mapping[str, str], issued_at: datetime
) -> dict[str, Any]:
    """What a certificate says.

    Parameters
    ----------
    screening : Screening
    versions : sequence of Version
        Every publication that the desk knew (`Library.versions`), consulted or not.
    settings : mapping of str to str
        The desk's settings that belong to the record (state, office …); no secrets.
    issued_at : datetime
        UTC.
    """
    found = screening.document()
    return {
        "form": FORM,
        "issued_at": issued_at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "software": {"name": "overflight", "version": __version__, "tables_sha256": tables_digest()},
        "settings": {
            "bands": {"exact": EXACT, "strong": STRONG, "possible": POSSIBLE, "hit": list(FINDINGS)},
            "desk": {key: value for key, value in sorted(settings.items()) if value},
        },
        "query": found["query"],
        "on": found["on"],
        "known": found["known"],
        "result": "hit" if found["hit"] else "clean",
        "matches": found["matches"],
        "lists": found["lists"],
        "remarks": found["remarks"],
        "library": [
            {
                "kind": one.kind,
                "published": one.published.isoformat(),
                "sha256": one.sha256,
                "parser": one.parser,
            }
            for one in versions
        ],
    }


def issued(said: Mapping[str, Any], key: Ed25519PrivateKey, paper: bytes | None = None) -> bytes:
    """The certificate's file.

    Parameters
    ----------
    said : mapping
        A `statement`.
    key : Ed25519PrivateKey
    paper : bytes, optional
        The PDF that goes with it; its digest is signed too.
    """
    whole = dict(said)
    if paper is not None:
        whole["paper"] = {"sha256": sha256(paper).hexdigest()}
    return dsse.sealed(PAYLOAD_TYPE, spelt(whole), key)


def spelt(said: Mapping[str, Any]) -> bytes:
    """A statement in its one spelling."""
    return json.dumps(
        said, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


@dataclass(frozen=True, slots=True)
class Verified:
    """A certificate whose signature holds.

    Attributes
    ----------
    statement : dict
    key : str
        Id of the key that signed it.
    """

    statement: dict[str, Any]
    key: str


def verified(data: bytes, trusted: Mapping[str, Ed25519PublicKey], paper: bytes | None = None) -> Verified:
    """Check a certificate offline.

    Parameters
    ----------
    data : bytes
        The certificate's file.
    trusted : mapping of str to Ed25519PublicKey
        Public keys by id (`overflight.screening.keys.trusted_keys`).
    paper : bytes, optional
        The PDF beside it, where there is one.

    Raises
    ------
    RefusedError
        The certificate or its paper was altered, or an unknown key signed it.
    """
    payload, key = dsse.opened(data, PAYLOAD_TYPE, trusted.get)
    try:
        said = json.loads(payload)
        whole = isinstance(said, dict) and said.get("form") == FORM and spelt(said) == payload
    except (ValueError, RecursionError) as error:
        raise dsse.RefusedError("what was signed is no statement of a screening") from error
    if not whole:
        raise dsse.RefusedError("what was signed is no statement of a screening")
    digest = said.get("paper", {}).get("sha256")
    if paper is not None and sha256(paper).hexdigest() != digest:
        raise dsse.RefusedError("the PDF beside it is not the one that was signed with it")
    return Verified(said, key)


@dataclass(frozen=True, slots=True)
class Again:
    """The same question put again to the same lists.

    Attributes
    ----------
    same : bool
        Whether result and matches are what the certificate says.
    screening : Screening
        What came out now.
    differences : tuple of str
        What differs, in words; other software is named even when the result is the same.
    """

    same: bool
    screening: Screening
    differences: tuple[str, ...]


def again(certificate: Verified, library: Library) -> Again:
    """Put the question of a certificate again, to the publications that it names.

    Raises
    ------
    InputError
        A publication is not in this desk's library.
    """
    said = certificate.statement
    versions = [_held(one, library) for one in said["library"]]
    on = date.fromisoformat(said["on"])
    known = datetime.fromisoformat(said["known"]) if said["known"] else None
    asked = Query.of_document(said["query"])
    found = Screener(snapshot(on, known, versions, library.entities, Version.dates)).screen(asked)
    document = found.document()
    differences = []
    if said["software"] != (
        now := {"name": "overflight", "version": __version__, "tables_sha256": tables_digest()}
    ):
        was = said["software"]
        differences.append(
            f"made with version {was.get('version')} and tables {str(was.get('tables_sha256'))[:12]}, "
            f"run with {now['version']} and {now['tables_sha256'][:12]}"
        )
    result = "hit" if found.hit else "clean"
    same = result == said["result"] and document["matches"] == said["matches"]
    if result != said["result"]:
        differences.append(f"the certificate says {said['result']}, now it is {result}")
    elif not same:
        differences.append(
            f"the certificate has {len(said['matches'])} matches, now there are {len(document['matches'])}, "
            "or their grounds differ"
        )
    return Again(same, found, tuple(differences))


def _held(wanted: Mapping[str, Any], library: Library) -> Version:
    for one in library.versions(wanted["kind"]):
        if one.sha256 == wanted["sha256"] and one.published.isoformat() == wanted["published"]:
            return one
    raise InputError(
        f"{wanted['kind']} of {wanted['published']} ({wanted['sha256'][:16]}…) is not in this library",
        where="--again",
        mend="import that publication, then try again",
    )
