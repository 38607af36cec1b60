"""Still pictures with corners, for checking plate detection and reading on single images."""

import csv
from pathlib import Path

import cv2
import numpy as np

from . import plan
from .render import Renderer
from .stage import plate_in_picture

COLUMNS = [
    "file",
    "kind",
    "plate",
    "color",
    "layout",
    "x1",
    "y1",
    "x2",
    "y2",
    "x3",
    "y3",
    "x4",
    "y4",
    "quality",
    "province",
    "group",
    "source",
]
# (file, clip, second, crop): crop = which actor's plate to cut out, None = the full picture
SHOTS = [
    ("full-blue-day.jpg", "north-in", 4.4, None),
    ("full-two-plates.jpg", "two-plates", 1.0, None),
    ("full-empty.jpg", "south-in", 0.0, None),
    ("full-trailer-rear.jpg", "north-out", 23.4, None),
    ("full-night-glare.jpg", "north-in", 84.4, None),
    ("full-rain.jpg", "south-in", 31.4, None),
    ("crop-yellow.png", "north-in", 13.8, 1),
    ("crop-green.png", "north-in", 23.8, 2),
    ("crop-large-green.png", "north-in", 44.0, 4),
    ("crop-black-night.png", "north-in", 73.8, 7),
    ("crop-white.png", "north-out", 39.8, 4),
    ("crop-double.png", "north-out", 4.4, 0),
    ("crop-trailer-night.png", "north-out", 68.4, 7),
    ("crop-blue-far.png", "south-in", 2.2, 0),
]


def _row(file, kind, plate, corners, group) -> dict:
    row = dict.fromkeys(COLUMNS, "") | {"file": file, "kind": kind, "quality": "rendered", "group": group, "source": "rendered"}
    if plate is not None:
        row |= {"plate": plate.text, "color": plate.color, "layout": plate.layout, "province": plate.text[0]}
        for i, (x, y) in enumerate(corners):
            row |= {f"x{i + 1}": f"{x:.1f}", f"y{i + 1}": f"{y:.1f}"}
    return row


def _visible(clip, t):
    """Plates that a person can read in the picture, not hidden behind a nearer vehicle."""
    for actor in clip.actors:
        corners = plate_in_picture(clip, actor, t)
        if corners is None or not actor.plate_text or np.hypot(*(corners[1] - corners[0])) < 50:
            continue
        if (corners < 0).any() or (corners[:, 0] > clip.camera.width).any() or (corners[:, 1] > clip.camera.height).any():
            continue
        yield actor, corners


def write(folder: Path, shots=SHOTS) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    rows, renderers = [], {}
    clips = plan.CLIPS | {"two-plates": plan.two_plates}
    for file, name, second, crop in shots:
        if name not in renderers:
            renderers[name] = Renderer(clips[name]())
        clip = renderers[name].clip
        if file == "full-empty.jpg":
            actors, clip.actors = clip.actors, []
        image = renderers[name].frame(round(second * clip.fps))
        if crop is None:
            found = list(_visible(clip, second))
            rows += [_row(file, "full", actor.vehicle.plate, corners, name) for actor, corners in found]
            if not found:
                rows.append(_row(file, "full", None, None, name))
        else:
            actor = clip.actors[crop]
            corners = plate_in_picture(clip, actor, second)
            (x0, y0), (x1, y1) = np.floor(corners.min(0) - 6).astype(int), np.ceil(corners.max(0) + 7).astype(int)
            image = image[y0:y1, x0:x1]
            rows.append(_row(file, "crop", actor.vehicle.plate, corners - (x0, y0), name))
        if file == "full-empty.jpg":
            clip.actors = actors
        options = [cv2.IMWRITE_JPEG_QUALITY, 84] if file.endswith("jpg") else [cv2.IMWRITE_PNG_COMPRESSION, 9]
        cv2.imwrite(str(folder / file), image, options)
    with (folder / "truth.csv").open("w", newline="", encoding="utf-8") as out:
        table = csv.DictWriter(out, COLUMNS, lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
