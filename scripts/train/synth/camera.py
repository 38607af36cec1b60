"""What the camera, the light and the codec do. Images are HxWx3 float32 RGB, 0..255, at camera resolution."""

import cv2
import numpy as np

from .field import smooth


def light(rng: np.random.Generator, image: np.ndarray, hard: float = 1.0) -> tuple[np.ndarray, bool]:
    """Exposure and colour of the light. Returns (image, colour can still be told)."""
    choice = rng.random() / max(hard, 1e-3)
    colour_known = True
    if choice < 0.10:
        image = image * float(rng.uniform(0.18, 0.5))  # night
    elif choice < 0.16:
        image = sodium(rng, image)
    elif choice < 0.21:
        image, colour_known = infrared(rng, image), False
    elif choice < 0.30:
        image = haze(rng, image)
    elif choice < 0.36:
        image = image * float(rng.uniform(1.15, 1.6))
    else:
        image = image * float(rng.uniform(0.45, 1.25))
    if rng.random() < 0.5:
        image = white_balance(rng, image)
    if rng.random() < 0.25:
        image = np.clip(image, 0, 255) / 255
        image = image ** float(rng.uniform(0.6, 1.6)) * 255
    if rng.random() < 0.2:
        gray = image.mean(2, keepdims=True)
        image = gray + (image - gray) * float(rng.uniform(0.35, 1.6))
    if rng.random() < 0.15 * hard:
        image = low_contrast(rng, image)
    return image, colour_known


def sodium(rng, image) -> np.ndarray:
    gray = image.mean(2, keepdims=True)
    keep = float(rng.uniform(0.25, 0.6))
    tint = np.array([1.25, 0.8, float(rng.uniform(0.2, 0.5))], np.float32)
    return (gray * (1 - keep) + image * keep) * tint * float(rng.uniform(0.4, 1.0))


def infrared(rng, image) -> np.ndarray:
    weights = np.array(rng.dirichlet((4, 4, 2)), np.float32)
    gray = (image @ weights)[..., None] * float(rng.uniform(0.5, 1.5))
    return np.repeat(gray, 3, 2)


def haze(rng, image) -> np.ndarray:
    veil = float(rng.uniform(0.15, 0.6))
    return image * (1 - veil) + float(rng.uniform(90, 230)) * veil


def white_balance(rng, image) -> np.ndarray:
    return image * rng.normal(1, 0.09, 3).clip(0.7, 1.3).astype(np.float32)


def low_contrast(rng, image) -> np.ndarray:
    middle = image.mean((0, 1), keepdims=True)
    return middle + (image - middle) * float(rng.uniform(0.28, 0.65))


def optics(rng, image, stroke: float, hard: float = 1.0) -> np.ndarray:
    """Defocus and motion; `stroke` is the stroke width in px, to keep the plate legible."""
    if rng.random() < 0.3 + 0.3 * hard:
        sigma = stroke * float(rng.uniform(0.1, 0.25 + 0.4 * hard))
        if sigma > 0.2:
            image = cv2.GaussianBlur(image, (0, 0), sigma)
    if rng.random() < 0.3 * hard:
        image = motion(rng, image, stroke)
    if rng.random() < 0.10:
        image = bloom(rng, image)
    return image


def motion(rng, image, stroke: float) -> np.ndarray:
    length = stroke * float(rng.uniform(0.4, 1.7))
    angle = float(rng.choice((0, 90, rng.uniform(0, 180)), p=(0.4, 0.3, 0.3)))
    size = int(length + 2) | 1
    if size < 3:
        return image
    kernel = np.zeros((size, size), np.float32)
    dx, dy = np.cos(np.radians(angle)) * length / 2, np.sin(np.radians(angle)) * length / 2
    c = size // 2
    cv2.line(kernel, (round(c - dx), round(c - dy)), (round(c + dx), round(c + dy)), 1.0, 1, cv2.LINE_AA)
    return cv2.filter2D(image, -1, kernel / kernel.sum(), borderType=cv2.BORDER_REPLICATE)


def bloom(rng, image) -> np.ndarray:
    """Bright light spreads in lens and sensor."""
    bright = np.clip(image - float(rng.uniform(120, 190)), 0, 255)
    spread = cv2.GaussianBlur(bright, (0, 0), max(1.0, image.shape[0] * float(rng.uniform(0.02, 0.1))))
    return image + spread * float(rng.uniform(0.8, 2.5))


