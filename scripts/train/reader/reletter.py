"""A real training photo with another plate in its place: same pose, light, blur, grain and surroundings, other text or kind."""

import cv2
import numpy as np

from reader.lenders import Lender, blurred, cover, fields, ink_mask, lay
from synth import surface
from synth.kinds import KINDS, random_text
from synth.plates import WEIGHTS, render_plate

ALIKE = {  # kinds that differ from a lender's own in text only
    "blue": ("blue",),
    "yellow": ("yellow", "yellow", "yellow", "coach"),
    "black": ("black", "black", "hongkong"),
    "green_small": ("green_small",),
    "green_large": ("green_large",),
    "army": ("army", "services"),
    "white_old": ("white_old", "services"),
    "services": ("services", "army"),
}
OTHER = [k for k in WEIGHTS if k != "blue"]
CHANCES = np.array([WEIGHTS[k] for k in OTHER]) / sum(WEIGHTS[k] for k in OTHER)


def luma(rgb: np.ndarray) -> np.ndarray:
    return rgb @ np.float32([0.299, 0.587, 0.114])


def leftover(rng, lender: Lender, terms, old_ink, image) -> np.ndarray:
    """What the fit does not explain (bolts, dirt, rim, grain), with the ghosts of the old strokes replaced by grain."""
    fit = np.concatenate([terms * (1 - old_ink)[..., None], terms[..., :3] * old_ink[..., None]], -1) @ np.vstack(
        [lender.ground, lender.ink]
    )
    left = image - fit
    edge = cv2.blur(cv2.dilate(old_ink, np.ones((3, 3))) - cv2.erode(old_ink, np.ones((3, 3))), (3, 3))
    trust = np.clip(1.15 - 2.2 * edge, 0, 1)[..., None]
    grain = rng.standard_normal(image.shape, np.float32)
    grain = grain * 0.5 + grain.mean(2, keepdims=True)
    if rng.random() < 0.5:
        grain = cv2.GaussianBlur(grain, (0, 0), 0.7) * 1.8
    return left * trust + grain * (1 - trust) * lender.grain


def same_kind(rng, lender: Lender, terms, shape) -> tuple[np.ndarray, str, str, np.ndarray]:
    names = ALIKE[lender.kind]
    name = names[int(rng.integers(len(names)))]
    text = random_text(rng, name)
    weight = int(np.clip(lender.weight + rng.choice((-2, 0, 0, 0, 2)), -5, 4))
    face, boxes = ink_mask(name, text, rng, weight)
    ink = blurred(lay(face, lender.place, shape), blur_of(rng, lender))
    ground, colour = lender.ground, lender.ink.copy()
    if rng.random() < 0.25:  # ink nearer to the ground's colour, or further from it
        colour[0] += (colour[0] - ground[0]) * float(rng.uniform(-0.45, 0.3))
    picture = np.concatenate([terms * (1 - ink)[..., None], terms[..., :3] * ink[..., None]], -1) @ np.vstack([ground, colour])
    return picture, text, name, boxes


def blur_of(rng, lender: Lender) -> tuple[float, float]:
    more = float(np.exp(rng.normal(0, 0.15)))
    return lender.blur[0] * more, lender.blur[1] * more


def other_kind(rng, lender: Lender, terms, shape) -> tuple:
    """A plate of any other colour in the light that the lender shows: its white ink tells what white looks like there."""
    name = OTHER[int(rng.choice(len(OTHER), p=CHANCES))]
    plate = render_plate(rng, name)
    h, w = plate.image.shape[:2]
    old_w, old_h = KINDS[lender.kind].size
    if lender.photo.corners is None:
        fit = np.array([[old_w / w, 0, 0], [0, old_h / h, 0], [0, 0, 1.0]])
    else:
        s = max(old_w / w, old_h / h)
        fit = np.array([[s, 0, (old_w - s * w) / 2], [0, s, (old_h - s * h) / 2], [0, 0, 1.0]])
    place = lender.place @ fit
    face = surface.weather(rng, plate.image.astype(np.float32), 0.35)
    white = terms[..., :3] @ lender.ink
    white = np.maximum(white, np.maximum(0.6 * lender.ink[0], 8))  # the field must not die beyond the old plate's edge
    white = white.mean(2, keepdims=True) * 0.5 + white * 0.5
    white *= float(rng.uniform(0.75, 1.15))
    dark = np.minimum(luma(terms @ lender.ground), luma(white))[..., None]
    veil = dark * float(rng.uniform(0.15, 0.85))
    seen = blurred(lay(face, place, shape), blur_of(rng, lender)) / 245
    return veil + (white - veil) * seen, plate.text, name, plate.boxes, place, (w, h), plate.color


def reletter(rng: np.random.Generator, lender: Lender, other: float = 0.35):
    """Returns (picture uint8, corners or None, text, kind, colour, layout, centres of the characters in the picture)."""
    image = lender.photo.image.astype(np.float32)
    shape, size = image.shape[:2], KINDS[lender.kind].size
    terms = fields(lender.place, shape, size)
    old, _ = ink_mask(lender.kind, lender.photo.text, None, lender.weight)
    old_ink = blurred(lay(old, lender.place, shape), lender.blur)
    left = leftover(rng, lender, terms, old_ink, image)
    place = lender.place
    if lender.kind in ("blue", "black") and rng.random() < other:
        picture, text, name, boxes, place, size, color = other_kind(rng, lender, terms, shape)
        left = luma(left)[..., None] * 0.7
    else:
        picture, text, name, boxes = same_kind(rng, lender, terms, shape)
        color = KINDS[name].color
    inside = cv2.GaussianBlur(cover(place, shape, size, -0.015), (0, 0), max(0.5, min(lender.blur)))[..., None]
    new = np.clip(picture + left, 0, 255) * inside + image * (1 - inside)
    w, h = size
    corners = cv2.perspectiveTransform(np.float32([[[0, 0], [w, 0], [w, h], [0, h]]]), place)[0] - 0.5
    middle = (boxes[:, :2] + boxes[:, 2:]) / 2
    centres = cv2.perspectiveTransform(middle[None].astype(np.float64), place)[0].astype(np.float32) - 0.5
    known = lender.photo.corners is not None
    return np.clip(new, 0, 255).astype(np.uint8), corners if known else None, text, name, color, KINDS[name].layout, centres
