"""Write the model card from measured files, so that its figures cannot drift from the model.

python -m reader.card --score runs/NAME/score.json --calibration runs/NAME/calibration.json --model ../../models/reader.json \
    [--synthetic-only RUN SCORE] [--kinds-score SCORE] [--unseen RUN SOURCES SCORE ...] --out ../../models/reader.card.md
"""

import argparse
import json
from pathlib import Path

import torch
from torch import nn

from reader.model import Reader
from reader.score import wilson
from synth.degrade import HEIGHT, WIDTH

INTRO = """# Plate reader: model card

`models/reader.onnx`, sha256 `{sha256}`, run `{run}` (`scripts/train/runs/`). Licence: MIT OR Apache-2.0. {numbers}, opset 17,
{parameters:.2f} M parameters, {multiply_adds:.0f} M multiply-adds for one plate. This page is written by `python -m reader.card` from the measured files.

## Contract
- Input `plates`: uint8 [N, 48, 168, 3], RGB. The plate's four corners (TL, TR, BR, BL) are mapped by one homography to the rectangle that
  leaves a margin of **4 % of the plate's width and 8 % of its height on each side**: in pixel edges x 6.222..161.778 of 168, y 3.310..44.690
  of 48 (subtract 0.5 for pixel centres). Bilinear sampling, border replicated. Double-line plates are squeezed into the same rectangle.
  Crops without corners are resized whole.
- Outputs, logits **already calibrated** (`scripts/train/reader/fold.py`: softmax / sigmoid is the probability):
  `chars` [N, 8, 88] (class 0 = absent), `color` [N, 7] blue, yellow, green, yellow_green, white, black, other; `layout` [N, 2] single, double;
  `plate` [N, 1] readable plate against anything else. Alphabet and calibration: `models/reader.json`.
- Texts below are decoded under the grammar by `reader/grammar.py`, a simple stand-in for the product's decoder.

## Data it saw
- Synthetic plates of 25 kinds with gate degradations (`scripts/train/synth/`); seeds 990000 and 991000 kept for scoring and calibration.
- Real photos, none of them stored here: 2,183 training photos (crops and full photos rectified by given corners, third-party corner marks;
  automatic labels at lower weight) of sources {sources}; 900 non-plate crops. Groups of vehicles never cross into the development split.
- Real photos that it was trained on have **no** double-line, trailer or large new-energy plates; a few that were measured stand in the table of newer photos below.
- **Relettered photos**: 1,781 of those training photos lend their pose, light, stroke weight, blur, grain and surroundings to plates with other text, and
  half of the blue ones to plates of other kinds (`reader/lenders.py`, `reader/reletter.py`). Provinces and letters are uniform there, so the many
  皖 and 苏 of the photos do not become a habit.
{history}
- The calibration was fitted on the development photos below and on synthetic plates: read the development figures as slightly favourable.
- Reading a doubtful plate again from shifted and stretched crops was tried on four models: no plate more was right (326 of 334 before and after), so it is not done.
"""

WEAK = """
## Known weaknesses
- Military plates of before 2013 (军, 海, 空 …) are known from synthesis and five training photos; none is among the photos measured here.
- **Sources never seen stay at 96 %**: the province on small, blurred, bleached or black plates (冀 read 赣, 辽 and 琼 read 京), a last character that the given corners cut.
  {legible:.0%} exact ({tail:.0%} without the province) on legible synthetic plates of all kinds, {every:.1%} where every character is legible. Provinces that real photos hardly show (all but 皖, 苏, 沪, 浙) rest on synthesis and
  relettered photos; the province is the first character to fail.
- Q and 0, D and 0, 2 and Z, 8 and B when strokes are below about 1.5 px; cut last characters.
- Old black plates in dull light are at times called blue: night pictures of blue plates look the same. Colour in infrared pictures is a guess.
- Retired white plates with a province, temporary paper and small motorcycle plates are the weakest kinds.
- Farm, temporary-paper, motorcycle, WJ and 应急 plates: positions and typefaces are approximations; no real picture was seen.
- "Legible" synthetic means correlation of fine structure with the clean plate >= 0.80 over the whole text, "hard" 0.62 to 0.80, "every character legible" >= 0.80 of the worst
  character alone (see `synth/degrade.py`).
"""


