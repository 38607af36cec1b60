"""The committed clips: lanes, cameras, and the passages one by one."""

import calendar

import numpy as np

from .camera import Camera
from .motion import DriveBy, Motion
from .plates import random_plate
from .stage import Actor, Clip
from .vehicles import TruckSpec, car, truck

WHITE, BLUE_INK, RED_INK, BLACK_INK = (236, 236, 232), (150, 70, 20), (40, 40, 190), (30, 30, 30)
SIGN_BLUE, SIGN_YELLOW = (140, 74, 16), (40, 180, 226)


def clock(*when) -> float:
    return float(calendar.timegm((*when, 0, 0, 0)))


def site(line_z: float, works: str, gate: str, arm_x: float = 2.25, arm_z: float = 3.9, trap: bool = False) -> dict:
    """The fixed things of one lane. trap adds boards that a plate reader may take for plates."""
    signs = [
        (-2.95, line_z + 10.5, 0.9, 1.2, 1.5, [gate, "停车", "登记"], SIGN_BLUE, WHITE, None),
        (2.75, line_z + 13.0, 0.8, 0.8, 1.7, ["5"], WHITE, RED_INK, [0.6]),
    ]
    if trap:
        signs += [
            (2.45, line_z + 3.4, 0.88, 0.28, 1.25, ["值班88123456"], SIGN_BLUE, WHITE, [0.115]),
            (-2.95, line_z + 2.6, 0.66, 0.21, 0.95, ["车A·18630"], SIGN_YELLOW, BLACK_INK, [0.11]),
            (2.4, line_z + 8.0, 1.5, 0.9, 1.5, ["来访车辆登记处", "电话 400-000-1234", "限高4.5米"], WHITE, BLUE_INK, [0.16] * 3),
        ]
    return {"line_z": line_z, "arm_x": arm_x, "arm_z": arm_z, "works": works, "signs": signs}


def _actor(vehicle, motion, side=1.0, lateral=0.0, readable=True, note="", **extra) -> Actor:
    text = vehicle.plate.text if vehicle.plate is not None and readable else ""
    opens = extra.pop("opens", not motion.backs_out)
    return Actor(vehicle, motion, side, lateral, text, note, opens, extra)


class Cast:
    """Makes the actors of one clip from short descriptions, all from one seed."""

    def __init__(self, seed: int, rear: bool):
        self.rng, self.rear = np.random.default_rng(seed), rear

    def __call__(self, plate_kind, province, body, at, wait=2.0, **how) -> Actor:
        """body = a car shape name with its paint, or a TruckSpec; at = the second of the stop."""
        rng = self.rng
        look = {k: how.pop(k) for k in ("dirt", "plate_dirt") if k in how}
        plate = random_plate(rng, plate_kind, province) if plate_kind else None
        if isinstance(body, TruckSpec):
            trailer_plate = plate if body.trailer and self.rear else None
            vehicle = truck(body, plate, rng, rear_view=self.rear, trailer_plate=trailer_plate, **look)
            if trailer_plate:
                how["trailer_plate"] = plate.text
            pull = 1.15
        else:
            vehicle = car(*body, plate, rng, rear_view=self.rear, **look)
            pull = 1.6
        stops = how.pop("stops", ((0.0, at, at + wait),))
        kind = DriveBy if how.pop("drive_by", False) else Motion
        motion = kind(
            stops, speed=how.pop("speed", float(rng.uniform(4.2, 5.0))), pull=how.pop("pull", pull), backs_out=how.pop("backs_out", False)
        )
        lateral = how.pop("lateral", float(rng.uniform(-0.16, 0.16)))
        return _actor(vehicle, motion, how.pop("side", float(rng.choice([-1, 1]))), lateral, **how)


