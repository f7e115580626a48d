"""The rights' pictures, read when a list is opened."""

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import cv2

from detectors.fingerprint import hashed
from detectors.image import RightPicture
from detectors.logo import LogoFinder
from detectors.pictures import sketch, small
from detectors.pictures.decode import Unreadable, decoded
from detectors.pictures.hidden import Mark
from detectors.pictures.logos import Emblem, Windows, emblem
from detectors.pictures.trim import is_plain_around, shown, trimmed
from detectors.pictures.view import View, views
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


def right_pictures(found: RightsFile) -> tuple[RightPicture, ...]:
    """All of a list; a photo knows where it shows its right's logos."""
    paths = {(right.id, image): place for right, image, place in rights.picture_paths(found)}
    read = [right_picture(*each) for each in rights.picture_paths(found)]
    logos: dict[str, list[RightPicture]] = {}
    for each in read:
        if each.emblem:
            logos.setdefault(each.right.id, []).append(each)
    finders = {id_: LogoFinder(some) for id_, some in logos.items()}
    return tuple(
        replace(each, marks=_marks(paths[each.right.id, each.image], finders[each.right.id]))
        if each.is_photo and each.right.id in finders
        else each
        for each in read
    )


def _marks(place: Path, finder: LogoFinder) -> tuple[Mark, ...]:
    print_ = _print(_File(place, rights.stamp(place)))
    if print_.small is None:
        return ()
    grey = small.unpacked(print_.small)
    return tuple(
        Mark.of(each.face, each.fit.map, each.outline.size, grey)
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
    reduced = small.packed(cv2.cvtColor(part, cv2.COLOR_RGB2GRAY))
    return Fingerprint(image=0, logos=Windows.of(part).packed(), small=reduced)


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
