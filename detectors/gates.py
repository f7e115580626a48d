"""The gates of domain.md §2, each a small pure question with its answer and one sentence."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from detectors.goods import GoodsWords, goods_in, held, longest, named
from detectors.origin import Place, place_of, stated_origin
from detectors.phrases import phrases
from detectors.sold import is_food, made_for
from pipeline.matches import Context, Cue, Disguise, Match
from pipeline.normalise import Folded, fold
from pipeline.records import Capture, Gate, GateName, Result, Right, RightKind

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
GIVEN = re.compile(r"(?:(?<!发)送|赠)[^\s,，/|]+|(?:玻璃|塑料|塑)瓶|铁盒|纸箱|礼品?盒|包装[盒袋箱]")
MODEL = re.compile(r"\s?[\da-zA-Z]")
NO_WORD = "〇"
PLACES = tuple("镇村乡县区市路街")
PROMINENT = frozenset({"title", "shop"})
Spans = Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """All that the gates may look at."""

    capture: Capture
    right: Right
    matches: tuple[Match, ...]
    contexts: tuple[Context, ...]
    words: GoodsWords
    day: date

    def has(self, cue: Cue) -> bool:
        return any(context.cue is cue for context in self.contexts)

    def word(self, cue: Cue) -> str:
        return next(context.word for context in self.contexts if context.cue is cue)


def right_in_force(case: Case) -> Gate:
    right, day = case.right, case.day
    if right.valid_from is None and right.valid_to is None:
        return _gate(GateName.RIGHT_IN_FORCE, Result.UNKNOWN, "名录未载有效期，须先核对登记簿")
    if (right.valid_from and day < right.valid_from) or (right.valid_to and day > right.valid_to):
        span = f"{right.valid_from or '？'}至{right.valid_to or '？'}"
        return _gate(GateName.RIGHT_IN_FORCE, Result.FAIL, f"{day}不在权利有效期（{span}）内")
    return _gate(GateName.RIGHT_IN_FORCE, Result.PASS, f"{day}权利有效")


def use_as_mark(case: Case) -> Gate:
    for cue, defence in _defences(case):
        return _defended(case, f"“{case.word(cue)}”：{defence}")
    if is_place(case):
        return _defended(case, f"“{case.matches[0].seen}”是地名，所售并非核定商品")
    for cue, what in LIMITED.items():
        if case.has(cue) and not (cue is Cue.INGREDIENT and _is_own_goods(case, cue)):
            return _gate(
                GateName.USE_AS_MARK, Result.UNKNOWN, f"“{case.word(cue)}”：{what}，须人工判断"
            )
    if any(match.field in PROMINENT or match.detector == "image" for match in case.matches):
        return _gate(GateName.USE_AS_MARK, Result.PASS, "用在标题、店铺名或商品图片上，指示来源")
    return _gate(GateName.USE_AS_MARK, Result.UNKNOWN, "不见于标题、店铺名，是否作商标使用待定")


def _defences(case: Case) -> Iterator[tuple[Cue, str]]:
    """Likening undoes a defence; who sells a recipe for the like of a thing sells a recipe."""
    for cue, defence in DEFENCES.items():
        if case.has(cue):
            is_undone = _is_for_works(case, cue) if cue in WORKS else case.has(Cue.EVOCATION)
            if not is_undone:
                yield cue, defence
    if case.has(Cue.OTHER_SENSE) and not _is_model(case) and not _is_named(case):
        yield Cue.OTHER_SENSE, "该词另有通常含义"
    if case.has(Cue.PLACE) and _sells_other_goods(case):
        yield Cue.PLACE, "说明地点，所售并非核定商品"


def _is_named(case: Case) -> bool:
    """清水锅底 配花椒: goods that stand elsewhere make no name of another word."""
    is_torn = all(Disguise.TORN in match.disguises for match in case.matches)
    return not is_torn and _goods_named(case)


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
    if _named(case.capture, words.own, _spans(case)):
        return False
    title = _without(case.capture.title, _spans(case))
    if goods_in(title):
        return True
    names = [match.seen or "" for match in case.matches]
    if not any(named(fold(name), words.own) for name in names):
        return OFFER.search(title) is None
    told = case.word(Cue.PLACE) if case.has(Cue.PLACE) else ""
    return any(name in told for name in names) and OFFER.search(title) is None


def _is_for_works(case: Case, cue: Cue) -> bool:
    """A book is no defence against a mark for books."""
    return _named(case.capture, _works(case.words.own, cue)) is not None


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


def _defended(case: Case, defence: str) -> Gate:
    """A word alone clears nothing while the list does not say what goods the right is for."""
    if case.right.goods:
        return _gate(GateName.USE_AS_MARK, Result.FAIL, defence)
    return _gate(GateName.USE_AS_MARK, Result.UNKNOWN, f"{defence}（名录未载商品，须人工判断）")


def authorisation(case: Case) -> Gate:
    shop = case.capture.shop.name
    right = case.right
    if shop and fold(shop).text in {fold(name).text for name in right.official_shops}:
        return _gate(GateName.AUTHORISATION, Result.FAIL, f"“{shop}”是权利人名单上的官方店铺")
    for user in right.users:
        names = {fold(name).text for name in (user.name, *user.shops)}
        if shop and fold(shop).text in names and not (user.valid_to and user.valid_to < case.day):
            return _gate(GateName.AUTHORISATION, Result.FAIL, f"“{shop}”在用标企业名单上")
    if not shop:
        return _gate(GateName.AUTHORISATION, Result.UNKNOWN, "页面没有店铺名，无从核对授权")
    return _gate(GateName.AUTHORISATION, Result.UNKNOWN, f"“{shop}”不在已知的官方店铺和用标名单上")


def goods(case: Case) -> Gate:
    """Own goods, the name's own goods, goods of the class; what no list tells stays unknown."""
    words = case.words
    if part := _made_for(case, words):
        return _gate(GateName.GOODS, Result.FAIL, f"所售为“{part}”，名称只说明其适用对象")
    if own := _named(case.capture, words.own):
        return _gate(GateName.GOODS, Result.PASS, f"页面出现核定商品“{own}”")
    if words.own and (case.has(Cue.SEEDLING) or case.has(Cue.INGREDIENT)):
        return _gate(GateName.GOODS, Result.UNKNOWN, "苗木种子或含该商品的制品，是否类似须人工判断")
    if any(_contains_goods(match, case.right, words) for match in case.matches):
        return _gate(GateName.GOODS, Result.PASS, "名称本身含核定商品")
    if kindred := _kindred_named(case.capture, words):
        return _gate(GateName.GOODS, Result.PASS, f"页面商品“{kindred}”与核定商品同属一类")
    return _goods_unseen(case)


