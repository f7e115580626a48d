"""The market's shops: official ones, lawful users, pretenders and everyone else."""

from collections.abc import Iterator, Sequence
from itertools import count
from random import Random
from typing import TypeVar

from crawlers.market.goods import MarketRight, Shop, Standing
from crawlers.market.tables import voice

Thing = TypeVar("Thing")

FEWEST = 24
OFFICIALS = 4
PRETENDERS = 4
TRADES = ("生鲜", "百货", "食品", "家居", "五金", "优品", "杂货", "图书", "数码", "土特产")
HOUSES = ("专营店", "企业店", "小铺", "商行", "工厂店", "优选店", "折扣店")
REGIONS = (
    *(
        "浙江省杭州市",
        "广东省广州市",
        "山东省烟台市",
        "江苏省苏州市",
        "四川省成都市",
        "河北省石家庄市",
    ),
    *("福建省泉州市", "湖北省武汉市", "河南省郑州市", "陕西省渭南市", "安徽省亳州市", "上海市"),
)
ENGLISH = (
    ("Harbor Lane Market", "Hamburg, Germany"),
    ("Prairie Goods Co", "Ohio, USA"),
    ("Blue Kettle Store", "Guangdong, China"),
)
LOCALS = ("渭河岸边果蔬农场", "陇上人家生态农庄")


def make_shops(chance: Random, rights: Sequence[MarketRight], wanted: int) -> tuple[Shop, ...]:
    """Exactly `wanted` shops, which must leave room for a few of every standing."""
    if wanted < FEWEST:
        raise ValueError(f"a market needs at least {FEWEST} shops, not {wanted}")
    numbers = count(7001)
    special = (
        *_officials(numbers, chance, rights),
        *_users(numbers, rights),
        *_pretenders(numbers, chance, rights),
        *_others(numbers),
    )
    return *special, *_ordinary(numbers, chance, wanted - len(special))


def _groups(rights: Sequence[MarketRight]) -> dict[str, tuple[MarketRight, ...]]:
    """Rights of one county share a shop; a trademark without a region stands alone."""
    keys = dict.fromkeys(right.place if right.region else right.name for right in rights)
    return {
        key: tuple(r for r in rights if key in {r.name, r.place if r.region else ""})
        for key in keys
    }


def _officials(
    numbers: Iterator[int], chance: Random, rights: Sequence[MarketRight]
) -> Iterator[Shop]:
    groups = _groups(rights)
    places = [key for key, members in groups.items() if members[0].region]
    names = [key for key, members in groups.items() if not members[0].region]
    chosen = _some(chance, places, OFFICIALS // 2) + _some(chance, names, OFFICIALS // 2)
    for key in chosen:
        members = groups[key]
        yield Shop(
            id=str(next(numbers)),
            name=f"演练{key}{'特产' if members[0].region else ''}官方旗舰店",
            region=members[0].home,
            standing=Standing.OFFICIAL,
            right_ids=tuple(right.id for right in members),
        )


def _users(numbers: Iterator[int], rights: Sequence[MarketRight]) -> Iterator[Shop]:
    for place, members in _groups(rights).items():
        if members[0].is_place_name:
            owner = f"演练{place}农产品专业合作社"
            yield Shop(
                id=str(next(numbers)),
                name=f"{owner}直营店",
                region=members[0].home,
                standing=Standing.USER,
                right_ids=tuple(right.id for right in members),
                owner=owner,
            )


def _pretenders(
    numbers: Iterator[int], chance: Random, rights: Sequence[MarketRight]
) -> Iterator[Shop]:
    for right in _some(chance, rights, PRETENDERS):
        yield Shop(
            id=str(next(numbers)),
            name=f"{right.name}官方旗舰店",
            region=chance.choice(REGIONS),
            standing=Standing.PRETENDER,
            right_ids=(right.id,),
        )


def _others(numbers: Iterator[int]) -> Iterator[Shop]:
    for name in LOCALS:
        yield Shop(id=str(next(numbers)), name=name, region="甘肃省天水市", standing=Standing.LOCAL)
    yield Shop(
        id=str(next(numbers)), name="老周闲置铺", region="北京市", standing=Standing.SECOND_HAND
    )
    for name, region in ENGLISH:
        yield Shop(id=str(next(numbers)), name=name, region=region, standing=Standing.ENGLISH)


def _ordinary(numbers: Iterator[int], chance: Random, wanted: int) -> Iterator[Shop]:
    brands = voice("zh").brands
    names = [brand + trade + house for brand in brands for trade in TRADES for house in HOUSES]
    for name in chance.sample(names, wanted):
        yield Shop(
            id=str(next(numbers)),
            name=name,
            region=chance.choice(REGIONS),
            standing=Standing.ORDINARY,
        )


def _some(chance: Random, things: Sequence[Thing], wanted: int) -> list[Thing]:
    return chance.sample(things, min(wanted, len(things)))
