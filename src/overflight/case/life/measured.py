"""The route oracle of a case: it keeps the line of every corridor that the search for coalitions measures."""

from __future__ import annotations

from collections.abc import Collection

from numpy.typing import ArrayLike

from overflight.route.permitted import Found, PermittedRoute, RouteFinder, RouteOracle

__all__ = ["MeasuringOracle"]


class MeasuringOracle(RouteOracle):
    """Answers as `RouteOracle` does, and remembers the shortest line through each corridor.

    Parameters
    ----------
    routes : RouteFinder
    origin, destination : (2,) degrees
    range_km : float
    """

    def __init__(
        self, routes: RouteFinder, origin: ArrayLike, destination: ArrayLike, range_km: float
    ) -> None:
        super().__init__(routes, origin, destination, range_km)
        self._lines: dict[frozenset[str], PermittedRoute | None] = {}

    def exact(self, refusing: Collection[str]) -> Found | None:
        """Find the same route on the fine outlines, for its true length."""
        return self._found(self.line(self.candidates - set(refusing)))

    def line(self, permitting: frozenset[str]) -> PermittedRoute | None:
        """The shortest line within range through these states and those at its ends."""
        if permitting not in self._lines:
            others = self.routes.states - permitting - self.ends
            self._lines[permitting] = self.routes.shortest(
                self.origin, self.destination, others, self.range_km
            )
        return self._lines[permitting]
