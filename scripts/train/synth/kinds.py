"""Plate kinds: what may be written on each, and where each character stands (1 px = 1 mm)."""

from dataclasses import dataclass, field

import numpy as np

from .alphabet import LETTERS, PROVINCES, SERIAL_LETTERS, SERVICES

CONFUSABLE_LETTERS, CONFUSABLE_DIGITS = "QQQDDDCGBSZTJEFUVYPRHMN", "0001238756"


@dataclass(frozen=True)
class Kind:
    name: str
    color: str
    layout: str
    weight: float
    size: tuple[int, int]
    ground: tuple  # RGB triples to choose from; two per entry make a gradient
    ink: tuple
    red: str = ""  # characters or positions ("#0,1") that are painted red
    extra: dict = field(default_factory=dict)


BLUE = ((0, 40, 150), (8, 60, 170), (0, 30, 120), (20, 80, 190), (30, 70, 140))
YELLOW = ((240, 180, 10), (230, 165, 20), (250, 195, 40), (215, 150, 20), (235, 190, 70))
WHITE = ((235, 235, 235), (220, 222, 226), (245, 244, 238))
BLACK = ((12, 12, 14), (25, 25, 30), (30, 26, 26))
FARM = ((0, 110, 60), (10, 130, 80), (20, 95, 50))
SKY = ((170, 205, 230), (190, 215, 235), (215, 190, 150), (200, 175, 140), (225, 225, 222), (205, 212, 212))
W, K = (240, 242, 245), (18, 18, 20)
S, D, E = (440, 140), (440, 220), (480, 140)

_ALL = (
    Kind("blue", "blue", "single", 20, S, BLUE, W),
    Kind("yellow", "yellow", "single", 16, S, YELLOW, K),
    Kind("yellow_double", "yellow", "double", 13, D, YELLOW, K),
    Kind("trailer", "yellow", "double", 6, D, YELLOW, K),
    Kind("coach", "yellow", "single", 3.5, S, YELLOW, K),
    Kind("green_small", "green", "single", 13, E, ((0, 0, 0),), K),
    Kind("green_large", "yellow_green", "single", 9, E, ((0, 0, 0),), K),
    Kind("police", "white", "single", 5, S, WHITE, K, "警"),
    Kind("army", "white", "single", 6, S, WHITE, K, "#0,1"),
    Kind("army_double", "white", "double", 1.2, D, WHITE, K, "#0,1"),
    Kind("white_old", "white", "single", 3, S, WHITE, K, "#0,1"),  # retired: province and letter red
    Kind("wj", "white", "single", 3, S, WHITE, K, "#0,1,2"),
    Kind("wj_double", "white", "double", 0.8, D, WHITE, K, "#0,1,2"),
    Kind("emergency", "white", "single", 2, E, WHITE, K, "应急"),
    Kind("embassy", "black", "single", 2, S, BLACK, W, "使"),
    Kind("consulate", "black", "single", 2, S, BLACK, W, "领"),
    Kind("hongkong", "black", "single", 2, S, BLACK, W),
    Kind("black", "black", "single", 5, S, BLACK, W),
    Kind("farm", "other", "double", 3, (300, 165), FARM, W),
    Kind("aviation", "other", "single", 0.7, S, FARM, W),
    Kind("temporary", "other", "single", 4, (220, 140), SKY, K),
    Kind("motor_yellow", "yellow", "double", 1.2, (220, 140), YELLOW, K),
    Kind("motor_blue", "blue", "double", 1.2, (220, 140), BLUE, W),
    Kind("low_speed", "yellow", "double", 1.2, (300, 165), YELLOW, K),
    Kind("services", "white", "single", 3, S, WHITE, K, "#0,1"),  # military until 2013
)
KINDS = {kind.name: kind for kind in _ALL}
WEIGHTS = {kind.name: kind.weight for kind in _ALL}


def _pick(rng, chars: str) -> str:
    return chars[int(rng.integers(len(chars)))]


