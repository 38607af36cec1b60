"""From a clean plate to what the reader gets: the plate in a small scene, photographed, then rectified."""

from dataclasses import dataclass

import cv2
import numpy as np

from . import camera, surface
from .alphabet import SLOTS
from .field import smooth
from .plates import Plate

WIDTH, HEIGHT = 168, 48
LEGIBLE, HARD = 0.80, 0.62  # legibility of what a person reads at once, or with effort
MARGIN_W, MARGIN_H = 0.04, 0.08  # of the plate, each side, around its four corners


@dataclass
class Sample:
    image: np.ndarray  # 48x168x3 uint8 RGB
    text: str
    color: str | None  # None when the light hides it
    layout: str
    centers: np.ndarray  # (8, 2) float32 px in image, -1 where absent
    clear: float  # legibility: about 0.3 is hopeless, 0.5 hard, 0.8 good
    weakest: float  # the same of the least legible character: a plate reads no better than that
    kind: str


def full_rectangle(margin_w: float = MARGIN_W, margin_h: float = MARGIN_H) -> np.ndarray:
    """Where the plate's corners (TL, TR, BR, BL) land in the reader's picture, pixel centres."""
    px = WIDTH * margin_w / (1 + 2 * margin_w)
    py = HEIGHT * margin_h / (1 + 2 * margin_h)
    box = np.float32([[px, py], [WIDTH - px, py], [WIDTH - px, HEIGHT - py], [px, HEIGHT - py]])
    return box - 0.5


def pose(rng: np.random.Generator, w: float, h: float, hard: float = 1.0) -> np.ndarray:
    """Corners of a w x h plate after a random 3-D turn, centred on the origin."""
    yaw, pitch = np.radians(np.clip(rng.normal(0, 8 + 16 * hard, 2), -58, 58)) * (1, 0.7)
    tilted = rng.random() < 0.15
    roll = np.radians(float(rng.uniform(-17, 17) if tilted else rng.normal(0, 2 + 3 * hard)))
    corners = np.array([[-w, -h, 0], [w, -h, 0], [w, h, 0], [-w, h, 0]], np.float64) / 2
    cy, sy, cp, sp, cr, sr = *_cs(yaw), *_cs(pitch), *_cs(roll)
    turn = (
        np.array([[cr, -sr, 0], [sr, cr, 0], [0, 0, 1]])
        @ np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
        @ np.array([[1, 0, 0], [0, cp, -sp], [0, sp, cp]])
    )
    points = corners @ turn.T
    distance = w * float(rng.uniform(3, 12))
    return (points[:, :2] * (distance / (distance + points[:, 2:]))).astype(np.float32)


def _cs(angle: float) -> tuple[float, float]:
    return float(np.cos(angle)), float(np.sin(angle))


