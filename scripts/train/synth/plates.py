"""Clean plate pictures: ground, border, holes, characters. Wear and cameras are in degrade.py."""

from dataclasses import dataclass

import cv2
import numpy as np

from .glyphs import ink
from .kinds import KINDS, WEIGHTS, Kind, arrange, random_text

__all__ = ["KINDS", "WEIGHTS", "Plate", "random_kind", "random_text", "render_plate"]

_NAMES = list(WEIGHTS)
_CHANCES = np.array([WEIGHTS[n] for n in _NAMES])
_CHANCES = _CHANCES / _CHANCES.sum()
RED = ((200, 25, 30), (180, 30, 40), (215, 45, 45))


@dataclass
class Plate:
    image: np.ndarray  # HxWx3 uint8 RGB, the plate fills it
    text: str
    color: str
    layout: str
    boxes: np.ndarray  # (n, 4) float32: x1, y1, x2, y2 in px, reading order
    kind: str


def random_kind(rng: np.random.Generator) -> str:
    return _NAMES[int(rng.choice(len(_NAMES), p=_CHANCES))]


def render_plate(rng: np.random.Generator, kind: str | None = None, text: str | None = None) -> Plate:
    """A new, clean, frontal plate at 1 px per mm."""
    spec = KINDS[kind or random_kind(rng)]
    text = text or random_text(rng, spec.name)
    cells, dots = arrange(spec, text, rng)
    image = _ground(rng, spec)
    _border_and_holes(rng, spec, image)
    boxes = _characters(rng, spec, image, text, cells, dots)
    return Plate(np.clip(image, 0, 255).astype(np.uint8), text, spec.color, spec.layout, boxes, spec.name)


def _jitter(rng, rgb, spread=10.0) -> np.ndarray:
    return np.asarray(rgb, np.float32) + rng.normal(0, spread, 3).astype(np.float32)


def _ground(rng, spec: Kind) -> np.ndarray:
    w, h = spec.size
    image = np.empty((h, w, 3), np.float32)
    if spec.name == "green_small":
        top = _jitter(rng, (225, 240, 228)) if rng.random() < 0.75 else _jitter(rng, (150, 215, 175), 15)
        bottom = _jitter(rng, (60, 190, 120), 20)
        curve = np.linspace(0, 1, h, dtype=np.float32)[:, None, None] ** float(rng.uniform(0.5, 1.8))
        image[:] = top * (1 - curve) + bottom * curve
    elif spec.name == "green_large":
        image[:] = _jitter(rng, (70, 195, 120), 18)
        edge = int(rng.integers(118, 146))
        image[:, :edge] = _jitter(rng, (245, 190, 40), 12)
        if rng.random() < 0.3:  # a softer transition on some prints
            image[:, edge - 8 : edge + 8] = cv2.blur(image[:, edge - 8 : edge + 8], (9, 1))
    else:
        image[:] = _jitter(rng, spec.ground[int(rng.integers(len(spec.ground)))])
        if spec.name == "temporary":
            _guilloche(rng, image)
    slope = rng.normal(0, 6, 2)
    image += np.linspace(-1, 1, w, dtype=np.float32)[None, :, None] * float(slope[0])
    image += np.linspace(-1, 1, h, dtype=np.float32)[:, None, None] * float(slope[1])
    return image


def _guilloche(rng, image) -> None:
    h, w = image.shape[:2]
    ys, xs = np.mgrid[0:h, 0:w].astype(np.float32)
    phase = rng.uniform(0, 6, 2)
    image += (8 * np.sin(xs / 6 + 3 * np.sin(ys / 11 + phase[0])) * np.sin(ys / 5 + phase[1]))[..., None]


def _ink_color(rng, spec: Kind) -> np.ndarray:
    return _jitter(rng, spec.ink, 8)


def _border_and_holes(rng, spec: Kind, image) -> None:
    w, h = spec.size
    color = _ink_color(rng, spec).tolist()
    style = rng.random()
    rimmed = 0.35 if spec.name in ("army", "white_old", "services", "wj") else 0.85
    if spec.name not in ("temporary",) and style < rimmed:
        inset = int(rng.integers(2, 7))
        thick = int(rng.integers(2, 5))
        cv2.rectangle(image, (inset, inset), (w - 1 - inset, h - 1 - inset), color, thick)
    if spec.name == "temporary":
        _date(rng, image, color)
        font_y = (int(h * 0.1), int(h * 0.92))
        for y in font_y:  # a stand-in for the small print above and below
            for x in range(20, w - 20, int(rng.integers(6, 11))):
                cv2.line(image, (x, y - 8), (x + int(rng.integers(2, 6)), y), color, 1)
        return
    hole_x = (w * 0.25, w * 0.75)
    hole_y = (h * 0.09, h * 0.91)
    tone = rng.uniform(20, 255)
    for x in hole_x:
        for y in hole_y:
            if rng.random() < 0.75:
                size = (float(rng.uniform(7, 11)), float(rng.uniform(4, 6)))
                cv2.ellipse(image, ((x, y), (size[0] * 2, size[1] * 2), 0), [tone] * 3, -1, cv2.LINE_AA)


