"""Did the right stand that day, and may this shop use it?"""

from datetime import date

from detectors.assessment.case import Case
from pipeline.assessed import Defence, Gate, GateName, Quote, Result
from pipeline.normalise import fold
from pipeline.records import Basis, Right, User

EXPIRED = "expired"


def right_in_force(case: Case) -> Gate:
    result, said = _in_force(case.right, case.day)
    return Gate(
        gate=GateName.RIGHT_IN_FORCE,
        result=result,
        reason=said,
        finding=Defence.RIGHT_NOT_IN_FORCE if result is Result.FAIL else None,
        article=case.law.topics["scope"],
    )


def _in_force(right: Right, day: date) -> tuple[Result, str]:
    since, until = right.valid_from, right.valid_to
    if right.removed_on and right.removed_on <= day:
        return Result.FAIL, f"该权利已于{right.removed_on}移出名录"
    if since is None and until is None:
        return Result.UNKNOWN, "名录未载有效期，须先核对登记簿"
    if not right.stood(day):
        return Result.FAIL, f"{day}不在权利有效期（{since or '？'}至{until or '？'}）内"
    return Result.PASS, f"{day}权利有效"


def authorisation(case: Case) -> Gate:
    """The shop by its name or its 统一社会信用代码; a code that is only printed proves nothing."""
    shop = case.capture.shop
    name = fold(shop.name).text if shop.name else ""
    quote = Quote(field="shop", text=shop.name or shop.uscc or "")
    if name and name in case.entry.official:
        said = f"“{shop.name}”是权利人名单上的官方店铺"
        return _gate(Result.FAIL, said, Defence.AUTHORISED, quote)
    user = case.entry.codes.get(shop.uscc or "") or case.entry.shops.get(name)
    if user is not None:
        return _of_user(user, case.day, quote)
    if not quote.text:
        return _gate(Result.UNKNOWN, "页面没有店铺名，无从核对授权")
    return _gate(Result.UNKNOWN, f"“{quote.text}”不在已知的官方店铺和用标名单上")


def _of_user(user: User, day: date, quote: Quote) -> Gate:
    if user.valid_to and user.valid_to < day:
        said = f"“{quote.text}”（{user.name}）的许可已于{user.valid_to}到期"
        return _gate(Result.PASS, said, EXPIRED, quote)
    if user.basis is Basis.PRIOR_USE:
        said = f"“{quote.text}”（{user.name}）在先使用，可在原范围内继续"
        return _gate(Result.FAIL, said, Defence.PRIOR_USE, quote)
    said = f"“{quote.text}”在用标企业名单上（{user.name}）"
    return _gate(Result.FAIL, said, Defence.AUTHORISED, quote)


def _gate(result: Result, said: str, finding: str | None = None, *quotes: Quote) -> Gate:
    return Gate(
        gate=GateName.AUTHORISATION, result=result, reason=said, finding=finding, evidence=quotes
    )
