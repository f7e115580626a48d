"""The rights' pictures, read when a list is opened."""

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np

from detectors.fingerprint import hashed
from detectors.image import RightPicture
from detectors.logo import LogoFinder
from detectors.pictures import sketch, small
from detectors.pictures.decode import Unreadable, decoded
from detectors.pictures.extent import Size
from detectors.pictures.hidden import Mark
from detectors.pictures.logos import Emblem, Windows, emblem
from detectors.pictures.points import Floats, Grey
from detectors.pictures.shading import is_drawn
from detectors.pictures.trim import ROOM, ground, is_plain_around, shown, trimmed
from detectors.pictures.view import View, in_units, views
from pipeline import rights
from pipeline.records import Fingerprint, Right
from pipeline.rights import RightsFile

SURE = 0.9  # score of a logo in a photo of its right
LARGE = 1024  # pixels that a picture is read at, before its margins are trimmed


@dataclass(frozen=True, slots=True)
class _File:
    """A file as it is now: in another state it is another file."""

    place: Path
    state: tuple[int, ...] | None


def right_picture(right: Right, image: str, place: Path) -> RightPicture:
    """The picture at `place`, read anew only if it has changed; a flat one has no hashes."""
    read = _read(_File(place, rights.stamp(place)))
    hashes = (None, None) if read.hashed.flat else (read.hashed.phash, read.hashed.dhash)
    return RightPicture(
        right=right,
        image=image,
        phash=hashes[0],
        dhash=hashes[1],
        views=read.views,
        emblem=read.logo,
        marks=read.marks,
        small=read.small,
    )


def right_pictures(found: RightsFile) -> tuple[RightPicture, ...]:
    """All of a list; a photo knows where it shows its right's logos."""
    read = [(right_picture(*each), each[-1]) for each in rights.picture_paths(found)]
    logos: dict[str, list[RightPicture]] = {}
    for each, _ in read:
        if each.emblem:
            logos.setdefault(each.right.id, []).append(each)
    finders = {id_: LogoFinder(some) for id_, some in logos.items()}
    return tuple(
        replace(each, marks=_marks(place, finders[each.right.id]))
        if each.is_photo and each.right.id in finders
        else each
        for each, place in read
    )


def _marks(place: Path, finder: LogoFinder) -> tuple[Mark, ...]:
    print_ = _print(_File(place, rights.stamp(place)))
    if print_.small is None:
        return ()
    photo = small.unpacked(print_.small)
    return tuple(
        Mark.of(each.face, each.fit.map, each.outline.size, photo)
        for each in finder.sightings(print_)
        if each.score >= SURE
    )


@lru_cache(maxsize=1 << 12)
def _print(file: _File) -> Fingerprint:
    """Of a photo with its margins trimmed, as logos are looked for in it."""
    try:
        frame = decoded(file.place.read_bytes(), sketch.SIDE).frames[0]
    except Unreadable as error:
        return Fingerprint(image=0, problem=str(error))
    part = frame[shown(cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY))]
    return Fingerprint(image=0, logos=Windows.of(part).packed(), small=small.packed(part))


@dataclass(frozen=True, slots=True, eq=False)
class _Read:
    """What a file shows; a logo is its own mark."""

    hashed: Fingerprint
    views: tuple[View, ...] = ()
    logo: Emblem | None = None
    marks: tuple[Mark, ...] = ()
    small: bytes | None = None


@lru_cache(maxsize=1 << 17)
def _read(file: _File) -> _Read:
    content = file.place.read_bytes()
    try:
        frame = decoded(content, LARGE).frames[0]
    except Unreadable as error:
        return _Read(Fingerprint(image=0, problem=str(error)))
    grey = cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY)
    hashes, part, reduced = hashed(content), trimmed(grey), small.packed(frame[shown(grey)])
    alone = frame[shown(grey, room=0.0)]
    if not (is_plain_around(grey) and is_drawn(alone)):
        return _Read(hashes, views(part), small=reduced)
    logo = emblem(alone, ground(frame))
    mark = Mark.of(logo.faces[0], *_inside(grey), frame[shown(grey)])
    return _Read(hashes, views(part), logo, (mark,), reduced)


def _inside(grey: Grey) -> tuple[Floats, Size]:
    """How what is shown lies in the same with room around it, both in units of their own."""
    own, room = (
        [each.indices(long) for each, long in zip(shown(grey, some), grey.shape, strict=True)]
        for some in (0.0, ROOM)
    )
    (top, bottom, _), (left, right, _) = own
    (upper, lower, _), (first, last, _) = room
    unit = sketch.SIDE / max(lower - upper, last - first)
    zoom = max(bottom - top, right - left) / sketch.SIDE * unit
    map_ = np.array([[zoom, 0, (left - first) * unit], [0, zoom, (top - upper) * unit]])
    return map_, in_units(right - left, bottom - top)
