"""QR and bar codes in a picture. What they say is hostile text: cut short, never followed."""

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray
from zxingcpp import BarcodeFormat, BarcodeFormats

from detectors.pictures.boxes import box_of
from pipeline.plain import plain
from pipeline.written import Symbol

COMMON = (BarcodeFormat.QRCode, BarcodeFormat.EANUPC, BarcodeFormat.Code128)
EVERY = (
    *COMMON,
    BarcodeFormat.MicroQRCode,
    BarcodeFormat.RMQRCode,
    BarcodeFormat.DataMatrix,
    BarcodeFormat.PDF417,
    BarcodeFormat.Aztec,
    BarcodeFormat.Code39,
    BarcodeFormat.Code93,
    BarcodeFormat.ITF14,
    BarcodeFormat.DataBar,
)
"""Three times as dear to look for as the common ones."""
MOST, LONGEST = 16, 512  # symbols of a picture, code points of one


def symbols(
    picture: NDArray[np.uint8], formats: tuple[BarcodeFormat, ...] = COMMON
) -> tuple[Symbol, ...]:
    """Those of these formats in a picture of RGB, each once."""
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    wanted = BarcodeFormats(list(formats))
    found = zxingcpp.read_barcodes(grey, wanted, text_mode=zxingcpp.TextMode.Plain)
    height, width = grey.shape
    return tuple(dict.fromkeys(_symbol(each, width, height) for each in found[:MOST]))


def _symbol(found: zxingcpp.Barcode, width: int, height: int) -> Symbol:
    place = found.position
    corners = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
    return Symbol(
        format=str(found.format),
        text=plain(found.text[:LONGEST]),
        box=box_of(((each.x, each.y) for each in corners), width, height),
    )
