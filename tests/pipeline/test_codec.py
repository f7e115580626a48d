"""Lines and records: nothing said is lost, nothing wrong goes unnamed."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import codec
from pipeline.errors import BadMessage
from pipeline.records import Capture, Clue, Listing, Right, digest
from tests import make


def test_unknown_fields_are_kept():
    read = codec.from_line({"id": "1", "title": "苹果", "colour": "red"}, Capture)

    assert read.extra == {"colour": "red"}
    assert codec.to_line(read)["colour"] == "red"


@pytest.mark.parametrize(
    ("line", "field", "problem"),
    [
        ({"title": "苹果"}, "id", "is missing"),
        ({"id": "1"}, "title", "is missing"),
        ({"id": "1", "title": 5}, "title", "str"),
        ({"id": "1", "title": "x", "seen_at": "2026-13-45"}, "seen_at", "not a date"),
        ({"id": "1", "title": "x", "price": "cheap"}, "price", "float"),
        ({"id": "1", "title": "x", "images": "a.jpg"}, "images", "array"),
        ({"id": "1", "title": "x", "shop": "某店"}, "shop", "object"),
    ],
)
def test_a_wrong_field_is_named(line, field, problem):
    with pytest.raises(codec.Unreadable) as caught:
        codec.from_line(line, Capture)

    assert caught.value.field == field
    assert problem in caught.value.problem


def test_numbers_are_taken_for_what_they_mean():
    read = codec.from_line({"id": 17, "title": "苹果", "price": "12.5", "sales": 3}, Capture)

    assert (read.id, read.price, read.sales) == ("17", 12.5, "3")


def test_a_date_without_zone_is_chinese():
    read = codec.from_line({"id": "1", "title": "x", "seen_at": "2026-12-31"}, Capture)

    assert read.seen_at is not None
    assert read.seen_at.isoformat() == "2026-12-31T00:00:00+08:00"


@pytest.mark.parametrize(
    "line", [b"[1]", b'"x"', b"{", b'{"a": "\x01"}', b"\xff\xfe", b"[" * 100_000]
)
def test_what_is_no_json_object_is_unreadable(line):
    with pytest.raises(codec.Unreadable):
        codec.loads(line)


def test_a_line_of_20_megabytes_is_refused_by_its_size():
    with pytest.raises(codec.Unreadable, match="20,000,0"):
        codec.loads(b'{"id": "' + b"x" * 20_000_000 + b'"}')


def test_a_right_says_class_and_a_record_nice():
    read = codec.from_line({"id": "1", "name": "花牛", "kind": "gi", "class": [31]}, Right)

    assert read.nice == (31,)
    assert codec.to_line(read)["class"] == (31,)


def test_a_clue_line_has_what_others_build_on_and_no_listing():
    line = codec.to_line(make.clue())

    assert list(line)[:8] == [
        "clue_id",
        "listing_id",
        "right_id",
        "right_name",
        "score",
        "tier",
        "conduct",
        "matches",
    ]
    assert "listing" not in line


@given(
    st.builds(
        Capture,
        id=st.text(min_size=1),
        title=st.text(min_size=1),
        price=st.none() | st.floats(allow_nan=False, allow_infinity=False),
        images=st.lists(st.text()).map(tuple),
    )
)
def test_what_is_encoded_comes_back(record):
    listing = Listing(capture=record)
    try:
        body = codec.encode(listing)
    except UnicodeEncodeError:
        return  # a lone surrogate is no text

    assert codec.decode(body, Listing) == listing


def test_a_message_that_is_no_clue_is_a_bad_message():
    with pytest.raises(BadMessage, match="Clue"):
        codec.decode(b'{"clue_id": 1}', Clue)


def test_ids_tell_their_parts_apart():
    assert digest("a", "bc") != digest("ab", "c")
    assert digest("a\x1f", "b") != digest("a", "\x1fb")
    assert len(digest("花牛")) == 32


def test_encoding_is_one_line():
    assert b"\n" not in codec.encode(make.clue(reason="两\n行"))
    assert json.loads(codec.encode(make.clue()))["right_name"] == "花牛苹果"
