"""What would make a stronger clue: each unknown step says what to ask, and of whom."""

from collections.abc import Iterator, Sequence

from detectors.assessment.case import Case
from pipeline.assessed import Gate, GateName, Result

ASKED = {
    GateName.RIGHT_IN_FORCE: "核对登记簿，补录权利的有效期",
    GateName.USE_AS_MARK: "由人判断是否作为商标使用",
    GateName.AUTHORISATION: "向权利人核对该店铺是否获得许可",
    GateName.ORIGIN: "查明商品的真实产地（产地证明、发货地、进货凭证）",
    GateName.STANDARD: "查看包装上的产品标准号",
    GateName.GOODS: "查明所售商品及名录所载商品",
}


def missing(case: Case, gates: Sequence[Gate]) -> tuple[str, ...]:
    """In the order of the gates."""
    return tuple(_missing(case, gates))


def _missing(case: Case, gates: Sequence[Gate]) -> Iterator[str]:
    for gate in gates:
        if gate.result is Result.UNKNOWN and gate.gate in ASKED:
            yield ASKED[gate.gate]
    if not case.capture.shop.uscc:
        yield "向平台调取经营者名称和统一社会信用代码（电子商务法第25条）"
    if not case.capture.page:
        yield "固定页面证据"
