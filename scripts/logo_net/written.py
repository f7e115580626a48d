"""A network as onnxruntime reads it, its weights and features in whole numbers of eight bits."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnxruntime.quantization import CalibrationDataReader, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process
from torch import nn
from typing_extensions import override

Floats = NDArray[np.float32]


def write(
    network: nn.Module, place: Path, samples: Sequence[Sequence[Floats]], free: Mapping[int, str]
) -> None:
    """Ranges are those of the samples, each an array for each input. `free` names the dimensions
    of any length.

    The last layer stays as it is. Seven bits for weights: with eight, processors without VNNI
    overflow and would see otherwise.
    """
    network.eval()
    names = [f"given {n}" for n in range(len(samples[0]))]
    with TemporaryDirectory() as folder:
        plain, ready = (str(Path(folder) / name) for name in ("plain.onnx", "ready.onnx"))
        torch.onnx.export(
            network,
            tuple(map(torch.from_numpy, samples[0])),
            plain,
            input_names=names,
            dynamic_axes={name: dict(free) for name in names},
            opset_version=13,
            dynamo=False,
        )
        quant_pre_process(plain, ready, skip_symbolic_shape=True)
        quantize_static(
            ready,
            str(place),
            _Samples(names, samples),
            nodes_to_exclude=_last(ready),
            per_channel=True,
            reduce_range=True,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
        )


def _last(place: str) -> list[str]:
    """What gives numbers of very different size, which one step for all would make coarse."""
    graph = onnx.load(place).graph
    given = {each.name for each in graph.output}
    return [n.name for n in graph.node if n.op_type == "Gemm" and given & set(n.output)]


def take_levels(place: Path, ground: float, contrast: float) -> None:
    """Lets a network be given bytes, which it took for (level - ground) / contrast.

    Raises `ValueError` where the samples did not reach from black to white.
    """
    model = onnx.load(place)
    graph = model.graph
    first = next(node for node in graph.node if node.op_type == "QuantizeLinear")
    known = {each.name: onnx.numpy_helper.to_array(each) for each in graph.initializer}
    given, step, zero = first.input[0], *(float(known[name]) for name in first.input[1:])
    if (zero, step) != (ground, 1 / contrast):
        raise ValueError(f"levels would be given in steps of {step} from {zero}")
    for node in graph.node:
        for number, name in enumerate(node.input):
            if name == first.output[0]:
                node.input[number] = given
    graph.node.remove(first)
    del graph.value_info[:]
    graph.input[0].type.tensor_type.elem_type = onnx.TensorProto.UINT8
    onnx.save(model, place)


class _Samples(CalibrationDataReader):
    def __init__(self, names: Sequence[str], samples: Sequence[Sequence[Floats]]) -> None:
        self._left: Iterator[Mapping[str, Any]] = (
            dict(zip(names, each, strict=True)) for each in samples
        )

    @override
    def get_next(self) -> Mapping[str, Any] | None:
        return next(self._left, None)
