"""Whatever a shop serves for a picture is read aright or refused with a reason, in bounds."""

import re
import struct
import subprocess
import sys
import time
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, UnidentifiedImageError

from detectors.pictures.decode import PILLOW_RAISES, Decoded, Unreadable, decoded
from tests.detectors.crafted import saved
from tests.detectors.hostile import GREY_VALUES, ORIGINAL, Case, cases, sound

CASES = cases()
SECONDS = 6.0  # of the processor; a slow machine takes 2.2 for the longest
CLEAN = re.compile(r"[ -~]{1,90}")
MEGABYTES = 700


def named(wanted):
    return pytest.mark.parametrize(
        "case", [pytest.param(case, id=name) for name, case in CASES.items() if wanted(case)]
    )


def outcome(content: bytes) -> Decoded | str:
    """What was seen, or why not."""
    try:
        return decoded(content)
    except Unreadable as error:
        return error.reason


@pytest.fixture
def quickly(capfd, caplog):
    """Reads a case in bounded time, without a word on the standard streams or in the logs."""

    def read(case: Case) -> Decoded | str:
        content = case.content()
        began = time.process_time()
        found = outcome(content)

        assert time.process_time() - began < SECONDS
        assert capfd.readouterr() == ("", "")
        assert caplog.records == []
        return found

    return read


def off(frame: np.ndarray, shown: Image.Image) -> float:
    values = np.asarray(shown, dtype=np.int16)
    assert frame.shape == values.shape
    return float(np.abs(frame - values).mean())


@named(lambda case: case.shows)
def test_what_a_browser_shows_is_seen(case, quickly):
    found = quickly(case)

    assert isinstance(found, Decoded), found
    assert len(found.frames) == len(case.shows)
    assert (found.width, found.height) == case.shows[0].size or found.width * found.height == 30_000
    assert max(map(off, found.frames, case.shows)) < case.near


@named(lambda case: case.says)
def test_what_cannot_be_read_says_why(case, quickly):
    found = quickly(case)

    assert isinstance(found, str)
    assert case.says in found
    assert CLEAN.fullmatch(found)


@named(lambda case: not case.shows and not case.says)
def test_what_no_two_readers_agree_on_ends_soon(case, quickly):
    assert isinstance(quickly(case), Decoded | str)


HEAVY = (
    "png bomb, 64 million pixels",
    "png bomb, 16 bits grey",
    "webp bomb, 31 million pixels in 40 bytes",
    "webp of a canvas of 8000 x 3900",
    "webp of a canvas of 16384 x 10000",
    "jpeg of 19 scans, 8000 x 8000",
    "gif of 3 frames, 4000 x 4000",
    "tiff of 8000 strips of one place",
    "tiff of a giant tile",
)
MEASURE = """
import re, sys
from pathlib import Path
from detectors.pictures.decode import Unreadable, decoded

def peak():  # ru_maxrss would count what the parent held before
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024

def read(path):
    try:
        decoded(Path(path).read_bytes())
    except Unreadable:
        pass

read(sys.argv[1])
before = peak()
for path in sys.argv[2:]:
    read(path)
print(peak() - before)
"""


def test_bombs_take_no_more_memory_than_a_container_has(tmp_path):
    (tmp_path / "first").write_bytes(saved(ORIGINAL, "PNG"))
    for number, name in enumerate(HEAVY):
        (tmp_path / str(number)).write_bytes(CASES[name].content())
    paths = [str(tmp_path / name) for name in ("first", *map(str, range(len(HEAVY))))]
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", MEASURE, *paths],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stderr == ""
    assert int(done.stdout) < MEGABYTES


def test_an_opaque_white_page_keeps_its_white():
    page = Image.new("RGBA", (90, 60), "white")

    assert decoded(saved(page, "PNG")).frames[0].min() == 255


def test_a_white_logo_is_seen_though_a_dark_speck_stands_beside_it():
    logo = Image.new("RGBA", (100, 100), (0, 0, 0, 0))
    logo.paste("white", (10, 10, 90, 60))
    logo.paste("black", (10, 80, 16, 86))
    (frame,) = decoded(saved(logo, "PNG")).frames

    assert frame[30, 30].tolist() == [255, 255, 255]
    assert frame[5, 5].tolist() == [128, 128, 128]


def test_a_product_cut_out_of_its_ground_stands_on_white():
    cut_out = Image.new("RGBA", (100, 100), (0, 0, 0, 0))
    cut_out.paste("white", (10, 10, 90, 90))
    cut_out.paste("red", (30, 30, 70, 70))
    (frame,) = decoded(saved(cut_out, "PNG")).frames

    assert frame[5, 5].tolist() == [255, 255, 255]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF"])
