"""Features as KML 2.2 (OGC 07-147r2)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from overflight.exchange.features import Feature, split_at_date_line

__all__ = ["document"]

_NAMESPACE = "http://www.opengis.net/kml/2.2"
#: Line colour (aabbggrr) and width of each style.
_LINES = {"route": ("ff1c1c8a", "3"), "alternative": ("ff7a5024", "2")}
_POINTS = {"entry": "ff1c1c8a", "stop": "ff241f1b"}


def document(title: str, description: str, features: Sequence[Feature]) -> str:
    """A KML document with one folder for each group, in order of first appearance."""
    root = ET.Element("kml", xmlns=_NAMESPACE)
    top = ET.SubElement(root, "Document")
    _text(top, "name", title)
    _text(top, "description", description)
    for style, (colour, width) in _LINES.items():
        line = ET.SubElement(ET.SubElement(top, "Style", id=style), "LineStyle")
        _text(line, "color", colour)
        _text(line, "width", width)
    for style, colour in _POINTS.items():
        icon = ET.SubElement(ET.SubElement(top, "Style", id=style), "IconStyle")
        _text(icon, "color", colour)
        _text(icon, "scale", "0.8")
    for group in dict.fromkeys(feature.group for feature in features):
        folder = ET.SubElement(top, "Folder")
        _text(folder, "name", group)
        for feature in features:
            if feature.group == group:
                _placemark(folder, feature)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _placemark(folder: ET.Element, feature: Feature) -> None:
    mark = ET.SubElement(folder, "Placemark")
    _text(mark, "name", feature.name)
    if feature.span:
        span = ET.SubElement(mark, "TimeSpan")
        _text(span, "begin", _moment(feature.span[0]))
        _text(span, "end", _moment(feature.span[1]))
    _text(mark, "styleUrl", f"#{feature.style}")
    if feature.properties:
        data = ET.SubElement(mark, "ExtendedData")
        for key, value in feature.properties.items():
            if value is not None:
                entry = ET.SubElement(data, "Data", name=key)
                _text(entry, "value", ", ".join(value) if isinstance(value, list) else _plain(value))
    if feature.is_point:
        _text(ET.SubElement(mark, "Point"), "coordinates", _coordinates(feature.lonlat.tolist()))
        return
    parts = split_at_date_line(feature.lonlat)
    parent = ET.SubElement(mark, "MultiGeometry") if len(parts) > 1 else mark
    for part in parts:
        line = ET.SubElement(parent, "LineString")
        _text(line, "tessellate", "1")
        _text(line, "coordinates", _coordinates(part.tolist()))


def _coordinates(points: Sequence[Sequence[float]]) -> str:
    return " ".join(f"{lon:.6f},{lat:.6f},0" for lon, lat in points)


def _plain(value: str | float | int | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _text(parent: ET.Element, tag: str, text: str) -> None:
    # Characters that XML 1.0 cannot carry at all would make the file unreadable.
    ET.SubElement(parent, tag).text = "".join(c for c in text if c >= " " or c in "\t\n")
