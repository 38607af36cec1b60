"""Kinds of light and weather. Colours are BGR; gains multiply what the surface looks like in plain daylight."""

from dataclasses import dataclass, fields, replace

import numpy as np


@dataclass(frozen=True)
class Light:
    sky_top: tuple
    sky_low: tuple
    ambient: tuple  # gain of everything, everywhere
    front: float = 0.86  # gains of faces by where they look
    side: float = 0.68
    top: float = 1.08
    sun: float = 0.0  # depth of cast shadows
    gate: float = 0.0  # lamps at the gate
    street: float = 0.0  # lamps along the road
    plate: float = 1.0  # plates shine back: gain over the body's
    head: float = 0.0  # brightness and size of lit headlights
    tail: float = 0.0
    pool: float = 0.0  # headlight patch on the road
    haze_m: float = 400.0  # distance at which 63 % is haze
    noise: float = 1.6
    exposure_s: float = 0.006
    gain: float = 1.0  # camera's overall gain
    rain: float = 0.0


DAY = Light((205, 160, 112), (226, 214, 196), (1.0, 1.0, 1.0), front=0.92, side=0.72, sun=0.42, haze_m=420, gain=1.1)
OVERCAST = replace(DAY, sky_top=(196, 190, 184), sky_low=(214, 212, 210), sun=0.1, front=0.92, side=0.8, top=1.0, gain=1.05)
DUSK = Light(
    (118, 84, 70),
    (120, 140, 190),
    (0.5, 0.45, 0.44),
    sun=0.0,
    gate=0.3,
    street=0.12,
    plate=1.15,
    head=0.42,
    tail=0.6,
    pool=0.25,
    haze_m=320,
    noise=2.4,
    exposure_s=0.010,
)
NIGHT = Light(
    (26, 19, 17),
    (40, 34, 34),
    (0.10, 0.095, 0.09),
    front=0.95,
    side=0.75,
    top=0.95,
    gate=0.85,
    street=0.36,
    plate=1.35,
    head=0.62,
    tail=0.8,
    pool=0.55,
    haze_m=300,
    noise=3.6,
    exposure_s=0.014,
)
GLARE = replace(NIGHT, head=1.45, pool=0.85, plate=1.3, gain=0.9, noise=4.0)
RAIN = Light(
    (168, 164, 158),
    (186, 184, 180),
    (0.82, 0.82, 0.83),
    front=0.92,
    side=0.82,
    top=1.0,
    sun=0.0,
    plate=1.05,
    head=0.36,
    tail=0.6,
    pool=0.12,
    haze_m=110,
    noise=2.4,
    exposure_s=0.010,
    rain=1.0,
)
PRESETS = {
    "day": DAY,
    "overcast": OVERCAST,
    "dusk": DUSK,
    "night": NIGHT,
    "night_glare": GLARE,
    "rain": RAIN,
    "night_rain": replace(NIGHT, rain=0.9, haze_m=120, head=0.75),
}


def mix(a: Light, b: Light, share: float) -> Light:
    """Light between a (share 0) and b (share 1)."""
    if share <= 0 or share >= 1:
        return b if share >= 1 else a
    blended = {}
    for f in fields(Light):
        x, y = np.float64(getattr(a, f.name)), np.float64(getattr(b, f.name))
        value = x * (1 - share) + y * share
        blended[f.name] = tuple(value) if value.ndim else float(value)
    return Light(**blended)


def lamps_at(light: Light, x, z, gate_z: float):
    """Extra gain from lamps over the ground point, warm white; the arrays' shape."""
    near = light.gate / (1 + ((z - gate_z) / 5.5) ** 2 + ((x - 0.5) / 6.0) ** 2)
    for at in (20.0, 36.0, 52.0):
        near = near + light.street / (1 + ((z - at) / 5.0) ** 2 + ((x + 3.0) / 5.0) ** 2)
    return near


LAMP_TONE = (0.86, 1.0, 1.08)


def gain_at(light: Light, x: float, z: float, gate_z: float, side: str) -> tuple:
    facing = {"front": light.front, "plate": light.front, "side": light.side, "glass": (light.front + light.top) / 2, "top": light.top}[
        side
    ]
    lamp = float(lamps_at(light, x, z, gate_z))
    boost = light.plate if side == "plate" else 1.0
    return tuple(min(1.25, facing * boost * (a + lamp * t)) for a, t in zip(light.ambient, LAMP_TONE, strict=True))
