#!/usr/bin/python3
"""Serves recorded H.264 and H.265 files over RTSP without transcoding, at their own speed.

  rtsp_server.py --port 8654 --mount north-in=testdata/footage/north-in.mp4 [--mount …]
                 [--user admin --password-file F] [--loop | --once] [--start-together]

Listens on 127.0.0.1 only and prints one line `ready rtsp://127.0.0.1:PORT/NAME …` when it does. A mount starts from the
beginning of its file when its first client plays; later clients join it.
  --loop            begin again at the end of the file, with running time stamps (the default)
  --once            play the file once; the session is closed at its end, and later clients are refused
  --start-together  all mounts begin when the last of them has its first client
Needs Debian's python3-gi, gir1.2-gst-rtsp-server-1.0 and gstreamer1.0-plugins-{base,good,bad}.
"""

import argparse
import signal
import sys
from pathlib import Path

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtsp, GstRtspServer  # noqa: E402

CODECS = {"video/x-h264": ("h264parse", "rtph264pay"), "video/x-h265": ("h265parse", "rtph265pay")}


class Recording:
    """The access units of a file with their time stamps, read once."""

    def __init__(self, path: Path):
        demux = {".mp4": "qtdemux", ".mov": "qtdemux", ".mkv": "matroskademux"}.get(path.suffix.lower())
        if demux is None:
            raise ValueError(f"{path}: only .mp4, .mov and .mkv files")
        reader = Gst.parse_launch(f"filesrc name=file ! {demux} ! parsebin ! appsink name=sink sync=false max-buffers=0 emit-signals=false")
        reader.get_by_name("file").set_property("location", str(path))
        sink = reader.get_by_name("sink")
        reader.set_state(Gst.State.PLAYING)
        self.units, kind = [], ""
        while (sample := sink.emit("try-pull-sample", 10 * Gst.SECOND)) is not None:
            caps, buffer = sample.get_caps(), sample.get_buffer()
            kind = caps.get_structure(0).get_name()
            self.caps = caps.to_string()
            key = not buffer.has_flags(Gst.BufferFlags.DELTA_UNIT)
            self.units.append((buffer.extract_dup(0, buffer.get_size()), buffer.pts, buffer.duration, key))
        reader.set_state(Gst.State.NULL)
        if kind not in CODECS or not self.units:
            raise ValueError(f"{path}: no H.264 or H.265 video in it")
        self.parser, self.payloader = CODECS[kind]
        first = self.units[0][1]
        self.units = [(data, pts - first, duration, key) for data, pts, duration, key in self.units]
        last = self.units[-1]
        frame = last[2] if last[2] != Gst.CLOCK_TIME_NONE else Gst.SECOND // 25
        self.length = last[1] + frame
        self.frame = frame


class Starter:
    """Holds back every mount until all have a client (--start-together)."""

    def __init__(self, count: int):
        self.missing, self.waiting = count, []

    def join(self, go) -> None:
        self.waiting.append(go)
        self.missing -= 1
        if self.missing <= 0:
            for waiting in self.waiting:
                waiting()
            self.waiting = []


class Mount(GstRtspServer.RTSPMediaFactory):
    """One file on the server."""

    def __init__(self, name: str, recording: Recording, once: bool, starter: Starter | None):
        super().__init__()
        self.name, self.recording, self.once, self.starter = name, recording, once, starter
        self.played = False
        self.clients = []
        self.set_shared(True)
        self.set_launch(
            f"( appsrc name=source is-live=true format=time block=false max-bytes=0 do-timestamp=false ! "
            f"{recording.parser} ! {recording.payloader} name=pay0 pt=96 config-interval=-1 )"
        )
        self.set_protocols(GstRtsp.RTSPLowerTrans.TCP | GstRtsp.RTSPLowerTrans.UDP)
        self.connect("media-configure", self._configure)

    def do_create_element(self, url):
        if self.once and self.played:
            return None  # over: the client is told that there is no such media
        return GstRtspServer.RTSPMediaFactory.do_create_element(self, url)

    def _configure(self, _factory, media) -> None:
        media.set_reusable(False)
        source = media.get_element().get_child_by_name("source")
        source.set_property("caps", Gst.Caps.from_string(self.recording.caps))
        feed = Feed(self, source)
        media.connect("unprepared", lambda _media: feed.stop())
        media.connect("new-state", feed.state_changed)
        feed.preroll()

    def hang_up(self) -> bool:
        """Ends the sessions of all who play this."""
        for client in self.clients:
            client.close()
        self.clients = []
        return False


