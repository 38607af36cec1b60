"""A generator process fills rings of samples in shared memory; the trainer draws from them at random.

The two run at their own pace: when the generator is slower, samples are seen more than once.
"""

import multiprocessing as mp
import os
import time

import numpy as np

from scenes import KINDS, MAX

# Samples kept of each kind, and how many are made per turn of the generator.
DEPTH = {"wide": 500, "square": 1500, "look": 4000}
PER_TURN = {"wide": 3, "square": 6, "look": 8}


class Ring:
    def __init__(self, kind):
        h, w = KINDS[kind]
        self.n, self.shape = DEPTH[kind], (h, w)
        self.raw = [
            mp.RawArray("B", self.n * h * w * 3),
            mp.RawArray("f", self.n * MAX * 8),
            mp.RawArray("b", self.n * MAX),
            mp.RawArray("f", self.n * MAX),
        ]
        self.made = mp.RawValue("l", 0)
        self.used = mp.RawValue("l", 0)

    def views(self):
        h, w = self.shape
        image, quads, tags, trusts = self.raw
        return (
            np.frombuffer(image, np.uint8).reshape(self.n, h, w, 3),
            np.frombuffer(quads, np.float32).reshape(self.n, MAX, 4, 2),
            np.frombuffer(tags, np.int8).reshape(self.n, MAX),
            np.frombuffer(trusts, np.float32).reshape(self.n, MAX),
        )

    def put(self, sample):
        slot = self.made.value % self.n
        for view, value in zip(self.views(), sample, strict=True):
            view[slot] = value
        self.made.value += 1

    def draw(self, rng, count):
        ready = min(self.made.value, self.n)
        # A slot being overwritten at this moment may hold a new picture under old marks for some
        # microseconds; at one in thousands it does no harm.
        slots = rng.integers(0, ready, count)
        self.used.value += count
        return [view[slots] for view in self.views()]


def fill(rings, seed, make_scenes, reuse):
    """Generator process. It rests while each sample has been drawn less than `reuse` times on average,
    which leaves the processor to the trainer."""
    rng = np.random.default_rng(seed)
    scenes = make_scenes(rng)
    parent = os.getppid()
    while os.getppid() == parent:
        idle = True
        for kind, count in PER_TURN.items():
            ring = rings[kind]
            if ring.made.value < 200 + ring.used.value / reuse:
                idle = False
                for _ in range(count):
                    ring.put(scenes.sample(rng, kind))
        if idle:
            time.sleep(0.2)


def start(seed, make_scenes, reuse):
    rings = {kind: Ring(kind) for kind in KINDS}
    # A single writer per ring keeps the slot counter simple; more workers would need a lock.
    process = mp.get_context("fork").Process(target=fill, args=(rings, seed, make_scenes, reuse), daemon=True)
    process.start()
    return rings, process
