"""Names of provinces, cities and counties, today's and former ones, as people say them.

Each with its GB/T 2260 codes: two digits for a province, four for a city, six for a county.
"""

import ast
import re
from collections.abc import Iterator

NAME = re.compile("[\u3400-\u9fff]{2,14}")
NATIONS = (
    "维吾尔|乌孜别克|塔塔尔|塔吉克|柯尔克孜|哈萨克|达斡尔|鄂温克|鄂伦春|俄罗斯|裕固|锡伯|土家|撒拉|普米|纳西|仫佬|蒙古"
    "|门巴|毛南|珞巴|傈僳|拉祜|景颇|基诺|赫哲|哈尼|仡佬|高山|独龙|东乡|德昂|朝鲜|布依|布朗|保安|阿昌|各"
    "|壮|藏|彝|瑶|佤|土|水|畲|羌|怒|苗|满|黎|京|回|侗|傣|白"
)
SUFFIX = re.compile(
    f"(?:(?:(?:{NATIONS})族?)*自治[区州县旗]|(?:(?:{NATIONS})族)+[区乡]|特别行政区|地区|[林特矿新]区"
    "|[省市县区州盟旗])$"
)
NO_PLACES = frozenset(
    ["市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划", "省直辖行政单位"]
)
SHORTEST, LONGEST = 2, 5
TODAY = re.compile(r'"code": "(\d+)", "name": "([^"]+)"')


def places(today: str, former: str) -> dict[str, str]:
    """Every name, without what it is (县, 自治州), with its codes, from two packages' sources."""
    found: dict[str, set[str]] = {}
    for code, name in (*TODAY.findall(today), *_former(former)):
        if name in NO_PLACES or not NAME.fullmatch(name):
            continue
        for stem in _stems(name):
            if SHORTEST <= len(stem) <= LONGEST:
                found.setdefault(stem, set()).add(_shortened(code))
    return {stem: " ".join(sorted(codes)) for stem, codes in found.items()}


def _former(source: str) -> Iterator[tuple[str, str]]:
    """The codes and names of every year in the dictionary that the module assigns."""
    years = ast.literal_eval(source.partition("=")[2].strip())
    for names in years.values():
        yield from ((str(code), name) for code, name in names.items())


def _shortened(code: str) -> str:
    """620000 is a province, 620500 a city; 620503 stays."""
    while code.endswith("00"):
        code = code[:-2]
    return code


def _stems(name: str) -> Iterator[str]:
    """盘县 stays whole, for 盘 alone is no name; 甘孜藏族自治州 is called 甘孜."""
    stem = SUFFIX.sub("", name)
    yield stem if len(stem) >= SHORTEST else name
