"""The protection list: read whole, checked whole, and only then counted."""

import hashlib
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from pipeline import codec, tables
from pipeline.errors import BadInput, Fault
from pipeline.records import Right, digest
from pipeline.tables import Columns, Row

SAMPLE = Path(__file__).parent / "samples" / "tianshui.jsonl"
COLUMNS = Columns(
    titles={
        "编号": "id",
        "名称": "name",
        "类型": "kind",
        "别名": "aliases",
        "外文名": "latin",
        "类别": "class",
        "商品": "goods",
        "权利人": "holder",
        "注册号": "reg_no",
        "有效期起": "valid_from",
        "有效期止": "valid_to",
        "列入日期": "listed_on",
        "移出日期": "removed_on",
        "产地": "region.name",
        "乡镇": "region.townships",
        "标准号": "standard_no",
        "官方店铺": "official_shops",
        "排除词": "exclude",
        "图片": "images",
    },
    lists=frozenset(
        [
            "aliases",
            "latin",
            "class",
            "goods",
            "official_shops",
            "exclude",
            "images",
            "region.codes",
            "region.townships",
        ]
    ),
    required=("id", "name", "kind"),
)
KINDS = {"商标": "trademark", "注册商标": "trademark", "地理标志": "gi", "GI": "gi"}


@dataclass(frozen=True, slots=True, kw_only=True)
class RightsFile:
    """What a file says: its rights with the folder of their pictures, and all that is wrong."""

    rights: tuple[Right, ...]
    faults: tuple[Fault, ...]
    folder: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class RightChange:
    """A right that is new on the list in force, or not as it was there."""

    right_id: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How to take a file that was made for another purpose: fields renamed, fields given."""

    renamed: Mapping[str, str]
    given: Mapping[str, str]


AS_IS = Reading(renamed={}, given={})


def read(path: Path, reading: Reading = AS_IS) -> RightsFile:
    """Reads and checks the whole file; raises `BadInput` only when it cannot be opened."""
    columns = replace(
        COLUMNS,
        titles={**COLUMNS.titles, **reading.renamed},
        required=tuple(name for name in COLUMNS.required if name not in reading.given),
    )
    rights: list[Right] = []
    faults: list[Fault] = []
    first: dict[str, int] = {}
    for row in tables.rows(path, columns):
        if isinstance(row, Fault):
            faults.append(row)
            continue
        right, wrong = _right(row, reading, path.parent)
        faults.extend(wrong)
        if right is not None:
            faults.extend(_repeated(row, right, first))
            rights.append(right)
    if not rights and not faults:
        faults.append(Fault(str(path), None, None, "no right in it"))
    return RightsFile(rights=tuple(rights), faults=tuple(faults), folder=path.parent)


def load(path: Path) -> RightsFile:
    """The rights of a file without fault; raises `BadInput` that names every fault."""
    found = read(path)
    if found.faults:
        raise BadInput("\n".join(str(fault) for fault in found.faults))
    return found


def in_force(place: Path) -> RightsFile:
    """The list imported to `place`; until there is one, the sample. Raises `BadInput`."""
    return load(place if place.exists() else SAMPLE)


def stamp(place: Path) -> tuple[int, ...] | None:
    """Changes whenever another list is installed at `place`; `None` while there is none."""
    try:
        found = place.stat()
    except FileNotFoundError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def states(found: RightsFile) -> Mapping[str, str]:
    """By id, what changes whenever anything about the right does, its pictures' bytes too."""
    return {right.id: _state(right, found.folder) for right in found.rights}


def _state(right: Right, folder: Path) -> str:
    pictures = (hashlib.sha256((folder / image).read_bytes()).hexdigest() for image in right.images)
    return digest(codec.encode(replace(right, images=())).decode(), *pictures)


