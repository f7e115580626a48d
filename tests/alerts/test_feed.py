"""The feed shows clues as text, lets in who has the link, and publishes what a person decides."""

import asyncio
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from alerts.feed.app import Office, build
from alerts.feed.session import Door
from alerts.feed.stream import events
from alerts.feed.views import marked
from pipeline import codec
from pipeline.album import Album, Pictured, Sighting
from pipeline.assessed import Tier
from pipeline.bus import Topic
from pipeline.bus.embedded import EmbeddedBus
from pipeline.errors import BadInput
from pipeline.index.embedded import EmbeddedIndex
from pipeline.indexing import clue_document, index_stages
from pipeline.records import Decision, Picture, Verdict, clue_id
from pipeline.vault import Vault
from tests import make
from tests.contracts.bus import wait_for

HOSTILE = "<script>alert(1)</script>\x1b[2J\u202e花牛苹果"


class House:
    def __init__(self, folder):
        self.bus = EmbeddedBus(folder / "bus.sqlite")
        self.index = EmbeddedIndex(folder / "index.sqlite")
        self.vault = Vault(folder / "vault")
        self.album = Album(folder / "album.sqlite")
        self.door = Door()
        self.right = make.right(images=("logo.jpg",))
        (folder / "logo.jpg").write_bytes(make.picture(2))
        office = Office(
            bus=self.bus,
            index=self.index,
            vault=self.vault,
            album=self.album,
            rights={self.right.id: self.right},
            rights_folder=folder,
            overlay=self.drawn,
        )
        self.client = TestClient(build(office, self.door), base_url="http://127.0.0.1")

    def drawn(self, clue, _) -> bytes:
        if clue.listing.pictures[0].kept is None:
            raise BadInput("picture 1 of the listing was not kept")
        return make.picture(3, kind="PNG")

    def enter(self) -> TestClient:
        self.client.get(f"/enter?token={self.door.token}")
        return self.client

    def put(self, *clues) -> None:
        self.index.put([clue_document(clue) for clue in clues])

    def form(self, **given: str) -> dict[str, str]:
        page = self.client.get("/clue/clue-1").text
        hidden = {
            name: page.partition(f'name="{name}" value="')[2].partition('"')[0]
            for name in ("form_token", "revision")
        }
        chosen = {"decision": "dismiss", "reason_dismiss": "other_goods", "note": "是玩具"}
        return hidden | chosen | given


@pytest.fixture
def house(tmp_path):
    house = House(tmp_path)
    with house.client:
        yield house
    house.bus.close()
    house.index.close()
    house.album.close()


@pytest.mark.parametrize("path", ["/", "/clue/clue-1", "/events", f"/evidence/{'a' * 64}"])
def test_without_the_link_nothing_is_shown(house, path):
    assert house.client.get(path).status_code == 403


def test_the_link_works_once(house):
    token = house.door.token
    first = house.client.get(f"/enter?token={token}", follow_redirects=False)
    again = TestClient(house.client.app, base_url="http://127.0.0.1")

    assert first.status_code == 303
    assert again.get(f"/enter?token={token}").status_code == 403
    assert house.client.get("/").status_code == 200


def test_another_host_name_is_refused(house):
    """A page elsewhere cannot reach the feed by pointing its own name at this machine."""
    assert house.client.get("/", headers={"host": "evil.example"}).status_code == 400


def test_every_answer_carries_the_strict_policy(house):
    for path in ("/", "/static/feed.css", "/nowhere"):
        answer = house.enter().get(path)
        policy = answer.headers["content-security-policy"]

        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_crawled_text_is_shown_as_text(house):
    house.put(make.clue(listing=make.capture(HOSTILE, shop=HOSTILE, url=HOSTILE, origin=HOSTILE)))
    for path in ("/", "/clue/clue-1"):
        page = house.enter().get(path).text

        assert "<script>alert" not in page
        assert "&lt;script&gt;" in page
        assert "\x1b" not in page
        assert "\u202e" not in page


def test_the_list_shows_what_a_person_should_see_first(house):
    tiers = {tier: make.clue(tier.value, tier=tier) for tier in Tier}
    house.put(*tiers.values())
    page = house.enter().get("/").text

    assert "clue-high" in page
    assert "clue-review" in page
    assert "clue-low" not in page
    assert "clue-cleared" in house.client.get("/?tier=cleared").text


