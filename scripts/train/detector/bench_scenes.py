"""Synthetic 1080p scenes for measuring: plates 60-200 px wide, half of them double-line, on held-out
photos and drawn gates. Seeds here never meet those of training; the drawing code is the same, so
a figure from these scenes says what the network has learnt, not how a real gate looks."""

import numpy as np

import camera
import gate
import photos
from lettering import overlay
from paste import pose, side_lengths
from scenes import IGNORE, Scenes

SIZE = (1080, 1920)


def wanted(rng, scenes, double):
    for _ in range(200):
        texture = scenes.bank.draw(rng)
        if texture[2] == double:
            return texture
    raise RuntimeError("no plate of the wanted layout in the bank")


def scene(rng, scenes):
    h, w = SIZE
    plate_w = float(np.exp(rng.uniform(np.log(60), np.log(200))))
    marks = []
    if rng.random() < 0.65 and scenes.photos:
        canvas = gate.ground(rng, h, w)
        photo = scenes.photo_for(rng, plate_w, 1.3)
        at = rng.uniform([0.25, 0.3], [0.75, 0.8]) * [w, h]
        spots = [(q, side_lengths(q)[0]) for q, tag, _ in scenes.view(rng, photo, canvas, plate_w, at, 0.5, 0.0, 1.0)
                 if tag != IGNORE]
        spots = [(q.mean(0), width) for q, width in spots]
    else:
        canvas, spots = gate.gate_scene(rng, h, w, plate_w)
        spots = [(np.array([x, y]), s) for x, y, s in spots]
    for at, width in spots:
        if not (60 <= width <= 220 and 0.06 * w < at[0] < 0.94 * w and 0.08 * h < at[1] < 0.92 * h):
            continue
        image, size, tag = wanted(rng, scenes, int(rng.random() < 0.5))
        width = max(60.0, width * (0.85 if tag else 1.0))
        quad = pose(rng, size[0] / size[1], width, at, 0.7)
        if any(scenes.overlaps(m[0], *quad.min(0), *(quad.max(0) - quad.min(0))) for m in marks):
            continue
        scenes.hang(rng, canvas, quad, image, rng.uniform(70, 230))
        marks.append((quad, tag, 1.0))
    if rng.random() < 0.6:
        scenes.distract(rng, canvas, marks, int(rng.integers(1, 6)), 2 * plate_w)
    if rng.random() < 0.7:
        overlay(rng, canvas)
    image = camera.shoot(rng, canvas, blur_px=float(np.clip(0.02 * plate_w, 0.5, 4)))
    return image, scenes.visible(image, marks)


def make(real, count, seed):
    """Yields (name, image, [(quad, double)], ignored quads)."""
    rng = np.random.default_rng(seed)
    pictures = photos.load(real, "dev") if real else []
    scenes = Scenes(rng, pictures, None, photos.load_negatives(real) if real else None)
    for k in range(count):
        image, marks = scene(rng, scenes)
        yield (f"scene{k:04}", image, [(q, tag == 1) for q, tag, _ in marks if tag != IGNORE],
               [q for q, tag, _ in marks if tag == IGNORE])


def by_width(tally, pictures, share):
    """Recall by plate width and layout."""
    lost = {(name, tuple(quad.ravel())) for name, quad in tally.missed}
    for double in (False, True):
        for low, high in ((55, 80), (80, 110), (110, 150), (150, 230)):
            hit = total = 0
            for name, _, marks, _ in pictures:
                for quad, is_double in marks:
                    if is_double == double and low <= side_lengths(quad)[0] < high:
                        total += 1
                        hit += (name, tuple(quad.ravel())) not in lost
            print(f"  {'double' if double else 'single'} {low}-{high} px: {share(hit, total)}")
