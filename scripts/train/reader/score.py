"""Score weights on the development photos and on synthetic held-out sets, by kind, source and province.

python -m reader.score --weights runs/NAME/weights.pt --real DIR [--json OUT] [--errors FOLDER]
"""

import argparse
import json
import math
from collections import defaultdict
from pathlib import Path

import cv2
import numpy as np
import torch
from PIL import Image, ImageDraw, ImageFont

from reader.grammar import best_text
from reader.model import Reader
from reader.real import load, load_newer, rectify
from synth.alphabet import COLORS, LAYOUTS
from synth.degrade import HARD, LEGIBLE, reader_sample
from synth.glyphs import FONT
from synth.plates import KINDS, render_plate

HELD_OUT_SEED = 990_000  # never used by a feed


def wilson(hits: int, n: int, z: float = 1.96) -> tuple[float, float]:
    if not n:
        return 0.0, 1.0
    p, d = hits / n, 1 + z * z / n
    middle, half = (p + z * z / (2 * n)) / d, z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / d
    return middle - half, middle + half


def load_model(path: Path) -> Reader:
    state = torch.load(path, map_location="cpu")
    return Reader().take(state.get("mean", state["model"])).eval()


HEADS = ("chars", "color", "layout", "plate")  # outputs of an exported reader, in the model's order


class Exported:
    """An ONNX file that answers as the model does, at one thread as the service runs it: what ships is what is scored."""

    def __init__(self, path: Path):
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])

    def __call__(self, plates: torch.Tensor) -> list[torch.Tensor]:
        return [torch.from_numpy(out) for out in self.session.run(list(HEADS), {"plates": plates.numpy()})]


@torch.no_grad()
def outputs(model, images: np.ndarray) -> list[np.ndarray]:
    parts = [model(torch.from_numpy(images[i : i + 64])) for i in range(0, len(images), 64)]
    return [torch.cat(p).numpy() for p in zip(*parts, strict=True)]


def log_softmax(x: np.ndarray) -> np.ndarray:
    x = x - x.max(-1, keepdims=True)
    return x - np.log(np.exp(x).sum(-1, keepdims=True))


def read(model, images: np.ndarray) -> list[dict]:
    chars, color, layout, plate = outputs(model, images)
    rows = []
    for c, h, y, p in zip(log_softmax(chars), log_softmax(color), log_softmax(layout), plate[:, 0], strict=True):
        text, sure = best_text(c)
        rows.append(
            {
                "text": text,
                "sure": sure,
                "color": COLORS[int(h.argmax())],
                "color_sure": float(np.exp(h.max())),
                "layout": LAYOUTS[int(y.argmax())],
                "plate": float(1 / (1 + np.exp(-p))),
            }
        )
    return rows


def held_out(per_kind: int, kinds=None) -> list:
    """Synthetic samples of every kind, from seeds kept out of training: per_kind legible ones, and the hard ones met."""
    samples = []
    for kind in kinds or KINDS:
        rng = np.random.default_rng((HELD_OUT_SEED, list(KINDS).index(kind)))
        found = 0
        while found < per_kind:
            sample = reader_sample(rng, render_plate(rng, kind))
            inside = sample.centers[: len(sample.text), 0]
            if sample.clear >= HARD and inside.min() > 0 and inside.max() < 167:
                samples.append(sample)
                found += sample.clear >= LEGIBLE
    return samples


class Table:
    def __init__(self):
        self.rows = defaultdict(lambda: [0, 0, 0, 0, 0, 0])

    def add(self, name: str, row: dict, text: str, color: str | None, layout: str) -> None:
        c = self.rows[name]
        c[0] += 1
        c[1] += row["text"] == text
        c[2] += row["text"][1:] == text[1:]
        if color in COLORS:
            c[3] += 1
            c[4] += row["color"] == color
        c[5] += row["layout"] == layout

    def show(self) -> dict:
        result = {}
        for name, (n, exact, tail, hues, hue, layout) in sorted(self.rows.items()):
            low, high = wilson(exact, n)
            print(
                f"{name:34s} n {n:5d} exact {exact / n:7.2%} [{low:.1%} {high:.1%}] tail {tail / n:7.2%} "
                f"color {hue / max(hues, 1):7.2%} ({hues}) layout {layout / n:7.2%}"
            )
            result[name] = {"n": n, "exact": exact, "tail": tail, "color_n": hues, "color": hue, "layout": layout}
        return result


