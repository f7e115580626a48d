"""A logo is told from a product that was cut out."""

import cv2
import numpy as np
import pytest

from detectors.pictures.shading import is_drawn
from tests import make

SIDE = 300


def paper() -> np.ndarray:
    return np.full((SIDE, SIDE, 3), 255, np.uint8)


def ball() -> np.ndarray:
    """Lit from one side, on white, as a shop shows a fruit; a camera's noise on it."""
    y, x = np.mgrid[-1.2 : 1.2 : SIDE * 1j, -1.2 : 1.2 : SIDE * 1j]
    height = np.sqrt(np.clip(1 - x**2 - y**2, 0, 1))
    light = np.clip(0.25 + 0.75 * (0.5 * height - 0.5 * x - 0.4 * y), 0, 1)
    noise = np.random.default_rng(1).normal(0, 3, (SIDE, SIDE, 1))
    lit = np.clip(light[..., None] * [230, 90, 40] + noise, 0, 255).astype(np.uint8)
    return np.where((height > 0)[..., None], lit, paper())


def crate() -> np.ndarray:
    """Full of colours and textures, on white."""
    shown = paper()
    inside = shown[20:-20, 20:-20]
    inside[:] = cv2.GaussianBlur(np.asarray(make.photo(7, len(inside))), (0, 0), 2)
    return shown


def logo() -> np.ndarray:
    shown = paper()
    cv2.circle(shown, (150, 110), 80, (200, 20, 30), -1, cv2.LINE_AA)
    cv2.putText(shown, "HUANIU", (20, 270), cv2.FONT_HERSHEY_DUPLEX, 2.0, 0, 4, cv2.LINE_AA)
    return shown


def faded() -> np.ndarray:
    """A sign whose colour passes from left to right."""
    shown = logo()
    colours = np.linspace((255, 140, 0), (120, 0, 160), SIDE)[None].repeat(SIDE, axis=0)
    is_ink = shown.min(axis=2, keepdims=True) < 128
    return np.where(is_ink, colours, 255).astype(np.uint8)


def saved(picture: np.ndarray, quality: int) -> np.ndarray:
    coded = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return cv2.imdecode(coded, cv2.IMREAD_COLOR)


@pytest.mark.parametrize("quality", [50, 80, 95])
def test_a_logo_is_drawn_however_it_was_saved(quality):
    assert is_drawn(logo())
    assert is_drawn(saved(logo(), quality))
    assert is_drawn(saved(cv2.resize(logo(), (90, 90), interpolation=cv2.INTER_AREA), quality))


@pytest.mark.parametrize("product", [ball, crate])
@pytest.mark.parametrize("quality", [50, 95])
def test_a_product_that_was_cut_out_is_no_drawing(product, quality):
    assert not is_drawn(product())
    assert not is_drawn(saved(product(), quality))


def test_a_sign_may_have_a_colour_that_passes():
    assert is_drawn(faded())


@pytest.mark.parametrize("level", [0, 255])
def test_what_shows_nothing_is_no_product(level):
    assert is_drawn(np.full((40, 40, 3), level, np.uint8))
