"""Faults planted in a bus or an index; the contract it breaks must catch each of them.

Run by itself this module fails on purpose: test_planted.py reads which tests failed. Where
`MARKWATCH_TEST_KAFKA` or `MARKWATCH_TEST_ELASTICSEARCH` names a server they are planted there.
"""

# ruff: noqa: ARG002 - a method takes what the one in its place takes

import itertools
import os
import re
import threading
import time
import uuid
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import Phase, settings

from pipeline.bus import Bus, Reader, open_bus
from pipeline.bus.base import LARGEST
from pipeline.bus.kafka.reading import cursor_of, places_of
from pipeline.errors import BadInput
from pipeline.index import Facet, Index, Kind, Order, Page, Query, every, open_index
from pipeline.index.base import cursor, place_of
from pipeline.index.highlight import highlights
from pipeline.normalise import fold
from pipeline.records import HASH_BITS, PerceptualHash
from tests.contracts.bus import BusContract
from tests.contracts.index import IndexContract

KAFKA = os.environ.get("MARKWATCH_TEST_KAFKA", "").removeprefix("kafka://")
ELASTICSEARCH = os.environ.get("MARKWATCH_TEST_ELASTICSEARCH", "")
PATIENCE = 10.0 if KAFKA else 1.0
MICROSECOND = timedelta(microseconds=1)

settings.register_profile("planted", phases=[Phase.generate], derandomize=True)

FAULTS = []


def caught_by(*tests):
    """Plants the fault, which each of these tests of the contract must catch."""

    def plant(fault):
        fault.caught_by = tests
        FAULTS.append(fault)
        return fault

    return plant


class Handing(Reader):
    """A reader that hands everything on."""

    def __init__(self, reader):
        self.reader = reader

    def poll(self, timeout):
        return self.reader.poll(timeout)

    def commit(self, messages):
        self.reader.commit(messages)

    def behind(self):
        return self.reader.behind()

    def close(self):
        self.reader.close()


class GroupReader(Handing):
    @classmethod
    def on(cls, bus):
        return SoundBus(bus, member=cls)


class Follower(Handing):
    @classmethod
    def on(cls, bus):
        return SoundBus(bus, follower=cls)


class SoundBus(Bus):
    """A bus without a fault."""

    def __init__(self, bus, member=GroupReader, follower=Follower):
        self.bus, self.member, self.follower = bus, member, follower
        self.name = uuid.uuid4().hex
        self.known = {}
        self.numbers = itertools.count()
        self.lock = threading.Lock()

    @classmethod
    def on(cls, bus):
        return cls(bus)

    def publish_all(self, topic, entries):
        self.bus.publish_all(topic, entries)

    def reader(self, topic, group):
        return self.member(self.bus.reader(topic, group))

    def follow(self, topic, after=None):
        return self.follower(self.bus.follow(topic, after))

    def end(self, topic):
        return self.bus.end(topic)

    def at(self, topic, places):
        return self.bus.at(topic, places)

    def close(self):
        self.bus.close()


@caught_by(BusContract.test_messages_are_found_again_at_their_places)
class PlacesOneOff(SoundBus):
    """What stands behind a place is taken for what stands there."""

    def at(self, topic, places):
        return self.bus.at(topic, [(partition, offset + 1) for partition, offset in places])


@caught_by(BusContract.test_messages_are_found_again_at_their_places)
class PlacesRepeated(SoundBus):
    """Each place is looked up as often as it is named."""

    def at(self, topic, places):
        return itertools.chain.from_iterable(self.bus.at(topic, [each]) for each in places)


@caught_by(
    BusContract.test_only_what_was_not_committed_comes_again,
    BusContract.test_a_second_commit_goes_on_from_the_first,
    BusContract.test_any_sequence_of_steps_loses_and_doubles_nothing,
)
class CommitLost(GroupReader):
    """A commit is sent with the next one, so that the last is lost."""

    waiting = ()

    def commit(self, messages):
        self.reader.commit(self.waiting)
        self.waiting = messages


@caught_by(
    BusContract.test_only_what_was_not_committed_comes_again,
    BusContract.test_one_commit_settles_every_partition,
    BusContract.test_any_sequence_of_steps_loses_and_doubles_nothing,
)
class CommitOneShort(GroupReader):
    """A commit stops one message short, which comes again."""

    def commit(self, messages):
        self.reader.commit(messages[:-1])


