"""Half precision where the processor computes in it, for both trainers."""

import torch


def autocast() -> torch.autocast:
    """bfloat16 inside the block. Without instructions of the processor's own it is emulated, eight times slower than floats:
    then nothing is cast."""
    return torch.autocast("cpu", torch.bfloat16, enabled=torch.ops.mkldnn._is_mkldnn_bf16_supported())
