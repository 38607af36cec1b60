"""What the sides of trucks look like: cab fronts, doors, cargo bodies, rear ends. Metres, y from the ground."""

import numpy as np

from .paint import Canvas

GLASS, DARK, TYRE, CHROME = (70, 62, 54), (34, 33, 32), (38, 38, 40), (190, 188, 184)
PAINTS = {
    "white": (226, 226, 222),
    "red": (44, 40, 172),
    "blue": (150, 88, 34),
    "green": (74, 118, 44),
    "orange": (28, 110, 214),
    "silver": (176, 174, 170),
    "grey": (110, 106, 102),
    "black": (44, 42, 42),
    "cyan": (170, 150, 60),
    "wine": (46, 34, 104),
}


def windscreen(c: Canvas, x0, y0, x1, y1, rng) -> None:
    """Dark glass with a reflection of the sky, a visor strip, wipers, and somebody's shape behind it."""
    c.rect(x0 - 0.05, y0 - 0.05, x1 + 0.05, y1 + 0.05, DARK, 0.08)
    c.rect(x0, y0, x1, y1, GLASS, 0.06)
    h, w = y1 - y0, x1 - x0
    c.poly([(x0, y1), (x1, y1), (x1, y1 - 0.16 * h), (x0, y1 - 0.22 * h)], (40, 36, 34))
    lean = float(rng.uniform(0.1, 0.3))
    c.poly(
        [(x0 + w * lean, y1 - 0.2 * h), (x0 + w * (lean + 0.3), y1 - 0.19 * h), (x0 + w * (lean + 0.14), y0), (x0 + w * (lean - 0.09), y0)],
        (104, 94, 84),
    )
    driver = x1 - w * 0.24
    c.rect(driver - 0.2, y0, driver + 0.2, y0 + 0.42 * h, (52, 46, 44), 0.12)
    c.disc(driver, y0 + 0.52 * h, 0.11, (78, 88, 112))
    c.rect(x0 + 0.02, y0, x1 - 0.02, y0 + 0.07 * h, (30, 29, 28))
    for at in (0.18, 0.58):
        c.poly(
            [(x0 + w * at, y0 - 0.02), (x0 + w * (at + 0.3), y0 + 0.2 * h), (x0 + w * (at + 0.3), y0 + 0.23 * h), (x0 + w * at, y0 + 0.02)],
            (20, 20, 20),
        )


def lamp(c: Canvas, x, y, w, h, lit=(216, 214, 208)) -> None:
    c.rect(x - w / 2 - 0.02, y - h / 2 - 0.02, x + w / 2 + 0.02, y + h / 2 + 0.02, (48, 48, 50), 0.04)
    c.rect(x - w / 2, y - h / 2, x + w / 2, y + h / 2, (150, 148, 144), 0.03)
    for off in (-0.22, 0.24):
        c.disc(x + off * w, y, min(h, w) * 0.34, (84, 84, 84))
        c.disc(x + off * w, y, min(h, w) * 0.26, lit)
        c.disc(x + off * w - 0.01, y + 0.012, min(h, w) * 0.1, (250, 250, 250))


def grille(c: Canvas, x0, y0, x1, y1, style: int) -> None:
    c.rect(x0, y0, x1, y1, (42, 42, 44), 0.05)
    step = 0.085
    if style == 0:
        for i in range(1, int((y1 - y0) / step)):
            c.rect(x0 + 0.03, y0 + i * step, x1 - 0.03, y0 + i * step + 0.03, CHROME)
    elif style == 1:
        for i in range(1, int((x1 - x0) / step)):
            c.rect(x0 + i * step, y0 + 0.03, x0 + i * step + 0.022, y1 - 0.03, (96, 96, 98))
        c.rect(x0, (y0 + y1) / 2 - 0.03, x1, (y0 + y1) / 2 + 0.03, CHROME)
    else:
        for i in range(1, int((y1 - y0) / 0.16)):
            c.rect(x0 + 0.05, y0 + i * 0.16, x1 - 0.05, y0 + i * 0.16 + 0.07, (74, 74, 78), 0.02)
    c.disc((x0 + x1) / 2, (y0 + y1) / 2, 0.09, CHROME)
    c.disc((x0 + x1) / 2, (y0 + y1) / 2, 0.06, (60, 60, 150))


