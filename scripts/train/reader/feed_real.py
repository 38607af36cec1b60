"""Fill a ring with changed views of real photos: python -m reader.feed_real --ring DIR --real DIR [--without a,b]"""

import argparse
import time
from collections import Counter
from pathlib import Path

import cv2
import numpy as np

from reader.feed_synthetic import NO_CODES, load_scraps
from reader.real import Photo, jittered, load, load_newer
from reader.ring import Ring
from synth import camera, surface
from synth.alphabet import COLORS, INDEX, LAYOUTS, encode

TRUST = {"verified": 1.0, "ccpd_annotation": 1.0, "filename": 0.5, "auto_ocr": 0.6}
GREY = 40  # median saturation of a crop below which its colour label is not believed


def usable(photo: Photo) -> bool:
    """Old military plates begin with a character outside the alphabet; their rest still teaches."""
    return len(photo.text) in (7, 8)


def weights(photos: list[Photo]) -> np.ndarray:
    """Rare provinces, colours and cameras count more; doubtful labels less."""
    provinces = Counter(p.text[:1] for p in photos)
    colors = Counter(p.color for p in photos)
    sources = Counter(p.source for p in photos)
    values = []
    for p in photos:
        trust = next(v for k, v in TRUST.items() if p.quality.startswith(k))
        rarity = (provinces[p.text[:1]] * sources[p.source]) ** -0.35 * colors[p.color] ** -0.15
        values.append(trust * rarity)
    values = np.array(values)
    values = np.minimum(values, np.median(values) * 8)
    return values / values.sum()


def told_color(photo: Photo) -> int:
    """Class of the label's colour, or unknown where the picture has none (night, infrared)."""
    if photo.color not in COLORS:
        return -100
    vivid = float(np.median(cv2.cvtColor(photo.image, cv2.COLOR_RGB2HSV)[..., 1]))
    if photo.color in ("blue", "yellow", "green") and photo.corners is None and vivid < GREY:
        return -100
    return COLORS.index(photo.color)


def changed(rng, image: np.ndarray, still: float = 0.25) -> np.ndarray:
    """Further wear, distance and camera effects on a real picture; a share `still` is left as it is."""
    if rng.random() < still:
        return image
    view = image.astype(np.float32)
    if rng.random() < 0.2:
        view = surface.weather(rng, view, 0.35)
    if rng.random() < 0.08:
        view = surface.bleach(rng, view)
    elif rng.random() < 0.08:
        view = surface.stroke_bloom(rng, view)
    if rng.random() < 0.35:  # seen from further away
        across = float(rng.uniform(52, 120)) / view.shape[1]
        down = across * float(np.exp(rng.normal(0, 0.15)))
        view = cv2.resize(view, None, fx=across, fy=down, interpolation=cv2.INTER_AREA)
    view, _ = camera.shoot(rng, view, 0.07 * view.shape[0], 0.12)
    flags = cv2.INTER_LINEAR if rng.random() < 0.7 else cv2.INTER_CUBIC
    return cv2.resize(view, (image.shape[1], image.shape[0]), interpolation=flags)


def chosen(photo: Photo, only: str) -> bool:
    return not only or photo.source in only.split(",")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ring", type=Path, required=True)
    parser.add_argument("--real", type=Path, required=True)
    parser.add_argument("--without", default="", help="sources to leave out, comma separated")
    parser.add_argument("--only", default="", help="sources to take, comma separated")
    parser.add_argument("--newer", action="store_true", help="half of trucks.csv and extra_crops.csv, instead of train.csv")
    parser.add_argument("--size", type=int, default=30_000)
    parser.add_argument("--total", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pause-ms", type=float, default=0)
    args = parser.parse_args()
    cv2.setNumThreads(1)
    photos = load_newer(args.real, "train") if args.newer else load(args.real, "train", tuple(args.without.split(",")))
    photos = [p for p in photos if usable(p) and chosen(p, args.only)]
    chance = weights(photos)
    scraps = load_scraps(args.real)
    ring = Ring(args.ring, args.size)
    rng = np.random.default_rng((args.seed, int(ring.count[0])))
    print(f"{len(photos)} photos", flush=True)
    while not args.total or ring.count[0] < args.total:
        if rng.random() < 0.07:
            scrap = scraps[int(rng.integers(len(scraps)))]
            crop = Photo(scrap, None, "", "", "", "", "", "", "")
            ring.put(changed(rng, jittered(rng, crop)), NO_CODES, plate=0, kind="negative")
            continue
        photo = photos[int(rng.choice(len(photos), p=chance))]
        codes = encode(photo.text)
        if photo.text[0] not in INDEX:
            codes[0] = -100
        ring.put(
            changed(rng, jittered(rng, photo)), codes, told_color(photo), LAYOUTS.index(photo.layout), 1, None, photo.source, photo.text
        )
        if args.pause_ms:
            time.sleep(args.pause_ms / 1000)


if __name__ == "__main__":
    main()
