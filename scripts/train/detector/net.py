"""The plate detector: a small anchor-free network with one output grid at stride 8.

Input is uint8 [N, H, W, 3] RGB, H and W multiples of 32; scaling to floats happens inside, so the
exported graph takes frames as the video pipeline holds them. Outputs:
  heat    [N, 2, H/8, W/8]  plate-centre probability; channel 0 single-line, 1 double-line
  corners [N, 8, H/8, W/8]  TL, TR, BR, BL as (x, y) offsets in input pixels from the cell centre
Only plain 3x3 and 1x1 convolutions: they are what both bf16 training and ONNX Runtime do fastest.
"""

import torch
from torch import nn
from torch.nn import functional as F

# No mean is subtracted (the first batch norm does it), so that the scale folds into the first
# convolution exactly, borders included: it saves 1 ms of a 640x384 pass.
INPUT_SCALE = 1.0 / 64.0
# Unit plate, TL TR BR BL; the network scales it by exp(size) and bends it by small residuals.
UNIT = ((-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5))


class Conv(nn.Sequential):
    def __init__(self, cin, cout, k=3, s=1, d=1):
        super().__init__(
            nn.Conv2d(cin, cout, k, s, d * (k // 2), dilation=d, bias=False), nn.BatchNorm2d(cout, momentum=0.03), nn.ReLU(inplace=True)
        )


class Block(nn.Module):
    """Residual pair: squeeze, then 3x3 back to full width."""

    def __init__(self, c, mid, d=1):
        super().__init__()
        self.a = Conv(c, mid, 1)
        self.b = Conv(mid, c, 3, d=d)

    def forward(self, x):
        return x + self.b(self.a(x))


class Detector(nn.Module):
    def __init__(self, widths=(16, 32, 48, 80, 96), mids=(16, 16, 48, 48), neck=48):
        super().__init__()
        c2, c4, c8, c16, c32 = widths
        m4, m8, m16, m32 = mids
        self.stem = Conv(3, c2, 3, 2)
        self.s4 = nn.Sequential(Conv(c2, c4, 3, 2), Block(c4, m4))
        self.s8 = nn.Sequential(Conv(c4, c8, 3, 2), Block(c8, m8), Block(c8, m8))
        self.s16 = nn.Sequential(Conv(c8, c16, 3, 2), Block(c16, m16), Block(c16, m16))
        self.s32 = nn.Sequential(Conv(c16, c32, 3, 2), Block(c32, m32), Block(c32, m32, 2), Block(c32, m32, 4))
        self.up32 = Conv(c32, c16, 1)
        self.mix16 = Conv(c16, neck, 3)
        self.lat8 = Conv(c8, neck, 1)
        self.mix8 = Conv(neck, neck, 3)
        self.heat_conv = Conv(neck, 16, 3)
        self.heat_out = nn.Conv2d(16, 2, 1)
        self.quad_conv = Conv(neck, neck, 3)
        self.quad_out = nn.Conv2d(neck, 10, 1)
        nn.init.constant_(self.heat_out.bias, -4.6)
        nn.init.normal_(self.quad_out.weight, std=0.01)
        with torch.no_grad():
            self.quad_out.bias.zero_()
            self.quad_out.bias[8], self.quad_out.bias[9] = 4.0, 3.0  # a plate of 55 x 20 px
        self.folded = False
        self.register_buffer("unit", torch.tensor(UNIT), persistent=False)

    def fold_input_scale(self):
        """Move INPUT_SCALE into the first convolution; done once, before export."""
        if not self.folded:
            self.stem[0].weight.data *= INPUT_SCALE
            self.folded = True

    def raw(self, image):
        """uint8 NHWC -> (heat logits, 10 raw quad maps)."""
        x = image.permute(0, 3, 1, 2).float()
        if not self.folded:
            x = x * INPUT_SCALE
        f8 = self.s8(self.s4(self.stem(x)))
        f16 = self.s16(f8)
        f32 = self.s32(f16)
        f16 = f16 + F.interpolate(self.up32(f32), scale_factor=2, mode="nearest")
        f8 = self.lat8(f8) + F.interpolate(self.mix16(f16), scale_factor=2, mode="nearest")
        f8 = self.mix8(f8)
        return self.heat_out(self.heat_conv(f8)), self.quad_out(self.quad_conv(f8))

    def offsets(self, raw):
        """Raw quad maps -> [N, 8, h, w] offsets in input pixels."""
        n, _, h, w = raw.shape
        raw = raw.float()
        size = torch.exp(raw[:, 8:10].clamp(-1.0, 7.0)).reshape(n, 1, 2, h, w)
        bend = raw[:, :8].reshape(n, 4, 2, h, w)
        return ((self.unit.reshape(1, 4, 2, 1, 1) + bend) * size).reshape(n, 8, h, w)

    def forward(self, image):
        heat, raw = self.raw(image)
        return torch.sigmoid(heat.float()), self.offsets(raw)
