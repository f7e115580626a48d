"""Names in pictures are found as in the description, no surer, and told where they lie."""

from dataclasses import replace

import pytest

from detectors.assess import assess
from detectors.assessment.entry import Entry
from detectors.fingerprint import frames
from detectors.reader import PictureReader
from detectors.screen import Screen
from detectors.text import TextFinder
from detectors.wording.english import match_sentence
from pipeline.assessed import Tier
from pipeline.matches import Disguise, Match
from pipeline.records import Fingerprint, Listing
from pipeline.written import Line, Written
from tests import make
from tests.detectors.written import png, sheet

APPLE = make.right("花牛苹果", goods=("苹果", "水果"), latin=("Huaniu Apple",))
FINDER = TextFinder([APPLE])
SURE = 0.9


def line(text: str, row: int = 0, confidence: float = SURE) -> Line:
    return Line(text=text, box=(0.1, 0.1 + 0.2 * row, 0.5, 0.1), confidence=confidence)


def pictured(*pictures: tuple[str, ...], title: str = "新鲜水果 10斤", **fields) -> Listing:
    prints = tuple(
        Fingerprint(image=n, written=Written(lines=tuple(map(line, lines, range(len(lines))))))
        for n, lines in enumerate(pictures)
    )
    return Listing(capture=make.capture(title, **fields), fingerprints=prints)


def found(listing: Listing) -> list[Match]:
    (met,) = FINDER.find([listing])
    return [match for matches in met.values() for match in matches]


def test_a_match_in_a_picture_says_where_it_lies():
    (match,) = found(pictured(("甘肃特产", "正宗花牛苹果")))

    assert match.field == "image:0"
    assert match.span == (7, 11)
    assert match.region == (0.1, 0.3, 0.5, 0.1)
    assert (match.detector, match.method) == ("text", "ocr")
    assert match.reason == "第1张图中的文字“花牛苹果”与受保护名称“花牛苹果”相同"
    assert match_sentence(match) == (
        "Text in picture 1: “花牛苹果” is the protected name “花牛苹果”."
    )


def test_a_match_in_mirrored_lines_says_so():
    lines = tuple(replace(line("花牛苹果"), mirrored=mirrored) for mirrored in (True, False))
    told = [
        found(replace(pictured(("x",)), fingerprints=(Fingerprint(image=0, written=written),)))
        for written in (Written(lines=lines[:1]), Written(lines=lines[1:]))
    ]

    assert [match.edits for (match,) in told] == [("mirrored",), ()]
    assert [match.reason.endswith("（镜像）") for (match,) in told] == [True, False]
    assert match_sentence(told[0][0]).startswith("Text in picture 1 (mirrored): “花牛苹果”")


def test_every_picture_is_a_field_of_its_own_behind_the_others():
    listing = pictured(("花牛苹果",), (), ("甘肃", "花牛苹果"), title="花牛苹果")

    assert [match.field for match in found(listing)] == ["title", "image:0", "image:2"]


@pytest.mark.parametrize(
    "lines",
    [("花牛", "苹果"), ("花", "牛", "苹", "果"), ("甘肃花牛", "苹果礼盒"), ("HUANIU", "APPLE")],
)
def test_a_name_that_a_package_breaks_is_not_disguised(lines):
    (match,) = found(pictured(lines))

    assert Disguise.SYMBOLS not in match.disguises
    assert match.disguises == ()
    assert "相同" in match.reason
    assert match.region is not None
    assert match.region[3] > 0.2


def test_signs_between_the_characters_are_a_disguise_in_pictures_too():
    (match,) = found(pictured(("花*牛*苹*果",)))

    assert match.disguises == (Disguise.SYMBOLS,)
    assert "近似" in match.reason


@pytest.mark.parametrize(
    "text",
    [
        "花牛苹果",
        "花牛蘋果",
        "花妞平果",
        "花*牛苹果",
        "huaniu apple",
        "hua牛苹果",
        "牛花苹果",
        "花牛平果",
    ],
)
def test_no_score_in_a_picture_exceeds_that_of_the_description(text):
    in_picture = found(pictured((text,)))
    in_words = found(make.listing("新鲜水果 10斤", description=text))

    assert len(in_picture) == len(in_words) == 1
    assert in_picture[0].score == pytest.approx(in_words[0].score * SURE, abs=0.001)
    assert in_picture[0].disguises == in_words[0].disguises


@pytest.mark.parametrize(("field", "times"), [("brand", 1), ("description", 0), ("picture", 0)])
def test_two_characters_that_sound_alike_count_no_more_than_in_the_description(field, times):
    wine = make.right("茅台", goods=("白酒",))
    listing = (
        pictured(("毛台",), title="白酒 礼盒")
        if field == "picture"
        else make.listing("白酒 礼盒", **{field: "毛台"})
    )
    (met,) = TextFinder([wine]).find([listing])

    assert len(met) == times


def test_the_least_sure_line_counts():
    lines = (line("花牛", 0, 0.95), line("苹果", 1, 0.8))
    prints = (Fingerprint(image=0, written=Written(lines=lines)),)
    (match,) = found(Listing(capture=make.capture("水果"), fingerprints=prints))

    assert match.score <= 0.8


def test_the_frames_of_an_animation_are_one_field():
    prints = tuple(
        Fingerprint(image=2, written=Written(lines=(line(text),))) for text in ("甘肃", "花牛苹果")
    )
    (match,) = found(Listing(capture=make.capture("水果"), fingerprints=prints))

    assert (match.field, match.span) == ("image:2", (3, 7))


def test_a_misreading_is_no_proof_of_intent():
    """花午苹果 in the title hides a name; in a picture the reader may have got it wrong."""
    listing = pictured(("花午苹果",), title="苹果 10斤", shop="某某水果店")
    clue = assess(listing, Entry.of(APPLE), found(listing))

    assert clue.tier is not Tier.HIGH
    assert "名称经过变形" not in clue.reason
    assert "名称经过变形" in _titled("花午苹果 10斤").reason


def _titled(title: str):
    listing = make.listing(title)
    return assess(listing, Entry.of(APPLE), found(listing))


def test_the_batch_finds_what_each_listing_alone_holds():
    listings = [
        pictured(("花牛苹果",)),
        make.listing("花牛苹果"),
        pictured(("甘肃",), ("花妞平果",)),
    ]

    assert FINDER.find(listings) == [FINDER.find([each])[0] for each in listings]


def test_a_name_on_a_package_becomes_a_clue():
    """From pixels to the sentence an officer reads."""
    prints = frames(png(sheet(["甘肃天水", "花牛苹果", "净重10斤"])), 0, PictureReader())
    listing = Listing(capture=make.capture("新鲜红苹果 10斤"), fingerprints=prints)
    (clue,) = Screen([APPLE], [FINDER]).clues([listing])

    assert clue.tier is Tier.REVIEW
    assert clue.reason.startswith("第1张图中的文字“花牛苹果”与受保护名称“花牛苹果”相同")
    assert clue.matches[0].region is not None
    assert clue.matches[0].region[1] == pytest.approx(0.25, abs=0.06)
