"""Random passages for scoring: other plates, vehicles, cameras and light than the committed clips."""

import numpy as np

from .camera import Camera
from .plan import Cast, clock, site
from .stage import Clip
from .vehicles import TruckSpec

PER_CLIP, HEADWAY_S = 8, 9.8
FRONT_KINDS = {"blue": 0.24, "yellow": 0.36, "green": 0.14, "yellow_green": 0.12, "white": 0.06, "black": 0.08}
REAR_KINDS = {"blue": 0.14, "yellow_double": 0.36, "trailer": 0.22, "green": 0.1, "yellow_green": 0.1, "white": 0.04, "black": 0.04}
LIGHTS = {"day": 0.28, "overcast": 0.12, "dusk": 0.14, "night": 0.18, "night_glare": 0.1, "rain": 0.13, "night_rain": 0.05}
CAR_PAINTS = ("white", "silver", "black", "grey", "red", "blue", "wine")
TRUCK_PAINTS = ("red", "blue", "green", "orange", "white", "cyan", "grey")


def sizes(count: int) -> list[int]:
    full, rest = divmod(count, PER_CLIP)
    return [PER_CLIP] * full + ([rest] if rest else [])


def _choose(rng, weights: dict) -> str:
    p = np.array(list(weights.values()))
    return str(rng.choice(list(weights), p=p / p.sum()))


def _body(rng, kind: str, rear: bool):
    if kind in ("green", "white", "black") or (kind == "blue" and rng.random() < 0.7):
        return str(rng.choice(["sedan", "suv", "van"])), "white" if kind == "white" else str(rng.choice(CAR_PAINTS))
    paint = str(rng.choice(TRUCK_PAINTS))
    style = str(rng.choice(["box", "stake", "dump"]))
    big = kind != "blue"
    trailer = kind == "trailer" or (kind == "yellow" and rng.random() < 0.15)
    return TruckSpec(
        big=big,
        paint=paint,
        body=style,
        body_paint=paint if style == "dump" else str(rng.choice(TRUCK_PAINTS)),
        body_length=float(rng.uniform(4.4, 5.8)) if big else 3.9,
        trailer=trailer,
        big_number=rear and kind == "yellow_double" and rng.random() < 0.3,
    )


def random_clip(argument) -> Clip:
    """argument = (seed, clip number, passages, picture height, pictures a second)."""
    seed, number, passages, height, fps = argument
    rng = np.random.default_rng((seed, number))
    rear = rng.random() < 0.4
    cast = Cast(int(rng.integers(2**31)), rear)
    actors = []
    for i in range(passages):
        kind = _choose(rng, REAR_KINDS if rear else FRONT_KINDS)
        dirt = float(np.clip(rng.normal(0.1, 0.3), 0, 1))
        actors.append(
            cast(
                kind,
                None,
                _body(rng, kind, rear),
                4.5 + i * HEADWAY_S + float(rng.uniform(-0.3, 0.3)),
                float(rng.uniform(1.5, 2.2)),
                dirt=dirt,
                plate_dirt=min(dirt * 0.4, 0.35) if dirt > 0.25 else 0.0,
                head=float(rng.uniform(0.7, 1.2)),
            )
        )
    side = float(rng.choice([-1, 1]))
    focal = height * float(rng.uniform(2.2, 2.6))
    camera = Camera(
        height * 16 // 9,
        height,
        focal,
        (side * float(rng.uniform(1.9, 2.5)), float(rng.uniform(2.2, 3.0)), 0.0),
        -side * float(rng.uniform(8, 11)),
        float(rng.uniform(9.3, 10.8)),
        float(rng.uniform(-1, 1)),
    )
    place = site(
        float(rng.uniform(6.8, 7.6)), "永丰钢铁有限公司", "东门", arm_x=side * 2.25, arm_z=16.0 if rear else 3.9, trap=rng.random() < 0.3
    )
    name = f"random-{seed}-{number:04d}"
    when = clock(2026, 4, 1, 6, 0, 0) + float(rng.integers(86400 * 20))
    return Clip(
        name,
        name,
        "out" if rear else "in",
        str(rng.choice(["h264", "h265"])),
        camera,
        place,
        int(rng.integers(2**31)),
        passages * HEADWAY_S + 3.0,
        when,
        "东门 4号道闸",
        [(0.0, _choose(rng, LIGHTS))],
        actors,
        27,
        900,
        fps,
    )