def _digits(rng, n: int) -> str:
    return "".join(_pick(rng, "0123456789") for _ in range(n))


def _serial(rng, n: int) -> str:
    """n digits and letters, at most two letters; now and then only easily confused ones."""
    count = min(int(rng.choice(3, p=(0.3, 0.4, 0.3))), n)
    spots = set(rng.choice(n, count, replace=False).tolist())
    letters, digits = SERIAL_LETTERS, "0123456789"
    if rng.random() < 0.25:
        letters, digits = CONFUSABLE_LETTERS, CONFUSABLE_DIGITS
    return "".join(_pick(rng, letters if i in spots else digits) for i in range(n))


def _city(rng) -> str:
    return "O" if rng.random() < 0.01 else _pick(rng, SERIAL_LETTERS)


def random_text(rng: np.random.Generator, kind: str) -> str:
    """A text that this kind may carry; provinces and letters are uniform."""
    head = _pick(rng, PROVINCES) + _city(rng)
    if kind == "services":
        return _pick(rng, SERVICES) + _pick(rng, LETTERS) + _digits(rng, 5)
    if kind == "white_old":
        return head + _digits(rng, 5)
    if kind == "trailer":
        return head + _serial(rng, 4) + "挂"
    if kind == "coach":
        return head + _serial(rng, 4) + "学"
    if kind == "police":
        return head + _serial(rng, 4) + "警"
    if kind == "green_small":
        first = _pick(rng, "DDDFFABCEGHJK")
        second = _pick(rng, SERIAL_LETTERS) if rng.random() < 0.3 else _pick(rng, "0123456789")
        return head + first + second + _digits(rng, 4)
    if kind == "green_large":
        return head + _digits(rng, 5) + _pick(rng, "DDDFFABCEGHJK")
    if kind.startswith("army"):
        return _pick(rng, SERIAL_LETTERS) + _pick(rng, LETTERS) + _digits(rng, 5)
    if kind.startswith("wj"):
        tail = _digits(rng, 4) + (_pick(rng, "XBTSHJD") if rng.random() < 0.5 else _digits(rng, 1))
        return "WJ" + (_pick(rng, PROVINCES) if rng.random() < 0.85 else "") + tail
    if kind == "emergency":
        second = _pick(rng, "XXSS" + SERIAL_LETTERS)
        return head[0] + second + _digits(rng, 4) + "应急"
    if kind == "embassy":
        return "使" + _digits(rng, 6) if rng.random() < 0.75 else _digits(rng, 6) + "使"
    if kind == "consulate":
        return head + _serial(rng, 4) + "领"
    if kind == "hongkong":
        head = "粤Z" if rng.random() < 0.7 else head
        return head + _serial(rng, 4) + _pick(rng, "港澳")
    if kind == "farm":
        return head[0] + _digits(rng, 7)
    if kind == "aviation":
        return "民航" + _pick(rng, SERIAL_LETTERS) + _digits(rng, 4)
    return head + _serial(rng, 5)


@dataclass(frozen=True)
class Cell:
    x: float
    y: float
    w: float
    h: float
    face: str


def _row(xs, y, w, h, face) -> list[Cell]:
    return [Cell(x, y, w, h, face) for x in xs]


def _standard(gap_after: int, n: int = 7) -> tuple[list[Cell], float]:
    """Single row of 45x90 cells: 12 mm between characters, 34 mm around the dot."""
    xs, x = [], 15.5
    dot = 0.0
    for i in range(n):
        xs.append(x)
        if i + 1 == gap_after:
            dot = x + 45 + 17
            x += 79
        else:
            x += 57
    return _row(xs, 25, 45, 90, "single"), dot


