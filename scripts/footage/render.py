"""Draws the frames of a clip: empty scene, shadows, vehicles, lamps, barrier; the lens does the rest."""

import cv2
import numpy as np

from . import light as lighting
from .draw import Face, Texture, add_light, blend, bounds, lit_face, warp_face
from .lens import Lens
from .paint import Canvas
from .scene import Scene
from .stage import Clip, body_box

SUN = (-0.62, 0.28)  # metres of shadow a metre of height throws, in x and z


def _sprite(size=256) -> np.ndarray:
    y, x = np.mgrid[-1 : 1 : size * 1j, -1 : 1 : size * 1j].astype(np.float32)
    r = np.hypot(x, y)
    glow = np.exp(-((r / 0.085) ** 2)) + 0.5 * np.exp(-r / 0.12) + 0.16 * np.exp(-r / 0.4)
    return (glow * np.clip((1 - r) / 0.35, 0, 1)).astype(np.float32)


def _pool_texture() -> Texture:
    y, x = np.mgrid[0:1:96j, -1:1:64j].astype(np.float32)
    spread = np.exp(-((x / (0.3 + 0.25 * y)) ** 2)) * np.clip(y * 5, 0, 1) * (1 - y) ** 1.2 * np.clip(3 * (1 - np.abs(x)), 0, 1)
    level = (spread * 255).astype(np.uint8)
    return Texture(cv2.merge([level] * 4))