def test_the_list_is_searched(house):
    house.put(
        make.clue("a", listing=make.capture("花牛苹果")),
        make.clue("b", listing=make.capture("秦安花椒")),
    )
    page = house.enter().get("/", params={"q": "花椒"}).text

    assert "clue-b" in page
    assert "clue-a" not in page


def test_the_page_of_a_clue_says_why(house):
    kept = house.vault.put(make.picture(5), "image/jpeg")
    listing = make.capture(pictures=(Picture(source="x", kept=kept),))
    image = make.match(
        detector="image", field="image:0", span=None, right_image="logo.jpg", reason="相差3位"
    )
    house.put(make.clue(listing=listing, matches=(make.match(), image)))
    page = house.enter().get("/clue/clue-1").text

    assert "<mark>花牛苹果</mark>" in page
    assert "相差3位" in page
    assert f"/evidence/{kept.sha256}" in page
    assert house.client.get(f"/evidence/{kept.sha256}").content == make.picture(5)
    assert house.client.get(f"/right/{house.right.id}?image=logo.jpg").content == make.picture(2)


def test_where_a_right_s_picture_lies_is_outlined_and_drawn_when_asked(house):
    kept = house.vault.put(make.picture(5), "image/jpeg")
    listing = make.capture(pictures=(Picture(source="x", kept=kept),))
    seen = make.match(
        detector="image", field="image:0", right_image="logo.jpg", region=(0.1, 0.2, 0.5, 0.25)
    )
    house.put(make.clue(listing=listing, matches=(make.match(), seen)))
    page = house.enter().get("/clue/clue-1").text
    drawn = house.client.get("/clue/clue-1/overlay/1")

    assert '<rect x="0.1" y="0.2" width="0.5" height="0.25"' in page
    assert 'href="/clue/clue-1/overlay/1"' in page
    assert (drawn.headers["content-type"], drawn.content) == (
        "image/png",
        make.picture(3, kind="PNG"),
    )
    assert house.client.get("/clue/clue-1/overlay/0").status_code == 404
    assert house.client.get("/clue/clue-1/overlay/2").status_code == 404
    assert house.client.get("/clue/other/overlay/1").status_code == 404


def test_a_comparison_that_cannot_be_drawn_says_why(house):
    listing = make.capture(pictures=(Picture(source="x", problem="gone"),))
    seen = make.match(detector="image", field="image:0", right_image="logo.jpg")
    house.put(make.clue(listing=listing, matches=(seen,)))
    answer = house.enter().get("/clue/clue-1/overlay/0")

    assert (answer.status_code, answer.text) == (404, "picture 1 of the listing was not kept")
    assert "overlay" not in house.client.get("/clue/clue-1").text


def test_only_pictures_leave_the_vault_by_this_door(house):
    kept = house.vault.put(b"<script>alert(1)</script>", "text/html")

    assert house.enter().get(f"/evidence/{kept.sha256}").status_code == 415


@pytest.mark.parametrize("image", ["../bus.sqlite", "/etc/passwd", "bus.sqlite", ""])
def test_only_a_right_s_own_pictures_are_shown(house, image):
    assert house.enter().get(f"/right/{house.right.id}", params={"image": image}).status_code == 404


def test_english_is_a_switch_away(house):
    house.enter().get("/language/en?back=/")

    assert "findings" in house.client.get("/").text


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_the_switch_leads_nowhere_else(house, back):
    answer = house.enter().get("/language/en", params={"back": back}, follow_redirects=False)

    assert answer.headers["location"] == "/"


def test_a_decision_is_published_with_who_what_and_why(house):
    house.put(make.clue())
    answer = house.enter().post("/clue/clue-1/verdict", data=house.form(), follow_redirects=False)
    (message,) = wait_for(house.bus.follow(Topic.VERDICTS), 1)
    verdict = codec.decode(message.body, Verdict)

    assert answer.status_code == 303
    assert (verdict.decision, verdict.reason_code) == (Decision.DISMISS, "other_goods")
    assert (verdict.by, verdict.note) == ("reviewer", "是玩具")


