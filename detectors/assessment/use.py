"""Is the name used as a mark, or lawfully for something else? (domain.md §2, false positives)."""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from detectors.assessment.case import Case, without
from detectors.goods import goods_in, named
from detectors.phrases import phrases
from pipeline.assessed import Defence, Gate, GateName, Quote, Result
from pipeline.matches import Cue, Disguise
from pipeline.normalise import fold

DEFENCES = {
    Cue.PUBLICATION: "书刊等以名称为内容的商品",
    Cue.RECIPE: "菜谱、课程等说明性使用",
    Cue.ACCESSORY: "说明适用对象",
    Cue.NEGATION: "否定表述",
    Cue.RESALE: "二手转让",
    Cue.SERVICE: "为该商品提供的服务",
}
WORKS = frozenset({Cue.PUBLICATION, Cue.RECIPE})
LIMITED = {
    Cue.INGREDIENT: "用作配料",
    Cue.SEEDLING: "苗木种子",
    Cue.EVOCATION: "比附、仿称",
    Cue.PLACE: "说明产地或发货地",
}
ELECTRONICS = 9  # the class of phones
OFFER = re.compile(
    r"\d\s*(?:斤|[kK]?[gG](?![a-zA-Z])|克|箱|瓶|盒|袋|罐|ml|枚|粒|度)|[一二两三四五六七八九十半][斤箱瓶盒袋罐]"
    r"|特级|一级|新茶|现摘|现货|正宗|正品|礼盒|批发|整箱|包甜|新鲜|全新|优惠|特价|飞天"
)
PLACES = tuple("镇村乡县区市路街")


def use_as_mark(case: Case) -> Gate:
    """A defence fails the gate; what a person must judge leaves it unknown."""
    if found := _defence(case):
        defence, said, quotes = found
        return _defended(case, defence, said, quotes)
    for cue, what in LIMITED.items():
        if case.has(cue) and not (cue is Cue.INGREDIENT and _is_own_goods(case, cue)):
            said = f"“{case.word(cue)}”：{what}，须人工判断"
            return _gate(case, Result.UNKNOWN, said, cue.value, (case.quote(cue),))
    if case.is_prominent or any(match.detector == "image" for match in case.matches):
        return _gate(case, Result.PASS, "用在标题、店铺名或商品图片上，指示来源", "as_mark")
    return _gate(case, Result.UNKNOWN, "不见于标题、店铺名，是否作商标使用待定")


def _gate(
    case: Case,
    result: Result,
    said: str,
    finding: str | None = None,
    quotes: tuple[Quote, ...] = (),
) -> Gate:
    return Gate(
        gate=GateName.USE_AS_MARK,
        result=result,
        reason=said,
        finding=finding,
        evidence=quotes,
        article=case.law.topics["use" if result is Result.PASS else "descriptive"],
    )


def _defence(case: Case) -> tuple[Defence, str, tuple[Quote, ...]] | None:
    for cue, defence in _defences(case):
        return Defence(cue.value), f"“{case.word(cue)}”：{defence}", (case.quote(cue),)
    if is_place(case):
        return Defence.PLACE, f"“{case.matches[0].seen}”是地名，所售并非核定商品", ()
    return None


def _defences(case: Case) -> Iterator[tuple[Cue, str]]:
    """Likening undoes a defence; who sells a recipe for the like of a thing sells a recipe."""
    for cue, defence in DEFENCES.items():
        if case.has(cue) and not _is_infringing(case, cue):
            is_undone = _is_for_works(case, cue) if cue in WORKS else case.has(Cue.EVOCATION)
            if not is_undone:
                yield cue, defence
    if case.has(Cue.OTHER_SENSE) and not any(
        ask(case) for ask in (_is_model, _is_named, _is_whole)
    ):
        yield Cue.OTHER_SENSE, "该词另有通常含义"
    if case.has(Cue.PLACE) and _sells_other_goods(case):
        yield Cue.PLACE, "说明地点，所售并非核定商品"


def _is_infringing(case: Case, cue: Cue) -> bool:
    """Who puts the mark on others' goods, or sells its tags, serves and fits nobody lawfully."""
    if cue is Cue.SERVICE:
        return case.has(Cue.AID) or case.has(Cue.REMARK)
    return cue is Cue.ACCESSORY and case.is_label


def _is_named(case: Case) -> bool:
    """清水锅底 配花椒: goods that stand elsewhere make no name of another word."""
    is_torn = all(Disguise.TORN in match.disguises for match in case.matches)
    return not is_torn and _names_goods(case)


def _is_whole(case: Case) -> bool:
    """A name that has its goods in it, as 花牛苹果 has, is no word of another sense."""
    return any(
        named(fold(match.meant or ""), case.words.own) is not None
        and not set(match.disguises) - {Disguise.SYMBOLS}
        for match in case.matches
    )


def is_place(case: Case) -> bool:
    """What looks like a name with its end replaced is a place: 天水花牛镇 for 天水花牛苹果."""
    may_be = all(
        match.seen is not None
        and match.seen.endswith(PLACES)
        and not (match.meant or "").endswith(PLACES)
        for match in case.matches
    )
    return may_be and bool(case.matches) and _sells_other_goods(case)


def _is_model(case: Case) -> bool:
    """苹果15 has another sense than the fruit, and none other than the mark for phones."""
    said = fold(case.word(Cue.OTHER_SENSE)).text
    behind = said.removeprefix(fold(case.right.name).text)
    return ELECTRONICS in case.right.nice and behind != said and behind.isascii()


def _sells_other_goods(case: Case) -> bool:
    """Where the words are those of an offer other goods must be named: 秦安蜜桃园边 桃花蜜 1斤."""
    words = case.words
    if case.named(words.own, case.spans):
        return False
    title = without(case.capture.title, case.spans)
    if goods_in(title):
        return True
    names = [match.seen or "" for match in case.matches]
    if not any(named(fold(name), words.own) for name in names):
        return OFFER.search(title) is None
    told = case.word(Cue.PLACE) if case.has(Cue.PLACE) else ""
    return any(name in told for name in names) and OFFER.search(title) is None


def _is_for_works(case: Case, cue: Cue) -> bool:
    """A book is no defence against a mark for books."""
    return case.named(_works(case.words.own, cue)) is not None


def _works(goods: frozenset[str], cue: Cue) -> frozenset[str]:
    """Those goods that by themselves would be a defence."""
    return frozenset(word for word in goods if cue in _said_by(word))


@lru_cache(maxsize=1 << 16)
def _said_by(word: str) -> frozenset[Cue]:
    return frozenset(said.cue for said in phrases(word, None)[1])


def _is_own_goods(case: Case, cue: Cue) -> bool:
    """茶叶 behind the name of a tea is no ingredient."""
    word = case.word(cue)
    for match in case.matches:
        word = word.replace(match.seen or word, "")
    return named(fold(word), case.words.own) is not None


def _names_goods(case: Case) -> bool:
    """Even goods of the same class show that the word is meant as the mark: 小米手机壳."""
    return bool(case.named(case.words.own, case.spans) or case.kindred(case.spans))


def _defended(case: Case, defence: Defence, said: str, quotes: tuple[Quote, ...]) -> Gate:
    """A word alone clears nothing while the list does not say what goods the right is for."""
    if not case.right.goods:
        unsaid = f"{said}（名录未载商品，须人工判断）"
        return _gate(case, Result.UNKNOWN, unsaid, defence, quotes)
    found = _gate(case, Result.FAIL, said, defence, quotes)
    indicative = case.law.topics.get("indicative")
    return (
        replace(found, article=indicative) if defence is Defence.ACCESSORY and indicative else found
    )