def _date(rng, image, color) -> None:
    """The row 年 月 日 of a temporary plate, with figures or without, and a square of small print before it."""
    h, w = image.shape[:2]
    y, tall = int(h * rng.uniform(0.68, 0.74)), int(rng.integers(18, 26))
    mask = np.zeros((h, w), np.uint8)
    for share, char in zip((0.36, 0.62, 0.88), "年月日", strict=True):
        x = int(w * share) - tall // 2
        mask[y : y + tall, x : x + tall] = ink("single", char, tall, tall)
    for share, n in ((0.13, 4), (0.47, 2), (0.73, 2)):
        for k in range(n if rng.random() < 0.8 else 0):
            at = int(w * share) + k * (tall // 2)
            figure = ink("single", "0123456789"[int(rng.integers(10))], tall // 2 - 1, int(tall * 0.8))
            mask[y + 2 : y + 2 + figure.shape[0], at : at + figure.shape[1]] = figure // int(rng.integers(1, 4))
    alpha = (mask.astype(np.float32) / 255)[..., None] * float(rng.uniform(0.4, 1))
    image *= 1 - alpha
    image += alpha * np.float32(color)


def _characters(rng, spec: Kind, image, text, cells, dots) -> np.ndarray:
    base, red = _ink_color(rng, spec), _jitter(rng, RED[int(rng.integers(len(RED)))])
    if spec.name in ("embassy", "consulate") and rng.random() < 0.5:
        red = base  # both paints are seen
    masks, boxes = character_masks(rng, spec, text, cells, dots)
    letters, hanzi = _weights(rng, spec)
    for is_red, (letter_ink, hanzi_ink) in masks.items():
        mask = np.maximum(_changed(letter_ink, letters), _changed(hanzi_ink, hanzi))
        if mask.any():
            _paint(rng, image, mask, red if is_red else base)
    if spec.color in ("green", "yellow_green"):
        _emblem(rng, image)
    return boxes


def character_masks(rng, spec: Kind, text, cells, dots) -> tuple[dict, np.ndarray]:
    """Where ink lies (0..255), for ordinary (False) and red paint (True) the letters' and the hanzi's; and each character's box."""
    w, h = spec.size
    masks = {red: (np.zeros((h, w), np.uint8), np.zeros((h, w), np.uint8)) for red in (False, True)}
    wobble = float(rng.choice((0.0, 0.6, 1.2))) if rng is not None else 0.0
    boxes = []
    for i, (char, cell) in enumerate(zip(text, cells, strict=True)):
        dx, dy, dw = rng.normal(0, wobble, 3) if wobble else (0, 0, 0)
        cw, ch = max(6, round(cell.w + dw)), max(8, round(cell.h + dw))
        x, y = round(cell.x + dx), round(cell.y + dy)
        x, y = min(max(x, 0), w - cw), min(max(y, 0), h - ch)
        target = masks[_is_red(spec, char, i)][not char.isascii()]
        region = target[y : y + ch, x : x + cw]
        np.maximum(region, ink(cell.face, char, cw, ch), out=region)
        boxes.append((x, y, x + cw, y + ch))
    for x, y in dots:
        radius = 5 if rng is None or rng.random() < 0.9 else 8
        cv2.circle(masks[False][0], (round(x), round(y)), radius, 255, -1, cv2.LINE_AA)
    return masks, np.asarray(boxes, np.float32)


def _is_red(spec: Kind, char: str, index: int) -> bool:
    if spec.red.startswith("#"):
        return str(index) in spec.red[1:].split(",")
    return char in spec.red


def _weights(rng, spec: Kind) -> tuple[int, int]:
    """Makers and years differ in stroke weight: mm wider than drawn, of letters and of hanzi.

    Measured on 399 real photos: letters 8.7 to 12.5 mm (10th to 90th percentile; drawn 11), provinces 4.6 to 9.5 (drawn 7.5).
    """
    choice, near = rng.random(), rng.random() < 0.6
    if spec.name in ("emergency", "aviation"):
        return (0, 0) if choice > 0.15 else (-2, -2)
    if choice < 0.12:
        return -4, -2
    if choice < 0.48:  # half of the real ones look thinner than the drawing
        return -2, -2 if near else 0
    if choice < 0.72 and not spec.name.startswith(("army", "wj")):
        return 0, 0 if near else -2
    return 2 * int(rng.integers(1, 3)), 0 if near else 2


def _changed(mask: np.ndarray, wider_mm: int) -> np.ndarray:
    if wider_mm == 0:
        return mask
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (3, 3))
    return (cv2.dilate if wider_mm > 0 else cv2.erode)(mask, kernel, iterations=abs(wider_mm) // 2)


def _paint(rng, image, mask, color) -> None:
    alpha = (mask.astype(np.float32) / 255)[..., None]
    if rng.random() < 0.5:  # pressed metal: one flank catches light, the other is in shade
        shift = rng.uniform(-2.5, 2.5, 2)
        move = np.float32([[1, 0, shift[0]], [0, 1, shift[1]]])
        moved = cv2.warpAffine(mask, move, mask.shape[::-1]).astype(np.float32)
        image += ((mask - moved) / 255 * float(rng.uniform(10, 50)))[..., None]
    image *= 1 - alpha
    image += alpha * color


def _emblem(rng, image) -> None:
    """The round mark between the second and third character of new-energy plates."""
    center = (137 + int(rng.integers(-2, 3)), 70 + int(rng.integers(-3, 4)))
    radius = int(rng.integers(13, 18))
    cv2.circle(image, center, radius, (245, 250, 245), -1, cv2.LINE_AA)
    tones = ((40, 90, 190), (30, 150, 80), (200, 120, 60), (30, 30, 40))
    for angle in range(0, 360, 90):
        color = tones[int(rng.integers(len(tones)))]
        cv2.ellipse(image, center, (radius - 3, radius - 3), 0, angle, angle + int(rng.integers(40, 85)), color, 3)
