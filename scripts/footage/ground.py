"""The gate's road surface, shaded per pixel: asphalt, concrete, kerbs, paint, stains, grass."""

import cv2
import numpy as np

LANE_HALF = 2.0


def _tile(rng, size: int, cells: int) -> np.ndarray:
    """Wrapping noise 0…1 of size x size."""
    small = rng.random((cells, cells), dtype=np.float32)
    small = np.pad(small, 2, mode="wrap")
    big = cv2.resize(small, None, fx=size / cells, fy=size / cells, interpolation=cv2.INTER_CUBIC)
    edge = 2 * size // cells
    return np.clip(big[edge : edge + size, edge : edge + size], 0, 1)


def _sample(tile, x, z, metres: float) -> np.ndarray:
    """Noise that repeats every metres metres at ground points; fades out where pixels grow too big for it."""
    size = tile.shape[0]
    u, v = (x / metres * size) % size, (z / metres * size) % size
    return cv2.remap(tile, u.astype(np.float32), v.astype(np.float32), cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)


def _band(x, lo, hi, soft) -> np.ndarray:
    """1 between lo and hi with edges as soft as a pixel is wide."""
    return np.clip((x - lo) / soft + 0.5, 0, 1) * np.clip((hi - x) / soft + 0.5, 0, 1)


def paint_ground(x, z, rng, line_z: float, focal: float, wear: float = 0.6) -> np.ndarray:
    """BGR 0…255 for ground points x, z (arrays)."""
    z = np.maximum(z, 0.5)
    soft_x = np.maximum(z / focal, 0.004)
    soft_z = np.maximum(z * z / (focal * 2.5), 0.01)
    far = np.clip(1 - z / 60, 0, 1)
    coarse, middle, fine = (_tile(rng, 512, cells) for cells in (8, 32, 256))
    n1, n2 = _sample(coarse, x, z, 23.0), _sample(middle, x, z, 7.0)
    n3 = (_sample(fine, x, z, 3.0) - 0.5) * np.clip(1 - z / 22, 0, 1)
    tone = 92 + 26 * (n1 - 0.5) + 18 * (n2 - 0.5) * far + 34 * n3
    image = np.stack([tone * 1.02, tone * 1.01, tone], axis=-1)

    def lay(mask, colour, opacity=1.0):
        m = (mask * opacity)[..., None]
        image[:] = image * (1 - m) + np.float32(colour) * m

    slabs = _band(z, 0.0, line_z + 6.0, soft_z)
    concrete = 134 + 22 * (n1 - 0.5) + 16 * (n2 - 0.5) + 26 * n3
    lay(slabs, (0, 0, 0))
    image += slabs[..., None] * np.stack([concrete * 0.98, concrete, concrete * 1.01], axis=-1)
    for joint in np.arange(1.0, line_z + 6, 4.0):
        lay(_band(z, joint - 0.012, joint + 0.012, soft_z), (66, 66, 66), 0.7)
    for track in (-0.95, 0.95):
        lay(np.exp(-(((x - track) / 0.32) ** 2)) * (0.55 + 0.6 * (n2 - 0.5)), (58, 60, 62), 0.42)
    lay(np.exp(-((x / 0.3) ** 2)) * np.clip(n1 + n2 - 0.95, 0, 1) * 2, (40, 40, 42), 0.5)
    ridge = np.abs(_sample(middle, x + 0.5 * n3 + n1 * 4, z * 0.7, 31.0) - 0.5 + 0.05 * n3)
    lay(np.clip(1 - ridge / (0.004 + soft_x * 0.1), 0, 1) * far * np.clip(n2 * 5 - 3, 0, 1), (52, 52, 52), 0.55)
    fade = np.clip(1.1 - wear * (n2 + n3), 0.25, 1)
    white = (214, 216, 216)
    lay(_band(x, -LANE_HALF, -LANE_HALF + 0.13, soft_x) * (z < 58), white, 0.85 * 1)
    dashes = ((z % 6.0) < 3.4) | (z < 22)
    lay(_band(x, LANE_HALF - 0.13, LANE_HALF, soft_x) * (z < 58) * dashes * fade, white, 0.85)
    lay(_band(z, line_z - 0.3, line_z + 0.1, soft_z) * _band(x, -LANE_HALF + 0.1, LANE_HALF - 0.1, soft_x) * fade, white, 0.9)
    for start in (line_z + 5.5, line_z + 19.0):  # arrows
        lay(_band(z, start, start + 2.2, soft_z) * _band(x, -0.08, 0.08, soft_x) * fade, white, 0.85)
        head = _band(z, start - 1.0, start, soft_z) * (np.abs(x) < 0.34 * (z - start + 1.0))
        lay(head * fade, white, 0.85)
    yellow = (40, 170, 215)
    for i in range(4):  # slow-down bars
        at = line_z + 10 + i * 0.8
        lay(_band(z, at, at + 0.22, soft_z) * _band(x, -1.8, 1.8, soft_x) * fade, yellow, 0.75)
    # islands with striped kerbs on both sides of the gate, grass and pavement outside
    for lo, hi in ((LANE_HALF + 0.12, LANE_HALF + 1.5), (-LANE_HALF - 0.9, -LANE_HALF - 0.12)):
        island = _band(x, lo, hi, soft_x) * _band(z, 0.0, line_z + 7.0, soft_z)
        lay(island, (150, 156, 158))
        edge = island * (_band(x, lo, lo + 0.16, soft_x) + _band(x, hi - 0.16, hi, soft_x))
        stripe = ((z % 1.0) < 0.5).astype(np.float32)
        lay(np.clip(edge, 0, 1) * stripe, (46, 176, 226))
        lay(np.clip(edge, 0, 1) * (1 - stripe), (40, 40, 40))
    grass = np.stack([44 + 30 * n1, 92 + 50 * n2 + 40 * n3, 70 + 40 * n1 + 20 * n3], axis=-1)
    for lo, hi in ((-40.0, -4.6), (9.2, 60.0)):
        lawn = _band(x, lo, hi, soft_x)[..., None] * (z < 54)[..., None]
        image[:] = image * (1 - lawn) + grass * lawn
    pavement = _band(x, -4.6, -2.9, soft_x) * (z < 54)
    lay(pavement, (142, 148, 152), 0.8)
    lay(_band(x, -4.6, -4.45, soft_x) * (z < 54), (120, 120, 120))
    grid = ((x % 0.6) < 0.03) | ((z % 0.6) < 0.03)
    lay(pavement * grid * np.clip(1 - z / 25, 0, 1), (96, 98, 100), 0.6)
    return np.clip(image, 0, 255).astype(np.float32)
