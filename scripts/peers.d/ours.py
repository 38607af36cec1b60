"""Menjin, through its program."""

import csv
import json
import os
import subprocess
import tempfile
from pathlib import Path

from adapters import Found
from truth import SCRIPTS, Truth


def program() -> Path:
    named = Path(os.environ.get("MENJIN") or os.environ.get("CARGO_TARGET_DIR") or SCRIPTS.parent / "target")
    for path in (named, named / "release" / "menjin"):
        if path.is_file():
            return path
    raise SystemExit(f"No menjin at {named}. Build it (cargo build --release -p menjin) or set MENJIN to it.")


def read(menjin: Path, data: Path, truths: list[Truth], crop: bool) -> dict[str, list[Found]]:
    """What `menjin read` tells, by file of the truth. It goes on past a file that it can't read, with exit status 1."""
    files = {str(data / t.file): t.file for t in truths}
    done = _run([menjin, "read", "--json", *(["--crop"] if crop else []), *files])
    if done.returncode > 1 or (done.returncode and not done.stdout):
        _end(done)
    found: dict[str, list[Found]] = {}
    for line in done.stdout.splitlines():
        plate = json.loads(line)
        xs, ys = zip(*plate["corners"], strict=True)
        center = (sum(xs) / 4, sum(ys) / 4)
        found.setdefault(files[plate["file"]], []).append(Found(center, plate["plate"], plate["color"]))
    return found


def times_ms(menjin: Path, data: Path, truths: list[Truth]) -> tuple[float, float, int]:
    """Median thread CPU milliseconds for detecting and reading, from `menjin bench images`, and how many files it
    can't read: it ends at one, names it, and is asked again without."""
    left_out = 0
    while truths:
        with tempfile.NamedTemporaryFile("w", suffix=".csv", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, truths[0].row.keys(), extrasaction="ignore", restval="")
            writer.writeheader()
            writer.writerows(t.row for t in truths)
            file.flush()
            done = _run([menjin, "bench", "images", data, "--truth", file.name, "--json", "-"])
        if done.returncode == 0:
            times = json.loads(done.stdout)["latency_ms"]
            return times["detect"]["p50"], times["read"]["p50"], left_out
        named = {t.file for t in truths if str(data / t.file) in done.stderr}
        if not named:
            _end(done)
        truths, left_out = [t for t in truths if t.file not in named], left_out + len(named)
    return 0.0, 0.0, left_out


def _run(command: list) -> subprocess.CompletedProcess:
    models = ["--models", SCRIPTS.parent / "models"]
    return subprocess.run([*map(str, [*command, *models])], capture_output=True, text=True, check=False)


def _end(done: subprocess.CompletedProcess) -> None:
    raise SystemExit(f"menjin failed: {done.stderr.strip()[-500:]}")