def north_in() -> Clip:
    cast = Cast(101, rear=False)
    actors = [
        cast("blue", "豫", ("sedan", "silver"), 4.6),
        cast("yellow", "冀", TruckSpec(paint="red", body="stake", body_paint="green"), 13.6),
        cast("green", "浙", ("suv", "white"), 23.6, 1.8),
        cast(
            "yellow",
            "鲁",
            TruckSpec(paint="blue", body="dump", body_paint="blue"),
            33.2,
            dirt=0.9,
            plate_dirt=0.34,
            note="dirty but readable",
        ),
        cast("yellow_green", "京", TruckSpec(paint="white", body="box", body_paint="cyan", slogan="绿色运输"), 43.8),
        cast("blue", "苏", TruckSpec(big=False, paint="blue", body="box", body_paint="white", body_length=4.2), 54.2),
        cast("yellow", "晋", TruckSpec(paint="orange", body="dump", body_paint="orange"), 64.0),
        cast("black", "粤", ("suv", "black"), 73.6, 1.8),
        cast(
            "yellow",
            "陕",
            TruckSpec(paint="green", body="stake", body_paint="red"),
            83.6,
            3.0,
            head=1.1,
            note="high beams against the camera",
        ),
    ]
    camera = Camera(1920, 1080, 2480, (2.35, 2.55, 0.0), -10.5, 10.2, 0.4)
    return Clip(
        "north-in",
        "north-in",
        "in",
        "h264",
        camera,
        site(7.0, "永丰钢铁有限公司", "北门"),
        11,
        95.0,
        clock(2026, 3, 18, 17, 41, 20),
        "北门 入口 1号道闸",
        [(0, "day"), (37.5, "dusk"), (57.5, "night"), (77.5, "night_glare")],
        actors,
        28,
        900,
    )


def north_out() -> Clip:
    cast = Cast(202, rear=True)
    actors = [
        cast("yellow_double", "皖", TruckSpec(paint="red", body="stake", body_paint="red", body_length=4.8), 4.0, 1.8),
        cast("blue", "闽", ("sedan", "wine"), 13.0, 1.6),
        cast("trailer", "赣", TruckSpec(paint="red", body="box", body_paint="white", trailer=True), 23.0, 1.8),
        cast(
            "yellow_double",
            "鄂",
            TruckSpec(paint="blue", body="dump", body_paint="blue", body_length=5.0),
            31.4,
            speed=5.6,
            drive_by=True,
            note="drives through without stopping: motion blur",
        ),
        cast("white", "川", ("suv", "white"), 39.6, 1.6),
        cast(
            "yellow_double",
            "湘",
            TruckSpec(paint="orange", body="dump", body_paint="orange", body_length=5.0, big_number=True),
            48.6,
            1.8,
            note="number also painted large on the body",
        ),
        cast("yellow_green", "津", TruckSpec(paint="white", body="box", body_paint="white", body_length=4.8), 58.0, 1.8),
        cast("trailer", "辽", TruckSpec(paint="green", body="stake", body_paint="green", trailer=True), 68.2, 1.8),
        cast(
            "yellow_double",
            "蒙",
            TruckSpec(paint="red", body="box", body_paint="grey", body_length=4.8),
            77.8,
            1.8,
            dirt=0.7,
            plate_dirt=0.25,
            note="dirty but readable",
        ),
        cast("green", "沪", ("sedan", "white"), 86.4, 1.6),
    ]
    camera = Camera(1280, 720, 1750, (2.3, 2.6, 0.0), -9.5, 9.2, -0.3)
    return Clip(
        "north-out",
        "north-out",
        "out",
        "h265",
        camera,
        site(7.2, "永丰钢铁有限公司", "出口", arm_z=16.0),
        12,
        95.0,
        clock(2026, 3, 18, 16, 58, 5),
        "北门 出口 2号道闸",
        [(0, "overcast"), (35.0, "rain"), (53.0, "dusk"), (63.0, "night")],
        actors,
        29,
        600,
    )


def south_in() -> Clip:
    cast = Cast(303, rear=False)
    lead = cast(
        "yellow", "桂", TruckSpec(paint="white", body="box", body_paint="white", body_length=4.6), 12.4, 2.0, note="a car follows closely"
    )
    gap = lead.vehicle.length + 1.6
    actors = [
        cast("blue", "渝", ("van", "silver"), 4.0, 1.6),
        lead,
        cast("blue", "云", ("sedan", "red"), 0, stops=((gap, 14.2, 15.6), (0.0, 20.0, 21.6)), note="follows closely"),
        cast("yellow", "贵", TruckSpec(paint="blue", body="stake", body_paint="blue"), 30.4, 6.2, note="waits 6 s"),
        cast(
            None,
            None,
            TruckSpec(big=False, paint="white", body="stake", body_paint="blue", body_length=3.8),
            44.4,
            2.0,
            note="carries no plate",
        ),
        cast(
            "yellow",
            "新",
            TruckSpec(paint="red", body="box", body_paint="orange", trailer=True),
            53.6,
            2.0,
            note="tractor with trailer; only the tractor's plate can be seen",
        ),
        cast(
            "yellow",
            "甘",
            TruckSpec(paint="orange", body="dump", body_paint="orange"),
            66.4,
            2.6,
            backs_out=True,
            pull=0.9,
            note="backs out",
        ),
        cast(
            "blue",
            "宁",
            TruckSpec(big=False, paint="cyan", body="dump", body_paint="cyan", body_length=3.8),
            88.0,
            2.0,
            dirt=1.0,
            plate_dirt=0.97,
            readable=False,
            note="plate covered in mud: meant to be unreadable",
        ),
    ]
    camera = Camera(1280, 720, 1820, (-2.35, 2.5, 0.0), 10.5, 10.0, 0.3)
    place = site(7.0, "永丰钢铁有限公司", "南门", arm_x=-2.25, trap=True)
    return Clip(
        "south-in",
        "south-in",
        "in",
        "h264",
        camera,
        place,
        13,
        97.0,
        clock(2026, 3, 19, 6, 12, 40),
        "南门 入口 3号道闸",
        [(0, "day"), (26.0, "rain"), (49.0, "dusk"), (60.0, "night"), (80.0, "overcast")],
        actors,
        28,
        700,
    )


