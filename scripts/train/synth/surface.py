"""What happens to the plate itself: dirt, wear, bolts, frames, shadows, glare, bleaching.

Every function takes and returns an HxWx3 float32 RGB image (0..255) that the plate fills.
"""

import cv2
import numpy as np

from .field import smooth


def weather(rng: np.random.Generator, image: np.ndarray, hard: float = 1.0) -> np.ndarray:
    """A random selection of surface effects; `hard` scales their chance (0 = clean)."""
    image = image.astype(np.float32)
    for chance, effect in (
        (0.16, worn_paint),
        (0.30, dust),
        (0.12, mud),
        (0.12, scratches),
        (0.45, bolts),
        (0.35, frame),
        (0.28, shadow),
        (0.16, glare),
        (0.25, uneven_light),
    ):
        if rng.random() < chance * hard:
            image = effect(rng, image)
    return image


def stroke_bloom(rng, image, amount: float | None = None) -> np.ndarray:
    """Bright areas grow: over dark strokes when bleached, into fat strokes when white on dark."""
    h = image.shape[0]
    reach = (amount if amount is not None else float(rng.uniform(0.006, 0.022))) * h
    size = int(reach * 2) | 1
    if size < 3:
        size = 3
    grown = cv2.dilate(image, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)))
    share = float(rng.uniform(0.4, 1.0))
    return image * (1 - share) + grown * share


def bleach(rng, image) -> np.ndarray:
    """Flash or sun washes a plate out: colours pale, strokes thin, contrast low."""
    image = stroke_bloom(rng, image)
    white = np.array([255, 250, float(rng.uniform(205, 245))], np.float32)
    mix = float(rng.uniform(0.25, 0.72))
    if rng.random() < 0.5:
        mask = smooth(rng, image.shape[:2], 2)[..., None] * 0.6 + 0.4
        return image * (1 - mix * mask) + white * mix * mask
    return image * (1 - mix) + white * mix


def worn_paint(rng, image) -> np.ndarray:
    """Ink or ground flakes off in patches, or fades evenly towards the ground colour."""
    ground = np.median(image.reshape(-1, 3)[::7], axis=0)
    if rng.random() < 0.4:
        fade = float(rng.uniform(0.15, 0.6))
        return image * (1 - fade) + ground * fade
    mask = smooth(rng, image.shape[:2], int(rng.integers(5, 16)))
    cut = float(rng.uniform(0.72, 0.9))
    patch = np.clip((mask - cut) * 12, 0, 1)[..., None] * float(rng.uniform(0.3, 0.9))
    return image * (1 - patch) + ground * patch


def dust(rng, image) -> np.ndarray:
    tone = np.array([150, 135, 110], np.float32) * float(rng.uniform(0.5, 1.3))
    veil = smooth(rng, image.shape[:2], int(rng.integers(1, 6)))[..., None]
    return image * (1 - veil * 0.5) + tone * veil * float(rng.uniform(0.25, 0.5))


def mud(rng, image) -> np.ndarray:
    h, w = image.shape[:2]
    mask = np.zeros((h, w), np.float32)
    for _ in range(int(rng.integers(3, 26))):
        center = (int(rng.integers(w)), int(h * rng.beta(2, 1.2)))
        cv2.circle(mask, center, max(1, int(h * abs(rng.normal(0, 0.035)))), 1.0, -1, cv2.LINE_AA)
    mask = cv2.GaussianBlur(mask, (0, 0), max(0.5, h * 0.01))[..., None] * float(rng.uniform(0.35, 0.85))
    tone = np.array([95, 78, 58], np.float32) * float(rng.uniform(0.5, 1.6))
    return image * (1 - mask) + tone * mask


def scratches(rng, image) -> np.ndarray:
    h, w = image.shape[:2]
    image = np.ascontiguousarray(image)
    for _ in range(int(rng.integers(1, 6))):
        x, y = int(rng.integers(w)), int(rng.integers(h))
        reach = rng.normal(0, h * 0.5, 2).astype(int)
        tone = float(rng.uniform(20, 240))
        cv2.line(image, (x, y), (x + int(reach[0]), y + int(reach[1])), [tone] * 3, 1, cv2.LINE_AA)
    return image


