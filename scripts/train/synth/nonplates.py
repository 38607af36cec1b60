"""Pictures that a detector may offer but that are no readable plate: signs, grilles, bad cuts."""

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from . import camera, surface
from .degrade import HEIGHT, WIDTH, background, full_rectangle, place
from .glyphs import FONT
from .plates import render_plate

FONTS = (FONT, "/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf", "/usr/share/fonts/truetype/dejavu/DejaVuSerif-Bold.ttf")
WORDS = (
    "禁止停车 限速 出口 入口 停车场 货运 物流 运输 有限公司 放大号 危险品 易燃 爆炸 服务热线 电话 总质量 "
    "核定载 自卸 混凝土 环保 建材 车队 平安 出入平安 厂区 减速慢行 请刷卡 保安 收费 校车 教练 解放 东风 陕汽 "
    "重汽 福田 江淮 大运 柳汽 TURBO POWER SINOTRUK DONGFENG SCANIA VOLVO HOWO FAW JAC SHACMAN DELONG EURO V GPS "
    "北斗 定位 总重 容积 长途 高速 客运 省际 包车 旅游 公交 快递 邮政 环卫 工程抢险"
).split()


def nonplate(rng: np.random.Generator, scraps=None) -> np.ndarray:
    """A 48x168x3 uint8 picture that must be refused."""
    choice = rng.random()
    if choice < 0.45:
        image = _sign(rng)
    elif choice < 0.62:
        image = _grille(rng)
    elif choice < 0.72:
        image = background(rng, (HEIGHT, WIDTH), scraps)
    else:
        return _bad_cut(rng, scraps)
    image = surface.weather(rng, image, 0.5)
    image, _ = camera.shoot(rng, image, 3.0, float(rng.uniform(0, 1)))
    return image


def _sign(rng) -> np.ndarray:
    """Phone numbers on doors, company names, overlay time stamps, sign boards."""
    kind = rng.random()
    if kind < 0.4:
        text = "1" + "".join(str(d) for d in rng.integers(0, 10, 10))
        if rng.random() < 0.3:
            text = "".join(str(d) for d in rng.integers(0, 10, int(rng.integers(3, 9))))
        if rng.random() < 0.3:
            text = "电话" + text
    elif kind < 0.55:
        t = rng.integers(0, 60, 6)
        text = f"20{t[0] % 30:02d}-{t[1] % 12 + 1:02d}-{t[2] % 28 + 1:02d} {t[3] % 24:02d}:{t[4]:02d}:{t[5]:02d}"
    else:
        text = "".join(str(rng.choice(WORDS)) for _ in range(int(rng.integers(1, 4))))
    ground, ink = rng.uniform(0, 255, 3), rng.uniform(0, 255, 3)
    if abs(float(ground.mean() - ink.mean())) < 60:
        ink = np.full(3, 255.0 if ground.mean() < 128 else 0.0)
    chinese = any(ord(c) > 255 for c in text)
    font = ImageFont.truetype(FONTS[0] if chinese else FONTS[int(rng.integers(3))], 60)
    canvas = Image.new("RGB", (60 * len(text) + 80, 120), tuple(int(c) for c in ground))
    draw = ImageDraw.Draw(canvas)
    draw.text((30, 20), text, fill=tuple(int(c) for c in ink), font=font, stroke_width=int(rng.integers(0, 3)))
    end = int(draw.textlength(text, font=font)) + 60
    image = np.asarray(canvas)[:, :end]
    x = sorted(rng.uniform(-0.1, 1.1, 2) * end)
    if x[1] - x[0] < 200:
        x = [0, end]
    quad = np.float32([[x[0], 10], [x[1], 10], [x[1], 105], [x[0], 105]])
    quad += rng.normal(0, 8, (4, 2)).astype(np.float32)
    matrix = cv2.getPerspectiveTransform(quad, full_rectangle(0, 0))
    out = cv2.warpPerspective(image, matrix, (WIDTH, HEIGHT), flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE)
    return out.astype(np.float32)


def _grille(rng) -> np.ndarray:
    image = background(rng, (HEIGHT, WIDTH))
    period, fill = float(rng.uniform(4, 30)), float(rng.uniform(0.2, 0.8))
    slope = float(rng.choice((0.0, rng.normal(0, 0.6))))
    ys, xs = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    along = xs + slope * ys if rng.random() < 0.6 else ys + slope * xs * 0.3
    mask = ((along % period) < period * fill).astype(np.float32)
    if rng.random() < 0.3:
        mask *= ((ys % float(rng.uniform(5, 16))) < 4).astype(np.float32)
    mask = cv2.blur(mask, (2, 2))[..., None]
    return image * (1 - mask) + float(rng.uniform(0, 255)) * mask


def _bad_cut(rng, scraps) -> np.ndarray:
    """Half a plate, a corner of one, or one far away: the characters cannot all be read."""
    plate = render_plate(rng)
    scene, corners, height = place(rng, plate, 0.5, scraps)
    image, _ = camera.shoot(rng, scene, 0.05 * height, 0.4)
    middle = corners.mean(0)
    width = float(np.linalg.norm(corners[1] - corners[0]))
    if rng.random() < 0.6:  # shifted along or across
        shift = np.array([rng.uniform(0.28, 0.7) * width * rng.choice((-1, 1)), rng.normal(0, 0.2) * height])
        if rng.random() < 0.35:
            shift = np.array([rng.normal(0, 0.2) * width, rng.uniform(0.5, 0.9) * height * rng.choice((-1, 1))])
        source = corners + shift
    else:  # far too close
        source = middle + (corners - middle) * float(rng.uniform(0.25, 0.62))
    matrix = cv2.getPerspectiveTransform(source.astype(np.float32) - 0.5, full_rectangle())
    return cv2.warpPerspective(image, matrix, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REPLICATE)
