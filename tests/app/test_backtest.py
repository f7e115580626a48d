"""What `rights backtest` foretells, held against listings so few that a person can count along."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from app import scan as scanning
from app.advice import Danger, Standing, advice, homophones
from app.rights import rights_group
from crawlers import intake
from detectors.screen import open_screen
from markwatch import Commands
from pipeline import rights
from pipeline.records import Right
from tests import make

APPLE = {"id": "apple", "name": "云岭苹果", "kind": "gi", "goods": ["苹果"]}
BEAR = {"id": "bear", "name": "星野熊", "kind": "trademark", "class": [25], "goods": ["童装"]}
TITLES = (
    "云岭苹果 十斤",
    "云*岭*苹*果 十斤",
    "云岭苹果派的做法 教程",
    "星野熊童装",
    "纯棉毛巾",
)


@pytest.fixture
def data(tmp_path, monkeypatch) -> Path:
    """A data folder without a list: the sample is in force."""
    monkeypatch.setenv("MARKWATCH_DATA", str(tmp_path / "data"))
    return tmp_path


def written(place: Path, lines) -> Path:
    place.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    return place


def listings(folder: Path, titles=TITLES, **given) -> Path:
    lines = [{"id": str(n), "title": title} | given for n, title in enumerate(titles)]
    return written(folder / "listings.jsonl", lines)


def run(file: Path, on: Path, *options: str):
    group = Commands(commands={"rights": rights_group})
    return CliRunner().invoke(
        group, ["rights", "backtest", str(file), "--on", str(on), *map(str, options)]
    )


def foretold(file: Path, on: Path, *options: str) -> dict[str, dict]:
    done = run(file, on, "--json", *options)
    assert done.exit_code == 0, done.stderr
    return {each["right_id"]: each for each in map(json.loads, done.stdout.splitlines())}


def dangers(right: Right, *others: Right) -> dict[Danger, str]:
    return {each.danger: each.text for each in advice(right, Standing.of([right], others))}


def trademark(name: str, **given) -> Right:
    goods = ("苹果", "梨", "桃")
    return make.right(name, **{"kind": "trademark", "goods": goods} | given)


def test_clues_are_counted_by_tier_as_scan_finds_them(data):
    file, on = written(data / "r.jsonl", [BEAR, APPLE]), listings(data)
    found = foretold(file, on)
    screen = open_screen(rights.load(file))
    scanned = [(clue.right_id, clue.tier) for clue in scanning.scan(intake.read(on), screen, None)]

    assert found["apple"]["tiers"] == {"high": 1, "review": 1, "low": 0, "cleared": 1}
    assert found["apple"]["told"] == 2
    for each in found.values():
        for tier, count in each["tiers"].items():
            assert scanned.count((each["right_id"], tier)) == count


def test_the_right_with_most_clues_to_look_at_comes_first(data):
    file = written(data / "r.jsonl", [BEAR, APPLE])

    assert list(foretold(file, listings(data))) == ["apple", "bear"]


@pytest.mark.parametrize(
    ("hours", "options", "unit", "rate"),
    [
        ((0, 96), (), "day", 0.5),
        ((0, 3), (), "day", 2.0),  # at least one day
        ((0, 96), ("--days", 10), "day", 0.2),
        ((0, None), (), "1000 listings", 1000.0),  # one has no date
        ((None, None), ("--days", 2), "day", 1.0),
    ],
)
def test_clues_are_told_by_day_or_by_a_thousand_listings(data, hours, options, unit, rate):
    lines = [
        {"id": str(n), "title": "云岭苹果 十斤"}
        | ({} if hour is None else {"seen_at": f"2026-11-{1 + hour // 24:02}T{hour % 24:02}:00Z"})
        for n, hour in enumerate(hours)
    ]
    on = written(data / "l.jsonl", lines)
    found = foretold(written(data / "r.jsonl", [APPLE]), on, *options)["apple"]

    assert (found["unit"], found["rates"]["review"]) == (unit, rate)


def test_a_listing_seen_again_is_one_clue(data):
    lines = [
        {"id": "1", "title": "云岭苹果 十斤", "seen_at": f"2026-11-0{day}T08:00:00Z"}
        for day in (1, 2, 3)
    ]
    found = foretold(written(data / "r.jsonl", [APPLE]), written(data / "l.jsonl", lines))

    assert found["apple"]["told"] == 1
    assert len(found["apple"]["samples"]) == 1


def test_samples_are_those_that_people_would_see_with_their_reason(data):
    file, on = written(data / "r.jsonl", [APPLE]), listings(data)
    two = foretold(file, on, "--samples", 2)["apple"]["samples"]

    assert [sample["tier"] for sample in two] == ["high", "review"]
    assert two[1]["title"] == "云岭苹果 十斤"
    assert "“云岭苹果”相同" in two[1]["reason"]
    assert foretold(file, on, "--samples", 0)["apple"]["samples"] == []


def test_longer_words_that_hold_the_name_are_proposed_to_exclude(data):
    right = {"id": "r", "name": "平安", "kind": "trademark", "goods": ["首饰"]}
    titles = [
        *("平安夜 首饰", "平安夜首饰 礼盒", "平安夜 项链 首饰"),
        *("首饰 平安无事 礼盒装", "平安无事 首饰 包邮"),
        *("平安首饰", "平安首饰 项链", "平安新款首饰", "平安新款首饰 项链"),
        *("平安的首饰", "平安的 首饰"),
        "平安扣 首饰",
    ]
    on = listings(data, titles)
    found = foretold(written(data / "r.jsonl", [right]), on)["r"]
    without = foretold(written(data / "s.jsonl", [right | {"exclude": ["平安夜"]}]), on)["r"]

    assert found["exclude"] == {"平安夜": 3, "平安无事": 2}
    assert "“平安夜”（3 条）、“平安无事”（2 条）" in found["advice"][-1]["text"]
    assert without["told"] < found["told"]
    assert without["exclude"] == {"平安无事": 2}


def test_an_ordinary_word_taken_for_a_disguise_is_proposed_to_exclude(data):
    right = {"id": "r", "name": "晴安", "kind": "trademark", "goods": ["首饰"]}
    on = listings(data, ["请安 首饰", "首饰 请安"])

    assert foretold(written(data / "r.jsonl", [right]), on)["r"]["exclude"] == {"请安": 2}


def test_many_clues_ask_for_a_trial_until_there_is_one(data):
    on = listings(data, ["云岭苹果 十斤"] * 40)
    found = foretold(written(data / "r.jsonl", [APPLE]), on, "--days", 1)["apple"]
    trial = APPLE | {"matching_ratio": 0.5}
    tried = foretold(written(data / "s.jsonl", [trial]), on, "--days", 1)["apple"]

    assert "matching_ratio 为 0.5" in found["advice"][-1]["text"]
    assert "many_clues" not in {each["danger"] for each in tried["advice"]}
    assert 5 < tried["told"] < 35
    assert tried["tiers"]["low"] == 40 - tried["told"]


@pytest.mark.parametrize(
    ("name", "danger"),
    [
        ("牛", Danger.SINGLE_CHARACTER),
        ("清水", Danger.ORDINARY_WORD),
        ("花椒", Danger.ORDINARY_WORD),
        ("大人的", Danger.COMMON_CHARACTERS),
        ("HN", Danger.SHORT_LATIN),
        ("Sun", Danger.SHORT_LATIN),
        ("Sunny Apple", None),
        ("Apple", Danger.EVERYDAY_LATIN),
        ("Ｓｕｍｍｅｒ", Danger.EVERYDAY_LATIN),
        ("花牛苹果", None),
        ("青水花椒", None),
    ],
)
def test_a_name_that_is_too_ordinary_is_named_with_what_to_do(name, danger):
    found = dangers(trademark(name))

    assert list(found) == ([] if danger is None else [danger])
    if danger:
        assert found[danger].startswith(f"“{name}”")
        assert "请" in found[danger]


def test_a_right_without_goods_and_class_is_asked_for_them():
    assert Danger.NO_GOODS in dangers(trademark("星野熊", goods=()))
    assert Danger.NO_GOODS not in dangers(trademark("星野熊", goods=(), nice=(25,)))


def test_a_name_inside_another_rights_name_is_told_until_that_is_excluded():
    longer = make.right("天水花牛苹果", id="longer")
    found = dangers(trademark("花牛"), longer)[Danger.INSIDE_ANOTHER]

    assert "“天水花牛苹果”（longer）" in found
    assert dangers(trademark("花牛", exclude=("花牛苹果",)), longer) == {}
    assert dangers(longer, trademark("花牛")) == {}


def test_two_rights_of_one_name_are_told_as_such():
    found = dangers(trademark("花牛"), make.right("花牛", id="other"))

    assert "同名" in found[Danger.INSIDE_ANOTHER]


def test_a_right_is_not_inside_its_own_older_self():
    assert dangers(trademark("花牛", id="r"), make.right("花牛苹果", id="r")) == {}


def test_latin_names_stand_inside_others_as_whole_words_only():
    def inside(name: str) -> bool:
        others = make.right("Huaniu Apple", id="other")
        return Danger.INSIDE_ANOTHER in dangers(trademark(name), others)

    assert inside("HUANIU")
    assert not inside("huani")


def test_words_of_the_same_sound_count_beside_few_goods():
    found = dangers(trademark("晴安", goods=("花椒",)))[Danger.HOMOPHONE]

    assert "“请安”" in found
    assert "只有 1 项" in found
    assert dangers(trademark("晴安")) == {}
    assert homophones("请安") == []


def test_the_list_in_force_counts_beside_the_file(data):
    right = {"id": "new", "name": "秦安", "kind": "trademark", "goods": ["花椒", "辣椒", "茶"]}
    found = foretold(written(data / "r.jsonl", [right]), listings(data))["new"]

    assert "“秦安苹果”（gi-qinan-apple）" in found["advice"][-1]["text"]


def test_a_list_with_a_fault_is_not_tried(data):
    done = run(written(data / "r.jsonl", [APPLE, {"id": "x", "name": "y"}]), listings(data))

    assert (done.exit_code, done.stdout) == (1, "")
    assert "r.jsonl:2: kind" in done.stderr


def test_a_broken_listing_is_named_and_the_rest_counted(data):
    on = listings(data)
    on.write_text(on.read_text("utf-8") + "nonsense\n", "utf-8")
    done = run(written(data / "r.jsonl", [APPLE]), on, "--json")

    assert done.exit_code == 1
    assert f"{on}:6" in done.stderr
    assert json.loads(done.stdout)["told"] == 2


def test_no_listing_is_no_clue(data):
    on = written(data / "l.jsonl", [])
    found = foretold(written(data / "r.jsonl", [APPLE]), on)

    assert found["apple"]["told"] == 0


def test_a_person_reads_rates_samples_and_advice(data):
    word = {"id": "w", "name": "清水", "kind": "trademark", "matching_ratio": 0.5}
    quiet = {"id": "q", "name": "星野熊", "kind": "gi", "goods": ["童装"]}
    rows = written(data / "r.jsonl", [word, quiet, APPLE])
    told = run(rows, listings(data, ["云岭苹果 \u202e十斤"])).stdout.splitlines()

    assert told[0] == (
        "3 项权利，1 条商品信息；都没有采集时间（seen_at），按每千条计；可用 --days 指定天数"
    )
    assert told[1] == "云岭苹果（apple）：高 0、待审 1、低 0、合法 0；每千条 1000.0 条须看"
    assert told[2].startswith("  待审 ")
    assert told[2].endswith("云岭苹果 \ufffd十斤")
    assert "  试运行：matching_ratio 为 0.5，未抽中的已计入“低”" in told
    assert any(line.startswith("  建议：“清水”是日常用词") for line in told)
    assert told[-1] == "其余 1 项权利没有线索，也没有要提醒的"