def bolts(rng, image) -> np.ndarray:
    """Screw heads stand at the holes, but also where the mechanic liked, over strokes."""
    h, w = image.shape[:2]
    image = np.ascontiguousarray(image)
    spots = [(0.25, 0.09), (0.75, 0.09), (0.25, 0.91), (0.75, 0.91)]
    if rng.random() < 0.35:
        spots = [(float(rng.uniform(0.1, 0.9)), float(rng.choice((0.12, 0.16, 0.84, 0.88)))) for _ in range(2)]
    for fx, fy in spots:
        if rng.random() < 0.7:
            center = (int(fx * w), int((fy + rng.normal(0, 0.015)) * h))
            radius = max(1, int(h * rng.uniform(0.03, 0.065)))
            tone = float(rng.uniform(30, 240))
            cv2.circle(image, center, radius, [tone, tone, tone * 0.96], -1, cv2.LINE_AA)
            light = (center[0] - radius // 3, center[1] - radius // 3)
            cv2.circle(image, light, max(1, radius // 2), [min(255, tone + 50)] * 3, -1, cv2.LINE_AA)
    return image


def frame(rng, image) -> np.ndarray:
    """A holder or bumper edge that covers the rim, and at times a little of the characters."""
    h, w = image.shape[:2]
    tone = float(rng.choice((rng.uniform(5, 60), rng.uniform(120, 235))))
    color = np.array([tone, tone, tone], np.float32) + rng.normal(0, 6, 3).astype(np.float32)
    depth = np.abs(rng.normal(0, 0.055, 4))
    if rng.random() < 0.12:
        depth[int(rng.integers(2))] += float(rng.uniform(0.05, 0.11))
    top, bottom = int(min(depth[0], 0.24) * h), int(min(depth[1], 0.24) * h)
    left, right = int(min(depth[2], 0.08) * h), int(min(depth[3], 0.08) * h)
    image[:top] = color
    image[h - bottom :] = color
    image[:, :left] = color
    image[:, w - right :] = color
    return image


def shadow(rng, image) -> np.ndarray:
    """A shadow edge, hard or soft, at any angle; sometimes a bar."""
    h, w = image.shape[:2]
    angle = float(rng.uniform(0, np.pi))
    nx, ny = float(np.cos(angle)), float(np.sin(angle))
    xs = (np.arange(w, dtype=np.float32) - w * rng.uniform(0.1, 0.9))[None]
    ys = (np.arange(h, dtype=np.float32) - h * rng.uniform(0.1, 0.9))[:, None]
    distance = xs * nx + ys * ny
    soft = float(rng.choice((0.02, 0.1, 0.4))) * h + 0.5
    mask = 1 / (1 + np.exp(-np.clip(distance / soft, -20, 20)))
    if rng.random() < 0.3:
        width = h * float(rng.uniform(0.2, 1.0))
        mask = mask * (1 - 1 / (1 + np.exp(-np.clip((distance - width) / soft, -20, 20))))
    return image * (1 - mask * float(rng.uniform(0.3, 0.78)))[..., None].astype(np.float32)


def glare(rng, image) -> np.ndarray:
    """A specular patch of sun or headlight."""
    h, w = image.shape[:2]
    cx, cy = float(rng.uniform(-0.1, 1.1) * w), float(rng.uniform(-0.2, 1.2) * h)
    sx, sy = float(h * rng.uniform(0.2, 1.3)), float(h * rng.uniform(0.15, 0.6))
    xs = ((np.arange(w, dtype=np.float32) - cx) / sx)[None]
    ys = ((np.arange(h, dtype=np.float32) - cy) / sy)[:, None]
    spot = np.exp(-(xs**2 + ys**2))[..., None].astype(np.float32)
    return image + spot * float(rng.uniform(60, 210))


def uneven_light(rng, image) -> np.ndarray:
    gain = 1 + (smooth(rng, image.shape[:2], 1) - 0.5)[..., None] * float(rng.uniform(0.3, 1.1))
    return image * gain
