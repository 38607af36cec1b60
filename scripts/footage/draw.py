"""Textured faces in space, drawn with smooth edges, distance haze and light."""

from functools import lru_cache

import cv2
import numpy as np

from .camera import NEAR, Camera

PAD = 2  # transparent texels round every texture, so that edges come out smooth


class Texture:
    """A premultiplied BGRA picture with its halved copies."""

    def __init__(self, image: np.ndarray):
        if image.shape[2] == 3:
            image = np.dstack([image, np.full(image.shape[:2], 255, np.uint8)])
        self.levels = [image]
        while min(self.levels[-1].shape[:2]) >= 8:
            h, w = self.levels[-1].shape[:2]
            self.levels.append(cv2.resize(self.levels[-1], (max(w // 2, 2), max(h // 2, 2)), interpolation=cv2.INTER_AREA))
        self.levels = [cv2.copyMakeBorder(level, PAD, PAD, PAD, PAD, cv2.BORDER_CONSTANT) for level in self.levels]
        self.height, self.width = image.shape[:2]

    def level_for(self, area_px: float, sharpness: float = 1.0) -> np.ndarray:
        """The smallest copy that still has sharpness texels a pixel."""
        ratio = np.sqrt(self.width * self.height / max(area_px, 1.0)) / sharpness
        return self.levels[int(np.clip(np.floor(np.log2(max(ratio, 1.0)) + 0.35), 0, len(self.levels) - 1))]


class Face:
    """A parallelogram in space: origin is the top left corner as seen from outside."""

    def __init__(self, origin, along, down, texture: Texture, side: str, fine: bool = False):
        self.origin, self.along, self.down = np.float64(origin), np.float64(along), np.float64(down)
        self.texture, self.side, self.fine = texture, side, fine

    @property
    def corners(self) -> np.ndarray:
        o, a, d = self.origin, self.along, self.down
        return np.stack([o, o + a, o + a + d, o + d])

    def placed(self, rotation: np.ndarray, shift: np.ndarray) -> "Face":
        return Face(rotation @ self.origin + shift, rotation @ self.along, rotation @ self.down, self.texture, self.side, self.fine)

    def faces(self, camera: Camera) -> bool:
        normal = np.cross(self.down, self.along)
        return float(normal @ (self.origin + (self.along + self.down) / 2 - camera.pos)) > 0


def polygon_area(points: np.ndarray) -> float:
    x, y = points[:, 0], points[:, 1]
    return abs(float(x @ np.roll(y, 1) - y @ np.roll(x, 1))) / 2


def bounds(points: np.ndarray, width: int, height: int, margin: int = 2):
    """Whole-pixel box round points inside the picture, or None."""
    x0, y0 = np.floor(points.min(0)).astype(int) - margin
    x1, y1 = np.ceil(points.max(0)).astype(int) + margin + 1
    x0, y0, x1, y1 = max(x0, 0), max(y0, 0), min(x1, width), min(y1, height)
    return (x0, y0, x1, y1) if x1 > x0 and y1 > y0 else None


def warp_face(camera: Camera, face: Face):
    """(box, premultiplied BGRA) of the face in the picture, or None when it is out of view."""
    outline = camera.clip(face.corners)
    if len(outline) < 3:
        return None
    outline = np.clip(outline, -3e4, 3e4)
    box = bounds(outline, camera.width, camera.height)
    if box is None:
        return None
    area = polygon_area(outline)
    if area < 0.5:
        return None
    scale = 3 if face.fine and area < 120000 else 1
    level = face.texture.level_for(area * scale * scale, 1.0)
    h, w = level.shape[0] - 2 * PAD, level.shape[1] - 2 * PAD
    to_st = np.array([[1 / w, 0, (0.5 - PAD) / w], [0, 1 / h, (0.5 - PAD) / h], [0, 0, 1]])
    x0, y0, x1, y1 = box
    shift = np.array([[scale, 0, (0.5 - x0) * scale - 0.5], [0, scale, (0.5 - y0) * scale - 0.5], [0, 0, 1]])
    matrix = shift @ camera.plane(face.origin, face.along, face.down) @ to_st
    size = ((x1 - x0) * scale, (y1 - y0) * scale)
    patch = cv2.warpPerspective(level, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
    if scale > 1:
        patch = cv2.resize(patch, (x1 - x0, y1 - y0), interpolation=cv2.INTER_AREA)
    if camera.depth(face.corners).min() <= NEAR:  # drop what the plane shows from behind the camera
        mask = np.zeros(patch.shape[:2], np.uint8)
        cv2.fillConvexPoly(mask, ((outline - (x0, y0)) * 16).round().astype(np.int32), 255, cv2.LINE_AA, 4)
        patch = cv2.multiply(patch, cv2.merge([mask] * 4), scale=1 / 255)
    return box, patch


def blend(image: np.ndarray, box, patch: np.ndarray) -> None:
    """Premultiplied patch over the picture, in place."""
    x0, y0, x1, y1 = box
    region = image[y0:y1, x0:x1]
    keep = cv2.cvtColor(cv2.bitwise_not(cv2.extractChannel(patch, 3)), cv2.COLOR_GRAY2BGR)
    region[:] = cv2.add(cv2.multiply(region, keep, scale=1 / 255), cv2.cvtColor(patch, cv2.COLOR_BGRA2BGR))


@lru_cache(maxsize=4096)
def _gain_table(gain: tuple, alpha_gain: float = 1.0) -> np.ndarray:
    """A look-up table that multiplies B, G, R and alpha."""
    levels = np.arange(256, dtype=np.float32)[:, None] * np.float32([*gain, alpha_gain])
    return np.clip(levels + 0.5, 0, 255).astype(np.uint8)[None]


def lit_face(camera: Camera, face: Face, gain=(1.0, 1.0, 1.0), haze=None):
    """(box, patch) ready to blend, or None. gain lights the face (BGR); haze = (colour, share) mixes in the air between."""
    if not face.faces(camera) or (found := warp_face(camera, face)) is None:
        return None
    box, patch = found
    if haze is not None and haze[1] > 0.01:
        gain = tuple(g * (1 - haze[1]) for g in gain)
    patch = cv2.LUT(patch, _gain_table(tuple(round(g, 3) for g in gain)))
    if haze is not None and haze[1] > 0.01:
        alpha = cv2.extractChannel(patch, 3)
        veil = cv2.LUT(cv2.merge([alpha] * 4), _gain_table(tuple(round(c * haze[1] / 255, 3) for c in haze[0]), 0.0))
        patch = cv2.add(patch, veil)
    return box, patch


def add_light(image: np.ndarray, centre, radius: float, sprite: np.ndarray, strength) -> None:
    """Adds a round glow (sprite 0…1) of this radius; strength is BGR at its centre."""
    box = bounds(
        np.array([[centre[0] - radius, centre[1] - radius], [centre[0] + radius, centre[1] + radius]]), image.shape[1], image.shape[0], 0
    )
    if box is None or radius < 1:
        return
    x0, y0, x1, y1 = box
    scale = 2 * radius / sprite.shape[0]
    matrix = np.array([[scale, 0, centre[0] - radius - x0 + scale / 2], [0, scale, centre[1] - radius - y0 + scale / 2]])
    glow = cv2.warpAffine(sprite, matrix, (x1 - x0, y1 - y0), flags=cv2.INTER_LINEAR)
    region = image[y0:y1, x0:x1]
    light = cv2.merge([glow * s for s in strength])
    region[:] = cv2.add(region, np.minimum(light, 255).astype(np.uint8))
