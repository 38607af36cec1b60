"""List training photos whose unverified label a trained reader firmly contradicts, for a look by eye.

python -m reader.disagree --weights runs/NAME/weights.pt --real DIR --sheet FOLDER
"""

import argparse
from pathlib import Path

import numpy as np
import torch

from reader.real import load, rectify
from reader.score import load_model, read, sheet


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--real", type=Path, required=True)
    parser.add_argument("--sheet", type=Path, required=True)
    parser.add_argument("--sure", type=float, default=0.6, help="weakest character's probability")
    args = parser.parse_args()
    torch.set_num_threads(1)
    photos = load(args.real, "train")
    rows = read(load_model(args.weights), np.stack([rectify(p) for p in photos]))
    cells = []
    for photo, row in zip(photos, rows, strict=True):
        text = row["text"] != photo.text and row["sure"].min() > args.sure
        color = row["color"] != photo.color and row["color_sure"] > 0.9
        if text or color:
            said = (row["text"], row["color"], f"{row['sure'].min():.3f}")
            print(photo.file, photo.source, photo.quality, photo.text, photo.color, "->", *said)
            cells.append((rectify(photo), f"{photo.text}>{row['text']}"))
    if cells:
        sheet(args.sheet / "disagree.png", cells)


if __name__ == "__main__":
    main()
