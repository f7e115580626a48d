"""Is the sign the right's, and will the public be confused?"""

from detectors.assessment.case import Case
from detectors.assessment.sold_goods import SAME
from pipeline.assessed import Conduct, Gate, GateName, Quote, Result

IDENTICAL, SIMILAR = "identical", "similar"


def sign(case: Case) -> Gate:
    best = case.best
    finding = SIMILAR if best.disguises or best.detector == "image" else IDENTICAL
    alike = {IDENTICAL: "标志相同：", SIMILAR: "标志近似："}[finding]
    said = best.reason if best.detector == "image" else f"{alike}{best.reason}"
    mark = Conduct.TM_ID_SAME if finding == IDENTICAL else Conduct.TM_CONFUSING
    gi = Conduct.GI_NAME_OUTSIDE if finding == IDENTICAL else Conduct.GI_SIMILAR_NAME
    conduct = gi if case.is_gi else mark
    seen = Quote(field=best.field, text=best.seen or "", span=best.span)
    return Gate(
        gate=GateName.SIGN,
        result=Result.PASS,
        reason=said,
        finding=finding,
        evidence=(seen,) if best.seen else (),
        article=case.law.articles[conduct],
    )


def confusion(case: Case, use: Gate, goods: Gate) -> Gate:
    """Not asked where the very name stands on the very goods (57(1)); a GI's name needs none."""
    conduct = Conduct.TM_CONFUSING
    if Result.FAIL in (use.result, goods.result):
        result, said = Result.FAIL, "商品不同或属合法使用，不致混淆"
    elif Result.UNKNOWN in (use.result, goods.result):
        result, said = Result.UNKNOWN, "使用方式或商品待定，是否混淆待定"
    elif case.is_gi:
        result, said = Result.PASS, "地理标志名称受保护，不以混淆为条件"
        conduct = Conduct.GI_NAME_OUTSIDE
    elif case.is_identical and goods.finding == SAME:
        result, said = Result.PASS, "同一种商品上使用相同标志，无须证明混淆"
        conduct = Conduct.TM_ID_SAME
    else:
        result, said = Result.PASS, "标志相同或近似，商品相同或类似，容易导致混淆"
    return Gate(
        gate=GateName.CONFUSION, result=result, reason=said, article=case.law.articles[conduct]
    )
