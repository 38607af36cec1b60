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
    """What `menjin read` tells, by file of the truth."""
    files = {str(data / t.file): t.file for t in truths}
    command = [menjin, "read", "--json", *(["--crop"] if crop else []), *files]
    found: dict[str, list[Found]] = {}
    for line in _run(command).splitlines():
        plate = json.loads(line)
        xs, ys = zip(*plate["corners"], strict=True)
        center = (sum(xs) / 4, sum(ys) / 4)
        found.setdefault(files[plate["file"]], []).append(Found(center, plate["plate"], plate["color"]))
    return found


def times_ms(menjin: Path, data: Path, truths: list[Truth]) -> tuple[float, float]:
    """Median thread CPU milliseconds for detecting and reading, from `menjin bench images`."""
    with tempfile.NamedTemporaryFile("w", suffix=".csv", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, truths[0].row.keys(), extrasaction="ignore", restval="")
        writer.writeheader()
        writer.writerows(t.row for t in truths)
        file.flush()
        report = json.loads(_run([menjin, "bench", "images", data, "--truth", file.name, "--json", "-"]))
    return report["latency_ms"]["detect"]["p50"], report["latency_ms"]["read"]["p50"]


def _run(command: list) -> str:
    models = ["--models", SCRIPTS.parent / "models"]
    done = subprocess.run([*map(str, [*command, *models])], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"menjin failed: {done.stderr.strip()[-500:]}")
    return done.stdout
