"""Vehicles as textured boxes. Local axes: x across, y up, d away from the end that the camera sees."""

from dataclasses import dataclass, field

import numpy as np

from . import cars, plates, skins
from .draw import Face, Texture
from .paint import Canvas


@dataclass
class Part:
    """A rigid piece: the cab and its body, or a trailer that follows on its own."""

    offset: float  # metres behind the end in view
    length: float
    half_width: float
    height: float
    groups: list  # lists of faces, farthest group first
    lamps: list = field(default_factory=list)  # (x, y, d)


@dataclass
class Vehicle:
    parts: list
    length: float
    plate: plates.Plate | None
    plate_corners: np.ndarray | None  # TL TR BR BL in the first part's axes
    rear_view: bool


def plate_face(plate, mount, rng, dirt) -> tuple[Face, np.ndarray]:
    w, h = plate.size_m
    tilt = float(rng.normal(0, 0.7)) * np.pi / 180
    along = w * np.array([np.cos(tilt), np.sin(tilt), 0.0])
    down = h * np.array([np.sin(tilt), -np.cos(tilt), float(rng.uniform(-0.06, 0.04))])
    origin = np.float64(mount) - (along + down) / 2
    face = Face(origin, along, down, Texture(plates.render(plate, rng, dirt)), "plate", fine=True)
    return face, face.corners


def _box(hw, top, d0, d1, end=None, side=None, roof_paint=None, rng=None, flip_side=False) -> list:
    """Faces of an upright box; side is the picture whose x = 0 is at d0 (flip_side: at d1)."""
    faces, length = [], d1 - d0
    if end is not None:
        faces.append(Face((-hw, top, d0), (2 * hw, 0, 0), (0, -top, 0), Texture(end), "front"))
    if roof_paint is not None:
        c = Canvas(2 * hw, length, 48)
        c.rect(0, 0, 2 * hw, length, tuple(int(v * 0.95) for v in skins.PAINTS[roof_paint]))
        c.grime(rng, 0.5, 99)
        faces.append(Face((-hw, top, d1), (2 * hw, 0, 0), (0, 0, -length), Texture(c.done()), "top"))
    if side is not None:
        straight, turned = Texture(side), Texture(side[:, ::-1].copy())
        right, left = (turned, straight) if flip_side else (straight, turned)
        faces.append(Face((hw, top, d0), (0, 0, length), (0, -top, 0), right, "side"))
        faces.append(Face((-hw, top, d1), (0, 0, -length), (0, -top, 0), left, "side"))
    return faces


def _mirrors(hw, y, d) -> list:
    c = Canvas(0.24, 0.62)
    c.rect(0.02, 0.0, 0.22, 0.6, (40, 40, 42), 0.06)
    picture = Texture(c.done())
    return [Face((x, y, d), (0.24, 0, 0), (0, -0.62, 0), picture, "front") for x in (-hw - 0.26, hw + 0.02)]


@dataclass
class TruckSpec:
    big: bool = True
    paint: str = "red"
    body: str = "box"  # box, stake, dump
    body_paint: str = "white"
    body_length: float = 5.6
    slogan: str = ""
    big_number: bool = False
    trailer: bool = False
    bobtail: bool = False


def truck(spec: TruckSpec, plate, rng, dirt=0.0, plate_dirt=0.0, rear_view=False, trailer_plate=None) -> Vehicle:
    cab_w, cab_h, cab_l = (2.46, 3.05, 2.1) if spec.big else (1.9, 2.2, 1.6)
    body_w, body_h = (2.5, 3.5 if spec.body == "box" else 2.9) if spec.big else (2.1, 2.85 if spec.body == "box" else 2.1)
    body_l = 13.0 if spec.trailer else spec.body_length
    hw, gap = cab_w / 2, 0.12
    axle = 1.35 if spec.big else 0.75
    cab_side = skins.cab_side(cab_l, cab_h, spec.paint, rng, dirt, axle)
    axles = [body_l - 3.3, body_l - 2.1, body_l - 0.9] if spec.trailer else [body_l - 2.6, body_l - 1.3] if spec.big else [body_l - 1.1]
    body_side = skins.cargo_side(body_l, body_h, spec.body, spec.body_paint, rng, dirt, axles, spec.slogan)
    number = plate.text if spec.big_number and plate else ""
    shown = trailer_plate if spec.trailer and rear_view else plate
    offset = cab_l + gap
    if rear_view:
        end, plate_y, lamps = skins.cargo_rear(body_w, body_h, spec.body, spec.body_paint, rng, dirt, "" if spec.trailer else number)
        body = _box(body_w / 2, body_h, 0, body_l, end, body_side, spec.body_paint, rng, flip_side=True)
        cab = _box(hw, cab_h, body_l + gap, body_l + gap + cab_l, None, cab_side, spec.paint, rng, flip_side=True)
        main = body
    else:
        end, plate_y, lamps = skins.cab_front(cab_w, cab_h, spec.paint, rng, dirt)
        front = skins.cargo_front(body_w, body_h, spec.body_paint, rng)
        cab = _box(hw, cab_h, 0, cab_l, end, cab_side, spec.paint, rng) + _mirrors(hw, cab_h - 0.5, 0.15)
        start = offset + 0.5 if spec.trailer else offset
        shift = 0.0 if spec.trailer else start
        body = _box(body_w / 2, body_h, shift, shift + body_l, front, body_side, spec.body_paint, rng)
        main = cab
    corners = None
    if shown is not None:
        face, corners = plate_face(shown, (0.0, plate_y, -0.03), rng, plate_dirt)
        main.append(face)
    lamps = [(x, y, -0.02) for x, y in lamps]
    total = cab_l + gap + body_l
    if spec.trailer and not rear_view:
        parts = [Part(0.0, 5.5, hw, cab_h, [cab], lamps), Part(offset + 0.5, body_l, body_w / 2, body_h, [body])]
        total += 0.5
    elif rear_view:
        parts = [Part(0.0, total, body_w / 2, body_h, [cab, body], lamps)]
    else:
        parts = [Part(0.0, total, body_w / 2, body_h, [body, cab], lamps)]
    return Vehicle(parts, total, shown, corners, rear_view)


def car(kind: str, paint: str, plate, rng, dirt=0.0, plate_dirt=0.0, rear_view=False) -> Vehicle:
    faces, mount, lamps, length, half_width, height = cars.build(kind, paint, rng, dirt, rear_view)
    corners = None
    if plate is not None:
        face, corners = plate_face(plate, mount, rng, plate_dirt)
        faces.append(face)
    part = Part(0.0, length, half_width, height, [faces], [(x, y, -0.02) for x, y in lamps])
    return Vehicle([part], length, plate, corners, rear_view)
