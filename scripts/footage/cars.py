"""Cars, vans and pickups: a lower body, a leaning cabin, and their pictures. d = metres from the end in view."""

from dataclasses import dataclass

import numpy as np

from .draw import Face, Texture
from .paint import Canvas
from .skins import CHROME, DARK, GLASS, PAINTS, TYRE, lamp, wheel


@dataclass(frozen=True)
class Shape:
    """Heights and lengths; the profile runs bonnet, windscreen, roof, rear window, tail."""

    length: float
    half_width: float
    belt: float  # height of the window line
    roof: float
    bonnet: float  # where the windscreen starts
    roof_from: float
    roof_to: float
    tail: float  # where the rear window ends


SHAPES = {
    "sedan": Shape(4.7, 0.91, 0.98, 1.46, 1.15, 1.95, 3.35, 4.15),
    "suv": Shape(4.6, 0.94, 1.12, 1.72, 1.05, 1.7, 4.0, 4.45),
    "van": Shape(4.8, 0.88, 1.15, 1.92, 0.55, 1.15, 4.6, 4.78),
}


def _front(shape: Shape, paint, rng, dirt) -> tuple[np.ndarray, float, list]:
    w, h, tone = shape.half_width * 2, shape.belt - 0.1, PAINTS[paint]
    c = Canvas(w, h)
    for x in (0.08, w - 0.3):
        c.rect(x, 0, x + 0.22, 0.4, TYRE, 0.04)
    c.rect(0.2, 0.18, w - 0.2, 0.4, (24, 24, 24))
    c.rect(0.0, 0.24, w, h, tone, 0.12)
    c.shade(0.24, h, 0.72, 1.05)
    c.rect(w / 2 - 0.55, 0.28, w / 2 + 0.55, 0.4, (32, 32, 34), 0.04)
    c.rect(w / 2 - 0.48, h - 0.28, w / 2 + 0.48, h - 0.1, (38, 38, 40), 0.06)
    for i in range(3):
        c.rect(w / 2 - 0.46, h - 0.25 + i * 0.05, w / 2 + 0.46, h - 0.235 + i * 0.05, CHROME)
    c.disc(w / 2, h - 0.19, 0.055, CHROME)
    for side in (-1, 1):
        x = w / 2 + side * (w / 2 - 0.26)
        lamp(c, x, h - 0.19, 0.36, 0.15)
        c.rect(w / 2 + side * (w / 2 - 0.22) - 0.08, 0.32, w / 2 + side * (w / 2 - 0.22) + 0.08, 0.39, (60, 60, 62), 0.03)
    c.grime(rng, 0.15 + 0.6 * dirt, 0.7)
    return c.done(), 0.485, [(side * (w / 2 - 0.26), h - 0.19) for side in (-1, 1)]


def _rear(shape: Shape, paint, rng, dirt) -> tuple[np.ndarray, float, list]:
    w, h, tone = shape.half_width * 2, shape.belt - 0.02, PAINTS[paint]
    c = Canvas(w, h)
    for x in (0.1, w - 0.32):
        c.rect(x, 0, x + 0.22, 0.4, TYRE, 0.04)
    c.rect(0.25, 0.2, w - 0.25, 0.4, (24, 24, 24))
    c.rect(0.0, 0.28, w, h, tone, 0.1)
    c.shade(0.28, h, 0.74, 1.04)
    c.rect(0.1, 0.3, w - 0.1, 0.38, DARK, 0.03)
    c.rect(0.12, 0.52, w - 0.12, 0.535, tuple(int(v * 0.6) for v in tone))
    plate_y = 0.68
    c.rect(w / 2 - 0.32, plate_y - 0.11, w / 2 + 0.32, plate_y + 0.12, tuple(int(v * 0.75) for v in tone), 0.03)
    c.rect(w / 2 - 0.3, plate_y + 0.1, w / 2 + 0.3, plate_y + 0.13, CHROME)
    for side in (-1, 1):
        x = w / 2 + side * (w / 2 - 0.23)
        c.rect(x - 0.21, h - 0.27, x + 0.21, h - 0.08, (34, 28, 128), 0.04)
        c.rect(x - 0.05, h - 0.24, x + 0.1, h - 0.2, (40, 120, 215))
    c.grime(rng, 0.15 + 0.6 * dirt, 0.7)
    return c.done(), plate_y, [(side * (w / 2 - 0.23), h - 0.17) for side in (-1, 1)]


