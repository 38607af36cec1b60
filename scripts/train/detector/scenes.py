"""Training pictures for the detector: real photos and drawn gates, with real and synthetic plates.

`Scenes.sample(rng, shape, kind)` gives (image uint8 HxWx3 RGB, quads [MAX, 4, 2], tags [MAX], trust [MAX]):
tag 0 single-line, 1 double-line, IGNORE a region to leave out of the loss, EMPTY unused; trust
weighs the corner loss (real marks are +-3 px, edges of pasted crops unknown).
"""

import sys
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import camera
import gate
from lettering import board, overlay, structure_sprite, tape, text_sprite
from paste import TURN, beside, box, brightness, erase, fit_quad, grow, paste, pose, side_lengths
from synth.plates import Plate, render_plate
from synth.surface import bleach, weather

MAX = 16
IGNORE, EMPTY = -1, -9
KINDS = {"wide": (384, 640), "square": (320, 320), "look": (96, 192)}


@dataclass
class Worn:
    """A plate as it hangs on a vehicle, and the clean one that it was."""

    image: np.ndarray
    plate: Plate

    @property
    def size(self):
        """Width and height in mm."""
        return self.plate.image.shape[1], self.plate.image.shape[0]

    @property
    def tag(self):
        return int(self.plate.layout == "double")


class PlateBank:
    """Worn plates to paste, renewed one by one so that the set never grows stale."""

    def __init__(self, rng, size=300):
        self.plates, self.size = [], size
        for _ in range(size):
            self.plates.append(self.make(rng))

    @staticmethod
    def make(rng):
        plate = render_plate(rng)
        image = cv2.resize(plate.image, None, fx=0.8, fy=0.8, interpolation=cv2.INTER_AREA)
        image = weather(rng, image)
        if rng.random() < 0.12:
            image = bleach(rng, image)
        return Worn(np.clip(image, 0, 255).astype(np.uint8), plate)

    def draw(self, rng):
        if rng.random() < 0.3:
            self.plates[int(rng.integers(self.size))] = self.make(rng)
        # Two-row plates are drawn more often than the generator's share: the photos have none.
        chosen = self.plates[int(rng.integers(self.size))]
        if chosen.tag == 0 and rng.random() < 0.3:
            chosen = self.plates[int(rng.integers(self.size))]
        return chosen


