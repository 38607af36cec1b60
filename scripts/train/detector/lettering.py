"""Things that look like plates and are not: door lettering, phone numbers, signs, overlays, grilles."""

import functools

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

FONTS = (
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf",
    "/usr/share/fonts/truetype/dejavu/DejaVuSansMono-Bold.ttf",
    "/usr/share/fonts/truetype/dejavu/DejaVuSansCondensed-Bold.ttf",
)
HAN = (
    "停车场入口出减速慢行危险品运输有限公司物流货运解放东风重汽陕中国华安全生产严禁烟火禁止限高米吨"
    "自重载质量总准乘人欢迎光临请勿鸣笛注意行人消防通道前方施工保持车距爆燃气毒罐城建渣土散装水泥"
    "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
)
PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
ALNUM = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"
MAKERS = (
    "FAW",
    "JAC",
    "DAYUN",
    "SINOTRUK",
    "HOWO",
    "FOTON",
    "ISUZU",
    "DONGFENG",
    "SHACMAN",
    "SCANIA",
    "VOLVO",
    "JMC",
    "HONGYAN",
    "CAMC",
    "VOLKSWAGEN",
    "BUICK",
    "TOYOTA",
    "Audi",
    "HONDA",
    "BYD",
)


@functools.lru_cache(maxsize=64)
def font(path, size):
    return ImageFont.truetype(path, size)


def pick(rng, chars, n):
    return "".join(chars[int(i)] for i in rng.integers(0, len(chars), n))


def phrase(rng):
    """A line of text of the sort found around a gate; True if only the Chinese font can write it."""
    kind = rng.integers(0, 11)
    if kind == 0:
        return pick(rng, "0123456789", 11), False
    if kind == 1:
        return f"0{rng.integers(10, 999)}-{rng.integers(1000000, 99999999)}", False
    if kind == 2:
        return pick(rng, HAN, int(rng.integers(2, 9))), True
    if kind == 3:  # the enlarged number that trucks must paint on the tailgate: not a plate
        return pick(rng, PROVINCES, 1) + pick(rng, ALNUM[:23], 1) + rng.choice(["", "·", " "]) + pick(rng, ALNUM, 5), True
    if kind == 4:
        return str(rng.choice(MAKERS)), False
    if kind == 5:
        return f"{rng.integers(1, 60)}{rng.choice(['T', 't', 'm', 'KG', 'kg', ''])}", False
    if kind == 6:
        return pick(rng, ALNUM, int(rng.integers(3, 9))), False
    if kind == 7:
        return pick(rng, HAN, int(rng.integers(2, 5))) + ":" + pick(rng, "0123456789", int(rng.integers(3, 12))), True
    if kind == 8:
        return (
            f"20{rng.integers(10, 30)}-{rng.integers(1, 13):02}-{rng.integers(1, 29):02} "
            f"{rng.integers(0, 24):02}:{rng.integers(0, 60):02}:{rng.integers(0, 60):02}"
        ), False
    if kind == 9:
        return f"{rng.choice(['Camera', 'IPC', 'CAM', 'Ch'])} {rng.integers(0, 99):02}", False
    return pick(rng, HAN, int(rng.integers(2, 5))) + str(rng.integers(1, 20)) + pick(rng, "号道门岗入出", 2), True


@functools.lru_cache(maxsize=12000)
def letter(path, size, char, bold):
    """One character as a mask of fixed height, and how far it moves the pen."""
    face = font(path, size)
    step = face.getlength(char)
    image = Image.new("L", (int(step) + 2 * bold + 4, int(size * 1.4)), 0)
    ImageDraw.Draw(image).text((1 + bold, 1), char, font=face, fill=255, stroke_width=bold)
    return np.asarray(image), step


def mask_of(rng, text, chinese, size=40, bold=0):
    """Text as a mask, tight, with a little spacing between the characters."""
    path = FONTS[0] if chinese or rng.random() < 0.3 else str(rng.choice(FONTS[1:]))
    spacing = rng.uniform(0, 0.25) * size if rng.random() < 0.5 else 0
    letters = [letter(path, size, c, bold) for c in text]
    width = int(sum(step + spacing for _, step in letters)) + size
    mask, x = np.zeros((int(size * 1.4), width), np.uint8), 0.0
    for glyph, step in letters:
        part = mask[:, int(x) : int(x) + glyph.shape[1]]
        np.maximum(part, glyph[:, : part.shape[1]], out=part)
        x += step + spacing
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    return mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] if len(rows) else mask[:4, :4]


