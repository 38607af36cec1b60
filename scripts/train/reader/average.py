"""Average the weights of several runs that share a start: python -m reader.average --out OUT W1 W2 ..."""

import argparse
from pathlib import Path

import torch


def average(paths: list[Path]) -> dict:
    states = [torch.load(p, map_location="cpu")["model"] for p in paths]
    result = {}
    for name, first in states[0].items():
        if first.is_floating_point():
            mean = torch.stack([s[name].float() for s in states]).mean(0)
            result[name] = mean.half() if first.ndim > 1 else mean
        else:
            result[name] = first
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("weights", type=Path, nargs="+")
    args = parser.parse_args()
    args.out.parent.mkdir(parents=True, exist_ok=True)
    torch.save({"model": average(args.weights)}, args.out)


if __name__ == "__main__":
    main()