def quiet_in() -> Clip:
    """A lane in which nothing moves for most of the time: what a camera that rests must wake for."""
    cast = Cast(404, rear=False)
    actors = [
        cast("blue", "皖", ("sedan", "white"), 24.0, 1.6, note="after a quiet day"),
        cast("yellow", "湘", TruckSpec(paint="blue", body="stake", body_paint="blue"), 58.0, 1.6, note="after quiet rain"),
        cast("yellow", "鲁", TruckSpec(paint="red", body="dump", body_paint="red"), 96.0, 2.0, speed=1.6, note="creeps after a night"),
    ]
    camera = Camera(1280, 720, 1820, (-2.35, 2.5, 0.0), 10.5, 10.0, 0.3)
    place = site(7.0, "永丰钢铁有限公司", "南门", arm_x=-2.25, trap=True)
    light = [(0, "day"), (32.0, "rain"), (67.0, "night")]
    when = clock(2026, 3, 21, 5, 40, 0)
    return Clip("quiet-in", "quiet", "in", "h264", camera, place, 14, 108.0, when, "南门 入口 3号道闸", light, actors, 28, 700)


def short(name: str, width: int, height: int, focal: float, codec: str, seed: int, plate, province, body) -> Clip:
    """Two seconds of one vehicle that rolls up to the line."""
    cast = Cast(seed, rear=False)
    camera = Camera(width, height, focal, (2.3, 2.5, 0.0), -10.5, 10.0)
    return Clip(
        name,
        "short",
        "in",
        codec,
        camera,
        site(7.0, "永丰钢铁有限公司", "北门"),
        seed,
        2.0,
        clock(2026, 3, 20, 9, 0, 0),
        "北门 入口",
        [(0, "day")],
        [cast(plate, province, body, 1.4, 3.0)],
        27,
        1200,
    )


CLIPS = {
    "north-in": north_in,
    "north-out": north_out,
    "south-in": south_in,
    "quiet-in": quiet_in,
    "short-720p": lambda: short("short-720p", 1280, 720, 1750, "h264", 21, "blue", "粤", ("sedan", "grey")),
    "short-1080p": lambda: short("short-1080p", 1920, 1080, 2480, "h265", 22, "yellow", "黑", TruckSpec(paint="red")),
    "small-640": lambda: short("small-640", 640, 360, 850, "h264", 23, "blue", "吉", ("suv", "blue")),
}

# Lanes with a table of truth of their own.
APART = ("short", "quiet")


def two_plates() -> Clip:
    """A car at the line and a truck behind it, both readable."""
    cast = Cast(25, rear=False)
    actors = [
        cast("blue", "湘", ("sedan", "white"), 0.4, 3.0, lateral=-0.1),
        cast("yellow", "赣", TruckSpec(paint="cyan"), 0, stops=((10.6, 0.6, 4.0), (0.0, 8.0, 10.0)), lateral=0.1),
    ]
    camera = Camera(1920, 1080, 2480, (2.35, 2.7, 0.0), -10.5, 10.2, 0.2)
    return Clip(
        "two-plates",
        "short",
        "in",
        "h264",
        camera,
        site(7.0, "永丰钢铁有限公司", "北门"),
        25,
        2.0,
        clock(2026, 3, 20, 10, 30, 0),
        "北门 入口",
        [(0, "overcast")],
        actors,
    )
