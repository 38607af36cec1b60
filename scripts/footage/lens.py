"""What the camera adds to the view: rain before it, vignetting, exposure, sensor noise, the clock in the picture."""

import time

import cv2
import numpy as np

from .paint import text, text_width
from .stage import Clip

WEEKDAYS = "一二三四五六日"


def _rain_tiles(rng, h, w) -> list:
    tiles = []
    for _ in range(4):
        drops = np.zeros((h + 80, w + 80), np.float32)
        for count, length, strength in ((int(h * w / 2600), 0.022, 190), (int(h * w / 9000), 0.05, 330)):
            layer = np.zeros_like(drops)
            layer[rng.integers(0, h + 80, count), rng.integers(0, w + 80, count)] = strength
            size = max(5, int(h * length)) | 1
            kernel = np.zeros((size, size), np.float32)
            cv2.line(kernel, (size // 2 + size // 8, 0), (size // 2 - size // 8, size - 1), 1.0, 1, cv2.LINE_AA)
            drops += cv2.filter2D(layer, -1, kernel * (5.5 / kernel.sum() * size**0.35))
        tiles.append(cv2.merge([np.clip(cv2.GaussianBlur(drops, (0, 0), 0.9), 0, 110).astype(np.uint8)] * 3))
    return tiles


class Lens:
    def __init__(self, clip: Clip, rng: np.random.Generator):
        self.clip, self.camera, self.rng = clip, clip.camera, rng
        h, w = self.camera.height, self.camera.width
        self.rain = _rain_tiles(rng, h, w) if any("rain" in name for _, name in clip.light) else []
        self.noise = [self._noise_tile(h + 64, w + 64) for _ in range(5)]
        u = np.linspace(-1, 1, w, dtype=np.float32)[None, :]
        v = np.linspace(-1, 1, h, dtype=np.float32)[:, None] * h / w
        falloff = 1 - 0.16 * np.clip(u * u + v * v, 0, 1.4)
        self.vignette = cv2.merge([(falloff * 255).astype(np.uint8)] * 3)
        self._osd: dict = {}

    def _noise_tile(self, h, w) -> np.ndarray:
        luma = self.rng.standard_normal((h, w), dtype=np.float32)
        luma = cv2.GaussianBlur(luma, (0, 0), 0.55) * 1.6
        tile = np.empty((h, w, 3), np.float32)
        for c in range(3):
            chroma = cv2.resize(self.rng.standard_normal((h // 3, w // 3), dtype=np.float32), (w, h))
            tile[..., c] = luma + 0.5 * chroma
        return np.clip(tile * 16 + 128.5, 0, 255).astype(np.uint8)

    def look(self, image, t, index, light, busy: bool) -> np.ndarray:
        """The frame as the recorder gets it."""
        rng = np.random.default_rng((self.clip.seed, index))
        h, w = image.shape[:2]
        if light.rain > 0.02 and self.rain:
            tile = self.rain[index % len(self.rain)]
            oy, ox = (int(v) for v in rng.integers(0, 80, 2))
            image = cv2.addWeighted(image, 1.0, tile[oy : oy + h, ox : ox + w], 0.55 * light.rain, 0)
        image = cv2.multiply(image, self.vignette, scale=1 / 255)
        exposure = 1 + 0.025 * np.sin(t / 7.3) + 0.015 * np.sin(t / 2.9 + 1) - (0.05 * min(light.head, 1) if busy else 0)
        levels = np.arange(256, dtype=np.float32) / 255 * exposure
        curve = np.clip(levels * 1.06 - 0.06 * levels * levels + 0.012, 0, 1)
        image = cv2.LUT(image, (curve * 255 + 0.5).astype(np.uint8))
        tile = self.noise[int(rng.integers(len(self.noise)))]
        oy, ox = (int(v) for v in rng.integers(0, 64, 2))
        share = light.noise / 16 / 1.1
        image = cv2.addWeighted(image, 1.0, tile[oy : oy + h, ox : ox + w], share, -128.0 * share)
        self._clock(image, t)
        return image

    def _clock(self, image, t) -> None:
        second = int(self.clip.clock + t)
        if second not in self._osd:
            now = time.gmtime(second)
            words = time.strftime("%Y-%m-%d ", now) + f"星期{WEEKDAYS[now.tm_wday]} " + time.strftime("%H:%M:%S", now)
            size = self.camera.height // 30
            self._osd = {second: [(self._words(words, size), False), (self._words(self.clip.title, size), True)]}
        h, w = image.shape[:2]
        edge = h // 45
        for (ink, alpha), low in self._osd[second]:
            ph, pw = alpha.shape
            y, x = (h - edge - ph, w - edge - pw) if low else (edge, edge)
            region = image[y : y + ph, x : x + pw]
            mask = cv2.merge([alpha] * 3)
            region[:] = cv2.add(cv2.multiply(region, 255 - mask, scale=1 / 255), cv2.multiply(ink, mask, scale=1 / 255))

    @staticmethod
    def _words(words, size):
        canvas = np.zeros((int(size * 1.5), text_width(words, size, 600) + 12, 3), np.uint8)
        text(canvas, words, (6, int(size * 1.12)), size, (255, 255, 255), 600)
        rim = cv2.dilate(canvas[..., 0], np.ones((3, 3), np.uint8))
        return canvas, rim
