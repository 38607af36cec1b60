"""Ink masks of the plate characters (GA 36 shapes), loaded once and cached by cell size."""

from functools import cache, lru_cache
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

FOLDER = Path(__file__).resolve().parent.parent / "glyphs" / "characters"
FONT = "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc"

# Where a face lacks a character, the next one is tried.
FACES = {
    "single": ("140_{}", "green_{}"),
    "energy": ("green_{}", "140_{}"),
    "sans": (),
    "upper": ("220_up_{}", "220_{}", "140_{}"),
    "lower": ("220_down_{}", "220_{}", "140_{}"),
}


@cache
def _source(face: str, char: str) -> np.ndarray:
    lookup = "0" if char == "O" else char
    for pattern in FACES[face]:
        path = FOLDER / (pattern.format(lookup) + ".jpg")
        if path.exists():
            gray = cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_GRAYSCALE)
            return 255 - gray
    return _from_font(char)


def _from_font(char: str) -> np.ndarray:
    """Characters that the plate glyph set lacks come from a sans font, fitted to the cell."""
    size = 200
    image = Image.new("L", (size * 2, size * 2), 0)
    font = ImageFont.truetype(FONT, size)
    ImageDraw.Draw(image).text((size // 2, size // 2), char, fill=255, font=font)
    mask = np.asarray(image)
    ys, xs = np.nonzero(mask > 64)
    mask = mask[ys.min() : ys.max() + 1, xs.min() : xs.max() + 1]
    room = max(0, round(mask.shape[0] * 0.5) - mask.shape[1]) // 2  # a narrow 1 is not spread over the cell
    return np.pad(mask, ((0, 0), (room, room)))


@lru_cache(maxsize=4096)
def ink(face: str, char: str, width: int, height: int) -> np.ndarray:
    """Ink mask (0..255, uint8) of one character filling a cell of width x height."""
    return cv2.resize(_source(face, char), (width, height), interpolation=cv2.INTER_AREA)
