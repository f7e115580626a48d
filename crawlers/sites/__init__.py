"""Sites described as data: where to start, how to search, which links, how to read a page."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from urllib.parse import quote, urljoin, urlsplit

import msgspec

from pipeline.errors import BadSetting

SHIPPED = Path(__file__).parent
CHALLENGES = (
    r"请完成(?:安全)?验证|滑动验证|拖动滑块|人机验证",
    r"访问过于频繁|输入验证码|安全验证|异常流量",
    r"verify (?:that )?you are (?:a )?human|unusual traffic|are you a robot|captcha",
    r"just a moment\.\.\.",
)
GONE = (
    r"(?:商品|宝贝|资源|页面|内容).{0,6}(?:不存在|已删除|已被删除|已下架|失效)",
    r"已下架|已停售|找不到(?:该|此)?(?:商品|页面)",
    r"(?:product|item|page) (?:is )?(?:not found|no longer available|does not exist)|\b404\b",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Politeness:
    """What a site is asked to bear: seconds between requests, requests at once, pages a crawl."""

    delay: float = 1.0
    at_once: int = 2
    pages: int = 10_000
    pictures: int = 10


@dataclass(frozen=True, kw_only=True)
class Site:
    """One shop. `item`, `follow` and `deny` are regular expressions searched in a URL.

    Without `item` any page may be one, if its structured data say so. `item_id` has one group.
    `links` are the attributes that hold addresses; `answers` the further pages of a search, which
    alone are followed when a query was asked. `structured` is false for programs that write no
    structured data: what stands on their pages all the same was put there by a seller. `read`
    gives CSS selectors by field, the first
    that yields wins; `gone` selects what only a withdrawn item's page has. `allow_private` lets
    the host of `base` be on this machine or network; no other inside address is ever visited.
    """

    name: str
    platform: str
    base: str | None = None
    start: tuple[str, ...] = ("",)
    search: str | None = None
    item: tuple[str, ...] = ()
    item_id: str | None = None
    follow: tuple[str, ...] = ()
    deny: tuple[str, ...] = ()
    links: tuple[str, ...] = ("href",)
    answers: tuple[str, ...] = ()
    structured: bool = True
    read: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    gone: tuple[str, ...] = ()
    gone_words: tuple[str, ...] = GONE
    challenge_words: tuple[str, ...] = CHALLENGES
    currency: str | None = None
    allow_private: bool = False
    polite: Politeness = Politeness()

    def starts(self, query: str | None = None) -> tuple[str, ...]:
        """Where a crawl begins; raises `BadSetting` where that is not known."""
        if not self.base:
            raise BadSetting(f"site {self.name!r} needs the shop's address: --base https://…")
        if urlsplit(self.base).scheme not in {"http", "https"} or not urlsplit(self.base).hostname:
            raise BadSetting(f"{self.base!r} is no address of a shop; write https://shop.example/")
        if query is None:
            return tuple(urljoin(self.base, path) for path in self.start)
        if not self.search:
            raise BadSetting(f"site {self.name!r} does not say how to search")
        path = self.search.format(query=quote(query), query_hex=_swapped_hex(query))
        return (urljoin(self.base, path),)

    @cached_property
    def hosts(self) -> frozenset[str]:
        return frozenset({urlsplit(self.base or "").hostname or ""})

    def is_item(self, url: str) -> bool:
        return _any(self.item, url) and not _any(self.deny, url)

    def is_followed(self, url: str) -> bool:
        return _any(self.follow, url) and not _any(self.deny, url)

    def item_of(self, url: str) -> str | None:
        """The platform's own number of the item, as its address has it."""
        found = re.search(self.item_id, url) if self.item_id else None
        return next((group for group in found.groups() if group), None) if found else None


def _any(patterns: tuple[str, ...], text: str) -> bool:
    return any(re.search(pattern, text) for pattern in patterns)


def _swapped_hex(query: str) -> str:
    """Hexadecimal digits, each byte's low one first, as ShopXO's search addresses have them."""
    pairs = query.encode().hex().upper()
    return "".join(pairs[place + 1] + pairs[place] for place in range(0, len(pairs), 2))


def names() -> tuple[str, ...]:
    """The sites that ship with markwatch."""
    return tuple(sorted(path.stem for path in SHIPPED.glob("*.toml")))


def load(name: str, base: str | None = None) -> Site:
    """A shipped site by its name, or any by the path of its TOML file; raises `BadSetting`.

    A file that says `like = "NAME"` takes from that shipped site what it does not say itself.
    """
    site = _convert(name, _merged(name))
    return replace(site, base=base) if base else site


def _merged(name: str) -> dict[str, object]:
    values = _values(name)
    like = values.pop("like", None)
    return {**_merged(str(like)), **values} if like else values


def _values(name: str) -> dict[str, object]:
    path = Path(name) if name.endswith(".toml") else SHIPPED / f"{name}.toml"
    if not path.is_file():
        raise BadSetting(f"no site {name!r}; there are {', '.join(names())}, or give a .toml file")
    try:
        return msgspec.toml.decode(path.read_bytes(), type=dict[str, object])
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise BadSetting(f"{path}: {error}") from error


def _convert(name: str, values: dict[str, object]) -> Site:
    known = set(Site.__dataclass_fields__)
    strange = sorted(set(values) - known)
    if strange:
        raise BadSetting(
            f"site {name!r}: unknown {', '.join(strange)}; known are {', '.join(sorted(known))}"
        )
    try:
        site = msgspec.convert(values, Site)
        for pattern in (*site.item, *site.follow, *site.deny, site.item_id or ""):
            re.compile(pattern)
    except (msgspec.ValidationError, re.error) as error:
        raise BadSetting(f"site {name!r}: {error}") from error
    return site
