#!/usr/bin/python3
"""Records four cameras of 1080p25 and 4 Mbit/s beside recognition, and kills the service again and again.

  soak_video.py --program target/release/menjin --folder DIR [--minutes 60] [--kills 100]

Afterwards every file has to play in ffprobe with as many pictures as its row says, no row may be without its file and no
file without its row, and nothing may stand open. Prints the figures as JSON; exit code 0 only when all of it held.
Needs what scripts/setup --test installs.
"""

import argparse
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
LANES = ["north-in", "north-out", "south-in", "south-out"]
CLIP_SECONDS = 20
READY_SECONDS = 90
STOP_SECONDS = 60


def clip(to: Path) -> None:
    """A moving picture with a sensor's noise, at a camera's constant rate, a key picture every two seconds."""
    source = f"testsrc2=size=1920x1080:rate=25:duration={CLIP_SECONDS},noise=alls=12:allf=t"
    rate = ["-b:v", "4M", "-minrate", "4M", "-maxrate", "4M", "-bufsize", "4M", "-x264-params", "keyint=50:bframes=0:nal-hrd=cbr"]
    coded = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", *rate]
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", source, *coded, str(to)], check=True)


def serve(film: Path) -> tuple[subprocess.Popen, dict[str, str]]:
    command = ["/usr/bin/python3", str(PROJECT / "scripts/rtsp_server.py"), "--loop", "--port", "0"]
    for lane in LANES:
        command += ["--mount", f"{lane}={film}"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    line = next(line for line in server.stdout if line.startswith("ready "))
    urls = dict(zip(LANES, line.split()[1:], strict=True))
    return server, urls


def configure(folder: Path, urls: dict[str, str], port: int) -> Path:
    lanes = ""
    for at, lane in enumerate(LANES, 1):
        lanes += f'[[lane]]\nname = "{lane}"\nentrance = "A"\nbarrier = "0{at}"\ndirection = "in"\nview = "front"\n'
        lanes += f'camera = {{ url = "{urls[lane]}" }}\n'
    config = folder / "menjin.toml"
    config.write_text(
        f'language = "en"\n[storage]\nfolder = "data"\n[models]\nfolder = "{PROJECT / "models"}"\n'
        f'[status]\nlisten = "127.0.0.1:{port}"\n[site]\nname = "soak"\ncode = "S1"\n'
        f'[recorder]\nfolders = ["video"]\nreserve_gb = 1\n{lanes}'
    )
    return config


class Service:
    """The daemon, whose log is one file for all of its lives."""

    def __init__(self, program: Path, config: Path):
        self.command = [str(program), "run", "--config", str(config)]
        self.log = config.parent / "menjin.log"

    def start(self) -> None:
        known = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(self.command, cwd=PROJECT, stderr=log, stdout=log)
        until = time.monotonic() + READY_SECONDS
        while b" ready " not in self.log.read_bytes()[known:]:
            if self.process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"the service is not ready: see {self.log}")
            time.sleep(0.2)

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(STOP_SECONDS)

    def cpu_seconds(self) -> float:
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(") ", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def played(file: Path) -> tuple[int, str]:
    """How many pictures ffprobe decodes, and what it complains of."""
    count = ["-v", "warning", "-count_frames", "-select_streams", "v:0", "-show_entries", "stream=nb_read_frames", "-of", "csv=p=0"]
    done = subprocess.run(["ffprobe", *count, str(file)], capture_output=True, text=True, check=False)
    digits = done.stdout.strip().rstrip(",")
    return (int(digits) if digits.isdigit() else -1), done.stderr.strip()


def judge(folder: Path) -> dict:
    """Index and folders against each other, and every file in a player that is none of ours."""
    root = folder / "video"
    index = sqlite3.connect(folder / "data/video.sqlite3")
    rows = index.execute("SELECT path, pictures, duration_ms, bytes FROM videos WHERE gone_ms IS NULL").fetchall()
    gaps = index.execute(
        "SELECT reason, count(*), coalesce(sum(until_ms - from_ms), 0), max(until_ms - from_ms) FROM gaps GROUP BY reason"
    ).fetchall()
    files = {str(file.relative_to(root)) for lane in LANES for file in (root / lane).rglob("*") if file.is_file()}
    wrong = [f"open: {file}" for file in files if file.endswith(".part")]
    wrong += [f"row without file: {path}" for path, *_ in rows if path not in files]
    wrong += [f"file without row: {file}" for file in files - {path for path, *_ in rows}]
    pictures = 0
    for path, told, _, _ in rows:
        counted, complaints = played(root / path)
        pictures += max(counted, 0)
        if counted != told or complaints:
            wrong.append(f"{path}: {told} pictures by its row, {counted} played {complaints}")
    return {
        "files": len(rows),
        "pictures": pictures,
        "seconds": sum(row[2] for row in rows) / 1000,
        "bytes": sum(row[3] for row in rows),
        "gaps": {reason: {"count": count, "seconds": ms / 1000, "longest": (longest or 0) / 1000} for reason, count, ms, longest in gaps},
        "wrong": wrong,
    }


def port_of_nobody() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def healthy(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


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
    clip(film)
    server, urls = serve(film)
    port = port_of_nobody()
    service = Service(args.program.resolve(), configure(folder, urls, port))
    began = time.monotonic()
    ends = began + args.minutes * 60
    pause = args.minutes * 60 / (args.kills + 1)
    kills, cpu = 0, 0.0
    try:
        service.start()
        while time.monotonic() + pause < ends and kills < args.kills:
            time.sleep(pause)
            cpu += service.cpu_seconds()
            service.kill()
            kills += 1
            print(f"killed {kills} of {args.kills}", file=sys.stderr)
            service.start()
        time.sleep(max(0.0, ends - time.monotonic()))
        well = healthy(port)
        cpu += service.cpu_seconds()
        code = service.stop()
    finally:
        if getattr(service, "process", None) and service.process.poll() is None:
            service.kill()
        server.kill()
    ran = time.monotonic() - began
    print("counting every picture", file=sys.stderr)
    figures = {
        "cameras": len(LANES),
        "ran_seconds": round(ran),
        "kills": kills,
        "cpu_cores": round(cpu / ran, 2),
        "healthy": well,
        **judge(folder),
    }
    # What was recorded of what was sent: of each kill, the last group of pictures and the start are missing.
    figures["kept_share"] = round(figures["seconds"] / (ran * len(LANES)), 3)
    print(json.dumps(figures, indent=1, ensure_ascii=False))
    return 0 if code == 0 and kills == args.kills and not figures["wrong"] else 1


if __name__ == "__main__":
    sys.exit(main())
