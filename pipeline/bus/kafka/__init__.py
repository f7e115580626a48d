"""The bus on Kafka: durable idempotent publishes, groups that share partitions among readers."""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from typing import Any, TypeVar

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import OffsetSpec
from kafka.coordinator.assignors.cooperative_sticky import CooperativeStickyAssignor
from kafka.errors import KafkaError, TopicAlreadyExistsError
from kafka.net.compat import KafkaNetClient
from typing_extensions import override

from pipeline.address import Address, read_address
from pipeline.bus.base import LARGEST_LETTER, Bus, Entry, Message, Place, Reader, checked
from pipeline.bus.kafka.reading import (
    ANSWER_SECONDS,
    Follower,
    GroupReader,
    cursor_of,
    picked,
    places_of,
    translated,
)
from pipeline.bus.topics import KEPT, OTHERS, ROOM

Client = TypeVar("Client")
DELIVERY_SECONDS = 20.0
POLLED = 2_000
CLIENT = {
    "request_timeout_ms": int(ANSWER_SECONDS * 1000),
    "bootstrap_timeout_ms": int(ANSWER_SECONDS * 1000),
    "reconnect_backoff_max_ms": 1_000,
    "client_id": "markwatch",
}
PRODUCER = {
    "acks": "all",
    "enable_idempotence": True,
    "compression_type": "lz4",
    "linger_ms": 2,
    "batch_size": 256 << 10,
    "max_request_size": LARGEST_LETTER + ROOM,
    "delivery_timeout_ms": int(DELIVERY_SECONDS * 1000),
    "max_block_ms": int(ANSWER_SECONDS * 1000),
    "allow_auto_create_topics": False,
}
CONSUMER = {
    "enable_auto_commit": False,
    "auto_offset_reset": "earliest",
    "allow_auto_create_topics": False,
    "max_poll_records": POLLED,
    "max_partition_fetch_bytes": LARGEST_LETTER + ROOM,
    "fetch_max_bytes": 4 * LARGEST_LETTER,
    "fetch_max_wait_ms": 200,
}
PICKER = {**CONSUMER, "max_partition_fetch_bytes": 64 << 10}  # one message after another is sought
MEMBER = {
    "partition_assignment_strategy": [CooperativeStickyAssignor],
    "session_timeout_ms": 10_000,
    "heartbeat_interval_ms": 2_000,
    "max_poll_interval_ms": 30_000,  # a reader keeps itself in the group however long it works
}
FILES = {"ca": "ssl_cafile", "certificate": "ssl_certfile", "key": "ssl_keyfile"}
OPTIONS = {"mechanism", "replicas", "tls", *FILES}


def open_kafka(url: str) -> Bus:
    """A bus that connects when it is first used; Kafka's own chatter stays off our log."""
    logging.getLogger("kafka").setLevel(logging.CRITICAL)
    return KafkaBus(read_address("MARKWATCH_BUS", url, OPTIONS))


def _client(address: Address) -> Mapping[str, Any]:
    """What every client of Kafka's is told: where, with what certificates, as whom."""
    given = address.options
    files = {name: given[option] for option, name in FILES.items() if option in given}
    secured = "SSL" if files or given.get("tls") == "on" else "PLAINTEXT"
    told: dict[str, Any] = {
        **CLIENT,
        **files,
        "bootstrap_servers": list(address.hosts),
        "security_protocol": f"SASL_{secured}" if address.user else secured,
    }
    if address.user:
        told |= {
            "sasl_mechanism": address.options.get("mechanism", "SCRAM-SHA-512"),
            "sasl_plain_username": address.user,
            "sasl_plain_password": address.password,
        }
    return told


def _opened(kind: Callable[..., Client], **settings: Any) -> Client:  # noqa: ANN401 - the client's own
    """A client of Kafka's; one that cannot connect leaves no thread behind, as it would alone."""
    inner: list[KafkaNetClient] = []

    def connected(**given: Any) -> KafkaNetClient:  # noqa: ANN401 - as above
        inner.append(KafkaNetClient(**given))
        return inner[0]

    try:
        return kind(kafka_client=connected, **settings)
    except BaseException:
        for each in inner:
            each.close()
            each._net.stop()
        raise


