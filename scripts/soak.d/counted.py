"""What a lane counted and recorded, beside what its film shows."""

import itertools
import sqlite3
from pathlib import Path

from film import FPS, Film, vehicles

# In seconds. A row and a vehicle that overlap, but for so much, may belong together.
NEAR = 2.0
# Whoever was there in the first pictures may have been seen too late, and is not decided in the last ones.
UNSEEN = 3.0
UNDECIDED = 8.0
# When recording has begun, at last; key pictures are so far apart.
START_SECONDS = 20
KEY_SECONDS = 2


def files(folder: Path, lane: str) -> list[tuple[int, int, int]]:
    """When each file began, how long it is, and its pictures; times in milliseconds."""
    index = sqlite3.connect(folder / "data/video.sqlite3")
    of_lane = "FROM videos JOIN cameras ON cameras.id = camera_id WHERE name = ? ORDER BY videos.id"
    return index.execute(f"SELECT start_ms, duration_ms, pictures {of_lane}", [lane]).fetchall()


def recorded(folder: Path, lane: str) -> dict:
    """What is on the disk of a lane, and what is missing between its first and its last picture."""
    rows = files(folder, lane)
    index = sqlite3.connect(folder / "data/video.sqlite3")
    first = rows[0][0] if rows else 0
    gaps = index.execute(
        "SELECT reason FROM gaps JOIN cameras ON cameras.id = camera_id WHERE name = ? AND from_ms >= ?", [lane, first]
    ).fetchall()
    between = [after[0] - (before[0] + before[1]) for before, after in itertools.pairwise(rows)]
    return {
        "recorded_pictures": sum(row[2] for row in rows),
        "recorded_seconds": sum(row[1] for row in rows) / 1000,
        "gaps": [reason for (reason,) in gaps],
        "holes": [ms for ms in between if abs(ms) > 1000],
    }


def counted(folder: Path, film: Film) -> dict:
    """Each vehicle that the film showed, and the lane's row of it. At the film's seam one is gone and another there at once;
    both are to be counted all the same."""
    rows = files(folder, film.lane)
    if not rows:
        return {"shown": 0, "counted": 0, "missed": ["nothing was recorded"], "more": [], "plates_right": 0}
    began, lasted = rows[0][0] / 1000, sum(row[2] for row in rows) / FPS
    ledger = sqlite3.connect(folder / "data/ledger.sqlite3")
    passages = ledger.execute(
        "SELECT entered_at_ms / 1000.0, decided_at_ms / 1000.0, plate FROM passages "
        "LEFT JOIN readings ON passage_id = passages.id AND stage = 'decided' WHERE lane = ? ORDER BY entered_at_ms",
        [film.lane],
    ).fetchall()
    seen = [(entered - began, decided - began, plate or "") for entered, decided, plate in passages]
    # The recording begins with some key picture of the film, for the camera was there before the disk: with the one with
    # which the most fits.
    tries = [compared(film, seen, skipped, lasted) for skipped in range(0, START_SECONDS, KEY_SECONDS)]
    return max(tries, key=lambda told: (told["plates_right"], -len(told["missed"]) - len(told["more"])))


def compared(film: Film, seen: list[tuple[float, float, str]], skipped: float, lasted: float) -> dict:
    """The rows beside the film, whose first seconds were skipped; all times are since the first picture on the disk."""
    waiting = list(seen)
    found = right = 0
    missed = []
    for round_ in range(int((skipped + lasted) / film.seconds) + 1):
        before = round_ * film.seconds - skipped
        for vehicle in vehicles(film):
            enters, leaves = vehicle.enters + before, vehicle.leaves + before
            near = [row for row in waiting if row[0] <= leaves + NEAR and row[1] >= enters - NEAR]
            # Of two that were there at once the one with its plate, else the first that came.
            row = min(near, key=lambda row: (row[2] != vehicle.plate, row[0]), default=None)
            if row:
                waiting.remove(row)
                found, right = found + 1, right + (row[2] == vehicle.plate)
            elif enters >= UNSEEN and leaves <= lasted - UNDECIDED:
                missed.append(f"{vehicle.plate or 'no plate'} at {enters:.0f} s")
    return {
        "shown": found + len(missed),
        "counted": found,
        "plates_right": right,
        "missed": missed,
        "more": [f"{plate or 'no plate'} at {entered:.0f} s" for entered, _, plate in waiting],
    }