def interlace(rng, image) -> np.ndarray:
    """Two fields taken at two moments: odd lines shift, or are repeated lines of one field."""
    image = image.copy()
    if rng.random() < 0.5:
        image[1::2] = image[0::2][: image[1::2].shape[0]]
        return image
    shift = int(rng.integers(1, max(2, image.shape[0] // 16) + 1)) * int(rng.choice((-1, 1)))
    image[1::2] = np.roll(image[1::2], shift, axis=1)
    return image


def rain(rng, image) -> np.ndarray:
    h, w = image.shape[:2]
    mask = np.zeros((h, w), np.float32)
    slant = float(rng.normal(0, 0.2))
    for _ in range(int(rng.integers(4, 30))):
        x, y, reach = rng.uniform(0, w), rng.uniform(0, h), rng.uniform(0.1, 0.5) * h
        cv2.line(mask, (int(x), int(y)), (int(x + slant * reach), int(y + reach)), float(rng.uniform(0.2, 0.7)), 1)
    mask = cv2.blur(mask, (2, 3))[..., None]
    return image * (1 - mask) + float(rng.uniform(140, 240)) * mask


def sharpen(rng, image) -> np.ndarray:
    """The over-sharpening that cheap cameras apply, halos included."""
    soft = cv2.GaussianBlur(image, (0, 0), float(rng.uniform(0.7, 1.8)))
    return image + (image - soft) * float(rng.uniform(0.4, 1.8))


def noise(rng, image, dark: bool = False) -> np.ndarray:
    contrast = float(image.std()) + 2
    sigma = float(rng.uniform(4, 20)) if dark else float(rng.uniform(0.5, 11))
    sigma = min(sigma, 0.55 * contrast)
    h, w = image.shape[:2]
    grain = rng.standard_normal((h, w, 1), np.float32)
    if rng.random() < 0.6:
        chroma = rng.standard_normal((h, w, 3), np.float32)
        grain = grain * 0.6 + chroma * 0.6
    if rng.random() < 0.35:  # noise that the camera's own filter has smeared
        grain = cv2.GaussianBlur(grain, (0, 0), float(rng.uniform(0.5, 1.2)))
        grain = (grain if grain.ndim == 3 else grain[..., None]) * 2
    return image + grain * sigma


def codec(rng, image: np.ndarray) -> np.ndarray:
    """uint8 in and out. JPEG at any quality; at times twice, or on a smaller picture with smeared colour."""
    quality = int(np.clip(rng.normal(68, 22), 15, 98))
    image = _jpeg(image, quality)
    if rng.random() < 0.15:
        h, w = image.shape[:2]
        off = int(rng.integers(1, 8))
        padded = cv2.copyMakeBorder(image, off, 0, off, 0, cv2.BORDER_REPLICATE)  # another block grid
        image = _jpeg(padded, int(rng.integers(20, 80)))[off : off + h, off : off + w]
    if rng.random() < 0.12:  # video codecs keep little colour
        ycc = cv2.cvtColor(image, cv2.COLOR_RGB2YCrCb)
        k = int(rng.integers(2, 6))
        small = cv2.resize(ycc[..., 1:], None, fx=1 / k, fy=1 / k, interpolation=cv2.INTER_AREA)
        if small.size:
            ycc[..., 1:] = cv2.resize(small, (ycc.shape[1], ycc.shape[0])).reshape(ycc[..., 1:].shape)
        image = cv2.cvtColor(ycc, cv2.COLOR_YCrCb2RGB)
    return image


def _jpeg(image, quality: int) -> np.ndarray:
    ok, data = cv2.imencode(".jpg", image, (cv2.IMWRITE_JPEG_QUALITY, quality))
    return cv2.imdecode(data, cv2.IMREAD_COLOR) if ok else image


def shoot(rng, image: np.ndarray, stroke: float, hard: float = 1.0) -> tuple[np.ndarray, bool]:
    """The whole camera in order: light, optics, sensor, processing, codec. Returns (uint8, colour known)."""
    image, colour_known = light(rng, image, hard)
    if rng.random() < 0.10 * hard:
        image = rain(rng, image)
    image = optics(rng, image, stroke, hard)
    image = np.clip(image, 0, 255)
    dark = float(image.mean()) < 60
    if rng.random() < 0.7:
        image = noise(rng, image, dark and rng.random() < 0.7)
    if rng.random() < 0.15 * hard:
        image = interlace(rng, image)
    if rng.random() < 0.3:
        image = sharpen(rng, image)
    if dark and rng.random() < 0.5:  # gain brings the picture, and its noise, up again
        image = image * float(rng.uniform(1.2, 2.6))
    if rng.random() < 0.1:
        image = image * (0.75 + 0.5 * smooth(rng, image.shape[:2], 1))[..., None]
    image = np.clip(image, 0, 255).astype(np.uint8)
    if rng.random() < 0.8:
        image = codec(rng, image)
    return image, colour_known
