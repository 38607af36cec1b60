"""List plates that a trained detector sees in the real photos and nobody marked, for a person to
look at; the checked list goes back into training as regions to ignore.

  python find_unmarked.py --onnx detector.onnx --real DIR --split train --out list.csv --sheet sheet.png
"""

import argparse
import csv

import cv2
import numpy as np

import photos
from decode import first_look, second_look, session
from evaluate import inside


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--onnx", required=True)
    parser.add_argument("--real", required=True)
    parser.add_argument("--split", default="train", choices=["train", "dev"])
    parser.add_argument("--threshold", type=float, default=0.15)
    parser.add_argument("--out", required=True)
    parser.add_argument("--sheet")
    args = parser.parse_args()
    run = session(args.onnx)
    rows, tiles = [], []
    for photo in photos.load(args.real, args.split):
        image = photo.levels[0]
        original = photos.read_rgb(f"{args.real}/{photo.file}").shape[1] / image.shape[1]
        for f in second_look(run, image, first_look(run, image, args.threshold, (640, 960))):
            if any(inside(f.quad.mean(0), p.quad) or inside(p.quad.mean(0), f.quad) for p in photo.plates):
                continue
            rows.append([photo.file, *np.round(f.quad.ravel() * original, 1), round(f.score, 3), round(f.second, 3)])
            low, high = f.quad.min(0), f.quad.max(0)
            size = (high - low).max()
            x0, y0 = np.maximum((low + high) / 2 - size * 0.9, 0).astype(int)
            part = image[y0 : y0 + int(1.8 * size) + 2, x0 : x0 + int(1.8 * size) + 2].copy()
            cv2.polylines(part, [np.round(f.quad - [x0, y0]).astype(int)], True, (255, 0, 0), 1)
            tile = cv2.resize(part, (150, 150))
            cv2.putText(tile, f"{len(rows) - 1} {f.score:.2f} {f.second:.2f}", (2, 12), 0, 0.4, (255, 255, 0), 1)
            tiles.append(tile)
    with open(args.out, "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    print(len(rows), "boxes without a mark")
    if args.sheet and tiles:
        while len(tiles) % 10:
            tiles.append(np.zeros_like(tiles[0]))
        sheet = np.vstack([np.hstack(tiles[i : i + 10]) for i in range(0, len(tiles), 10)])
        cv2.imwrite(args.sheet, sheet[:, :, ::-1])


if __name__ == "__main__":
    main()
