"""What a real training photo lends to a synthetic plate: where the plate lies, its light, stroke weight, blur and grain.

The text of a training photo is known, so its own ink can be drawn, laid over the photo and compared. What is measured is kept
in a file outside the repository: python -m reader.lenders --real DIR --weights W --out lenders.pkl [--without a,b]
"""

import argparse
import pickle
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np

from reader.real import Photo, load, load_newer
from synth.alphabet import ALPHABET, PROVINCES, SERVICES
from synth.degrade import HEIGHT, WIDTH
from synth.kinds import KINDS, arrange
from synth.plates import character_masks

KIND_OF = {"blue": "blue", "yellow": "yellow", "black": "black", "white": "army", "green": "green_small", "yellow_green": "green_large"}
WEIGHTS = (-5, -3, 0, 3)  # mm of stroke taken off or added
BLURS = (0.35, 0.6, 0.9, 1.3, 1.9)
MOST_PX = 170
LEAST_FIT = 0.5  # share of the colours' variance that drawn ground and ink explain


@dataclass
class Lender:
    photo: Photo
    kind: str
    place: np.ndarray  # 3x3, plate mm to photo px
    ground: np.ndarray  # 6x3, quadratic field over the plate
    ink: np.ndarray  # 3x3, linear field
    weight: int
    blur: tuple[float, float]
    grain: float  # standard deviation that the fit leaves in flat parts
    fit: float


def ink_mask(kind: str, text: str, rng=None, weight: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Ink of the whole plate, 0..1 at 1 px per mm, and the characters' boxes."""
    spec = KINDS[kind]
    cells, dots = arrange(spec, text, rng if rng is not None else np.random.default_rng(0))
    masks, boxes = character_masks(rng, spec, text, cells, dots)
    letters, hanzi = (np.maximum(masks[False][i], masks[True][i]) for i in (0, 1))
    heavy = min(weight, 2)  # provinces are never seen as bold as bold letters
    return np.maximum(change_weight(letters, weight), change_weight(hanzi, heavy)).astype(np.float32) / 255, boxes


def change_weight(mask: np.ndarray, weight: int) -> np.ndarray:
    if weight == 0:
        return mask
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (abs(weight), abs(weight)))
    return cv2.erode(mask, kernel) if weight < 0 else cv2.dilate(mask, kernel)


def lay(face: np.ndarray, place: np.ndarray, shape) -> np.ndarray:
    """A face at 1 px per mm seen through `place`; shrunk first so that nothing aliases."""
    h, w = shape
    corners = cv2.perspectiveTransform(np.float32([[[0, 0], [face.shape[1], 0], [0, face.shape[0]]]]), place)[0]
    across = np.linalg.norm(corners[1] - corners[0]) / face.shape[1]
    down = np.linalg.norm(corners[2] - corners[0]) / face.shape[0]
    fx, fy = min(1.0, 1.3 * across), min(1.0, 1.3 * down)
    small = cv2.resize(face, (max(8, round(face.shape[1] * fx)), max(8, round(face.shape[0] * fy))), interpolation=cv2.INTER_AREA)
    shrink = np.diag([face.shape[1] / small.shape[1], face.shape[0] / small.shape[0], 1.0])
    half = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1.0]])  # pixel centres to edges
    matrix = np.linalg.inv(half) @ place @ shrink @ half
    return cv2.warpPerspective(small, matrix, (w, h), flags=cv2.INTER_LINEAR)


def fields(place: np.ndarray, shape, size) -> np.ndarray:
    """Terms 1, x, y, xx, xy, yy of the plate's own coordinates (-1..1) for every pixel; h x w x 6."""
    h, w = shape
    back = np.linalg.inv(place)
    xs, ys = np.meshgrid(np.arange(w) + 0.5, np.arange(h) + 0.5)
    points = cv2.perspectiveTransform(np.stack([xs, ys], -1).reshape(1, -1, 2), back)[0].reshape(h, w, 2)
    x, y = (points / np.array(size) * 2 - 1).clip(-1.5, 1.5).transpose(2, 0, 1)
    return np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], -1).astype(np.float32)


