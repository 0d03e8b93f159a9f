"""The map of a case as GeoJSON."""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import Depends, Response
from pydantic import BaseModel, ConfigDict, Field

from overflight.desk.access import Action
from overflight.desk.api.cases import CaseAt, Wait
from overflight.desk.api.common import api, version
from overflight.desk.views.figures import PATIENCE_S, figures, finished
from overflight.desk.views.map import case_map

__all__ = ["router"]

router = api(Action.READ_CASES, "cases")


class MapOut(BaseModel):
    """A GeoJSON FeatureCollection (RFC 7946) with how every state stands as members of its own."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(examples=["FeatureCollection"])
    features: list[dict[str, Any]] = Field(
        description="Property `style`: route, alternative, entry, band or stop."
    )
    states: dict[str, dict[str, Any]] = Field(description="By alpha-3: standing, words, entry, likelihood.")
    legend: dict[str, str]
    complete: bool = Field(description="Likelihoods, ways and entries are worked out.")


@router.get("/cases/{case_id}/map", summary="The map of a case as GeoJSON", response_model=MapOut)
def geojson(at: Annotated[CaseAt, Depends()], wait: Wait = False) -> Response:
    case = at.case
    done = finished(figures(at.rooms, case, PATIENCE_S if wait else 0.0))

    def made() -> bytes:
        return json.dumps(case_map(case, done), ensure_ascii=False, separators=(",", ":")).encode()

    # Hundreds of lines: written once for each event.
    body = done.once("map", (case.id, case.last), made) if done else made()
    response = Response(body, media_type="application/json")
    version(response, case.last)
    return response
