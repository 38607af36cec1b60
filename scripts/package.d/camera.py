"""The camera of the trial: recorded footage over RTSP, in which one truck stands before the arm as long as an upgrade takes."""

import subprocess
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
# Four vehicles of testdata/footage/truth.csv; the second stands before the closed arm at this time.
FOOTAGE = PROJECT / "testdata/footage/north-in.mp4"
ENDS_S = 40
STANDS_FROM_S = 13.8
STANDS_FOR_S = 90
RATE = 25
STANDS = "冀PUE570"
NEXT = "浙TK27629"


def film(folder):
    """The footage with that truck at rest for STANDS_FOR_S more; noise, or the camera would be told to be frozen."""
    made = folder / "stands.mp4"
    held = f"loop=loop={STANDS_FOR_S * RATE}:size=1:start={round(STANDS_FROM_S * RATE)},setpts=N/({RATE}*TB),noise=alls=5:allf=t"
    coded = ("-c:v", "libx264", "-preset", "ultrafast", "-g", "50", "-bf", "0", "-b:v", "4M")
    command = ("ffmpeg", "-v", "error", "-y", "-t", str(ENDS_S), "-i", str(FOOTAGE), "-vf", held, *coded, str(made))
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    return made


class Camera:
    """Plays it again and again."""

    def __init__(self, folder):
        command = [
            "/usr/bin/python3",
            str(PROJECT / "scripts/rtsp_server.py"),
            "--port",
            "8654",
            "--mount",
            f"gate={film(folder)}",
            "--loop",
        ]
        self.server = subprocess.Popen(command, stdout=subprocess.PIPE)
        self.url = self.server.stdout.readline().decode().split()[1]
        # A camera goes on filming while nobody asks: without another viewer this one would begin anew.
        watch = ("ffmpeg", "-v", "quiet", "-rtsp_transport", "tcp", "-i", self.url, "-c", "copy", "-f", "null", "-")
        self.viewer = subprocess.Popen(watch, stdin=subprocess.DEVNULL)

    def stop(self):
        for process in (self.viewer, self.server):
            process.terminate()
