"""What `rights learn` reads off the titles of a right's own shops, and of no others."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from app import learning
from app.rights import rights_group
from markwatch import Commands

OURS = "云岭果业旗舰店"
APPLE = {
    "id": "apple",
    "name": "云岭苹果",
    "kind": "gi",
    "goods": ["苹果"],
    "official_shops": [OURS],
    "users": [{"name": "云岭合作社", "shops": ["云岭鲜果店"], "valid_to": "2026-10-01"}],
}
QUIET = {"id": "quiet", "name": "星野熊", "kind": "trademark", "class": [25], "goods": ["童装"]}
TITLES = ("云岭苹果 蜂蜜 10斤", "云岭苹果 蜂蜜礼盒", "云岭苹果 顺丰")


def written(place: Path, lines) -> Path:
    place.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    return place


def listings(folder: Path, shop: str, titles=TITLES, **given) -> Path:
    lines = (
        {"id": str(n), "title": title, "shop": {"name": shop}} | given
        for n, title in enumerate(titles)
    )
    return written(folder / "listings.jsonl", lines)


def run(on: Path, *options: str, rights=(APPLE,)):
    file = written(on.parent / "r.jsonl", rights)
    group = Commands(commands={"rights": rights_group})
    return CliRunner().invoke(group, ["rights", "learn", str(file), "--on", str(on), *options])


def learnt(on: Path, **given) -> list[tuple[str, int]]:
    done = run(on, "--json", **given)
    assert done.exit_code == 0, done.stderr
    return [
        (word["word"], word["titles"])
        for line in done.stdout.splitlines()
        for word in json.loads(line)["words"]
    ]


@pytest.mark.parametrize("shop", [OURS, "雲嶺果業 旗艦店"])
def test_an_official_shop_teaches_what_its_titles_keep_saying(tmp_path, shop):
    assert learnt(listings(tmp_path, shop)) == [("蜂蜜", 2)]


@pytest.mark.parametrize("shop", ["云岭果业旗舰店2", "某某水果店", "★", ""])
def test_a_foreign_shop_teaches_nothing(tmp_path, shop):
    rights = [APPLE | {"official_shops": [OURS, "☆"]}]

    assert learnt(listings(tmp_path, shop), rights=rights) == []


@pytest.mark.parametrize(
    ("shop", "day", "words"),
    [
        ("云岭鲜果店", "2026-10-01", [("蜂蜜", 2)]),
        ("云岭合作社", "2026-10-01", [("蜂蜜", 2)]),
        ("云岭鲜果店", "2026-10-02", []),
    ],
)
def test_a_licensed_shop_teaches_until_its_licence_ends(tmp_path, shop, day, words):
    on = listings(tmp_path, shop, seen_at=f"{day}T12:00:00+08:00")

    assert learnt(on) == words


def test_words_that_the_right_has_under_any_name_are_not_told(tmp_path):
    rights = [APPLE | {"goods": ["苹果", "土豆"]}]
    on = listings(tmp_path, OURS, ["苹果 洋芋 一", "苹果 洋芋 二", "苹果 洋芋 三"])

    assert learnt(on, rights=rights) == []
    assert "洋芋" in dict(learnt(on))


def test_a_mark_that_is_a_goods_word_itself_is_not_told_as_goods(tmp_path):
    rights = [QUIET | {"name": "小米", "class": [9], "goods": ["手机"], "official_shops": [OURS]}]
    on = listings(tmp_path, OURS, ["小米手机 充电宝 一", "小米手机 充电宝 二"])

    assert "充电宝" in dict(learnt(on, rights=rights))
    assert "小米" not in dict(learnt(on, rights=rights))


def test_a_title_seen_again_is_one_title(tmp_path):
    on = listings(tmp_path, OURS, ["云岭苹果 蜂蜜", "云岭苹果 蜂蜜", "云岭苹果 十斤"])

    assert learnt(on) == []
    assert json.loads(run(on, "--json").stdout)["titles"] == 2


def test_of_each_right_so_many_titles_are_kept_and_no_more(tmp_path, monkeypatch):
    monkeypatch.setattr(learning, "MOST", 2)
    done = run(listings(tmp_path, OURS), "--json")

    assert json.loads(done.stdout)["titles"] == 2
    assert done.stderr == "1 rights: the first 2 titles were read, no more\n"


def test_a_shop_of_two_rights_teaches_both(tmp_path):
    rights = [APPLE, QUIET | {"official_shops": [OURS]}]

    assert sorted(learnt(listings(tmp_path, OURS), rights=rights)) == [
        ("苹果", 3),
        ("蜂蜜", 2),
        ("蜂蜜", 2),
    ]


def test_a_broken_listing_is_named_and_the_rest_is_read(tmp_path):
    on = listings(tmp_path, OURS)
    on.write_text("nonsense\n" + on.read_text("utf-8"), "utf-8")
    done = run(on, "--json")

    assert done.exit_code == 1
    assert f"{on}:1: not JSON" in done.stderr
    assert [word["word"] for word in json.loads(done.stdout)["words"]] == ["蜂蜜"]


def test_a_list_with_a_fault_teaches_nothing(tmp_path):
    done = run(listings(tmp_path, OURS), rights=[APPLE, {"id": "x", "name": "y"}])

    assert (done.exit_code, done.stdout) == (1, "")
    assert "r.jsonl:2: kind" in done.stderr


def test_a_machine_reads_one_object_a_right(tmp_path):
    done = run(listings(tmp_path, OURS), "--json", rights=[QUIET, APPLE])

    assert [json.loads(line) for line in done.stdout.splitlines()] == [
        {
            "right_id": "apple",
            "right_name": "云岭苹果",
            "titles": 3,
            "words": [{"word": "蜂蜜", "titles": 2}],
        }
    ]


def test_a_person_reads_one_line_a_right_and_how_many_were_left_out(tmp_path):
    taught = APPLE | {"id": "taught", "goods": ["苹果", "蜂蜜"], "name": "云岭\u202e果"}
    done = run(listings(tmp_path, OURS), rights=[APPLE, QUIET, taught])

    assert done.exit_code == 0
    assert done.stdout.splitlines() == [
        "云岭苹果（apple）：3 条标题；名录未载的商品词：蜂蜜 2/3",
        "云岭\ufffd果（taught）：3 条标题；没有要补的商品词",
    ]
    assert done.stderr == (
        "1 rights: no official or licensed shop, or fewer than 2 titles of theirs\n"
    )
