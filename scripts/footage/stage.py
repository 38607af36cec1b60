"""A clip before it is drawn: who passes when, where everything stands at time t, and what of it is true."""

from dataclasses import dataclass, field

import numpy as np

from .camera import Camera
from .draw import bounds
from .light import PRESETS, Light, mix
from .motion import Motion, lane_point
from .vehicles import Vehicle

DEFAULT_FPS, FADE_S, MIN_PLATE_PX = 25, 3.0, 50


@dataclass
class Actor:
    """One vehicle's way through the clip."""

    vehicle: Vehicle
    motion: Motion
    side: float = 1.0  # towards which side the road beyond turns
    lateral: float = 0.0
    plate_text: str = ""  # as a person can read it; empty when unreadable
    note: str = ""
    opens_barrier: bool = True
    extra: dict = field(default_factory=dict)

    def reach(self, t: float, line_z: float) -> float:
        """Distance along the lane of the end in view."""
        gap = self.motion.gap(t)
        return line_z - gap if self.vehicle.rear_view else line_z + gap

    def frame_of(self, part, t: float, line_z: float):
        """Rotation and shift that carry the part's axes into the world."""
        start = self.reach(t, line_z) + part.offset
        x0, z0 = lane_point(start, self.side)
        x1, z1 = lane_point(start + part.length, self.side)
        dx, dz = (x1 - x0, z1 - z0)
        size = float(np.hypot(dx, dz))
        dx, dz = dx / size, dz / size
        rotation = np.array([[dz, 0.0, dx], [0.0, 1.0, 0.0], [-dx, 0.0, dz]])
        return rotation, np.array([x0 + self.lateral * dz, 0.0, z0 - self.lateral * dx])


@dataclass
class Clip:
    name: str
    lane: str
    direction: str
    codec: str  # h264 | h265
    camera: Camera
    site: dict
    seed: int
    seconds: float
    clock: float  # local time of the first frame, as seconds since 1970 read as UTC
    title: str
    light: list  # [(from second, preset name), …]
    actors: list
    crf: int = 27
    rate_k: int = 900
    fps: int = DEFAULT_FPS

    @property
    def frames(self) -> int:
        return round(self.seconds * self.fps)

    def light_name(self, t: float) -> str:
        name = self.light[0][1]
        for start, preset in self.light:
            if t >= start:
                name = preset
        return name

    def light_pair(self, t: float) -> tuple[Light, Light, float]:
        """Two kinds of light and how far the change between them has gone."""
        before = now = PRESETS[self.light[0][1]]
        share = 1.0
        for start, preset in self.light[1:]:
            if t >= start:
                before, now, share = now, PRESETS[preset], min(1.0, (t - start) / FADE_S)
        return before, now, share

    def light_at(self, t: float) -> Light:
        return mix(*self.light_pair(t))

    def barrier_times(self, actor) -> tuple[float, float]:
        """When the arm starts to lift and to fall for this vehicle."""
        if "arm" not in actor.extra:
            line, arm, length = self.site["line_z"], self.site["arm_z"], actor.vehicle.length
            gone = actor.motion.stops[-1][2]
            if actor.vehicle.rear_view:
                front, rear = line + length - arm + 2.5, line - arm - 0.6
            else:
                front, rear = arm - line + 2.0, arm - line - length - 0.5
            reaches = actor.motion.time_at_gap(front, -10.0, self.seconds + 20)
            clears = actor.motion.time_at_gap(rear, gone, gone + 20)
            actor.extra["arm"] = (min(gone - 1.3, reaches - 1.2), clears)
        return actor.extra["arm"]

    def barrier(self, t: float) -> float:
        """0 closed … 1 open."""
        best = 0.0
        for actor in self.actors:
            if not actor.opens_barrier:
                continue
            opens, shuts = self.barrier_times(actor)
            if t < opens or t > shuts + 1.2:
                continue
            best = max(best, min((t - opens) / 1.2, 1.0) if t < shuts else 1 - (t - shuts) / 1.2)
        return 0.5 - 0.5 * float(np.cos(np.pi * np.clip(best, 0, 1)))


def plate_in_picture(clip: Clip, actor: Actor, t: float):
    """The plate's corners in px, or None when it is behind the camera, turned away, or not there."""
    if actor.vehicle.plate_corners is None:
        return None
    rotation, shift = actor.frame_of(actor.vehicle.parts[0], t, clip.site["line_z"])
    corners = actor.vehicle.plate_corners @ rotation.T + shift
    if clip.camera.depth(corners).min() < 0.5 or rotation[2, 2] < 0.3:
        return None
    return clip.camera.project(corners)


def body_box(clip: Clip, actor: Actor, t: float):
    """The vehicle's box in the picture or None."""
    found = []
    for part in actor.vehicle.parts:
        rotation, shift = actor.frame_of(part, t, clip.site["line_z"])
        hw, h, n = part.half_width + 0.1, part.height, part.length
        for quad in (
            [(-hw, 0, 0), (hw, 0, 0), (hw, h, 0), (-hw, h, 0)],
            [(hw, 0, 0), (hw, 0, n), (hw, h, n), (hw, h, 0)],
            [(-hw, 0, 0), (-hw, 0, n), (-hw, h, n), (-hw, h, 0)],
        ):
            outline = clip.camera.clip(np.float64(quad) @ rotation.T + shift)
            if len(outline):
                found.append(np.clip(outline, -3e4, 3e4))
    return bounds(np.concatenate(found), clip.camera.width, clip.camera.height) if found else None


def truth_row(clip: Clip, actor: Actor) -> dict:
    """One row of truth.csv; times in ms from the clip's start."""
    times = np.arange(clip.frames) / clip.fps
    width, height = clip.camera.width, clip.camera.height
    plate_seen, near, widest = [], [], 0.0
    line = clip.site["line_z"]
    for t in times:
        corners = plate_in_picture(clip, actor, t)
        if corners is not None:
            across = float(np.hypot(*(corners[1] - corners[0])))
            inside = (corners >= 2).all() and (corners[:, 0] < width - 2).all() and (corners[:, 1] < height - 2).all()
            if inside and across >= MIN_PLATE_PX:
                plate_seen.append(t)
                widest = max(widest, across)
        # a vehicle counts from when a plate on it would be wide enough until it is gone from view
        distance = max(actor.reach(t, line), 0.5)
        if clip.camera.focal * 0.44 / distance >= MIN_PLATE_PX and body_box(clip, actor, t) is not None:
            near.append(t)
    if not near:
        raise ValueError(f"{clip.name}: a vehicle never comes near enough")
    seen = plate_seen or near
    ms = lambda t: round(t * 1000)
    enter = seen[0] if plate_seen else near[0]
    leave = near[-1] if clip.direction == "in" else seen[-1]
    plate = actor.vehicle.plate
    known = plate is not None and actor.plate_text
    stop = actor.motion.stops[-1][1]
    return {
        "clip": f"{clip.name}.mp4",
        "lane": clip.lane,
        "enter_ms": ms(enter),
        "leave_ms": ms(leave + 1 / clip.fps),
        "plate": actor.plate_text,
        "color": plate.color if known else "",
        "layout": plate.layout if known else "",
        "direction": clip.direction,
        "light": clip.light_name(stop + 0.5),
        "outcome": "backed_out" if actor.motion.backs_out else "passed",
        "trailer_plate": actor.extra.get("trailer_plate", ""),
        "plate_from_ms": ms(plate_seen[0]) if plate_seen else "",
        "plate_to_ms": ms(plate_seen[-1] + 1 / clip.fps) if plate_seen else "",
        "plate_max_px": round(widest),
        "note": actor.note,
    }
