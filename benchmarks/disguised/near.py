"""Listings close to a right and not of it: other places, other makers, words that sound alike."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import cycle
from random import Random

from pypinyin import lazy_pinyin

from benchmarks.disguised import tables, titles
from benchmarks.disguised.negatives import (
    CLAUSE,
    COMMON,
    IDIOMS,
    WORD_TITLES,
    World,
    dressed,
    plain,
)
from benchmarks.disguised.sources import Sources, near_syllables, readings, syllable
from benchmarks.disguised.subjects import Subject
from benchmarks.disguised.titles import Line


def near(
    world: World, unlisted: Sequence[Subject], sources: Sources, count: int, random: Random
) -> Iterator[Line]:
    """Other places and makers, sound-alikes, scattered characters, goods alone, other GIs."""
    makers = (
        _other_place(world, sources, random),
        _sentences(world, sources.sentences),
        _near_words(world, random),
        _other_maker(world, random),
        _sounding(world, random),
        _scattered(world, random),
        _other_place(world, sources, random),
        _sentences(world, sources.sentences),
        _goods_alone(world, random),
        _unlisted(world, unlisted, random),
        _other_sense(world),
    )
    seen: set[str] = set()
    turn = cycle(makers)
    idle = 0
    while len(seen) < count and idle < 200:
        line = next(next(turn), None)
        idle += 1
        if line is None or str(line["title"]) in seen or not world.clear(str(line["title"])):
            continue
        idle = 0
        seen.add(str(line["title"]))
        yield line


def _framed(subject: Subject, name: str, world: World, random: Random) -> str:
    return titles.setting(subject, world.half, random, goods=True).title(name)


def _other_place(world: World, sources: Sources, random: Random) -> Iterator[Line]:
    """Goods of a GI from somewhere else, often from a place that shares a character with it."""
    places = [each for each in tables.near()["places"] if tables.part(each) == world.half]
    local = [each for each in world.subjects if each.kind == "gi" and each.han]
    other = [each for each in places if not any(_is_like(each, s, sources) for s in world.subjects)]
    while True:
        subject = random.choice(local)
        sharing = [each for each in other if set(each) & set(subject.head)]
        place = random.choice(sharing if sharing and random.random() < 0.8 else other)
        title = _framed(subject, place + subject.goods[0], world, random)
        tag = "same_character" if place in sharing else "other_place"
        yield dressed(title, random, "near", [tag])


def _is_like(place: str, subject: Subject, sources: Sources) -> bool:
    """Whether a person might take the place for the right's: by sound, by look or turned round."""
    head = subject.head
    if not subject.han or len(head) != len(place) or sorted(head) == sorted(place):
        return subject.han and sorted(head) == sorted(place)
    return all(
        one == other
        or bool(readings(one) & readings(other))
        or syllable(one) in near_syllables(syllable(other))
        or other in sources.lookalikes.get(one, ())
        for one, other in zip(head, place, strict=True)
    )


def _other_maker(world: World, random: Random) -> Iterator[Line]:
    makers = [each for each in tables.near()["makers"] if tables.part(each) == world.half]
    others = [each for each in world.subjects if each.kind == "trademark"]
    while True:
        subject, maker = random.choice(others), random.choice(makers)
        if _apart(maker, world):
            yield dressed(_framed(subject, maker, world, random), random, "near", ["other_maker"])


def _apart(name: str, world: World) -> bool:
    """No right shares a character of its head with this name, or sounds like it."""
    heard = set(lazy_pinyin(name))
    return not any(
        set(each.head) & set(name) or len(heard & set(lazy_pinyin(each.head))) > 1
        for each in world.subjects
        if each.han and len(each.head) <= 3
    )


def _sentences(world: World, sentences: Sequence[str]) -> Iterator[Line]:
    """What people wrote, cut to a title's length; first what a short name could be heard in."""
    short = _short(world)
    texts = dict.fromkeys(text for sentence in sentences for text in CLAUSE.split(sentence))
    mine = [text for text in texts if 6 <= len(text) <= 30 and tables.part(text) == world.half]
    for text in sorted(mine, key=lambda text: (not _rings(text, short), tables.chance(text))):
        tag = "sounds_alike" if _rings(text, short) else "sentence"
        yield {"title": text, "kind": "near", "tags": [tag]}


def _sounding(world: World, random: Random) -> Iterator[Line]:
    """Words of the dictionary that sound like a short name, or hold what does."""
    short = _short(world)
    words = [word for word in COMMON if tuple(lazy_pinyin(word)) in short]
    words += [word for word in IDIOMS if _rings(word, short)][:400]
    random.shuffle(words)
    for word in words:
        yield dressed(random.choice(WORD_TITLES).format(word), random, "near", ["sounds_alike"])


def _short(world: World) -> frozenset[tuple[str, ...]]:
    names = (each.name for each in world.subjects if each.han and len(each.name) in {2, 3})
    return frozenset(tuple(lazy_pinyin(name)) for name in names)


def _near_words(world: World, random: Random) -> Iterator[Line]:
    known = {each.name for each in world.subjects}
    found = [(n, title) for n, others in tables.near_words().items() for title in others]
    for name, title in found:
        if name in known:
            yield dressed(title, random, "near", ["near_word"])


def _rings(text: str, short: Iterable[tuple[str, ...]]) -> bool:
    heard = f" {' '.join(lazy_pinyin(text))} "
    return any(f" {' '.join(each)} " in heard for each in short)


def _scattered(world: World, random: Random) -> Iterator[Line]:
    """Every character of a name, each in a word of its own, never one beside the other."""
    words: dict[str, list[str]] = {}
    for phrase in COMMON:
        for character in phrase:
            words.setdefault(character, []).append(phrase)
    while True:
        subject = random.choice(
            [each for each in world.subjects if each.han and len(each.name) <= 4]
        )
        parts = [random.choice(words.get(each, [""])) for each in subject.head]
        if all(parts) and len(set(parts)) == len(parts) > 1:
            random.shuffle(parts)
            title = f"{parts[0]} {random.choice(tables.other_goods())} {' 款 '.join(parts[1:])}"
            yield dressed(title, random, "near", ["scattered"])
        else:
            yield dressed(plain(world, random), random, "near", ["goods_alone"])


def _goods_alone(world: World, random: Random) -> Iterator[Line]:
    while True:
        subject = random.choice([each for each in world.subjects if each.han])
        title = titles.plain_title(subject, world.half, random)
        yield dressed(f"{title} {random.choice(subject.goods)}", random, "near", ["goods_alone"])


def _unlisted(world: World, unlisted: Sequence[Subject], random: Random) -> Iterator[Line]:
    for subject in unlisted:
        if tables.part(subject.name) == world.half and not _shares_word(subject.name, world):
            title = _framed(subject, subject.name, world, random)
            yield dressed(title, random, "near", ["other_place"])


def _shares_word(name: str, world: World) -> bool:
    words = {word for word in name.casefold().split() if len(word) > 3}
    return any(words & set(each.name.casefold().split()) for each in world.subjects)


def _other_sense(world: World) -> Iterator[Line]:
    """Words of the sample list that are also water and hills."""
    known = {each.name for each in world.subjects}
    for name, others in tables.homographs().items():
        for title in others:
            if name not in known and tables.part(title) == world.half:
                yield {"title": title, "kind": "near", "tags": ["other_sense"]}
