"""Pure: a clue and its right to a takedown notice, by the law that the clue names.

The six elements are those of the CAC rules of 2023-08 on handling reports of infringing
information, art. 5, which cover what 《电子商务法》 art. 42 and 法发〔2020〕32号 art. 5 ask for
(domain.md §1). Whatever is not known is left empty and named as missing.
"""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from pipeline import law
from pipeline.plain import plain
from pipeline.records import Capture, Clue, Right

FOLDER = Path(__file__).parent / "templates"
GUARANTEE = "通知人保证本通知及所附材料真实，并承担因错误通知造成损害的法律责任。"


class Element(StrEnum):
    """The six elements a notice must have."""

    STATEMENT = "statement"
    IDENTITY = "identity"
    CONTACT = "contact"
    LOCATION = "location"
    EVIDENCE = "evidence"
    GUARANTEE = "guarantee"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibit:
    """One piece of preliminary evidence, by the hash under which the vault keeps it."""

    name: str
    sha256: str
    size: int
    source: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    platform: str | None
    url: str | None
    listing_id: str
    title: str
    shop_name: str | None
    captured_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """An unsigned draft. `elements` holds the text of each of the six, or `None` where unknown."""

    notice_id: str
    state: str
    law: str
    right_name: str
    right_holder: str | None
    registration: str | None
    target: Target
    conduct: str
    article: str
    comparison: tuple[str, ...]
    fair_use_considered: str
    requested_measure: str
    evidence: tuple[Exhibit, ...]
    elements: dict[Element, str | None]
    missing: tuple[str, ...]
    signed_by: str | None = None


MISSING = {
    Element.IDENTITY: "权利人（及代理人）身份证明、授权委托书",
    Element.CONTACT: "通知人姓名和联系方式",
    Element.LOCATION: "被投诉商品的准确网址",
    Element.EVIDENCE: "初步证据（页面快照或图片）",
    Element.STATEMENT: "侵权事实和理由",
    Element.GUARANTEE: "真实性保证",
}


def compose(clue: Clue, right: Right) -> Notice:
    """The draft for one clue; raises `ValueError` if the clue carries no listing."""
    listing = clue.listing
    if listing is None:
        raise ValueError(f"clue {clue.clue_id} has no listing")
    statute = law.of(clue)
    article = statute.articles[clue.conduct]
    exhibits = _exhibits(listing)
    elements = _elements(clue, listing, article, exhibits)
    return Notice(
        notice_id=f"draft-{clue.clue_id}",
        state="DRAFT",
        law=clue.law,
        right_name=right.name,
        right_holder=right.holder,
        registration=right.reg_no,
        target=_target(listing),
        conduct=clue.conduct,
        article=article,
        comparison=tuple(plain(match.reason) for match in clue.matches),
        fair_use_considered=f"已按{statute.fair_use}审查合理使用："
        + "；".join(plain(gate.reason) for gate in clue.gates if gate.gate == "use_as_mark"),
        requested_measure="断开链接、下架商品",
        evidence=exhibits,
        elements=elements,
        missing=_missing(elements, right),
    )


def _missing(elements: dict[Element, str | None], right: Right) -> tuple[str, ...]:
    named = [MISSING[element] for element, text in elements.items() if text is None]
    if right.reg_no is None and not any(regime.no for regime in right.regimes):
        named.append("商标注册号或地理标志公告号")
    return (*named, "权利人签章")


def _target(listing: Capture) -> Target:
    return Target(
        platform=listing.platform,
        url=listing.url,
        listing_id=plain(listing.id),
        title=plain(listing.title),
        shop_name=plain(listing.shop.name) if listing.shop.name else None,
        captured_at=listing.seen.isoformat(timespec="seconds"),
    )


def _exhibits(listing: Capture) -> tuple[Exhibit, ...]:
    named = [("页面快照", listing.page)]
    named += [(f"商品图片{n}", each.kept) for n, each in enumerate(listing.pictures, start=1)]
    return tuple(
        Exhibit(name=name, sha256=kept.sha256, size=kept.size, source=kept.source)
        for name, kept in named
        if kept is not None
    )


def _elements(
    clue: Clue, listing: Capture, article: str, exhibits: tuple[Exhibit, ...]
) -> dict[Element, str | None]:
    kept = "；".join(f"{each.name}（SHA-256 {each.sha256}）" for each in exhibits)
    return {
        Element.STATEMENT: plain(f"{clue.reason}上述行为涉嫌违反{article}。"),
        Element.IDENTITY: None,
        Element.CONTACT: None,
        Element.LOCATION: listing.url,
        Element.EVIDENCE: kept or None,
        Element.GUARANTEE: GUARANTEE,
    }


def html(notice: Notice) -> str:
    """The notice as a page to print and sign; the template is the one of its law."""
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
    )
    return environment.get_template(f"trademark-{notice.law[-4:]}.html").render(notice=notice)
