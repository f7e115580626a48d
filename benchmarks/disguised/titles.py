"""Listings about a name: where it stands in the title or another field, and what is around it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from benchmarks.disguised import tables
from benchmarks.disguised.disguises import Disguised, needs_goods
from benchmarks.disguised.subjects import Subject

Line = dict[str, object]
EATEN = frozenset({"tea", "grain", "fruit", "fresh", "food", "drink"})
DURABLE = frozenset({"digital", "wear", "home", "tools"})
PLATFORMS = ("tmall", "taobao", "jd", "pdd", "douyin", "1688")
SHOPS = ("专营店", "小店", "商行", "百货", "优选", "旗舰店", "工厂店")


@dataclass(frozen=True, slots=True)
class Setting:
    """A title pattern filled but for the name."""

    before: str
    behind: str
    goods: bool

    def title(self, text: str) -> str:
        return self.before + text + self.behind


def patterns(subject_where: str, half: str, goods: bool | None = None) -> list[str]:
    """The title patterns of one half that fit where a thing is sold."""
    kinds = ("latin",) if subject_where == "latin" else (subject_where, "any")
    texts = [text for kind in kinds for text in tables.titles().get(kind, ())]
    mine = [text for text in texts if tables.part(text) == half]
    if goods is None:
        return mine
    return [text for text in mine if ("{g}" in text) is goods]


def setting(subject: Subject, half: str, random: Random, goods: bool) -> Setting:
    """A title of this half around the name, with a word for the goods or without."""
    pattern = random.choice(patterns(subject.where, half, goods) or patterns(subject.where, half))
    word = random.choice(subject.goods)
    before, _, behind = pattern.replace("{g}", word).partition("{n}")
    if random.random() < 0.25 and not pattern.startswith("{n}"):
        before = before.rstrip() + " " if before.strip() else before
    return Setting(before, behind, "{g}" in pattern)


def positive(subject: Subject, how: Disguised, half: str, random: Random) -> tuple[Line, Line]:
    """A listing with its truth; where the name is torn the span is of what the title has."""
    want = _wants_goods(subject, how) or random.random() < 0.5
    around = setting(subject, half, random, want)
    field = "title" if how.head or want else random.choices(FIELDS, (88, 4, 5, 3))[0]
    if field == "title":
        line: Line = {"title": around.title(how.text)}
        start = len(around.before)
        if how.head:
            line |= _head(subject, how.head, random)
    else:
        line, start = _elsewhere(subject, how.text, field, half, random)
    line |= _company(subject, line, random)
    truth: Line = {
        "right_id": subject.id,
        "field": "shop" if field == "shop" else field,
        "span": [start, start + len(how.text)],
        "disguise": how.kind,
    }
    tags = _tags(subject, near=field != "title" or around.goods)
    return line, truth | ({"tags": tags} if tags else {})


PLAIN = frozenset({"pinyin", "alias", "styled", "traditional"})


def _wants_goods(subject: Subject, how: Disguised) -> bool:
    """Whether the name alone would not do: an ordinary word, or not one character left."""
    kept = any(each in how.text for each in how.meant)
    lost = subject.han and not kept and how.kind not in PLAIN
    return subject.ordinary or lost or how.head is not None or needs_goods(subject, how.kind)


FIELDS = ("title", "brand", "shop", "description")


def _tags(subject: Subject, *, near: bool) -> list[str]:
    tags = ["goods_near" if near else "goods_far"]
    if subject.ordinary:
        tags.append("ordinary")
    if subject.bare:
        tags.append("no_goods")
    return tags


def _head(subject: Subject, head: str, random: Random) -> Line:
    """A shop may well be called after its town; a brand that is a town's name says more."""
    if subject.kind == "gi" or random.random() < 0.6:
        return {"brand": head}
    return {"shop": {"name": head + random.choice(("农家小铺", "专营店", "旗舰店", "优选"))}}


def _elsewhere(
    subject: Subject, text: str, field: str, half: str, random: Random
) -> tuple[Line, int]:
    title = plain_title(subject, half, random)
    if field == "brand":
        return {"title": title, "brand": text}, 0
    if field == "shop":
        return {"title": title, "shop": {"name": text + random.choice(SHOPS)}}, 0
    before = random.choice(("品牌：", "本店经营", "详情：", "卖点 "))
    return {"title": title, "description": f"{before}{text}，支持七天无理由退货"}, len(before)


def plain_title(subject: Subject, half: str, random: Random) -> str:
    """A title of the same goods without any name."""
    text = random.choice(
        patterns(subject.where, half, goods=True) or patterns("any", half, goods=True)
    )
    for name in ("{n}牌", "{n}的", "{n}"):
        text = text.replace(name, "")
    return tidy(text.replace("{g}", random.choice(subject.goods)))


def tidy(title: str) -> str:
    for mark in ("【】", "《》"):
        title = title.replace(mark, "")
    return " ".join(title.split())


def _company(subject: Subject, line: Mapping[str, object], random: Random) -> Line:
    """What a page says besides, now and then."""
    more: Line = {"platform": random.choice(PLATFORMS)}
    if random.random() < 0.7:
        more |= {"price": random.randrange(9, 900) + 0.9, "currency": "CNY"}
    if "shop" not in line and random.random() < 0.6:
        more["shop"] = {"name": shop(random)}
    if random.random() < 0.2:
        more["category"] = random.choice(subject.goods)
    if "description" not in line and random.random() < 0.15:
        more["description"] = random.choice(DESCRIPTIONS)
    if random.random() < 0.3:
        more["sales"] = str(random.randrange(3, 9000))
    return more


DESCRIPTIONS = (
    "支持七天无理由退换，拍下四十八小时内发出",
    "图片均为实物拍摄，颜色以收到为准",
    "售后无忧，有问题请联系在线客服",
    "量大可议价，长期供货",
    "坏单包赔，签收后二十四小时内联系",
)


def shop(random: Random) -> str:
    return random.choice(tables.near()["makers"]) + random.choice(SHOPS)


def numbered(lines: Sequence[Line], half: str) -> list[Line]:
    """Each line with an id of its own, in an order that tells nothing."""
    return [{"id": f"{half}-{number}"} | line for number, line in enumerate(lines)]
