"""The command `rights variants`: how a name may be disguised, and what of it is seen through."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from app.output import bar, show
from detectors.assess import REVIEW
from detectors.goods import goods_ending
from detectors.text import TextFinder
from detectors.variants import Variant, variants
from pipeline import rights
from pipeline.errors import BadInput
from pipeline.matches import Disguise
from pipeline.plain import plain
from pipeline.records import Capture, Listing, Right, RightKind

CARRIER = "正品 {} {} 包邮"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A variant as it is printed."""

    text: str
    disguise: Disguise
    reason: str
    caught: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """How many variants of a right's name were made, and how many are seen through."""

    right_id: str
    name: str
    generated: int
    caught: int
    variants: tuple[Line, ...]

    @property
    def missed(self) -> Sequence[Line]:
        return [line for line in self.variants if not line.caught]


@click.command(name="variants")
@click.argument("name_or_file")
@click.option("--class", "nice", type=int, multiple=True, help="Nice class of the name's goods.")
@click.option("--goods", multiple=True, help="A word for the name's goods.")
@click.option("--json", "as_json", is_flag=True, help="One object a right, for machines.")
def variants_command(
    name_or_file: str, nice: tuple[int, ...], goods: tuple[str, ...], *, as_json: bool
) -> None:
    """How sellers may disguise a name, and what of it is seen through: a coverage certificate."""
    listed = _listed(name_or_file, nice, goods)
    for right in bar("rights", listed):
        certificate = certified(right)
        if as_json:
            show(certificate)
        else:
            click.echo("\n".join(map(plain, _lines(certificate))))


def _listed(text: str, nice: tuple[int, ...], goods: tuple[str, ...]) -> Sequence[Right]:
    """The rights of a file, or one made of a name."""
    if Path(text).is_file():
        return rights.load(Path(text)).rights
    if not any(each.isalnum() for each in text):
        raise BadInput(f"{text!r} has no letter to look for")
    if text.endswith((".jsonl", ".csv", ".xlsx")):
        raise BadInput(f"{text}: there is no such file")
    return [Right(id=text, name=text, kind=RightKind.TRADEMARK, nice=nice, goods=goods)]


def certified(right: Right) -> Certificate:
    """The variants of the right's name, each tried on the detector in a plain title."""
    made = variants(right.name)
    sold = right.goods[0] if right.goods else goods_ending(right.name) or ""
    listings = [
        Listing(capture=Capture(id=str(n), title=CARRIER.format(each.text, sold)))
        for n, each in enumerate(made)
    ]
    found = TextFinder([right]).find(listings)
    caught = [any(match.score >= REVIEW for match in met.get(right.id, ())) for met in found]
    lines = tuple(map(_line, made, caught))
    return Certificate(
        right_id=right.id,
        name=right.name,
        generated=len(lines),
        caught=sum(caught),
        variants=lines,
    )


def _line(variant: Variant, caught: bool) -> Line:
    return Line(text=variant.text, disguise=variant.disguise, reason=variant.reason, caught=caught)


def _lines(certificate: Certificate) -> Iterator[str]:
    yield f"{certificate.name}（{certificate.right_id}）"
    for line in certificate.variants:
        yield f"  {'✓' if line.caught else '✗'} {line.text}\t{line.disguise}\t{line.reason}"
    made, caught = certificate.generated, certificate.caught
    yield f"覆盖证书：生成 {made} 种写法，识别 {caught} 种（{caught / max(1, made):.1%}）"
    missed = "、".join(line.text for line in certificate.missed[:20])
    yield f"未识别：{missed or '无'}"
