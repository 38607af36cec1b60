"""Real photos, read in place from --real DIR (train.csv, dev.csv, negatives/); nothing of them is kept here."""

import csv
import hashlib
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

import halves
from synth.degrade import HEIGHT, WIDTH, full_rectangle

CORRECTIONS = Path(__file__).resolve().parent.parent / "corrections.csv"
SCORABLE = ("verified", "ccpd_annotation")
TILE = 320  # longest side to which a full photo's plate region is reduced


@dataclass
class Photo:
    image: np.ndarray  # RGB region around the plate, or the whole crop
    corners: np.ndarray | None  # (4, 2) in image; None for crops
    text: str
    color: str
    kind: str
    source: str
    quality: str
    group: str
    file: str
    layout: str = "single"

    @property
    def scorable(self) -> bool:
        return self.quality.startswith(SCORABLE)


def in_dev(group: str) -> bool:
    """A tenth of the training groups joins the development score; the choice is fixed by the group's name."""
    return hashlib.sha256(f"dev{group}".encode()).digest()[0] < 26


def load(real: Path, part: str, without: tuple[str, ...] = ()) -> list[Photo]:
    """part: 'train' or 'dev'. Photos of the sources named in `without` are left out."""
    fixes = {row["file"]: row for row in csv.DictReader(CORRECTIONS.open(encoding="utf-8"))}
    photos = []
    for table in ("train.csv", "dev.csv"):
        for row in csv.DictReader((real / table).open(encoding="utf-8")):
            dev = table == "dev.csv" or in_dev(row["group"])
            if dev != (part == "dev") or row["source"] in without:
                continue
            fix = fixes.get(Path(row["file"]).stem)
            if fix:
                if fix["text"] == "drop":
                    continue
                row["plate"] = fix["text"] or row["plate"]
                row["color"] = fix["color"] or row["color"]
            if row["kind"] == "full" and not row["x1"]:
                continue
            photos.append(_photo(real, row))
    return photos


def load_newer(real: Path, part: str) -> list[Photo]:
    """Photos of trucks.csv and extra_crops.csv that can be read: one half is for training, the other for measuring."""
    rows = [row for table in halves.TABLES for row in halves.rows(real, table, part == "dev")]
    rows = [row for row in rows if row["quality"] not in ("doubtful", "unreadable")]
    return [_photo(real, row) for row in rows if row["kind"] == "crop" or row["x1"]]


def _photo(real: Path, row: dict) -> Photo:
    image = cv2.cvtColor(cv2.imread(str(real / row["file"])), cv2.COLOR_BGR2RGB)
    corners = None
    if row["kind"] == "full":
        corners = np.float32([[float(row[f"x{i}"]), float(row[f"y{i}"])] for i in (1, 2, 3, 4)])
        image, corners = _region(image, corners)
    keys = ("plate", "color", "kind", "source", "quality", "group")
    return Photo(image, corners, *(row[k] for k in keys), Path(row["file"]).stem, row["layout"])


