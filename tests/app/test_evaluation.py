"""What `eval` counts, held against sets so small that a person can count along."""

import json
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.evaluation import eval_command
from app.evaluation.count import Rate, f1, wilson
from markwatch import Commands
from tests.detectors.evaluation import write

ROOT = Path(__file__).parents[2]
SMALL = ROOT / "tests" / "detectors" / "evaluation"
RECALL = 0.97
PRECISION = 0.97
"""What the small set must reach; tighten them whenever more is reached."""

RIGHTS = (
    {"id": "apple", "name": "云岭苹果", "kind": "gi", "goods": ["苹果"]},
    {"id": "bear", "name": "星野熊", "kind": "trademark", "goods": ["童装"]},
)


def named(right: str, span: tuple[int, int], disguise: str = "exact", **given) -> dict:
    return {"right_id": right, "field": "title", "span": span, "disguise": disguise} | given


LISTINGS = (
    {"title": "云岭苹果 十斤", "kind": "positive", "truth": [named("apple", (0, 4))]},
    {"title": "云*岭*苹*果 十斤", "truth": [named("apple", (0, 7), "symbols", tags=["sweet"])]},
    {"title": "卖水果 苹果", "truth": [named("apple", (0, 3), "planted")]},
    {"title": "云岭苹果 星野熊童装", "truth": [named("bear", (5, 8))]},
    {"title": "云岭苹果 新货", "kind": "clean", "truth": []},
    {"title": "纯棉毛巾", "kind": "lawful", "truth": []},
)


def dataset(folder: Path, listings=LISTINGS) -> Path:
    for name, lines in (("rights", RIGHTS), ("listings", listings)):
        text = [
            json.dumps({"id": str(n)} | line, ensure_ascii=False) for n, line in enumerate(lines)
        ]
        (folder / f"{name}.jsonl").write_text("\n".join(text) + "\n", "utf-8")
    return folder


def run(*arguments: object):
    group = Commands(commands={"eval": eval_command})
    return CliRunner().invoke(group, ["eval", *map(str, arguments)])


def counted(*arguments: object) -> dict:
    done = run(*arguments, "--json")
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout)


def by_name(rows: list[dict]) -> dict[str, dict]:
    return {row["name"]: row for row in rows}


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),  # Newcombe (1998), table I, method 3
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (29, 29, 0.8830, 1.0),
    ],
)
def test_an_interval_is_wilsons(hits, of, low, high):
    found = wilson(hits, of)

    assert (found.low, found.high) == pytest.approx((low, high), abs=0.0001)
    assert found.low <= hits / of <= found.high


def test_nothing_counted_says_nothing():
    assert wilson(0, 0) == Rate(None, 0.0, 1.0, 0)
    assert f1(wilson(0, 0), wilson(1, 2)).share is None


def test_f1_lies_between_recall_and_precision_and_in_its_interval():
    found = f1(wilson(8, 10), wilson(9, 10))

    assert found.share == pytest.approx(2 * 0.8 * 0.9 / 1.7)
    assert 0.5 < found.low < found.share < found.high < 1.0


def test_a_planted_miss_and_planted_false_hits_are_counted(tmp_path):
    found = counted(dataset(tmp_path))
    classes = by_name(found["classes"])

    assert found["listings"] == 6
    assert classes["exact"]["recall"]["share"] == 1.0
    assert classes["exact"]["n"] == 2
    assert classes["exact"]["precision"] == pytest.approx(
        {"share": 0.5, "low": 0.15, "high": 0.85, "of": 4}, abs=0.001
    ), "two of its own clues, one beside them, one of a clean listing that looked exact"
    assert classes["symbols"]["recall"]["share"] == classes["symbols"]["precision"]["share"] == 1.0
    assert classes["planted"]["recall"]["share"] == 0.0
    assert found["total"]["recall"]["share"] == 0.75
    assert found["total"]["precision"]["share"] == 0.6
    assert [miss["disguise"] for miss in found["misses"]] == ["planted"]
    assert {hit["listing_id"] for hit in found["false_hits"]} == {"3", "4"}


def test_the_more_sureness_is_asked_for_the_less_is_found(tmp_path):
    short = {"title": "云岭果 十斤", "truth": [named("apple", (0, 3), "dropped")]}
    steps = counted(dataset(tmp_path, (*LISTINGS, short)))["thresholds"]
    recalls = [step["recall"]["share"] for step in steps]

    assert recalls[0] == 0.8
    assert recalls == sorted(recalls, reverse=True)
    assert recalls[-1] == 0.6, "what is disguised is never as sure as that"
    assert steps[0]["precision"]["share"] == pytest.approx(4 / 6)


def test_listings_are_counted_by_kind_tag_and_length_of_the_name(tmp_path):
    found = counted(dataset(tmp_path))
    kinds = by_name(found["kinds"])

    assert kinds["clean"]["flagged"]["share"] == 1.0
    assert kinds["lawful"]["flagged"]["share"] == 0.0
    assert by_name(found["tags"])["sweet"]["n"] == 1
    assert {row["name"]: row["n"] for row in found["lengths"]} == {
        "3 characters": 1,
        "4 characters": 3,
    }
    assert found["false_high"]["of"] == 2


def test_a_hit_counts_as_in_its_place_when_it_touches_the_span(tmp_path):
    lines = [
        {"title": "云岭苹果 十斤", "truth": [named("apple", (0, 4), "right")]},
        {"title": "云岭苹果 十斤", "truth": [named("apple", (5, 7), "elsewhere")]},
    ]
    classes = by_name(counted(dataset(tmp_path, lines))["classes"])

    assert classes["right"]["spans"]["share"] == 1.0
    assert classes["elsewhere"]["spans"]["share"] == 0.0