class KafkaBus(Bus):
    """Threads may share it; a producer that has failed is given up, the next publish opens one."""

    def __init__(self, address: Address) -> None:
        self._name = address.name
        self._replicas = address.number("replicas", -1)
        self._client = _client(address)
        self._lock = threading.RLock()
        self._producer: KafkaProducer | None = None
        self._clerk: KafkaAdminClient | None = None
        self._partitions: dict[str, int] = {}

    @override
    def publish_all(self, topic: str, entries: Iterable[Entry]) -> None:
        found = checked(topic, entries)
        if not found:
            return
        self._partition_count(topic)
        with translated():
            producer = self._open_producer()
            try:
                name = self._topic(topic)
                sent = [producer.send(name, key=key.encode(), value=body) for key, body in found]
                producer.flush(DELIVERY_SECONDS + ANSWER_SECONDS)
                for each in sent:
                    each.get(ANSWER_SECONDS)
            except KafkaError:
                self._give_up(producer)
                raise

    def _open_producer(self) -> KafkaProducer:
        with self._lock:
            if self._producer is None:
                self._producer = _opened(KafkaProducer, **self._client, **PRODUCER)
            return self._producer

    def _give_up(self, producer: KafkaProducer) -> None:
        with self._lock:
            if self._producer is producer:
                self._producer = None
        with suppress(KafkaError):
            producer.close(0)

    @override
    def reader(self, topic: str, group: str) -> Reader:
        self._partition_count(topic)
        with translated():
            name = f"{self._name}.{group}"
            consumer = _opened(KafkaConsumer, group_id=name, **self._client, **CONSUMER, **MEMBER)
        behind = partial(self._behind, topic, name)
        return GroupReader(consumer, self._topic(topic), topic, behind)

    @override
    def follow(self, topic: str, after: str | None = None) -> Reader:
        first = self._offsets(topic, OffsetSpec.EARLIEST)
        asked = places_of(after)
        places = {number: max(place, asked.get(number, 0)) for number, place in first.items()}
        with translated():
            consumer = _opened(KafkaConsumer, **self._client, **CONSUMER)
            parts = {number: self._part(topic, number) for number in places}
            consumer.assign(list(parts.values()))
            for number, part in parts.items():
                consumer.seek(part, places[number])
        return Follower(consumer, topic, places, lambda: self._ends(topic))

    @override
    def end(self, topic: str) -> str:
        return cursor_of(self._ends(topic))

    @override
    def at(self, topic: str, places: Iterable[Place]) -> Iterator[Message]:
        first, ends = self._offsets(topic, OffsetSpec.EARLIEST), self._ends(topic)
        wanted: dict[int, list[int]] = {}
        for number, offset in sorted(set(places)):
            if first.get(number, 0) <= offset < ends.get(number, 0):
                wanted.setdefault(number, []).append(offset)
        if wanted:
            with translated():
                consumer = _opened(KafkaConsumer, **self._client, **PICKER)
            yield from picked(consumer, topic, self._topic(topic), wanted)

    @override
    def close(self) -> None:
        with self._lock:
            for each in (self._producer, self._clerk):
                if each is not None:
                    with suppress(KafkaError):
                        each.close()
            self._producer = self._clerk = None

    def _topic(self, name: str) -> str:
        return f"{self._name}.{name}"

    def _part(self, topic: str, number: int) -> TopicPartition:
        return TopicPartition(self._topic(topic), number)

    def _partition_count(self, topic: str) -> int:
        """The topic's partitions; the topic is made, as `topics.KEPT` says, if it is not there."""
        if topic not in self._partitions:
            self._partitions[topic] = self._asked(lambda clerk: self._made(clerk, topic))
        return self._partitions[topic]

    def _made(self, clerk: KafkaAdminClient, topic: str) -> int:
        name, keeping = self._topic(topic), KEPT.get(topic, OTHERS)
        wanted = {
            "num_partitions": keeping.partitions,
            "replication_factor": self._replicas,
            "configs": dict(keeping.settings()),
        }
        if name not in clerk.list_topics():
            with suppress(TopicAlreadyExistsError):
                clerk.create_topics({name: wanted})
            clerk.wait_for_topics([name], timeout_ms=int(ANSWER_SECONDS * 1000))
        (found,) = clerk.describe_topics([name])
        return len(found["partitions"])

    def _asked(self, question: Callable[[KafkaAdminClient], Any]) -> Any:  # noqa: ANN401 - what the question returns
        """The administration client takes one question at a time; one that failed is given up."""
        with self._lock, translated():
            if self._clerk is None:
                self._clerk = _opened(KafkaAdminClient, **self._client)
            try:
                return question(self._clerk)
            except KafkaError:
                clerk, self._clerk = self._clerk, None
                with suppress(KafkaError):
                    clerk.close()
                raise

    def _offsets(self, topic: str, which: OffsetSpec) -> Mapping[int, int]:
        asked = {self._part(topic, n): which for n in range(self._partition_count(topic))}
        found = self._asked(lambda clerk: clerk.list_partition_offsets(asked))
        return {part.partition: place.offset for part, place in found.items()}

    def _ends(self, topic: str) -> Mapping[int, int]:
        return self._offsets(topic, OffsetSpec.LATEST)

    def _behind(self, topic: str, group: str) -> int:
        """Ends first: what is committed between the questions may only lessen the answer."""
        ends = self._ends(topic)
        first = self._offsets(topic, OffsetSpec.EARLIEST)
        found = self._asked(lambda clerk: clerk.list_group_offsets([group]))[group]
        name = self._topic(topic)
        done = {part.partition: at.offset for part, at in found.items() if part.topic == name}
        return sum(end - max(first[n], done.get(n, 0)) for n, end in ends.items())
