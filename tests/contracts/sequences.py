"""Any sequence of publishes, polls, commits, joins and crashes, held against a plain model."""

import time
from collections import defaultdict
from dataclasses import dataclass, field

from hypothesis import strategies as st

from pipeline.bus import Bus, Message, Reader

DEADLINE = 60.0
KEYS = ("花", "牛", "a")  # on Kafka each in a partition of its own
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["publish", "publish", "poll", "poll", "poll", "commit", "commit", "join", "crash"]
        ),
        st.integers(0, 5),
    ),
    min_size=15,
    max_size=30,
)


@dataclass
class Model:
    """What was published by key, what was given to anyone, and each partition's last commit."""

    published: dict[str, list[bytes]] = field(default_factory=lambda: defaultdict(list))
    given: dict[str, dict[bytes, Message]] = field(default_factory=lambda: defaultdict(dict))
    committed: dict[int, int] = field(default_factory=lambda: defaultdict(lambda: -1))

    def give(self, messages) -> None:
        for message in messages:
            assert message.offset > self.committed[message.partition], "came after its commit"
            place = self.published[message.key].index(message.body)
            before = self.published[message.key][:place]
            assert all(body in self.given[message.key] for body in before), "skipped one"
            self.given[message.key][message.body] = message
        for key in {message.key for message in messages}:
            order = [self.published[key].index(each.body) for each in messages if each.key == key]
            assert order == sorted(order), "order broken within a key"

    def commit(self, messages) -> None:
        for message in messages:
            last = self.committed[message.partition]
            self.committed[message.partition] = max(last, message.offset)

    def left(self) -> set[bytes]:
        """What has still to come to the group."""
        return {
            body
            for key, bodies in self.published.items()
            for body in bodies
            if not self._is_done(self.given[key].get(body))
        }

    def _is_done(self, message: Message | None) -> bool:
        return message is not None and message.offset <= self.committed[message.partition]


class Sequence:
    """Readers of one group on the bus, and the model beside them."""

    def __init__(self, bus: Bus, topic: str) -> None:
        self.bus, self.topic, self.model = bus, topic, Model()
        self.readers = [bus.reader(topic, "g")]
        self.held: dict[int, list[Message]] = defaultdict(list)
        self.count = 0

    def take(self, step: str, number: int) -> None:
        if step in {"publish", "join"}:
            getattr(self, step)(number)
        elif self.readers:
            getattr(self, step)(self.readers[number % len(self.readers)], number)

    def publish(self, number: int) -> None:
        self.count += 1
        entries = [(KEYS[n % 3], f"{self.count}-{n}".encode()) for n in range(number + 1)]
        for key, body in entries:
            self.model.published[key].append(body)
        self.bus.publish_all(self.topic, entries)

    def join(self, _number: int) -> None:
        if len(self.readers) < 3:
            self.readers.append(self.bus.reader(self.topic, "g"))

    def poll(self, reader: Reader, _number: int) -> None:
        messages = reader.poll(0.1)
        self.model.give(messages)
        self.held[id(reader)].extend(messages)

    def commit(self, reader: Reader, number: int) -> None:
        messages = self.held[id(reader)][: number + 1]
        if len(self.readers) == 1:  # among several, what another was given since is left to it
            reader.commit(messages)
            self.model.commit(messages)

    def crash(self, reader: Reader, _number: int) -> None:
        self.readers.remove(reader)
        self.held.pop(id(reader), None)
        reader.close()

    def finish(self) -> None:
        """Whatever was not committed comes to the next reader, and nothing else does."""
        while self.readers:
            self.crash(self.readers[0], 0)
        reader = self.bus.reader(self.topic, "g")
        end = time.monotonic() + DEADLINE
        while self.model.left() and time.monotonic() < end:
            messages = reader.poll(0.2)
            self.model.give(messages)
            reader.commit(messages)
            self.model.commit(messages)
        left = self.model.left()
        assert not left, f"lost {left}"
        assert reader.behind() == 0
        assert not reader.poll(0.2)
        reader.close()


def hold(bus: Bus, topic: str, steps) -> None:
    """Takes the steps on the bus and on the model; they must agree at each and at the end."""
    sequence = Sequence(bus, topic)
    for step, number in steps:
        sequence.take(step, number)
    sequence.finish()
