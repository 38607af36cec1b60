"""A Debian 12 of its own for a trial: made bare from the registry, and booted with its own systemd."""

import ctypes
import os
import re
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

NSPAWN = ("systemd-nspawn", "--quiet", "--register=no", "--keep-unit")
CLONE_NEWNET = 0x40000000
BOOT_WITHIN_S = 60
# What the trial looks with. The package must do without all of it.
EQUIPMENT = ("systemd", "systemd-sysv", "dbus", "procps")
# What the package recommends, for the voice.
RECOMMENDED = ("alsa-utils", "espeak-ng")
CONFIGURATION = "/etc/menjin/menjin.toml"
DATA = "/var/lib/menjin"
READY_WITHIN_S = 90


class Failed(Exception):
    """What was not as it should be."""


def say(text):
    print(f"-- {text}", flush=True)


def check(holds, what):
    if not holds:
        raise Failed(what)


def run(*command, code=0, limit_s=900, env=None):
    """Runs a command to its end, and gives what it said."""
    ran = subprocess.run(
        command, check=False, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=limit_s, env=env
    )
    said = ran.stdout.decode("utf-8", "replace")
    # A remark of systemd-nspawn about this computer's /run, which is none about the trial.
    said = re.sub(r"Attempted to remove disk file system under .*nspawn/propagate.*\n?", "", said)
    if code is not None and ran.returncode != code:
        raise Failed(f"{' '.join(map(str, command))} ended with {ran.returncode}:\n{said[-3000:]}")
    return said


class Root:
    """The system in a folder; with `with` it is gone afterwards."""

    def __init__(self, tar=None):
        self.folder = Path(tempfile.mkdtemp(prefix="menjin-try-"))
        self.path = self.folder / "root"
        self.machine = self.leader = None
        self.path.mkdir()
        if tar:
            run("tar", "--extract", f"--directory={self.path}", f"--file={tar}", "--exclude=./dev/*")
        else:
            run("mmdebstrap", "--variant=apt", "--quiet", "bookworm", str(self.path))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.machine and self.machine.poll() is None:
            self.machine.terminate()
            try:
                self.machine.wait(30)
            except subprocess.TimeoutExpired:
                self.machine.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def bring(self, package):
        """Lays a package into the system, and gives where it is there."""
        shutil.copy(package, self.path / "root" / package.name)
        return f"/root/{package.name}"

    def at(self, path):
        return self.path / path.lstrip("/")

    def do(self, *command, code=0):
        """Runs a command in it: where it has booted beside its services, else alone."""
        quiet = ("env", "DEBIAN_FRONTEND=noninteractive", "LANG=C.UTF-8")
        if self.leader:
            return run("nsenter", f"--target={self.leader}", "--all", *quiet, *command, code=code)
        return run(*NSPAWN, "--pipe", f"--directory={self.path}", *quiet, *command, code=code)

    def install(self, package, *options):
        return self.do("apt-get", "install", "--yes", "--no-install-recommends", "-o", "Dpkg::Use-Pty=0", *options, self.bring(package))

    def version(self, name="menjin"):
        return self.do("dpkg-query", "--show", "--showformat=${Version} ${db:Status-Abbrev}", name, code=None).split()

    def equip(self):
        self.do("apt-get", "install", "--yes", "--no-install-recommends", *EQUIPMENT, *RECOMMENDED)

    def boot(self):
        """Boots it with a network of its own, into which this process goes as well."""
        log = open(self.folder / "boot.log", "wb")  # noqa: SIM115 it lives as long as the system
        command = (*NSPAWN, f"--directory={self.path}", "--boot", "--console=pipe", "--private-network")
        self.machine = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        until = time.monotonic() + BOOT_WITHIN_S
        while time.monotonic() < until:
            time.sleep(0.5)
            if self.leader is None:
                self.leader = first_child(self.machine.pid)
            elif self.do("systemctl", "is-system-running", code=None).strip() in ("running", "degraded"):
                enter_network(self.leader)
                return
        raise Failed(f"it does not boot:\n{(self.folder / 'boot.log').read_text('utf-8', 'replace')[-3000:]}")

    def is_active(self):
        return self.do("systemctl", "is-active", "menjin", code=None).strip() == "active"


def first_child(pid):
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    # The system's first process has a namespace of its own for processes.
    own = os.readlink("/proc/self/ns/pid")
    return next((child for child in children if os.readlink(f"/proc/{child}/ns/pid") != own), None)


def enter_network(pid):
    libc = ctypes.CDLL(None, use_errno=True)
    with open(f"/proc/{pid}/ns/net") as network:
        if libc.setns(network.fileno(), CLONE_NEWNET) != 0:
            raise Failed(f"its network can't be entered: {os.strerror(ctypes.get_errno())}")


def until(what, limit_s, holds):
    """Waits until something holds, and gives what it gave."""
    end = time.monotonic() + limit_s
    while time.monotonic() < end:
        if found := holds():
            return found
        time.sleep(0.5)
    raise Failed(f"{what}: not after {limit_s} s")