class Scenes:
    def __init__(self, rng, photos, crops=None, negatives=None, turned=0.0, stacked=0.0, bodies=0.0, rare=()):
        """Shares of pictures and of pasted plates that are rolled far (`turned`), have another plate or a board
        hanging at them (`stacked`), or hang on something of their own colour (`bodies`). `rare`: photos that
        are taken as often as a fifth of all."""
        self.photos, self.crops, self.negatives, self.turned = list(photos), crops, negatives or [], turned
        self.stacked, self.bodies = stacked, bodies
        if rare:
            self.photos += list(rare) * max(1, round(len(photos) / 4 / len(rare)))
        photos = self.photos
        self.bank = PlateBank(rng)
        self.widths = [max((side_lengths(p.quad)[0] for p in photo.plates), default=100) for photo in photos]

    # -- what hangs on the canvas ---------------------------------------------------------------

    def texture(self, rng):
        """(RGB, size mm, tag, trust) of a plate to paste: mostly synthetic, sometimes a real crop."""
        if self.crops and rng.random() < 0.18:
            kind = "yellow" if rng.random() < 0.5 else "other"
            crop = self.crops[kind][int(rng.integers(len(self.crops[kind])))]
            return crop, (440, 140), 0, 0.0
        worn = self.bank.draw(rng)
        return worn.image, worn.size, worn.tag, 1.0

    def hang(self, rng, image, quad, texture, level, body=False):
        """Paste a plate at a quad, with surround, and light matched to `level` (90th percentile).
        body: nothing else is near, so that it may be painted over."""
        height = side_lengths(quad)[1]
        own = float(np.percentile(texture[::4, ::4].mean(axis=2), 90)) + 1
        gain = np.clip(level * rng.uniform(0.75, 1.3) / own, 0.2, 1.7)
        if body and rng.random() < self.bodies:
            # The plate's own ground is its most frequent colour: a bus or a cabin painted like it.
            paint = np.median(texture[::4, ::4].reshape(-1, 3), axis=0) * gain * rng.uniform(0.8, 1.2) + rng.normal(0, 9, 3)
            round_it = grow(quad, rng.uniform(1.3, 4), rng.uniform(1.6, 6))
            cv2.fillConvexPoly(image, np.round(round_it).astype(np.int32), np.clip(paint, 0, 255).tolist(), cv2.LINE_AA)
        if rng.random() < 0.4:
            rim = grow(quad, rng.uniform(1.02, 1.12), rng.uniform(1.05, 1.35))
            cv2.fillConvexPoly(image, np.round(rim).astype(np.int32), gate.colour(rng, 5, 140), cv2.LINE_AA)
        if rng.random() < 0.15:  # headlamps on a retroreflective plate
            gain = rng.uniform(1.2, 2.0)
        soft = rng.uniform(0, 0.05) * height if rng.random() < 0.6 else 0.0
        tint = rng.uniform(0.88, 1.12, 3).astype(np.float32)
        paste(rng, image, texture, quad, np.float32(gain) * tint, min(soft, 2.5))

    def stack(self, rng, image, marks, quad, size, level):
        """Hang another plate, or a board that is none, right above or below the plate at `quad`."""
        if rng.random() >= self.stacked:
            return
        gap = float(rng.choice([0, rng.uniform(0, 60)])) * (1 if rng.random() < 0.75 else -1) - 0.01 * (rng.random() < 0.25)
        texture, other, tag, trust = self.texture(rng)
        plate = rng.random() < 0.5
        if not plate:
            texture, other = board(rng)
        there = beside(quad, size, other, gap)
        low, high = there.min(0) + 1, there.max(0) - 1
        if any(self.overlaps(m[0], *low, *(high - low)) for m in marks if m[0] is not quad):
            return
        self.hang(rng, image, there, texture, level * rng.uniform(0.8, 1.2))
        if plate:
            marks.append((there, tag, trust))

    def distract(self, rng, image, marks, count, scale):
        """Scatter plate-like things, away from the plates."""
        h, w = image.shape[:2]
        for _ in range(count):
            kind = rng.random()
            if kind < 0.6:
                sprite, alpha = text_sprite(rng)
            elif kind < 0.8 or not self.negatives:
                sprite, alpha = structure_sprite(rng)
            else:
                sprite = self.negatives[int(rng.integers(len(self.negatives)))]
                alpha = np.full(sprite.shape[:2], 255, np.uint8)
            bw = scale * rng.uniform(0.5, 2.5)
            bh = min(bw * sprite.shape[0] / sprite.shape[1] * rng.uniform(0.7, 1.4), h * 0.8)
            x, y = rng.uniform(-bw / 3, w - bw / 2), rng.uniform(-bh / 3, h - bh / 2)
            if any(
                q[:, 0].min() < x + bw + 2 and q[:, 0].max() > x - 2 and q[:, 1].min() < y + bh + 2 and q[:, 1].max() > y - 2
                for q, _, _ in marks
            ):
                continue
            gate.blit(image, sprite, alpha, x, y, bw, bh, rng.uniform(0.6, 1.0))

    def tapes(self, rng, image, marks, scale):
        """Rows of reflective blocks, where no plate is."""
        h, w = image.shape[:2]
        light = float(np.percentile(image[::8, ::8].mean(axis=2), 90)) / 230
        for _ in range(int(rng.integers(1, 4))):
            for quad, colour in tape(rng, h, w, scale * np.exp(rng.uniform(np.log(0.35), np.log(1.5)))):
                low, high = quad.min(0) - 2, quad.max(0) + 2
                if not any(self.overlaps(m[0], *low, *(high - low)) for m in marks):
                    shade = [c * min(1.0, light * 1.1) for c in colour]
                    cv2.fillConvexPoly(image, np.round(quad).astype(np.int32), shade, cv2.LINE_AA)

    # -- canvases -------------------------------------------------------------------------------

    def view(self, rng, photo, canvas, target_w, at, jitter=1.0, replace=0.45, drop=0.12):
        """Warp a photo so that one of its plates is target_w px wide at `at`; real plates stay,
        give way to synthetic ones, or vanish. Returns the marks; draws into canvas."""
        h, w = canvas.shape[:2]
        main = photo.plates[int(rng.integers(len(photo.plates)))] if photo.plates else None
        quad = main.quad if main else np.float32([[0, 0], [100, 0], [100, 30], [0, 30]])
        scale = target_w / side_lengths(quad)[0]
        level = int(np.clip(np.floor(-np.log2(max(scale, 1e-3)) + 0.35), 0, len(photo.levels) - 1))
        source = photo.levels[level]
        angle = rng.normal(0, 0.05) * jitter
        if self.turned and rng.random() < self.turned:
            angle = rng.uniform(-TURN, TURN)
        sx, shear = scale * np.exp(rng.normal(0, 0.06) * jitter), rng.normal(0, 0.04) * jitter
        c, s = np.cos(angle), np.sin(angle)
        a = np.array([[c, -s], [s, c]]) @ np.array([[sx, shear * scale], [0, scale]])
        m = np.eye(3)
        m[:2, :2], m[:2, 2] = a, np.asarray(at) - a @ quad.mean(0)
        m[2, :2] = rng.normal(0, 0.06, 2) * jitter / max(h, w) if jitter else 0
        m = m if m[2, 2] == 1 else m / m[2, 2]
        shrink = np.diag([photo.levels[0].shape[1] / source.shape[1], photo.levels[0].shape[0] / source.shape[0], 1.0])
        half, unhalf = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1]]), np.array([[1, 0, -0.5], [0, 1, -0.5], [0, 0, 1]])
        cv2.warpPerspective(
            source, unhalf @ m @ shrink @ half, (w, h), dst=canvas, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_TRANSPARENT
        )
        marks = []
        for quad in photo.ignore:
            marks.append((cv2.perspectiveTransform(quad[None].astype(np.float32), m)[0], IGNORE, 0.0))
        for plate in photo.plates:
            quad = cv2.perspectiveTransform(plate.quad[None].astype(np.float32), m)[0]
            fate = rng.random()
            if fate < replace:
                texture, size, tag, trust = self.texture(rng)
                level = brightness(canvas, quad)
                if size[0] / size[1] < 2.5 or rng.random() < 0.6:
                    erase(rng, canvas, quad)
                old = (480, 140) if plate.row["color"] == "green" else (440, 140)
                quad = fit_quad(quad, old, size)
                quad = quad + rng.normal(0, 0.02, (4, 2)).astype(np.float32) * side_lengths(quad)[1]
                self.hang(rng, canvas, quad, texture, level, body=len(photo.plates) == 1 and not photo.ignore)
                marks.append((quad, tag, trust))
                self.stack(rng, canvas, marks, quad, size, level)
            elif fate < replace + drop:
                erase(rng, canvas, quad)
            else:
                tag = {"single": 0, "double": 1}.get(plate.row["layout"], IGNORE)
                marks.append((quad, tag, 1.0 if plate.exact else 0.4))
                if tag == 0:
                    self.stack(rng, canvas, marks, quad, (440, 140), brightness(canvas, quad))
        return marks

    def backdrop(self, rng, h, w, plate_w):
        """Something to fill the canvas before photos are laid on it."""
        if rng.random() < 0.35:
            return np.full((h, w, 3), 114 if rng.random() < 0.6 else rng.integers(0, 255), np.uint8)
        return gate.gate_scene(rng, h, w, plate_w)[0]

    def photo_for(self, rng, target_w, most=2.2):
        """A photo whose plate need not be enlarged too much."""
        for _ in range(8):
            i = int(rng.integers(len(self.photos)))
            if target_w <= most * self.widths[i]:
                break
        return self.photos[i]

    def sample(self, rng, kind):
        h, w = KINDS[kind]
        image, marks, smallest = self.look(rng, h, w) if kind == "look" else self.scene(rng, h, w)
        if rng.random() < 0.3 and kind != "look":
            overlay(rng, image)
        image = camera.shoot(rng, image, blur_px=np.clip(0.028 * smallest, 0.5, 4.0))
        return image, *self.pack(self.visible(image, marks), h, w)

    @staticmethod
    def visible(image, marks):
        """A plate drowned in dark or light must not teach that blank boards are plates."""
        kept = []
        for quad, given, trust in marks:
            tag, area = given, box(quad, image.shape, 0)
            if tag != IGNORE and area is not None:
                x0, y0, x1, y1 = area
                f = max(1, min((x1 - x0) // 40, y1 - y0))
                grey = image[y0:y1, x0:x1].mean(axis=2)
                if f > 1:
                    grey = cv2.resize(grey, None, fx=1 / f, fy=1 / f, interpolation=cv2.INTER_AREA)
                if grey.std() < 5.0:
                    tag = IGNORE
            kept.append((quad, tag, trust))
        return kept

    def scene(self, rng, h, w):
        mode = rng.random()
        if mode < 0.30:  # the photo as a user hands it in: whole, letterboxed
            photo = self.photos[int(rng.integers(len(self.photos)))]
            ph, pw = photo.levels[0].shape[:2]
            fit = min(h / ph, w / pw) * rng.uniform(0.85, 1.05)
            quad = photo.plates[0].quad
            canvas = np.full((h, w, 3), 114, np.uint8)
            plate_w = side_lengths(quad)[0] * fit
            marks = self.view(rng, photo, canvas, plate_w, quad.mean(0) * fit + rng.uniform(0, 4, 2), jitter=0.3)
        elif mode < 0.62:  # part of a photo at any scale
            plate_w = float(np.exp(rng.uniform(np.log(14), np.log(0.85 * w))))
            photo = self.photo_for(rng, plate_w)
            canvas = self.backdrop(rng, h, w, plate_w)
            at = rng.uniform([0.05, 0.1], [0.95, 0.95]) * [w, h]
            marks = self.view(rng, photo, canvas, plate_w, at)
        elif mode < 0.80:  # several small pictures on one canvas
            plate_w, marks = float(np.exp(rng.uniform(np.log(14), np.log(70)))), []
            canvas = self.backdrop(rng, h, w, plate_w)
            for _ in range(int(rng.integers(2, 6))):
                th, tw = int(h * rng.uniform(0.3, 0.7)), int(w * rng.uniform(0.3, 0.6))
                y, x = int(rng.uniform(0, h - th)), int(rng.uniform(0, w - tw))
                inside = [m for m in marks if self.overlaps(m[0], x, y, tw, th)]
                if inside:
                    continue
                tile = np.ascontiguousarray(canvas[y : y + th, x : x + tw])
                part_w = plate_w * rng.uniform(0.7, 1.4)
                found = self.view(rng, self.photo_for(rng, part_w), tile, part_w, rng.uniform(0.2, 0.8, 2) * [tw, th])
                canvas[y : y + th, x : x + tw] = tile
                for quad, tag, trust in self.clip(found, th, tw):
                    marks.append((quad + np.float32([x, y]), tag, trust))
        else:  # drawn gate
            plate_w = float(np.exp(rng.uniform(np.log(14), np.log(0.35 * w))))
            canvas, spots = gate.gate_scene(rng, h, w, plate_w)
            marks = []
            for cx, cy, sw in spots:
                if rng.random() < 0.85:
                    self.free_plate(rng, canvas, marks, (cx, cy), max(14.0, sw))
        if rng.random() < 0.35:  # further plates anywhere
            for _ in range(int(rng.integers(1, 4))):
                self.free_plate(
                    rng,
                    canvas,
                    marks,
                    rng.uniform([0.05, 0.05], [0.95, 0.95]) * [w, h],
                    float(np.exp(rng.uniform(np.log(14), np.log(110)))),
                )
        if rng.random() < 0.5:
            self.distract(rng, canvas, marks, int(rng.integers(1, 7)), max(20.0, min(plate_w, w / 4)))
        if rng.random() < 0.3:
            self.tapes(rng, canvas, marks, max(20.0, min(plate_w, w / 5)))
        return canvas, marks, min([side_lengths(m[0])[0] for m in marks], default=60.0)

    def free_plate(self, rng, canvas, marks, centre, width):
        texture, size, tag, trust = self.texture(rng)
        quad = pose(rng, size[0] / size[1], width * (1 if tag == 0 else rng.uniform(0.7, 1.0)), centre, turned=self.turned)
        low, high = quad.min(0) - 2, quad.max(0) + 2
        if any(self.overlaps(m[0], low[0], low[1], *(high - low)) for m in marks):
            return
        level = rng.uniform(60, 230)
        self.hang(rng, canvas, quad, texture, level, body=not marks)
        marks.append((quad, tag, trust))
        self.stack(rng, canvas, marks, quad, size, level)

    @staticmethod
    def overlaps(quad, x, y, w, h):
        low, high = quad.min(0), quad.max(0)
        return low[0] < x + w and high[0] > x and low[1] < y + h and high[1] > y

    def look(self, rng, h, w):
        """The window of the second look: a plate near the middle, about 1/2.2 of the view wide."""
        zoom = float(np.clip(np.exp(rng.normal(np.log(2.1), 0.22)), 1.15, 3.6))
        plate_w = w / zoom
        at = np.array([w, h]) * (0.5 + rng.normal(0, [0.06, 0.08]))
        if rng.random() < 0.12:  # drawn surroundings
            canvas, marks = gate.ground(rng, h, w), []
            if rng.random() < 0.8:
                self.free_plate(rng, canvas, marks, at, plate_w)
        else:
            photo = self.photo_for(rng, plate_w, 1.6)
            canvas = np.full((h, w, 3), 114, np.uint8)
            marks = self.view(rng, photo, canvas, plate_w, at, replace=0.5, drop=0.08)
        if rng.random() < 0.3:
            self.distract(rng, canvas, marks, int(rng.integers(1, 3)), plate_w)
        if rng.random() < 0.3:
            self.tapes(rng, canvas, marks, plate_w)
        return canvas, marks, plate_w * rng.uniform(0.4, 1.0)

    # -- packing --------------------------------------------------------------------------------

    @staticmethod
    def clip(marks, h, w):
        """Plates mostly outside the canvas become regions to ignore, or nothing."""
        kept = []
        for quad, given, trust in marks:
            tag, low, high = given, quad.min(0), quad.max(0)
            size = np.maximum(high - low, 1e-3)
            seen = np.prod(np.clip(np.minimum(high, [w, h]) - np.maximum(low, 0), 0, None) / size)
            if seen <= 0.02:
                continue
            centre = quad.mean(0)
            if tag != IGNORE and (seen < 0.7 or not (0 <= centre[0] < w and 0 <= centre[1] < h)):
                tag = IGNORE
            if tag != IGNORE and side_lengths(quad)[0] < 11:
                tag = IGNORE
            kept.append((quad, tag, trust))
        return kept

    def pack(self, marks, h, w):
        quads, tags, trusts = np.zeros((MAX, 4, 2), np.float32), np.full(MAX, EMPTY, np.int8), np.zeros(MAX, np.float32)
        for i, (quad, tag, trust) in enumerate(self.clip(marks, h, w)[:MAX]):
            quads[i], tags[i], trusts[i] = quad, tag, trust
        return quads, tags, trusts
