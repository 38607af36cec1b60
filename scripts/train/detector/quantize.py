"""The exported detector in 8-bit integers; the last convolutions, which say where corners lie, stay in floats.

python quantize.py --onnx W/detector.onnx --real DIR --out ../../../models/detector.onnx
"""

import argparse
import hashlib
import sys
from pathlib import Path

import cv2
import numpy as np

import photos
from decode import GREY, letterbox, window

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from int8 import quantize

SEED, PHOTOS = 3, 150
FACTOR, LOOK = 2.0, (192, 96)
FLOATS = ("/heat_out", "/quad_out", "/Add_2")


def batches(real):
    """Pictures as the first and the second look show them."""
    pictures = photos.load(real, "train")
    for k in np.random.default_rng(SEED).permutation(len(pictures))[:PHOTOS]:
        image = pictures[k].levels[0]
        yield letterbox(image)[0][None]
        x, y, w, h = window(pictures[k].plates[0].quad, FACTOR, LOOK)
        m = np.float64([[LOOK[0] / w, 0, -x * LOOK[0] / w], [0, LOOK[1] / h, -y * LOOK[1] / h]])
        yield cv2.warpAffine(image, m, LOOK, borderMode=cv2.BORDER_CONSTANT, borderValue=(GREY, GREY, GREY))[None]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--onnx", required=True, type=Path)
    parser.add_argument("--real", required=True)
    parser.add_argument("--out", required=True, type=Path)
    args = parser.parse_args()
    cv2.setNumThreads(1)
    quantize(args.onnx, args.out, batches(args.real), FLOATS)
    data = args.out.read_bytes()
    print(f"{args.out}: {len(data)} bytes, sha256 {hashlib.sha256(data).hexdigest()}")


if __name__ == "__main__":
    main()
