"""A ring of training pictures in a memory-mapped folder: feeds write it, the trainer reads it."""

from pathlib import Path

import numpy as np

from synth.degrade import HEIGHT, WIDTH

META = np.dtype(
    [
        ("codes", np.int16, 8),
        ("color", np.int16),  # -100 unknown
        ("layout", np.int16),  # -100 unknown
        ("plate", np.int16),  # 1 readable plate, 0 not, -100 do not care
        ("centers", np.float32, (8, 2)),
        ("kind", "U14"),
        ("text", "U12"),
    ]
)


class Ring:
    def __init__(self, folder: Path, size: int | None = None):
        folder = Path(folder)
        self.folder = folder
        if size is not None and not (folder / "images.npy").exists():
            folder.mkdir(parents=True, exist_ok=True)
            np.lib.format.open_memmap(folder / "meta.npy", "w+", META, (size,)).flush()
            np.lib.format.open_memmap(folder / "count.npy", "w+", np.int64, (1,)).flush()
            np.lib.format.open_memmap(folder / "images.npy", "w+", np.uint8, (size, HEIGHT, WIDTH, 3)).flush()
        self.images = np.lib.format.open_memmap(folder / "images.npy", "r+")
        self.meta = np.lib.format.open_memmap(folder / "meta.npy", "r+")
        self.count = np.lib.format.open_memmap(folder / "count.npy", "r+")

    def __len__(self) -> int:
        return int(min(self.count[0], len(self.images)))

    def put(self, image, codes, color=-100, layout=-100, plate=1, centers=None, kind="", text="") -> None:
        at = int(self.count[0]) % len(self.images)
        self.images[at] = image
        centers = np.full((8, 2), -1, np.float32) if centers is None else centers
        self.meta[at] = (codes, color, layout, plate, centers, kind, text)
        self.count[0] += 1

    def draw(self, rng, n: int):
        at = rng.integers(0, len(self), n)
        return self.images[at], self.meta[at]
