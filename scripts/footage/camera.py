"""A pinhole camera over a flat ground. World: X right, Y up, Z away from the camera, metres."""

import math

import numpy as np

NEAR = 0.45


class Camera:
    def __init__(self, width, height, focal, pos, yaw_deg, pitch_deg, roll_deg=0.0):
        self.width, self.height, self.focal = width, height, float(focal)
        self.pos = np.float64(pos)
        yaw, pitch, roll = (math.radians(v) for v in (yaw_deg, pitch_deg, roll_deg))
        forward = np.array([math.sin(yaw) * math.cos(pitch), -math.sin(pitch), math.cos(yaw) * math.cos(pitch)])
        right = np.array([math.cos(yaw), 0.0, -math.sin(yaw)])
        down = np.cross(right, forward)
        right, down = (right * math.cos(roll) + down * math.sin(roll), down * math.cos(roll) - right * math.sin(roll))
        self.rot = np.stack([right, down, forward])
        self.intrinsic = np.array([[focal, 0, width / 2 - 0.5], [0, focal, height / 2 - 0.5], [0, 0, 1]])

    def scaled(self, factor: int) -> "Camera":
        """The same view with factor times the pixels."""
        other = object.__new__(Camera)
        other.width, other.height, other.focal = self.width * factor, self.height * factor, self.focal * factor
        other.pos, other.rot = self.pos, self.rot
        centre = (self.width * factor / 2 - 0.5, self.height * factor / 2 - 0.5)
        other.intrinsic = np.array([[other.focal, 0, centre[0]], [0, other.focal, centre[1]], [0, 0, 1]])
        return other

    def depth(self, points) -> np.ndarray:
        return (np.asarray(points) - self.pos) @ self.rot[2]

    def project(self, points) -> np.ndarray:
        """Image positions of points that are all in front of the camera."""
        image = (np.asarray(points) - self.pos) @ (self.intrinsic @ self.rot).T
        return image[:, :2] / image[:, 2:]

    def clip(self, polygon) -> np.ndarray:
        """The part of a 3-D polygon in front of the near plane, projected; empty when none."""
        points, depth = np.asarray(polygon), self.depth(polygon)
        kept = []
        for i in range(len(points)):
            a, b, da, db = points[i - 1], points[i], depth[i - 1], depth[i]
            if (da > NEAR) != (db > NEAR):
                kept.append(a + (b - a) * ((NEAR - da) / (db - da)))
            if db > NEAR:
                kept.append(b)
        return self.project(np.array(kept)) if len(kept) >= 3 else np.empty((0, 2))

    def plane(self, origin, along_s, along_t) -> np.ndarray:
        """Homography from (s, t, 1) on the plane origin + s*along_s + t*along_t to the image."""
        columns = np.stack([along_s, along_t, np.asarray(origin) - self.pos], axis=1)
        return self.intrinsic @ self.rot @ columns

    def ground(self, step: float = 1.0):
        """X, Z and a below-horizon mask for every pixel."""
        u, v = np.meshgrid(np.arange(0, self.width, step), np.arange(0, self.height, step))
        rays = (
            np.stack([(u - self.intrinsic[0, 2]) / self.focal, (v - self.intrinsic[1, 2]) / self.focal, np.ones_like(u)], axis=-1)
            @ self.rot
        )
        below = rays[..., 1] < -1e-4
        reach = np.where(below, -self.pos[1] / np.minimum(rays[..., 1], -1e-4), 0)
        x, z = self.pos[0] + reach * rays[..., 0], self.pos[2] + reach * rays[..., 2]
        return x.astype(np.float32), z.astype(np.float32), below