def _region(image, corners):
    """The plate with surroundings, no larger than needed."""
    low, high = corners.min(0), corners.max(0)
    pad = (high - low) * (0.3, 0.8) + 4
    x1, y1 = np.floor(np.maximum(low - pad, 0)).astype(int)
    x2, y2 = np.ceil(high + pad).astype(int)
    part = image[y1:y2, x1:x2]
    corners = corners - np.float32([x1, y1])
    scale = min(1.0, TILE / max(part.shape[:2]))
    if scale < 1:
        part = cv2.resize(part, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        corners = (corners + 0.5) * scale - 0.5
    return np.ascontiguousarray(part), corners.astype(np.float32)


def rectify(photo: Photo) -> np.ndarray:
    """The reader's picture by the stored corners; crops are taken whole."""
    if photo.corners is None:
        return cv2.resize(photo.image, (WIDTH, HEIGHT), interpolation=_shrink(photo.image))
    return warp(photo.image, photo.corners, full_rectangle())


def _shrink(image) -> int:
    return cv2.INTER_AREA if image.shape[1] > WIDTH else cv2.INTER_LINEAR


def warp(image, source, target) -> np.ndarray:
    return apply(image, cv2.getPerspectiveTransform(np.float32(source), np.float32(target)))


def apply(image, matrix) -> np.ndarray:
    return cv2.warpPerspective(image, matrix, (WIDTH, HEIGHT), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def jittered(rng: np.random.Generator, photo: Photo) -> np.ndarray:
    return apply(photo.image, jitter(rng, photo))


def jitter(rng: np.random.Generator, photo: Photo) -> np.ndarray:
    """Photo px to the reader's picture for a training view: other corners and margins than the stored ones."""
    h, w = photo.image.shape[:2]
    before = np.eye(3)
    if photo.corners is not None:
        corners, height = photo.corners, _height(photo.corners)
        style = rng.random()
        margin, sigma = (0.04, 0.08), 0.045
        if style > 0.8:
            margin, sigma = (float(rng.uniform(-0.01, 0.12)), float(rng.uniform(-0.05, 0.25))), 0.06
        elif style > 0.65:
            margin, sigma = (float(rng.uniform(-0.015, 0.02)), float(rng.uniform(-0.08, 0.04))), 0.03
        elif style > 0.42:  # an upright box, as a crop; of a camera that sees the plate more askew than this one did
            if style > 0.48:
                before = _askew(rng)
                corners = cv2.perspectiveTransform(corners[None], before)[0]
            (x1, y1), (x2, y2) = corners.min(0), corners.max(0)
            corners = np.float32([[x1, y1], [x2, y1], [x2, y2], [x1, y2]])
            margin = (float(rng.uniform(-0.01, 0.03)), float(rng.uniform(-0.03, 0.08)))
    else:
        corners = np.float32([[0, 0], [w, 0], [w, h], [0, h]]) - 0.5
        height, sigma, margin = h, 0.03, (float(rng.normal(0, 0.014)), float(rng.normal(0, 0.045)))
    error = rng.normal(0, sigma * height, (4, 2)) + rng.normal(0, sigma * 0.5 * height, 2)
    if rng.random() < 0.15:  # the detector lost one end's place along the row, on one side more than on the other
        ends = rng.normal(0.05, 0.10, 2).clip(-0.04, 0.3) * np.linalg.norm(corners[1] - corners[0])
        along = (corners[1] - corners[0]) / max(1e-3, np.linalg.norm(corners[1] - corners[0]))
        error[[0, 3]] -= along * ends[0]
        error[[1, 2]] += along * ends[1]
    target = full_rectangle(*margin)
    if rng.random() < 0.35:  # leaning and turned, more than the photos are
        middle = target.mean(0)
        turn, lean = np.radians(rng.normal(0, 4)), rng.normal(0, 0.12)
        grow = float(rng.uniform(0.92, 1.03))
        target = (target - middle) @ np.array([[np.cos(turn), np.sin(turn)], [lean - np.sin(turn), np.cos(turn)]]) * grow
        target = target + middle
    return cv2.getPerspectiveTransform(np.float32(corners + error), np.float32(target)) @ before


def _askew(rng: np.random.Generator) -> np.ndarray:
    """Turned, and sloped as plates are that stand to one side below the camera."""
    turn, slope = np.radians(rng.normal(0, 5)), rng.normal(0, 0.12)
    rotate = np.array([[np.cos(turn), -np.sin(turn), 0], [np.sin(turn), np.cos(turn), 0], [0, 0, 1]])
    return rotate @ np.array([[1, 0, 0], [slope, 1, 0], [0, 0, 1.0]])


def _height(corners) -> float:
    return float(np.linalg.norm(corners[3] - corners[0]) + np.linalg.norm(corners[2] - corners[1])) / 2
