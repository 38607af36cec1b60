"""Everything at the gate that does not move: sky, far buildings, trees, fence, booth, signs; lit per kind of light."""

import cv2
import numpy as np

from .camera import Camera
from .draw import Face, Texture, blend, warp_face
from .ground import paint_ground
from .light import LAMP_TONE, Light, lamps_at
from .paint import Canvas, mottle

BRICK, RENDER, STEEL = (78, 96, 150), (176, 196, 206), (150, 150, 148)


def _wall(w, h, tone, rng, windows=0, rows=1, name="") -> np.ndarray:
    c = Canvas(w, h, 64 if w < 12 else 32)
    c.rect(0, 0, w, h, tone)
    c.rect(0, 0, w, 0.5, tuple(int(v * 0.7) for v in tone))
    c.rect(0, h - 0.25, w, h, tuple(int(v * 0.8) for v in tone))
    for row in range(rows):
        for i in range(windows):
            x = (i + 0.5) * w / windows
            y = 0.9 + row * (h - 0.6) / rows
            half = w / windows * 0.3
            c.rect(x - half, y, x + half, y + (h - 0.8) / rows * 0.55, (120, 104, 84))
            c.rect(x - 0.04, y, x + 0.04, y + (h - 0.8) / rows * 0.55, (200, 200, 200))
    if name:
        c.words(w / 2, h * 0.8, name, h * 0.13, (40, 40, 180), 700)
    c.grime(rng, 0.35, 1.5)
    return c.done()


def _tree(rng, w=4.0, h=6.0) -> np.ndarray:
    c = Canvas(w, h, 48)
    c.rect(w / 2 - 0.13, 0, w / 2 + 0.13, h * 0.5, (52, 66, 84))
    for _ in range(260):
        a, r = rng.uniform(0, 2 * np.pi), np.sqrt(rng.random())
        x, y = w / 2 + np.cos(a) * r * w * 0.42, h * 0.66 + np.sin(a) * r * h * 0.3
        shade = 0.55 + 0.6 * (y / h) * rng.random() + 0.15 * rng.random()
        c.disc(x, y, rng.uniform(0.12, 0.3), tuple(int(v * shade) for v in (52, 112, 78)))
    return c.done()


def _sign(lines, w, h, ground, ink, frame=None, sizes=None) -> np.ndarray:
    c = Canvas(w, h, 300)
    c.rect(0, 0, w, h, ground, 0.03)
    if frame:
        c.rect(0.025, 0.025, w - 0.025, h - 0.025, frame, 0, 0.012)
    step = h / (len(lines) + 0.3)
    for i, line in enumerate(lines):
        c.words(w / 2, h - step * (i + 1.0) + step * 0.05, line, (sizes or [step * 0.78] * 9)[i], ink, 700)
    return c.done()


def _post(h, tone=(150, 150, 150), w=0.09) -> np.ndarray:
    c = Canvas(w, h, 120)
    c.rect(0, 0, w, h, tone)
    return c.done()


def _upright(x, z, w, h, picture, y=0.0) -> Face:
    return Face((x, y + h, z), (w, 0, 0), (0, -h, 0), Texture(picture), "front")


def _side_wall(x, z0, z1, h, picture, faces_right: bool) -> Face:
    if faces_right:
        return Face((x, h, z0), (0, 0, z1 - z0), (0, -h, 0), Texture(picture), "side")
    return Face((x, h, z1), (0, 0, z0 - z1), (0, -h, 0), Texture(picture), "side")


def furniture(rng, site: dict) -> list:
    """Static faces, far to near."""
    faces = []
    faces.append(_upright(-46, 92, 52, 13, _wall(52, 13, RENDER, rng, 14, 3, site["works"])))
    faces.append(_upright(12, 98, 40, 17, _wall(40, 17, (158, 160, 158), rng, 10, 4)))
    for x in (-8.0, 22.0):
        c = Canvas(2.4, 26, 16)
        c.poly([(0.3, 0), (0.75, 26), (1.65, 26), (2.1, 0)], (130, 140, 160))
        for i in range(3):
            c.rect(0.6, 23 - i * 3, 1.8, 24.2 - i * 3, (60, 60, 190))
        faces.append(_upright(x, 104, 2.4, 26, c.done()))
    faces.append(_upright(-60, 80, 120, 2.2, _wall(120, 2.2, BRICK, rng)))
    for x in (-30, -23, -15.5, -9, 11, 17, 25, 33):
        faces.append(_upright(x + rng.uniform(-1, 1), 76 + rng.uniform(-1, 1), 5, 7.5, _tree(rng, 5, 7.5)))
    for z in (44.0, 34.0, 25.5):
        faces.append(_upright(-9.5 + rng.uniform(-0.4, 0.4), z, 4, 6, _tree(rng)))
        faces.append(_upright(10.5 + rng.uniform(-0.4, 0.4), z + 3, 4, 6, _tree(rng)))
        faces.append(_upright(-3.1, z - 5, 0.1, 6.5, _post(6.5)))
        c = Canvas(1.2, 0.22, 120)
        c.rect(0, 0.05, 1.2, 0.12, (150, 150, 150))
        c.rect(0.7, 0.0, 1.2, 0.14, (210, 214, 216))
        faces.append(_upright(-3.05, z - 5, 1.2, 0.22, c.done(), 6.3))
    booth_z, booth_x = site["line_z"] + 4.2, -3.05
    faces.append(_side_wall(booth_x, booth_z, booth_z + 3.2, 2.8, _wall(3.2, 2.8, (196, 204, 208), rng, 2), True))
    front = Canvas(2.2, 2.8, 120)
    front.rect(0, 0, 2.2, 2.8, (190, 200, 206))
    front.rect(0, 2.5, 2.2, 2.8, (150, 70, 40))
    front.words(1.1, 2.56, "门 卫", 0.2, (240, 240, 240), 700)
    front.rect(0.25, 1.1, 1.95, 2.2, (96, 84, 70))
    front.rect(1.08, 1.1, 1.13, 2.2, (220, 220, 220))
    front.rect(0, 0, 2.2, 0.4, (110, 110, 110))
    front.grime(rng, 0.4, 1.2)
    faces.append(_upright(booth_x - 2.2, booth_z, 2.2, 2.8, front.done()))
    for x, z, w, h, y, lines, ground, ink, sizes in site["signs"]:
        faces.append(_upright(x + w / 2 - 0.04, z + 0.02, 0.08, y + h, _post(y + h, w=0.08)))
        faces.append(_upright(x, z, w, h, _sign(lines, w, h, ground, ink, ink, sizes), y))
    cabinet = Canvas(0.42, 1.12)
    cabinet.rect(0, 0, 0.42, 1.12, (36, 120, 226), 0.04)
    cabinet.rect(0.06, 0.62, 0.36, 0.9, (40, 40, 40), 0.02)
    cabinet.grime(rng, 0.4, 0.8)
    faces.append(_upright(site["arm_x"] - 0.21, site["arm_z"] + 0.02, 0.42, 1.12, cabinet.done()))
    return faces


