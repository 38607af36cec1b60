"""Sends frames to ffmpeg the way a camera's encoder would pack them."""

import fcntl
import subprocess
from pathlib import Path

from .stage import Clip


def command(clip: Clip, out: Path, preset: str) -> list[str]:
    width, height = clip.camera.width, clip.camera.height
    rate = ["-crf", str(clip.crf), "-maxrate", f"{clip.rate_k * 2}k", "-bufsize", f"{clip.rate_k * 4}k"]
    if clip.codec == "h264":
        coder = [
            "-c:v",
            "libx264",
            "-profile:v",
            "main",
            "-bf",
            "0",
            "-g",
            "50",
            "-keyint_min",
            "50",
            "-sc_threshold",
            "0",
            "-x264-params",
            "repeat-headers=1:threads=2",
        ]
    else:
        coder = [
            "-c:v",
            "libx265",
            "-tag:v",
            "hvc1",
            "-x265-params",
            "log-level=error:bframes=0:keyint=50:min-keyint=50:scenecut=0:open-gop=0:repeat-headers=1:pools=none:wpp=0:frame-threads=1",
        ]
    return [
        "ffmpeg",
        "-v",
        "error",
        "-y",
        "-f",
        "rawvideo",
        "-pix_fmt",
        "bgr24",
        "-s",
        f"{width}x{height}",
        "-r",
        str(clip.fps),
        "-i",
        "-",
        "-an",
        "-vf",
        "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p",
        *coder,
        "-preset",
        preset,
        *rate,
        "-colorspace",
        "bt709",
        "-color_primaries",
        "bt709",
        "-color_trc",
        "bt709",
        "-color_range",
        "tv",
        "-map_metadata",
        "-1",
        "-fflags",
        "+bitexact",
        "-flags:v",
        "+bitexact",
        "-movflags",
        "+faststart",
        str(out),
    ]


def join(parts: list[Path], out: Path, codec: str) -> None:
    """Puts encoded parts one after the other, without encoding again, and deletes them."""
    listing = out.with_suffix(".parts.txt")
    listing.write_text("".join(f"file '{part.name}'\n" for part in parts))
    tag = ["-tag:v", "hvc1"] if codec == "h265" else []
    subprocess.run(
        [
            "ffmpeg",
            "-v",
            "error",
            "-y",
            "-f",
            "concat",
            "-i",
            str(listing),
            "-c",
            "copy",
            *tag,
            "-map_metadata",
            "-1",
            "-fflags",
            "+bitexact",
            "-movflags",
            "+faststart",
            str(out),
        ],
        check=True,
    )
    listing.unlink()
    for part in parts:
        part.unlink()


def encode(clip: Clip, frames, out: Path, preset: str | None = None) -> None:
    """Writes the frames (BGR arrays) as one MP4."""
    preset = preset or {"h264": "faster", "h265": "superfast"}[clip.codec]
    coder = subprocess.Popen(command(clip, out, preset), stdin=subprocess.PIPE)
    fcntl.fcntl(coder.stdin, fcntl.F_SETPIPE_SZ, 1 << 20)  # fewer switches between the two on a busy machine
    for frame in frames:
        coder.stdin.write(frame.tobytes())
    coder.stdin.close()
    if coder.wait() != 0:
        raise RuntimeError(f"ffmpeg failed for {out}")
