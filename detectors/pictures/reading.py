"""Reads the text in a picture with rapidocr, whose models lie in its package: no network, ever.

rapidocr is an extra of ours (`markwatch[ocr]`); where it is missing nothing is read. One thread: a
stage that needs more is started again beside it.
"""

import threading
from collections.abc import Callable, Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.pictures.boxes import box_of
from pipeline.plain import plain
from pipeline.written import Line

SIDE = 960  # pixels that the longer side has at most
PACKAGE = "rapidocr"
TASKS = ("Det", "Cls", "Rec")
LEAST = 0.75  # confidence: what is surer is right nine times in ten
MOST_LINES, MOST_TEXT = 160, 3000  # of one picture; code points in all
SMALLEST = 12  # pixels of a side, less holds no character
FLAT = 2.0  # levels of deviation in every colour: an even red is taken for a line
_using = threading.Lock()


def lacking() -> str | None:
    """What is missing and how to get it, if it is."""
    if find_spec(PACKAGE) is None:
        return f"{PACKAGE} missing; pip install 'markwatch[ocr]'"
    return None


def seems_written(picture: NDArray[np.uint8]) -> bool:
    """Whether anything in a picture of RGB looks like a line of text: found, but not read."""
    return _shows_something(picture) and _asked(picture, read=False) is not None


def lines(picture: NDArray[np.uint8]) -> tuple[Line, ...]:
    """The lines of a picture of RGB from top to bottom, in any direction that text is set."""
    if not _shows_something(picture):
        return ()
    height, width = picture.shape[:2]
    found = _asked(picture, read=True) or ()
    return tuple(_bounded(_line(*each, width, height) for each in found if each[1] >= LEAST))


Found = tuple[str, float, NDArray[np.float32]]


def _asked(picture: NDArray[np.uint8], *, read: bool) -> tuple[Found, ...] | None:
    """Text, confidence and corners of each line, text only if `read`; `None` if there is none.

    The engine keeps what it was last told, so it is told all of it each time.
    """
    image = cv2.cvtColor(picture, cv2.COLOR_RGB2BGR)
    with _using:
        found = _engine()(image, use_det=True, use_cls=read, use_rec=read)
    corners = getattr(found, "boxes", None)
    if corners is None or not len(corners):
        return None
    texts = getattr(found, "txts", None) or [""] * len(corners)
    return tuple(zip(texts, map(float, found.scores), corners, strict=True))


@cache
def _engine() -> Callable[..., Any]:
    import rapidocr  # noqa: PLC0415 - an extra, and a second to load

    folder = Path(rapidocr.__file__).parent / "models"
    models = {f"{task}.model_path": _model(folder, task.lower()) for task in TASKS}
    threads = {f"EngineConfig.onnxruntime.{kind}_op_num_threads": 1 for kind in ("intra", "inter")}
    sizes = {"Det.limit_type": "max", "Det.limit_side_len": SIDE}
    hushed = {"Global.log_level": "critical", "Global.text_score": 0.0}
    return rapidocr.RapidOCR(params={**models, **threads, **sizes, **hushed})


def _model(folder: Path, task: str) -> str:
    """Named outright, so that nothing is looked for elsewhere."""
    return str(next(folder.glob(f"*_{task}_*.onnx")))


def _shows_something(picture: NDArray[np.uint8]) -> bool:
    return bool(min(picture.shape[:2]) >= SMALLEST and cv2.meanStdDev(picture)[1].max() >= FLAT)


def _line(text: str, sure: float, corners: NDArray[np.float32], width: int, height: int) -> Line:
    box = box_of(((float(x), float(y)) for x, y in corners), width, height)
    return Line(text=plain(text).strip(), box=box, confidence=round(sure, 3))


def _bounded(found: Iterator[Line]) -> Iterator[Line]:
    left, most = MOST_TEXT, MOST_LINES
    for line in found:
        if not line.text:
            continue
        left, most = left - len(line.text), most - 1
        if left < 0 or most < 0:
            return
        yield line
