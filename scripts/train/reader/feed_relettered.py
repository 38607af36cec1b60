"""Fill a ring with real photos that carry other plates: python -m reader.feed_relettered --ring DIR --lenders FILE --seed 1"""

import argparse
import pickle
from pathlib import Path

import cv2
import numpy as np

from reader.feed_real import changed, weights
from reader.real import Photo, apply, jitter
from reader.reletter import reletter
from reader.ring import Ring
from synth import camera
from synth.alphabet import COLORS, LAYOUTS, SLOTS, encode


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ring", type=Path, required=True)
    parser.add_argument("--lenders", type=Path, required=True, help="made by reader.lenders")
    parser.add_argument("--without", default="", help="sources to leave out, comma separated")
    parser.add_argument("--only", default="", help="sources to take, comma separated")
    parser.add_argument("--size", type=int, default=100_000)
    parser.add_argument("--total", type=int, default=0)
    parser.add_argument("--other", type=float, default=0.45, help="share of blue and black lenders that get another kind of plate")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    cv2.setNumThreads(1)
    without, only = args.without.split(","), args.only.split(",")
    lenders = pickle.loads(args.lenders.read_bytes())
    lenders = [x for x in lenders if x.photo.source not in without and (not args.only or x.photo.source in only)]
    chance = weights([x.photo for x in lenders])
    ring = Ring(args.ring, args.size)
    rng = np.random.default_rng((args.seed, int(ring.count[0])))
    print(f"{len(lenders)} lenders", flush=True)
    while not args.total or ring.count[0] < args.total:
        lender = lenders[int(rng.choice(len(lenders), p=chance))]
        image, corners, text, kind, color, layout, centres = reletter(rng, lender, args.other)
        photo = Photo(image, corners, text, color, "", "", "", "", "")
        for _ in range(2):
            matrix = jitter(rng, photo)
            spots = cv2.perspectiveTransform(centres[None], matrix)[0]
            view = changed(rng, apply(image, matrix), 0.45)
            hue = COLORS.index(color)
            if rng.random() < 0.04:
                view, hue = np.clip(camera.infrared(rng, view.astype(np.float32)), 0, 255).astype(np.uint8), -100
            codes = encode(text)
            for i, (x, y) in enumerate(spots):
                if not (-2 < x < 170 and -2 < y < 50):
                    codes[i] = -100  # cut away: nothing to learn
            where = np.full((SLOTS, 2), -1, np.float32)
            where[: len(spots)] = spots
            # How much of the text is left is not measured here, so nothing is said about refusal.
            ring.put(view, codes, hue, LAYOUTS.index(layout), -100, where, kind, text)


if __name__ == "__main__":
    main()
