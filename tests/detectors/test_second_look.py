"""A sign and a place beside each other: one frame for both, and a way from one to the other."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ImageOps

from detectors.pictures.second_look import STILL, face, look, place, shift_between, shifted
from detectors.pictures.trim import shown
from detectors.pictures.view import in_units
from tests.detectors.test_logos import lion, on_paper, on_photo, tower

LEFT, TOP, WIDE, HIGH = 40, 20, 321, 371  # of the lion, on its page of 400
SIZE = in_units(WIDE, HIGH)
WHITE = [255.0]
turns, lengths, far = st.floats(-0.2, 0.2), st.floats(0.3, 3.0), st.floats(-200, 200)
maps = st.builds(
    lambda across, down, turn, skew, x, y: np.array([[across, turn, x], [skew, down, y]]),
    *(lengths, lengths, turns, turns, far, far),
)


def grey(picture) -> np.ndarray:
    return np.asarray(picture.convert("L"))


def sign(picture) -> np.ndarray:
    """Trimmed."""
    page = grey(on_paper(picture))
    return page[shown(page, room=0.0)]


def lies(share: float) -> tuple[np.ndarray, np.ndarray]:
    """A photo as a listing carries it, and how the lion lies in it, in units."""
    photo = grey(on_photo(lion(), share).resize((400, 400)))
    zoom, unit = share * 800 / 400, 512 / 800
    long = zoom * unit * HIGH / 512
    left, top = (380 + LEFT * zoom) * unit, (210 + TOP * zoom) * unit
    return photo, np.array([[long, 0, left], [0, long, top]])


@given(maps, maps, st.tuples(st.floats(60, 512), st.floats(60, 512)))
def test_a_shift_leads_from_one_map_to_the_other(here, there, size):
    again = shifted(here, shift_between(here, there, size), size)

    assert again == pytest.approx(there, abs=1e-6 * (1 + np.abs(there).max()))


@given(maps)
def test_no_shift_leaves_a_map(here):
    assert shifted(here, STILL, SIZE) == pytest.approx(here)
    assert shift_between(here, here, SIZE) == pytest.approx(STILL, abs=1e-9)


@pytest.mark.parametrize("share", [0.5, 0.35, 0.2])
def test_a_place_is_seen_as_the_sign_is(share):
    photo, map_ = lies(share)
    there = place(photo, map_, SIZE)
    ring = face(sign(lion()), WHITE) != 255

    assert np.corrcoef(there[ring], face(sign(lion()), WHITE)[ring])[0, 1] > 0.85


def test_a_mirrored_map_shows_it_upright():
    photo, map_ = lies(0.35)
    turned = np.column_stack([map_[:, :2] * [[-1, 1], [1, 1]], map_[:, 2]])
    turned[0, 2] = 512 - map_[0, 2]

    there = place(np.ascontiguousarray(photo[:, ::-1]), turned, SIZE)
    assert np.abs(there.astype(int) - place(photo, map_, SIZE)).mean() < 3


def test_it_tells_the_sign_from_another_and_from_none():
    photo, map_ = lies(0.35)
    there = place(photo, map_, SIZE)
    aside = np.array([[0, 0, -150], [0, 0, 120]])
    elsewhere = place(photo, map_ + aside, SIZE)
    signs = [face(sign(lion()), WHITE), face(sign(tower()), WHITE), face(sign(lion()), WHITE)]
    odds, _ = look(signs, [there, there, elsewhere])

    assert odds[0] > max(odds[1:]) + 1


def test_it_moves_to_where_the_sign_is():
    photo, map_ = lies(0.35)
    own = face(sign(lion()), WHITE)
    off = map_ * [[1.2, 1, 1], [1, 1.2, 1]] + np.array([[0, 0, 20], [0, 0, -16]])
    _, shifts = look([own], [place(photo, off, SIZE)])
    nearer = shifted(off, shifts[0], SIZE)
    middle = np.array([*np.array(SIZE) / 2, 1])

    assert np.linalg.norm((nearer - map_) @ middle) < 0.7 * np.linalg.norm((off - map_) @ middle)


def test_a_flat_place_is_looked_at_without_harm():
    odds, shifts = look([face(sign(lion()), WHITE)], [np.full((96, 96), 128, np.uint8)])

    assert odds[0] < 0
    assert np.isfinite(shifts).all()
    assert cv2.countNonZero(face(grey(ImageOps.invert(on_paper(lion()))), [0.0])) > 0
