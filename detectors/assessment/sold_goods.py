"""Are the goods the right's: the same, of its class, others, or made for them?"""

import re

from detectors.assessment.case import Case, without
from detectors.assessment.reference import akin
from detectors.goods import goods_classes, goods_in, named
from detectors.sold import is_food, made_for
from pipeline.assessed import Conduct, Defence, Gate, GateName, Result
from pipeline.matches import Cue, Match
from pipeline.normalise import fold

GIVEN = re.compile(r"(?:(?<!发)送|赠)[^\s,，/|]+|(?:玻璃|塑料|塑)瓶|铁盒|纸箱|礼品?盒|包装[盒袋箱]")
MODEL = re.compile(r"\s?[\da-zA-Z]")
SAME, SIMILAR, UNLIKE = "same", "similar", "dissimilar"
LABELS, PART = "labels", "made_for"
FAME = "fame_basis"
"""A mark known by fame is protected on other goods, too: those clear nothing then."""


def goods(case: Case) -> Gate:
    """Own goods, the name's own goods, goods of the class; what no list tells stays unknown."""
    result, finding, said = _answered(case)
    mark = Conduct.TM_ID_SAME if finding in {SAME, LABELS} else Conduct.TM_CONFUSING
    conduct = Conduct.GI_NAME_OUTSIDE if case.is_gi else mark
    return Gate(
        gate=GateName.GOODS,
        result=result,
        reason=said,
        finding=finding,
        article=case.law.topics["scope"] if finding is None else case.law.articles[conduct],
    )


def _answered(case: Case) -> tuple[Result, str | None, str]:
    if case.is_label:
        return Result.PASS, LABELS, f"所售为带有该标志的“{case.word(Cue.LABEL)}”"
    if part := _made_for(case):
        return Result.FAIL, PART, f"所售为“{part}”，名称只说明其适用对象"
    own = case.words.own
    is_derived = case.has(Cue.SEEDLING) or case.has(Cue.INGREDIENT)
    if own and is_derived and not case.named(own, case.spans):
        return Result.UNKNOWN, None, "苗木种子或含该商品的制品，是否类似须人工判断"
    if sold := case.named(own):
        return Result.PASS, SAME, f"页面出现核定商品“{sold}”"
    return _by_name(case) or _unseen(case)


def _by_name(case: Case) -> tuple[Result, str | None, str] | None:
    if any(_contains_goods(match, case) for match in case.matches):
        return Result.PASS, SAME, "名称本身含核定商品"
    if kindred := case.kindred():
        return Result.PASS, SIMILAR, f"页面商品“{kindred}”与核定商品同属一类"
    return None


def _unseen(case: Case) -> tuple[Result, str | None, str]:
    if not case.right.goods:
        return Result.UNKNOWN, None, "名录未载商品，商品是否相同待定"
    if all(match.detector == "image" for match in case.matches):
        return Result.UNKNOWN, None, "文字未见核定商品，图片待看"
    sold = _sold(case)
    if not sold:
        return Result.UNKNOWN, None, "页面没有写明是什么商品"
    listed = "、".join(case.right.goods[:4])
    said = f"页面未见核定商品（{listed}），所售为“{sold}”"
    return Result.FAIL, Defence.OTHER_GOODS if _is_far(case, sold) else UNLIKE, said


def _is_far(case: Case, sold: str) -> bool:
    """Whether no class that these goods may be of is akin to any of the right's."""
    if case.right.extra.get(FAME):
        return False
    own = case.right.nice or (each for word in case.words.own for each in goods_classes(word))
    ours, theirs = frozenset(own), goods_classes(sold)
    return bool(ours and theirs) and akin(ours).isdisjoint(theirs)


def _made_for(case: Case) -> str | None:
    """A part or a tool that is sold for the marked goods; a disguised name is not so meant."""
    plain = (match for match in case.matches if match.field == "title" and not match.disguises)
    span = next((match.span for match in plain), None)
    if span is None or not case.right.goods:
        return None
    own = case.words.own
    return made_for(case.capture.title, span, own, food=is_food(own))


def _sold(case: Case) -> str | None:
    """Any goods that the page names; a gift, a bottle and 苹果15 are none."""
    title = case.capture.title
    models = [span for span in case.spans if MODEL.match(title, span[1])]
    title = GIVEN.sub(" ", without(title, models))
    found = goods_in(" ".join(filter(None, (title, case.capture.category))))
    return max(found, key=len, default=None)


def _contains_goods(match: Match, case: Case) -> bool:
    """A whole name that has its goods in it, in whatever script it was written."""
    if match.meant is None:
        return False
    name = case.right.name if match.meant in case.right.latin else match.meant
    return named(fold(name), case.words.own) is not None
