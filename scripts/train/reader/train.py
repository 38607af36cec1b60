"""Train the reader from rings. Resumes by itself from RUN/checkpoint.pt.

python -m reader.train --run runs/NAME --ring DIR [--real-ring DIR --real-share 0.4] --minutes 45 [--start WEIGHTS]
"""

import argparse
import copy
import json
import math
import time
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

from precision import autocast
from reader.model import Reader
from reader.ring import Ring

FIRST_SLOT = 2.0


def losses(model, images, meta, attention_weight: float, smooth: float):
    codes = torch.from_numpy(meta["codes"].astype(np.int64))
    with autocast():
        chars, color, layout, plate, maps = model(images, with_attention=True)
    known = lambda name: torch.from_numpy(meta[name].astype(np.int64))
    char_loss = F.cross_entropy(chars.flatten(0, 1), codes.flatten(), ignore_index=-100, label_smoothing=smooth, reduction="none").view_as(
        codes
    )
    heavy = torch.ones(8)
    heavy[0] = FIRST_SLOT  # most remaining errors are provinces
    char_loss = (char_loss * heavy).sum() / (heavy * (codes >= 0)).sum().clamp_min(1)
    color_loss = F.cross_entropy(color, known("color"), ignore_index=-100, label_smoothing=smooth)
    layout_loss = F.cross_entropy(layout, known("layout"), ignore_index=-100)
    truth = known("plate")
    mask = truth >= 0
    plate_loss = F.binary_cross_entropy_with_logits(plate[mask, 0], truth[mask].float())
    total = char_loss + 0.15 * color_loss + 0.1 * layout_loss + 0.15 * plate_loss
    if attention_weight > 0:
        total = total + attention_weight * attention_loss(maps.float(), meta["centers"])
    with torch.no_grad():
        hit = (chars.argmax(2) == codes) | (codes == -100)
        right_chars = hit[codes != -100].float().mean()
        whole = hit.all(1)[(codes != -100).any(1)].float().mean()
        hue = known("color")
        right = (color.argmax(1) == hue)[hue >= 0].float().mean()
    return total, {"loss": total.item(), "chars": right_chars.item(), "exact": whole.item(), "color": right.item()}


def attention_loss(maps, centers) -> torch.Tensor:
    """Cross-entropy of each slot's map with a small Gaussian at the character's known centre."""
    centers = torch.from_numpy(np.ascontiguousarray(centers))
    x, y = (centers[..., 0] + 0.5) / 4 - 0.5, (centers[..., 1] + 0.5) / 8 - 0.5
    use = (centers[..., 0] > 0) & (x < 41.5) & (y > -0.5) & (y < 5.5)
    if not use.any():
        return maps.sum() * 0
    gx = torch.exp(-((torch.arange(42)[None, None] - x[..., None]) ** 2) / (2 * 1.2**2))
    gy = torch.exp(-((torch.arange(6)[None, None] - y[..., None]) ** 2) / (2 * 0.7**2))
    target = (gy[..., :, None] * gx[..., None, :]).flatten(2)
    target = target / target.sum(2, keepdim=True).clamp_min(1e-6)
    return -(target * maps.log_softmax(2)).sum(2)[use].mean()


def batch_from(rng, rings, shares, size: int):
    parts = []
    for ring, share in zip(rings, shares, strict=True):
        n = round(size * share)
        if n:
            parts.append(ring.draw(rng, n))
    images = np.concatenate([p[0] for p in parts])
    meta = np.concatenate([p[1] for p in parts])
    return torch.from_numpy(light_changes(rng, images)), meta


def light_changes(rng, images) -> np.ndarray:
    """Cheap variety on the fly: gain, offset and channel balance per picture."""
    n = len(images)
    gain = rng.normal(1, 0.12, (n, 1, 1, 1)) * rng.normal(1, 0.03, (n, 1, 1, 3))
    offset = rng.normal(0, 8, (n, 1, 1, 1))
    return np.clip(images * gain.astype(np.float32) + offset.astype(np.float32), 0, 255).astype(np.uint8)


