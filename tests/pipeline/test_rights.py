"""A protection list counts whole or not at all, and every fault says where and what to do."""

import json
from datetime import date

import openpyxl
import pytest

from pipeline import codec, rights
from pipeline.errors import BadInput
from pipeline.records import RightKind
from pipeline.rights import SAMPLE, Reading
from tests import make

GOOD = {"id": "a", "name": "花牛苹果", "kind": "gi"}


def written(path, *lines) -> str:
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), "utf-8")
    return str(path)


def faults(path) -> list[str]:
    return [str(fault).removeprefix(str(path)) for fault in rights.read(path).faults]


def test_the_sample_is_twenty_rights_without_fault():
    found = rights.load(SAMPLE)

    assert len(found.rights) >= 20
    assert {right.kind for right in found.rights} == {RightKind.TRADEMARK, RightKind.GI}


def test_every_fact_of_the_sample_has_a_source_and_no_number_is_invented():
    for right in rights.load(SAMPLE).rights:
        assert "name" in right.sources
        assert right.reg_no is None
        for fact in ("holder", "regimes", "users", "region", "goods"):
            assert not getattr(right, fact) or fact in right.sources, (right.id, fact)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ({**GOOD, "kind": "patent"}, ":2: kind: Invalid enum value 'patent'; write trademark"),
        ({"name": "x", "kind": "gi"}, ":2: id: is missing"),
        ({**GOOD, "id": "b", "name": "★"}, ":2: name: '★' has no letter"),
        ({**GOOD, "id": "b", "class": [77]}, ":2: class: (77,): Nice classes"),
        ({**GOOD, "id": "b", "valid_to": "not a day"}, ":2: valid_to: "),
        ({**GOOD, "id": "b", "valid_from": "2030-01-01", "valid_to": "2020-01-01"}, ":2: valid_to"),
        ({**GOOD, "id": "b", "images": ["../out.png"]}, ":2: images: '../out.png' leaves"),
        ({**GOOD, "id": "b", "images": ["none.png"]}, ":2: images: 'none.png' is not there"),
        ({**GOOD, "id": "b", "images": ["http://x/a.png"]}, ":2: images: 'http://x/a.png' is an"),
        (GOOD, ":2: id: 'a' stands on line 1 already"),
    ],
)
def test_a_fault_says_file_line_field_and_what_to_do(tmp_path, line, told):
    path = tmp_path / "r.jsonl"
    written(path, GOOD, line)
    (found,) = faults(path)

    assert found.startswith(told)


def test_all_faults_are_told_at_once(tmp_path):
    path = tmp_path / "r.jsonl"
    written(path, {**GOOD, "kind": "x"}, {"id": "b"}, GOOD)

    assert len(faults(path)) == 2
    with pytest.raises(BadInput, match=r"(?s):1.*:2"):
        rights.load(path)


CSV = """\
编号,名称,类型,别名,类别,商品,有效期止,产地
a,花牛苹果,地理标志,天水花牛苹果；花牛,31,苹果、水果,2030-01-01,甘肃省天水市麦积区
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_is_read_in_the_encodings_offices_write(tmp_path, encoding):
    path = tmp_path / "r.csv"
    path.write_text(CSV, encoding)
    (right,) = rights.load(path).rights

    assert (right.id, right.name, right.kind) == ("a", "花牛苹果", RightKind.GI)
    assert right.aliases == ("天水花牛苹果", "花牛")
    assert (right.nice, right.goods, right.valid_to) == ((31,), ("苹果", "水果"), date(2030, 1, 1))
    assert right.region is not None
    assert right.region.name == "甘肃省天水市麦积区"


def test_a_csv_in_no_known_encoding_is_told(tmp_path):
    path = tmp_path / "r.csv"
    path.write_bytes(b"id,name,kind\n\xff\xff\xff,x,gi\n")

    assert faults(path) == [": neither UTF-8 nor GB18030; save it as UTF-8"]


def test_json_lines_in_another_encoding_are_told(tmp_path):
    path = tmp_path / "r.jsonl"
    path.write_bytes('{"id": "a", "name": "花牛", "kind": "gi"}\n'.encode("gb18030"))
    (found,) = faults(path)

    assert found.startswith(":1: not JSON")


def book(path, rows, merge: str | None = None) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    for row in rows:
        sheet.append(row)
    if merge:
        sheet.merge_cells(merge)
    workbook.save(path)


def test_an_xlsx_is_read(tmp_path):
    path = tmp_path / "r.xlsx"
    book(
        path,
        [["编号", "名称", "类型", "类别", "有效期止"], [7, "花牛苹果", "gi", 31, date(2030, 1, 1)]],
    )
    (right,) = rights.load(path).rights

    assert (right.id, right.nice, right.valid_to) == ("7", (31,), date(2030, 1, 1))


def test_an_xlsx_without_head_or_with_merged_head_is_told(tmp_path):
    path = tmp_path / "r.xlsx"
    book(path, [["花牛苹果", "gi"]])
    assert any("has no column 'id'" in fault for fault in faults(path))

    book(path, [["编号", "名称", "类型"], ["a", "花牛", "gi"]], merge="B1:C1")
    assert faults(path) == [":1: the head row has merged cells; give each column its own name"]


def test_a_file_that_only_calls_itself_xlsx_is_told(tmp_path):
    path = tmp_path / "r.xlsx"
    path.write_bytes(b"PK no zip")

    assert "not an XLSX workbook" in faults(path)[0]


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(BadInput, match="cannot be read"):
        rights.read(tmp_path / "none.jsonl")


def test_an_empty_list_is_a_fault(tmp_path):
    (tmp_path / "r.jsonl").write_text("\n")

    assert faults(tmp_path / "r.jsonl") == [": no right in it"]


def test_a_file_made_for_another_purpose_is_taken_with_names_given(tmp_path):
    (tmp_path / "logo.png").write_bytes(make.picture(kind="PNG"))
    path = tmp_path / "brands.jsonl"
    written(path, {"id": "3", "name": "某牌", "logo": "logo.png"})
    reading = Reading(renamed={"logo": "images"}, given={"kind": "trademark"})
    found = rights.read(path, reading)

    assert found.faults == ()
    assert found.rights[0].images == ("logo.png",)


def test_an_imported_list_stands_by_itself(tmp_path):
    source, place = tmp_path / "in", tmp_path / "data" / "rights.jsonl"
    source.mkdir()
    place.parent.mkdir()
    (source / "logo.png").write_bytes(make.picture(kind="PNG"))
    written(source / "r.jsonl", {**GOOD, "id": "../evil", "images": ["logo.png"], "colour": "red"})
    rights.install(rights.load(source / "r.jsonl"), place)
    (source / "logo.png").unlink()
    (right,) = rights.load(place).rights

    assert right.extra == {"colour": "red"}
    assert (place.parent / right.images[0]).read_bytes() == make.picture(kind="PNG")
    assert json.loads(place.read_text("utf-8"))["id"] == "../evil"


def test_what_a_right_says_survives_its_line(tmp_path):
    right = rights.load(SAMPLE).rights[0]

    assert codec.from_line(codec.to_line(right), type(right)) == right
