"""Real photographs drive up: each vehicle of a labelled photo comes nearer, stops and drives on below the camera. One clip, and its truth.

Nothing of it belongs into the repository: the photos are other people's."""

import csv
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

SURE = ("verified", "ccpd_annotation", "filename", "rendered")
LEAST_PX = 50  # a plate counts from this width on, as in drawn clips
STOPPED_PX = (130, 260)  # how wide plates are at the line
AROUND = (2.6, 4.5, 2.5)  # of a photo is kept, in plate widths: to either side, above, below
FAR = 2.6  # where a vehicle appears it is so many times as far away as at the line


@dataclass(frozen=True)
class View:
    width: int
    height: int

    @property
    def vanishing(self):
        return np.array([self.width / 2, self.height * 0.2])

    @property
    def line(self):
        """Where a plate is when its vehicle has stopped."""
        return np.array([self.width / 2, self.height * 0.68])


@dataclass(frozen=True)
class Roll:
    """What the encoder asks of a clip."""

    name: str
    camera: View
    fps: int
    codec: str = "h264"
    crf: int = 26
    rate_k: int = 4000


@dataclass
class Drive:
    """One vehicle: its picture, cut around its plate, and when it is how near."""

    picture: np.ndarray
    plate: np.ndarray  # middle of the plate in the picture
    width_px: float  # of the plate in the picture
    row: dict
    first: int  # frame
    come: int  # frames until it stands
    stand: int
    go: int
    stopped_px: float

    @property
    def frames(self) -> int:
        return self.come + self.stand + self.go

    def near(self, k: int) -> float:
        """Scale against that at the line: 1 over the distance, which shrinks ever more slowly until it stands."""
        if k < self.come:
            left = 1 - k / self.come
            return 1 / (1 + (FAR - 1) * left * left)
        return 1 + 0.4 * self.gone(k)

    def gone(self, k: int) -> float:
        """How far it has driven on: 1 when all of it is below the picture."""
        return (max(0, k + 1 - self.come - self.stand) / self.go) ** 2

    def draw(self, frame: np.ndarray, view: View, k: int) -> None:
        near = self.near(k)
        scale = self.stopped_px / self.width_px * near
        at = view.vanishing + (view.line - view.vanishing) * near
        at[1] += self.gone(k) * (view.height - at[1] + (self.plate[1] + 1) * scale)
        low = at - (self.plate + 0.5) * scale
        picture, shrink = self.picture, 1
        while scale * shrink < 0.6:  # bilinear sampling alone would skip pixels
            picture = cv2.resize(picture, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
            shrink *= 2
        step = scale * shrink
        matrix = np.float64([[step, 0, low[0] + 0.5 * step - 0.5], [0, step, low[1] + 0.5 * step - 0.5]])
        cv2.warpAffine(picture, matrix, (view.width, view.height), dst=frame, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_TRANSPARENT)

    def truth(self, clip: str, fps: int) -> dict:
        seen = [k for k in range(self.frames) if self.stopped_px * self.near(k) >= LEAST_PX]
        ms = [(self.first + k) * 1000 // fps for k in (seen[0], self.frames)]
        known = {key: self.row[key] for key in ("plate", "color", "layout")}
        return {"clip": clip, "lane": "photos", "enter_ms": ms[0], "leave_ms": ms[1], **known, "direction": "in", "note": self.row["file"]}


def chosen(folder: Path, table: Path, count: int, rng) -> list[dict]:
    """Rows of photos that show one plate, whose label is sure."""
    with table.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["kind"] == "full" and row["plate"] and row["x1"]]
    times = {row["file"]: sum(other["file"] == row["file"] for other in rows) for row in rows}
    sure = [row for row in rows if times[row["file"]] == 1 and row.get("quality", SURE[0]).startswith(SURE)]
    sure = [row for row in sure if (folder / row["file"]).is_file()]
    return [sure[i] for i in rng.permutation(len(sure))[:count]]


def drive(folder: Path, row: dict, first: int, fps: int, rng) -> Drive | None:
    picture = cv2.imread(str(folder / row["file"]))
    if picture is None:
        return None
    corners = np.array([[float(row[f"{axis}{i}"]) for axis in "xy"] for i in (1, 2, 3, 4)])
    width = float(np.linalg.norm(corners[1] - corners[0]) + np.linalg.norm(corners[2] - corners[3])) / 2
    middle = corners.mean(0)
    side, above, below = (width * f for f in AROUND)
    x0, y0 = (max(0, int(v)) for v in middle - (side, above))
    x1, y1 = (int(v) for v in np.add(middle, (side, below)))
    come, stand, go = (max(2, int(fps * rng.uniform(*span))) for span in ((1.6, 2.8), (1, 2), (0.7, 1)))
    return Drive(picture[y0:y1, x0:x1], middle - (x0, y0), width, row, first, come, stand, go, float(rng.uniform(*STOPPED_PX)))


def clip(folder: Path, table: Path, count: int, seed: int, fps: int, view: View) -> tuple[Roll, list[Drive], int]:
    """The vehicles, one after another with an empty lane between, and the number of frames."""
    rng = np.random.default_rng(seed)
    drives, at = [], 0
    for row in chosen(folder, table, count, rng):
        at += int(fps * rng.uniform(2, 3))
        one = drive(folder, row, at, fps, rng)
        if one is not None:
            drives.append(one)
            at += one.frames
    return Roll("photos", view, fps), drives, at + 2 * fps


def frames(roll: Roll, drives: list[Drive], total: int, seed: int):
    view, rng = roll.camera, np.random.default_rng(seed)
    size = (view.width, view.height)
    ground = cv2.resize(np.repeat(rng.integers(70, 130, (9, 16, 1)), 3, 2).astype(np.float32), size, interpolation=cv2.INTER_CUBIC)
    grain = [rng.normal(0, 3, (view.height, view.width, 1)).astype(np.float32) for _ in range(4)]
    by_frame = {one.first + k: (one, k) for one in drives for k in range(one.frames)}
    for i in range(total):
        frame = np.clip(ground, 0, 255).astype(np.uint8)
        if i in by_frame:
            one, k = by_frame[i]
            one.draw(frame, view, k)
        yield np.clip(frame + grain[i % 4], 0, 255).astype(np.uint8)
