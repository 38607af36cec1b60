"""Fill a ring with synthetic pictures: python -m reader.feed_synthetic --ring DIR --size 100000 --seed 1"""

import argparse
import time
from pathlib import Path

import cv2
import numpy as np

from reader.ring import Ring
from synth.alphabet import COLORS, LAYOUTS, encode
from synth.degrade import reader_sample
from synth.nonplates import nonplate
from synth.plates import render_plate

NO_CODES = [-100] * 8
HOPELESS, DOUBTFUL = 0.45, 0.58  # legibility; see degrade.legibility


def load_scraps(real: Path | None) -> list[np.ndarray] | None:
    """Non-plate crops, used as backgrounds."""
    if real is None:
        return None
    files = sorted((real / "negatives").glob("*"))[100:]  # the first hundred are kept for scoring
    return [cv2.cvtColor(cv2.imread(str(f)), cv2.COLOR_BGR2RGB) for f in files]


def put_sample(ring: Ring, sample, refused_share: float, rng) -> None:
    color = COLORS.index(sample.color) if sample.color else -100
    layout = LAYOUTS.index(sample.layout)
    if sample.clear < HOPELESS:
        if rng.random() < refused_share:
            ring.put(sample.image, NO_CODES, plate=0, kind="hopeless")
        return
    codes = encode(sample.text)
    plate = 1 if sample.clear > DOUBTFUL else -100
    for i, (x, y) in enumerate(sample.centers[: len(sample.text)]):
        if not (-4 < x < 172 and -3 < y < 51):
            codes[i] = -100  # cut away: nothing to learn
            plate = -100
    ring.put(sample.image, codes, color, layout, plate, sample.centers, sample.kind, sample.text)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ring", type=Path, required=True)
    parser.add_argument("--size", type=int, default=100_000)
    parser.add_argument("--total", type=int, default=0, help="stop after so many (0 = never)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--real", type=Path, help="folder with negatives/, for backgrounds")
    parser.add_argument("--nonplates", type=float, default=0.05)
    parser.add_argument("--pause-ms", type=float, default=0, help="rest after each picture, to share the machine")
    args = parser.parse_args()
    cv2.setNumThreads(1)
    ring = Ring(args.ring, args.size)
    rng = np.random.default_rng((args.seed, int(ring.count[0])))
    scraps = load_scraps(args.real)
    while not args.total or ring.count[0] < args.total:
        if rng.random() < args.nonplates * 2:
            ring.put(nonplate(rng, scraps), NO_CODES, plate=0, kind="nonplate")
        plate = render_plate(rng)
        for _ in range(2):
            put_sample(ring, reader_sample(rng, plate, scraps), 0.25, rng)
        if args.pause_ms:
            time.sleep(args.pause_ms * 2 / 1000)


if __name__ == "__main__":
    main()