def _two_rows(kind: Kind, upper: int, lower: int, up, low) -> tuple[list[Cell], list]:
    """Rows given as (width, height, y, gap); both are centred."""
    cells = []
    for n, (w, h, y, gap), face in ((upper, up, "upper"), (lower, low, "lower")):
        start = (kind.size[0] - n * w - (n - 1) * gap) / 2
        cells += _row([start + i * (w + gap) for i in range(n)], y, w, h, face)
    dots = [(kind.size[0] / 2, up[2] + up[1] / 2)] if upper == 2 and up[3] > 20 else []
    return cells, dots


def _army(rng) -> tuple[list[Cell], list]:
    """As real photos show it: rounder digits, a 1 with a flag, and more room around than on civil plates."""
    w, h, pitch = rng.uniform(39, 45), rng.uniform(74, 88), rng.uniform(50, 55)
    face = ("energy", "single", "sans")[int(rng.choice(3, p=(0.5, 0.2, 0.3)))]
    first, y = rng.uniform(18, 32), 70 - h / 2 + rng.normal(0, 2)
    digits = first + 2 * pitch + rng.uniform(16, 30)
    xs = [first, first + pitch + rng.uniform(-3, 2), *(digits + i * pitch for i in range(5))]
    return _row(xs, y, w, h, face), [((xs[1] + w + digits) / 2, 70 + rng.normal(0, 2))]


def arrange(kind: Kind, text: str, rng) -> tuple[list[Cell], list[tuple[float, float]]]:
    """Character cells in reading order, and the centres of the separator dots."""
    n, name = len(text), kind.name
    if name in ("yellow_double", "trailer", "army_double"):
        return _two_rows(kind, 2, n - 2, (80, 60, 15, 60), (65, 110, 90, 15))
    if name == "wj_double":
        cells, _ = _two_rows(kind, n - 5, 5, (80, 60, 15, 24), (65, 110, 90, 15))
        return cells, []
    if name == "farm":
        return _two_rows(kind, 3, 5, (40, 42, 14, 22), (42, 80, 70, 13))
    if name == "low_speed":
        return _two_rows(kind, 2, 5, (56, 45, 12, 44), (44, 82, 68, 11))
    if name.startswith("motor"):
        return _two_rows(kind, 2, 5, (44, 36, 11, 32), (32, 68, 60, 8))
    if name in ("army", "white_old", "services") and rng.random() < 0.75:
        return _army(rng)
    if name in ("green_small", "green_large"):
        xs = (15, 69, 161, 213, 265, 317, 369, 421)
        cells = [Cell(xs[0], 25, 45, 90, "energy"), *_row(xs[1:], 25, 43, 90, "energy")]
        return cells, []
    if name == "emergency":
        after = 1 if rng.random() < 0.5 else 2
        xs = [14 + 54 * i + (24 if i >= after else 0) for i in range(8)]
        return _row(xs, 25, 44, 90, "single"), [(xs[after] - 17, 70)]
    if name == "wj":
        small = [Cell(123, 45, 36, 66, "single")] if n == 8 else []
        start = 172 if n == 8 else 151.5
        step = (424.5 - 45 - start) / 4
        face = "energy" if rng.random() < 0.6 else "single"
        tail = _row([start + i * step for i in range(5)], 25, 45, 90, face)
        dot = [] if n == 8 and rng.random() < 0.5 else [(start - 8, 70)]
        return _row((15.5, 68), 25, 45, 90, "single") + small + tail, dot
    if name == "temporary":
        # The number stands above a row for the date (GA 36, annex); printers differ.
        w, h, y = rng.uniform(23, 27), rng.uniform(46, 60), rng.uniform(18, 42)
        step = rng.uniform(27.5, 29.5)
        first = (kind.size[0] - 6 * step - w) / 2
        return _row([first + i * step for i in range(n)], y, w, h, "single"), []
    after = {"police": 1, "embassy": 4 if text[0] == "使" else 3}.get(name, 2)
    cells, dot = _standard(after, n)
    return cells, [(dot, 70)] if not (name == "embassy" and rng.random() < 0.2) else []
