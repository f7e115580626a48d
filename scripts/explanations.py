"""Writes docs/explanations.md: ten reasons for each disguise, as the detector gives them."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT))

from detectors.text import TextFinder  # noqa: E402 - the repository's own
from detectors.variants import variants  # noqa: E402
from pipeline import rights  # noqa: E402
from pipeline.matches import Disguise, Match  # noqa: E402
from pipeline.records import Capture, Listing, Right, RightKind  # noqa: E402

PLACE = ROOT / "docs" / "explanations.md"
EACH = 10
PUBLIC = {
    "贵州茅台": "白酒",
    "龙口粉丝": "粉丝",
    "长白山人参": "人参",
    "马龙苹果": "苹果",
    "龙泉青瓷": "青瓷",
    "金华火腿": "火腿",
    "长城干红": "葡萄酒",
    "青岛啤酒": "啤酒",
    "马陆葡萄": "葡萄",
    "风顺大米": "大米",
}
LATIN = ("Huaniu Apple", "Qin'an Peach", "Tianshui Cherry", "Gangu Pepper", "Maiji Walnut")
HEAD = """# Why a name is taken for another: the reasons, class by class

Made by `python scripts/explanations.py` from the sample list and a few well-known names; nothing
here is written by hand.
Each line is a title as a seller might write it and the sentence that stands in the clue.
"""


def explanations() -> str:
    """The whole page."""
    found = _found(rights.load(rights.SAMPLE).rights)
    return HEAD + "".join(_section(disguise, found[disguise]) for disguise in found)


def _found(listed: Sequence[Right]) -> Mapping[Disguise, Sequence[tuple[str, Match]]]:
    every: dict[Disguise, list[tuple[str, Match]]] = {each: [] for each in Disguise}
    latin = [Right(id=name, name=name, kind=RightKind.GI, goods=("fruit",)) for name in LATIN]
    public = [
        Right(id=name, name=name, kind=RightKind.GI, goods=(goods,))
        for name, goods in PUBLIC.items()
    ]
    for rank in range(EACH):
        for right in (*listed, *public, *latin):
            for title, match in _of(right, rank):
                for disguise in map(Disguise, match.disguises[:1]):
                    if len(every[disguise]) < EACH:
                        every[disguise].append((title, match))
    return every


def _of(right: Right, rank: int) -> Iterator[tuple[str, Match]]:
    """The variants of this rank, each in a title, with its likeliest match."""
    some = [each for each in variants(right.name) if each.rank == rank]
    sold = right.goods[0] if right.goods else ""
    titles = [f"正品 {each.text} {sold}" for each in some]
    listings = [Listing(capture=Capture(id=title, title=title)) for title in titles]
    for title, met in zip(titles, TextFinder([right]).find(listings), strict=True):
        for matches in met.values():
            yield title, max(matches, key=lambda match: match.score)


def _section(disguise: Disguise, found: Sequence[tuple[str, Match]]) -> str:
    lines = [f"- {title}\n  — {match.reason}（{match.score:.2f}）" for title, match in found]
    return f"\n## {disguise}\n\n" + "\n".join(lines) + "\n"


def main() -> None:
    """Writes the page."""
    PLACE.write_text(explanations(), "utf-8")


if __name__ == "__main__":
    main()
