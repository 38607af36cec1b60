"""Calibration as the last nodes of the exported graph, so that softmax of its outputs is the calibrated probability.

Every head is divided by its temperature. Characters are sharpened as well, the more the further the first class is ahead of the
second: training smooths its labels (0.02), so a network that has no doubt left stops at a margin of about 8, which a softmax
takes for 98.5 %. One temperature that mends this would make the doubtful characters too sure.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from reader.score import HEADS

MARGIN_LOW, MARGIN_HIGH = 4.0, 8.0  # logits between which sharpening grows from nothing to its full amount


@dataclass
class Calibration:
    chars: float = 1.0
    chars_gain: float = 0.0
    color: float = 1.0
    layout: float = 1.0
    plate: float = 1.0


def sharpened(chars: np.ndarray, temperature: float, gain: float) -> np.ndarray:
    """Logits [..., classes] of characters -> calibrated ones; what the nodes below compute."""
    second, first = np.moveaxis(np.partition(chars, -2, axis=-1)[..., -2:], -1, 0)
    ahead = np.clip(first - second, MARGIN_LOW, MARGIN_HIGH) - MARGIN_LOW
    return chars * ((1 + gain * ahead) / temperature)[..., None]


def fold(source: Path, out: Path, calibration: Calibration) -> None:
    """Writes the model of `source` to `out` with its calibration."""
    model = onnx.load(source)
    graph = model.graph
    for name in HEADS:
        raw = f"{name}_raw"
        for node in graph.node:
            node.output[:] = [raw if one == name else one for one in node.output]
            node.input[:] = [raw if one == name else one for one in node.input]
        graph.initializer.append(scalar(f"{name}_scale", 1 / getattr(calibration, name)))
        if name == "chars":
            graph.node.extend(sharpening(graph, raw, calibration.chars_gain))
            raw = "chars_sharp"
        graph.node.append(helper.make_node("Mul", [raw, f"{name}_scale"], [name]))
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, out)


def sharpening(graph, raw: str, gain: float) -> list:
    constants = {"low": MARGIN_LOW, "high": MARGIN_HIGH, "gain": gain, "one": 1 - gain * MARGIN_LOW}
    graph.initializer.extend(scalar(f"sharpen_{name}", value) for name, value in constants.items())
    graph.initializer.append(helper.make_tensor("sharpen_two", TensorProto.INT64, [1], [2]))
    return [
        helper.make_node("TopK", [raw, "sharpen_two"], ["sharpen_best", "sharpen_which"], axis=-1),
        helper.make_node("Split", ["sharpen_best"], ["sharpen_first", "sharpen_second"], axis=-1),
        helper.make_node("Sub", ["sharpen_first", "sharpen_second"], ["sharpen_margin"]),
        helper.make_node("Clip", ["sharpen_margin", "sharpen_low", "sharpen_high"], ["sharpen_ahead"]),
        helper.make_node("Mul", ["sharpen_ahead", "sharpen_gain"], ["sharpen_more"]),
        helper.make_node("Add", ["sharpen_more", "sharpen_one"], ["sharpen_factor"]),
        helper.make_node("Mul", [raw, "sharpen_factor"], ["chars_sharp"]),
    ]


def scalar(name: str, value: float):
    return numpy_helper.from_array(np.float32(value).reshape(()), name)
