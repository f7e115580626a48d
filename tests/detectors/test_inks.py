"""A sign's inks: told apart, and even where they are printed, in whatever colours."""

import numpy as np
import pytest

from detectors.pictures.inks import FEWEST, NOISE, NONE, inks, unevenness

SIDE = 96


def sign(*colours: tuple[int, int, int], ground: int = 255) -> np.ndarray:
    """Bars beside each other."""
    page = np.full((SIDE, SIDE, 3), ground, np.uint8)
    for number, colour in enumerate(colours):
        page[20:76, 12 + 24 * number : 30 + 24 * number] = colour
    return page


RED, BLUE, DARK_RED = (200, 20, 30), (20, 40, 200), (190, 25, 30)


@pytest.mark.parametrize(
    ("colours", "count"), [((RED,), 1), ((RED, BLUE), 2), ((RED, DARK_RED, BLUE), 2)]
)
def test_colours_that_differ_are_inks_and_their_edges_none(colours, count):
    found = inks(sign(*colours))

    assert len(set(np.unique(found)) - {NONE}) == count
    assert (found[:18] == NONE).all()
    assert found[20, 20] == NONE
    assert found[40, 20] != NONE


def test_a_page_without_a_sign_has_none():
    assert (inks(sign()) == NONE).all()
    assert unevenness(inks(sign()), sign(RED)) == pytest.approx(np.log(NOISE))


def test_a_thin_sign_keeps_its_ink():
    page = np.full((SIDE, SIDE, 3), 255, np.uint8)
    page[40:42, 10:80] = 0

    assert (inks(page) != NONE).sum() >= FEWEST


def test_a_print_in_other_colours_is_even_and_what_is_no_print_is_not():
    own = inks(sign(RED, BLUE))
    noise = np.random.default_rng(1).integers(0, 256, (SIDE, SIDE, 3), np.uint8)
    other, grey = sign(BLUE, (250, 200, 0), ground=90), sign((0, 0, 0), (60, 60, 60))[..., 0]

    for even in (sign(RED, BLUE), other, grey):
        assert unevenness(own, even) == pytest.approx(np.log(NOISE), abs=0.1)
    assert unevenness(own, noise) > np.log(NOISE) + 2


def test_a_spot_of_glare_does_not_make_a_print_uneven():
    page = sign(RED, BLUE)
    page[24:28, 14:28] = 255

    assert unevenness(inks(sign(RED, BLUE)), page) < np.log(NOISE) + 0.7
