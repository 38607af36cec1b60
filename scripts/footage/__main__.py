"""python -m footage --out testdata            the committed clips, pictures and truth
python -m footage --out DIR --count 600 --seed 5   random passages for scoring, eight a clip"""
import argparse
import csv
import multiprocessing
import time
from pathlib import Path

import cv2

from . import encode, plan, rollout, stills
from .render import Renderer
from .stage import Clip, truth_row

COLUMNS = ["clip", "lane", "enter_ms", "leave_ms", "plate", "color", "layout", "direction", "light", "outcome",
           "trailer_plate", "plate_from_ms", "plate_to_ms", "plate_max_px", "note"]


def make(job) -> list[dict]:
    """Renders one clip; returns its rows of truth."""
    maker, argument, folder, preset, truth_only = job
    cv2.setNumThreads(1)
    clip: Clip = maker(argument)
    rows = sorted((truth_row(clip, actor) for actor in clip.actors), key=lambda row: row["enter_ms"])
    if truth_only:
        return rows
    started = time.monotonic()
    renderer = Renderer(clip)
    out = Path(folder) / f"{clip.name}.mp4"
    encode.encode(clip, (renderer.frame(i) for i in range(clip.frames)), out, preset)
    print(f"{out}: {clip.frames} frames, {out.stat().st_size / 1e6:.2f} MB, {time.monotonic() - started:.0f} s", flush=True)
    return rows


def committed(name: str) -> Clip:
    return plan.CLIPS[name]()


def write_truth(path: Path, rows: list[dict]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        table.writeheader()
        table.writerows(rows)


def main() -> None:
    parser = argparse.ArgumentParser(prog="footage", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--out", type=Path, required=True, help="folder for footage/ and images/ (or for random clips)")
    parser.add_argument("--clip", action="append", choices=list(plan.CLIPS), help="only this clip (may be repeated)")
    parser.add_argument("--truth-only", action="store_true", help="write truth.csv without rendering clips")
    parser.add_argument("--images", action="store_true", help="only the still pictures")
    parser.add_argument("--count", type=int, default=0, help="render this many random passages instead")
    parser.add_argument("--seed", type=int, default=1, help="seed of the random passages")
    parser.add_argument("--height", type=int, default=720, choices=(720, 1080), help="picture height of random clips")
    parser.add_argument("--jobs", type=int, default=1, help="clips rendered at the same time")
    parser.add_argument("--preset", default="faster", help="encoder preset")
    args = parser.parse_args()
    if args.count:
        folder = args.out
        jobs = [(rollout.random_clip, (args.seed, number, size, args.height), folder, args.preset, args.truth_only)
                for number, size in enumerate(rollout.sizes(args.count))]
    else:
        folder = args.out / "footage"
        jobs = [(committed, name, folder, args.preset, args.truth_only or args.images or bool(args.clip and name not in args.clip))
                for name in plan.CLIPS]
    folder.mkdir(parents=True, exist_ok=True)
    with multiprocessing.Pool(args.jobs) as pool:
        rows = [row for part in pool.imap(make, jobs, chunksize=1) for row in part]
    write_truth(folder / "truth.csv", [row for row in rows if row["lane"] != "short"])
    if not args.count:
        write_truth(folder / "truth-short.csv", [row for row in rows if row["lane"] == "short"])
    if not args.count and not args.clip and not args.truth_only:
        stills.write(args.out / "images")


if __name__ == "__main__":
    main()
