"""Synthetic 1080p scenes for measuring: plates 60-200 px wide, half of them double-line, on held-out
photos and drawn gates. Seeds here never meet those of training; the drawing code is the same, so
a figure from these scenes says what the network has learnt, not how a real gate looks."""

import cv2
import numpy as np

import camera
import gate
import photos
from lettering import overlay
from paste import pose, side_lengths
from scenes import IGNORE, Scenes
from synth.degrade import HARD, HEIGHT, LEGIBLE, WIDTH, full_rectangle, laid_out, legibility

SIZE = (1080, 1920)


def wanted(rng, scenes, double):
    for _ in range(200):
        worn = scenes.bank.draw(rng)
        if worn.tag == double:
            return worn
    raise RuntimeError("no plate of the wanted layout in the bank")


def scene(rng, scenes):
    """(image, marks, clear): the marks as in training, and how legible each of their plates came out."""
    h, w = SIZE
    plate_w = float(np.exp(rng.uniform(np.log(60), np.log(200))))
    marks, hung = [], []
    if rng.random() < 0.65 and scenes.photos:
        canvas = gate.ground(rng, h, w)
        photo = scenes.photo_for(rng, plate_w, 1.3)
        at = rng.uniform([0.25, 0.3], [0.75, 0.8]) * [w, h]
        spots = [(q, side_lengths(q)[0]) for q, tag, _ in scenes.view(rng, photo, canvas, plate_w, at, 0.5, 0.0, 1.0) if tag != IGNORE]
        spots = [(q.mean(0), width) for q, width in spots]
    else:
        canvas, spots = gate.gate_scene(rng, h, w, plate_w)
        spots = [(np.array([x, y]), s) for x, y, s in spots]
    for at, width in spots:
        if not (60 <= width <= 220 and 0.06 * w < at[0] < 0.94 * w and 0.08 * h < at[1] < 0.92 * h):
            continue
        worn = wanted(rng, scenes, int(rng.random() < 0.5))
        hung_width = max(60.0, width * (0.85 if worn.tag else 1.0))
        quad = pose(rng, worn.size[0] / worn.size[1], hung_width, at, 0.7)
        if any(scenes.overlaps(m[0], *quad.min(0), *(quad.max(0) - quad.min(0))) for m in marks):
            continue
        scenes.hang(rng, canvas, quad, worn.image, rng.uniform(70, 230))
        marks.append((quad, worn.tag, 1.0))
        hung.append(worn.plate)
    if rng.random() < 0.6:
        scenes.distract(rng, canvas, marks, int(rng.integers(1, 6)), 2 * plate_w)
    if rng.random() < 0.7:
        overlay(rng, canvas)
    image = camera.shoot(rng, canvas, blur_px=float(np.clip(0.02 * plate_w, 0.5, 4)))
    clear = [legible(image, quad, plate) for (quad, _, _), plate in zip(marks, hung, strict=True)]
    return image, scenes.visible(image, marks), clear


def legible(image, quad, plate):
    """How much of a plate's strokes a picture still shows (`synth.degrade.legibility`, whole plate)."""
    target = full_rectangle()
    h, w = plate.image.shape[:2]
    onto = cv2.getPerspectiveTransform(np.float32([[0, 0], [w, 0], [w, h], [0, h]]) - 0.5, target)
    cut = cv2.getPerspectiveTransform((quad - 0.5).astype(np.float32), target)
    seen = cv2.warpPerspective(image, cut, (WIDTH, HEIGHT), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    clean, boxes = laid_out(plate, onto)
    return legibility(clean, seen, boxes)[0]


def make(real, count, seed):
    """Yields (name, image, [(quad, double, legibility)], ignored quads)."""
    rng = np.random.default_rng(seed)
    pictures = photos.load(real, "dev") if real else []
    scenes = Scenes(rng, pictures, None, photos.load_negatives(real) if real else None)
    for k in range(count):
        image, marks, clear = scene(rng, scenes)
        yield (
            f"scene{k:04}",
            image,
            [(q, tag == 1, c) for (q, tag, _), c in zip(marks, clear, strict=True) if tag != IGNORE],
            [q for q, tag, _ in marks if tag == IGNORE],
        )


def recall(tally, pictures, share):
    """Recall by legibility, then by width and layout of the plates that a person can make out."""
    lost = {(name, tuple(quad.ravel())) for name, quad in tally.missed}
    rows = [
        (side_lengths(quad)[0], double, clear, (name, tuple(quad.ravel())) not in lost)
        for name, _, marks, _ in pictures
        for quad, double, clear in marks
    ]

    def part(title, wanted):
        hits = [hit for *row, hit in rows if wanted(*row)]
        print(f"  {title}: {share(sum(hits), len(hits))}")

    part("legible at once", lambda _width, _double, clear: clear >= LEGIBLE)
    part("legible with effort", lambda _width, _double, clear: HARD <= clear < LEGIBLE)
    part("hardly or not legible", lambda _width, _double, clear: clear < HARD)
    for double in (False, True):
        for low, high in ((55, 80), (80, 110), (110, 150), (150, 230)):
            part(
                f"legible, {'double' if double else 'single'} {low}-{high} px",
                lambda width, two, clear, double=double, low=low, high=high: clear >= HARD and two == double and low <= width < high,
            )