@caught_by(BusContract.test_a_commit_reaches_to_its_furthest_message_in_whatever_order)
class CommitByTheLast(GroupReader):
    """A commit goes by the last message handed to it, not by the furthest."""

    def commit(self, messages):
        self.reader.commit(list({message.partition: message for message in messages}.values()))


@caught_by(BusContract.test_one_commit_settles_every_partition)
class CommitOnePartition(GroupReader):
    """A commit settles the partition of its last message only."""

    def commit(self, messages):
        last = messages[-1].partition if messages else None
        self.reader.commit([message for message in messages if message.partition == last])


@caught_by(
    BusContract.test_only_what_was_not_committed_comes_again,
    BusContract.test_a_late_commit_of_an_earlier_message_takes_nothing_back,
)
class CommitTooMuch(GroupReader):
    """A commit takes along all that was polled."""

    given = ()

    def poll(self, timeout):
        found = self.reader.poll(timeout)
        self.given = [*self.given, *found]
        return found

    def commit(self, messages):
        self.reader.commit(self.given)


@caught_by(
    BusContract.test_only_what_was_not_committed_comes_again,
    BusContract.test_any_sequence_of_steps_loses_and_doubles_nothing,
)
class CommitOnClose(GroupReader):
    """A reader that is closed commits all that it polled."""

    given = ()

    def poll(self, timeout):
        found = self.reader.poll(timeout)
        self.given = [*self.given, *found]
        return found

    def close(self):
        self.reader.commit(self.given)
        self.reader.close()


@caught_by(BusContract.test_a_closed_reader_leaves_its_place_to_another)
class PlaceKept(GroupReader):
    """A reader that is closed keeps its place."""

    kept = []  # noqa: RUF012 - what is let go of gives its place up

    def close(self):
        self.kept.append(self.reader)


@caught_by(BusContract.test_within_a_key_order_is_the_order_of_publishing)
class OrderBroken(GroupReader):
    """Two messages of a key change places when there are many."""

    def poll(self, timeout):
        found = list(self.reader.poll(timeout))
        alike = [place for place, each in enumerate(found) if each.key == found[-1].key]
        if len(alike) > 20:
            one, other = alike[-2:]
            found[one], found[other] = found[other], found[one]
        return found


@caught_by(BusContract.test_within_a_key_order_is_the_order_of_publishing)
class MessageSkipped(GroupReader):
    """The hundredth message that a reader is given is left out."""

    count = 0

    def poll(self, timeout):
        found = self.reader.poll(timeout)
        first, self.count = self.count, self.count + len(found)
        return [each for number, each in enumerate(found, first + 1) if number != 100]


@caught_by(BusContract.test_behind_counts_what_the_group_has_not_committed)
class GroupNeverBehind(GroupReader):
    """A group is never behind."""

    def behind(self):
        return 0


@caught_by(BusContract.test_behind_counts_what_the_group_has_not_committed)
class GroupBehindPolls(GroupReader):
    """A group is behind by what it was not given, not by what it has not committed."""

    given = 0

    def poll(self, timeout):
        found = self.reader.poll(timeout)
        self.given += len(found)
        return found

    def commit(self, messages):
        self.given -= len(messages)
        self.reader.commit(messages)

    def behind(self):
        return max(0, self.reader.behind() - self.given)


@caught_by(BusContract.test_a_message_is_what_was_published)
class TimeOfTheZone(GroupReader):
    """The hour of a message is that of another time zone."""

    def poll(self, timeout):
        found = self.reader.poll(timeout)
        return [replace(each, at=each.at + timedelta(hours=8)) for each in found]


@caught_by(BusContract.test_a_poll_ends_when_a_message_comes)
class PollSleeps(GroupReader):
    """A poll waits out its time although there is something."""

    def poll(self, timeout):
        end = time.monotonic() + timeout
        found = self.reader.poll(timeout)
        time.sleep(max(0.0, end - time.monotonic()))
        return found


@caught_by(BusContract.test_a_poll_that_finds_nothing_takes_its_time)
class PollSpins(GroupReader):
    """A poll that finds nothing does not wait."""

    def poll(self, timeout):
        return self.reader.poll(min(timeout, 0.01))


@caught_by(
    BusContract.test_a_follower_resumes_behind_its_cursor,
    BusContract.test_history_ends_with_what_there_is,
)
class CursorRepeats(Follower):
    """The cursor of a message stands before it, so that it comes again."""

    last = None

    def poll(self, timeout):
        found = self.reader.poll(timeout)
        cursors = [self.last, *(each.cursor for each in found)]
        self.last = cursors.pop()
        return [replace(each, cursor=at) for each, at in zip(found, cursors, strict=True)]


