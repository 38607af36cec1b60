"""What was recorded, judged by a player that is none of ours: index and folders against each other, each picture counted."""

import sqlite3
import subprocess
from pathlib import Path


def played(file: Path) -> tuple[int, str]:
    """How many pictures ffprobe decodes, and what it complains of."""
    count = ["-v", "warning", "-count_frames", "-select_streams", "v:0", "-show_entries", "stream=nb_read_frames", "-of", "csv=p=0"]
    return probed(count, file)


def packed(file: Path) -> tuple[int, str]:
    """How many coded pictures ffprobe finds, and what it complains of; quicker by far, for nothing is decoded."""
    count = ["-v", "warning", "-count_packets", "-select_streams", "v:0", "-show_entries", "stream=nb_read_packets", "-of", "csv=p=0"]
    return probed(count, file)


def probed(count: list[str], file: Path) -> tuple[int, str]:
    done = subprocess.run(["ffprobe", *count, str(file)], capture_output=True, text=True, check=False)
    digits = done.stdout.strip().rstrip(",")
    return (int(digits) if digits.isdigit() else -1), done.stderr.strip()


def judge(folder: Path, lanes: list[str], count=played) -> dict:
    root = folder / "video"
    index = sqlite3.connect(folder / "data/video.sqlite3")
    rows = index.execute("SELECT path, pictures, duration_ms, bytes FROM videos WHERE gone_ms IS NULL").fetchall()
    gaps = index.execute(
        "SELECT reason, count(*), coalesce(sum(until_ms - from_ms), 0), max(until_ms - from_ms) FROM gaps GROUP BY reason"
    ).fetchall()
    files = {str(file.relative_to(root)) for lane in lanes for file in (root / lane).rglob("*") if file.is_file()}
    wrong = [f"open: {file}" for file in files if file.endswith(".part")]
    wrong += [f"row without file: {path}" for path, *_ in rows if path not in files]
    wrong += [f"file without row: {file}" for file in files - {path for path, *_ in rows}]
    pictures = 0
    for path, told, _, _ in rows:
        counted, complaints = count(root / path)
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