def real_tables(table: Table, model, photos, errors: Path | None, part: str = "dev") -> list[tuple]:
    photos = [p for p in photos if p.text[0] not in "海空军未"]
    rows = read(model, np.stack([rectify(p) for p in photos]))
    wrong = []
    for photo, row in zip(photos, rows, strict=True):
        color = photo.color if photo.color in COLORS else None
        for name in (
            f"real {part} {photo.kind}",
            f"real {part} {photo.kind} source {photo.source}",
            f"real {part} color {photo.color}" + (" double" if photo.layout == "double" else ""),
            f"real {part} province {photo.text[0]}",
        ):
            table.add(name, row, photo.text, color, photo.layout)
        if row["text"] != photo.text or (color and row["color"] != color):
            wrong.append((photo, row))
            print("  ", photo.file, photo.source, photo.text, photo.color, "->", row["text"], row["color"], f"{row['sure'].min():.3f}")
    if errors and wrong:
        sheet(errors / f"real-{part}.png", [(rectify(p), f"{p.text}>{r['text']} {r['sure'].min():.2f}") for p, r in wrong])
    return list(zip(photos, rows, strict=True))


def sheet(path: Path, cells, across: int = 7) -> None:
    """A page of pictures with captions. Of real photos for eyes only, never committed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    font = ImageFont.truetype(FONT, 12)
    step = (cells[0][0].shape[1] + 2, cells[0][0].shape[0] + 18)
    page = Image.new("RGB", (across * step[0], -(-len(cells) // across) * step[1]))
    pen = ImageDraw.Draw(page)
    for i, (image, text) in enumerate(cells):
        at = (i % across * step[0], i // across * step[1])
        page.paste(Image.fromarray(image), at)
        pen.text((at[0] + 2, at[1] + step[1] - 17), text, font=font, fill=(255, 255, 255))
    page.save(path, quality=85)


def synthetic_table(table: Table, model, per_kind: int, kinds: list[str], picture: Path | None) -> list[tuple]:
    samples = held_out(per_kind, kinds)
    rows = read(model, np.stack([s.image for s in samples]))
    wrong = []
    for sample, row in zip(samples, rows, strict=True):
        legible = sample.clear >= LEGIBLE
        names = [f"synthetic {'legible' if legible else 'hard'}, all"]
        if legible:
            names.append(f"synthetic legible {sample.kind}")
        if sample.weakest >= LEGIBLE:
            names += ["synthetic every character legible, all", f"synthetic every character legible {sample.kind}"]
        for name in names:
            table.add(name, row, sample.text, sample.color, sample.layout)
        if legible and row["text"] != sample.text:
            wrong.append((sample, row))
    if picture and wrong:
        sheet(picture, [(s.image, f"{s.text}>{r['text']} {r['sure'].min():.2f}") for s, r in wrong[:140]])
    return list(zip(samples, rows, strict=True))


def refusals(model, real: Path) -> None:
    files = sorted((real / "negatives").glob("*"))[:100]
    images = [cv2.resize(cv2.imread(str(f)), (168, 48), interpolation=cv2.INTER_AREA)[..., ::-1] for f in files]
    rows = read(model, np.stack(images))
    print("real non-plates refused:", sum(r["plate"] < 0.5 for r in rows), "of", len(rows))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weights", type=Path, required=True, help="weights.pt, or an exported .onnx")
    parser.add_argument("--real", type=Path)
    parser.add_argument("--per-kind", type=int, default=60)
    parser.add_argument("--kinds", default="", help="synthetic plates of these kinds only, comma separated")
    parser.add_argument("--only-sources", default="", help="also score all scorable photos of these sources")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--errors", type=Path, help="folder for a page of real errors")
    parser.add_argument("--synthetic-errors", type=Path, help="picture of the legible synthetic plates that were read wrongly")
    args = parser.parse_args()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    model = Exported(args.weights) if args.weights.suffix == ".onnx" else load_model(args.weights)
    table = Table()
    if args.real:
        photos = load(args.real, "dev")
        if args.only_sources:
            wanted = args.only_sources.split(",")
            photos = [p for p in photos + load(args.real, "train") if p.source in wanted]
        else:
            # Labels of extra_crops.csv are file names; of 80 that were looked at all were right.
            real_tables(table, model, load_newer(args.real, "dev"), args.errors, "newer")
        pairs = real_tables(table, model, [p for p in photos if p.scorable], args.errors)
        refused = sum(r["plate"] < 0.5 for _, r in pairs)
        print("real plates wrongly refused:", refused, "of", len(pairs))
        refusals(model, args.real)
    if args.per_kind:
        synthetic_table(table, model, args.per_kind, args.kinds.split(",") if args.kinds else [], args.synthetic_errors)
    result = table.show()
    if args.json:
        args.json.write_text(json.dumps(result, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
