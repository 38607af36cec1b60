"""Which of the newer photos (trucks.csv, extra_crops.csv) are for measuring: every second group, and whole photos."""

import csv
import hashlib
from pathlib import Path

TABLES = ("trucks.csv", "extra_crops.csv")


def is_measured(group):
    return hashlib.sha1(("trucks:" + group).encode()).digest()[0] % 2 == 0


def rows(real, table, measured):
    """Rows of one half; a photo of several vehicles is measured if one of its groups is."""
    path = Path(real) / table
    if not path.exists():
        return []
    with open(path, encoding="utf-8") as file:
        every = list(csv.DictReader(file))
    kept_back = {row["file"] for row in every if is_measured(row["group"])}
    return [row for row in every if (row["file"] in kept_back) == measured]


def main():
    """Writes the measured half of a table where `menjin bench images --truth` reads it: halves.py DIR TABLE OUT"""
    import sys

    real, table, out = sys.argv[1:4]
    half = rows(real, table, True)
    with open(out, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(half[0]))
        writer.writeheader()
        writer.writerows(half)


if __name__ == "__main__":
    main()