@caught_by(BusContract.test_a_follower_resumes_behind_its_cursor)
class CursorSkips(Follower):
    """The cursor of a message stands behind the next one, which never comes."""

    def poll(self, timeout):
        found = self.reader.poll(timeout)
        cursors = [each.cursor for each in [*found[1:], *found[-1:]]]
        return [replace(each, cursor=at) for each, at in zip(found, cursors, strict=True)]


@caught_by(BusContract.test_a_follower_resumes_behind_its_cursor)
class CursorOfOnePartition(Follower):
    """A cursor is right in its own partition and ahead in the others."""

    def poll(self, timeout):
        found = self.reader.poll(timeout)
        ends = places_of(found[-1].cursor) if found else {}
        places = [{**ends, each.partition: each.offset + 1} for each in found]
        return [replace(each, cursor=cursor_of(at)) for each, at in zip(found, places, strict=True)]


@caught_by(
    BusContract.test_behind_counts_for_a_follower_what_it_was_not_given,
    BusContract.test_history_ends_with_what_there_is,
)
class FollowerNeverBehind(Follower):
    """A follower is never behind."""

    def behind(self):
        return 0


@caught_by(
    BusContract.test_only_what_was_not_committed_comes_again,
    BusContract.test_any_sequence_of_steps_loses_and_doubles_nothing,
)
class LastForgotten(SoundBus):
    """Of several messages published at once the last is forgotten."""

    def publish_all(self, topic, entries):
        entries = list(entries)
        self.bus.publish_all(topic, entries[:-1] if len(entries) > 1 else entries)


@caught_by(
    BusContract.test_only_what_was_not_committed_comes_again,
    BusContract.test_any_sequence_of_steps_loses_and_doubles_nothing,
)
class FirstOvertaken(SoundBus):
    """Of several messages published at once the first comes last."""

    def publish_all(self, topic, entries):
        first, *rest = [*entries] or [None]
        self.bus.publish_all(topic, [*rest, first] if first else [])


@caught_by(BusContract.test_within_a_key_order_is_the_order_of_publishing)
class EntriesUsedUp(SoundBus):
    """What is published is counted first, which uses a generator up."""

    def publish_all(self, topic, entries):
        self.known[topic] = sum(1 for _ in entries)
        self.bus.publish_all(topic, entries)


@caught_by(BusContract.test_many_threads_may_publish_at_once)
class ThreadIgnored(SoundBus):
    """Of two threads that publish at once one is ignored."""

    def publish_all(self, topic, entries):
        if self.lock.acquire(blocking=False):
            try:
                self.bus.publish_all(topic, entries)
            finally:
                self.lock.release()


@caught_by(BusContract.test_a_body_too_large_is_refused_before_anything_is_sent)
class BodyCut(SoundBus):
    """A body too large is taken, and cut to what fits."""

    def publish_all(self, topic, entries):
        self.bus.publish_all(topic, [(key, body[:LARGEST]) for key, body in entries])


@caught_by(BusContract.test_a_body_too_large_is_refused_before_anything_is_sent)
class SomeSent(SoundBus):
    """What comes before a body too large is sent although all is refused."""

    def publish_all(self, topic, entries):
        entries = list(entries)
        fine = list(itertools.takewhile(lambda entry: len(entry[1]) <= LARGEST, entries))
        if len(fine) < len(entries):
            self.bus.publish_all(topic, fine)
        self.bus.publish_all(topic, entries)


@caught_by(BusContract.test_a_message_is_what_was_published)
class BodyTakenForText(SoundBus):
    """A body that is not UTF-8 is mended."""

    def publish_all(self, topic, entries):
        mended = [(key, body.decode("utf-8", "replace").encode()) for key, body in entries]
        self.bus.publish_all(topic, mended)


@caught_by(BusContract.test_groups_do_not_take_from_one_another)
class GroupsShare(SoundBus):
    """All groups have one place."""

    def reader(self, topic, group):
        return super().reader(topic, "all")


@caught_by(
    BusContract.test_only_what_was_not_committed_comes_again,
    BusContract.test_two_readers_of_a_group_share_what_there_is,
    BusContract.test_readers_that_come_and_go_lose_nothing,
)
class GroupForgotten(SoundBus):
    """Every reader is a group of its own."""

    def reader(self, topic, group):
        return super().reader(topic, f"{group}-{next(self.numbers)}")