def cab_front(w: float, h: float, paint, rng, dirt: float) -> tuple[np.ndarray, float, list]:
    """A truck's face; returns the picture, the height of the plate's centre, and the lamps' (x, y)."""
    c, tone = Canvas(w, h), PAINTS[paint]
    big = h > 2.6
    base = 0.34 if big else 0.28
    for x in (0.12, w - 0.46 if big else w - 0.36):
        c.rect(x, 0.0, x + (0.34 if big else 0.24), 0.6, TYRE, 0.05)
    c.rect(0.3, base - 0.06, w - 0.3, 0.6, (26, 26, 26))
    bumper_top = 0.98 if big else 0.74
    glass0, glass1 = (1.78, h - 0.36) if big else (1.22, h - 0.16)
    c.rect(0.03, bumper_top - 0.1, w - 0.03, h, tone, 0.12)
    c.shade(bumper_top, h, 0.84, 1.04)
    windscreen(c, 0.16, glass0, w - 0.16, glass1, rng)
    style = int(rng.integers(3))
    if big:
        grille(c, 0.42, 1.06, w - 0.42, 1.62, style)
        c.words(w / 2, 1.65, str(rng.choice(["东方重卡", "长岭汽车", "华原", "北川重汽"])), 0.09, CHROME, 600)
        c.rect(0.03, h - 0.3, w - 0.03, h - 0.06, tuple(int(v * 0.82) for v in tone), 0.06)
        for x in np.linspace(0.3, w - 0.3, 5):
            c.rect(x - 0.05, h - 0.12, x + 0.05, h - 0.08, (60, 150, 220))
    else:
        grille(c, 0.5, 0.84, w - 0.5, 1.02, style)
    bumper = tone if rng.random() < 0.5 else (96, 94, 92)
    c.rect(0.0, base, w, bumper_top, bumper, 0.1)
    c.rect(0.0, bumper_top - 0.03, w, bumper_top, tuple(int(v * 0.55) for v in bumper))
    lamp_y = bumper_top - 0.16 if big else bumper_top + 0.12
    for x in (0.3, w - 0.3):
        lamp(c, x, lamp_y, 0.4 if big else 0.34, 0.2)
        c.rect(x - 0.12, base + 0.08, x + 0.12, base + 0.18, (70, 70, 74), 0.03)
        c.rect(x - 0.2, lamp_y - 0.2, x + 0.2, lamp_y - 0.15, (40, 130, 230), 0.02)
    plate_y = base + (bumper_top - base) * 0.46
    c.rect(w / 2 - 0.27, plate_y - 0.1, w / 2 + 0.27, plate_y + 0.1, (40, 40, 42), 0.02)
    c.rect(w / 2 - 0.6, bumper_top - 0.14, w / 2 + 0.6, bumper_top - 0.1, DARK)
    c.grime(rng, 0.3 + 0.6 * dirt, 1.1)
    return c.done(), plate_y, [(x - w / 2, lamp_y) for x in (0.3, w - 0.3)]


def wheel(c: Canvas, x, radius=0.5) -> None:
    c.disc(x, radius, radius, TYRE)
    c.disc(x, radius, radius * 0.58, (120, 118, 116))
    c.disc(x, radius, radius * 0.42, (78, 76, 76))
    c.disc(x, radius, radius * 0.16, (140, 138, 136))


def cab_side(length: float, h: float, paint, rng, dirt: float, axle: float) -> np.ndarray:
    """x = 0 is the front of the cab."""
    c, tone = Canvas(length, h, 120), PAINTS[paint]
    big = h > 2.6
    c.rect(0.0, 0.5, length, h, tone, 0.08)
    c.shade(0.5, h, 0.8, 1.04)
    low, high = (1.75, h - 0.45) if big else (1.25, h - 0.2)
    c.poly([(0.22, low), (0.34, high), (length * 0.62, high), (length * 0.62, low)], GLASS)
    c.poly([(0.4, low), (0.55, high), (0.75, high), (0.6, low)], (112, 102, 92))
    c.rect(length * 0.66, 0.62, length * 0.67, high, tuple(int(v * 0.6) for v in tone))
    c.rect(length * 0.5, low - 0.2, length * 0.6, low - 0.15, DARK)
    c.disc(axle, 0.5 if big else 0.4, 0.62 if big else 0.5, (24, 24, 24))
    wheel(c, axle, 0.5 if big else 0.4)
    c.rect(0.0, 0.3, 0.5, 0.55, (90, 88, 86))
    c.grime(rng, 0.35 + 0.6 * dirt, 1.2)
    return c.done()


