"""Pages that misbehave, and the rules of the house."""

import gzip
import http.client
import re
import time
from contextlib import closing
from html import unescape
from io import BytesIO
from urllib.robotparser import RobotFileParser

import pytest
from PIL import Image

from crawlers.market.catalogue import make_market
from crawlers.market.goods import Oddity
from crawlers.market.server import serving


def ask(site, path, method="GET"):
    """One answer, no redirect followed: status, headers, body."""
    with closing(http.client.HTTPConnection(site.removeprefix("http://").rstrip("/"))) as line:
        line.request(method, path)
        answer = line.getresponse()
        return answer.status, answer.headers, answer.read()


def odd(market, oddity):
    return next(item for item in market.items if item.oddity is oddity)


def test_robots_closes_the_private_area_and_asks_for_a_pause(site):
    _, _, body = ask(site, "/robots.txt")
    rules = RobotFileParser()
    rules.parse(body.decode().splitlines())

    assert not rules.can_fetch("anyone", f"{site}private/")
    assert rules.can_fetch("anyone", f"{site}item/1.html")
    assert "Crawl-delay: 0.002" in body.decode()


def test_the_pause_is_the_makers_choice(rights):
    with serving(make_market(1, rights, items=100), crawl_delay=1.5) as site:
        assert b"Crawl-delay: 1.5" in ask(site, "/robots.txt")[2]


def test_the_private_area_is_linked_and_holds_items_found_nowhere_else(site, market):
    _, _, home = ask(site, "/")
    _, _, closed = ask(site, "/private/")
    links = re.findall(r'href="(/private/item/\d+\.html)"', closed.decode())

    assert b'href="/private/"' in home
    assert len(links) == len(market.hidden) > 0
    assert ask(site, links[0])[0] == 200
    assert "商品不存在" in ask(site, f"/item/{market.hidden[0].id}.html")[2].decode()


def test_goods_that_are_gone_answer_200_and_say_so(site):
    status, _, body = ask(site, "/item/90000001.html")

    assert status == 200
    assert "商品不存在或已删除" in body.decode()
    assert b'href="/item/90000001.html"' in ask(site, "/category/0")[2]


def test_a_chain_of_three_redirects_leads_to_the_item(site, market):
    number = market.items[0].id
    path, statuses = f"/go/{number}", []
    for _ in range(3):
        status, headers, _ = ask(site, path)
        path = headers["Location"]
        statuses.append(status)

    assert path == f"/item/{number}.html"
    assert statuses == [302, 301, 307]


def test_some_lists_link_through_the_chain(site):
    lists = "".join(ask(site, f"/category/{number}")[2].decode() for number in range(12))

    assert re.search(r'href="/go/\d+"', lists)


def test_a_challenge_page_asks_for_a_person(site):
    status, _, body = ask(site, "/item/80000001.html")

    assert status == 200
    assert "请完成验证" in body.decode()
    assert b'id="captcha"' in body


def test_the_slow_page_arrives_whole(site, market):
    item = odd(market, Oddity.SLOW)
    start = time.monotonic()

    _, _, body = ask(site, f"/item/{item.id}.html")

    assert time.monotonic() - start > 1.5
    assert item.shop.name in body.decode()


def test_the_cut_picture_keeps_its_length_and_loses_its_end(site, market):
    item = odd(market, Oddity.CUT_PICTURE)
    status, headers, body = ask(site, f"/pic/{item.id}-1.jpg")

    assert status == 200
    assert int(headers["Content-Length"]) == len(body)
    with pytest.raises(OSError, match="truncated"):
        Image.open(BytesIO(body)).load()


def test_other_pictures_are_whole(site, market):
    status, headers, body = ask(site, f"/pic/{market.items[0].id}-1.jpg")

    assert (status, headers["Content-Type"]) == (200, "image/jpeg")
    Image.open(BytesIO(body)).load()


def test_a_picture_that_is_not_there_is_a_plain_404(site, market):
    assert ask(site, f"/pic/{market.items[0].id}-99.jpg")[0] == 404


def test_the_hostile_title_is_shown_and_not_obeyed(site, market):
    item = odd(market, Oddity.HOSTILE_TITLE)
    html = ask(site, f"/item/{item.id}.html")[2].decode()
    shown = re.search(r'class="item-title">([^<]*)<', html)

    assert "<script>alert" not in html
    assert unescape(shown[1]) == item.title
    assert "\x1b" in html
    assert "\u202e" in html


def test_the_loop_never_ends(site):
    path, seen = "/loop", set()
    for _ in range(20):
        status, headers, _ = ask(site, path)
        seen.add(path)
        path = headers["Location"]

        assert status == 307
        assert path not in seen


@pytest.mark.parametrize("path", ["/huge", "/item/huge.html"])
def test_the_huge_page_is_streamed_and_some_sixty_megabytes(site, path):
    _, headers, body = ask(site, path)

    assert "Content-Length" not in headers
    assert 60_000_000 <= len(body) < 70_000_000


def test_the_bomb_is_small_on_the_wire_and_huge_unpacked(site):
    _, headers, body = ask(site, "/item/bomb.html")

    assert headers["Content-Encoding"] == "gzip"
    assert len(body) < 1_000_000
    assert len(gzip.decompress(body)) >= 100_000_000


def test_one_page_sends_the_visitor_inside(site):
    status, headers, _ = ask(site, "/item/inside.html")

    assert (status, headers["Location"]) == (307, "http://10.0.0.1/")


def test_every_trap_is_linked_from_one_list(site):
    html = ask(site, "/deals")[2].decode()
    paths = ("/item/huge.html", "/item/bomb.html", "/item/inside.html", "/loop")

    assert [path for path in paths if f'href="{path}"' not in html] == []
    assert b'href="/deals"' in ask(site, "/")[2]


def test_in_the_next_round_some_goods_cost_more_and_some_are_gone(rights):
    market = make_market(3, rights, items=400)
    with serving(market) as site:
        before = _states(site, market)
        status, _, body = ask(site, "/private/next-round", method="POST")
        after = _states(site, market)

    assert (status, body) == (200, b"2")
    assert None not in before
    assert 0 < after.count(None) < 40
    assert 0 < sum(one != other for one, other in zip(before, after, strict=True) if other) < 80


def test_nobody_advances_the_round_by_looking(site):
    assert ask(site, "/private/next-round")[0] == 405


def _states(site, market):
    """Each item's visible price, or None where its page says that it is gone."""
    steady = [item for item in market.items if item.oddity is None]
    bodies = [ask(site, f"/item/{item.id}.html")[2].decode() for item in steady]
    return [
        None if "商品不存在" in body else tuple(re.findall(r"(?:¥|US\$|€)[\d.]+", body))
        for body in bodies
    ]
