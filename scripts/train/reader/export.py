"""Weights to ONNX in floats, not calibrated yet; checks equality with torch and times it.

python -m reader.export --weights runs/NAME/weights.pt --out W/floats.onnx
"""

import argparse
import time
from pathlib import Path

import numpy as np
import onnx
import torch

from reader.score import HEADS, Exported, load_model
from synth.degrade import HEIGHT, WIDTH


def check(model, path: Path) -> tuple[float, float]:
    """Largest difference from torch, and median thread-CPU ms for one plate."""
    exported = Exported(path)
    rng = np.random.default_rng(5)
    worst = 0.0
    for n in (1, 3):
        x = torch.from_numpy(rng.integers(0, 256, (n, HEIGHT, WIDTH, 3), dtype=np.uint8))
        with torch.no_grad():
            truth = model(x)
        for a, b in zip(truth, exported(x), strict=True):
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
    args = parser.parse_args()
    torch.set_num_threads(1)
    model = load_model(args.weights).eval()
    example = torch.zeros(1, HEIGHT, WIDTH, 3, dtype=torch.uint8)
    axes = {name: {0: "n"} for name in ("plates", *HEADS)}
    torch.onnx.export(
        model,
        (example,),
        str(args.out),
        input_names=["plates"],
        output_names=list(HEADS),
        opset_version=17,
        dynamic_axes=axes,
        dynamo=False,
    )
    onnx.checker.check_model(onnx.load(args.out))
    worst, ms = check(model, args.out)
    size = args.out.stat().st_size / 1e6
    print(f"{args.out} {size:.2f} MB\nlargest difference from torch {worst:.2e}, median {ms:.2f} ms at one thread")


if __name__ == "__main__":
    main()
