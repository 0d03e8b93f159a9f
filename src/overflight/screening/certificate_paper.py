"""A certificate on paper: a PDF for people; the signed file beside it is what counts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from overflight.screening.bands import MEANING
from overflight.screening.certificate import spelt
from overflight.screening.facts import DATA

__all__ = ["pdf"]

_TITLES = {
    "name": "Name, mark or code",
    "tail": "Registration",
    "hex": "24-bit address",
    "serial": "Serial number",
    "type": "Aircraft type",
    "born": "Birth date",
}


def pdf(said: Mapping[str, Any], key: str) -> bytes:
    """The PDF of a statement.

    Parameters
    ----------
    said : mapping
        A `overflight.screening.certificate.statement`.
    key : str
        Id of the key that signs the certificate."""
    import typst

    inputs = {"certificate": json.dumps(_content(said, key), ensure_ascii=False)}
    source = (DATA / "certificate.typ").read_bytes()
    return bytes(typst.compile(source, format="pdf", sys_inputs=inputs))


def _content(said: Mapping[str, Any], key: str) -> dict[str, Any]:
    hit = said["result"] == "hit"
    best = said["matches"][0]["band"] if said["matches"] else None
    clean = f"no match of band exact or strong; {len(said['matches'])} possible"
    software, desk = said["software"], said["settings"]["desk"]
    bands = said["settings"]["bands"]
    asked = [
        [_TITLES.get(field, field.capitalize()), " ".join(value) if isinstance(value, list) else value]
        for field, value in said["query"].items()
    ]
    return {
        "digest": sha256(spelt(said)).hexdigest(),
        "result": "HIT" if hit else "CLEAN",
        "summary": f"{len(said['matches'])} matches, the best of band {best}" if hit else clean,
        "asked": [*asked, ["As of the day", said["on"]], ["As known at", said["known"] or "all imports"]],
        "lists": [{**one, "entries": f"{one['entries']:,}"} for one in said["lists"]],
        "remarks": list(said["remarks"]),
        "matches": [_match(one) for one in said["matches"]],
        "made": [
            ["Issued", said["issued_at"]],
            ["By", ", ".join(desk.values()) or "a desk without a name"],
            ["Software", f"overflight {software['version']}, tables {software['tables_sha256'][:16]}"],
            ["Bands", f"strong from {bands['strong']}, possible from {bands['possible']}"],
            ["Exact means", MEANING["exact"]],
            ["Signing key", key],
        ],
        "check": "overflight screen --verify CERTIFICATE.json checks the signed file offline; with --again "
        "it puts the same question to the same publications.",
    }


def _match(one: Mapping[str, Any]) -> dict[str, Any]:
    links = "; ".join(f"{link['kind']} {link['name']}" for link in one["links"])
    parts = [f"{one['list']} {one['id']}", one["schema"], ", ".join(one["programs"]), links]
    return {
        "caption": one["caption"],
        "band": one["band"],
        "score": f"{one['score']:.3f}",
        "place": " · ".join(part for part in parts if part),
        "features": [
            {
                "contribution": f"{feature['contribution']:+.3f}",
                "feature": feature["feature"],
                "query": feature["query"] or "–",
                "listed": " – ".join(
                    part for part in (feature["listed"] or "", feature.get("note", "")) if part
                )
                or "–",
            }
            for feature in one["features"]
        ],
    }