class Renderer:
    def __init__(self, clip: Clip):
        self.clip, self.camera = clip, clip.camera
        self.scene = Scene(clip.camera, clip.site, clip.seed)
        self.glow, self.pool = _sprite(), _pool_texture()
        self.lens = Lens(clip, np.random.default_rng(clip.seed + 7))
        self._still: dict = {}
        arm = Canvas(3.7, 0.13, 160)
        for i in range(8):
            arm.rect(i * 0.5, 0, i * 0.5 + 0.5, 0.13, (40, 36, 205) if i % 2 else (235, 235, 235))
        arm.rect(0, 0.0, 3.7, 0.02, (90, 90, 90))
        self.arm = Texture(arm.done())

    def empty(self, t: float) -> np.ndarray:
        before, now, share = self.clip.light_pair(t)
        if share >= 1:
            return self.scene.lit(now).copy()
        return cv2.addWeighted(self.scene.lit(before), 1 - share, self.scene.lit(now), share, 0)

    # -- one vehicle -------------------------------------------------------------------------------------------------
    def _shadow(self, image, actor, t, light) -> None:
        for (x0, y0, x1, y1), keep in self._kept("shadow", actor, t, light, self._shadows):
            region = image[y0:y1, x0:x1]
            region[:] = cv2.multiply(region, keep, scale=1 / 255)

    def _shadows(self, actor, t, light) -> list:
        line, step, found = self.clip.site["line_z"], 6, []
        h, w = self.camera.height, self.camera.width
        for part in actor.vehicle.parts:
            rotation, shift = actor.frame_of(part, t, line)
            hw, n = part.half_width, part.length
            foot = np.float64([(-hw, 0, 0), (hw, 0, 0), (hw, 0, n), (-hw, 0, n)]) @ rotation.T + shift
            jobs = [(foot, 0.62, 0.01)]
            if light.sun > 0.02:
                cast = foot + part.height * np.array([SUN[0], 0, SUN[1]])
                hull = cv2.convexHull(np.float32(np.concatenate([foot, cast])[:, [0, 2]]))[:, 0]
                jobs.append((np.stack([hull[:, 0], np.zeros(len(hull)), hull[:, 1]], 1).astype(np.float64), light.sun, 0.004))
            for ground, depth, soft in jobs:
                outline = self.camera.clip(ground)
                if len(outline) < 3:
                    continue
                outline = np.clip(outline, -2e4, 2e4)
                blur = max(1.0, soft * np.ptp(outline[:, 0]) + 1)
                box = bounds(outline, w, h, int(blur * 3) + step)
                if box is None:
                    continue
                x0, y0, x1, y1 = box
                mask = np.zeros(((y1 - y0) // step + 1, (x1 - x0) // step + 1), np.uint8)
                points = ((outline - (x0, y0)) / step * 8).round().astype(np.int32)
                cv2.fillConvexPoly(mask, points, int(255 * depth), cv2.LINE_AA, 3)
                mask = cv2.GaussianBlur(mask, (0, 0), max(blur / step, 0.6))
                mask = cv2.resize(mask, (x1 - x0, y1 - y0), interpolation=cv2.INTER_LINEAR)
                found.append((box, cv2.cvtColor(cv2.bitwise_not(mask), cv2.COLOR_GRAY2BGR)))
        return found

    def _pool(self, image, actor, t, light) -> None:
        """Headlights on the road ahead."""
        if light.pool <= 0.02:
            return
        vehicle, line = actor.vehicle, self.clip.site["line_z"]
        rotation, shift = actor.frame_of(vehicle.parts[0], t, line)
        if rotation[2, 2] < 0.98:  # turned away on the road beyond
            return
        ahead = vehicle.length if vehicle.rear_view else 0.0
        far = ahead + 13 if vehicle.rear_view else -13.0
        if vehicle.rear_view:
            face = Face((3, 0.01, ahead), (-6, 0, 0), (0, 0, far - ahead), self.pool, "top")
        else:
            face = Face((-3, 0.01, 0), (6, 0, 0), (0, 0, far), self.pool, "top")
        if (found := warp_face(self.camera, face.placed(rotation, shift))) is None:
            return
        (x0, y0, x1, y1), patch = found
        region = image[y0:y1, x0:x1]
        region[:] = cv2.add(region, cv2.multiply(patch[..., :3], tuple(light.pool * v for v in (0.5, 0.58, 0.62, 0.0))))

    def _lamps(self, image, actor, t, light) -> None:
        vehicle, line = actor.vehicle, self.clip.site["line_z"]
        part = vehicle.parts[0]
        rotation, shift = actor.frame_of(part, t, line)
        level = light.tail if vehicle.rear_view else light.head * actor.extra.get("head", 1.0)
        braking = vehicle.rear_view and abs(actor.motion.speed_at(t)) < actor.motion.speed - 0.3 and t < actor.motion.stops[-1][2]
        level = max(level, 0.0) + (0.55 if braking else 0)
        if level < 0.02 or rotation[2, 2] < 0.5:
            return
        tone = (70, 60, 255) if vehicle.rear_view else (235, 250, 255)
        for lamp in part.lamps:
            place = np.float64(lamp) @ rotation.T + shift
            depth = float(self.camera.depth(place[None])[0])
            if depth < 1.0:
                continue
            spread = 0.4 if vehicle.rear_view else 1.0
            radius = self.camera.focal * (0.04 + 0.85 / depth) * level * spread
            at = self.camera.project(place[None])[0]
            strength = tuple(c * min(1.0, 0.35 + level) for c in tone)
            add_light(image, at, radius, self.glow, strength)
            if light.rain > 0 or light.pool > 0.4:  # a streak on wet or worn ground
                mirrored = self.camera.project((place * (1, -1, 1))[None])[0]
                add_light(image, mirrored, radius * 0.8, self.glow, tuple(c * (0.16 + 0.2 * light.rain) for c in strength))

    def _vehicle(self, image, actor, t, light) -> None:
        for box, patch in self._kept("body", actor, t, light, self._patches):
            blend(image, box, patch)
        self._lamps(image, actor, t, light)

    def _kept(self, what, actor, t, light, make):
        """What make returns for this actor; made once while the vehicle stands still in steady light."""
        key = (round(actor.reach(t, self.clip.site["line_z"]), 4), light)
        kept = self._still.get((what, id(actor)))
        if kept is None or kept[0] != key:
            kept = self._still[(what, id(actor))] = (key, make(actor, t, light))
        return kept[1]

    def _patches(self, actor, t, light) -> list:
        line, patches = self.clip.site["line_z"], []
        placed = [(actor.frame_of(part, t, line), part) for part in actor.vehicle.parts]
        for (rotation, shift), part in reversed(placed):
            for group in part.groups:
                for own in group:
                    face = own.placed(rotation, shift)
                    middle = face.origin + (face.along + face.down) / 2
                    z = max(float(middle[2]), 3.0)
                    gain = lighting.gain_at(light, float(middle[0]), z, line + 0.5, face.side)
                    patches.append(lit_face(self.camera, face, tuple(g * light.gain for g in gain), self.scene.haze(light, z)))
        return [found for found in patches if found is not None]

    def _barrier(self, image, t, light) -> None:
        site = self.clip.site
        angle = self.clip.barrier(t) * np.radians(86)
        sign = -1.0 if site["arm_x"] > 0 else 1.0
        pivot = np.array([site["arm_x"], 1.0, site["arm_z"]])
        reach = 3.7 * np.array([sign * np.cos(angle), np.sin(angle), 0])
        up = (
            0.13 * np.array([-sign * np.sin(angle) * sign, np.cos(angle), 0])
            if sign > 0
            else 0.13 * np.array([np.sin(angle), np.cos(angle), 0])
        )
        start, along = (pivot + reach, -reach) if sign < 0 else (pivot, reach)
        face = Face(start + up / 2, along, -up, self.arm, "front")
        gain = lighting.gain_at(light, 0.0, site["arm_z"], site["line_z"] + 0.5, "front")
        if (found := lit_face(self.camera, face, gain)) is not None:
            blend(image, *found)

    # -- a frame -----------------------------------------------------------------------------------------------------
    def _cover(self, image, empty, actor, t) -> None:
        """Puts back what stands in front of the vehicle."""
        box = body_box(self.clip, actor, t)
        cover = self.scene.before(float(actor.reach(t, self.clip.site["line_z"])) + 0.5)
        if box is None:
            return
        x0, y0, x1, y1 = box
        mask = cover[y0:y1, x0:x1]
        if mask.any():
            mask = cv2.merge([mask] * 3)
            region = image[y0:y1, x0:x1]
            region[:] = cv2.add(
                cv2.multiply(region, cv2.bitwise_not(mask), scale=1 / 255), cv2.multiply(empty[y0:y1, x0:x1], mask, scale=1 / 255)
            )

    def _stage(self, image, empty, actors, t, light) -> None:
        for actor in actors:
            self._shadow(image, actor, t, light)
            self._pool(image, actor, t, light)
        arm_z, drawn = self.clip.site["arm_z"], False
        for actor in actors:  # far to near
            if not drawn and actor.reach(t, self.clip.site["line_z"]) < arm_z:
                self._barrier(image, t, light)
                drawn = True
            self._vehicle(image, actor, t, light)
            self._cover(image, empty, actor, t)
        if not drawn:
            self._barrier(image, t, light)

    def _travel(self, actor, t, exposure) -> float:
        """Pixels the vehicle moves while the shutter is open."""
        line = self.clip.site["line_z"]
        points = []
        for when in (t - exposure / 2, t + exposure / 2):
            rotation, shift = actor.frame_of(actor.vehicle.parts[0], when, line)
            depth = max(1.2 - (shift - self.camera.pos) @ self.camera.rot[2], 0)
            spots = np.float64([(-1.1, 0.6, depth), (1.1, 0.6, depth), (1.1, 2.0, depth)]) @ rotation.T + shift
            if self.camera.depth(spots).min() < 0.5:
                return 6.0
            points.append(self.camera.project(spots))
        return float(np.abs(points[1] - points[0]).max())

    def frame(self, index: int) -> np.ndarray:
        t = index / self.clip.fps
        clip, light = self.clip, self.clip.light_at(t)
        line = clip.site["line_z"]
        boxes = [(actor, body_box(clip, actor, t)) for actor in clip.actors]
        actors = [actor for actor, box in boxes if box is not None]
        actors.sort(key=lambda actor: -actor.reach(t, line))
        image = self.empty(t)
        travel = max([self._travel(actor, t, light.exposure_s) for actor in actors], default=0)
        steps = int(np.clip(np.ceil(travel / 2.4), 1, 4))
        if steps == 1:
            self._stage(image, image.copy(), actors, t, light)
        else:
            total = np.zeros(image.shape, np.uint16)
            for k in range(steps):
                one = image.copy()
                self._stage(one, image, actors, t + ((k + 0.5) / steps - 0.5) * light.exposure_s, light)
                cv2.add(total, one, total, dtype=cv2.CV_16U)
            image = cv2.convertScaleAbs(total, alpha=1 / steps)
        return self.lens.look(image, t, index, light, bool(actors))
