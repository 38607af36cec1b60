"""What hangs on a gate's computer, as the hardened service may use it: a serial line and the voice."""

import array
import contextlib
import functools
import operator
import re
import signal
import subprocess

from page import metrics
from root import CONFIGURATION, READY_WITHIN_S, check, say, until

SAID = "/var/lib/menjin/said.raw"
# ALSA's own device that writes what is played into a file.
VOICE = f'[lane.voice]\ndevice = "file:FILE={SAID},FORMAT=raw"\n'
# A second of speech has 44,100 bytes; a plate is said in more than two.
SAID_BYTES = 60_000


@contextlib.contextmanager
def configured(root, text):
    """The service with this at the end of its configuration, and then without it again."""
    path = root.at(CONFIGURATION)
    before = path.read_text("utf-8")
    path.write_text(f"{before}\n{text}", "utf-8")
    root.do("systemctl", "restart", "menjin")
    yield
    path.write_text(before, "utf-8")
    root.do("systemctl", "restart", "menjin")


def reads_a_serial_line(root):
    say("a weighing indicator on a serial line (a pseudo-terminal)")
    body = "+0123400"
    high_low = f"{functools.reduce(operator.xor, body.encode()):02X}"
    frame = "".join(f"\\{byte:03o}" for byte in f"\x02{body}{high_low}\x03".encode())
    line = (
        f"(while :; do printf '{frame}'; sleep 0.2; done) | script --quiet --command "
        "'stty raw -echo; chmod 666 $(tty); tty > /root/indicator; exec sleep 600' /dev/null"
    )
    command = ["nsenter", f"--target={root.leader}", "--all", "sh", "-c", line]
    indicator = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        port = until("the line", 20, lambda: root.at("/root/indicator").exists() and root.do("cat", "/root/indicator").strip())
        scale = f'[[weighbridge.scale]]\nname = "pit"\nlanes = ["north-in"]\nport = "{port}"\nformat = "xk3190"\nunit = "kg"\n'
        frames = lambda: re.search(r"^menjin_scale_frames_total.* ([1-9]\d*)$", metrics() or "", re.MULTILINE)
        with configured(root, scale):
            until("frames of the indicator", READY_WITHIN_S, frames)
    finally:
        indicator.send_signal(signal.SIGTERM)


def speaks(root):
    say("a voice that speaks to the next vehicle, through ALSA into a file")
    said = root.at(SAID)
    size = lambda: said.stat().st_size if said.exists() else 0
    with configured(root, VOICE):
        until("what is said to a vehicle", 2 * READY_WITHIN_S, lambda: size() >= SAID_BYTES)
    samples = array.array("h", said.read_bytes()[: size() // 2 * 2])
    loudest = max(map(abs, samples))
    check(loudest > 2_000, f"what was said is silence: {loudest}")
