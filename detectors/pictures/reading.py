"""Reads the text in a picture with rapidocr, whose models lie in its package: no network, ever.

rapidocr is an extra of ours (`markwatch[ocr]`); where it is missing nothing is read. One thread: a
stage that needs more is started again beside it.
"""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
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
TURNED = 0.92  # confidence: what is less sure is read mirrored, too, and taken so if that is surer
MOST_LINES, MOST_TEXT = 160, 3000  # of one picture; code points in all
FEWEST = 3  # letters of a word that is no chance
HAN = 2  # letters that a character counts for which is none of an alphabet
FIRST_HAN = "\u2e80"
SMALLEST = 12  # pixels of a side, less holds no character
HEIGHT, LONGEST = 48, 640  # pixels that a line is high when its letters are told, and long at most
UNLIKELY = 1e-9
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
    found = (_surer(each, picture) for each in _asked(picture, read=True) or ())
    return tuple(_bounded(_line(each, width, height) for each in found if each.sure >= LEAST))


def count(text: str) -> int:
    """How many letters there are; one that stands for a syllable or a word counts for `HAN`."""
    return sum(HAN if each >= FIRST_HAN else 1 for each in text if each.isalnum())


def letters(line: NDArray[np.uint8]) -> NDArray[np.float32]:
    """For each step along a line of RGB, `HEIGHT` high, the log likelihood of every character."""
    given = cv2.cvtColor(line, cv2.COLOR_RGB2BGR).astype(np.float32) / 127.5 - 1
    (found,) = vars(_engine())["text_rec"].session(given.transpose(2, 0, 1)[None])
    odds: NDArray[np.float32] = np.log(np.maximum(found, UNLIKELY))
    return odds


@cache
def _characters() -> tuple[str, ...]:
    """In the order of what `letters` tells; the first is none."""
    return tuple(vars(_engine())["text_rec"].postprocess_op.character)


@cache
def alphabet() -> dict[str, int]:
    """Of each character that can be read the place in what `letters` tells."""
    return {each: place for place, each in enumerate(_characters()) if place}


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """A line: what it says, how surely, its four corners from the upper left on."""

    text: str
    sure: float
    corners: NDArray[np.float32]
    mirrored: bool = False


def _surer(line: _Found, picture: NDArray[np.uint8]) -> _Found:
    """A line that is hardly legible, mirrored, if so it is for sure."""
    long, high = _sides(line.corners)
    if line.sure >= TURNED or not SMALLEST <= high <= long:
        return line
    shape = max(HEIGHT, min(LONGEST, round(HEIGHT * long / high))), HEIGHT
    there = np.array([[shape[0], 0], [0, 0], [0, HEIGHT], shape], np.float32)
    turn = cv2.getPerspectiveTransform(line.corners.astype(np.float32), there)
    odds = letters(np.asarray(cv2.warpPerspective(picture, turn, shape), np.uint8))
    text, sure = _told(odds)
    is_surer = sure >= TURNED and count(text) >= FEWEST
    return _Found(text, sure, line.corners, mirrored=True) if is_surer else line


def _told(odds: NDArray[np.float32]) -> tuple[str, float]:
    """The likeliest characters, and how likely they are on the mean."""
    best = odds.argmax(axis=1)
    told = (best > 0) & (np.diff(best, prepend=0) != 0)
    sure = float(np.exp(odds.max(axis=1)[told]).mean()) if told.any() else 0.0
    return "".join(_characters()[place] for place in best[told].tolist()), sure


def _sides(corners: NDArray[np.float32]) -> tuple[float, float]:
    """Along a line, and across."""
    across, down = corners[1] - corners[0], corners[3] - corners[0]
    return float(np.linalg.norm(across)), float(np.linalg.norm(down))


def _asked(picture: NDArray[np.uint8], *, read: bool) -> tuple[_Found, ...] | None:
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
    each = zip(texts, map(float, found.scores), corners, strict=True)
    return tuple(_Found(*some) for some in each)


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


def _line(found: _Found, width: int, height: int) -> Line:
    box = box_of(((float(x), float(y)) for x, y in found.corners), width, height)
    text, sure = plain(found.text).strip(), round(found.sure, 3)
    return Line(text=text, box=box, confidence=sure, mirrored=found.mirrored)


def _bounded(found: Iterator[Line]) -> Iterator[Line]:
    left, most = MOST_TEXT, MOST_LINES
    for line in found:
        if not line.text:
            continue
        left, most = left - len(line.text), most - 1
        if left < 0 or most < 0:
            return
        yield line
