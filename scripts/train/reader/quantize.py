"""The exported reader in 8-bit integers: a third of the time for the same readings.

python -m reader.quantize --onnx W/floats.onnx --ring W/real5 W/re3 W/ring5 --out W/integers.onnx
"""

import argparse
from pathlib import Path

import numpy as np

from int8 import quantize
from reader.ring import Ring

SEED = 12


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--onnx", type=Path, required=True, help="from reader.export")
    parser.add_argument("--ring", type=Path, required=True, nargs="+", help="pictures whose ranges are measured, equal parts")
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    rng = np.random.default_rng(SEED)
    pictures = [Ring(folder).draw(rng, args.count // len(args.ring))[0] for folder in args.ring]
    quantize(args.onnx, args.out, (picture[None] for picture in np.concatenate(pictures)))
    print(f"{args.out} {args.out.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