def progress_of(step, elapsed, args) -> float:
    return min(1.0, max(elapsed / (args.minutes * 60), step / args.steps if args.steps else 0))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--ring", type=Path, required=True, nargs="+", help="synthetic; drawn from in equal parts")
    parser.add_argument("--real-ring", type=Path, nargs="+", help="views of real photos; drawn from by size")
    parser.add_argument("--real-share", type=float, default=0.4)
    parser.add_argument("--start", type=Path, help="weights to start from")
    parser.add_argument("--minutes", type=float, default=45, help="wall clock that the schedule spans")
    parser.add_argument("--steps", type=int, default=0, help="or steps, whichever is reached first")
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--rate", type=float, default=3e-3)
    parser.add_argument("--attention", type=float, default=0.5)
    parser.add_argument("--smooth", type=float, default=0.02)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(args.seed)
    args.run.mkdir(parents=True, exist_ok=True)
    (args.run / "config.json").write_text(json.dumps({k: str(v) for k, v in vars(args).items()}, indent=1))
    model = Reader().to(memory_format=torch.channels_last)
    if args.start:
        state = torch.load(args.start)
        model.take(state.get("mean", state["model"]))  # a checkpoint or a weights file
    mean = copy.deepcopy(model).eval()
    decay = [p for p in model.parameters() if p.ndim > 1]
    plain = [p for p in model.parameters() if p.ndim <= 1]
    groups = [{"params": decay, "weight_decay": 0.02}, {"params": plain, "weight_decay": 0}]
    optimizer = torch.optim.AdamW(groups, lr=args.rate, betas=(0.9, 0.99))
    step, elapsed = 0, 0.0
    checkpoint = args.run / "checkpoint.pt"
    if checkpoint.exists():
        state = torch.load(checkpoint)
        model.load_state_dict(state["model"])
        mean.load_state_dict(state["mean"])
        optimizer.load_state_dict(state["optimizer"])
        step, elapsed = state["step"], state["elapsed"]
    rings = [Ring(folder) for folder in args.ring]
    synthetic = 1 - args.real_share if args.real_ring else 1.0
    shares = [synthetic / len(rings)] * len(rings)
    if args.real_ring:
        real = [Ring(folder) for folder in args.real_ring]
        rings += real
        shares += [args.real_share * len(ring) / sum(map(len, real)) for ring in real]
    rng = np.random.default_rng((args.seed, step))
    model.train()
    last = saved = time.monotonic()
    shown: dict[str, float] = {}
    while (progress := progress_of(step, elapsed, args)) < 1:
        warm = min(1.0, (step + 1) / 200)
        rate = args.rate * warm * (0.5 + 0.5 * math.cos(math.pi * progress)) + 1e-6
        for group in optimizer.param_groups:
            group["lr"] = rate
        guide = args.attention * (1 - progress / 0.6) if progress < 0.6 else 0.0
        guide = max(guide, 0.02 if args.attention else 0)
        images, meta = batch_from(rng, rings, shares, args.batch)
        total, figures = losses(model, images, meta, guide, args.smooth)
        optimizer.zero_grad(set_to_none=True)
        total.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 2.0)
        optimizer.step()
        step += 1
        blend(mean, model, min(0.999, (step + 1) / (step + 20)))
        now = time.monotonic()
        elapsed, last = elapsed + now - last, now
        for key, value in figures.items():
            shown[key] = value if key not in shown else shown[key] * 0.95 + value * 0.05
        if step % 50 == 0:
            text = " ".join(f"{k} {v:.4f}" for k, v in shown.items())
            print(f"step {step} {progress:6.1%} {elapsed:6.0f}s rate {rate:.5f} {text}", flush=True)
        if now - saved > 120:
            saved = now
            save(checkpoint, model, mean, optimizer, step, elapsed)
    save(checkpoint, model, mean, optimizer, step, elapsed)
    weights = {k: v.half() if v.is_floating_point() and v.ndim > 1 else v for k, v in mean.state_dict().items()}
    torch.save({"model": weights, "step": step, "elapsed": elapsed}, args.run / "weights.pt")


def blend(mean, model, keep: float) -> None:
    with torch.no_grad():
        for a, b in zip(mean.state_dict().values(), model.state_dict().values(), strict=True):
            if a.is_floating_point():
                a.lerp_(b, 1 - keep)
            else:
                a.copy_(b)


def save(path, model, mean, optimizer, step, elapsed) -> None:
    state = {"model": model.state_dict(), "mean": mean.state_dict(), "optimizer": optimizer.state_dict()}
    temporary = path.with_suffix(".tmp")
    torch.save({**state, "step": step, "elapsed": elapsed}, temporary)
    temporary.replace(path)


if __name__ == "__main__":
    main()
