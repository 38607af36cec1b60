"""The reader: a residual conv trunk, one spatial attention map per character slot, pooled heads."""

import torch
from torch import nn
from torch.nn import functional as F

from synth.alphabet import CLASSES, COLORS, LAYOUTS, SLOTS


def conv(cin: int, cout: int, kernel=3, stride=1, groups=1) -> nn.Sequential:
    pad = tuple(k // 2 for k in kernel) if isinstance(kernel, tuple) else kernel // 2
    return nn.Sequential(nn.Conv2d(cin, cout, kernel, stride, pad, groups=groups, bias=False), nn.BatchNorm2d(cout), nn.ReLU(True))


class Residual(nn.Module):
    def __init__(self, width: int):
        super().__init__()
        self.first = conv(width, width)
        self.second = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.norm = nn.BatchNorm2d(width)
        nn.init.zeros_(self.norm.weight)

    def forward(self, x):
        return F.relu(x + self.norm(self.second(self.first(x))))


class Context(nn.Module):
    """Lets every cell know where it stands in the row: a wide convolution on few channels and the picture's mean."""

    def __init__(self, width: int, inner: int = 32):
        super().__init__()
        self.squeeze = conv(width, inner, 1)
        self.wide = conv(inner, inner, (3, 9))
        self.mean = nn.Linear(width, inner)
        self.mix = nn.Conv2d(inner, width, 1)

    def forward(self, x):
        y = self.wide(self.squeeze(x)) + self.mean(x.mean((2, 3)))[:, :, None, None]
        return x + self.mix(F.relu(y))


class Reader(nn.Module):
    """uint8 [N,48,168,3] RGB -> chars [N,8,88], color [N,7], layout [N,2], plate [N,1]."""

    def __init__(self, widths=(24, 32, 64, 96), depths=(2, 3), feature: int = 128):
        super().__init__()
        a, b, c, d = widths
        self.stem = nn.Sequential(conv(3, a, 3, 2), conv(a, b))  # 24x84
        self.middle = nn.Sequential(conv(b, c, 3, 2), *(Residual(c) for _ in range(depths[0])))  # 12x42
        self.late = nn.Sequential(conv(c, d, 3, (2, 1)), *(Residual(d) for _ in range(depths[1])))  # 6x42
        self.context = Context(d)
        self.place = nn.Parameter(torch.zeros(1, d, 6, 42))
        self.attend = nn.Conv2d(d, SLOTS, 1)
        self.value = conv(d, feature, 1)
        self.slot = nn.Parameter(torch.randn(SLOTS, feature) * 0.02)
        self.hidden = nn.Linear(feature, feature)
        self.chars = nn.Linear(feature, CLASSES)
        self.chars_bias = nn.Parameter(torch.zeros(SLOTS, CLASSES))
        self.pooled = nn.Linear(2 * d + c, 64)
        self.color = nn.Linear(64, len(COLORS))
        self.layout = nn.Linear(64, len(LAYOUTS))
        self.plate = nn.Linear(64, 1)
        self.drop = nn.Dropout(0.1)

    def forward(self, plates, with_attention: bool = False):
        x = plates.permute(0, 3, 1, 2).float()
        x = (x - 118.0) / 64.0
        if self.training:
            x = x.contiguous(memory_format=torch.channels_last)
        mid = self.middle(self.stem(x))
        late = self.late(mid)
        y = self.context(late + self.place)
        maps = self.attend(y).flatten(2)  # N,8,252
        values = self.value(y).flatten(2)  # N,F,252
        weights = maps.float().softmax(2)
        read = torch.matmul(weights, values.float().transpose(1, 2)) + self.slot  # N,8,F
        read = read + F.relu(self.hidden(self.drop(read)))
        chars = self.chars(self.drop(read)) + self.chars_bias
        whole = torch.cat([y.mean((2, 3)), y.amax((2, 3)), mid.mean((2, 3))], 1)
        whole = F.relu(self.pooled(whole))
        out = (chars.float(), self.color(whole).float(), self.layout(whole).float(), self.plate(whole).float())
        return (*out, maps) if with_attention else out

    def take(self, state: dict) -> "Reader":
        """Loads weights of this or an earlier, smaller reader, and says the same as it did.

        Residual blocks that it lacks are still what they begin as, identity; characters that it lacks are impossible.
        """
        state = {k: v.float() if v.is_floating_point() else v for k, v in state.items()}
        new = CLASSES - len(state["chars.weight"])
        state["chars.weight"] = F.pad(state["chars.weight"], (0, 0, 0, new))
        state["chars.bias"] = F.pad(state["chars.bias"], (0, new), value=-9.0)
        state["chars_bias"] = F.pad(state["chars_bias"], (0, new))
        lacks = self.load_state_dict(state, strict=False)
        foreign = [k for k in lacks.missing_keys if not k.startswith(("middle.", "late."))] + lacks.unexpected_keys
        if foreign:
            raise ValueError(f"not weights of a reader: {', '.join(foreign)}")
        return self
