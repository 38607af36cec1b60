"""Measure an exported detector: real held-out photos and synthetic 1080p scenes, apart.

python evaluate.py --onnx detector.onnx --real DIR [--draw DIR] [--scenes 300] [--sweep]
"""

import argparse
import json
from pathlib import Path

import cv2
import numpy as np

import bench_scenes
import photos
from decode import first_look, second_look, session
from paste import side_lengths


def wilson(hits, total, z=1.96):
    if total == 0:
        return 0.0, 1.0
    p, n = hits / total, total
    middle, spread = p + z * z / (2 * n), z * np.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return (middle - spread) / (1 + z * z / n), (middle + spread) / (1 + z * z / n)


def share(hits, total):
    low, high = wilson(hits, total)
    return f"{hits}/{total} = {100 * hits / max(1, total):.2f} % [{100 * low:.1f}-{100 * high:.1f}]"


def iou(a, b):
    area, _ = cv2.intersectConvexConvex(a.astype(np.float32), b.astype(np.float32))
    total = abs(cv2.contourArea(a.astype(np.float32))) + abs(cv2.contourArea(b.astype(np.float32))) - area
    return area / max(total, 1e-6)


def inside(point, quad):
    return cv2.pointPolygonTest(quad.astype(np.float32), (float(point[0]), float(point[1])), False) >= 0


class Tally:
    def __init__(self):
        self.total = self.centre = self.overlap = self.layout = self.false = self.pictures = 0
        self.errors, self.missed, self.scores = [], [], []

    def add(self, name, found, marks, ignore=()):
        """marks: (quad, double or None for unknown, and what else is known of it)."""
        self.pictures += 1
        used = set()
        for quad, double, *_ in marks:
            self.total += 1
            hits = [k for k, f in enumerate(found) if k not in used and inside(f.quad.mean(0), quad)]
            if not hits:
                self.missed.append((name, quad))
                continue
            k = max(hits, key=lambda k: iou(found[k].quad, quad))
            used.add(k)
            self.centre += 1
            self.scores.append(found[k].score)
            self.overlap += iou(found[k].quad, quad) >= 0.5
            self.layout += double is None or found[k].double == double
            self.errors.append(np.linalg.norm(found[k].quad - quad, axis=1).mean() / side_lengths(quad)[1])
        for k, f in enumerate(found):
            if (
                k not in used
                and not any(inside(f.quad.mean(0), q) for q in ignore)
                and not any(inside(f.quad.mean(0), q) for q, *_ in marks)
            ):
                self.false += 1

    def report(self):
        e = np.array(self.errors or [0])
        return {
            "plates": self.total,
            "recall_centre": share(self.centre, self.total),
            "recall_iou50": share(self.overlap, self.total),
            "layout_right": share(self.layout, self.centre),
            "false_boxes": f"{self.false} in {self.pictures} pictures",
            "corner_error_of_height": f"mean {e.mean():.3f} median {np.median(e):.3f} p95 {np.percentile(e, 95):.3f}",
        }


def draw(path, image, found, marks):
    image = image[:, :, ::-1].copy()
    thick = max(1, max(image.shape[:2]) // 500)
    for quad, *_ in marks:
        cv2.polylines(image, [np.round(quad).astype(int)], True, (0, 255, 255), thick)
    for f in found:
        cv2.polylines(image, [np.round(f.quad).astype(int)], True, (0, 255, 0) if f.double else (0, 0, 255), thick)
        at = tuple(np.round(f.quad[0] - [0, 6]).astype(int).tolist())
        cv2.putText(image, f"{f.score:.2f}", at, 0, 0.5 * thick, (0, 255, 0), thick)
    scale = 700 / max(image.shape[:2])
    cv2.imwrite(str(path), cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))


def real_set(real, split="dev", ignore_file=None):
    for photo in photos.load(real, split, ignore_file):
        marks = [(p.quad, {"single": False, "double": True}.get(p.row["layout"])) for p in photo.plates]
        yield photo.file, photo.levels[0], marks, photo.ignore


def measure(run, pictures, threshold, sides, look, draw_to=None):
    first, second = Tally(), Tally()
    for name, image, marks, ignore in pictures:
        found = first_look(run, image, threshold, sides)
        first.add(name, found, marks, ignore)
        misses, wrong = len(second.missed), second.false
        if look:
            found = second_look(run, image, found, *look)
            second.add(name, found, marks, ignore)
        if draw_to and (len(second.missed) > misses or second.false > wrong):
            draw(Path(draw_to) / (Path(name).stem + ".png"), image, found, marks)
    return first, second


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--onnx", required=True)
    parser.add_argument("--real")
    parser.add_argument("--ignore", help="CSV of plates without a mark")
    parser.add_argument("--threshold", type=float, default=0.3)
    parser.add_argument("--sides", type=int, nargs="+", default=[640])
    parser.add_argument("--factor", type=float, default=2.2)
    parser.add_argument("--size", type=int, nargs=2, default=[192, 96])
    parser.add_argument("--scenes", type=int, default=200, help="synthetic 1080p scenes")
    parser.add_argument("--seed", type=int, default=990001, help="training never uses seeds above 900000")
    parser.add_argument("--sweep", action="store_true", help="try window factors and sizes")
    parser.add_argument("--draw", help="folder for pictures of misses and false boxes")
    args = parser.parse_args()
    if args.draw:
        Path(args.draw).mkdir(parents=True, exist_ok=True)
    run = session(args.onnx)
    look = (args.factor, tuple(args.size))
    sets = {}
    if args.real:
        sets["real"] = list(real_set(args.real, "dev", args.ignore))
    if args.scenes:
        sets["synthetic"] = list(bench_scenes.make(args.real, args.scenes, args.seed))
    for name, pictures in sets.items():
        first, second = measure(run, pictures, args.threshold, args.sides, look, args.draw)
        print(json.dumps({name: {"first look": first.report(), "second look": second.report()}}, indent=1))
        if name == "synthetic":
            bench_scenes.recall(first, pictures, share)
        if args.sweep:
            for size in ((128, 64), (160, 96), (192, 96), (256, 128), (320, 160)):
                for factor in (1.5, 1.8, 2.0, 2.2, 2.5, 3.0):
                    _, tally = measure(run, pictures, args.threshold, args.sides, (factor, size))
                    print(name, size, factor, tally.report()["corner_error_of_height"], tally.report()["recall_iou50"])


if __name__ == "__main__":
    main()
