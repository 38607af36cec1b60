#!/usr/bin/python3
"""Eight lanes of 1080p25 and 4 Mbit/s on two cores, all recorded: four in which vehicles pass all the time, four in which
nothing moves and whose cameras may rest.

  lanes.py --program target/release/menjin --folder DIR [--films DIR] [--minutes 10] [--cores 2]

The daemon is held to its cores, and has four lanes for each of them. The cameras run on the others; where there are no
others they share these, which is told. Films are made from testdata/footage, which takes minutes; with --films they are kept.
Prints the figures as JSON. Exit code 0 only when each of the four was looked at ten times a second, nothing was recorded
with a gap, and every vehicle was counted once and none that was not there.
"""

import argparse
import json
import os
import sys
import time
from pathlib import Path

from counted import counted, recorded
from film import ACTIVE, QUIET, make
from judge import judge, packed
from server import Cameras
from service import Service, configure, port_of_nobody

# Active ones of a core, and as many quiet ones.
LANES_A_CORE = 2
# Asked of every lane; a camera that rests gives a look a second.
FPS = 12
LOOKS = 10
# What a lane wants of a plate unless it is told otherwise.
PLATE_PX = 50.0
# Connections, models and caches are new for a minute, lanes learn what is fixed in them, and their rate finds its place;
# then it is back where it was asked for.
WARM_UP_SECONDS = 90
DETECTION = f'[detection]\nidle = "rest"\nfps = {FPS}.0\n'
# What a lane is told by, and which of the daemon's figures that is.
TOLD = {
    "looks": "frames_analysed_total",
    "decoded": "camera_frames_decoded_total",
    "undecoded": "camera_frames_undecoded_total",
    "replaced": "camera_frames_skipped_total",
    "broken": "camera_decode_errors_total",
    "slow_downs": "slow_downs_total",
    "detect_cpu": "detect_cpu_seconds_total",
    "read_cpu": "read_cpu_seconds_total",
    "decided": "decide_seconds_count",
    "decide": "decide_seconds_sum",
    "commit": "commit_seconds_sum",
}


def cores(count: int) -> tuple[set[int], set[int]]:
    """Those of the daemon and those of the cameras."""
    all_cores = sorted(os.sched_getaffinity(0))
    ours = set(all_cores[:count])
    return ours, set(all_cores) - ours or ours


def busy_seconds() -> float:
    """What all of this computer's cores have worked since it started."""
    user, nice, system, _, _, *others = map(int, Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:])
    return (user + nice + system + sum(others[:2])) / os.sysconf("SC_CLK_TCK")


class Sample:
    """How far everything is at one moment."""

    def __init__(self, service: Service):
        self.at = time.monotonic()
        self.cpu = service.cpu_seconds()
        self.metrics = service.metrics()
        self.busy = busy_seconds()


def of_lane(lane: str, before: Sample, after: Sample) -> dict:
    """What it did between two moments, a second."""
    seconds = after.at - before.at
    grew = {key: after.metrics.get((name, lane), 0) - before.metrics.get((name, lane), 0) for key, name in TOLD.items()}
    decided = max(grew["decided"], 1)
    return {
        "looks_a_second": round(grew["looks"] / seconds, 2),
        "decoded_a_second": round(grew["decoded"] / seconds, 2),
        "undecoded_a_second": round(grew["undecoded"] / seconds, 2),
        "replaced_a_second": round(grew["replaced"] / seconds, 2),
        "broken": int(grew["broken"]),
        "slow_downs": int(grew["slow_downs"]),
        "detect_ms_a_look": round(1000 * grew["detect_cpu"] / max(grew["looks"], 1), 1),
        "read_ms_a_look": round(1000 * grew["read_cpu"] / max(grew["looks"], 1), 1),
        "picture_to_decision_ms": round(1000 * grew["decide"] / decided),
        "decision_to_row_ms": round(1000 * grew["commit"] / decided),
    }


def run(service: Service, minutes: float) -> tuple[Sample, Sample, bool, int]:
    service.start()
    time.sleep(WARM_UP_SECONDS)
    before = Sample(service)
    ends = before.at + minutes * 60
    while (left := ends - time.monotonic()) > 0:
        time.sleep(min(left, 30))
        print(f"{round(max(left - 30, 0))} s left", file=sys.stderr)
    after = Sample(service)
    return before, after, service.healthy(), service.stop()


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--program", type=Path, required=True)
    asked.add_argument("--folder", type=Path, required=True)
    asked.add_argument("--films", type=Path)
    asked.add_argument("--minutes", type=float, default=10)
    asked.add_argument("--cores", type=int, choices=(1, 2), default=2)
    args = asked.parse_args()
    folder = args.folder.resolve()
    films = (args.films or folder / "films").resolve()
    for needed in (folder, films):
        needed.mkdir(parents=True, exist_ok=True)
    print("making films", file=sys.stderr)
    active, quiet = ACTIVE[: LANES_A_CORE * args.cores], QUIET[: LANES_A_CORE * args.cores]
    lanes = {film.lane: film for film in active + quiet}
    ours, others = cores(args.cores)
    cameras = Cameras({film.lane: make(film, films) for film in lanes.values()}, others)
    port = port_of_nobody()
    service = Service(args.program.resolve(), configure(folder, tables(lanes, cameras.urls), port, DETECTION), port, ours)
    try:
        before, after, well, code = run(service, args.minutes)
    finally:
        service.end()
        cameras.stop()
    print("counting every picture", file=sys.stderr)
    figures = {
        **whole(before, after, len(lanes)),
        "cameras_beside": "on the same cores" if ours == others else "on other cores",
        "healthy": well,
        "lanes": {lane: of_lane(lane, before, after) | recorded(folder, lane) | counted(folder, film) for lane, film in lanes.items()},
        **judge(folder, list(lanes), packed),
    }
    print(json.dumps(figures, indent=1, ensure_ascii=False))
    held = [figures["lanes"][film.lane]["looks_a_second"] >= LOOKS for film in active]
    whole_video = not figures["wrong"] and not any(lane["gaps"] or lane["holes"] for lane in figures["lanes"].values())
    right = not any(lane["missed"] or lane["more"] for lane in figures["lanes"].values())
    print(f"ten looks a second: {all(held)}; recorded without a gap: {whole_video}; every vehicle counted: {right}", file=sys.stderr)
    return 0 if code == 0 and all(held) and whole_video and right else 1


def tables(lanes: dict, urls: dict[str, str]) -> list[dict]:
    def table(film) -> dict:
        given = {"name": film.lane, "url": urls[film.lane], "direction": f'"{film.direction}"', "view": f'"{film.view}"'}
        given["min_plate_px"] = PLATE_PX * film.grown
        return given | ({"region": film.region} if film.region else {})

    return [table(film) for film in lanes.values()]


def whole(before: Sample, after: Sample, lanes: int) -> dict:
    seconds = after.at - before.at
    spent = after.cpu - before.cpu
    share = {name: round(cpu / seconds, 3) for name, cpu in spent.most_common() if cpu / seconds >= 0.001}
    return {
        "measured_seconds": round(seconds),
        "cores": round(spent["all"] / seconds, 2),
        # The cameras, and whatever else this computer does.
        "cores_of_others": round((after.busy - before.busy - spent["all"]) / seconds, 2),
        "cores_by_threads": {name: cores for name, cores in share.items() if name != "all"},
        "recorder_percent_per_stream": round(100 * spent["video"] / seconds / lanes, 2),
    }


if __name__ == "__main__":
    sys.exit(main())
