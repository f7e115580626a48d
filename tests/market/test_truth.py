"""The file of truth."""

import json

from crawlers.market.truth import read_truth, write_truth


def test_truth_reads_back_as_it_was_written(market, tmp_path):
    path = tmp_path / "truth.jsonl"

    write_truth(path, market.truths)

    assert read_truth(path) == market.truths


def test_a_line_of_truth_names_all_its_fields(market, tmp_path):
    path = tmp_path / "truth.jsonl"

    write_truth(path, market.truths[:1])

    assert set(json.loads(path.read_text(encoding="utf-8"))) == {
        "item_id",
        "expected",
        "right_id",
        "conduct",
        "name_disguise",
        "picture_disguise",
        "lawful_kind",
    }