def background(rng, shape, scraps=None) -> np.ndarray:
    """Bumper paint, grille or scenery behind the plate."""
    h, w = shape
    if scraps is not None and rng.random() < 0.4:
        scrap = scraps[int(rng.integers(len(scraps)))]
        return cv2.resize(scrap, (w, h)).astype(np.float32)
    tone = rng.uniform(5, 240, 3) if rng.random() < 0.4 else np.full(3, rng.uniform(5, 235))
    image = np.empty((h, w, 3), np.float32)
    image[:] = tone
    image *= 1 + (smooth(rng, shape, int(rng.integers(1, 9)))[..., None] - 0.5) * float(rng.uniform(0, 1.4))
    if rng.random() < 0.3:
        period = int(rng.integers(3, 12))
        image[np.arange(h) % period < period // 2] *= float(rng.uniform(0.3, 0.9))
    return image


def place(rng, plate: Plate, hard: float = 1.0, scraps=None):
    """The weathered plate in a scene at camera scale. Returns (scene float32, corners, px height)."""
    ratio = plate.image.shape[1] / plate.image.shape[0]
    double = plate.layout == "double"
    low, high = (24, 110) if double else (12, 80)
    height = float(np.exp(rng.uniform(np.log(low), np.log(high))))
    width = height * ratio
    scale = min(1.0, max(1.5 * height, 30) / plate.image.shape[0])
    face = cv2.resize(plate.image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    face = surface.weather(rng, face, hard)
    bright = plate.color in ("yellow", "white", "green", "yellow_green")
    if rng.random() < ((0.2 if bright else 0.08) * hard):
        face = surface.bleach(rng, face)
    elif rng.random() < 0.12:
        face = surface.stroke_bloom(rng, face)
    corners = pose(rng, width, height, hard)
    low_corner, high_corner = corners.min(0), corners.max(0)
    pad = np.array([0.16 * width + 4, 0.45 * height + 4])
    size = np.ceil(high_corner - low_corner + 2 * pad).astype(int)
    corners = corners - low_corner + pad.astype(np.float32) + rng.uniform(-0.5, 0.5, 2).astype(np.float32)
    scene = background(rng, (int(size[1]), int(size[0])), scraps)
    fh, fw = face.shape[:2]
    square = np.float32([[0, 0], [fw, 0], [fw, fh], [0, fh]]) - 0.5
    matrix = cv2.getPerspectiveTransform(square, corners - 0.5)
    warped = cv2.warpPerspective(face, matrix, (scene.shape[1], scene.shape[0]), flags=cv2.INTER_LINEAR)
    cover = cv2.warpPerspective(np.ones((fh, fw), np.float32), matrix, (scene.shape[1], scene.shape[0]))[..., None]
    return scene * (1 - cover) + warped * cover, corners, height


def crop_target(rng, corners: np.ndarray, height: float) -> tuple[np.ndarray, np.ndarray]:
    """Which quad of the scene becomes the reader's picture: (source corners, target corners)."""
    style = rng.random()
    if style < 0.18:  # an upright box around a tilted plate, as some detectors cut it
        x1, y1 = corners.min(0)
        x2, y2 = corners.max(0)
        source = np.float32([[x1, y1], [x2, y1], [x2, y2], [x1, y2]])
        target = full_rectangle(float(rng.uniform(-0.01, 0.03)), float(rng.uniform(-0.03, 0.08)))
        return source + rng.normal(0, 0.03 * height, (4, 2)).astype(np.float32), target
    if style < 0.70:
        margin, sigma = (MARGIN_W, MARGIN_H), 0.035
    elif style < 0.85:  # tight crops without any rim
        margin, sigma = (float(rng.uniform(-0.015, 0.02)), float(rng.uniform(-0.09, 0.04))), 0.025
    else:
        margin, sigma = (float(rng.uniform(-0.01, 0.10)), float(rng.uniform(-0.05, 0.24))), 0.05
    error = rng.normal(0, sigma * height, (4, 2)) + rng.normal(0, sigma * 0.6 * height, 2)
    if rng.random() < 0.1:  # one end lies further out than the plate
        span = corners[1] - corners[0] if rng.random() < 0.5 else corners[0] - corners[1]
        error[[1, 2] if span[0] > 0 else [0, 3]] += span * float(rng.uniform(0.02, 0.18))
    return corners + error.astype(np.float32), full_rectangle(*margin)


def laid_out(plate: Plate, matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The clean plate and its characters' boxes in the reader's picture; matrix maps the plate's pixels there."""
    clean = cv2.warpPerspective(plate.image, matrix, (WIDTH, HEIGHT), flags=cv2.INTER_AREA)
    return clean, cv2.perspectiveTransform(plate.boxes.reshape(1, -1, 2).astype(np.float64), matrix)[0].reshape(-1, 4)


def legibility(clean: np.ndarray, image: np.ndarray, boxes: np.ndarray) -> tuple[float, float]:
    """Correlation (-1..1) of the fine structure of a picture with that of the clean plate: over the text, and the worst character's."""
    a, b = _structure(clean), _structure(image)
    each = [_correlation(a, b, _area(box[None])) for box in boxes]
    return _correlation(a, b, _area(boxes)), min(each)


def _correlation(a: np.ndarray, b: np.ndarray, area: tuple[slice, slice]) -> float:
    a, b = a[area].ravel(), b[area].ravel()
    return float(a @ b / (np.sqrt((a @ a) * (b @ b)) + 1e-3))


def _structure(image: np.ndarray) -> np.ndarray:
    gray = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY).astype(np.float32)
    gray = cv2.blur(gray, (3, 3))
    return gray - cv2.blur(gray, (21, 21))


def _area(boxes: np.ndarray) -> tuple[slice, slice]:
    x1, y1 = np.floor(boxes[:, :2].min(0)).astype(int).clip(0, (WIDTH - 4, HEIGHT - 4))
    x2, y2 = np.ceil(boxes[:, 2:].max(0)).astype(int)
    return slice(y1, max(y1 + 4, y2)), slice(x1, max(x1 + 4, x2))


def reader_sample(rng, plate: Plate, scraps=None, hard: float | None = None) -> Sample:
    """One training picture. `hard` (0..1) is how much the gate does to the plate; random by default."""
    hard = float(rng.beta(1.0, 1.8)) * 1.25 if hard is None else hard
    scene, corners, height = place(rng, plate, hard, scraps)
    glyph = 45 if plate.layout == "single" else 65
    stroke = 0.22 * glyph / plate.image.shape[0] * height
    image, colour_known = camera.shoot(rng, scene, stroke, hard)
    source, target = crop_target(rng, corners, height)
    matrix = cv2.getPerspectiveTransform(source - 0.5, target)
    flags = cv2.INTER_LINEAR if rng.random() < 0.8 else cv2.INTER_CUBIC
    size = (WIDTH, HEIGHT)
    out = cv2.warpPerspective(image, matrix, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    h, w = plate.image.shape[:2]
    to_scene = cv2.getPerspectiveTransform(np.float32([[0, 0], [w, 0], [w, h], [0, h]]), corners - 0.5)
    clean, quads = laid_out(plate, matrix @ to_scene)
    centers = np.full((SLOTS, 2), -1, np.float32)
    centers[: len(quads)] = (quads[:, :2] + quads[:, 2:]) / 2
    color = plate.color if colour_known else None
    clear, weakest = legibility(clean, out, quads)
    return Sample(out, plate.text, color, plate.layout, centers, clear, weakest, plate.kind)
