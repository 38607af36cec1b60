"""The daemon: its configuration, its life, and what it tells of itself."""

import os
import re
import signal
import socket
import subprocess
import time
import urllib.request
from collections import Counter
from pathlib import Path

from film import PROJECT

READY_SECONDS = 90
STOP_SECONDS = 60
# A thread that records a camera.
RECORDS = "video"


def port_of_nobody() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def configure(folder: Path, lanes: list[dict], port: int, more: str = "") -> Path:
    """A site that records these lanes; each is named, has a url, and whatever else a lane may have, as TOML."""
    tables = ""
    for at, lane in enumerate(lanes, 1):
        given = {"direction": '"in"', "view": '"front"'} | {key: value for key, value in lane.items() if key not in ("name", "url")}
        tables += f'[[lane]]\nname = "{lane["name"]}"\nentrance = "A"\nbarrier = "0{at}"\n'
        tables += "".join(f"{key} = {value}\n" for key, value in given.items())
        tables += f'camera = {{ url = "{lane["url"]}" }}\n'
    config = folder / "menjin.toml"
    config.write_text(
        f'language = "en"\n[storage]\nfolder = "data"\n[models]\nfolder = "{PROJECT / "models"}"\n'
        f'[status]\nlisten = "127.0.0.1:{port}"\n[site]\nname = "soak"\ncode = "S1"\n'
        f'[recorder]\nfolders = ["video"]\nreserve_gb = 1\n{more}{tables}'
    )
    return config


class Service:
    """The daemon, whose log is one file for all of its lives."""

    def __init__(self, program: Path, config: Path, port: int, cores: set[int] | None = None):
        held = ["taskset", "-c", ",".join(map(str, sorted(cores)))] if cores else []
        self.command = [*held, str(program), "run", "--config", str(config)]
        self.log = config.parent / "menjin.log"
        self.port = port
        self.process = None

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

    def end(self) -> None:
        """However it stands."""
        if self.process and self.process.poll() is None:
            self.kill()

    def cpu_seconds(self) -> Counter:
        """Processor time of its threads by what their names begin with (`video` records), and of `all`."""
        spent = Counter(all=used(Path(f"/proc/{self.process.pid}")))
        for task in Path(f"/proc/{self.process.pid}/task").iterdir():
            try:
                name = (task / "comm").read_text().strip()
                spent[re.split(r"[- ]", name)[0]] += used(task)
            except OSError:
                continue  # A thread that has ended since.
        return spent

    def metrics(self) -> dict[tuple[str, str], float]:
        """Each figure by its name and the lane or camera that it is of."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=10) as answer:
            page = answer.read().decode()
        figures = {}
        for line in page.splitlines():
            if told := re.fullmatch(r'menjin_(\w+)\{(?:lane|camera)="([^"]*)"(?:,role="lane")?\} (\S+)', line):
                figures[told[1], told[2]] = float(told[3])
        return figures

    def healthy(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False


def used(process: Path) -> float:
    fields = (process / "stat").read_text().rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
