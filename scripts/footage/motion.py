"""How a vehicle moves along its lane: comes, stops, waits, goes. Positions are metres before the stop line."""

import math
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True)
class Motion:
    """stops = [(distance before the line, arrival s, departure s), …]; the last one is at the line or nowhere."""

    stops: tuple
    speed: float = 4.6  # cruising, m/s
    brake: float = 1.5
    pull: float = 1.25  # acceleration away from the stop
    top: float = 6.5
    backs_out: bool = False

    def gap(self, t: float) -> float:
        """Metres still to go to the stop line; negative beyond it."""
        first, last = self.stops[0], self.stops[-1]
        if t <= first[1]:
            return first[0] + self._approach(first[1] - t)
        for here, after in pairwise(self.stops):
            if t <= here[2]:
                return here[0]
            if t < after[1]:
                share = (t - here[2]) / (after[1] - here[2])
                return here[0] + (after[0] - here[0]) * share**3 * (10 - 15 * share + 6 * share * share)
        if t <= last[2]:
            return last[0]
        away = self._leave(t - last[2])
        return last[0] + away if self.backs_out else last[0] - away

    def _approach(self, left: float) -> float:
        """Distance covered in the last left seconds before the stop."""
        slowing = self.speed / self.brake
        if left < slowing:
            return 0.5 * self.brake * left * left
        return 0.5 * self.brake * slowing * slowing + self.speed * (left - slowing)

    def _leave(self, since: float) -> float:
        top = min(self.top, 2.6) if self.backs_out else self.top
        rising = top / self.pull
        if since < rising:
            return 0.5 * self.pull * since * since
        return 0.5 * self.pull * rising * rising + top * (since - rising)

    def time_at_gap(self, gap: float, start: float, end: float) -> float:
        """First time between start and end at which no more than gap metres are left (or end)."""
        t = start
        while t < end and self.gap(t) > gap:
            t += 0.02
        return t

    def speed_at(self, t: float) -> float:
        return (self.gap(t - 0.01) - self.gap(t + 0.01)) / 0.02


@dataclass(frozen=True)
class DriveBy(Motion):
    """Passes the line at constant speed without stopping."""

    def gap(self, t: float) -> float:
        return (self.stops[0][1] - t) * self.speed


TURN_AT, TURN_RADIUS = 46.0, 15.0


def lane_point(s: float, side: float):
    """(x, z) of the lane's centre line s metres away from the camera; it turns off to the side at TURN_AT."""
    if s <= TURN_AT:
        return 0.0, s
    bend = (s - TURN_AT) / TURN_RADIUS
    if bend < math.pi / 2:
        return side * TURN_RADIUS * (1 - math.cos(bend)), TURN_AT + TURN_RADIUS * math.sin(bend)
    return side * (TURN_RADIUS + (bend - math.pi / 2) * TURN_RADIUS), TURN_AT + TURN_RADIUS
