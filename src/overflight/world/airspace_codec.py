"""Bytes of a coverage: how borders are packed into the shipped file, and unpacked again.

A coverage is stored as its arcs. Vertices that end an arc are *nodes* and are stored once; the others
follow their arc as whole-number steps of a fixed grid (``GRID_PER_DEGREE``). Steps are cut into byte planes
before compression, which makes the many zero high bytes vanish. Unpacking is a handful of NumPy calls.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from overflight.errors import DataError

__all__ = ["GRID_PER_DEGREE", "MAGIC", "Arcs", "decode", "encode", "pack_arcs", "unpack_arcs"]

MAGIC = b"OVERFLIGHT-AIRSPACE-1\n"
GRID_PER_DEGREE = 100_000
_TURN = 360 * GRID_PER_DEGREE

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Arcs:
    """A coverage in whole grid steps (1e-5 degree), as it is stored.

    Attributes
    ----------
    vertex : (V, 2) int64
        Longitude and latitude in grid steps; longitude in [-180, 180) degrees.
    level : (V,) uint8
        0 = also kept in the coarse outline, 1 = fine only.
    start : (A + 1,) int64
        Offsets into `sequence`.
    sequence : (S,) int64
        Vertex numbers along the arcs.
    left, right : (A,) int64
        Face numbers beside each arc.
    """

    vertex: Ints
    level: NDArray[np.uint8]
    start: Ints
    sequence: Ints
    left: Ints
    right: Ints


def _planes(values: Ints) -> bytes:
    """Whole numbers as zig-zag 32-bit values, cut into four byte planes."""
    zigzag = ((values << 1) ^ (values >> 63)).astype("<u4")
    return zigzag.view(np.uint8).reshape(-1, 4).T.tobytes()


def _unplanes(raw: bytes) -> Ints:
    wide = np.frombuffer(raw, np.uint8).reshape(4, -1)
    zigzag = np.ascontiguousarray(wide.T).view("<u4").ravel().astype(np.int64)
    return (zigzag >> 1) ^ -(zigzag & 1)


def wrap(longitude: Ints) -> Ints:
    """Bring grid longitudes back into [-180, 180) degrees."""
    return (longitude + _TURN // 2) % _TURN - _TURN // 2


def pack_arcs(arcs: Arcs) -> dict[str, bytes]:
    """Cut a coverage into named sections of bytes.

    Vertices must be numbered as `unpack_arcs` numbers them: nodes first, then the inner vertices arc by
    arc in the order of travel.
    """
    first, last = arcs.sequence[arcs.start[:-1]], arcs.sequence[arcs.start[1:] - 1]
    nodes = int(max(first.max(initial=-1), last.max(initial=-1))) + 1
    inner = np.diff(arcs.start) - 2
    steps = np.diff(arcs.vertex[arcs.sequence], axis=0)
    # Keep the steps that lead to inner vertices: not those between arcs, not the last one of an arc.
    keep = np.ones(len(steps), bool)
    keep[arcs.start[1:-1] - 1] = False
    keep[arcs.start[1:] - 2] = False
    steps = steps[keep]
    steps[:, 0] = wrap(steps[:, 0])
    node = arcs.vertex[:nodes]
    node_steps = np.diff(node, axis=0, prepend=np.zeros((1, 2), np.int64))
    return {
        "node_lon": _planes(node_steps[:, 0]),
        "node_lat": _planes(node_steps[:, 1]),
        "arc_first": _planes(np.diff(first, prepend=0)),
        "arc_last": _planes(last - first),
        "arc_inner": _planes(inner),
        "arc_left": _planes(arcs.left),
        "arc_right": _planes(arcs.right),
        "step_lon": _planes(steps[:, 0]),
        "step_lat": _planes(steps[:, 1]),
        "level": np.packbits(arcs.level.astype(bool)).tobytes(),
    }


def unpack_arcs(section: dict[str, bytes]) -> Arcs:
    """Rebuild a coverage from its sections; the inverse of `pack_arcs`."""
    node = np.column_stack([_unplanes(section["node_lon"]), _unplanes(section["node_lat"])]).cumsum(axis=0)
    first = _unplanes(section["arc_first"]).cumsum()
    last = _unplanes(section["arc_last"]) + first
    inner = _unplanes(section["arc_inner"])
    steps = np.column_stack([_unplanes(section["step_lon"]), _unplanes(section["step_lat"])])
    begin = np.concatenate([[0], inner.cumsum()])
    total = np.concatenate([np.zeros((1, 2), np.int64), steps.cumsum(axis=0)])
    offset = node[first] - total[begin[:-1]]
    point = total[1:] + np.repeat(offset, inner, axis=0)
    vertex = np.concatenate([node, point])
    vertex[:, 0] = wrap(vertex[:, 0])
    start = np.concatenate([[0], (inner + 2).cumsum()])
    sequence = np.empty(start[-1], np.int64)
    ends = np.zeros(start[-1], bool)
    ends[start[:-1]] = ends[start[1:] - 1] = True
    sequence[start[:-1]], sequence[start[1:] - 1] = first, last
    sequence[~ends] = np.arange(len(node), len(vertex))
    level = np.unpackbits(np.frombuffer(section["level"], np.uint8), count=len(vertex))
    left, right = _unplanes(section["arc_left"]), _unplanes(section["arc_right"])
    return Arcs(vertex, level, start, sequence, left, right)


def encode(head: dict[str, Any], coverages: dict[str, Arcs]) -> bytes:
    """One file: magic, a JSON head with the length of every section, the compressed sections, a checksum."""
    blobs: list[bytes] = []
    index: dict[str, dict[str, int]] = {}
    for name in sorted(coverages):
        index[name] = {}
        for key, raw in pack_arcs(coverages[name]).items():
            blob = zlib.compress(raw, 9)
            index[name][key] = len(blob)
            blobs.append(blob)
    text = json.dumps({**head, "sections": index}, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    packed = zlib.compress(text.encode(), 9)
    body = len(packed).to_bytes(4, "big") + packed + b"".join(blobs)
    return MAGIC + zlib.crc32(body).to_bytes(4, "big") + body


def decode(raw: bytes, where: str) -> tuple[dict[str, Any], dict[str, Arcs]]:
    """Read a file written by `encode`.

    Raises
    ------
    DataError
        When the bytes are not such a file, or any byte of it was changed or lost.
    """
    mend = "reinstall overflight, or rebuild the file with tools/build_world.py"
    if not raw.startswith(MAGIC):
        raise DataError("not an airspace file of this version", where=where, mend=mend)
    body = memoryview(raw)[len(MAGIC) + 4 :]
    if len(body) < 4 or zlib.crc32(body) != int.from_bytes(raw[len(MAGIC) : len(MAGIC) + 4], "big"):
        raise DataError("the airspace file is damaged (checksum differs)", where=where, mend=mend)
    size = int.from_bytes(body[:4], "big")
    head: dict[str, Any] = json.loads(zlib.decompress(body[4 : 4 + size]))
    at = 4 + size
    coverages: dict[str, Arcs] = {}
    for name, lengths in head.pop("sections").items():
        sections: dict[str, bytes] = {}
        # JSON keys come back sorted, the blobs lie in the order of packing.
        for key in _ORDER:
            sections[key] = zlib.decompress(body[at : at + lengths[key]])
            at += lengths[key]
        coverages[name] = unpack_arcs(sections)
    return head, coverages


_ORDER = (
    "node_lon",
    "node_lat",
    "arc_first",
    "arc_last",
    "arc_inner",
    "arc_left",
    "arc_right",
    "step_lon",
    "step_lat",
    "level",
)
