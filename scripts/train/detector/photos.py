"""Real photographs with marked plates, read in place from the folder given as --real.

The folder holds `train.csv` and `dev.csv` (columns: see README.md) and the pictures they name.
Nothing from it is ever written into the repository.
"""

import csv
import hashlib
import sys
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import halves

LONG_SIDE_MAX = 1600


@dataclass
class Marked:
    """One marked plate: corners TL, TR, BR, BL in pixels of the loaded picture."""

    quad: np.ndarray
    exact: bool  # corners measured by hand or by the data set's authors
    row: dict


@dataclass
class Photo:
    file: str
    levels: list  # picture at scale 1, 1/2, 1/4, 1/8; RGB
    plates: list = field(default_factory=list)
    ignore: list = field(default_factory=list)  # quads of further plates nobody marked


def held_out(group):
    """One group in ten of train.csv joins dev.csv for measuring; the same vehicle never crosses."""
    return hashlib.sha1(("detector:" + group).encode()).digest()[0] % 10 == 0


def read_trucks(real, split):
    """Rows of trucks.csv whose photos nobody has drawn into; half of them are for measuring."""
    rows = halves.rows(real, "trucks.csv", split == "dev")
    return [row for row in rows if row["kind"] == "full" and row["x1"] and "overlay" not in row["note"]]


def corners(row):
    return np.array([[float(row[f"x{i}"]), float(row[f"y{i}"])] for i in (1, 2, 3, 4)], np.float32)


def read_rows(real, split):
    """Rows of full photos with corners: split is 'train' or 'dev' (dev.csv plus held-out groups)."""
    rows = []
    for name in ("train", "dev"):
        with open(Path(real) / f"{name}.csv", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                if row["kind"] != "full" or not row["x1"]:
                    continue
                side = "dev" if name == "dev" or held_out(row["group"]) else "train"
                if side == split:
                    rows.append(row)
    return rows


def read_rgb(path):
    image = cv2.imread(str(path), cv2.IMREAD_COLOR)
    return None if image is None else cv2.cvtColor(image, cv2.COLOR_BGR2RGB)


def pyramid(image):
    levels = [image]
    while len(levels) < 4 and min(levels[-1].shape[:2]) > 48:
        h, w = levels[-1].shape[:2]
        levels.append(cv2.resize(levels[-1], (w // 2, h // 2), interpolation=cv2.INTER_AREA))
    return levels


def load(real, split, ignore_file=None, limit=None, rows=None):
    """All photos of a split, decoded; `rows` instead of the split's own. `ignore_file`: CSV of file and 8 corner
    numbers of plates that stand in the pictures without a mark (see find_unmarked.py)."""
    by_file = {}
    for row in read_rows(real, split) if rows is None else rows:
        by_file.setdefault(row["file"], []).append(row)
    unmarked = {}
    if ignore_file:
        with open(ignore_file, encoding="utf-8") as file:
            for line in csv.reader(file):
                quad = np.array(line[1:9], np.float32).reshape(4, 2)
                unmarked.setdefault(line[0], []).append(quad)
    photos = []
    for file, rows in sorted(by_file.items())[:limit]:
        image = read_rgb(Path(real) / file)
        if image is None:
            continue
        scale = min(1.0, LONG_SIDE_MAX / max(image.shape[:2]))
        if scale < 1.0:
            image = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        photo = Photo(file, pyramid(image))
        for row in rows:
            exact = row["quality"] == "ccpd_annotation"
            photo.plates.append(Marked(corners(row) * scale, exact, row))
        photo.ignore = [quad * scale for quad in unmarked.get(file, [])]
        photos.append(photo)
    return photos


def load_crops(real, kinds=("easypr_svm_has",)):
    """Close crops of real single-line plates: texture for pasting. Their edges are only roughly
    the plate's edges, so whoever pastes them must not learn corners from them."""
    crops = {"yellow": [], "other": []}
    with open(Path(real) / "train.csv", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["kind"] == "crop" and row["source"] in kinds and not held_out(row["group"]):
                image = read_rgb(Path(real) / row["file"])
                if image is not None:
                    crops["yellow" if row["color"] == "yellow" else "other"].append(image)
    return crops


def load_negatives(real):
    paths = sorted((Path(real) / "negatives").iterdir())
    images = [read_rgb(p) for p in paths]
    return [i for i in images if i is not None]