@caught_by(BusContract.test_a_new_group_starts_at_the_very_beginning)
class GroupBeginsAtTheEnd(SoundBus):
    """A new group begins at the end."""

    def reader(self, topic, group):
        new = (topic, group) not in self.known
        self.known[topic, group] = True
        reader = super().reader(topic, group)
        return settle(reader) if new else reader


@caught_by(BusContract.test_topics_are_apart)
class TopicsSettled(SoundBus):
    """A commit settles all other topics of the group as well."""

    def publish_all(self, topic, entries):
        self.known[topic] = True
        self.bus.publish_all(topic, entries)

    def reader(self, topic, group):
        reader = super().reader(topic, group)
        commit = reader.commit

        def commit_everywhere(messages):
            commit(messages)
            for other in self.known.keys() - {topic}:
                settle(self.bus.reader(other, group))

        reader.commit = commit_everywhere
        return reader


def settle(reader):
    end = time.monotonic() + PATIENCE
    while reader.behind() and time.monotonic() < end:
        reader.commit(reader.poll(0.2))
    return reader


@caught_by(BusContract.test_a_follower_resumes_behind_its_cursor)
class FollowerBeginsAtTheEnd(SoundBus):
    """A follower without a cursor begins at the end."""

    def follow(self, topic, after=None):
        return super().follow(topic, after or self.end(topic))


@caught_by(BusContract.test_what_was_published_outlives_the_bus)
class BusForgotten(SoundBus):
    """A bus that is opened again has forgotten all."""

    def publish_all(self, topic, entries):
        self.bus.publish_all(f"{topic}-{self.name}", entries)

    def reader(self, topic, group):
        return super().reader(f"{topic}-{self.name}", group)


@caught_by(BusContract.test_publishing_nothing_is_nothing)
class NothingRefused(SoundBus):
    """Publishing nothing is an error."""

    def publish_all(self, topic, entries):
        entries = list(entries)
        if not entries:
            raise BadInput("nothing to publish")
        self.bus.publish_all(topic, entries)


@caught_by(BusContract.test_what_is_no_cursor_is_refused)
class AnyCursorTaken(SoundBus):
    """What is no cursor begins at the start."""

    def follow(self, topic, after=None):
        try:
            return super().follow(topic, after)
        except BadInput:
            return super().follow(topic)


@caught_by(BusContract.test_the_end_is_behind_all_there_is)
class EndIsTheStart(SoundBus):
    """The end is the place before all messages."""

    def end(self, topic):
        return ""


class SoundIndex(Index):
    """An index without a fault."""

    def __init__(self, index):
        self.index = index
        self.memory = {}
        self.waiting = []

    def put(self, documents):
        self.index.put([self.stored(document) for document in documents])

    def stored(self, document):
        return document

    def get_all(self, kind, ids):
        return self.index.get_all(kind, ids)

    def search(self, query):
        return self.answered(query, self.index.search(self.asked(query)))

    def asked(self, query):
        return query

    def answered(self, query, page):
        return replace(page, hits=tuple(self.shown(query, hit) for hit in page.hits))

    def shown(self, query, hit):
        return hit

    @contextmanager
    def renewed(self):
        with self.index.renewed() as fresh:
            yield type(self)(fresh)

    def close(self):
        self.index.close()

    def before(self, document):
        """What `document` is about to replace, or itself."""
        return self.index.get(document.kind, document.id) or document


@caught_by(IndexContract.test_a_late_replay_changes_nothing)
class StaleWins(SoundIndex):
    """A stale version wins."""

    def stored(self, document):
        return replace(document, version=max(document.version, self.before(document).version))


@caught_by(IndexContract.test_the_same_version_again_replaces)
class EqualLoses(SoundIndex):
    """The same version again is ignored."""

    def stored(self, document):
        before = self.before(document)
        return before if before.version == document.version else document


@caught_by(IndexContract.test_of_two_versions_put_at_once_the_newer_stays)
class FirstOfTwo(SoundIndex):
    """Of two versions put at once the first one wins."""

    def put(self, documents):
        super().put({(each.kind, each.id): each for each in [*documents][::-1]}.values())


