"""A notice draft has the six elements, names what is missing, and is never signed by us."""

import json
from datetime import datetime

import pytest

from alerts.notices.compose import Element, compose, html
from pipeline import codec
from pipeline.law import CHINA
from pipeline.records import Evidence, Picture
from tests import make

KEPT = Evidence(sha256="a" * 64, size=10, media_type="text/html", source="https://shop.example/1")
LISTING = make.capture(
    url="https://shop.example/1", page=KEPT, pictures=(Picture(source="x", kept=KEPT),)
)


def draft(**given):
    return compose(make.clue(**{"listing": LISTING} | given), make.right())


def test_a_draft_has_the_six_elements():
    assert set(draft().elements) == set(Element)


def test_what_only_the_holder_knows_is_named_as_missing():
    missing = draft().missing

    assert missing == (
        "权利人（及代理人）身份证明、授权委托书",
        "通知人姓名和联系方式",
        "商标注册号或地理标志公告号",
        "权利人签章",
    )


def test_a_draft_without_address_or_evidence_says_so():
    missing = draft(listing=make.capture()).missing

    assert "被投诉商品的准确网址" in missing
    assert "初步证据（页面快照或图片）" in missing


def test_every_exhibit_has_its_hash():
    assert [(each.name, each.sha256) for each in draft().evidence] == [
        ("页面快照", "a" * 64),
        ("商品图片1", "a" * 64),
    ]


@pytest.mark.parametrize(
    ("law", "year"), [("商标法2019", "2019年修正"), ("商标法2026", "2026年修订")]
)
def test_the_template_is_that_of_the_clue_s_law(law, year):
    assert year in html(draft(law=law))


def test_a_draft_is_unsigned_and_says_that_it_is_a_draft():
    assert draft().signed_by is None
    assert "草稿，未经签署，不得发出" in html(draft())


def test_a_hostile_title_stays_text():
    page = html(draft(listing=make.capture("<script>alert(1)</script>\x1b[2J", url="javascript:x")))

    assert "<script>" not in page
    assert "\x1b" not in page
    assert "href" not in page


def test_the_same_facts_as_json():
    line = json.loads(
        codec.encode(draft(listing=make.capture(seen_at=datetime(2026, 1, 1, tzinfo=CHINA))))
    )

    assert line["state"] == "DRAFT"
    assert line["target"]["captured_at"] == "2026-01-01T00:00:00+08:00"
    assert line["article"].startswith("《地理标志产品保护办法》")
