"""Listings that nobody should be told of: clean ones, near ones, lawful ones."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from random import Random

from pypinyin.phrases_dict import phrases_dict

from benchmarks.disguised import tables, titles
from benchmarks.disguised.sources import lines
from benchmarks.disguised.subjects import Subject
from benchmarks.disguised.titles import DURABLE, EATEN, Line
from pipeline.normalise import fold

REAL = ("cn-shopxo", "cn-litemall", "cn-taobao-json")
KEPT = ("title", "platform", "description", "price", "currency", "sales", "shop")
CLAUSE = re.compile(r"[，。！？；：、“”…,.!?\s]+")
BRANDS = re.compile(
    r"华为|huawei|荣耀|honor|vivo|苹果|apple|iphone|macbook|小米|三星|惠普|联想|hp(?![a-z])",
    re.IGNORECASE,
)


WORD_TITLES = (
    "{}主题 装饰画 客厅挂画",
    "书法字画《{}》手写真迹",
    "{} 文字贴纸 防水",
    "词语卡片 {} 小学语文",
    "{}系列 帆布袋 文艺",
    "创意摆件 {} 办公桌",
    "毛笔字帖 {} 临摹",
    "定制锦旗 {} 金丝绒",
)

COMMON = tuple(word for word in phrases_dict if len(word) in {2, 3})
IDIOMS = tuple(sorted(word for word in phrases_dict if len(word) == 4))


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """One half's rights, and everybody's names for the negatives to stay clear of."""

    half: str
    subjects: tuple[Subject, ...]
    names: tuple[str, ...]
    """All names of all rights, folded."""

    def clear(self, *texts: str) -> bool:
        """Whether no right is named in these texts."""
        folded = " ".join(fold(text).text for text in texts)
        return not any(name in folded for name in self.names)


def clean(world: World, data: Path, count: int, random: Random) -> Iterator[Line]:
    """Real titles once each, then titles like those of the positives without a name."""
    real = [line for line in real_listings(data) if _is_mine(world, line)]
    yield from real[:count]
    words = [word for line in real for word in _fragments(line)] * FRAGMENT_USES
    random.shuffle(words)
    made: dict[str, Line] = {}
    while len(made) < count - len(real):
        mixed = len(words) > 3 and random.random() < 0.4
        title = " ".join(words.pop() for _ in range(random.choice((2, 3)))) if mixed else ""
        title = title or plain(world, random)
        if world.clear(title):
            made[title] = dressed(title, random)
    yield from made.values()


FRAGMENT_USES = 2


def _fragments(line: Line) -> list[str]:
    """Parts of a real title and what the page says below it."""
    said = f"{line['title']} {line.get('description') or ''}"
    return list(dict.fromkeys(word for word in CLAUSE.split(said) if 3 < len(word) < 25))


def _is_mine(world: World, line: Line) -> bool:
    texts = [str(line["title"]), str(line.get("description") or ""), str(line.get("shop") or "")]
    return tables.part(texts[0]) == world.half and world.clear(*texts)


def real_listings(data: Path) -> Iterator[Line]:
    for folder in REAL:
        for text in lines(data / folder / "listings.jsonl"):
            values = json.loads(text)
            title = " ".join(BRANDS.sub("", values["title"]).split())
            if len(title) >= 6:
                kept = {key: values[key] for key in KEPT if key in values}
                yield {**kept, "title": title, "kind": "clean", "tags": ["real_title"]}


def plain(world: World, random: Random) -> str:
    """A title without a name; a Chinese one has a word or two more."""
    subject = random.choice(world.subjects)
    title = titles.plain_title(subject, world.half, random)
    if subject.where == "latin":
        return title
    return " ".join((title, *random.sample(tables.tails(), random.choice((0, 1, 1, 2)))))


def dressed(title: str, random: Random, kind: str = "clean", tags: Sequence[str] = ()) -> Line:
    line: Line = {"title": title, "platform": random.choice(titles.PLATFORMS), "kind": kind}
    if random.random() < 0.6:
        line |= {"price": random.randrange(9, 900) + 0.9, "currency": "CNY"}
    if random.random() < 0.5:
        line["shop"] = {"name": titles.shop(random)}
    return line | ({"tags": list(tags)} if tags else {})


def lawful(world: World, count: int, random: Random) -> Iterator[Line]:
    """Names in lawful use, each phrase of this half in turn, then words meant otherwise."""
    told = [each for each in world.subjects if each.han and not each.bare]
    yield from _homographs(world)
    rows: dict[str, list[tables.Lawful]] = {}
    for phrase in tables.lawful():
        if tables.part(phrase.title) == world.half:
            rows.setdefault(phrase.row, []).append(phrase)
    seen: set[str] = set()
    for row in cycle(sorted(rows)):
        if len(seen) >= count:
            return
        phrase = random.choice(rows[row])
        subject = random.choice([each for each in told if fits(phrase.where, each)] or told)
        title = _phrased(phrase, subject, random)
        if title not in seen and fits(phrase.where, subject):
            seen.add(title)
            yield dressed(title, random, "lawful", [f"lawful_{row}"])


def _homographs(world: World) -> Iterator[Line]:
    known = {each.name for each in world.subjects if not each.bare}
    ordinary = {each.name for each in world.subjects if each.ordinary and not each.bare}
    for name, others in tables.homographs().items():
        if name in known:
            for title in others:
                yield {"title": title, "kind": "lawful", "tags": ["lawful_homograph"]}
    for number, idiom in enumerate(word for word in IDIOMS if any(o in word for o in ordinary)):
        if number < 100:
            title = WORD_TITLES[number % len(WORD_TITLES)].format(idiom)
            yield {"title": title, "kind": "lawful", "tags": ["lawful_word"]}


def fits(where: str, subject: Subject) -> bool:
    if where == "eat":
        return subject.where in EATEN and not subject.ordinary
    if where == "durable":
        return subject.where in DURABLE
    if where == "any":
        return subject.where != "place"
    return subject.where == where


def _phrased(phrase: tables.Lawful, subject: Subject, random: Random) -> str:
    goods_with = tables.goes_with().get(subject.where, ("配件",))
    return (
        phrase.title.replace("{n}", subject.name)
        .replace("{g}", random.choice(subject.goods))
        .replace("{a}", random.choice(goods_with))
        .replace("{o}", random.choice(tables.other_goods()))
    )