@caught_by(IndexContract.test_of_two_versions_put_at_once_the_newer_stays)
class LastOfTwo(SoundIndex):
    """Of two versions put at once the last one wins."""

    def put(self, documents):
        super().put({(each.kind, each.id): each for each in documents}.values())


@caught_by(IndexContract.test_a_newer_version_replaces)
class OldWordsStay(SoundIndex):
    """A document is still found by the words of an older version."""

    def stored(self, document):
        before = self.before(document)
        old = {} if before is document else {"old": " ".join(before.texts.values())}
        return replace(document, texts={**old, **document.texts})


@caught_by(IndexContract.test_nothing_of_an_older_version_is_found)
class OldPicturesStay(SoundIndex):
    """A document is still found by the pictures of an older version."""

    def stored(self, document):
        pictures = dict.fromkeys([*document.pictures, *self.before(document).pictures])
        return replace(document, pictures=tuple(pictures))


@caught_by(IndexContract.test_nothing_of_an_older_version_is_found)
class OldFacetsStay(SoundIndex):
    """A document is still found by a facet that it no longer has."""

    def stored(self, document):
        return replace(document, facets={**self.before(document).facets, **document.facets})


@caught_by(IndexContract.test_of_two_versions_put_at_once_the_newer_stays)
class DocumentsUsedUp(SoundIndex):
    """What is put is counted first, which uses a generator up."""

    def put(self, documents):
        self.memory["count"] = sum(1 for _ in documents)
        super().put(documents)


@caught_by(IndexContract.test_get_returns_what_was_put)
class BodyRewritten(SoundIndex):
    """A body is written anew, without its spaces."""

    def stored(self, document):
        return replace(document, body=document.body.replace(b" ", b""))


@caught_by(IndexContract.test_words_are_found_as_people_write_them)
class FoundLate(SoundIndex):
    """A document is found by the second search after it was put."""

    def put(self, documents):
        self.waiting += documents

    def get_all(self, kind, ids):
        self.settle()
        return super().get_all(kind, ids)

    def search(self, query):
        page = super().search(query)
        self.settle()
        return page

    def settle(self):
        self.index.put(self.waiting)
        self.waiting = []


@caught_by(IndexContract.test_several_are_got_at_once)
class OneOfSeveralGot(SoundIndex):
    """Of several documents the first one is got."""

    def get_all(self, kind, ids):
        return self.index.get_all(kind, [*ids][:1])


@caught_by(IndexContract.test_kinds_are_apart)
class AnyKindGot(SoundIndex):
    """A document of another kind is got."""

    def get_all(self, kind, ids):
        ids = list(ids)
        found = [self.index.get_all(each, ids) for each in (*Kind, kind)]
        return dict(itertools.chain.from_iterable(each.items() for each in found))


@caught_by(IndexContract.test_a_renewed_index_takes_the_place_of_the_old_at_once)
class GotForEver(SoundIndex):
    """A document that a renewal left out is still got."""

    def stored(self, document):
        self.memory[document.kind, document.id] = document
        return document

    def get_all(self, kind, ids):
        ids = list(ids)
        old = {name: self.memory[kind, name] for name in ids if (kind, name) in self.memory}
        return {**old, **self.index.get_all(kind, ids)}


