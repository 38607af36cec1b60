"""Number plates: random numbers under the plate grammar, and their pictures.

A plate picture is a premultiplied BGRA image at PX_PER_MM pixels a millimetre. The characters come from the
glyph pictures (MIT); everything else on the plate is drawn here.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np

GLYPHS = Path(__file__).resolve().parent.parent / "train" / "glyphs" / "characters"
PX_PER_MM = 2.0
PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
DIGITS = "0123456789"
KINDS = ("blue", "yellow", "yellow_double", "trailer", "green", "yellow_green", "white", "black")


@dataclass(frozen=True)
class Plate:
    """What is written on a plate and how it is made."""

    text: str
    kind: str  # one of KINDS

    @property
    def color(self) -> str:
        return "yellow" if self.kind in ("yellow_double", "trailer") else self.kind

    @property
    def layout(self) -> str:
        return "double" if self.kind in ("yellow_double", "trailer") else "single"

    @property
    def size_m(self) -> tuple[float, float]:
        if self.layout == "double":
            return 0.44, 0.22
        return (0.48, 0.14) if self.kind in ("green", "yellow_green") else (0.44, 0.14)


def random_plate(rng: np.random.Generator, kind: str, province: str | None = None) -> Plate:
    """A random number: no plate of a real person is copied, any likeness is chance."""
    pick = lambda chars: chars[int(rng.integers(len(chars)))]
    prov = province or pick(PROVINCES)
    head = prov + pick(LETTERS)
    digits = lambda n: "".join(pick(DIGITS) for _ in range(n))
    if kind == "green":
        second = pick(LETTERS) if rng.random() < 0.3 else pick(DIGITS)
        return Plate(head + pick("DDDFABCEGHJK") + second + digits(4), kind)
    if kind == "yellow_green":
        return Plate(head + digits(5) + pick("DDDFABCEGHJK"), kind)
    if kind == "black":
        return Plate("粤Z" + digits(4) + pick("港澳"), kind)
    if kind == "trailer":
        return Plate(head + digits(4) + "挂", kind)
    tail = list(digits(4 if kind == "white" else 5))
    for place in rng.permutation(len(tail))[: int(rng.choice([0, 1, 1, 2]))]:
        tail[place] = pick(LETTERS)
    return Plate(head + "".join(tail) + ("警" if kind == "white" else ""), kind)


@cache
def _glyph(name: str) -> np.ndarray:
    data = np.fromfile(GLYPHS / f"{name}.jpg", np.uint8)
    if (image := cv2.imdecode(data, cv2.IMREAD_GRAYSCALE)) is None:
        raise FileNotFoundError(f"no glyph picture {name}.jpg in {GLYPHS}")
    ink = 255 - image
    rows, cols = np.where(ink.max(1) > 128)[0], np.where(ink.max(0) > 128)[0]
    return ink[rows[0] : rows[-1] + 1, cols[0] : cols[-1] + 1]


def _cells(plate: Plate):
    """(glyph name, x, y, width, height) in mm for every character."""
    text = plate.text
    if plate.layout == "double":
        names = [f"220_{text[0]}", f"220_up_{text[1]}"]
        names += [f"220_{c}" if c in DIGITS + "挂" else f"220_down_{c}" for c in text[2:]]
        upper = [(110, 15, 80, 60), (250, 15, 80, 60)]
        return [(n, *cell) for n, cell in zip(names, [*upper, *((x, 90, 65, 110) for x in (27, 107, 187, 267, 347))], strict=True)]
    if len(text) == 8:
        xs = (15, 69, 161, 213, 265, 317, 369, 421)
        return [(f"green_{c}", x, 25, 45 if i == 0 else 43, 90) for i, (c, x) in enumerate(zip(text, xs, strict=True))]
    xs = [15.5, 72.5, 151.5, 208.5, 265.5, 322.5, 379.5]
    if plate.kind == "white":  # the dot of police plates stands after the province
        xs[1] = 94.5
    return [(f"140_{c}", x, 25, 45, 90) for c, x in zip(text, xs, strict=True)]


def _ink_mask(plate: Plate, shape, only=None) -> np.ndarray:
    mask = np.zeros(shape, np.uint8)
    for index, (name, x, y, w, h) in enumerate(_cells(plate)):
        if only is not None and index not in only:
            continue
        glyph = _glyph(name)
        gh = round(h * PX_PER_MM)
        full = round(w * PX_PER_MM)
        gw = min(full, max(round(gh * glyph.shape[1] / glyph.shape[0]), full // 3)) if name[-1] == "1" else full
        x0, y0 = round(x * PX_PER_MM) + (full - gw) // 2, round(y * PX_PER_MM)
        mask[y0 : y0 + gh, x0 : x0 + gw] = cv2.resize(glyph, (gw, gh), interpolation=cv2.INTER_AREA)
    return mask


def _hsv(rng, hue, sat, val):
    h, s, v = (float(np.clip(rng.normal(m, d), 0, 255)) for m, d in (hue, sat, val))
    return cv2.cvtColor(np.uint8([[[min(h, 179), s, v]]]), cv2.COLOR_HSV2BGR)[0, 0].astype(np.float32)


def _ground(plate: Plate, rng, h: int, w: int) -> np.ndarray:
    """The painted plate without characters."""
    if plate.kind == "blue":
        tone = _hsv(rng, (109, 2.5), (190, 12), (150, 12))
    elif plate.color == "yellow":
        tone = _hsv(rng, (21, 1.5), (205, 12), (225, 10))
    elif plate.kind == "black":
        tone = _hsv(rng, (110, 5), (30, 10), (30, 6))
    elif plate.kind == "white":
        tone = _hsv(rng, (100, 5), (8, 3), (232, 6))
    elif plate.kind == "green":
        top, bottom = _hsv(rng, (65, 5), (25, 8), (240, 5)), _hsv(rng, (68, 3), (150, 12), (200, 8))
        ramp = np.linspace(0, 1, h, dtype=np.float32)[:, None, None] ** 0.8
        return np.repeat(top * (1 - ramp) + bottom * ramp, w, axis=1)
    else:
        image = np.empty((h, w, 3), np.float32)
        image[:] = _hsv(rng, (67, 3), (165, 10), (195, 8))
        image[:, : round(137 * PX_PER_MM)] = _hsv(rng, (21, 1.5), (205, 10), (225, 8))
        return image
    return np.tile(tone, (h, w, 1)).astype(np.float32)


def render(plate: Plate, rng: np.random.Generator, dirt: float = 0.0) -> np.ndarray:
    """The plate as premultiplied BGRA; dirt 0 clean … 1 covered in mud."""
    w, h = (round(side * 1000 * PX_PER_MM) for side in plate.size_m)
    image = _ground(plate, rng, h, w)
    light_ink = plate.kind in ("blue", "black")
    ink_tone = np.float32([238, 240, 240] if light_ink else [28, 26, 26])
    mask = _ink_mask(plate, (h, w))
    p = PX_PER_MM

    def box(inset_mm, radius_mm, thickness=-1):
        out = np.zeros((h, w), np.uint8)
        i, r = round(inset_mm * p), round(radius_mm * p)
        cv2.rectangle(out, (i + r, i), (w - 1 - i - r, h - 1 - i), 255, thickness)
        cv2.rectangle(out, (i, i + r), (w - 1 - i, h - 1 - i - r), 255, thickness)
        for cx in (i + r, w - 1 - i - r):
            for cy in (i + r, h - 1 - i - r):
                cv2.circle(out, (cx, cy), r, 255, thickness, cv2.LINE_AA)
        return out

    frame = cv2.subtract(box(3, 9), box(5.5, 8))
    mask = cv2.max(mask, frame)
    if len(plate.text) == 8:
        centre = (round(137 * p), round(70 * p))
        cv2.circle(image, centre, round(15 * p), (225, 190, 120), -1, cv2.LINE_AA)
        cv2.ellipse(image, centre, (round(9 * p), round(5 * p)), 0, 0, 360, (90, 120, 230), -1, cv2.LINE_AA)
    else:
        dot = (220, 45) if plate.layout == "double" else (77.5, 70) if plate.kind == "white" else (134.5, 70)
        cv2.circle(mask, tuple(round(v * p) for v in dot), round(5 * p), 255, -1, cv2.LINE_AA)
    alpha = mask[..., None].astype(np.float32) / 255
    image = image * (1 - alpha) + ink_tone * alpha
    if plate.kind == "white":
        red = _ink_mask(plate, (h, w), only={6})[..., None].astype(np.float32) / 255
        image = image * (1 - red) + np.float32([35, 30, 205]) * red
    relief = cv2.Sobel(cv2.GaussianBlur(mask, (0, 0), 2), cv2.CV_32F, 0, 1)[..., None]
    image += relief * 0.10
    holes = (95, 345) if plate.layout == "double" else (110, 330)
    for x in holes:
        for y in (12, h / p - 12):
            at = (round(x * p * w / (440 * p)), round(y * p))
            cv2.ellipse(image, at, (round(7 * p), round(3 * p)), 0, 0, 360, (96, 92, 88), -1, cv2.LINE_AA)
            cv2.circle(image, at, round(3 * p), (170, 170, 170), -1, cv2.LINE_AA)
    image = _wear(image, rng, dirt)
    alpha = box(0, 10)[..., None]
    return np.dstack([np.clip(image, 0, 255) * (alpha / 255.0), alpha]).round().astype(np.uint8)


def _wear(image: np.ndarray, rng, dirt: float) -> np.ndarray:
    """A film of dust low on the plate and, with dirt, mud blotches."""
    h, w = image.shape[:2]
    dust = cv2.resize(rng.random((6, 16), dtype=np.float32), (w, h), interpolation=cv2.INTER_CUBIC)
    film = (0.06 + 0.25 * dirt) * np.clip(dust * np.linspace(0.5, 1.3, h, dtype=np.float32)[:, None], 0, 1)
    image = image * (1 - film[..., None]) + np.float32([120, 135, 142]) * film[..., None]
    if dirt > 0:
        blot = cv2.resize(rng.random((9, 24), dtype=np.float32), (w, h), interpolation=cv2.INTER_CUBIC)
        blot += 0.35 * cv2.resize(rng.random((30, 80), dtype=np.float32), (w, h), interpolation=cv2.INTER_CUBIC)
        level = np.quantile(blot, 1 - min(dirt, 0.985) * 0.75)
        cover = np.clip((blot - level) * 9, 0, 1)[..., None] * min(1.0, 0.45 + dirt * 0.55)
        if dirt > 0.9:
            cover = np.maximum(cover, 0.93)
        image = image * (1 - cover) + np.float32([62, 84, 104]) * cover
    return image
