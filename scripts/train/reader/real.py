"""Real photos, read in place from --real DIR (train.csv, dev.csv, negatives/); nothing of them is kept here."""

import csv
import hashlib
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

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


def _photo(real: Path, row: dict) -> Photo:
    image = cv2.cvtColor(cv2.imread(str(real / row["file"])), cv2.COLOR_BGR2RGB)
    corners = None
    if row["kind"] == "full":
        corners = np.float32([[float(row[f"x{i}"]), float(row[f"y{i}"])] for i in (1, 2, 3, 4)])
        image, corners = _region(image, corners)
    keys = ("plate", "color", "kind", "source", "quality", "group")
    return Photo(image, corners, *(row[k] for k in keys), Path(row["file"]).stem)


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
    matrix = cv2.getPerspectiveTransform(np.float32(source), np.float32(target))
    return cv2.warpPerspective(
        image, matrix, (WIDTH, HEIGHT), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )


def jittered(rng: np.random.Generator, photo: Photo) -> np.ndarray:
    """A training view: other corners and margins than the stored ones."""
    h, w = photo.image.shape[:2]
    if photo.corners is not None:
        corners, height = photo.corners, _height(photo.corners)
        style = rng.random()
        margin, sigma = (0.04, 0.08), 0.04
        if style > 0.8:
            margin, sigma = (float(rng.uniform(-0.01, 0.09)), float(rng.uniform(-0.05, 0.22))), 0.05
        elif style > 0.65:
            margin, sigma = (float(rng.uniform(-0.01, 0.02)), float(rng.uniform(-0.07, 0.04))), 0.03
        elif style > 0.58:  # an upright box, as a crop
            (x1, y1), (x2, y2) = corners.min(0), corners.max(0)
            corners = np.float32([[x1, y1], [x2, y1], [x2, y2], [x1, y2]])
            margin = (0.0, float(rng.uniform(-0.02, 0.05)))
    else:
        corners = np.float32([[0, 0], [w, 0], [w, h], [0, h]]) - 0.5
        height, sigma, margin = h, 0.03, (float(rng.normal(0, 0.012)), float(rng.normal(0, 0.04)))
    error = rng.normal(0, sigma * height, (4, 2)) + rng.normal(0, sigma * 0.5 * height, 2)
    return warp(photo.image, corners + error.astype(np.float32), full_rectangle(*margin))


def _height(corners) -> float:
    return float(np.linalg.norm(corners[3] - corners[0]) + np.linalg.norm(corners[2] - corners[1])) / 2