@caught_by(IndexContract.test_a_moment_keeps_its_microseconds)
class MillisecondsOnly(SoundIndex):
    """A moment is kept to the millisecond."""

    def stored(self, document):
        return replace(
            document, at=document.at.replace(microsecond=document.at.microsecond // 1000 * 1000)
        )


@caught_by(IndexContract.test_a_word_does_not_reach_across_two_texts)
class AcrossTexts(SoundIndex):
    """Words match across two texts."""

    def stored(self, document):
        return replace(document, texts={**document.texts, "all": " ".join(document.texts.values())})

    def get_all(self, kind, ids):
        return {name: self.bare(each) for name, each in self.index.get_all(kind, ids).items()}

    def shown(self, query, hit):
        document = self.bare(hit.document)
        return replace(hit, document=document, highlights=highlights(document.texts, query.words))

    def bare(self, document):
        return replace(
            document, texts={name: text for name, text in document.texts.items() if name != "all"}
        )


@caught_by(IndexContract.test_all_words_must_be_there)
class FirstWordOnly(SoundIndex):
    """Of several words the first one is enough."""

    def asked(self, query):
        return replace(query, words=query.words[:1])


@caught_by(IndexContract.test_a_phrase_is_its_characters_side_by_side)
class AnyWordOrder(SoundIndex):
    """The characters of a word are found in any order."""

    def asked(self, query):
        split = [re.findall(r"[a-z0-9 ]+|\w", word, re.IGNORECASE) for word in query.words]
        return replace(query, words=tuple(itertools.chain.from_iterable(split)))


@caught_by(IndexContract.test_words_are_found_as_people_write_them)
class LoneCharacter(SoundIndex):
    """A single Chinese character is not found."""

    def answered(self, query, page):
        folded = [fold(word).text for word in query.words]
        lone = any(len(word) == 1 and not word.isascii() for word in folded)
        return Page(hits=(), total=0, counts=page.counts, after=None) if lone else page


@caught_by(
    IndexContract.test_words_are_found_as_people_write_them,
    IndexContract.test_words_without_letters_ask_for_nothing_in_particular,
)
class FoundAsWritten(SoundIndex):
    """A word is found only where it is written just so."""

    def answered(self, query, page):
        hits = [
            hit
            for hit in page.hits
            if all(any(w in text for text in hit.document.texts.values()) for w in query.words)
        ]
        return replace(page, hits=tuple(hits))


@caught_by(IndexContract.test_a_query_is_words_and_no_language)
class QuotesRefused(SoundIndex):
    """A quotation mark is an error."""

    def asked(self, query):
        if any('"' in word for word in query.words):
            raise BadInput("a quotation that does not end")
        return query


@caught_by(IndexContract.test_every_place_of_every_word_is_highlighted_in_whatever_text)
class TitleOnly(SoundIndex):
    """Words are found in titles only."""

    def answered(self, query, page):
        words = [word for word in query.words if fold(word).text]
        titles = [{"title": hit.document.texts.get("title", "")} for hit in page.hits]
        hits = [
            hit
            for hit, title in zip(page.hits, titles, strict=True)
            if all(highlights(title, [word]) for word in words)
        ]
        return replace(page, hits=tuple(hits))


@caught_by(IndexContract.test_highlights_are_places_in_the_text_as_given)
class FoldedHighlights(SoundIndex):
    """Highlights are places in the folded text."""

    def shown(self, query, hit):
        folded = {name: fold(text).text for name, text in hit.document.texts.items()}
        return replace(hit, highlights=highlights(folded, query.words))


@caught_by(IndexContract.test_every_place_of_every_word_is_highlighted_in_whatever_text)
class OneHighlight(SoundIndex):
    """Only the first place of a word is highlighted."""

    def shown(self, query, hit):
        return replace(hit, highlights=hit.highlights[:1])


@caught_by(IndexContract.test_time_counts_in_its_start_and_out_its_end)
class UntilCountedIn(SoundIndex):
    """`until` is counted in."""

    def asked(self, query):
        return replace(query, until=query.until and query.until + MICROSECOND)


@caught_by(IndexContract.test_time_counts_in_its_start_and_out_its_end)
class SinceCountedOut(SoundIndex):
    """`since` is counted out."""

    def asked(self, query):
        return replace(query, since=query.since and query.since + MICROSECOND)


@caught_by(
    IndexContract.test_pages_neither_repeat_nor_skip_even_among_equals,
    IndexContract.test_nearest_pages_neither_repeat_nor_skip,
)
class EqualsSkipped(SoundIndex):
    """The next page skips those that are equal to the last hit."""

    def asked(self, query):
        place, mark, _ = (query.after or "").partition("|")
        return replace(query, after=f"{place}|\U0010ffff") if mark else query


@caught_by(
    IndexContract.test_pages_neither_repeat_nor_skip_even_among_equals,
    IndexContract.test_nearest_pages_neither_repeat_nor_skip,
)
class HitRepeated(SoundIndex):
    """The next page begins with the last hit."""

    def answered(self, query, page):
        last = page.hits[-2:-1] if page.after else ()
        return replace(page, after=cursor(last[0], query.order)) if last else page


@caught_by(IndexContract.test_a_last_page_that_is_full_has_nothing_after_it)
class AlwaysMore(SoundIndex):
    """A last page that is full promises another."""

    def answered(self, query, page):
        full = len(page.hits) == query.limit
        return replace(page, after=cursor(page.hits[-1], query.order) if full else None)


@caught_by(IndexContract.test_pages_neither_repeat_nor_skip_even_among_equals)
class LimitIgnored(SoundIndex):
    """A page is as long as it gets."""

    def asked(self, query):
        return replace(query, limit=1_000)


@caught_by(IndexContract.test_pages_neither_repeat_nor_skip_even_among_equals)
class SortedWithinPages(SoundIndex):
    """Pages are the newest first, and only each in itself the surest first."""

    def asked(self, query):
        order = Order.NEWEST if query.order is Order.SCORE else query.order
        return replace(query, order=order)

    def answered(self, query, page):
        if query.order is not Order.SCORE:
            return page
        hits = sorted(page.hits, key=lambda hit: (-hit.document.score, hit.document.id))
        return replace(page, hits=tuple(hits))


@caught_by(IndexContract.test_newest_first_and_surest_first)
class NewestAlways(SoundIndex):
    """The newest come first, whatever the order asked for."""

    def asked(self, query):
        return replace(query, order=Order.NEWEST)


@caught_by(IndexContract.test_a_cursor_that_is_none_is_refused)
class AnyPageCursor(SoundIndex):
    """What is no page cursor begins at the first page."""

    def asked(self, query):
        try:
            place_of(query.after or "")
        except BadInput:
            return replace(query, after=None)
        return query


@caught_by(IndexContract.test_pages_neither_repeat_nor_skip_even_among_equals)
class TotalOfThePage(SoundIndex):
    """The total is that of the page."""

    def answered(self, query, page):
        return replace(page, total=len(page.hits))


@caught_by(IndexContract.test_a_facet_forgets_no_value_however_rare)
class RareForgotten(SoundIndex):
    """A facet forgets all but its ten most frequent values."""

    def answered(self, query, page):
        counts = {facet: dict([*found.items()][:10]) for facet, found in page.counts.items()}
        return replace(page, counts=counts)


@caught_by(IndexContract.test_facets_are_counted_within_the_query)
class AllCounted(SoundIndex):
    """Facets are counted beyond the query."""

    def answered(self, query, page):
        return replace(page, counts=self.index.search(replace(query, words=())).counts)


@caught_by(IndexContract.test_several_facets_must_all_hold)
class OneFacetOnly(SoundIndex):
    """Of several facets the first one is enough."""

    def asked(self, query):
        return replace(query, facets=dict([*query.facets.items()][:1]))


@caught_by(IndexContract.test_facets_filter_exactly)
class OneChoiceOnly(SoundIndex):
    """Of several choices of a facet the first one is all."""

    def asked(self, query):
        return replace(query, facets={facet: some[:1] for facet, some in query.facets.items()})


@caught_by(IndexContract.test_facets_filter_exactly)
class FacetsOfAnyCase(SoundIndex):
    """A facet is matched whatever its case."""

    def asked(self, query):
        facets = {
            facet: tuple({case for each in some for case in (each, each.lower(), each.upper())})
            for facet, some in query.facets.items()
        }
        return replace(query, facets=facets)


@caught_by(IndexContract.test_facets_of_every_name_filter)
class FacetUnknown(SoundIndex):
    """A facet is not looked at."""

    def asked(self, query):
        facets = {facet: some for facet, some in query.facets.items() if facet != Facet.REGION}
        return replace(query, facets=facets)


@caught_by(IndexContract.test_pictures_and_words_and_facets_hold_together)
class PictureEnough(SoundIndex):
    """Where a picture is asked for, words do not matter."""

    def asked(self, query):
        return replace(query, words=() if query.picture else query.words)


@caught_by(IndexContract.test_a_picture_is_found_by_one_like_it)
class DistanceTooStrict(SoundIndex):
    """A picture must be nearer by one bit than was asked."""

    def asked(self, query):
        return replace(query, within=max(0, query.within - 1))


@caught_by(IndexContract.test_a_picture_is_found_by_one_like_it)
class DistanceTooLax(SoundIndex):
    """A picture may be farther by one bit than was asked."""

    def asked(self, query):
        return replace(query, within=query.within + 1)


@caught_by(IndexContract.test_a_picture_is_found_by_one_like_it)
class DistanceOfTheFirst(SoundIndex):
    """The distance is that of a document's first picture."""

    def shown(self, query, hit):
        if query.picture is None:
            return hit
        bits = hit.document.pictures[0].bits ^ query.picture.bits
        return replace(hit, distance=bits.bit_count())


@caught_by(IndexContract.test_a_picture_is_found_by_one_like_it)
class FirstPictureOnly(SoundIndex):
    """Of several pictures the first one is kept."""

    def stored(self, document):
        return replace(document, pictures=document.pictures[:1])


@caught_by(IndexContract.test_pictures_come_back_as_they_were_put)
class HighestBitLost(SoundIndex):
    """A picture loses its highest bit."""

    def stored(self, document):
        rest = (1 << HASH_BITS - 1) - 1
        pictures = tuple(PerceptualHash(bits=each.bits & rest) for each in document.pictures)
        return replace(document, pictures=pictures)


@caught_by(IndexContract.test_a_renewed_index_takes_the_place_of_the_old_at_once)
class RenewalSeenEarly(SoundIndex):
    """A renewal shows its documents before it is done."""

    live = None

    def put(self, documents):
        documents = list(documents)
        super().put(documents)
        if self.live:
            self.live.put(documents)

    @contextmanager
    def renewed(self):
        with super().renewed() as fresh:
            fresh.live = self.index
            yield fresh


@caught_by(IndexContract.test_a_renewed_index_takes_the_place_of_the_old_at_once)
class RenewalEmptiesFirst(SoundIndex):
    """A renewal begins by emptying what is there."""

    @contextmanager
    def renewed(self):
        with self.index.renewed():
            pass
        with super().renewed() as fresh:
            yield fresh


@caught_by(IndexContract.test_a_renewal_that_fails_changes_nothing)
class RenewalLeavesHalf(SoundIndex):
    """A renewal that fails leaves its half."""

    @contextmanager
    def renewed(self):
        failure = None
        with self.index.renewed() as fresh:
            try:
                yield fresh
            except RuntimeError as error:
                failure = error
        if failure:
            raise failure


@caught_by(IndexContract.test_a_renewed_index_takes_the_place_of_the_old_at_once)
class RenewalKeepsAll(SoundIndex):
    """A renewal leaves what it did not replace."""

    @contextmanager
    def renewed(self):
        old = [hit.document for kind in Kind for hit in every(self.index, Query(kind=kind))]
        with self.index.renewed() as fresh:
            yield fresh
            there = [fresh.get_all(each.kind, [each.id]) for each in old]
            fresh.put(each for each, found in zip(old, there, strict=True) if not found)


class Planted:
    fault: type

    @pytest.fixture(autouse=True)
    def hurried(self, monkeypatch):
        """What will never come is not waited for as long as what may."""
        if self.fault in FAULTS:
            monkeypatch.setattr("tests.contracts.bus.DEADLINE", PATIENCE)
            monkeypatch.setattr("tests.contracts.sequences.DEADLINE", PATIENCE)
        monkeypatch.setattr("pipeline.index.elastic.GRACE_SECONDS", 0)
        settings.load_profile("planted")


class PlantedBus(Planted, BusContract):
    examples = 15

    @pytest.fixture
    def bus(self, tmp_path):
        name = f"planted-{uuid.uuid4().hex[:12]}"
        self.url = f"kafka://{KAFKA}/{name}" if KAFKA else f"sqlite:{tmp_path / 'bus.sqlite'}"
        bus = self.fault.on(open_bus(self.url))
        yield bus
        bus.close()

    def reopen(self, bus):
        bus.close()
        return self.fault.on(open_bus(self.url))


class PlantedIndex(Planted, IndexContract):
    name: str

    @pytest.fixture
    def index(self, tmp_path):
        server = f"{ELASTICSEARCH}/planted-{self.name}?refresh=50ms"
        index = open_index(server if ELASTICSEARCH else f"sqlite:{tmp_path / 'index.sqlite'}")
        with index.renewed():
            pass  # a server keeps one index for all tests of a fault; each finds it empty
        yield self.fault(index)
        index.close()


def planted(fault):
    """The contract over what has the fault: only the tests that must catch it."""
    contract = PlantedIndex if issubclass(fault, SoundIndex) else PlantedBus
    own = {"fault": fault, "name": uuid.uuid4().hex[:12]}
    if fault in FAULTS:
        own |= {name: None for name in dir(contract) if name.startswith("test_")}
        own |= {test.__name__: test for test in fault.caught_by}
    return type(f"Test{fault.__name__}", (contract,), own)


NEED_PARTITIONS = (CommitOnePartition, CursorOfOnePartition)
"""A topic of the embedded bus has one."""

for each in (SoundBus, SoundIndex, *FAULTS):
    if KAFKA or each not in NEED_PARTITIONS:
        globals()[f"Test{each.__name__}"] = planted(each)
