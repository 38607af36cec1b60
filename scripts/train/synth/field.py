"""Smooth random fields, the cheap way: a tiny grid of noise, enlarged."""

import cv2
import numpy as np


def smooth(rng: np.random.Generator, shape, cells: int) -> np.ndarray:
    """A field in 0..1 with about `cells` bumps over the height."""
    h, w = shape
    grid = rng.random((cells + 1, max(2, round((cells + 1) * w / h)))).astype(np.float32)
    return np.clip(cv2.resize(grid, (w, h), interpolation=cv2.INTER_CUBIC), 0, 1)
