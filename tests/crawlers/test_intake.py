"""Listings from files: every line read or reported, none twice, no picture from outside."""

import json

import pytest

from crawlers import intake
from pipeline.errors import BadInput, Fault
from pipeline.vault import Vault
from tests import make


def written(path, *lines: str | bytes):
    raw = (line if isinstance(line, bytes) else line.encode() for line in lines)
    path.write_bytes(b"".join(line + b"\n" for line in raw))
    return path


def line(**given) -> str:
    return json.dumps({"id": "1", "title": "苹果"} | given, ensure_ascii=False)


def told(path) -> list[str]:
    return [
        str(each).removeprefix(str(path)) if isinstance(each, Fault) else each.capture.id
        for each in intake.read(path)
    ]


def test_a_broken_line_is_reported_and_the_rest_goes_on(tmp_path):
    path = written(
        tmp_path / "l.jsonl",
        line(id="a"),
        '{"id": "b", "title": ',
        '{"id": "c"}',
        line(id="d", title="  "),
        line(id="a"),
        b'{"id": "e", "title": "\x01"}',
        '{"id": "f", "title": "x", "seen_at": "yesterday"}',
        "",
        b'{"id": "g", "title": "' + b"x" * 20_000_000 + b'"}',
        line(id="z"),
    )
    first, broken, untitled, empty, again, control, date, large, last = told(path)

    assert (first, last) == ("a", "z")
    assert broken.startswith(":2: not JSON")
    assert untitled == ":3: title: is missing"
    assert empty == ":4: title: is empty"
    assert again == ":5: id: 'a' stands on line 1 already"
    assert control.startswith(":6: not JSON")
    assert date.startswith(":7: seen_at: 'yesterday' is not a date")
    assert ":9: a line of 1,048,577 bytes" in large


def test_the_same_listing_seen_at_another_time_is_another_snapshot(tmp_path):
    path = written(tmp_path / "l.jsonl", line(seen_at="2026-01-01"), line(seen_at="2026-01-02"))

    assert told(path) == ["1", "1"]


def test_the_same_id_on_another_platform_is_another_listing(tmp_path):
    path = written(tmp_path / "l.jsonl", line(platform="a"), line(platform="b"))

    assert told(path) == ["1", "1"]


def test_a_byte_order_mark_is_no_fault(tmp_path):
    path = written(tmp_path / "l.jsonl", b"\xef\xbb\xbf" + line().encode())

    assert told(path) == ["1"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_csv_with_chinese_heads_is_read(tmp_path, encoding):
    path = tmp_path / "l.csv"
    path.write_text("编号,标题,价格,店铺,图片\n7,花牛苹果,39.9,某店,a.jpg；b.jpg\n", encoding)
    (entry,) = intake.read(path)

    assert isinstance(entry, intake.Entry)
    assert (entry.capture.id, entry.capture.price) == ("7", 39.9)
    assert entry.capture.shop.name == "某店"
    assert entry.capture.images == ("a.jpg", "b.jpg")


def test_a_csv_that_breaks_off_keeps_what_stands_before(tmp_path):
    path = tmp_path / "l.csv"
    path.write_text('id,title\n1,苹果\n2,"梨\n')

    assert told(path)[0] == "1"
    assert "not CSV from here on" in told(path)[1]


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("../secret.jpg", "leaves the folder"),
        ("/etc/passwd", "leaves the folder"),
        ("none.jpg", "No such file"),
    ],
)
def test_a_picture_that_must_not_be_read_is_not(tmp_path, name, problem):
    with pytest.raises(BadInput, match=problem):
        intake.picture(tmp_path, name)


def test_a_link_out_of_the_folder_is_out_of_the_folder(tmp_path):
    inside = tmp_path / "in"
    inside.mkdir()
    (tmp_path / "secret.jpg").write_bytes(make.picture())
    (inside / "link.jpg").symlink_to(tmp_path / "secret.jpg")

    with pytest.raises(BadInput, match="leaves the folder"):
        intake.picture(inside, "link.jpg")


def test_intake_keeps_pictures_and_says_of_the_others_why_not(tmp_path):
    (tmp_path / "a.jpg").write_bytes(make.picture())
    (tmp_path / "b.jpg").write_bytes(b"<html>")
    images = ["a.jpg", "b.jpg", "../c.jpg", "https://x.example/d.jpg"]
    (entry,) = intake.read(written(tmp_path / "l.jsonl", line(images=images)))
    assert isinstance(entry, intake.Entry)
    capture = intake.kept(entry, tmp_path, Vault(tmp_path / "vault"))

    assert capture.pictures[0].kept is not None
    assert [picture.problem for picture in capture.pictures[1:]] == [
        "not a picture",
        "'../c.jpg' leaves the folder of the file",
        "an address; intake fetches nothing",
    ]
    assert capture.seen_at is not None