def _body(c: Canvas, style: str, tone, floor: float, x0: float, x1: float, top: float) -> None:
    """The cargo body seen from the side or from the end."""
    c.rect(x0, floor, x1, top, tone)
    width = x1 - x0
    if style == "box":
        for x in np.arange(x0 + 0.12, x1, 0.32):
            c.rect(x, floor + 0.06, x + 0.04, top - 0.06, tuple(int(v * 0.86) for v in tone))
    elif style == "stake":
        for x in np.arange(x0, x1, 0.62):
            c.rect(x, floor, x + 0.09, top, tuple(int(v * 0.7) for v in tone))
        for y in np.arange(floor + 0.65, top, 0.34):
            c.rect(x0, y, x1, y + 0.12, tuple(int(v * 0.55) for v in tone))
        c.rect(x0, top - 0.55, x1, top, (96, 84, 52))
    else:
        for x in np.arange(x0 + 0.1, x1, 0.75):
            c.rect(x, floor, x + 0.16, top, tuple(int(v * 0.8) for v in tone))
        c.rect(x0, top - 0.14, x1, top, tuple(int(v * 0.72) for v in tone))
    c.rect(x0, floor - 0.06, x1, floor + 0.06, tuple(int(v * 0.6) for v in tone))
    for x in np.arange(x0 + 0.1, x1 - 0.1, 0.6 if width > 3 else 0.42):
        c.rect(x, floor - 0.04, x + 0.2, floor + 0.03, (40, 40, 200))
        c.rect(x + 0.2, floor - 0.04, x + 0.4, floor + 0.03, (225, 225, 225))


def cargo_side(length, top, style, paint, rng, dirt, axles, slogan: str = "") -> np.ndarray:
    """x = 0 is the end nearer to the cab."""
    c, tone = Canvas(length, top, 96), PAINTS[paint]
    c.rect(0.1, 0.62, length - 0.1, 1.0, (46, 46, 46))
    c.rect(0.6, 0.45, min(axles) - 0.65, 0.8, (96, 96, 96))
    _body(c, style, tone, 1.05, 0.0, length, top)
    for axle in axles:
        wheel(c, axle)
    if slogan:
        c.words(length / 2, 1.05 + (top - 1.05) * 0.5, slogan, 0.5, (60, 52, 44), 600)
    c.shade(1.05, top, 0.86, 1.03)
    c.grime(rng, 0.35 + 0.6 * dirt, 1.6)
    return c.done()


def cargo_front(w, top, paint, rng) -> np.ndarray:
    c = Canvas(w, top, 96)
    c.rect(0, 1.0, w, top, PAINTS[paint])
    c.shade(1.0, top, 0.7, 1.0)
    c.grime(rng, 0.5, 3.0)
    return c.done()


def cargo_rear(w, top, style, paint, rng, dirt, big_number: str = "") -> tuple[np.ndarray, float, list]:
    """A truck's or trailer's end: picture, height of the plate's centre, lamps."""
    c, tone = Canvas(w, top), PAINTS[paint]
    for x in (0.1, w - 0.68):
        c.rect(x, 0.0, x + 0.27, 0.9, TYRE, 0.05)
        c.rect(x + 0.31, 0.0, x + 0.58, 0.9, TYRE, 0.05)
        c.rect(x - 0.02, 0.24, x + 0.6, 0.9, (30, 30, 32))
    _body(c, style, tone, 1.12, 0.0, w, top)
    if style == "box":
        c.rect(w / 2 - 0.012, 1.16, w / 2 + 0.012, top - 0.05, (60, 60, 60))
        for x in (0.5, w / 2 - 0.2, w / 2 + 0.2, w - 0.5):
            c.rect(x - 0.02, 1.14, x + 0.02, top - 0.05, (150, 150, 150))
        for x in (0.03, w - 0.09):
            for y in np.linspace(1.4, top - 0.3, 4):
                c.rect(x, y, x + 0.06, y + 0.14, (90, 90, 90))
    if big_number:
        c.words(w / 2, 1.12 + (top - 1.12) * 0.42, f"{big_number[:2]}·{big_number[2:]}", 0.27, (40, 40, 190), 700)
    c.shade(1.12, top, 0.88, 1.02)
    c.rect(0.0, 0.78, w, 1.06, (58, 58, 60))
    for i, x in enumerate(np.arange(0.04, w - 0.06, 0.2)):
        c.rect(x, 0.48, min(x + 0.2, w - 0.04), 0.58, (44, 44, 196) if i % 2 else (225, 225, 225))
    for x in (0.3, w - 0.3):
        c.rect(x - 0.2, 0.86, x + 0.2, 1.0, (36, 30, 120), 0.02)
        c.rect(x - 0.06, 0.87, x + 0.06, 0.99, (30, 110, 210), 0.01)
    plate_y = 0.82
    c.rect(w / 2 - 0.25, plate_y - 0.14, w / 2 + 0.25, plate_y + 0.14, (44, 44, 46), 0.02)
    c.grime(rng, 0.4 + 0.6 * dirt, 1.3)
    return c.done(), plate_y, [(x - w / 2, 0.93) for x in (0.3, w - 0.3)]
