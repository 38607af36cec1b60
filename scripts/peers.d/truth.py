"""What is scored.

A table has the columns of `menjin bench images`: file, kind (crop or full), plate, color, layout,
x1,y1 ... x4,y4 (TL, TR, BR, BL in pixels); `quality` and `group` where it comes from a collection.
Of a table with `quality` only rows whose label is sure are scored.
"""

import csv
import sys
from dataclasses import dataclass
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parent.parent
SURE = ("verified", "ccpd_annotation")


@dataclass
class Truth:
    file: str
    crop: bool
    plate: str
    color: str | None  # None where nobody knows
    corners: list[tuple[float, float]] | None
    row: dict

    def shows(self, x: float, y: float) -> bool:
        """Whether this point lies on the plate's upright box."""
        xs, ys = zip(*self.corners, strict=True)
        return min(xs) <= x <= max(xs) and min(ys) <= y <= max(ys)


def load(data: Path, table: Path | None) -> list[Truth]:
    """The rows of `table`; without one, those of dev.csv and those of train.csv that neither the
    reader nor the detector was trained on."""
    if table:
        rows = _rows(table)
    else:
        rows = _rows(data / "dev.csv")
        if (data / "train.csv").is_file():
            rows += [row for row in _rows(data / "train.csv") if _never_trained_on(row)]
    fixes = {fix["file"]: fix for fix in _rows(SCRIPTS / "train" / "corrections.csv")}
    truths = [_truth(row, fixes.get(Path(row["file"]).stem)) for row in rows]
    return [truth for truth in truths if truth]


def _rows(path: Path) -> list[dict]:
    with path.open(encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def _never_trained_on(row: dict) -> bool:
    """By the trainings' own rules. The detector sees crops as texture only, so that for them the
    reader's rule is what counts."""
    sys.path.insert(0, str(SCRIPTS / "train"))
    try:
        from detector.photos import held_out
        from reader.real import in_dev
    finally:
        sys.path.pop(0)
    return in_dev(row["group"]) and (row["kind"] == "crop" or held_out(row["group"]))


def _truth(row: dict, fix: dict | None) -> Truth | None:
    if not row.get("quality", SURE[0]).startswith((*SURE, "rendered")):
        return None
    if fix and fix["text"] == "drop":
        return None
    row = dict(row)
    if fix:
        row["plate"] = fix["text"] or row["plate"]
        row["color"] = fix["color"] or row["color"]
    crop = row["kind"] == "crop"
    if not row["plate"] or not (crop or row["x1"]):
        return None
    corners = None if crop else [(float(row[f"x{i}"]), float(row[f"y{i}"])) for i in (1, 2, 3, 4)]
    color = row["color"] if row["color"] not in ("", "unknown") else None
    row["color"] = color or "unknown"
    return Truth(row["file"], crop, row["plate"], color, corners, row)
