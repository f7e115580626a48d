"""The rights' pictures, read when a list is opened."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import cv2

from detectors.fingerprint import hashed
from detectors.image import RightPicture
from detectors.pictures.decode import Unreadable, decoded
from detectors.pictures.logos import Emblem, emblem
from detectors.pictures.trim import is_plain_around, shown, trimmed
from detectors.pictures.view import View, views
from pipeline import rights
from pipeline.records import Fingerprint, Right

LARGE = 1024  # pixels that a picture is read at, before its margins are trimmed


@dataclass(frozen=True, slots=True)
class _File:
    """A file as it is now: in another state it is another file."""

    place: Path
    state: tuple[int, ...] | None


def right_picture(right: Right, image: str, place: Path) -> RightPicture:
    """The picture at `place`, read anew only if it has changed; a flat one has no hashes."""
    seen, both, logo, is_photo = _read(_File(place, rights.stamp(place)))
    hashes = (None, None) if seen.flat else (seen.phash, seen.dhash)
    return RightPicture(
        right=right,
        image=image,
        phash=hashes[0],
        dhash=hashes[1],
        views=both,
        emblem=logo,
        is_photo=is_photo,
    )


@lru_cache(maxsize=1 << 17)
def _read(file: _File) -> tuple[Fingerprint, tuple[View, ...], Emblem | None, bool]:
    content = file.place.read_bytes()
    try:
        frame = decoded(content, LARGE).frames[0]
    except Unreadable as error:
        return Fingerprint(image=0, problem=str(error)), (), None, False
    grey = cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY)
    is_photo = not is_plain_around(grey)
    logo = None if is_photo else emblem(frame[shown(grey, room=0.0)])
    return hashed(content), views(trimmed(grey)), logo, is_photo
