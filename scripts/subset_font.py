"""Makes the practice market's font: the part of Noto Sans CJK SC that its pictures write with.

Run it with fontTools installed and Debian's fonts-noto-cjk present,
whenever a test says that a character is missing.
"""

from pathlib import Path

from fontTools.subset import Options, Subsetter  # type: ignore[import-untyped]  # ships no types
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # ships no types

ROOT = Path(__file__).parent.parent
MARKET = ROOT / "crawlers" / "market"
SAMPLE = ROOT / "pipeline" / "samples" / "tianshui.jsonl"
NOTO = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
COPYRIGHT = Path("/usr/share/doc/fonts-noto-cjk/copyright")
SIMPLIFIED_CHINESE = 2  # this language's place in the Noto collection
NAME = "Practice Market Sans"


def wanted_characters() -> str:
    """Every character of the sources that pictures take their words from, and ASCII."""
    files = [
        *(MARKET / name for name in ("words.toml", "lawful.toml", "unlawful.toml")),
        *(MARKET / name for name in ("pictures.py", "edits.py", "catalogue.py")),
        SAMPLE,
    ]
    text = "".join(file.read_text(encoding="utf-8") for file in files)
    return "".join(sorted({character for character in text if character.isprintable()}))


def make_font(characters: str, target: Path) -> None:
    font = TTFont(NOTO, fontNumber=SIMPLIFIED_CHINESE)
    options = Options(hinting=False, layout_features=[], notdef_outline=True, desubroutinize=True)
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    subsetter = Subsetter(options)
    subsetter.populate(text=characters + "".join(map(chr, range(32, 127))))
    subsetter.subset(font)
    # The licence keeps "Source" for the original; a changed font must carry its own name.
    for identity, name in ((1, NAME), (3, NAME), (4, NAME), (6, NAME.replace(" ", ""))):
        font["name"].setName(name, identity, 3, 1, 0x409)
    font.save(target)


def make_licence(target: Path) -> None:
    """The copyright notice of the font and the licence text of the Debian package, unindented."""
    text = COPYRIGHT.read_text(encoding="utf-8").split("License: SIL-1.1\n")[-1]
    body = text.split("\nLicense: GPL-3+")[0].splitlines()
    lines = ["" if line.strip() == "." else line.strip() for line in body]
    notice = TTFont(NOTO, fontNumber=SIMPLIFIED_CHINESE)["name"].getDebugName(0)
    head = [f"{NAME} is a subset of Noto Sans CJK SC Regular.", str(notice), ""]
    target.write_text("\n".join((*head, *lines)) + "\n", encoding="utf-8")


def main() -> None:
    folder = MARKET / "font"
    folder.mkdir(exist_ok=True)
    characters = wanted_characters()
    make_font(characters, folder / "PracticeMarketSans.otf")
    make_licence(folder / "OFL.txt")
    size = (folder / "PracticeMarketSans.otf").stat().st_size
    print(f"{len(characters)} characters, {size:,} bytes")


if __name__ == "__main__":
    main()
