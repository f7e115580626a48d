"""Small networks that `scripts.logo_net` taught, run by onnxruntime on one core."""

from functools import cache
from pathlib import Path
from typing import Any

from numpy.typing import NDArray
from onnxruntime import InferenceSession, SessionOptions

from detectors.pictures.codes import KNOWLEDGE

Floats = NDArray[Any]


class Network:
    """Safe in several threads."""

    def __init__(self, name: str) -> None:
        options = SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = InferenceSession(file_of(name), options, providers=["CPUExecutionProvider"])
        self._inputs = [each.name for each in self._session.get_inputs()]

    def __call__(self, *given: Floats) -> tuple[Floats, ...]:
        return tuple(self._session.run(None, dict(zip(self._inputs, given, strict=True))))


def file_of(name: str) -> Path:
    return KNOWLEDGE / f"{name}.onnx"


@cache
def network(name: str) -> Network:
    return Network(name)
