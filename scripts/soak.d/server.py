"""The cameras: films over RTSP, at their own pace."""

import subprocess
from pathlib import Path

from film import PROJECT


class Cameras:
    """A server on a free port with a film for each lane."""

    def __init__(self, films: dict[str, Path], cores: set[int] | None = None):
        command = ["taskset", "-c", ",".join(map(str, sorted(cores)))] if cores else []
        command += ["/usr/bin/python3", str(PROJECT / "scripts/rtsp_server.py"), "--loop", "--port", "0"]
        for lane, film in films.items():
            command += ["--mount", f"{lane}={film}"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        line = next((line for line in self.process.stdout if line.startswith("ready ")), None)
        if line is None:
            raise RuntimeError("the cameras have not started")
        self.urls = dict(zip(films, line.split()[1:], strict=True))

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()
