"""What every bus must do; a test module subclasses this and says how to open one."""

import itertools
import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings

from pipeline.bus import Bus, Message, Reader, TooLarge, history
from pipeline.bus.base import LARGEST
from pipeline.errors import BadInput
from tests.contracts.sequences import STEPS, hold

DEADLINE = 20.0


def wait_for(reader: Reader, count: int) -> Sequence[Message]:
    """`count` messages within the deadline; silence is never an answer."""
    found: list[Message] = []
    end = time.monotonic() + DEADLINE
    while len(found) < count and time.monotonic() < end:
        found.extend(reader.poll(0.2))
    assert len(found) >= count, f"only {len(found)} of {count} came within {DEADLINE} s"
    return found


def bodies(messages: Sequence[Message]) -> list[bytes]:
    return [message.body for message in messages]


def seen(message: Message) -> tuple[int, int, str, bytes]:
    return message.partition, message.offset, message.key, message.body


class BusContract:
    """Subclasses give the fixture `bus`, and `reopen` for a bus over the same data."""

    @pytest.fixture
    def bus(self) -> Bus:
        raise NotImplementedError

    def reopen(self, bus: Bus) -> Bus:
        raise NotImplementedError

    def test_a_new_group_starts_at_the_very_beginning(self, bus):
        bus.publish("t", "k", b"1")
        bus.publish("t", "k", b"2")

        assert bodies(wait_for(bus.reader("t", "g"), 2)) == [b"1", b"2"]

    def test_within_a_key_order_is_the_order_of_publishing(self, bus):
        bus.publish_all("t", [(f"k{n % 3}", str(n).encode()) for n in range(300)])
        bus.publish_all("t", ((f"k{n % 3}", str(n).encode()) for n in range(300, 600)))

        found = wait_for(bus.reader("t", "g"), 600)

        for key in ("k0", "k1", "k2"):
            numbers = [int(message.body) for message in found if message.key == key]
            assert numbers == sorted(numbers)
            assert len(numbers) == 200

    def test_only_what_was_not_committed_comes_again(self, bus):
        bus.publish_all("t", [("k", b"1"), ("k", b"2"), ("k", b"3")])
        first = bus.reader("t", "g")
        found = wait_for(first, 3)
        first.commit(found[:2])
        first.close()
        bus.publish("t", "k", b"4")

        assert bodies(wait_for(bus.reader("t", "g"), 2)) == [b"3", b"4"]

    def test_a_second_commit_goes_on_from_the_first(self, bus):
        bus.publish_all("t", [("k", b"1"), ("k", b"2"), ("k", b"3")])
        reader = bus.reader("t", "g")
        found = wait_for(reader, 3)
        reader.commit(found[:1])
        reader.commit(found[1:2])
        reader.close()

        assert bodies(wait_for(bus.reader("t", "g"), 1)) == [b"3"]

    def test_a_late_commit_of_an_earlier_message_takes_nothing_back(self, bus):
        bus.publish_all("t", [("k", b"1"), ("k", b"2"), ("k", b"3")])
        reader = bus.reader("t", "g")
        found = wait_for(reader, 3)
        reader.commit(found[:2])
        reader.commit(found[:1])
        reader.close()

        assert bodies(wait_for(bus.reader("t", "g"), 1)) == [b"3"]

    def test_a_commit_reaches_to_its_furthest_message_in_whatever_order(self, bus):
        bus.publish_all("t", [("k", b"1"), ("k", b"2"), ("k", b"3")])
        reader = bus.reader("t", "g")
        one, two, _ = wait_for(reader, 3)
        reader.commit([two, one])
        reader.close()

        assert bodies(wait_for(bus.reader("t", "g"), 1)) == [b"3"]

    def test_groups_do_not_take_from_one_another(self, bus):
        bus.publish("t", "k", b"1")
        one, other = bus.reader("t", "one"), bus.reader("t", "other")
        one.commit(wait_for(one, 1))

        assert bodies(wait_for(other, 1)) == [b"1"]

    def test_topics_are_apart(self, bus):
        bus.publish("t", "k", b"for t")
        bus.publish("other", "k", b"not for t")
        other = bus.reader("other", "g")
        other.commit(wait_for(other, 1))
        other.close()

        assert bodies(wait_for(bus.reader("t", "g"), 1)) == [b"for t"]

    def test_two_readers_of_a_group_share_what_there_is(self, bus):
        bus.publish_all("t", [(f"k{n}", str(n).encode()) for n in range(50)])
        readers = [bus.reader("t", "g") for _ in range(2)]
        found: list[bytes] = []
        end = time.monotonic() + DEADLINE
        while len(found) < 50 and time.monotonic() < end:
            for reader in readers:
                for message in reader.poll(0.1):
                    found.append(message.body)
                    reader.commit([message])

        assert sorted(map(int, found)) == list(range(50))
        assert not any(reader.poll(0.5) for reader in readers)

    def test_a_closed_reader_leaves_its_place_to_another(self, bus):
        bus.publish_all("t", [("k", b"1"), ("k", b"2")])
        first, second = bus.reader("t", "g"), bus.reader("t", "g")
        first.commit(wait_for(first, 2)[:1])
        first.close()

        assert bodies(wait_for(second, 1)) == [b"2"]

    def test_what_was_published_outlives_the_bus(self, bus):
        bus.publish("t", "k", "花牛".encode())
        again = self.reopen(bus)

        assert bodies(wait_for(again.reader("t", "g"), 1)) == ["花牛".encode()]

    def test_a_follower_resumes_behind_its_cursor(self, bus):
        bus.publish_all("t", [(f"k{n}", str(n).encode()) for n in range(20)])
        found = wait_for(bus.follow("t"), 20)

        for place in (0, 9):
            rest = wait_for(bus.follow("t", found[place].cursor), 19 - place)
            assert sorted(bodies(rest)) == sorted(bodies(found[place + 1 :]))

    def test_the_end_is_behind_all_there_is(self, bus):
        bus.publish("t", "k", b"old")
        end = bus.end("t")
        bus.publish("t", "k", b"new")

        assert bodies(wait_for(bus.follow("t", end), 1)) == [b"new"]

    def test_messages_are_found_again_at_their_places(self, bus):
        bus.publish_all("t", [(f"k{n}", str(n).encode()) for n in range(60)])
        bus.publish("other", "k", b"not for t")
        found = wait_for(bus.follow("t"), 60)
        wanted = [*found[::7], found[3]]
        away = [(0, 10_000), (99, 0)]
        again = list(bus.at("t", [*((m.partition, m.offset) for m in reversed(wanted)), *away] * 2))
        (other,) = wait_for(bus.follow("other"), 1)

        assert sorted(map(seen, again)) == sorted(map(seen, wanted))
        for partition in {message.partition for message in again}:
            offsets = [m.offset for m in again if m.partition == partition]
            assert offsets == sorted(offsets)
        assert [m.body for m in bus.at("t", [seen(other)[:2]])] != [b"not for t"]
        assert list(bus.at("t", [])) == []

    def test_a_poll_ends_when_a_message_comes(self, bus):
        reader = bus.reader("t", "g")
        reader.poll(0.2)
        timer = threading.Timer(0.3, bus.publish, ("t", "k", b"late"))
        timer.start()
        began = time.monotonic()

        found = reader.poll(DEADLINE)
        seconds = time.monotonic() - began
        timer.join()

        assert bodies(found) == [b"late"]
        assert seconds < DEADLINE / 2

    def test_a_poll_that_finds_nothing_takes_its_time(self, bus):
        reader = bus.reader("t", "g")
        began = time.monotonic()

        assert not reader.poll(0.5)
        assert time.monotonic() - began > 0.4

    def test_publishing_nothing_is_nothing(self, bus):
        bus.publish_all("t", [])
        bus.publish("t", "k", b"something")

        assert bodies(wait_for(bus.reader("t", "g"), 1)) == [b"something"]

    def test_a_message_is_what_was_published(self, bus):
        bus.publish("t", "键", b"\x00\xff")
        (message,) = wait_for(bus.reader("t", "g"), 1)

        assert (message.topic, message.key, message.body) == ("t", "键", b"\x00\xff")
        assert abs(datetime.now(UTC) - message.at) < timedelta(minutes=1)

    def test_many_threads_may_publish_at_once(self, bus):
        def publish(thread: int) -> None:
            for number in range(40):
                bus.publish("t", f"{thread}", f"{thread}-{number}".encode())

        threads = [threading.Thread(target=publish, args=(n,)) for n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert len(set(bodies(wait_for(bus.reader("t", "g"), 160)))) == 160

    def test_behind_counts_what_the_group_has_not_committed(self, bus):
        bus.publish_all("t", [(f"k{n}", str(n).encode()) for n in range(10)])
        reader = bus.reader("t", "g")
        found = wait_for(reader, 10)

        assert reader.behind() == 10
        reader.commit(found)
        assert reader.behind() == 0
        bus.publish("t", "k", b"more")
        assert reader.behind() == 1

    def test_behind_counts_for_a_follower_what_it_was_not_given(self, bus):
        bus.publish_all("t", [("k", b"1"), ("k", b"2")])
        reader = bus.follow("t")

        assert reader.behind() == 2
        wait_for(reader, 2)
        assert reader.behind() == 0

    def test_history_ends_with_what_there_is(self, bus):
        bus.publish_all("t", [(f"k{n}", str(n).encode()) for n in range(1_500)])
        found = list(history(bus, "t"))

        assert sorted(int(message.body) for message in found) == list(range(1_500))
        assert list(history(bus, "t", found[-1].cursor)) == []
        assert list(history(bus, "empty")) == []

    def test_one_commit_settles_every_partition(self, bus):
        bus.publish_all("t", [(f"k{n}", str(n).encode()) for n in range(40)])
        reader = bus.reader("t", "g")
        reader.commit(wait_for(reader, 40))
        reader.close()
        again = bus.reader("t", "g")
        bus.publish_all("t", [(f"k{n}", b"new") for n in range(40)])

        assert bodies(wait_for(again, 40)) == [b"new"] * 40

    def test_a_body_too_large_is_refused_before_anything_is_sent(self, bus):
        with pytest.raises(TooLarge, match="the bus takes"):
            bus.publish_all("t", [("k", b"small"), ("k", b"x" * (LARGEST + 1))])
        bus.publish("t", "k", b"x" * LARGEST)

        assert [len(body) for body in bodies(wait_for(bus.reader("t", "g"), 1))] == [LARGEST]

    def test_what_is_no_cursor_is_refused(self, bus):
        with pytest.raises(BadInput, match="not a place"):
            bus.follow("t", "1; DROP TABLE log")

    def test_readers_that_come_and_go_lose_nothing(self, bus):
        """What one reader committed comes to no other, whoever joins or leaves meanwhile."""
        entries = [(f"k{n % 16}", str(n).encode()) for n in range(400)]
        readers, committed = [bus.reader("t", "g")], []
        end = time.monotonic() + 3 * DEADLINE
        while len(set(committed)) < 400 and time.monotonic() < end:
            bus.publish_all("t", entries[:10])  # few at a time: joining a cluster takes a while
            del entries[:10]
            if len(committed) > 100 and len(readers) == 1:
                readers.append(bus.reader("t", "g"))
            if len(committed) > 250 and len(readers) == 2:
                readers.append(bus.reader("t", "g"))
                readers.pop(0).close()
            for reader in readers:
                messages = reader.poll(0.2)
                reader.commit(messages)
                committed += [int(body) for body in bodies(messages)]
        for reader in readers:
            reader.close()

        assert sorted(committed) == list(range(400))

    examples = 25

    def test_any_sequence_of_steps_loses_and_doubles_nothing(self, bus):
        numbers = itertools.count()

        @settings(max_examples=self.examples, deadline=None, database=None)
        @given(steps=STEPS)
        def sequence(steps):
            hold(bus, f"t{next(numbers)}", steps)

        sequence()
