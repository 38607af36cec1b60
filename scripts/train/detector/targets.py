"""Training targets and losses on the stride-8 grid."""

import numpy as np
import torch
from torch.nn import functional as F

from grid import STRIDE
from scenes import EMPTY, IGNORE


def encode(quads, tags, trusts, h, w):
    """Marks of one picture -> heat [2,gh,gw], keep [gh,gw], corners [8,gh,gw], weight [gh,gw], size [gh,gw].

    heat is 1 at the cell of a plate's centre and falls off around it; keep is 0 where the heat loss
    must not look; weight says how much a cell's corner loss counts; size is the plate height.
    """
    gh, gw = h // STRIDE, w // STRIDE
    heat = np.zeros((2, gh, gw), np.float32)
    keep = np.ones((gh, gw), np.float32)
    corners = np.zeros((8, gh, gw), np.float32)
    weight = np.zeros((gh, gw), np.float32)
    best = np.zeros((gh, gw), np.float32)
    size = np.ones((gh, gw), np.float32)
    cx = (np.arange(gw, dtype=np.float32) + 0.5) * STRIDE
    cy = (np.arange(gh, dtype=np.float32) + 0.5) * STRIDE
    for quad, tag, trust in zip(quads, tags, trusts, strict=True):
        if tag == EMPTY:
            continue
        low, high = quad.min(0), quad.max(0)
        if tag == IGNORE:
            inside = ((cx > low[0] - 8) & (cx < high[0] + 8))[None] & ((cy > low[1] - 8) & (cy < high[1] + 8))[:, None]
            keep[inside] = 0
            continue
        centre, (w_px, h_px) = quad.mean(0), high - low
        sx, sy = max(4.5, 0.10 * w_px), max(4.5, 0.16 * h_px)
        g = np.exp(-0.5 * (((cx - centre[0]) / sx) ** 2)[None] - 0.5 * (((cy - centre[1]) / sy) ** 2)[:, None])
        row, column = min(gh - 1, int(centre[1] / STRIDE)), min(gw - 1, int(centre[0] / STRIDE))
        g[row, column] = 1.0
        np.maximum(heat[tag], g, out=heat[tag])
        keep[row, column] = 1
        near = (g > 0.45) & (g > best)
        best[near] = g[near]
        rows, columns = np.nonzero(near)
        at = np.stack([cx[columns], cy[rows]], 1)  # [n, 2]
        corners[:, rows, columns] = (quad[None] - at[:, None]).reshape(-1, 8).T
        weight[rows, columns] = g[rows, columns] * trust
        top, right = np.linalg.norm(quad[1] - quad[0]), np.linalg.norm(quad[2] - quad[1])
        left, bottom = np.linalg.norm(quad[3] - quad[0]), np.linalg.norm(quad[3] - quad[2])
        size[rows, columns] = max(4.0, 0.35 * (left + right) / 2 + 0.1 * (top + bottom) / 2)
    return heat, keep, corners, weight, size


def encode_batch(quads, tags, trusts, h, w):
    parts = [encode(q, t, s, h, w) for q, t, s in zip(quads, tags, trusts, strict=True)]
    return [torch.from_numpy(np.stack(p)) for p in zip(*parts, strict=True)]


def heat_loss(logits, heat, keep):
    """Penalty-reduced focal loss: full at centre cells, softened next to them."""
    logits = logits.float()
    p = torch.sigmoid(logits)
    peak = (heat == 1).float()
    gain = peak * (1 - p) ** 2 * F.logsigmoid(logits)
    cost = (1 - peak) * (1 - heat) ** 4 * p**2 * F.logsigmoid(-logits) * keep.unsqueeze(1)
    return -(gain.sum() + cost.sum()) / peak.sum().clamp(min=1)


def corner_loss(offsets, corners, weight, size):
    """Smooth L1 of corner errors in units of the plate's size."""
    error = (offsets - corners) / size.unsqueeze(1)
    loss = F.smooth_l1_loss(error, torch.zeros_like(error), beta=0.05, reduction="none").sum(1)
    return (loss * weight).sum() / weight.sum().clamp(min=1)