def vivid(rng):
    """Paint colours met on signs and doors."""
    palette = ((255, 255, 255), (20, 20, 20), (200, 20, 20), (20, 60, 170), (250, 200, 20), (20, 120, 60), (230, 120, 20), (120, 120, 120))
    return np.clip(np.array(palette[rng.integers(len(palette))]) + rng.normal(0, 18, 3), 0, 255)


def text_sprite(rng):
    """(RGB, alpha) of painted lettering without any ground, or of a sign board with a ground."""
    text, chinese = phrase(rng)
    mask = mask_of(rng, text, chinese, bold=int(rng.integers(0, 3)))
    if rng.random() < 0.15 and mask.shape[1] > 60:  # two rows
        second, chinese = phrase(rng)
        other = mask_of(rng, second, chinese)
        w = max(mask.shape[1], other.shape[1])
        rows = [np.pad(m, ((2, 4), ((w - m.shape[1]) // 2, w - m.shape[1] - (w - m.shape[1]) // 2))) for m in (mask, other)]
        mask = np.vstack(rows)
    ink, ground = vivid(rng), vivid(rng)
    if rng.random() < 0.5 or np.abs(ink - ground).max() < 70:
        h, w = mask.shape
        return np.broadcast_to(ink, (h, w, 3)).astype(np.uint8), mask
    px, py = int(mask.shape[0] * rng.uniform(0.1, 1.2)), int(mask.shape[0] * rng.uniform(0.1, 0.9))
    mask = np.pad(mask, ((py, py), (px, px)))
    m = mask[:, :, None] / 255.0
    image = (ground * (1 - m) + ink * m).astype(np.uint8)
    if rng.random() < 0.5:
        cv2.rectangle(image, (2, 2), (image.shape[1] - 3, image.shape[0] - 3), ink.tolist(), int(rng.integers(1, 4)))
    return image, np.full(mask.shape, 255, np.uint8)


def structure_sprite(rng):
    """Grilles, lamps, vents and stickers: regular texture in a plate-shaped field."""
    w, h = int(rng.integers(60, 260)), int(rng.integers(24, 110))
    image = np.full((h, w, 3), rng.integers(10, 200), np.uint8)
    image = np.clip(image + rng.normal(0, 12, 3), 0, 255).astype(np.uint8)
    ink = vivid(rng).tolist()
    kind = rng.integers(0, 4)
    step = int(rng.integers(5, 24))
    if kind == 0:
        for x in range(0, w, step):
            cv2.line(image, (x, 0), (x, h), ink, max(1, step // 3))
    elif kind == 1:
        for y in range(0, h, step):
            cv2.line(image, (0, y), (w, y), ink, max(1, step // 3))
    elif kind == 2:
        for x in range(0, w, step):
            for y in range(0, h, step):
                cv2.circle(image, (x, y), max(1, step // 4), ink, -1)
    else:  # blank plate-coloured board: colour alone is no plate
        image[:] = vivid(rng).astype(np.uint8)
        cv2.rectangle(image, (1, 1), (w - 2, h - 2), ink, int(rng.integers(1, 3)))
    return image, np.full((h, w), 255, np.uint8)


HAZARDS = ("危险品", "危险", "爆", "毒", "易燃", "严禁烟火", "腐蚀", "危 险 品", "校车", "实习", "教练车", "禁止跟车", "保持车距")


def board(rng):
    """(RGB, size in mm) of a board that hangs at a plate and is none: 危险品 and its like, yellow or orange."""
    mask = mask_of(rng, str(rng.choice(HAZARDS)), True, bold=int(rng.integers(0, 4)))
    pad = [int(mask.shape[0] * f) for f in rng.uniform(0.1, 0.5, 2)]
    mask = np.pad(mask, ((pad[0],) * 2, (pad[1],) * 2))[:, :, None] / np.float32(255)
    grounds = ((240, 180, 20), (235, 140, 20), (225, 200, 60), (235, 235, 235), (200, 30, 30))
    ground = np.array(grounds[int(rng.choice(5, p=(0.5, 0.2, 0.15, 0.1, 0.05)))]) + rng.normal(0, 14, 3)
    ink = np.array((20, 20, 20) if rng.random() < 0.8 or ground[1] < 160 else (200, 20, 20))
    if ground[1] < 100:
        ink = np.array((240, 240, 240))
    image = np.clip(ground * (1 - mask) + ink * mask, 0, 255).astype(np.uint8)
    if rng.random() < 0.5:
        cv2.rectangle(image, (2, 2), (image.shape[1] - 3, image.shape[0] - 3), ink.tolist(), int(rng.integers(1, 4)))
    width = rng.uniform(260, 520)
    return image, (width, min(width / rng.uniform(1.5, 4.5), 260))


TAPES = (
    ((195, 25, 25), (238, 238, 238)),
    ((195, 25, 25), None),
    ((238, 238, 238), None),
    ((235, 185, 20), (25, 25, 25)),
    ((240, 240, 240), (25, 25, 25)),
)


def tape(rng, h, w, scale):
    """Reflective tape of trucks (GB 23254), painted kerbs and bars: blocks in a row, as (quad, colour).
    Each block alone is as long and as light as a small plate. scale is a block's length in px."""
    first, second = (c and np.clip(np.array(c) + rng.normal(0, 14, 3), 0, 255) for c in TAPES[rng.integers(len(TAPES))])
    angle = rng.normal(0, 0.15) if rng.random() < 0.7 else rng.uniform(0, np.pi)
    along, across = np.array([np.cos(angle), np.sin(angle)]), np.array([-np.sin(angle), np.cos(angle)])
    thick, grow, slant = scale / rng.uniform(1.5, 6), rng.uniform(0.93, 1.07), rng.choice([0.0, rng.uniform(-1, 1)])
    at, blocks = rng.uniform([-0.1 * w, 0.02 * h], [0.9 * w, 0.98 * h]), []
    for k in range(int(rng.integers(2, 15))):
        end, lean = at + along * scale, along * slant * thick
        quad = np.array([at, end, end + across * thick + lean, at + across * thick + lean], np.float32)
        colour = (first, second)[k % 2]
        if colour is not None:
            blocks.append((quad, colour.tolist()))
        at, scale, thick = end, scale * grow, thick * grow
    return blocks


def overlay(rng, image):
    """Camera overlay: time stamp and camera name, white with a black outline. uint8, in place."""
    h, w = image.shape[:2]
    for _ in range(int(rng.integers(1, 4))):
        text, chinese = phrase(rng)
        if rng.random() < 0.5:
            week = rng.choice(["", " 星期" + pick(rng, "一二三四五六日", 1)])
            text = (
                f"{rng.integers(2012, 2031)}{rng.choice(['-', '年'])}{rng.integers(1, 13):02}-{rng.integers(1, 29):02}"
                f"{week} {rng.integers(0, 24):02}:{rng.integers(0, 60):02}:{rng.integers(0, 60):02}"
            )
            chinese = True
        size = 2 * int(rng.uniform(0.01, 0.03) * max(h, w)) + 6
        mask = mask_of(rng, text, chinese, size)[: h - 4, : w - 4]
        mh, mw = mask.shape
        x = int(rng.choice([rng.integers(1, max(2, w // 10)), rng.integers(0, max(1, w - mw)), max(0, w - mw - 4)]))
        y = int(rng.choice([rng.integers(1, max(2, h // 10)), max(0, h - mh - rng.integers(2, 2 + h // 10))]))
        x, y = min(x, w - mw), min(y, h - mh)
        region = image[y : y + mh, x : x + mw].astype(np.float32)
        if rng.random() < 0.8:
            dark = cv2.dilate(mask, np.ones((3, 3), np.uint8))[:, :, None] / 255.0
            region *= 1 - dark
        light = mask[:, :, None] / 255.0
        ink = (255, 255, 255) if rng.random() < 0.8 else vivid(rng)
        region = region * (1 - light) + np.array(ink, np.float32) * light
        image[y : y + mh, x : x + mw] = region.astype(np.uint8)
