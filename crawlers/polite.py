"""How a crawl behaves: robots, delays, caps, closed addresses; every decision is recorded."""

import ipaddress
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, ClassVar, Self
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError, IgnoreRequest
from scrapy.resolver import CachingThreadedResolver
from scrapy.robotstxt import RobotParser
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.internet.base import ReactorBase
from twisted.internet.defer import Deferred
from twisted.python.failure import Failure
from typing_extensions import override

from crawlers.sites import Site

AGENT = "markwatch/0.1 (public-interest trademark and GI monitoring)"
PAGE_BYTES = 16 << 20
PICTURE_BYTES = 20 << 20
SECONDS = 30
REDIRECTS = 5
LONGEST_DELAY = 60.0


class Outcome(StrEnum):
    """What became of one address."""

    ITEM = "item"
    LIST = "list"
    GONE = "gone"
    CHALLENGE = "challenge"
    NOT_A_PAGE = "not_a_page"
    ROBOTS = "robots"
    PRIVATE = "private_address"
    TOO_LARGE = "too_large"
    REDIRECTS = "too_many_redirects"
    SEEN = "seen_already"
    HTTP = "http_error"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One decision about one address, kept on the bus so that conduct can be accounted for."""

    url: str
    outcome: Outcome
    at: datetime
    status: int | None = None
    detail: str | None = None
    site: str | None = None


class PrivateAddress(IgnoreRequest):
    """The address lies inside a network; a shop's page must not lead us there."""


def settings(site: Site) -> dict[str, object]:
    """Scrapy's settings for a site; Scrapy's own defaults are made for other manners."""
    manners = site.polite
    return {
        "USER_AGENT": AGENT,
        "ROBOTSTXT_OBEY": True,
        "ROBOTSTXT_USER_AGENT": "markwatch",
        "DOWNLOAD_DELAY": manners.delay,
        "CONCURRENT_REQUESTS_PER_DOMAIN": manners.at_once,
        "CLOSESPIDER_PAGECOUNT": manners.pages,
        "DOWNLOAD_MAXSIZE": PAGE_BYTES,
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_TIMEOUT": SECONDS,
        "REDIRECT_MAX_TIMES": REDIRECTS,
        "RETRY_TIMES": 2,
        "URLLENGTH_LIMIT": 16_384,
        "DEFAULT_REQUEST_HEADERS": {
            "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
            "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5",
        },
        "COOKIES_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        "AUTOTHROTTLE_ENABLED": False,
        "EXTENSIONS": {CrawlDelay: 0},
        "LOG_LEVEL": "ERROR",
        "TWISTED_DNS_RESOLVER": PublicResolver,
        "DOWNLOADER_MIDDLEWARES": {AddressGuard: 50},
        "PRIVATE_HOSTS": sorted(site.hosts) if site.allow_private else [],
        "LOG_INSTALL_ROOT_HANDLER": False,
    }


def is_public(address: str) -> bool:
    """Whether an IP address may be visited: not private, loopback, link-local or reserved."""
    return ipaddress.ip_address(address).is_global


class AddressGuard:
    """Refuses addresses that are plainly inside; names are judged where they are resolved.

    A site that allows it has its own host let through, and no other: a redirect from there to
    another inside address is refused all the same.
    """

    def __init__(self, allowed: Sequence[str]) -> None:
        self._allowed = frozenset(allowed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler.settings.getlist("PRIVATE_HOSTS"))

    def process_request(self, request: Request) -> None:
        host = (urlsplit(request.url).hostname or "").rstrip(".")
        if host in self._allowed:
            return
        if host == "localhost" or host.endswith((".localhost", ".local", ".internal")):
            raise PrivateAddress(host)
        literal = _literal(host)
        if literal and not is_public(literal):
            raise PrivateAddress(host)


def _literal(host: str) -> str | None:
    """The IP address that a host is, in any spelling that systems accept (0x7f.1, 2130706433)."""
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        pass
    try:
        return socket.inet_ntoa(socket.inet_aton(host))
    except OSError:
        return None


class PublicResolver(CachingThreadedResolver):
    """Refuses names that resolve to inside addresses; what it returns is what is connected to."""

    allowed: frozenset[str] = frozenset()
    refused: ClassVar[set[str]] = set()  # Twisted forgets why a name did not resolve

    @override
    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> Self:
        resolver = super().from_crawler(crawler, reactor)
        resolver.allowed = frozenset(crawler.settings.getlist("PRIVATE_HOSTS"))
        return resolver

    @override
    def getHostByName(self, name: str, timeout: Any = ()) -> Deferred[str]:
        found = super().getHostByName(name, timeout)
        return found if name in self.allowed else found.addCallback(self._public_only, name)

    def _public_only(self, address: str, name: str) -> str:
        if not is_public(address):
            self.refused.add(name)
            raise PrivateAddress(address)
        return address


class CrawlDelay:
    """Slows a host down to the Crawl-delay of its robots.txt."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        crawler.signals.connect(self.robots_parsed, signal=signals.robots_parsed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def robots_parsed(self, robotparser: RobotParser, request: Request) -> None:
        wanted = robotparser.crawl_delay("markwatch")
        if not wanted:
            return
        downloader = self._crawler.engine.downloader
        key = downloader.get_slot_key(request)
        own = self._crawler.settings.getfloat("DOWNLOAD_DELAY")
        delay = min(max(wanted, own), LONGEST_DELAY)
        downloader.per_slot_settings.setdefault(key, {}).update(delay=delay, randomize_delay=False)
        if key in downloader.slots:
            downloader.slots[key].delay = delay


def refusal(failure: Failure) -> Visit:
    """The record of a request that brought no page."""
    error = failure.value
    request = getattr(failure, "request", None)
    response = getattr(error, "response", None)
    return Visit(
        url=request.url if request else "",
        outcome=outcome_of(error, request.url if request else ""),
        status=response.status if response is not None else None,
        detail=str(error)[:500] or type(error).__name__,
        at=datetime.now(UTC),
    )


def outcome_of(error: BaseException | None, url: str) -> Outcome:
    """Why there is no answer from this address."""
    host = urlsplit(url).hostname
    said = str(error).casefold()
    if isinstance(error, PrivateAddress) or host in PublicResolver.refused:
        return Outcome.PRIVATE
    if isinstance(error, HttpError):
        return Outcome.HTTP
    if "robots.txt" in said:
        return Outcome.ROBOTS
    if "redirection" in said:
        return Outcome.REDIRECTS
    if isinstance(error, DownloadCancelledError) or "exceeded" in said or "size" in said:
        return Outcome.TOO_LARGE
    return Outcome.FAILED