def cover(place, shape, size, grow: float = 0.0) -> np.ndarray:
    """1 inside the plate's quad, grown by `grow` of its height, else 0."""
    w, h = size
    g = grow * h
    quad = cv2.perspectiveTransform(np.float32([[[-g, -g], [w + g, -g], [w + g, h + g], [-g, h + g]]]), place)[0]
    mask = np.zeros(shape, np.uint8)
    cv2.fillPoly(mask, [np.round((quad - 0.5) * 16).astype(np.int32)], 1, shift=4)
    return mask.astype(np.float32)


def solve(image, ink, terms, inside) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Ground and ink colours as fields, by least squares: (ground, ink, what is left over)."""
    a = np.concatenate([terms * (1 - ink)[..., None], terms[..., :3] * ink[..., None]], -1)
    rows = a[inside > 0]
    target = image[inside > 0]
    square = rows.T @ rows + np.eye(9, dtype=np.float32) * 0.01 * len(rows) * np.float32([1e-4] + [0.02] * 5 + [1e-4] + [0.05] * 2)
    found = np.linalg.solve(square, rows.T @ target)
    return found[:6], found[6:], image - a @ found


def blurred(ink, blur) -> np.ndarray:
    return cv2.GaussianBlur(ink, (0, 0), sigmaX=blur[0], sigmaY=blur[1])


def register(photo: Photo, kind: str, centres: np.ndarray) -> tuple[np.ndarray, float]:
    """Plate mm to photo px. Starts from the corners, or for crops from where the reader looked, and refines on the ink."""
    spec = KINDS[kind]
    w, h = spec.size
    face, boxes = ink_mask(kind, photo.text)
    gray = cv2.cvtColor(photo.image, cv2.COLOR_RGB2GRAY).astype(np.float32)
    if spec.color in ("yellow", "white", "green"):
        gray = 255 - gray
    shape = gray.shape
    starts = []
    if photo.corners is not None:
        starts.append(cv2.getPerspectiveTransform(np.float32([[0, 0], [w, 0], [w, h], [0, h]]), photo.corners + 0.5))
    else:
        middle = (boxes[:, :2] + boxes[:, 2:]) / 2
        n = len(middle)
        seen = centres[:n] * (shape[1] / WIDTH, shape[0] / HEIGHT)
        line = np.polyfit(middle[:, 0], seen[:, 0], 1)
        tilt = np.polyfit(middle[:, 0], seen[:, 1], 1)
        for share in (0.62, 0.75, 0.9):
            fy = share * shape[0] / 90
            for shear in (-0.15, 0.15):
                y0 = float(np.median(seen[:, 1] - tilt[0] * middle[:, 0])) - 70 * fy
                starts.append(np.array([[line[0], shear * fy, line[1] - shear * fy * 70], [tilt[0], fy, y0], [0, 0, 1.0]]))
    best, score = None, -1.0
    soft = cv2.GaussianBlur(gray, (0, 0), 0.8)
    for start in starts:
        drawn = blurred(lay(face, start, shape), (1.2, 1.2))
        try:
            value, warp = cv2.findTransformECC(
                drawn,
                soft,
                np.eye(3, dtype=np.float32) if photo.corners is not None else np.eye(2, 3, dtype=np.float32),
                cv2.MOTION_HOMOGRAPHY if photo.corners is not None else cv2.MOTION_AFFINE,
                (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 30, 1e-4),
                (cover(start, shape, (w, h), -0.02) * 255).astype(np.uint8),
                3,
            )
        except cv2.error:
            continue
        if value > score:
            matrix = warp if warp.shape == (3, 3) else np.vstack([warp, [0, 0, 1]])
            best, score = matrix @ start, value
    return best, score


def smaller(photo: Photo) -> Photo:
    """A wide plate is measured, and later lent, at the reader's own scale: faster, and nothing is lost."""
    if photo.corners is None:
        return photo
    across = max(np.linalg.norm(photo.corners[1] - photo.corners[0]), 1.0)
    scale = MOST_PX / across
    if scale >= 1:
        return photo
    image = cv2.resize(photo.image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return replace(photo, image=image, corners=((photo.corners + 0.5) * scale - 0.5).astype(np.float32))


def lend(photo: Photo, centres: np.ndarray) -> Lender | None:
    kind = KIND_OF.get(photo.color)
    if (
        kind is None
        or photo.layout == "double"
        or len(photo.text) != (8 if kind.startswith("green") else 7)
        or not set(photo.text) <= set(ALPHABET)
    ):
        return None
    if photo.color == "white":
        kind = "white_old" if photo.text[0] in PROVINCES else "services" if photo.text[0] in SERVICES else kind
    place, score = register(photo, kind, centres)
    if place is None or score < 0.5:
        return None
    spec = KINDS[kind]
    image = photo.image.astype(np.float32)
    shape = image.shape[:2]
    terms = fields(place, shape, spec.size)
    inside = cover(place, shape, spec.size, -0.05)
    if inside.sum() < 300:
        return None
    best = None
    for weight in WEIGHTS:
        face, _ = ink_mask(kind, photo.text, None, weight)
        drawn = lay(face, place, shape)
        for bx in BLURS:
            for by in BLURS:
                if not 0.4 < bx / by < 2.5:
                    continue
                ink = blurred(drawn, (bx, by))
                ground, colour, left = solve(image, ink, terms, inside)
                error = float((left[inside > 0] ** 2).mean())
                if best is None or error < best[0]:
                    best = (error, weight, (bx, by), ground, colour, left)
    error, weight, blur, ground, colour, left = best
    flat = left - cv2.blur(left, (3, 3))
    grain = float(np.median(np.abs(flat[inside > 0])))
    fit = 1 - error / max(1.0, float(image[inside > 0].var(0).mean()))
    return Lender(photo, kind, place, ground, colour, weight, blur, grain, fit if score > 0.6 else 0.0)


def looked_at(model, photos: list[Photo]) -> np.ndarray:
    """Centre of each slot's attention, px of the reader's picture."""
    import torch

    from reader.real import rectify

    result = []
    for i in range(0, len(photos), 64):
        images = np.stack([rectify(p) for p in photos[i : i + 64]])
        with torch.no_grad():
            maps = model(torch.from_numpy(images), with_attention=True)[4].float().softmax(2).view(-1, 8, 6, 42).numpy()
        x = (maps.sum(2) * (np.arange(42) + 0.5)).sum(2) * 4
        y = (maps.sum(3) * (np.arange(6) + 0.5)).sum(2) * 8
        result.append(np.stack([x, y], -1))
    return np.concatenate(result)


def main() -> None:
    from reader.score import load_model

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--real", type=Path, required=True)
    parser.add_argument("--weights", type=Path, required=True, help="a reader that finds characters in crops")
    parser.add_argument("--without", default="")
    parser.add_argument("--newer", action="store_true", help="half of trucks.csv and extra_crops.csv, instead of train.csv")
    parser.add_argument("--limit", type=int, default=0)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    cv2.setNumThreads(1)
    photos = load_newer(args.real, "train") if args.newer else load(args.real, "train", tuple(args.without.split(",")))
    photos = [smaller(p) for p in photos]
    if args.limit:
        photos = [photos[i] for i in np.random.default_rng(0).permutation(len(photos))[: args.limit]]
    centres = looked_at(load_model(args.weights), photos)
    found = [lend(p, c) for p, c in zip(photos, centres, strict=True)]
    good = [x for x in found if x is not None and x.fit > LEAST_FIT]
    print(f"{len(good)} lenders of {len(photos)} photos")
    args.out.write_bytes(pickle.dumps(good))


if __name__ == "__main__":
    # Under its own name, so that other programs can read the file.
    from reader import lenders  # noqa: PLW0406

    lenders.main()
