"""Fit the calibration (`fold.py`) of an exported reader, write what ships, print how reliable single characters are.

python -m reader.calibrate --onnx W/integers.onnx --real DIR --run NAME --json runs/NAME/calibration.json --out ../../models/reader.onnx
"""

import argparse
import hashlib
import json
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import torch

from reader.feed_synthetic import load_scraps
from reader.fold import Calibration, fold, sharpened
from reader.grammar import best_text
from reader.real import load, rectify
from reader.score import HEADS, Exported, held_out, log_softmax, outputs
from synth.alphabet import ALPHABET, COLORS, LAYOUTS, encode
from synth.degrade import HEIGHT, MARGIN_H, MARGIN_W, WIDTH, reader_sample
from synth.nonplates import nonplate
from synth.plates import render_plate

SEED = 991_000  # never used by a feed, nor by score.py, whose pictures check the fit
LEGIBLE = 0.5


def synthetic_set(n: int, real: Path | None):
    """Random kinds with gate degradations, hard ones included, and non-plates."""
    rng = np.random.default_rng(SEED)
    scraps = load_scraps(real)
    images, codes, colors, layouts, plates = [], [], [], [], []
    while len(images) < n:
        if rng.random() < 0.15:
            images.append(nonplate(rng, scraps))
            codes.append([-100] * 8)
            colors.append(-100)
            layouts.append(-100)
            plates.append(0)
            continue
        sample = reader_sample(rng, render_plate(rng), scraps)
        inside = sample.centers[: len(sample.text), 0]
        if sample.clear < LEGIBLE or inside.min() < 0 or inside.max() > 167:
            continue
        images.append(sample.image)
        codes.append(encode(sample.text))
        colors.append(COLORS.index(sample.color) if sample.color else -100)
        layouts.append(LAYOUTS.index(sample.layout))
        plates.append(1)
    return np.stack(images), *(np.array(x) for x in (codes, colors, layouts, plates))


def real_set(real: Path):
    photos = [p for p in load(real, "dev") if p.scorable]
    negatives = [
        cv2.resize(cv2.imread(str(f)), (168, 48), interpolation=cv2.INTER_AREA)[..., ::-1]
        for f in sorted((real / "negatives").glob("*"))[:100]
    ]
    images = np.stack([rectify(p) for p in photos] + negatives)
    rest = len(negatives)
    codes = np.array([encode(p.text) for p in photos] + [[-100] * 8] * rest)
    colors = np.array([COLORS.index(p.color) if p.color in COLORS else -100 for p in photos] + [-100] * rest)
    layouts = np.array([0] * len(photos) + [-100] * rest)
    plates = np.array([1] * len(photos) + [0] * rest)
    return images, codes, colors, layouts, plates


def nll(logits, truth, weight) -> float:
    picked = np.take_along_axis(log_softmax(logits), truth[:, None], 1)[:, 0]
    return float(-(picked * weight).sum() / weight.sum())


def fit(logits, truth, weight) -> float:
    """The temperature of a head."""
    grid = np.exp(np.linspace(np.log(0.3), np.log(4), 120))
    return float(grid[np.argmin([nll(logits / t, truth, weight) for t in grid])])


def fit_chars(logits, truth, weight) -> tuple[float, float]:
    """Temperature and gain of the characters."""
    grid = [(t, gain) for t in np.linspace(0.6, 1.6, 41) for gain in np.linspace(0, 0.4, 21)]
    costs = [nll(sharpened(logits, t, gain), truth, weight) for t, gain in grid]
    t, gain = grid[int(np.argmin(costs))]
    return float(t), float(gain)


def reliability(name: str, chars, codes) -> list[dict]:
    """Per character, after decoding under the grammar: what was stated against what was right."""
    stated, right = [], []
    for c, truth in zip(log_softmax(chars), codes, strict=True):
        if (truth == -100).all():
            continue
        text, sure = best_text(c)
        guess = np.array(encode(text))
        use = truth >= 0
        stated += sure[use].tolist()
        right += (guess == truth)[use].tolist()
    stated, right = np.array(stated), np.array(right)
    rows = []
    edges = (0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999, 1.0001)
    print(f"reliability, {name}: {len(stated)} characters, {right.mean():.3%} right")
    for low, high in pairwise(edges):
        use = (stated >= low) & (stated < high)
        if use.any():
            rows.append({"from": low, "n": int(use.sum()), "stated": float(stated[use].mean()), "right": float(right[use].mean())})
            print("  {from:6.3f}.. n {n:6d} stated {stated:7.3%} right {right:7.3%}".format(**rows[-1]))
    return rows


def describe(run: str, calibration: Calibration, model: Path) -> dict:
    """What goes beside the model: its contract, calibration and checksum."""
    return {
        "alphabet": ALPHABET,
        "blank": 0,
        "calibration_folded_into_graph": asdict(calibration),
        "margin": {"width_each_side": MARGIN_W, "height_each_side": MARGIN_H},
        "input": [HEIGHT, WIDTH, 3],
        "sha256": hashlib.sha256(model.read_bytes()).hexdigest(),
        "run": run,
        "numbers": "int8, weights of seven bits",
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--onnx", type=Path, required=True, help="from reader.quantize")
    parser.add_argument("--real", type=Path, required=True)
    parser.add_argument("--run", required=True, help="name of the training run, for the JSON beside the model")
    parser.add_argument("--json", type=Path, required=True, help="calibration and reliability, for the card")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--synthetic", type=int, default=1500)
    args = parser.parse_args()
    torch.set_num_threads(1)
    model = Exported(args.onnx)
    sets = {"synthetic": synthetic_set(args.synthetic, args.real), "real": real_set(args.real)}
    outs = {name: outputs(model, data[0]) for name, data in sets.items()}
    pieces = {head: [] for head in HEADS}
    for name, (_, codes, colors, layouts, plates) in sets.items():
        chars, color, layout, plate = outs[name]
        two = np.concatenate([np.zeros_like(plate), plate], 1)
        for head, logits, truth in (
            ("chars", chars.reshape(-1, chars.shape[2]), codes.ravel()),
            ("color", color, colors),
            ("layout", layout, layouts),
            ("plate", two, plates),
        ):
            known = truth >= 0
            pieces[head].append((logits[known], truth[known], np.full(known.sum(), 1.0 / max(1, known.sum()))))
    joined = {head: [np.concatenate(part) for part in zip(*parts, strict=True)] for head, parts in pieces.items()}
    temperature, gain = fit_chars(*joined.pop("chars"))
    found = Calibration(temperature, gain, **{head: fit(*parts) for head, parts in joined.items()})
    print(found)
    fold(args.onnx, args.out, found)
    calibrated, stated = Exported(args.out), {}
    for name, (images, codes, *_) in sets.items():
        chars = outputs(calibrated, images)[0]
        off = np.abs(chars - sharpened(outs[name][0], temperature, gain)).max()
        assert off < 1e-3, f"the folded graph is off by {off}"
        stated[name] = reliability(name, chars, codes)
    unfitted = held_out(25)
    chars = outputs(calibrated, np.stack([sample.image for sample in unfitted]))[0]
    codes = np.array([encode(sample.text) for sample in unfitted])
    stated["synthetic, not fitted on"] = reliability("synthetic, not fitted on", chars, codes)
    args.json.write_text(json.dumps({**asdict(found), "reliability": stated}, indent=1))
    card = describe(args.run, found, args.out)
    args.out.with_suffix(".json").write_text(json.dumps(card, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(f"{args.out} {args.out.stat().st_size / 1e6:.2f} MB sha256 {card['sha256']}")


if __name__ == "__main__":
    main()
