"""Films for the trials: what a camera of 1080p25 and 4 Mbit/s sends, a key picture every two seconds."""

import csv
import hashlib
import itertools
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
FOOTAGE = PROJECT / "testdata/footage"
FPS = 25
MBIT = 4
TEST_SECONDS = 20

# The lane between notice boards with numbers, as in the demo.
SOUTH = "[[0.30, 0.15], [0.55, 0.15], [0.80, 0.45], [1.0, 0.75], [1.0, 1.0], [0.55, 1.0], [0.30, 0.40]]"


@dataclass(frozen=True)
class Film:
    """What one lane's camera shows, again and again."""

    lane: str
    # A clip of the footage, and which seconds of it; without any it is an empty lane's photo, by night if so.
    clip: str = ""
    parts: tuple[tuple[float, float], ...] = ()
    night: bool = False
    direction: str = "in"
    view: str = "front"
    region: str = ""
    # By how much its pictures were enlarged: a plate is no easier to read for that, and has to be wider to be voted on.
    grown: float = 1.0

    @property
    def seconds(self) -> float:
        return sum(until - since for since, until in self.parts) or TEST_SECONDS


# Cut where nobody is in the lane, and so that none is empty for longer than three seconds: a camera that rests costs less.
ACTIVE = [
    Film("north-in", "north-in", ((0, 92),)),
    Film("north-out", "north-out", ((1, 92),), direction="out", view="rear", grown=1.5),
    # Up to the pause behind the one that backs out.
    Film("south-in", "south-in", ((0, 76),), region=SOUTH, grown=1.5),
    Film("west-in", "quiet-in", ((16, 30), (50, 66), (86, 104)), grown=1.5),
]
# Nothing moves in the lane; in rain, and on the road behind, it does. The photos have a sensor's noise.
QUIET = [
    Film("quiet-day", "quiet-in", ((0, 12),)),
    Film("quiet-rain", "quiet-in", ((34, 46),)),
    Film("quiet-night", night=True),
    Film("quiet-still"),
]


@dataclass(frozen=True)
class Vehicle:
    """One of a film, in seconds since its beginning."""

    plate: str
    enters: float
    leaves: float


def vehicles(film: Film) -> list[Vehicle]:
    """Whom the lane has to count each time that the film is shown."""
    truth = "truth-quiet.csv" if film.clip == "quiet-in" else "truth.csv"
    found, before = [], 0.0
    with (FOOTAGE / truth).open(encoding="utf-8") as rows:
        of_clip = [row for row in csv.DictReader(rows) if row["clip"] == f"{film.clip}.mp4"]
    for since, until in film.parts:
        for row in of_clip:
            enters, leaves = int(row["enter_ms"]) / 1000, int(row["leave_ms"]) / 1000
            if since <= enters and leaves <= until:
                found.append(Vehicle(row["plate"], before + enters - since, before + leaves - since))
        before += until - since
    return found


def make(film: Film, folder: Path) -> Path:
    """The film of a lane; one that is there already, of the same seconds, is taken."""
    # A coder that begins sends larger pictures, as if something moved: a quiet film is its second round.
    rounds = 2 if film in QUIET else 1
    same = hashlib.sha256(repr((film.parts, film.night, rounds)).encode()).hexdigest()[:8]
    path = folder / f"{film.lane}-{same}.mp4"
    if path.exists():
        return path
    if film.parts:
        clip = str(FOOTAGE / f"{film.clip}.mp4")
        sources = [["-ss", str(since), "-t", str(until - since), "-i", clip] for since, until in film.parts * rounds]
        joined = "".join(f"[{at}:v]" for at in range(len(sources))) + f"concat=n={len(sources)},"
        picture = f"{joined}scale=1920:1080,fps={FPS}"
    else:
        photo = str(PROJECT / "testdata/images/full-empty.jpg")
        sources = [["-loop", "1", "-framerate", str(FPS), "-t", str(TEST_SECONDS * rounds), "-i", photo]]
        picture = "scale=1920:1080," + ("eq=brightness=-0.3,noise=alls=14:allf=t" if film.night else "noise=alls=9:allf=t")
    # Coded as cameras do: arithmetic coding, the loop filter, one picture to refer to.
    encode(list(itertools.chain(*sources)), picture, "veryfast", path, film.seconds * (rounds - 1))
    return path


def test_picture(path: Path) -> None:
    """A moving picture with a sensor's noise. It is only to be recorded, so its coding is the quickest."""
    source = f"testsrc2=size=1920x1080:rate={FPS}:duration={TEST_SECONDS},noise=alls=12:allf=t"
    encode(["-f", "lavfi", "-i", source], "null", "ultrafast", path)


def encode(sources: list[str], picture: str, preset: str, path: Path, skipped: float = 0.0) -> None:
    """Codes a film as a camera does. What is skipped of its beginning is whole groups of pictures."""
    rates = ("-b:v", "-minrate", "-maxrate", "-bufsize")
    rate = [word for option in rates for word in (option, f"{MBIT}M")]
    group = f"keyint={2 * FPS}:min-keyint={2 * FPS}:scenecut=0:bframes=0:ref=1:nal-hrd=cbr"
    coded = ["-c:v", "libx264", "-preset", preset, "-pix_fmt", "yuv420p", *rate, "-x264-params", group]
    part = path.with_suffix(".part.mp4")
    command = ["ffmpeg", "-v", "error", "-y", *sources, "-filter_complex", picture, "-an", *coded, str(part)]
    subprocess.run(command, check=True)
    if skipped:
        whole = part.rename(path.with_suffix(".whole.mp4"))
        cut = ["ffmpeg", "-v", "error", "-y", "-ss", str(skipped), "-i", str(whole), "-c", "copy", str(part)]
        subprocess.run(cut, check=True)
        whole.unlink()
    os.replace(part, path)
