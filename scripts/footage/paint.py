"""Small drawing helpers for textures, all in metres on a canvas of PPM pixels a metre."""

import cv2
import numpy as np

PPM = 240
FONT = cv2.FontFace("uni")


def text(image, words: str, at, size_px: int, tone, weight: int = 400) -> None:
    """Words with their base line's left end at the pixel position at."""
    cv2.putText(image, words, (int(at[0]), int(at[1])), tone, FONT, int(size_px), weight)


def text_width(words: str, size_px: int, weight: int = 400) -> int:
    return int(cv2.getTextSize((10, 10), words, (0, 0), FONT, int(size_px), weight)[2])


def mottle(rng, h: int, w: int, cells: int, depth: float = 1.0) -> np.ndarray:
    """Smooth noise -depth…depth with about cells blobs across the longer side."""
    longer = max(h, w)
    small = rng.random((max(2, cells * h // longer + 2), max(2, cells * w // longer + 2)), dtype=np.float32)
    return (cv2.resize(small, (w, h), interpolation=cv2.INTER_CUBIC) * 2 - 1) * depth


class Canvas:
    """BGRA picture of a face width x height metres; y counts up from the lower edge, x from the left."""

    def __init__(self, width: float, height: float, ppm: int = PPM):
        self.w, self.h, self.ppm = width, height, ppm
        self.image = np.zeros((max(round(height * ppm), 4), max(round(width * ppm), 4), 3), np.uint8)
        self.alpha = np.zeros(self.image.shape[:2], np.uint8)

    def px(self, x: float, y: float) -> tuple[int, int]:
        return round(x * self.ppm), round((self.h - y) * self.ppm)

    def rect(self, x0, y0, x1, y1, tone, round_m: float = 0.0, line: float = 0.0) -> None:
        (ax, by), (bx, ay) = self.px(x0, y0), self.px(x1, y1)
        r = min(round(round_m * self.ppm), (bx - ax) // 2, (by - ay) // 2)
        for target, value in ((self.image, tone), (self.alpha, 255)):
            if line:
                cv2.rectangle(target, (ax, ay), (bx, by), value, max(1, round(line * self.ppm)), cv2.LINE_AA)
                continue
            if r <= 0:
                cv2.rectangle(target, (ax, ay), (bx, by), value, -1)
                continue
            cv2.rectangle(target, (ax + r, ay), (bx - r, by), value, -1)
            cv2.rectangle(target, (ax, ay + r), (bx, by - r), value, -1)
            for cx in (ax + r, bx - r):
                for cy in (ay + r, by - r):
                    cv2.circle(target, (cx, cy), r, value, -1, cv2.LINE_AA)

    def poly(self, points, tone) -> None:
        pixels = np.array([self.px(x, y) for x, y in points], np.int32)
        cv2.fillPoly(self.image, [pixels], tone, cv2.LINE_AA)
        cv2.fillPoly(self.alpha, [pixels], 255, cv2.LINE_AA)

    def disc(self, x, y, radius, tone, clear: bool = False) -> None:
        centre, r = self.px(x, y), max(1, round(radius * self.ppm))
        cv2.circle(self.image, centre, r, tone, -1, cv2.LINE_AA)
        cv2.circle(self.alpha, centre, r, 0 if clear else 255, -1, cv2.LINE_AA)

    def words(self, x, y, words: str, size_m: float, tone, weight: int = 400) -> None:
        """Centred at x, base line at y."""
        size = max(6, round(size_m * self.ppm))
        left, base = self.px(x, y)
        text(self.image, words, (left - text_width(words, size, weight) // 2, base), size, tone, weight)

    def shade(self, y0, y1, gain0, gain1) -> None:
        """A vertical ramp of brightness over all that is drawn between the heights y0 < y1."""
        top, bottom = max(self.px(0, y1)[1], 0), min(self.px(0, y0)[1], len(self.image))
        if bottom > top:
            ramp = np.linspace(gain1, gain0, bottom - top, dtype=np.float32)[:, None, None]
            part = self.image[top:bottom]
            part[:] = np.clip(part * ramp, 0, 255).astype(np.uint8)

    def grime(self, rng, strength: float, low: float = 1.2) -> None:
        """Road dust: a little everywhere, more below the height low."""
        h, w = self.alpha.shape
        height = np.linspace(self.h, 0, h, dtype=np.float32)[:, None]
        film = 0.10 + 0.9 * np.clip(1 - height / low, 0, 1)
        film = np.clip(film * (0.55 + 0.35 * mottle(rng, h, w, 9) + 0.25 * mottle(rng, h, w, 60)), 0, 1) * strength
        dust = np.float32([112, 128, 138])
        self.image = np.clip(
            self.image * (1 - film[..., None]) + dust * film[..., None] + mottle(rng, h, w, 240, 4.0)[..., None], 0, 255
        ).astype(np.uint8)

    def done(self) -> np.ndarray:
        return np.dstack([cv2.multiply(self.image, cv2.merge([self.alpha] * 3), scale=1 / 255), self.alpha])
