"""Renders clips in parts, several at a time."""

import multiprocessing
import time
from pathlib import Path

import cv2

from . import encode, plan
from .render import Renderer
from .stage import Clip

PART = 500  # frames rendered and encoded by one process; a multiple of the distance of key frames


def part_file(folder: Path, clip: Clip, first: int) -> Path:
    return folder / (f"{clip.name}.{first:05d}.part.mp4" if clip.frames > PART else f"{clip.name}.mp4")


def make(job) -> None:
    """Renders one part of a clip."""
    maker, argument, folder, preset, first = job
    cv2.setNumThreads(1)
    clip: Clip = maker(argument)
    started = time.monotonic()
    renderer = Renderer(clip)
    last = min(first + PART, clip.frames)
    encode.encode(clip, (renderer.frame(i) for i in range(first, last)), part_file(folder, clip, first), preset)
    print(f"{clip.name}: frames {first} to {last}, {time.monotonic() - started:.0f} s", flush=True)


def render(sources: list, folder: Path, preset: str | None, jobs: int) -> None:
    """sources = [(maker, argument), …]; writes one MP4 for each."""
    clips = [maker(argument) for maker, argument in sources]
    work = [
        (maker, argument, folder, preset, first)
        for (maker, argument), clip in zip(sources, clips, strict=True)
        for first in range(0, clip.frames, PART)
    ]
    # Forked children would wait for ever for the threads that OpenCV had in the parent.
    with multiprocessing.get_context("spawn").Pool(jobs) as pool:
        for _ in pool.imap_unordered(make, work, chunksize=1):
            pass
    for clip in clips:
        out = folder / f"{clip.name}.mp4"
        if clip.frames > PART:
            encode.join([part_file(folder, clip, first) for first in range(0, clip.frames, PART)], out, clip.codec)
        print(f"{out}: {out.stat().st_size / 1e6:.2f} MB")


def committed(name: str) -> Clip:
    return plan.CLIPS[name]()