def _sides(shape: Shape, paint, rng, dirt) -> tuple[np.ndarray, np.ndarray]:
    """Lower side and cabin side; x = 0 is the car's front."""
    tone, length = PAINTS[paint], shape.length
    low = Canvas(length, shape.belt, 120)
    low.rect(0.03, 0.24, length - 0.03, shape.belt, tone, 0.14)
    low.shade(0.24, shape.belt, 0.7, 1.05)
    for x in (0.85, length - 0.95):
        low.disc(x, 0.33, 0.4, (22, 22, 22))
        wheel(low, x, 0.33)
    for x in (shape.bonnet + 0.35, (shape.roof_from + shape.roof_to) / 2 + 0.1):
        low.rect(x, 0.32, x + 0.012, shape.belt, tuple(int(v * 0.6) for v in tone))
    low.grime(rng, 0.2 + 0.5 * dirt, 0.8)
    cabin = Canvas(shape.tail - shape.bonnet, shape.roof - shape.belt, 120)
    top = shape.roof - shape.belt
    front, back = shape.roof_from - shape.bonnet, shape.roof_to - shape.bonnet
    cabin.poly([(0, 0), (front, top), (back, top), (cabin.w, 0)], tone)
    cabin.poly([(0.25, 0.03), (front + 0.06, top - 0.06), (back - 0.05, top - 0.06), (cabin.w - 0.25, 0.03)], GLASS)
    middle = (front + back) / 2
    cabin.rect(middle, 0, middle + 0.08, top - 0.05, DARK)
    return low.done(), cabin.done()


def _glass(w, h, driver: bool) -> np.ndarray:
    c = Canvas(w, h, 160)
    c.rect(0, 0, w, h, DARK)
    c.rect(0.06, 0.04, w - 0.06, h - 0.03, GLASS, 0.06)
    c.poly([(w * 0.2, h - 0.05), (w * 0.45, h - 0.05), (w * 0.3, 0.06), (w * 0.05, 0.06)], (116, 104, 92))
    if driver:
        c.rect(w * 0.62, 0.04, w * 0.84, h * 0.5, (48, 44, 44), 0.08)
        c.disc(w * 0.73, h * 0.6, 0.1, (74, 84, 104))
        c.rect(0.1, h - 0.14, 0.32, h - 0.05, (190, 190, 60))
    return c.done()


def _plain(w, h, paint, rng, gain=1.0) -> np.ndarray:
    c = Canvas(w, h, 60)
    c.rect(0, 0, w, h, tuple(int(v * gain) for v in PAINTS[paint]))
    c.grime(rng, 0.15, 9.0)
    return c.done()


def build(kind: str, paint: str, rng, dirt: float, rear_view: bool):
    """Faces, plate mount (x, y, d), lamps, length, half width, height."""
    s = SHAPES[kind]
    flip = (lambda d: s.length - d) if rear_view else (lambda d: d)
    hw, inner = s.half_width, s.half_width * 0.74
    end, plate_y, lamps = (_rear if rear_view else _front)(s, paint, rng, dirt)
    end_h = s.belt - (0.02 if rear_view else 0.1)
    low, cabin = _sides(s, paint, rng, dirt)
    faces = [Face((-hw, end_h, 0), (2 * hw, 0, 0), (0, -end_h, 0), Texture(end), "front")]

    def slope(near, far, y_near, y_far, half, picture, side="top"):
        faces.append(Face((-half, y_far, far), (2 * half, 0, 0), (0, y_near - y_far, near - far), Texture(picture), side))

    first, roof_a, roof_b, last = sorted((flip(s.bonnet), flip(s.roof_from), flip(s.roof_to), flip(s.tail)))
    if s.length - last > 0.1:
        slope(last, s.length, s.belt, s.belt - 0.02, hw * 0.98, _plain(hw * 2, s.length - last, paint, rng))
    slope(0, first, end_h, s.belt, hw * 0.98, _plain(hw * 2, first, paint, rng))
    slope(first, roof_a, s.belt, s.roof, (hw + inner) / 2, _glass(hw + inner, max(roof_a - first, 0.5), not rear_view), "glass")
    slope(roof_a, roof_b, s.roof, s.roof, inner, _plain(inner * 2, roof_b - roof_a, paint, rng))
    mirror = lambda picture, swap: picture[:, ::-1].copy() if swap else picture
    lean = hw - inner
    for sign in (1, -1):
        swap = rear_view == (sign == 1)
        side_low, side_cabin = Texture(mirror(low, swap)), Texture(mirror(cabin, swap))
        near, far = (0, s.length) if sign == 1 else (s.length, 0)
        faces.append(Face((sign * hw, s.belt, near), (0, 0, far - near), (0, -s.belt, 0), side_low, "side"))
        near, far = (first, last) if sign == 1 else (last, first)
        faces.append(Face((sign * inner, s.roof, near), (0, 0, far - near), (sign * lean, s.belt - s.roof, 0), side_cabin, "side"))
    return faces, (0.0, plate_y, -0.015), lamps, s.length, hw, s.roof
