"""What a camera and its encoder do to a whole scene: light, colour, blur, noise, compression."""

import cv2
import numpy as np

_NOISE = np.random.default_rng(7).standard_normal((1024, 1024)).astype(np.float32)


def noise(rng, h, w):
    """Unit Gaussian noise cut out of a fixed sheet (drawing it anew costs 6 ms a frame)."""
    sheet = _NOISE if max(h, w) <= 1024 else np.tile(_NOISE, (-(-h // 1024), -(-w // 1024)))
    y, x = rng.integers(0, sheet.shape[0] - h + 1), rng.integers(0, sheet.shape[1] - w + 1)
    sheet = sheet[y : y + h, x : x + w]
    return sheet if rng.random() < 0.5 else sheet[:, ::-1]


def glare(rng, image, centre=None, radius=None):
    """Add a lamp: bright core, wide halo, sometimes a horizontal streak. float32 image."""
    h, w = image.shape[:2]
    x, y = centre if centre is not None else (rng.uniform(0, w), rng.uniform(0, h))
    radius = radius or rng.uniform(0.01, 0.06) * w
    small = np.zeros((h // 4 + 1, w // 4 + 1), np.float32)
    point = (int(x / 4), int(y / 4))
    cv2.circle(small, point, max(1, int(radius / 4)), 1.0, -1)
    halo = cv2.GaussianBlur(small, (0, 0), max(1.0, radius * rng.uniform(0.4, 1.2) / 4)) * 2.0
    if rng.random() < 0.3:
        halo += cv2.GaussianBlur(small, (0, 0), sigmaX=w / 24, sigmaY=0.8) * 2.0
    halo = cv2.resize(halo, (w, h), interpolation=cv2.INTER_LINEAR)
    tint = np.array([1.0, rng.uniform(0.85, 1.0), rng.uniform(0.6, 1.0)], np.float32)
    image += halo[:, :, None] * tint * rng.uniform(80, 260)


def light(rng, image):
    """Exposure, contrast, gamma, white balance, haze. float32 image in, float32 out."""
    kind = rng.random()
    if kind < 0.45:  # ordinary day
        image = (image - 114) * rng.uniform(0.75, 1.25) + 114 + rng.uniform(-30, 25)
    elif kind < 0.62:  # dusk and night
        image = 255 * np.power(np.clip(image, 0, 255) / 255, rng.uniform(1.1, 2.2))
        image *= rng.uniform(0.35, 1.1)
    elif kind < 0.72:  # overexposed
        image = image * rng.uniform(1.2, 1.9) + rng.uniform(0, 20)
    elif kind < 0.80:  # haze, low contrast
        image = image * rng.uniform(0.3, 0.7) + rng.uniform(20, 130)
    if rng.random() < 0.3:
        image = image * rng.uniform(0.8, 1.2, 3).astype(np.float32)
    if rng.random() < 0.05:  # sodium lamps
        image = image * np.array([1.15, 0.85, 0.45], np.float32)
    if rng.random() < 0.10:  # infrared, monochrome
        image = np.repeat(image.mean(axis=2, keepdims=True), 3, axis=2)
    elif rng.random() < 0.10:
        grey = image.mean(axis=2, keepdims=True)
        image = grey + (image - grey) * rng.uniform(0.2, 1.6)
    return image


def ramp(rng, image):
    """Uneven light: a linear ramp, or the edge of a shadow."""
    h, w = image.shape[:2]
    angle = rng.uniform(0, 2 * np.pi)
    xs = np.linspace(-1, 1, w, dtype=np.float32)[None, :] * np.cos(angle)
    ys = np.linspace(-1, 1, h, dtype=np.float32)[:, None] * np.sin(angle)
    sharp = rng.choice([0.6, 1.0, 8.0, 30.0])
    t = 1 / (1 + np.exp(-np.float32(sharp) * (xs + ys - np.float32(rng.uniform(-0.7, 0.7)))))
    low, high = rng.uniform(0.3, 0.9), rng.uniform(0.9, 1.25)
    return image * (low + (high - low) * t).astype(np.float32)[:, :, None]


def blur(rng, image, strength):
    """Defocus or motion blur; strength is the largest radius in pixels that leaves text alone."""
    kind = rng.random()
    if kind < 0.5:
        return cv2.GaussianBlur(image, (0, 0), max(0.25, rng.uniform(0.2, 0.6) * strength))
    length = int(1 + rng.uniform(0.6, 2.0) * strength)
    if length < 2:
        return image
    kernel = np.zeros((length, length), np.float32)
    if kind < 0.8:
        kernel[length // 2, :] = 1  # along x
    else:
        np.fill_diagonal(kernel, 1)
        kernel = kernel.T if kind < 0.9 else kernel[:, ::-1].T
    if rng.random() < 0.4:
        kernel = kernel.T
    return cv2.filter2D(image, -1, np.ascontiguousarray(kernel / kernel.sum()))


def compress(rng, image):
    quality = int(rng.choice([rng.integers(18, 45), rng.integers(45, 95)]))
    data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return cv2.imdecode(data, cv2.IMREAD_COLOR)


def shoot(rng, image, blur_px):
    """uint8 scene -> uint8 frame. blur_px bounds the blur, from the smallest plate in the scene."""
    h, w = image.shape[:2]
    if rng.random() < 0.12:  # a soft lens or a scaled stream
        f = rng.uniform(0.6, 0.9) if blur_px < 1.2 else rng.uniform(0.35, 0.9)
        image = cv2.resize(image, (int(w * f), int(h * f)), interpolation=cv2.INTER_AREA)
        image = cv2.resize(image, (w, h), interpolation=cv2.INTER_LINEAR)
    if rng.random() < 0.45:
        image = blur(rng, image, blur_px)
    if rng.random() < 0.05:  # interlacing
        image = image.copy()
        shift = int(rng.integers(1, 1 + max(1, int(blur_px * 1.5))))
        image[::2] = np.roll(image[::2], shift, axis=1)
    out = image.astype(np.float32)
    if rng.random() < 0.25:
        out = ramp(rng, out)
    if rng.random() < 0.8:
        out = light(rng, out)
    if rng.random() < 0.10:
        for _ in range(rng.integers(1, 4)):
            glare(rng, out)
    if rng.random() < 0.5:
        out += np.float32(rng.exponential(6.0)) * noise(rng, h, w)[:, :, None]
        if rng.random() < 0.3:
            out[:, :, rng.integers(3)] += np.float32(rng.exponential(5.0)) * noise(rng, h, w)
    out = np.clip(out, 0, 255).astype(np.uint8)
    if rng.random() < 0.5:
        out = compress(rng, out)
    if rng.random() < 0.03:  # a decoder that swaps red and blue
        out = out[:, :, ::-1]
    return np.ascontiguousarray(out)