@pytest.mark.parametrize(
    ("width", "height", "shown"),
    [
        (640, 400, (640, 400)),
        (641, 400, (640, 399)),
        (1279, 900, (640, 450)),
        (1290, 2580, (320, 640)),
        (3000, 2000, (640, 427)),
        (90, 2600, (22, 640)),
    ],
)
def test_the_longer_side_is_shrunk_to_what_is_asked_and_nothing_is_enlarged(
    kind, width, height, shown
):
    found = decoded(saved(ORIGINAL.resize((width, height)), kind))

    assert (found.width, found.height) == (width, height)
    assert found.frames[0].shape == (shown[1], shown[0], 3)


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
@pytest.mark.parametrize("side", [16, 100, 333])
def test_shrinking_keeps_the_picture(mode, side):
    large = ORIGINAL.resize((2400, 1600), Image.Resampling.BICUBIC).convert(mode)
    (frame,) = decoded(saved(large, "JPEG", quality=95), side).frames
    height = round(side * 2 / 3)
    shown = large.convert("RGB").resize((side, height), Image.Resampling.LANCZOS)

    assert off(frame, shown) < 3


def test_shrinking_a_picture_of_many_bands_keeps_it():
    large = ORIGINAL.resize((4800, 3200), Image.Resampling.NEAREST)
    (frame,) = decoded(saved(large, "PNG", compress_level=1), 120).frames

    assert off(frame, ORIGINAL) < 2


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_shrinking_sixteen_bits_and_alpha_keeps_the_picture(kind):
    wide = Image.fromarray(
        np.kron(GREY_VALUES.astype(np.uint16) * 257, np.ones((20, 20), np.uint16))
    )
    layered = ORIGINAL.resize((2400, 1600), Image.Resampling.NEAREST)
    layered.putalpha(Image.linear_gradient("L").resize(layered.size))
    on_white = Image.new("RGBA", layered.size, "white")
    on_white.alpha_composite(layered)

    (grey,) = decoded(saved(wide, kind), 120).frames
    (laid,) = decoded(saved(layered, kind), 120).frames

    assert off(grey, ORIGINAL.convert("L").convert("RGB")) < 2
    assert off(laid, on_white.convert("RGB").resize((120, 80), Image.Resampling.BOX)) < 2


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_a_picture_that_is_turned_tells_its_size_as_displayed(kind):
    exif = Image.Exif()
    exif[0x0112] = 6
    found = decoded(saved(ORIGINAL.resize((3000, 2000)), kind, exif=exif))

    assert (found.width, found.height) == (2000, 3000)
    assert found.frames[0].shape == (640, 427, 3)


@pytest.mark.parametrize(("frames", "middle"), [(2, 1), (5, 2), (100, 50), (300, 60)])
def test_of_an_animation_the_middle_frame_is_seen_if_it_is_near(frames, middle):
    """Each frame's grey is its number; the second of two seen tells where the reader stopped."""
    greys = [Image.new("L", (9, 9), number % 256) for number in range(frames)]
    content = saved(greys[0], "GIF", save_all=True, append_images=greys[1:], optimize=False)

    assert [int(frame[4, 4, 0]) for frame in decoded(content).frames] == [0, middle]


def test_a_later_frame_is_not_sought_past_the_pixels_that_are_read():
    """Frames of eight million pixels: the eighth would be one too many."""
    greys = [Image.new("L", (4000, 2100), number) for number in range(20)]
    content = saved(greys[0], "GIF", save_all=True, append_images=greys[1:], optimize=False)

    assert [int(frame[4, 4, 0]) for frame in decoded(content).frames] == [0, 6]


@pytest.mark.parametrize(
    "error",
    [
        struct.error,
        zlib.error,
        IndexError,
        KeyError,
        OverflowError,
        ZeroDivisionError,
        MemoryError,
        RecursionError,
        TypeError,
        EOFError,
        UnicodeDecodeError,
        UnidentifiedImageError,
    ],
)
def test_whatever_pillow_was_seen_to_raise_is_told_as_unreadable(error):
    assert issubclass(error, PILLOW_RAISES)


EDITS = st.lists(
    st.tuples(
        st.sampled_from(["set", "flip", "cut", "fill", "double"]),
        st.one_of(st.floats(0, 1), st.floats(0, 0.05)),
        st.integers(0, 255),
    ),
    min_size=1,
    max_size=6,
)


def edited(content: bytes, how: str, place: float, value: int) -> bytes:
    at = int(place * (len(content) - 1))
    return {
        "set": content[:at] + bytes([value]) + content[at + 1 :],
        "flip": content[:at] + bytes([content[at] ^ 1 << value % 8]) + content[at + 1 :],
        "cut": content[:at] + content[at + 1 + value % 16 :] or b"\0",
        "fill": content[:at] + bytes([value]) * 4 + content[at + 4 :],
        "double": content[: at + value] + content[at:],
    }[how]


@pytest.mark.parametrize("name", sound())
@settings(max_examples=60, deadline=2000)
@given(edits=EDITS, keep=st.floats(0.02, 1.5))
def test_a_file_with_bytes_flipped_or_cut_is_read_or_refused(name, edits, keep):
    content = sound()[name]
    for how, place, value in edits:
        content = edited(content, how, place, value)
    found = outcome(content[: max(1, int(keep * len(content)))])

    assert (
        CLEAN.fullmatch(found)
        if isinstance(found, str)
        else (
            1 <= len(found.frames) <= 2
            and all(frame.dtype == np.uint8 and frame.shape[2] == 3 for frame in found.frames)
            and all(1 <= max(frame.shape[:2]) <= 640 for frame in found.frames)
        )
    )
