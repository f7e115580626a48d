"""What every index must do; a test module subclasses this and says how to open one."""

from dataclasses import replace
from datetime import timedelta

import pytest

from pipeline.errors import BadInput
from pipeline.index import Document, Facet, Index, Kind, Order, Query, every
from pipeline.records import PerceptualHash
from tests.make import SEEN

FULL = (1 << 64) - 1


def hashes(*bits: int) -> tuple[PerceptualHash, ...]:
    return tuple(PerceptualHash(bits=each) for each in bits)


def document(name: str, title: str = "花牛苹果礼盒", **given) -> Document:
    values = {
        "kind": Kind.CLUE,
        "id": name,
        "version": 1,
        "at": SEEN,
        "score": 0.5,
        "texts": {"title": title},
        "facets": {Facet.TIER: "high"},
        "body": b"{}",
    }
    return Document(**values | given)


def found(index: Index, query: Query) -> list[str]:
    return [hit.document.id for hit in index.search(query).hits]


def words(*given: str) -> Query:
    return Query(words=given)


class IndexContract:
    """Subclasses give the fixture `index`."""

    @pytest.fixture
    def index(self) -> Index:
        raise NotImplementedError

    @pytest.mark.parametrize(
        ("title", "word"),
        [
            ("天水花牛苹果", "花牛"),
            ("天水花牛苹果", "果"),
            ("天水花牛苹果", "天"),
            ("天水花牛苹果", "水"),
            ("天水花牛苹果", "天水花牛苹果"),
            ("天水花牛蘋果", "花牛苹果"),
            ("天水花牛苹果", "花牛蘋果"),
            ("Huaniu Apple 5kg", "huaniu"),
            ("Huaniu Apple 5kg", "apple"),
            ("Huaniu Apple 5kg", "huaniu apple"),
            ("花牛apple礼盒", "牛apple"),
            ("花牛apple礼盒", "apple礼"),
            ("花*牛苹果", "花牛"),
            ("ＰＲＡＤＡ包", "prada"),
            ("5斤装", "5"),
        ],
    )
    def test_words_are_found_as_people_write_them(self, index, title, word):
        index.put([document("it", title), document("other", "无关商品")])

        assert found(index, words(word)) == ["it"]

    @pytest.mark.parametrize(
        ("title", "word"),
        [
            ("牛花苹果", "花牛"),
            ("花园里的牛", "花牛"),
            ("苹果花牛", "花牛苹果"),
            ("pradax", "prada"),
            ("apple花", "apple礼"),
        ],
    )
    def test_a_phrase_is_its_characters_side_by_side(self, index, title, word):
        index.put([document("near miss", title)])

        assert found(index, words(word)) == []

    def test_a_word_does_not_reach_across_two_texts(self, index):
        index.put([document("it", texts={"title": "红花 apple", "shop": "pie 牛肉店"})])

        assert found(index, words("apple pie")) == []
        assert found(index, words("红花牛肉")) == []

    def test_all_words_must_be_there(self, index):
        index.put([document("both", "花牛苹果礼盒"), document("one", "花牛苹果")])

        assert found(index, words("花牛", "礼盒")) == ["both"]

    def test_highlights_are_places_in_the_text_as_given(self, index):
        index.put([document("it", "正宗 花*牛蘋果")])
        (hit,) = index.search(words("花牛苹果")).hits
        ((field, start, end),) = hit.highlights

        assert hit.document.texts[field][start:end] == "花*牛蘋果"

    def test_every_place_of_every_word_is_highlighted_in_whatever_text(self, index):
        index.put([document("it", texts={"title": "花牛苹果 花牛", "shop": "天水果行"})])

        assert found(index, words("天水", "花牛")) == ["it"]
        (hit,) = index.search(words("天水", "花牛")).hits
        assert set(hit.highlights) == {("title", 0, 2), ("title", 5, 7), ("shop", 0, 2)}

    def test_a_newer_version_replaces(self, index):
        index.put([document("it", "旧题", version=1)])
        index.put([document("it", "新题", version=2)])

        assert found(index, words("新题")) == ["it"]
        assert found(index, words("旧题")) == []

    def test_a_late_replay_changes_nothing(self, index):
        index.put([document("it", "新题", version=2)])
        index.put([document("it", "旧题", version=1)])

        assert found(index, words("新题")) == ["it"]
        assert found(index, words("旧题")) == []

    def test_the_same_version_again_replaces(self, index):
        index.put([document("it")])
        index.put([document("it", facets={Facet.TIER: "low"})])
        stored = index.get(Kind.CLUE, "it")

        assert stored is not None
        assert stored.facets[Facet.TIER] == "low"

    @pytest.mark.parametrize("versions", [(1, 2), (2, 1)])
    def test_of_two_versions_put_at_once_the_newer_stays(self, index, versions):
        index.put(document("it", f"第{number}版", version=number) for number in versions)

        assert found(index, words("第2版")) == ["it"]
        assert found(index, words("第1版")) == []

    def test_nothing_of_an_older_version_is_found(self, index):
        index.put([document("it", facets={Facet.SHOP: "旧店"}, pictures=hashes(0), version=1)])
        new = document("it", facets={}, pictures=hashes(FULL), version=2)
        index.put([new])

        assert index.get(Kind.CLUE, "it") == new
        assert found(index, Query(facets={Facet.SHOP: ("旧店",)})) == []
        assert found(index, Query(picture=PerceptualHash(bits=0))) == []

    def test_get_returns_what_was_put(self, index):
        put = document("it", texts={"title": "花牛", "shop": "某店"}, body='{"名": 1}'.encode())
        index.put([put])

        assert index.get(Kind.CLUE, "it") == put
        assert index.get(Kind.CLUE, "nobody") is None

    def test_kinds_are_apart(self, index):
        index.put([document("it"), document("it", kind=Kind.VERDICT)])

        assert found(index, Query(kind=Kind.VERDICT)) == ["it"]
        assert index.search(Query()).total == 1
        assert index.get(Kind.NOTICE, "it") is None

    def test_facets_filter_exactly(self, index):
        index.put([document(tier, facets={Facet.TIER: tier}) for tier in ("high", "low", "HIGH")])

        assert found(index, Query(facets={Facet.TIER: ("high",)})) == ["high"]
        assert sorted(found(index, Query(facets={Facet.TIER: ("high", "low")}))) == ["high", "low"]

    def test_several_facets_must_all_hold(self, index):
        index.put(
            [
                document(f"{tier} {shop}", facets={Facet.TIER: tier, Facet.SHOP: shop})
                for tier in ("high", "low")
                for shop in ("甲", "乙")
            ]
        )

        assert found(index, Query(facets={Facet.TIER: ("high",), Facet.SHOP: ("甲",)})) == [
            "high 甲"
        ]

    def test_facets_are_counted_within_the_query(self, index):
        index.put([document(f"h{n}") for n in range(3)])
        index.put([document("l", facets={Facet.TIER: "low"}), document("x", "无关商品")])
        page = index.search(Query(words=("花牛",), count=(Facet.TIER, Facet.SHOP)))

        assert page.counts == {Facet.TIER: {"high": 3, "low": 1}, Facet.SHOP: {}}

    def test_time_counts_in_its_start_and_out_its_end(self, index):
        hour = timedelta(hours=1)
        index.put([document(str(n), at=SEEN + n * hour) for n in range(4)])
        query = Query(since=SEEN + hour, until=SEEN + 3 * hour)

        assert found(index, query) == ["2", "1"]

    def test_newest_first_and_surest_first(self, index):
        hour = timedelta(hours=1)
        index.put([document("old sure", score=0.9), document("new", at=SEEN + hour, score=0.1)])

        assert found(index, Query()) == ["new", "old sure"]
        assert found(index, Query(order=Order.SCORE)) == ["old sure", "new"]

    @pytest.mark.parametrize("order", [Order.NEWEST, Order.SCORE])
    def test_pages_neither_repeat_nor_skip_even_among_equals(self, index, order):
        names = [f"{n:02}" for n in range(25)]
        index.put([document(name, score=int(name) % 3 / 10) for name in names])
        seen: list[str] = []
        query = Query(limit=4, order=order)
        while True:
            page = index.search(query)
            seen += [hit.document.id for hit in page.hits]
            assert len(page.hits) <= 4
            if page.after is None:
                break
            query = replace(query, after=page.after)

        score = {Order.NEWEST: 0, Order.SCORE: 1}[order]
        assert seen == sorted(names, key=lambda name: (-score * (int(name) % 3), name))
        assert page.total == 25

    def test_a_last_page_that_is_full_has_nothing_after_it(self, index):
        index.put([document("a"), document("b")])

        assert index.search(Query(limit=2)).after is None

    def test_a_cursor_that_is_none_is_refused(self, index):
        with pytest.raises(BadInput, match="cursor"):
            index.search(Query(after="nonsense"))

    def test_words_without_letters_ask_for_nothing_in_particular(self, index):
        index.put([document("it")])

        assert found(index, words("★")) == ["it"]

    @pytest.mark.parametrize(
        "word", ['"', "花牛 OR 1", "*", "NEAR(", "title:花牛", "'; DROP TABLE"]
    )
    def test_a_query_is_words_and_no_language(self, index, word):
        index.put([document("it", "香蕉")])

        assert found(index, words(word)) in ([], ["it"])

    def test_several_are_got_at_once(self, index):
        index.put([document("a"), document("b"), document("c")])

        assert set(index.get_all(Kind.CLUE, ["a", "c", "nobody"])) == {"a", "c"}
        assert index.get_all(Kind.CLUE, []) == {}

    def test_facets_of_every_name_filter(self, index):
        full = {facet: f"{facet} 甲" for facet in Facet}
        index.put([document("full", facets=full), document("bare", facets={})])

        for facet in Facet:
            assert found(index, Query(facets={facet: (f"{facet} 甲",)})) == ["full"]
            assert found(index, Query(facets={facet: ("another",)})) == []

    def test_a_facet_forgets_no_value_however_rare(self, index):
        index.put([document(f"{n:04}", facets={Facet.SHOP: f"店{n:04}"}) for n in range(1_205)])
        index.put([document("again", facets={Facet.SHOP: "店0700"})])
        counts = index.search(Query(count=(Facet.SHOP,))).counts[Facet.SHOP]

        assert len(counts) == 1_205
        assert next(iter(counts.items())) == ("店0700", 2)

    def test_a_moment_keeps_its_microseconds(self, index):
        moments = [SEEN + timedelta(microseconds=n) for n in (1, 2, 3)]
        index.put([document(str(n), at=at) for n, at in enumerate(moments)])

        assert found(index, Query()) == ["2", "1", "0"]
        assert found(index, Query(since=moments[1], until=moments[2])) == ["1"]

    def test_a_picture_is_found_by_one_like_it(self, index):
        asked = 0xF0F0_F0F0_F0F0_F0F0
        index.put(
            [
                document("same", pictures=hashes(asked)),
                document("near", pictures=hashes(~asked & FULL, asked ^ 0b111)),
                document("edge", pictures=hashes(asked ^ 0x3FF)),
                document("far", pictures=hashes(asked ^ 0x7FF, 0)),
                document("none"),
            ]
        )
        query = Query(picture=PerceptualHash(bits=asked), order=Order.NEAREST)
        page = index.search(query)

        assert [(hit.document.id, hit.distance) for hit in page.hits] == [
            ("same", 0),
            ("near", 3),
            ("edge", 10),
        ]
        assert page.total == 3
        assert sorted(found(index, replace(query, order=Order.NEWEST))) == ["edge", "near", "same"]
        assert found(index, replace(query, within=0)) == ["same"]

    def test_pictures_and_words_and_facets_hold_together(self, index):
        same = {"pictures": hashes(7)}
        index.put([document("both", **same), document("words", pictures=hashes(FULL))])
        index.put([document("picture", "香蕉", **same), document("low", facets={}, **same)])
        query = Query(
            words=("花牛",), facets={Facet.TIER: ("high",)}, picture=PerceptualHash(bits=7)
        )

        assert found(index, query) == ["both"]
        assert index.search(replace(query, count=(Facet.TIER,))).counts[Facet.TIER] == {"high": 1}

    def test_nearest_pages_neither_repeat_nor_skip(self, index):
        index.put([document(f"{n:02}", pictures=hashes((1 << n % 4) - 1)) for n in range(20)])
        query = Query(picture=PerceptualHash(bits=0), order=Order.NEAREST, limit=3)
        hits = list(every(index, query))

        assert [hit.document.id for hit in hits] == sorted(
            (f"{n:02}" for n in range(20)), key=lambda name: (int(name) % 4, name)
        )
        assert [hit.distance for hit in hits] == sorted(n % 4 for n in range(20))

    def test_pictures_come_back_as_they_were_put(self, index):
        put = document("it", pictures=hashes(FULL, 1, 0, 1 << 63))
        index.put([put])

        assert index.get(Kind.CLUE, "it") == put

    def test_a_page_is_no_larger_than_any_index_gives(self):
        with pytest.raises(ValueError, match="1 to 1000"):
            Query(limit=1_001)

    def test_a_renewed_index_takes_the_place_of_the_old_at_once(self, index):
        index.put([document("old", "旧题"), document("kept", version=5)])
        with index.renewed() as fresh:
            fresh.put([document("new", "新题"), document("kept", "新题", version=1)])
            assert sorted(found(index, Query())) == ["kept", "old"]

        assert sorted(found(index, Query())) == ["kept", "new"]
        assert found(index, words("旧题")) == []
        assert index.get(Kind.CLUE, "old") is None
        assert sorted(found(index, words("新题"))) == ["kept", "new"]
        index.put([document("later")])
        assert sorted(found(index, Query())) == ["kept", "later", "new"]

    def test_a_renewal_that_fails_changes_nothing(self, index):
        index.put([document("old")])

        def renew() -> None:
            with index.renewed() as fresh:
                fresh.put([document("half")])
                raise RuntimeError("the bus went away")

        with pytest.raises(RuntimeError):
            renew()
        assert found(index, Query()) == ["old"]
        with index.renewed():
            pass
        assert found(index, Query()) == []
