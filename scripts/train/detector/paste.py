"""Put plates into pictures and take them out again, in canvas pixels.

Coordinates are those of edges: pixel i covers [i, i + 1), so that scaling a picture by s scales
them by s. OpenCV warps count from pixel centres; the halves below convert.
"""

import cv2
import numpy as np

UNIT = np.array([[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [-0.5, 0.5]], np.float32)
TURN = np.radians(50)  # hand-held photos and cameras mounted askew


def side_lengths(quad):
    """Mean width and mean height of a quad."""
    top, right, bottom, left = (np.linalg.norm(quad[(i + 1) % 4] - quad[i]) for i in range(4))
    return (top + bottom) / 2, (left + right) / 2


def pose(rng, aspect, width, centre, hard=1.0, turned=0.0):
    """Corners of a plate seen by a camera: turned in space, projected, scaled to a given width.
    A share `turned` of them rolls by up to TURN."""
    yaw, pitch, roll = rng.normal(0, [0.42 * hard, 0.22 * hard, 0.07 * hard])
    if turned and rng.random() < turned:
        roll = rng.uniform(-TURN, TURN)
    yaw, pitch = np.clip(yaw, -0.95, 0.95), np.clip(pitch, -0.6, 0.6)
    p = UNIT * [1.0, 1.0 / aspect]
    x, y = p[:, 0] * np.cos(yaw), p[:, 1] * np.cos(pitch)
    z = p[:, 0] * np.sin(yaw) + p[:, 1] * np.sin(pitch)
    y = y + rng.normal(0, 0.25) * np.sin(yaw) * p[:, 0]  # seen from above: verticals stay, rows slope
    far = rng.uniform(3.0, 10.0)
    q = np.stack([x, y], 1) * (far / (far + z))[:, None]
    c, s = np.cos(roll), np.sin(roll)
    q = q @ np.array([[c, s], [-s, c]])
    q *= width / side_lengths(q)[0]
    return (q - q.mean(0) + centre).astype(np.float32)


def fit_quad(quad, old_size, new_size):
    """Where a plate of new_size (w, h in mm) would be if bolted on in place of one of old_size."""
    scale = np.array([new_size[0] / old_size[0], new_size[1] / old_size[1]], np.float32)
    m = cv2.getPerspectiveTransform(UNIT, quad.astype(np.float32))
    return cv2.perspectiveTransform((UNIT * scale)[None], m)[0]


def beside(quad, size, other, gap):
    """Where a plate of size `other` (w, h in mm) is if bolted on, centred, `gap` mm below one of `size` at `quad`;
    above it if `gap` is negative."""
    low = np.array([-size[0] / 2, -size[1] / 2, size[0] / 2, size[1] / 2])
    middle = (low[3] + gap + other[1] / 2) if gap >= 0 else (low[1] + gap - other[1] / 2)
    m = cv2.getPerspectiveTransform((UNIT * np.float32(size)).astype(np.float32), quad.astype(np.float32))
    there = UNIT * np.float32(other) + np.float32([0, middle])
    return cv2.perspectiveTransform(there[None].astype(np.float32), m)[0]


def grow(quad, fx, fy):
    return fit_quad(quad, (1, 1), (fx, fy))


def box(quad, shape, margin):
    """Integer bounding box of a quad with a margin, clipped; None if outside."""
    x0, y0 = np.floor(quad.min(0) - margin).astype(int)
    x1, y1 = np.ceil(quad.max(0) + margin).astype(int) + 1
    x0, y0, x1, y1 = max(0, x0), max(0, y0), min(shape[1], x1), min(shape[0], y1)
    return (x0, y0, x1, y1) if x1 - x0 > 2 and y1 - y0 > 2 else None


def erase(rng, image, quad):
    """Fill a plate from its surroundings. In place."""
    quad = grow(quad, 1.14, 1.3)
    margin = 0.35 * side_lengths(quad)[1] + 3
    area = box(quad, image.shape, margin)
    if area is None:
        return
    x0, y0, x1, y1 = area
    region = image[y0:y1, x0:x1]
    scale = min(1.0, 72.0 / max(region.shape[:2]))
    small = cv2.resize(region, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    mask = np.zeros(small.shape[:2], np.uint8)
    cv2.fillConvexPoly(mask, np.round((quad - [x0, y0]) * scale).astype(np.int32), 255)
    filled = cv2.inpaint(np.ascontiguousarray(small), mask, 3, cv2.INPAINT_TELEA)
    size = (region.shape[1], region.shape[0])
    filled = cv2.resize(filled, size, interpolation=cv2.INTER_LINEAR).astype(np.float32)
    soft = cv2.GaussianBlur(cv2.resize(mask, size), (0, 0), 1.0)[:, :, None] / np.float32(255)
    filled += rng.normal(0, 3, (*region.shape[:2], 1)).astype(np.float32)
    image[y0:y1, x0:x1] = np.clip(region * (1 - soft) + filled * soft, 0, 255).astype(np.uint8)


def brightness(image, quad):
    """90th percentile of grey inside a quad: how bright its light parts are."""
    area = box(quad, image.shape, 0)
    if area is None:
        return 128.0
    x0, y0, x1, y1 = area
    return float(np.percentile(image[y0:y1:2, x0:x1:2].mean(axis=2), 90))


def paste(rng, image, texture, quad, gain, soft):
    """Warp a plate texture onto a quad with antialiased edges. In place.
    gain multiplies its light; soft is the Gaussian sigma in px at canvas scale."""
    area = box(quad, image.shape, 2 + 2 * soft)
    if area is None:
        return
    x0, y0, x1, y1 = area
    w, h = side_lengths(quad)
    tw, th = max(6, round(w * 1.5)), max(4, round(h * 1.5))
    if tw < texture.shape[1]:
        texture = cv2.resize(texture, (tw, th), interpolation=cv2.INTER_AREA)
    th, tw = texture.shape[:2]
    plate = texture.astype(np.float32) * gain
    if rng.random() < 0.5:
        ramp = np.linspace(rng.uniform(0.7, 1.1), rng.uniform(0.9, 1.2), tw if rng.random() < 0.5 else th)
        ramp = ramp.astype(np.float32)
        plate *= ramp[None, :, None] if len(ramp) == tw else ramp[:, None, None]
    source = (UNIT + 0.5) * np.array([tw, th], np.float32) - 0.5
    fine = 2 if max(x1 - x0, y1 - y0) < 200 else 1
    m = cv2.getPerspectiveTransform(source.astype(np.float32), ((quad - [x0, y0]) * fine - 0.5).astype(np.float32))
    size = ((x1 - x0) * fine, (y1 - y0) * fine)
    rgba = np.dstack([plate, np.full((th, tw), 255, np.float32)])
    warped = cv2.warpPerspective(rgba, m, size, flags=cv2.INTER_LINEAR)
    if fine == 2:
        warped = cv2.resize(warped, (x1 - x0, y1 - y0), interpolation=cv2.INTER_AREA)
    # Colour outside the plate is zero, so the warp yields colour already multiplied by alpha.
    if soft > 0.2:
        warped = cv2.GaussianBlur(warped, (0, 0), soft)
    alpha = warped[:, :, 3:] * np.float32(1 / 255)
    region = image[y0:y1, x0:x1].astype(np.float32)
    image[y0:y1, x0:x1] = np.clip(region * (1 - alpha) + warped[:, :, :3], 0, 255).astype(np.uint8)
