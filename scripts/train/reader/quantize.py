"""The exported reader in 8-bit integers: a third of the time for the same readings. Completes reader.json.

python -m reader.quantize --onnx W/reader.onnx --ring W/real5 W/re3 W/ring5 --out ../../models/reader.onnx
"""

import argparse
import hashlib
import json
from pathlib import Path

import numpy as np

from int8 import quantize
from reader.ring import Ring

SEED = 12


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--onnx", type=Path, required=True, help="from reader.export, its JSON beside it")
    parser.add_argument("--ring", type=Path, required=True, nargs="+", help="pictures whose ranges are measured, equal parts")
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    rng = np.random.default_rng(SEED)
    pictures = [Ring(folder).draw(rng, args.count // len(args.ring))[0] for folder in args.ring]
    quantize(args.onnx, args.out, (picture[None] for picture in np.concatenate(pictures)))
    card = json.loads(args.onnx.with_suffix(".json").read_text(encoding="utf-8"))
    card["sha256"] = hashlib.sha256(args.out.read_bytes()).hexdigest()
    card["numbers"] = "int8, weights of seven bits"
    args.out.with_suffix(".json").write_text(json.dumps(card, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(f"{args.out} {args.out.stat().st_size / 1e6:.2f} MB sha256 {card['sha256']}")


if __name__ == "__main__":
    main()