class Feed:
    """Pushes one run of a recording into its appsrc, each picture when its time has come."""

    def __init__(self, mount: Mount, source):
        self.mount, self.source = mount, source
        self.index = self.rounds = 0
        self.base = None  # running time of the first picture
        self.timer = None
        self.joined = False

    def preroll(self) -> None:
        """The first picture lets the media find out what it carries; the client gets it when it plays."""
        self._push(0)
        self.index = 1

    def state_changed(self, _media, state) -> None:
        if state == int(Gst.State.PLAYING) and not self.joined:
            self.joined = True
            GLib.idle_add(self._join)

    def _join(self) -> bool:
        if self.mount.starter is None:
            self._go()
        else:
            self.mount.starter.join(self._go)
        return False

    def _go(self) -> None:
        self.mount.played = True
        self.base = self._now()
        self._tick()

    def _now(self) -> int:
        clock = self.source.get_clock()
        return max(clock.get_time() - self.source.get_base_time(), 0) if clock else 0

    def _push(self, running: int) -> bool:
        data, _, duration, key = self.mount.recording.units[self.index]
        buffer = Gst.Buffer.new_wrapped(data)
        buffer.pts = buffer.dts = running
        buffer.duration = duration
        if not key:
            buffer.set_flags(Gst.BufferFlags.DELTA_UNIT)
        return self.source.emit("push-buffer", buffer) == Gst.FlowReturn.OK

    def _tick(self) -> bool:
        self.timer = None
        recording = self.mount.recording
        while True:
            if self.index >= len(recording.units):
                if self.mount.once:
                    self.source.emit("end-of-stream")
                    GLib.timeout_add(1000, self.mount.hang_up)  # the last packets are on their way
                    return False
                self.index, self.rounds = 0, self.rounds + 1
            due = self.base + self.rounds * recording.length + recording.units[self.index][1]
            wait = due - self._now()
            if wait > 2 * Gst.MSECOND:
                self.timer = GLib.timeout_add(max(1, wait // Gst.MSECOND), self._tick)
                return False
            if not self._push(due):
                return False
            self.index += 1

    def stop(self) -> None:
        if self.timer is not None:
            GLib.source_remove(self.timer)
            self.timer = None


def watch_clients(server, mounts: dict) -> None:
    """Lets every mount know who plays it."""

    def plays(client, context):
        mount = mounts.get(context.uri.abspath.strip("/").split("/")[0])
        if mount is not None and client not in mount.clients:
            mount.clients.append(client)

    def gone(client):
        for mount in mounts.values():
            mount.clients = [other for other in mount.clients if other is not client]

    def connected(_server, client):
        client.connect("play-request", plays)
        client.connect("closed", gone)

    server.connect("client-connected", connected)


def protect(server, mounts, user: str, password: str) -> None:
    """Digest authentication for every mount."""
    auth = GstRtspServer.RTSPAuth()
    auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
    token = GstRtspServer.RTSPToken()
    token.set_string(GstRtspServer.RTSP_TOKEN_MEDIA_FACTORY_ROLE, "viewer")
    auth.add_digest(user, password, token)
    server.set_auth(auth)
    allowed = Gst.Structure.new_empty("viewer")
    for key in (GstRtspServer.RTSP_PERM_MEDIA_FACTORY_ACCESS, GstRtspServer.RTSP_PERM_MEDIA_FACTORY_CONSTRUCT):
        allowed.set_value(key, True)
    for mount in mounts:
        permissions = GstRtspServer.RTSPPermissions()
        permissions.add_role_from_structure(allowed)
        mount.set_permissions(permissions)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, required=True, help="0 picks a free one")
    parser.add_argument("--mount", action="append", required=True, metavar="NAME=FILE")
    parser.add_argument("--user")
    parser.add_argument("--password-file", type=Path, help="its first line is the password")
    ending = parser.add_mutually_exclusive_group()
    ending.add_argument("--loop", action="store_true")
    ending.add_argument("--once", action="store_true")
    parser.add_argument("--start-together", action="store_true")
    args = parser.parse_args()
    if bool(args.user) != bool(args.password_file):
        parser.error("--user and --password-file belong together")
    Gst.init(None)
    files = {}
    for mount in args.mount:
        name, _, file = mount.partition("=")
        if not name or not Path(file).is_file():
            parser.error(f"--mount {mount}: no such file")
        files[name] = Path(file)

    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service(str(args.port))
    starter = Starter(len(files)) if args.start_together else None
    try:
        mounts = {name: Mount(name, Recording(path), args.once, starter) for name, path in files.items()}
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    if args.user:
        protect(server, mounts.values(), args.user, args.password_file.read_text().splitlines()[0])
    table = server.get_mount_points()
    for name, mount in mounts.items():
        table.add_factory(f"/{name}", mount)
    watch_clients(server, mounts)
    if not server.attach(None):
        print(f"cannot listen on 127.0.0.1:{args.port}", file=sys.stderr)
        return 1
    loop = GLib.MainLoop()
    for number in (signal.SIGINT, signal.SIGTERM):
        GLib.unix_signal_add(GLib.PRIORITY_HIGH, number, loop.quit)
    GLib.timeout_add_seconds(5, lambda: server.get_session_pool().cleanup() or True)
    port = server.get_bound_port()
    print("ready", *(f"rtsp://127.0.0.1:{port}/{name}" for name in mounts), flush=True)
    loop.run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
