"""Fit one temperature per head and print the reliability of single characters.

python -m reader.calibrate --weights runs/NAME/weights.pt --real DIR --out temperatures.json
"""

import argparse
import json
from pathlib import Path

import cv2
import numpy as np
import torch

from reader.feed_synthetic import load_scraps
from reader.grammar import best_text
from reader.real import load, rectify
from reader.score import load_model, log_softmax, outputs
from synth.alphabet import COLORS, LAYOUTS, encode
from synth.degrade import reader_sample
from synth.nonplates import nonplate
from synth.plates import render_plate

SEED = 991_000  # never used by a feed, nor by score.py
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


def nll(logits, truth, weight, temperature: float) -> float:
    logp = log_softmax(logits / temperature)
    use = truth >= 0
    picked = np.take_along_axis(logp, np.maximum(truth, 0)[:, None], 1)[:, 0]
    return float(-(picked * weight * use).sum() / (weight * use).sum())


def fit(logits, truth, weight) -> float:
    grid = np.exp(np.linspace(np.log(0.3), np.log(4), 120))
    return float(grid[np.argmin([nll(logits, truth, weight, t) for t in grid])])


def reliability(name: str, chars, codes, temperature: float) -> list[dict]:
    """Per character, after decoding under the grammar: what was stated against what was right."""
    stated, right = [], []
    for c, truth in zip(log_softmax(chars / temperature), codes):
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
    for low, high in zip(edges, edges[1:]):
        use = (stated >= low) & (stated < high)
        if use.any():
            rows.append({"from": low, "n": int(use.sum()), "stated": float(stated[use].mean()), "right": float(right[use].mean())})
            print("  {from:6.3f}.. n {n:6d} stated {stated:7.3%} right {right:7.3%}".format(**rows[-1]))
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--real", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--synthetic", type=int, default=1500)
    args = parser.parse_args()
    torch.set_num_threads(1)
    model = load_model(args.weights)
    sets = {"synthetic": synthetic_set(args.synthetic, args.real), "real": real_set(args.real)}
    outs = {name: outputs(model, data[0]) for name, data in sets.items()}
    pieces = {"chars": [], "color": [], "layout": [], "plate": []}
    for name, (_, codes, colors, layouts, plates) in sets.items():
        chars, color, layout, plate = outs[name]
        two = np.concatenate([np.zeros_like(plate), plate], 1)
        for head, logits, truth in (
            ("chars", chars.reshape(-1, chars.shape[2]), codes.ravel()),
            ("color", color, colors),
            ("layout", layout, layouts),
            ("plate", two, plates),
        ):
            pieces[head].append((logits, truth, np.full(len(truth), 1.0 / max(1, (truth >= 0).sum()))))
    found = {}
    for head, parts in pieces.items():
        found[head] = fit(*(np.concatenate(x) for x in zip(*parts)))
        alone = [fit(*part) for part in parts]
        print(f"{head}: temperature {found[head]:.3f} (synthetic alone {alone[0]:.3f}, real alone {alone[1]:.3f})")
    found["reliability"] = {
        name: reliability(name, outs[name][0], data[1], found["chars"]) for name, data in sets.items()
    }
    args.out.write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