def test_what_is_optional_is_neither_right_nor_wrong(tmp_path):
    line = {"title": "云岭苹果 星野熊童装"}
    beside = {"right_id": "apple", "optional": True}
    truth = [named("bear", (5, 8)), beside]
    found = counted(dataset(tmp_path, [line | {"truth": truth}]))

    assert found["total"]["n"] == 1
    assert found["total"]["precision"]["share"] == 1.0
    assert found["total"]["precision"]["of"] == 1


def test_two_disguises_at_once_have_a_row_of_their_own(tmp_path):
    truth = [named("apple", (0, 7), "symbols+traditional")]
    classes = by_name(
        counted(dataset(tmp_path, [{"title": "雲*嶺*蘋*果", "truth": truth}]))["classes"]
    )

    assert classes["symbols+traditional"]["recall"] == classes["two at once"]["recall"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("nonsense", "not JSON"),
        ('{"id": "9", "title": "一", "truth": 3}', "truth: is a list"),
        ('{"id": "9", "title": "一"}', "truth: is missing"),
        ('{"id": "9", "title": "一", "truth": [{"field": "title"}]}', "truth.right_id: is missing"),
        (
            '{"id": "9", "title": "一", "truth": [{"right_id": "moon"}]}',
            "'moon' is not on the list",
        ),
        ('{"id": "9", "title": "一", "truth": [], "tags": "a"}', "tags: is a list"),
    ],
)
def test_a_broken_line_is_named_and_the_rest_counted(tmp_path, line, said):
    place = dataset(tmp_path) / "listings.jsonl"
    place.write_text(place.read_text("utf-8") + line + "\n", "utf-8")
    done = run(place, "--json")

    assert done.exit_code == 1
    assert json.loads(done.stdout)["listings"] == 6
    assert f"{place}:7" in done.stderr
    assert said in done.stderr


def test_a_picture_that_is_not_there_is_a_fault_and_its_title_still_counts(tmp_path):
    line = {"title": "云岭苹果 十斤", "images": ["none.jpg"], "truth": [named("apple", (0, 4))]}
    done = run(dataset(tmp_path, [line]), "--json")

    assert done.exit_code == 1
    assert "none.jpg" in done.stderr
    assert json.loads(done.stdout)["total"]["recall"]["share"] == 1.0


def test_a_set_without_a_labelled_listing_is_refused(tmp_path):
    dataset(tmp_path, [{"title": "云岭苹果"}])
    done = run(tmp_path)

    assert done.exit_code == 1
    assert "no labelled listing" in done.stderr


def test_the_list_may_lie_elsewhere(tmp_path):
    listings = dataset(tmp_path) / "listings.jsonl"
    moved = tmp_path / "other" / "list.jsonl"
    moved.parent.mkdir()
    (tmp_path / "rights.jsonl").rename(moved)

    assert counted(listings, "--rights", moved)["rights"] == 2


def test_detectors_are_not_told_the_truth(tmp_path):
    """A truth that lies about an empty title finds nothing."""
    found = counted(dataset(tmp_path, [{"title": "毛巾", "truth": [named("apple", (0, 2))]}]))

    assert found["total"]["recall"]["share"] == 0.0


def test_the_object_for_machines_keeps_its_form(tmp_path):
    found = counted(dataset(tmp_path), "--worst", 1)
    rate = {"share", "low", "high", "of"}

    assert set(found) == {
        *("listings", "rights", "faults", "listings_per_second", "total", "classes", "lengths"),
        *("tags", "kinds", "false_high", "reliability", "thresholds"),
        *("misses", "false_hits", "against"),
    }
    assert set(found["total"]) == {"name", "n", "recall", "precision", "f1", "spans"}
    assert set(found["total"]["recall"]) == set(found["false_high"]) == rate
    assert set(found["kinds"][0]) == {"name", "n", "flagged", "high"}
    assert set(found["reliability"][0]) == {"low", "n", "mean", "true"}
    assert set(found["thresholds"][0]) == {"score", "recall", "precision"}
    assert set(found["misses"][0]) == {
        *("listing_id", "title", "right_id", "right_name", "disguise", "score", "tier"),
    }
    assert set(found["false_hits"][0]) == {
        *("listing_id", "title", "kind", "right_id", "right_name", "disguise", "score", "tier"),
    }
    assert len(found["false_hits"]) == 1


def test_the_plain_ways_are_counted_beside_ours(tmp_path):
    found = counted(dataset(tmp_path), "--against")
    recall = {
        other["name"]: by_name(other["classes"])["symbols"]["recall"]["share"]
        for other in found["against"]
    }

    assert recall == {
        "exact": 0.0,
        "folded": 1.0,
        "folded, pinyin": 1.0,
        "spaCy PhraseMatcher": 1.0,
        "rapidfuzz 80": 1.0,
    }
    assert all(other["listings_per_second"] > 0 for other in found["against"])


def test_people_get_tables(tmp_path):
    printed = run(dataset(tmp_path), "--against").stdout

    assert "symbols" in printed
    assert "100.0 [20.7–100.0]" in printed
    assert "missed\n  planted: 云岭苹果 ← 卖水果 苹果 (no clue)" in printed
    assert "against rapidfuzz 80" in printed


def test_the_small_set_is_what_its_table_says():
    table = tomllib.loads((SMALL / "substitutions.toml").read_text("utf-8"))

    assert (SMALL / "rights.jsonl").read_text("utf-8") == write.text(write.rights(table))
    assert (SMALL / "listings.jsonl").read_text("utf-8") == write.text(write.listings(table))


def test_the_small_set_is_told_apart():
    found = counted(SMALL)

    assert found["total"]["recall"]["share"] >= RECALL
    assert found["total"]["precision"]["share"] >= PRECISION
    assert found["false_high"]["share"] == 0.0