class Scene:
    """The lane's empty picture under any light, and the haze and lamp figures that vehicles need."""

    def __init__(self, camera: Camera, site: dict, seed: int):
        self.camera, self.site = camera, site
        rng = np.random.default_rng(seed)
        twice = camera.scaled(2)
        x, z, below = camera.ground()
        albedo = paint_ground(x, z, rng, site["line_z"], camera.focal)
        albedo[~below] = 0
        grow = lambda a: cv2.resize(a, (twice.width, twice.height), interpolation=cv2.INTER_LINEAR)
        albedo, x, z = grow(albedo), grow(x), grow(z)
        below = grow(below.astype(np.float32)) > 0.5
        solid = below.astype(np.float32)
        z_map, x_map = np.where(below, z, 500.0).astype(np.float32), x
        self.items, self._before = [], {}
        picture = np.clip(albedo, 0, 255).astype(np.uint8)
        for face in furniture(rng, site):
            if not face.faces(twice) or (found := warp_face(twice, face)) is None:
                continue
            (x0, y0, x1, y1), patch = found
            if face.side == "side":
                patch = cv2.multiply(patch, (0.82, 0.82, 0.82, 1.0))
            blend(picture, (x0, y0, x1, y1), patch)
            self.items.append((float(face.corners[:, 2].min()), (x0, y0, x1, y1), cv2.extractChannel(patch, 3)))
            alpha = patch[..., 3].astype(np.float32) / 255
            middle = face.corners.mean(0)
            for target, value in ((z_map, middle[2]), (x_map, middle[0]), (solid, 1.0)):
                part = target[y0:y1, x0:x1]
                part[:] = part * (1 - alpha) + value * alpha
        shrink = lambda a: cv2.resize(a, (camera.width, camera.height), interpolation=cv2.INTER_AREA)
        self.albedo, self.solid = shrink(picture).astype(np.float32), shrink(solid)[..., None]
        self.z_map, self.x_map = np.clip(shrink(z_map), 0, 500), shrink(x_map)
        self.clouds = np.clip(
            0.5 + mottle(rng, camera.height, camera.width, 5, 0.5) + mottle(rng, camera.height, camera.width, 19, 0.25), 0, 1
        )[..., None]
        self._lit: dict = {}

    def lit(self, light: Light) -> np.ndarray:
        """The empty scene as BGR bytes, without vignetting."""
        if light not in self._lit:
            lamp = lamps_at(light, self.x_map, self.z_map, self.site["line_z"] + 0.5)[..., None]
            gain = np.float32(light.ambient) + lamp * np.float32(LAMP_TONE)
            if light.rain > 0:  # wet ground is darker and shines towards the sky
                gain = gain * (1 - 0.22 * light.rain)
            ground = self.albedo * gain
            haze = (1 - np.exp(-self.z_map / light.haze_m))[..., None]
            ground = ground * (1 - haze) + np.float32(light.sky_low) * haze
            rise = np.linspace(0, 1, self.albedo.shape[0], dtype=np.float32)[:, None, None] ** 0.5
            sky = np.float32(light.sky_top) * (1 - rise) + np.float32(light.sky_low) * rise
            sky = sky + (self.clouds - 0.5) * np.float32(light.sky_low) * 0.22
            image = sky * (1 - self.solid) + ground * self.solid
            self._lit[light] = np.clip(image * light.gain, 0, 255).astype(np.uint8)
        return self._lit[light]

    def before(self, z: float) -> np.ndarray:
        """Coverage (bytes) of the still things that stand nearer than z."""
        count = sum(item_z < z for item_z, _, _ in self.items)
        if count not in self._before:
            cover = np.zeros((self.camera.height * 2, self.camera.width * 2), np.uint8)
            for item_z, (x0, y0, x1, y1), alpha in self.items:
                if item_z < z:
                    cover[y0:y1, x0:x1] = cv2.max(cover[y0:y1, x0:x1], alpha)
            self._before[count] = cv2.resize(cover, (self.camera.width, self.camera.height), interpolation=cv2.INTER_AREA)
        return self._before[count]

    def haze(self, light: Light, z: float):
        return light.sky_low, 1 - float(np.exp(-max(z, 0) / light.haze_m))
