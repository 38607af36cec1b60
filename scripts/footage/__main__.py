"""python -m footage --out testdata            the committed clips, pictures and truth
python -m footage --out DIR --count 600 --seed 5   random passages for scoring, eight a clip
python -m footage --out DIR --photos FOLDER [--table dev.csv]   labelled photographs that drive up, one clip"""

import argparse
import csv
from pathlib import Path

from . import encode, photos, plan, rollout, stage, stills
from .stage import Clip, truth_row
from .work import committed, render

COLUMNS = [
    "clip",
    "lane",
    "enter_ms",
    "leave_ms",
    "plate",
    "color",
    "layout",
    "direction",
    "light",
    "outcome",
    "trailer_plate",
    "plate_from_ms",
    "plate_to_ms",
    "plate_max_px",
    "note",
]


def passages(clip: Clip) -> list[dict]:
    return sorted((truth_row(clip, actor) for actor in clip.actors), key=lambda row: row["enter_ms"])


def write_truth(path: Path, rows: list[dict]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        table.writeheader()
        table.writerows(rows)


def drive_up(args) -> None:
    args.out.mkdir(parents=True, exist_ok=True)
    view = photos.View(args.height * 16 // 9, args.height)
    count = args.count or 1_000_000
    roll, drives, total = photos.clip(args.photos, args.photos / args.table, count, args.seed, args.fps, view)
    out = args.out / f"{roll.name}.mp4"
    write_truth(args.out / "truth.csv", [one.truth(out.name, args.fps) for one in drives])
    if not args.truth_only:
        encode.encode(roll, photos.frames(roll, drives, total, args.seed), out, args.preset)
    print(f"{len(drives)} vehicles, {total / args.fps:.0f} s")


def main() -> None:
    parser = argparse.ArgumentParser(prog="footage", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--out", type=Path, required=True, help="folder for footage/ and images/ (or for random clips)")
    parser.add_argument("--clip", action="append", choices=list(plan.CLIPS), help="only this clip (may be repeated)")
    parser.add_argument("--truth-only", action="store_true", help="write truth.csv without rendering clips")
    parser.add_argument("--images", action="store_true", help="only the still pictures")
    parser.add_argument("--count", type=int, default=0, help="render this many random passages instead")
    parser.add_argument("--seed", type=int, default=1, help="seed of the random passages")
    parser.add_argument("--height", type=int, default=720, choices=(720, 1080), help="picture height of random clips")
    parser.add_argument("--fps", type=int, default=stage.DEFAULT_FPS, help="pictures a second of random clips; fewer render faster")
    parser.add_argument("--jobs", type=int, default=1, help="processes that render")
    parser.add_argument("--preset", help="encoder preset (faster for H.264, superfast for H.265)")
    parser.add_argument("--photos", type=Path, help="folder of labelled photographs; --count of them drive up (all without)")
    parser.add_argument("--table", default="dev.csv", help="their table, in that folder: columns of `menjin bench images`")
    args = parser.parse_args()
    if args.photos:
        drive_up(args)
        return
    if args.count:
        folder = args.out
        sources = [
            (rollout.random_clip, (args.seed, number, size, args.height, args.fps)) for number, size in enumerate(rollout.sizes(args.count))
        ]
    else:
        folder = args.out / "footage"
        sources = [(committed, name) for name in plan.CLIPS]
    folder.mkdir(parents=True, exist_ok=True)
    rows = [row for maker, argument in sources for row in passages(maker(argument))]
    write_truth(folder / "truth.csv", [row for row in rows if row["lane"] not in plan.APART])
    if not args.count:
        for lane in plan.APART:
            write_truth(folder / f"truth-{lane}.csv", [row for row in rows if row["lane"] == lane])
    if not args.truth_only and not args.images:
        wanted = [source for source in sources if not args.clip or source[1] in args.clip]
        render(wanted, folder, args.preset, args.jobs)
    if not args.count and not args.clip and not args.truth_only:
        stills.write(args.out / "images")


if __name__ == "__main__":
    main()