def size(model: Reader) -> tuple[float, float]:
    """Parameters and multiply-adds of its convolutions and linear layers for one plate, in millions."""
    sums = []
    for layer in model.modules():
        if isinstance(layer, (nn.Conv2d, nn.Linear)):
            layer.register_forward_hook(lambda _layer, _given, out, layer=layer: sums.append(layer.weight[0].numel() * out.numel()))
    model.eval()(torch.zeros(1, HEIGHT, WIDTH, 3, dtype=torch.uint8))
    return sum(p.numel() for p in model.parameters()) / 1e6, sum(sums) / 1e6


def rows_of(score: dict, test) -> list[str]:
    lines = ["| set | plates | exact | 95 % interval | without province | colour | layout |", "|---|---|---|---|---|---|---|"]
    for name, c in score.items():
        if test(name):
            low, high = wilson(c["exact"], c["n"])
            hue = f"{c['color'] / c['color_n']:.1%} of {c['color_n']}" if c["color_n"] else "-"
            lines.append(
                f"| {name.replace('real dev', 'real')} | {c['n']} | {c['exact'] / c['n']:.1%} | {low:.1%} to {high:.1%} | {c['tail'] / c['n']:.1%} "
                f"| {hue} | {c['layout'] / c['n']:.1%} |"
            )
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--score", type=Path, required=True)
    parser.add_argument("--calibration", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--synthetic-only", nargs=2, metavar=("RUN", "SCORE"))
    parser.add_argument("--unseen", nargs=3, action="append", default=[], metavar=("RUN", "SOURCES", "SCORE"))
    parser.add_argument("--history", required=True, help="text file: what each run on the way saw")
    parser.add_argument("--kinds-score", type=Path, help="synthetic plates of the kinds that matter most, more of each")
    parser.add_argument("--picture", default="", help="page of synthetic errors, beside the card")
    parser.add_argument("--failures", default="", help="file hashes of real development errors, comma separated")
    parser.add_argument("--timing", default="")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    model, score = json.loads(args.model.read_text()), json.loads(args.score.read_text())
    sources = "easypr_svm_has, lprnet_test, passerby, cnhui, iwpod, duany049 and fourteen smaller ones"
    parameters, multiply_adds = size(Reader())
    history = Path(args.history).read_text(encoding="utf-8").strip()
    parts = [INTRO.format(**model, sources=sources, history=history, parameters=parameters, multiply_adds=multiply_adds)]
    parts += ["## Real development photos (scorable labels only, never trained on)", ""]
    parts += rows_of(score, lambda n: n.startswith("real") and "province" not in n)
    parts += ["", "By province:", "", *rows_of(score, lambda n: "province" in n)]
    if args.failures:
        parts += ["", "Photos read or coloured otherwise than labelled (file hashes): " + args.failures.replace(",", ", ") + "."]
    parts += ["", "## Synthetic, seeds kept out of training", "", *rows_of(score, lambda n: n.startswith("synthetic"))]
    if args.picture:
        parts += ["", f"![Synthetic plates read wrongly]({args.picture})", ""]
        parts += ["Every legible one of these that was read wrongly: truth, reading, probability of its weakest character."]
    if args.kinds_score:
        kinds = json.loads(args.kinds_score.read_text())
        parts += ["", "More of the kinds that trucks carry:", "", *rows_of(kinds, lambda n: n.startswith("synthetic"))]
    others = []
    if args.synthetic_only:
        run, path = args.synthetic_only
        others.append((f"## The same development photos read by a model trained on synthetic plates alone ({run})", path))
    for run, sources, path in args.unseen:
        others.append((f"## Sources never seen: a model trained without {sources} ({run}), on all their scorable photos", path))
    for title, path in others:
        other = json.loads(Path(path).read_text())
        parts += ["", title, "", *rows_of(other, lambda n: n.startswith("real") and "province" not in n)]
    found = json.loads(args.calibration.read_text())
    parts += ["", "## Calibration: single characters after decoding, stated against right", ""]
    for name, bins in found["reliability"].items():
        parts += [f"{name}:", "", "| stated from | characters | stated | right |", "|---|---|---|---|"]
        parts += [f"| {b['from']} | {b['n']} | {b['stated']:.2%} | {b['right']:.2%} |" for b in bins] + [""]
    if args.timing:
        parts += ["## Speed", "", args.timing, ""]
    whole = score["synthetic legible, all"]
    every = score["synthetic every character legible, all"]
    weak = WEAK.format(legible=whole["exact"] / whole["n"], tail=whole["tail"] / whole["n"], every=every["exact"] / every["n"])
    args.out.write_text("\n".join(parts) + weak, encoding="utf-8")


if __name__ == "__main__":
    main()
