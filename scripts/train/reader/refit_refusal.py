"""Fit the plate/not-a-plate head alone again, on pictures whose legibility is known; everything else stays as it is.

python -m reader.refit_refusal --weights IN --ring W/ring3 W/ring1 W/real3 --out OUT
Relettered photos are not used: all of them count as plates there, however little is left of the text.
"""

import argparse
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

from reader.ring import Ring
from reader.score import load_model


@torch.no_grad()
def pooled(model, ring: Ring, n: int, rng) -> tuple[torch.Tensor, torch.Tensor]:
    """What the head sees, and the truth, of n pictures."""
    kept = []
    hook = model.plate.register_forward_hook(lambda _, inputs, __: kept.append(inputs[0]))
    images, meta = ring.draw(rng, n)
    known = meta["plate"] >= 0
    images, truth = images[known], meta["plate"][known]
    for i in range(0, len(images), 128):
        model(torch.from_numpy(images[i : i + 128]))
    hook.remove()
    return torch.cat(kept), torch.from_numpy(truth.astype(np.float32))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--ring", type=Path, nargs="+", required=True)
    parser.add_argument("--count", type=int, default=5000, help="pictures from each ring")
    parser.add_argument("--seed", type=int, default=10)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    torch.set_num_threads(1)
    rng = np.random.default_rng(args.seed)
    model = load_model(args.weights)
    parts = [pooled(model, Ring(folder), args.count, rng) for folder in args.ring]
    x, truth = (torch.cat(part) for part in zip(*parts, strict=True))
    head = model.plate
    before = head.weight.detach().clone()
    optimizer = torch.optim.LBFGS(head.parameters(), max_iter=100)

    def loss():
        optimizer.zero_grad()
        value = F.binary_cross_entropy_with_logits(head(x)[:, 0], truth) + 1e-4 * ((head.weight - before) ** 2).sum()
        value.backward()
        return value

    first = loss().item()
    optimizer.step(loss)
    right = ((head(x)[:, 0] > 0) == (truth > 0)).float().mean().item()
    print(f"{len(truth)} pictures, {truth.mean():.1%} plates: loss {first:.4f} to {loss().item():.4f}, {right:.2%} right")
    state = torch.load(args.weights)["model"]
    state["plate.weight"], state["plate.bias"] = head.weight.detach().clone(), head.bias.detach().clone()
    args.out.parent.mkdir(parents=True, exist_ok=True)
    torch.save({"model": state}, args.out)


if __name__ == "__main__":
    main()
