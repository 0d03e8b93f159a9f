"""The brief as one page of HTML: no script, no network, fit for a screen and for A4."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import numpy as np
from jinja2 import Environment, FunctionLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from overflight import __version__
from overflight.case import wording
from overflight.case.map import ATTRIBUTION, Entry, Sketch, Trace, draw
from overflight.case.model import Brief
from overflight.world.airspace import Airspace
from overflight.world.states import alpha3_codes, name

__all__ = ["page", "sketch"]


def _template(file: str) -> str:
    return (files("overflight.case") / "templates" / file).read_text(encoding="utf-8")


def sketch(brief: Brief) -> Sketch:
    """What the map of a brief shows."""
    stops = {s.icao: s for leg in brief.flight.legs for s in (leg.origin, leg.destination)}
    on_line = frozenset(v.state for leg in brief.legs for v in leg.states if v.on_line)
    likely = frozenset(v.state for leg in brief.legs for v in leg.states if v.share >= 0.10)
    refusing = frozenset(brief.flight.approaches.refused) or frozenset(brief.flight.approaches.asked)
    title = f"Map of {brief.flight.id}: {wording.route_title(brief)}"
    words = [
        f"Leg {leg.leg.number}, {leg.leg.origin.icao} to {leg.leg.destination.icao}, "
        f"over {wording.way(v.state for v in leg.on_line)}."
        for leg in brief.legs
    ]
    words += [
        f"Route {other.label}, {wording.detour(other.extra_km)}, over {wording.way(other.states)}."
        for leg in brief.legs
        for other in leg.alternatives
    ]
    return Sketch(
        title=title,
        description=" ".join(words),
        legs=[Trace(str(leg.leg.number), leg.line) for leg in brief.legs],
        alternatives=[Trace(a.label, a.line) for leg in brief.legs for a in leg.alternatives],
        ensemble=[member for leg in brief.legs for member in leg.ensemble],
        entries=[
            Entry(passage.number, passage.crossing.entry)
            for leg in brief.legs
            for passage in leg.passages
            if passage.number is not None
        ],
        stops=[Trace(f"{s.city or s.name} ({s.icao})", np.array([s.lonlat])) for s in stops.values()],
        entered=on_line,
        likely=likely,
        refusing=refusing,
        names={state: name(state) for state in alpha3_codes()},
    )


def page(brief: Brief, airspace: Airspace) -> str:
    """Render the page."""
    environment = Environment(
        loader=FunctionLoader(_template),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "km": wording.km,
        "nm": wording.nm,
        "detour": wording.detour,
        "share": wording.share,
        "clock": wording.clock,
        "when": wording.when,
        "hours": wording.hours,
        "listed": wording.listed,
        "way": lambda states: _kept(wording.way(states)),
        "around": wording.around,
        "rows": wording.rows,
        "row_title": wording.row_title,
        "law_rows": wording.law_rows,
        "duty": wording.duty,
        "option": wording.option,
        "cited": wording.cited,
        "powers": wording.powers,
        "until": wording.until,
        "state": name,
    }
    context: dict[str, Any] = {
        "brief": brief,
        "flight": brief.flight,
        "title": _kept(wording.route_title(brief)),
        "date": wording.day(brief.flight.legs[0].departs.earliest),
        "css": Markup(_template("brief.css")),
        "map": Markup(draw(sketch(brief), airspace, point_of_view=brief.view)),
        "attribution": ATTRIBUTION,
        "version": __version__,
        "off_line": {leg.leg.number: [view for view in leg.states if not view.on_line] for leg in brief.legs},
        "forgotten": _forgotten(brief),
        "shut": [leg for leg in brief.legs if leg.answer.found.closed],
    }
    return environment.get_template("brief.html.j2").render(context)


def _kept(text: str) -> str:
    """No line begins with a dash."""
    return text.replace(" – ", "\N{NO-BREAK SPACE}– ")


def _forgotten(brief: Brief) -> list[tuple[str, list[str]]]:
    """The forgotten states of all legs together, each with its grounds, leg by leg."""
    found: dict[str, list[str]] = {}
    for leg, one in brief.forgotten:
        prefix = f"leg {leg}: " if len(brief.legs) > 1 else ""
        found.setdefault(one.name, []).extend(prefix + ground for ground in one.grounds)
    return list(found.items())