def install(found: RightsFile, place: Path, staying: Sequence[Right] = ()) -> None:
    """Makes these rights the list in force at `place`, with their pictures beside it.

    `staying` are rights whose pictures lie there already.
    """
    folder = place.parent
    (folder / "images").mkdir(parents=True, exist_ok=True)
    moved = [_moved(right, found.folder, folder) for right in found.rights]
    lines = [codec.encode(codec.to_line(right)) for right in (*moved, *staying)]
    fresh = place.with_suffix(".new")
    fresh.write_bytes(b"\n".join(lines) + b"\n")
    fresh.replace(place)


def _moved(right: Right, source: Path, folder: Path) -> Right:
    moved = []
    for number, image in enumerate(right.images):
        origin = source / image
        name = f"images/{_file_name(right.id)}-{number}{origin.suffix.lower()}"
        if origin.resolve() != (folder / name).resolve():
            shutil.copyfile(origin, folder / name)
        moved.append(name)
    return replace(right, images=tuple(moved))


def _file_name(text: str) -> str:
    return "".join(each if each.isalnum() or each in "-_" else "_" for each in text)[:80]


def _right(row: Row, reading: Reading, folder: Path) -> tuple[Right | None, list[Fault]]:
    values: dict[str, object] = {**reading.given}
    values |= {reading.renamed.get(name, name): value for name, value in row.values.items()}
    values["kind"] = KINDS.get(str(values.get("kind")), values.get("kind"))
    if isinstance(values.get("images"), str):
        values["images"] = [values["images"]]
    try:
        right = codec.from_line(values, Right)
    except codec.Unreadable as error:
        return None, [Fault(row.file, row.line, error.field, _advice(error))]
    return right, [Fault(row.file, row.line, *wrong) for wrong in _wrongs(right, folder)]


def _advice(error: codec.Unreadable) -> str:
    if error.field == "kind":
        return f"{error.problem}; write trademark (商标) or gi (地理标志)"
    if error.problem == "is missing":
        return "is missing; every right needs id, name and kind"
    return error.problem


def _repeated(row: Row, right: Right, first: dict[str, int]) -> Iterator[Fault]:
    line = first.setdefault(right.id, row.line)
    if line != row.line:
        yield Fault(
            row.file, row.line, "id", f"{right.id!r} stands on line {line} already; give it another"
        )


def _wrongs(right: Right, folder: Path) -> Iterator[tuple[str, str]]:
    if not right.id.strip():
        yield "id", "is empty; give the right a name of its own in the list"
    if not any(each.isalnum() for each in right.name):
        yield "name", f"{right.name!r} has no letter to look for"
    if any(not 1 <= number <= 45 for number in right.nice):
        yield "class", f"{right.nice}: Nice classes run from 1 to 45"
    if right.valid_from and right.valid_to and right.valid_to < right.valid_from:
        yield "valid_to", f"{right.valid_to} is before valid_from {right.valid_from}"
    if right.matching_ratio is not None and not 0 <= right.matching_ratio <= 1:
        yield "matching_ratio", f"{right.matching_ratio} is no share; write 0 to 1, 1 for always"
    for image in right.images:
        problem = _picture_problem(folder, image)
        if problem:
            yield "images", f"{image!r} {problem}"


def _picture_problem(folder: Path, image: str) -> str | None:
    if "://" in image:
        return "is an address; keep the picture beside the file and name it"
    place = (folder / image).resolve()
    if not place.is_relative_to(folder.resolve()):
        return "leaves the folder of the file"
    try:
        with Image.open(place) as picture:
            picture.verify()
    except FileNotFoundError:
        return "is not there"
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError, SyntaxError) as error:
        return f"is not a picture: {error}"
    return None


def picture_paths(found: RightsFile) -> Iterable[tuple[Right, str, Path]]:
    """Every right's pictures: the right, the name it gives them, and the file."""
    return [
        (right, image, found.folder / image) for right in found.rights for image in right.images
    ]


def counts(rights: Sequence[Right]) -> Mapping[str, int]:
    """How many rights there are of each kind."""
    return {kind: sum(right.kind == kind for right in rights) for kind in ("trademark", "gi")}
