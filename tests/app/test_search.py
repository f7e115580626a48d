"""Search by a picture as an investigator meets it: copies are found and say what was done."""

import json

import pytest
from click.testing import CliRunner
from PIL import ImageOps

from markwatch import main
from tests import make

PHOTO = make.photo(1)
LISTED = {
    "copy": ("花牛苹果 一", PHOTO),
    "mirrored": ("花牛苹果 二", ImageOps.mirror(PHOTO)),
    "cropped": ("脆甜红富士", PHOTO.crop((60, 50, 480, 460))),
    "other": ("花牛苹果 四", make.photo(2)),
}


def told(*arguments: str) -> list[str]:
    done = CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout.splitlines()


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """Four listings taken in, screened, indexed and gathered; one of them is no clue."""
    folder = tmp_path_factory.mktemp("house")
    right = {"id": "r", "name": "花牛苹果", "kind": "gi", "goods": ["苹果"]}
    (folder / "rights.jsonl").write_text(json.dumps(right), "utf-8")
    PHOTO.save(folder / "asked.png")
    with (folder / "l.jsonl").open("w", encoding="utf-8") as file:
        for number, (name, (title, image)) in enumerate(LISTED.items()):
            image.save(folder / f"{name}.png")
            line = {"id": name, "title": title, "images": [f"{name}.png"], "platform": "p"}
            line |= {"shop": {"name": f"店{number % 2}"}, "seen_at": f"2026-11-2{number}T08:00:00Z"}
            file.write(json.dumps(line) + "\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MARKWATCH_DATA", str(folder / "data"))
        patch.setenv("MARKWATCH_READING", "0")
        told("rights", "import", str(folder / "rights.jsonl"))
        told("intake", str(folder / "l.jsonl"))
        told("run", "fingerprint", "screen", "gather", "index", "--once")
        yield folder


def test_copies_are_found_and_each_says_how_it_was_edited(house):
    lines = told("search", "--image", str(house / "asked.png"))
    ends = {line.partition("← ")[2] for line in lines}

    assert ends == {
        "花牛苹果 一  (image 1: as it is)",
        "花牛苹果 二  (image 1: mirrored)",
        "脆甜红富士  (image 1: cropped to 76%)",
    }
    assert [line.startswith("no clue") for line in lines] == [False, False, True]


def test_words_beside_it_narrow_it_to_clues(house):
    (line,) = told("search", "--image", str(house / "asked.png"), "二")

    assert line.endswith("花牛苹果 二  (image 1: mirrored)")


def test_as_lines_they_carry_picture_edits_and_cluster(house):
    lines = [
        json.loads(each) for each in told("search", "--image", str(house / "asked.png"), "--json")
    ]
    copies = [copy for line in lines for copy in line["copies"]]

    assert [line["clue_id"] is None for line in lines] == [False, False, True]
    assert [line["listing_id"] for line in lines][2] == "cropped"
    assert {copy["cluster"] for copy in copies} == {min(copy["picture"] for copy in copies)}


def test_clusters_say_since_when_where_and_how(house):
    (whole,) = told("clusters")
    lines = told("clusters", whole.split()[0])

    assert whole.endswith("3 listings  2 shops  first seen 2026-11-20 08:00:00")
    assert [line.rpartition("  ")[2] for line in lines] == [
        "(as it is)",
        "(mirrored)",
        "(cropped to 76%)",
    ]


def test_a_cluster_that_is_not_there_is_said_so(house):
    done = CliRunner().invoke(main, ["clusters", "none"])

    assert done.exit_code == 1
    assert "no cluster 'none'" in done.stderr