def _made_for(case: Case, words: GoodsWords) -> str | None:
    """A part or a tool that is sold for the marked goods; a disguised name is not so meant."""
    plain = (match for match in case.matches if match.field == "title" and not match.disguises)
    span = next((match.span for match in plain), None)
    if span is None or not case.right.goods:
        return None
    return made_for(case.capture.title, span, words.own, food=is_food(words.own))


def _goods_unseen(case: Case) -> Gate:
    if not case.right.goods:
        return _gate(GateName.GOODS, Result.UNKNOWN, "名录未载商品，商品是否相同待定")
    if all(match.detector == "image" for match in case.matches):
        return _gate(GateName.GOODS, Result.UNKNOWN, "文字未见核定商品，图片待看")
    if not _sold(case):
        return _gate(GateName.GOODS, Result.UNKNOWN, "页面没有写明是什么商品")
    listed = "、".join(case.right.goods[:4])
    return _gate(GateName.GOODS, Result.FAIL, f"页面未见核定商品（{listed}）")


def _sold(case: Case) -> bool:
    """Whether the page names any goods at all; a gift, a bottle and 苹果15 are none."""
    title = case.capture.title
    models = [span for span in _spans(case) if MODEL.match(title, span[1])]
    title = GIVEN.sub(" ", _without(title, models))
    return bool(goods_in(" ".join(filter(None, (title, case.capture.category)))))


def _goods_named(case: Case) -> bool:
    """Even goods of the same class show that the word is meant as the mark: 小米手机壳."""
    words, spans = case.words, _spans(case)
    asked = _named(case.capture, words.own, spans), _kindred_named(case.capture, words, spans)
    return any(asked)


def _named(capture: Capture, words: frozenset[str], spans: Spans = ()) -> str | None:
    return named(_about(capture, spans), words)


def _kindred_named(capture: Capture, words: GoodsWords, spans: Spans = ()) -> str | None:
    """Those of a class are too many to ask for each."""
    return longest(words.kindred.intersection(held(_about(capture, spans))))


def _about(capture: Capture, spans: Spans) -> Folded:
    """Title and category say what is sold; a description also says what is not."""
    said = (_without(capture.title, spans), capture.category or capture.description)
    return _folded(" ".join(filter(None, said)))


_folded = lru_cache(maxsize=64)(fold)  # several gates ask about one listing


def _spans(case: Case) -> tuple[tuple[int, int], ...]:
    return tuple(match.span for match in case.matches if match.field == "title" and match.span)


def _without(title: str, spans: Spans) -> str:
    """The title with a sign that stands in no word in place of the name."""
    for start, end in sorted(spans, reverse=True):
        title = title[:start] + NO_WORD + title[end:]
    return title


def _contains_goods(match: Match, right: Right, words: GoodsWords) -> bool:
    """A whole name that has its goods in it, in whatever script it was written."""
    if match.meant is None:
        return False
    name = right.name if match.meant in right.latin else match.meant
    return named(fold(name), words.own) is not None


def sign(case: Case) -> Gate:
    best = max(case.matches, key=lambda match: match.score)
    if best.detector == "image":
        return _gate(GateName.SIGN, Result.PASS, best.reason)
    alike = "相同" if not best.disguises else "近似"
    return _gate(GateName.SIGN, Result.PASS, f"标志{alike}：{best.reason}")


def origin(case: Case) -> Gate | None:
    """For a GI only: does the page name an origin, and does it lie in the announced area?"""
    if case.right.kind is not RightKind.GI or case.right.region is None:
        return None
    stated = stated_origin(case.capture)
    area = case.right.region.name
    match place_of(stated, case.right.region):
        case Place.INSIDE:
            said = f"所称产地“{stated}”在保护范围（{area}）内"
            if any(match.field in PROMINENT for match in case.matches):
                return _gate(GateName.ORIGIN, Result.UNKNOWN, f"{said}而未列名，宜引导申请用标")
            return _gate(GateName.ORIGIN, Result.FAIL, said)
        case Place.OUTSIDE:
            return _gate(GateName.ORIGIN, Result.PASS, f"所称产地“{stated}”在保护范围（{area}）外")
        case Place.UNKNOWN:
            said = f"所称产地“{stated}”无法判断" if stated else "页面没有产地"
            return _gate(GateName.ORIGIN, Result.UNKNOWN, f"{said}，保护范围为{area}")


def _gate(gate: GateName, result: Result, reason: str) -> Gate:
    return Gate(gate=gate, result=result, reason=reason)
