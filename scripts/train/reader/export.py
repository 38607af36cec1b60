"""Weights to ONNX, with calibrated temperatures folded in; checks equality with torch and times it.

python -m reader.export --weights runs/NAME/weights.pt --out models/reader.onnx [--temperatures T.json]
"""

import argparse
import hashlib
import json
import time
from pathlib import Path

import numpy as np
import onnx
import torch
from torch import nn

from reader.score import HEADS, Exported, load_model
from synth.alphabet import ALPHABET
from synth.degrade import HEIGHT, MARGIN_H, MARGIN_W, WIDTH


class Calibrated(nn.Module):
    """Divides each head's logits by its temperature."""

    def __init__(self, model, temperatures: dict):
        super().__init__()
        self.model = model
        self.scale = [1.0 / temperatures.get(name, 1.0) for name in HEADS]

    def forward(self, plates):
        return tuple(out * scale for out, scale in zip(self.model(plates), self.scale))


def check(model, path: Path) -> tuple[float, float]:
    """Largest difference from torch, and median thread-CPU ms for one plate."""
    exported = Exported(path)
    rng = np.random.default_rng(5)
    worst = 0.0
    for n in (1, 3):
        x = torch.from_numpy(rng.integers(0, 256, (n, HEIGHT, WIDTH, 3), dtype=np.uint8))
        with torch.no_grad():
            truth = model(x)
        for a, b in zip(truth, exported(x)):
            worst = max(worst, float((a - b).abs().max()))
    times = []
    x = x[:1]
    for _ in range(400):
        start = time.thread_time()
        exported(x)
        times.append((time.thread_time() - start) * 1000)
    return worst, float(np.median(times))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--temperatures", type=Path, help="JSON written by reader.calibrate")
    parser.add_argument("--run", default="", help="name of the training run, for reader.json")
    args = parser.parse_args()
    torch.set_num_threads(1)
    found = json.loads(args.temperatures.read_text()) if args.temperatures else {}
    folded = {name: float(found.get(name, 1.0)) for name in HEADS}
    model = Calibrated(load_model(args.weights), folded).eval()
    example = torch.zeros(1, HEIGHT, WIDTH, 3, dtype=torch.uint8)
    axes = {name: {0: "n"} for name in ("plates", *HEADS)}
    torch.onnx.export(
        model, (example,), str(args.out), input_names=["plates"], output_names=list(HEADS),
        opset_version=17, dynamic_axes=axes, dynamo=False,
    )
    onnx.checker.check_model(onnx.load(args.out))
    worst, ms = check(model, args.out)
    digest = hashlib.sha256(args.out.read_bytes()).hexdigest()
    card = {
        "alphabet": ALPHABET,
        "blank": 0,
        "temperatures": {name: 1.0 for name in HEADS},
        "temperatures_folded_into_graph": folded,
        "margin": {"width_each_side": MARGIN_W, "height_each_side": MARGIN_H},
        "input": [HEIGHT, WIDTH, 3],
        "sha256": digest,
        "run": args.run,
    }
    args.out.with_suffix(".json").write_text(json.dumps(card, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    size = args.out.stat().st_size / 1e6
    print(f"{args.out} {size:.2f} MB sha256 {digest}\nlargest difference from torch {worst:.2e}, median {ms:.2f} ms at one thread")


if __name__ == "__main__":
    main()
