#!/usr/bin/python3
"""Records four cameras of 1080p25 and 4 Mbit/s beside recognition, and kills the service again and again.

  video.py --program target/release/menjin --folder DIR [--minutes 60] [--kills 100]

Afterwards every file has to play in ffprobe with as many pictures as its row says, no row may be without its file and no
file without its row, and nothing may stand open. Prints the figures as JSON; exit code 0 only when all of it held.
Needs what scripts/setup --test installs.
"""

import argparse
import json
import sys
import time
from collections import Counter
from pathlib import Path

from film import test_picture
from judge import judge
from server import Cameras
from service import RECORDS, Service, configure, port_of_nobody

LANES = ["north-in", "north-out", "south-in", "south-out"]


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--program", type=Path, required=True)
    asked.add_argument("--folder", type=Path, required=True)
    asked.add_argument("--minutes", type=float, default=60)
    asked.add_argument("--kills", type=int, default=100)
    args = asked.parse_args()
    folder = args.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    film = folder / "film.mp4"
    test_picture(film)
    cameras = Cameras(dict.fromkeys(LANES, film))
    port = port_of_nobody()
    config = configure(folder, [{"name": lane, "url": url} for lane, url in cameras.urls.items()], port)
    service = Service(args.program.resolve(), config, port)
    began = time.monotonic()
    ends = began + args.minutes * 60
    pause = args.minutes * 60 / (args.kills + 1)
    kills, cpu = 0, Counter()
    try:
        service.start()
        while kills < args.kills:
            # A start takes seconds, which are not added to the pauses.
            time.sleep(max(0.0, began + (kills + 1) * pause - time.monotonic()))
            cpu += service.cpu_seconds()
            service.kill()
            kills += 1
            print(f"killed {kills} of {args.kills}", file=sys.stderr)
            service.start()
        time.sleep(max(0.0, ends - time.monotonic()))
        well = service.healthy()
        cpu += service.cpu_seconds()
        code = service.stop()
    finally:
        service.end()
        cameras.stop()
    ran = time.monotonic() - began
    print("counting every picture", file=sys.stderr)
    figures = {
        "cameras": len(LANES),
        "ran_seconds": round(ran),
        "kills": kills,
        "cpu_cores": round(cpu["all"] / ran, 2),
        "healthy": well,
        **judge(folder, LANES),
    }
    # What was recorded of what was sent: of each kill, the last group of pictures and the start are missing.
    figures["kept_share"] = round(figures["seconds"] / (ran * len(LANES)), 3)
    # Of one core, by what the threads that record have used, for each second that is on the disk.
    figures["recorder_percent_per_stream"] = round(100 * cpu[RECORDS] / max(figures["seconds"], 1), 2)
    print(json.dumps(figures, indent=1, ensure_ascii=False))
    return 0 if code == 0 and kills == args.kills and not figures["wrong"] else 1


if __name__ == "__main__":
    sys.exit(main())
