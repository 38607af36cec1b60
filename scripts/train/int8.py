"""ONNX in 8-bit integers: convolutions, sums and their activations; what follows the last convolution stays in floats.

Weights keep seven bits (`reduce_range`): processors with AVX2 but without VNNI add pairs of products in 16 bits, which eight bits
overflow (ONNX Runtime, "Quantize ONNX models"), so that a model would read differently from one gate's PC to the next.
"""

import tempfile
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import onnx
from onnxruntime.quantization import CalibrationDataReader, CalibrationMethod, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process

OPERATORS = ["Conv", "Add", "Relu"]


class Pictures(CalibrationDataReader):
    """Batches from which the range of every activation is learnt."""

    def __init__(self, name: str, batches: Iterable[np.ndarray]):
        self.name, self.batches = name, iter(batches)

    def get_next(self):
        batch = next(self.batches, None)
        return None if batch is None else {self.name: batch}


def quantize(source: Path, out: Path, batches: Iterable[np.ndarray], floats: tuple[str, ...] = ()) -> None:
    """Writes the model of `source` to `out`; nodes whose name starts with one of `floats` stay as they are."""
    name = onnx.load(source).graph.input[0].name
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.onnx"
        quant_pre_process(source, plain, skip_symbolic_shape=True)
        kept = [node.name for node in onnx.load(plain).graph.node if node.name.startswith(floats)] if floats else []
        quantize_static(
            plain,
            out,
            Pictures(name, batches),
            quant_format=QuantFormat.QDQ,
            op_types_to_quantize=OPERATORS,
            per_channel=True,
            reduce_range=True,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            nodes_to_exclude=kept,
            calibrate_method=CalibrationMethod.MinMax,
        )
    made = onnx.load(out)
    used = {node.domain for node in made.graph.node}
    named = [one for one in made.opset_import if one.domain in used]
    del made.opset_import[:]  # the quantizer names every set it knows
    made.opset_import.extend(named)
    onnx.checker.check_model(made, full_check=True)
    onnx.save(made, out)