def test_a_decision_on_a_clue_that_has_changed_is_not_taken(house):
    house.put(make.clue())
    house.enter()
    form = house.form()
    house.put(make.clue(score=0.5, listing=make.capture(price=1.0)))
    answer = house.client.post("/clue/clue-1/verdict", data=form)

    assert answer.status_code == 409
    assert "新的版本" in answer.text
    assert house.bus.end(Topic.VERDICTS) == "0"


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"form_token": "forged"}, 403),
        ({"decision": "burn"}, 400),
        ({"reason_dismiss": "because"}, 400),
        ({"note": "x" * 20_000}, 400),
    ],
)
def test_a_form_that_is_wrong_fails_visibly(house, given, status):
    house.put(make.clue())
    house.enter()

    assert house.client.post("/clue/clue-1/verdict", data=house.form(**given)).status_code == status
    assert house.bus.end(Topic.VERDICTS) == "0"


def test_a_clue_that_is_not_there_is_said_so(house):
    assert house.enter().get("/clue/none").status_code == 404


def test_a_verdict_changes_the_state_and_a_late_clue_does_not_change_it_back(house):
    clues, verdicts = index_stages(house.index)
    house.put(make.clue())
    verdict = Verdict(
        clue_id="clue-1",
        revision="r",
        decision=Decision.CONFIRM,
        reason_code="name",
        by="x",
        at=make.SEEN,
    )
    list(verdicts.handle([verdict]))
    list(clues.handle([make.clue()]))

    assert "确认侵权线索" in house.enter().get("/").text


def seen_in(house, *captures):
    """Each listing shows a picture of its own; all of them are copies of one."""
    for number, capture in enumerate(captures):
        moment = make.SEEN + timedelta(days=number)
        sighting = Sighting(
            picture=f"picture {number}",
            listing=capture.key,
            image=0,
            item=capture.id,
            platform="practice",
            shop=capture.shop.name,
            title=capture.title,
            first=moment,
            last=moment,
        )
        picture = Pictured(
            id=sighting.picture, cluster=sighting.picture, points=b"", width=1, height=1
        )
        house.album.put([(picture, ())], [sighting])
        house.album.join(picture.id, ["picture 0"])


def test_a_clue_tells_who_else_shows_its_picture_and_leads_there(house):
    mine, other = make.capture("花牛苹果"), make.capture(HOSTILE, id="2", shop=HOSTILE)
    unknown = make.capture("无线索的商品", id="3")
    seen_in(house, mine, other, unknown)
    linked = clue_id(other.key, house.right.id)
    house.put(make.clue(listing=mine), make.clue(linked, listing=other))
    page = house.enter().get("/clue/clue-1").text

    assert "3 条商品、2 家店铺，最早见于 2026-11-20 16:00" in page
    assert f'href="/clue/{linked}"' in page
    assert "<li>无线索的商品 ·" in page
    assert "<script>alert" not in page
    assert "\u202e" not in page


def test_a_picture_that_nobody_else_shows_is_not_spoken_of(house):
    seen_in(house, make.capture())
    house.put(make.clue())

    assert "同图" not in house.enter().get("/clue/clue-1").text


def test_pieces_of_a_title_join_where_matches_overlap():
    title = "正宗花牛苹果礼盒"
    pieces = marked(title, (make.match(span=(2, 4)), make.match(span=(2, 6))), "title")

    assert [(piece.text, piece.marked) for piece in pieces] == [
        ("正宗", False),
        ("花牛苹果", True),
        ("礼盒", False),
    ]


def test_events_resume_behind_the_last_one_seen(house):
    """Each event's id is its place in the log, so nothing is missed and nothing comes twice."""

    async def first(count: int, after: str | None) -> list[str]:
        found: list[str] = []
        stream = events(house.bus.follow(Topic.CLUES, after), lambda row: row.id)
        async for event in stream:
            if event.startswith("id:"):
                found.append(event)
            if len(found) == count:
                await stream.aclose()
                return found
        return found

    for number in range(4):
        clue = make.clue(f"c{number}", tier=Tier.LOW if number == 1 else Tier.HIGH)
        house.bus.publish(Topic.CLUES, clue.clue_id, codec.encode(clue))
    house.bus.publish(Topic.CLUES, "poison", b"not a clue")
    one, *rest = asyncio.run(first(3, None))
    cursor = one.partition("id: ")[2].partition("\n")[0]

    assert "data: c0" in one
    assert asyncio.run(first(2, cursor)) == rest
    assert "data: c2" in rest[0]
