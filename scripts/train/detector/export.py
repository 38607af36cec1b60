"""Write the trained detector as ONNX, check it against PyTorch and time it.

python export.py --weights weights.pt --out detector.onnx
"""

import argparse
import hashlib
import time
from pathlib import Path

import numpy as np
import onnx
import torch

from decode import session
from net import Detector

OPSET = 17


def fuse_norms(model):
    """Fold each batch norm into the convolution before it."""
    for module in model.modules():
        if isinstance(module, torch.nn.Sequential) and len(module) == 3 and isinstance(module[1], torch.nn.BatchNorm2d):
            module[0] = torch.nn.utils.fuse_conv_bn_eval(module[0], module[1])
            module[1] = torch.nn.Identity()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", required=True)
    parser.add_argument("--out", required=True)
    args = parser.parse_args()
    torch.set_num_threads(1)
    reference, model = Detector(), Detector()
    state = torch.load(args.weights)
    reference.load_state_dict(state["weights"])
    model.load_state_dict(state["weights"])
    reference.eval(), model.eval()
    fuse_norms(model)
    model.fold_input_scale()
    axes = {"image": {0: "n", 1: "h", 2: "w"}, "heat": {0: "n", 2: "gh", 3: "gw"}, "corners": {0: "n", 2: "gh", 3: "gw"}}
    torch.onnx.export(
        model,
        (torch.zeros(1, 96, 192, 3, dtype=torch.uint8),),
        args.out,
        opset_version=OPSET,
        input_names=["image"],
        output_names=["heat", "corners"],
        dynamic_axes=axes,
        dynamo=False,
    )
    onnx.checker.check_model(onnx.load(args.out), full_check=True)
    run = session(args.out)
    rng = np.random.default_rng(1)
    for shape in ((1, 384, 640, 3), (3, 96, 192, 3), (2, 224, 160, 3)):
        image = rng.integers(0, 256, shape, dtype=np.uint8)
        with torch.no_grad():
            want = [t.numpy() for t in reference(torch.from_numpy(image))]
        got = run.run(["heat", "corners"], {"image": image})
        gaps = [float(np.abs(a - b).max()) for a, b in zip(want, got, strict=True)]
        print(f"{shape}: largest difference heat {gaps[0]:.1e}, corners {gaps[1]:.1e} px")
        assert gaps[0] < 1e-4 and gaps[1] < 0.02
    for shape in ((1, 384, 640, 3), (1, 96, 192, 3), (4, 96, 192, 3)):
        image, times = rng.integers(0, 256, shape, dtype=np.uint8), []
        for _ in range(150):
            start = time.thread_time()
            run.run(None, {"image": image})
            times.append((time.thread_time() - start) * 1e3)
        print(f"{shape}: median {np.median(times[20:]):.2f} ms, best {min(times):.2f} ms (thread CPU time, 1 thread)")
    data = Path(args.out).read_bytes()
    print(f"{args.out}: step {state['step']}, {len(data)} bytes, sha256 {hashlib.sha256(data).hexdigest()}")


if __name__ == "__main__":
    main()
