"""Drawn gate scenes: road, sky, barrier, vehicles made of boxes. They bring what the photos lack:
trucks seen from a pole, nights lit by lamps, plain walls. Shapes are crude on purpose; the
camera model applied afterwards hides most of it."""

import cv2
import numpy as np

from lettering import structure_sprite, text_sprite


def colour(rng, low=0, high=255):
    base = rng.uniform(low, high)
    return np.clip(base + rng.normal(0, rng.choice([6, 25]), 3), 0, 255).tolist()


def texture(rng, h, w, cells):
    """Smooth random field, about zero mean, in [-1, 1]."""
    small = rng.uniform(-1, 1, (max(2, int(h / w * cells)), cells)).astype(np.float32)
    return cv2.resize(small, (w, h), interpolation=cv2.INTER_LINEAR)


def ground(rng, h, w):
    """Sky or wall above, road below."""
    horizon = int(h * rng.uniform(-0.2, 0.6))
    image = np.empty((h, w, 3), np.float32)
    image[:] = colour(rng, 20, 235)
    if horizon > 0:
        top = np.linspace(rng.uniform(0.8, 1.3), 1.0, horizon, dtype=np.float32)[:, None, None]
        image[:horizon] = np.array(colour(rng, 30, 240), np.float32) * top
    relief = texture(rng, h, w, int(rng.integers(2, 8))) * np.float32(rng.uniform(5, 40))
    if rng.random() < 0.7:
        relief += texture(rng, h, w, int(rng.integers(40, 160))) * np.float32(rng.uniform(0, 18))
    out = np.clip(image + relief[:, :, None], 0, 255).astype(np.uint8)
    for _ in range(int(rng.integers(0, 7))):  # windows, kerbs, lane marks, posts
        x, y = int(rng.integers(-w // 4, w)), int(rng.integers(-h // 4, h))
        bw, bh = int(rng.uniform(0.02, 0.4) * w), int(rng.uniform(0.02, 0.5) * h)
        cv2.rectangle(out, (x, y), (x + bw, y + bh), colour(rng), -1 if rng.random() < 0.7 else 2)
    return out


def barrier(rng, image):
    h, w = image.shape[:2]
    y, thick = int(h * rng.uniform(0.4, 0.95)), max(2, int(h * rng.uniform(0.008, 0.03)))
    step = max(8, int(w * rng.uniform(0.03, 0.1)))
    slope = rng.uniform(-0.1, 0.1)
    paint = [(200, 30, 30), (240, 240, 240)] if rng.random() < 0.7 else [(230, 190, 20), (20, 20, 20)]
    for k, x in enumerate(range(0, w, step)):
        cv2.line(image, (x, int(y + slope * x)), (x + step, int(y + slope * (x + step))), paint[k % 2], thick)


def blit(image, sprite, alpha, x, y, w, h, strength=1.0):
    """Scale a sprite into a box of the image, clipped at the edges. In place."""
    w, h, x, y = max(2, int(w)), max(2, int(h)), int(x), int(y)
    x0, y0, x1, y1 = max(0, x), max(0, y), min(image.shape[1], x + w), min(image.shape[0], y + h)
    if x1 <= x0 or y1 <= y0:
        return
    sprite = cv2.resize(sprite, (w, h), interpolation=cv2.INTER_AREA)[y0 - y : y1 - y, x0 - x : x1 - x]
    alpha = cv2.resize(alpha, (w, h), interpolation=cv2.INTER_AREA)[y0 - y : y1 - y, x0 - x : x1 - x]
    a = alpha[:, :, None] * np.float32(strength / 255.0)
    region = image[y0:y1, x0:x1]
    image[y0:y1, x0:x1] = (region * (1 - a) + sprite * a).astype(np.uint8)


def vehicle(rng, image, x, y, w):
    """A cab front or a tailgate, w px wide, with its top left at (x, y).
    Returns where its plate hangs: (centre x, centre y, plate width)."""
    h = w * rng.uniform(0.7, 1.5)
    x0, y0, x1, y1 = int(x), int(y), int(x + w), int(y + h)
    body = colour(rng, 15, 240)
    cv2.rectangle(image, (x0, y0), (x1, y1), body, -1)
    dark = [c * rng.uniform(0.1, 0.5) for c in body]
    plate_y = y0 + h * rng.uniform(0.75, 0.93)
    if rng.random() < 0.55:  # front
        glass_y = y0 + h * rng.uniform(0.08, 0.2)
        cv2.rectangle(image, (int(x0 + w * 0.07), int(glass_y)), (int(x1 - w * 0.07), int(glass_y + h * 0.3)), dark, -1)
        gw, gh = w * rng.uniform(0.4, 0.8), h * rng.uniform(0.1, 0.25)
        sprite, alpha = structure_sprite(rng)
        blit(image, sprite, alpha, x0 + (w - gw) / 2, y0 + h * 0.5, gw, gh)
        r = max(2, int(w * rng.uniform(0.03, 0.08)))
        lamp = colour(rng, 120, 255)
        for side in (0.12, 0.88):
            cv2.circle(image, (int(x0 + w * side), int(plate_y - h * rng.uniform(-0.02, 0.12))), r, lamp, -1)
    else:  # tailgate
        for _ in range(int(rng.integers(0, 5))):
            xx = int(x0 + w * rng.uniform(0, 1))
            cv2.line(image, (xx, y0), (xx, int(plate_y - 0.1 * h)), dark, max(1, int(w * 0.01)))
        for side in (0.02, 0.83):
            cv2.rectangle(
                image, (int(x0 + w * side), int(plate_y)), (int(x0 + w * (side + 0.15)), int(plate_y + h * 0.05)), (200, 30, 20), -1
            )
    for _ in range(int(rng.integers(0, 4))):
        sprite, alpha = text_sprite(rng)
        tw = w * rng.uniform(0.15, 0.8)
        th = tw * sprite.shape[0] / sprite.shape[1] * rng.uniform(0.8, 1.5)
        blit(image, sprite, alpha, x0 + rng.uniform(0, max(1, w - tw)), y0 + rng.uniform(0.05, 0.7) * h, tw, th)
    bumper = int(plate_y - w * 0.06)
    if rng.random() < 0.6:
        cv2.rectangle(image, (x0, bumper), (x1, int(y0 + h)), colour(rng, 10, 200), -1)
    plate_w = w * rng.uniform(0.16, 0.30)
    return x0 + w * (0.5 + rng.normal(0, 0.06)), plate_y, plate_w


def gate_scene(rng, h, w, plate_w):
    """A drawn scene and the places where plates hang, the first about plate_w px wide."""
    image = ground(rng, h, w)
    spots = []
    for k in range(int(rng.integers(1, 4))):
        vw = plate_w * rng.uniform(3.4, 6.0) * (1 if k == 0 else rng.uniform(0.5, 1.2))
        cx, cy = rng.uniform(0.05, 0.95) * w, rng.uniform(0.1, 0.95) * h
        if k > 0 and vw * 2 > w:
            break
        spots.append(vehicle(rng, image, cx - vw / 2, cy - vw * rng.uniform(0.6, 1.1), vw))
    if rng.random() < 0.3:
        barrier(rng, image)
    return image, spots
