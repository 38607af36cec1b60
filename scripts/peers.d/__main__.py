"""Runs every peer and Menjin over the same pictures; see scripts/peers."""

import argparse
import json
import logging
import time
import warnings
from pathlib import Path

import cv2

import adapters
import ours
import table
import truth
from score import Row, median_ms

CROPS = "Readers alone, on cut-out plates"
FULL = "Whole pipelines, on full photos"


def main() -> None:
    parser = argparse.ArgumentParser(prog="scripts/peers")
    parser.add_argument("--folder", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--data", type=Path, required=True, help="folder of the pictures")
    parser.add_argument("--truth", type=Path, help="table of what they show; default: dev.csv and what training left of train.csv")
    parser.add_argument("--limit", type=int, help="at most so many pictures of each kind")
    parser.add_argument("--json", type=Path, help="write the figures and every error here")
    parser.add_argument("--markdown", type=Path, help="write the page here")
    args = parser.parse_args()
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    adapters.one_thread()
    menjin, data = ours.program(), args.data.resolve()
    truths = truth.load(data, args.truth)
    if not truths:
        raise SystemExit("No row is left to score: none has a sure label.")
    tables: dict[str, list[Row]] = {}
    for title, crop in ((CROPS, True), (FULL, False)):
        chosen = [t for t in truths if t.crop == crop]
        files = list(dict.fromkeys(t.file for t in chosen))[: args.limit]
        pictures = {file: [t for t in chosen if t.file == file] for file in files}
        if pictures:
            tables[title] = compare(menjin, data, pictures, crop, args.folder)
            print(table.terminal(title, tables[title]), flush=True)
    which = (
        f"the rows of {args.truth.name} with sure labels"
        if args.truth
        else "photos with sure labels that were left out of every training of ours: dev.csv and the held-out groups of train.csv. "
        "Menjin's reader was chosen among its candidates and calibrated on these very photos, which favours it slightly; "
        "what the peers were trained on is not known"
    )
    scored = f"Scored: {which}."
    if args.json:
        args.json.write_text(json.dumps(table.as_json(tables), ensure_ascii=False, indent=1), encoding="utf-8")
    if args.markdown:
        args.markdown.write_text(table.page(tables, scored), encoding="utf-8")


def compare(menjin: Path, data: Path, pictures: dict, crop: bool, folder: Path) -> list[Row]:
    rows = [menjin_row(menjin, data, pictures, crop)]
    for package, kind in adapters.PEERS:
        if crop and kind.__dict__.get("read", "") is None:
            continue
        rows.append(peer_row(package, kind, data, pictures, crop, folder))
    return rows


def menjin_row(menjin: Path, data: Path, pictures: dict, crop: bool) -> Row:
    row = Row("menjin", "MIT OR Apache-2.0", found=None if crop else 0, color=0)
    truths = [t for many in pictures.values() for t in many]
    found = ours.read(menjin, data, truths, crop)
    for file, here in pictures.items():
        row.count(here, found.get(file, []))
    detect, row.read_ms, row.failed_on = ours.times_ms(menjin, data, truths)
    row.detect_ms = None if crop else detect
    return row


def peer_row(package: str, kind, data: Path, pictures: dict, crop: bool, folder: Path) -> Row:
    row = Row(kind.name, kind.licence, found=None if crop else 0)
    failed = folder / f"{package}.failed"
    if failed.exists():
        row.why_not = failed.read_text().strip()
        return row
    try:
        peer = kind()
    except Exception as error:  # whatever a peer raises is its row, not our end
        row.why_not = f"{type(error).__name__}: {error}"
        return row
    detect, read = [], []
    for file, truths in pictures.items():
        picture = cv2.imread(str(data / file))
        before, started = peer.detect_s, time.thread_time()
        try:
            found = [adapters.Found((0, 0), peer.read(picture))] if crop else peer.look(picture)
        except Exception:
            found = []
            row.failed_on += 1
        total, detecting = time.thread_time() - started, peer.detect_s - before
        detect.append(detecting)
        if found:
            read.append(total - detecting)
        row.count(truths, found)
    row.detect_ms = None if crop else median_ms(detect)
    row.read_ms = median_ms(read)
    return row


if __name__ == "__main__":
    main()
