"""Train the plate detector. Resumes from the checkpoint in --work if there is one.

python train.py --real DIR --work DIR [--config run.json] [--init weights.pt]
"""

import argparse
import json
import sys
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn

import photos
import stream
from net import Detector
from scenes import Scenes
from targets import corner_loss, encode_batch, heat_loss

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from precision import autocast

DEFAULTS = {
    "seed": 20,
    "steps": 8000,
    "minutes": 85,
    "lr": 2e-3,
    "lr_last": 2e-5,
    "warmup": 200,
    "decay": 0.02,
    "batch": {"wide": 6, "square": 12, "look": 16},
    "share": {"wide": 1.0, "square": 1.0, "look": 0.6},
    "corner_gain": 1.0,
    "ema": 0.998,
    "freeze_norm_at": 0.75,
    "reuse": 3.0,
    "turned": 0.0,
    "stacked": 0.0,
    "bodies": 0.0,
    "trucks": False,
    "ignore": None,
    "limit": None,
}


def learning_rate(config, step, progress):
    if step < config["warmup"]:
        return config["lr"] * (step + 1) / config["warmup"]
    half = 0.5 * (1 + np.cos(np.pi * min(1.0, progress)))
    return float(config["lr_last"] + (config["lr"] - config["lr_last"]) * half)


@torch.no_grad()
def follow(ema, model, decay):
    """Move the averaged weights a step towards the model; copy counters and norms' statistics."""
    for a, b in zip(ema.parameters(), model.parameters(), strict=True):
        a.lerp_(b, 1 - decay)
    for a, b in zip(ema.buffers(), model.buffers(), strict=True):
        a.copy_(b)


def run(args, config):
    torch.set_num_threads(1)
    torch.manual_seed(config["seed"])
    work = Path(args.work)
    work.mkdir(parents=True, exist_ok=True)
    model, ema = Detector(), Detector()
    saved, step, spent = work / "last.pt", 0, 0.0
    state = torch.load(saved) if saved.exists() else None
    if state:
        model.load_state_dict(state["model"])
        step, spent = state["step"], state["spent"]
    elif args.init:
        model.load_state_dict(torch.load(args.init)["weights"])
    ema.load_state_dict(state["ema"] if state else model.state_dict())
    # Fork the generator before PyTorch starts threads of its own.
    pictures = photos.load(args.real, "train", config["ignore"], config["limit"])
    crops, negatives = photos.load_crops(args.real), photos.load_negatives(args.real)
    print(f"{len(pictures)} photos, {sum(map(len, crops.values()))} crops, {len(negatives)} negatives", flush=True)
    rare = photos.load(args.real, "train", config["ignore"], rows=photos.read_trucks(args.real, "train")) if config["trucks"] else []
    shares = [config[name] for name in ("turned", "stacked", "bodies")]
    rings, generator = stream.start(
        config["seed"] + 1000 * (step + 1), lambda rng: Scenes(rng, pictures, crops, negatives, *shares, rare), config["reuse"]
    )
    model = model.to(memory_format=torch.channels_last).train()
    optimiser = torch.optim.AdamW(model.parameters(), lr=config["lr"], weight_decay=config["decay"])
    if state:
        optimiser.load_state_dict(state["optimiser"])
    rng = np.random.default_rng(config["seed"] + 7 + step)
    while any(ring.made.value < 150 for ring in rings.values()):
        time.sleep(1.0)
    mean, shown, frozen = {}, time.time(), False
    while True:
        began = time.time()
        progress = max(step / config["steps"], spent / (60 * config["minutes"]))
        if progress >= 1 or not generator.is_alive():
            break
        if progress >= config["freeze_norm_at"] and not frozen:
            # The three picture kinds have different statistics; the last part trains with the fixed
            # ones that the exported network will use.
            for module in model.modules():
                if isinstance(module, nn.BatchNorm2d):
                    module.eval()
            frozen = True
        for group in optimiser.param_groups:
            group["lr"] = learning_rate(config, step, progress)
        optimiser.zero_grad(set_to_none=True)
        for kind, count in config["batch"].items():
            image, quads, tags, trusts = rings[kind].draw(rng, count)
            h, w = image.shape[1:3]
            heat, keep, corners, weight, size = encode_batch(quads, tags, trusts, h, w)
            with autocast():
                logits, raw = model.raw(torch.from_numpy(image))
            a = heat_loss(logits, heat, keep)
            b = corner_loss(model.offsets(raw), corners, weight, size) * config["corner_gain"]
            ((a + b) * config["share"][kind]).backward()
            mean[kind] = 0.98 * mean.get(kind, np.zeros(2)) + 0.02 * np.array([a.item(), b.item()])
        nn.utils.clip_grad_norm_(model.parameters(), 10.0)
        optimiser.step()
        step += 1
        follow(ema, model, min(config["ema"], (1 + step) / (20 + step)))
        spent += time.time() - began
        if step % 50 == 0:
            made = "/".join(str(ring.made.value) for ring in rings.values())
            losses = " ".join(f"{k} {v[0]:.3f}+{v[1]:.3f}" for k, v in mean.items())
            print(f"step {step} {progress:6.1%} {(time.time() - shown) / 50:.2f} s/step  {losses}  made {made}", flush=True)
            shown = time.time()
        if step % 250 == 0:
            save(saved, model, ema, optimiser, step, spent, config)
    save(saved, model, ema, optimiser, step, spent, config)
    print("done", step, flush=True)


def save(path, model, ema, optimiser, step, spent, config):
    state = {
        "model": model.state_dict(),
        "ema": ema.state_dict(),
        "optimiser": optimiser.state_dict(),
        "step": step,
        "spent": spent,
        "config": config,
    }
    torch.save(state, path.with_suffix(".tmp"))
    path.with_suffix(".tmp").rename(path)
    torch.save({"weights": ema.state_dict(), "step": step}, path.with_name("weights.pt"))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--real", required=True, help="folder of real photos (see README.md)")
    parser.add_argument("--work", required=True, help="folder for checkpoints")
    parser.add_argument("--config", help="JSON of settings that differ from the defaults")
    parser.add_argument("--init", help="weights to start from")
    args = parser.parse_args()
    config = dict(DEFAULTS)
    if args.config:
        config.update(json.loads(Path(args.config).read_text()))
    print(json.dumps(config), flush=True)
    run(args, config)


if __name__ == "__main__":
    main()
