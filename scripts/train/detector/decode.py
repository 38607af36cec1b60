"""From the network's maps to plates: the recipe that the service follows as well."""

from dataclasses import dataclass

import cv2
import numpy as np
import onnxruntime as ort

from grid import STRIDE
from paste import side_lengths

GREY = 114


def session(path):
    """One thread, as the service runs it."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


@dataclass
class Found:
    score: float
    double: bool
    quad: np.ndarray  # TL TR BR BL in pixels of the picture that was asked about
    second: float | None = None  # heat of the second look, if one was taken


def letterbox(image, long_side=640):
    """Scale so that the long side is long_side, pad right and bottom to multiples of 32."""
    h, w = image.shape[:2]
    scale = long_side / max(h, w)
    size = (max(1, round(w * scale)), max(1, round(h * scale)))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    small = cv2.resize(image, size, interpolation=how)
    out = np.full((-(-size[1] // 32) * 32, -(-size[0] // 32) * 32, 3), GREY, np.uint8)
    out[: size[1], : size[0]] = small
    return out, (size[0] / w, size[1] / h)


def peaks(heat, corners, threshold):
    """Cells above the threshold that are the greatest of their 3x3 neighbourhood, both channels
    taken together. Best first: (score, double, quad in input px)."""
    best = heat.max(axis=0)
    crest = cv2.dilate(best, np.ones((3, 3), np.uint8))
    found = []
    for row, column in zip(*np.nonzero((best >= threshold) & (best == crest)), strict=True):
        at = (np.array([column, row], np.float32) + 0.5) * STRIDE
        quad = corners[:, row, column].reshape(4, 2) + at
        found.append((float(best[row, column]), bool(heat[1, row, column] > heat[0, row, column]), quad))
    return sorted(found, key=lambda f: -f[0])


def suppress(found):
    """Drop a plate whose centre lies in the box of a better one, or the other way round."""
    kept = []
    for item in found:
        centre, low, high = item.quad.mean(0), item.quad.min(0), item.quad.max(0)
        for other in kept:
            c, a, b = other.quad.mean(0), other.quad.min(0), other.quad.max(0)
            if ((centre > a) & (centre < b)).all() or ((c > low) & (c < high)).all():
                break
        else:
            kept.append(item)
    return kept


def first_look(run, image, threshold=0.3, long_sides=(640,)):
    found = []
    for long_side in long_sides:
        view, (sx, sy) = letterbox(image, long_side)
        heat, corners = run.run(["heat", "corners"], {"image": view[None]})
        for score, double, quad in peaks(heat[0], corners[0], threshold):
            found.append(Found(score, double, quad / np.float32([sx, sy])))
    return suppress(sorted(found, key=lambda f: -f.score))


def window(quad, factor, size):
    """Axis-aligned window of the given aspect round a plate: (x, y, w, h) in picture px."""
    low, high = quad.min(0), quad.max(0)
    w, h = high - low
    width = factor * max(w, h * size[0] / size[1])
    height = width * size[1] / size[0]
    x, y = (low + high) / 2 - np.array([width, height]) / 2
    return x, y, width, height


def second_look(run, image, found, factor=2.2, size=(192, 96), threshold=0.2):
    """Run the network again on a window round each plate and take its corners from there.
    A plate whose window shows nothing keeps its first corners and gets second = 0."""
    views, places = [], []
    for item in found:
        x, y, w, h = window(item.quad, factor, size)
        m = np.float64([[size[0] / w, 0, -x * size[0] / w], [0, size[1] / h, -y * size[1] / h]])
        half = np.float64([m[0, 0] * 0.5 - 0.5, m[1, 1] * 0.5 - 0.5])
        step = w / size[0]
        source = image
        if step > 2:  # shrink first: bilinear sampling alone would skip pixels
            k = 1 / int(step)
            source = cv2.resize(image, None, fx=k, fy=k, interpolation=cv2.INTER_AREA)
            kx, ky = source.shape[1] / image.shape[1], source.shape[0] / image.shape[0]
            m[0, 0], m[1, 1] = m[0, 0] / kx, m[1, 1] / ky
            half = np.float64([m[0, 0] * 0.5 - 0.5, m[1, 1] * 0.5 - 0.5])
        warp = m.copy()
        warp[:, 2] += half
        views.append(
            cv2.warpAffine(source, warp, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=(GREY, GREY, GREY))
        )
        places.append((x, y, w, h))
    if not views:
        return found
    heat, corners = run.run(["heat", "corners"], {"image": np.stack(views)})
    for item, (x, y, w, h), one_heat, one_corners in zip(found, places, heat, corners, strict=True):
        best, item.second = None, 0.0
        for score, double, quad in peaks(one_heat, one_corners, threshold):
            placed = quad * np.float32([w / size[0], h / size[1]]) + np.float32([x, y])
            off = np.abs(placed.mean(0) - item.quad.mean(0)) / np.maximum(side_lengths(item.quad), 1)
            if off.max() < 0.6 and (best is None or score > best[0]):
                best = (score, double, placed)
        if best:
            item.second, item.double, item.quad = best
    return found
