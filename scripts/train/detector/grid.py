"""What network, targets and decoding must agree on. Kept apart so that measuring needs no PyTorch."""

STRIDE = 8
