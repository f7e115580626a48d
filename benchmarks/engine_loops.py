"""Measures what our loops cost over the bare ones: consuming from Kafka, filling Elasticsearch.

Bare means the client library's own loop over the same messages and documents: a consumer that
polls, decodes and commits, and `streaming_bulk` of documents made beforehand. Ours also check
schemas, set aside, count, fold and keep versions.
"""

import argparse
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1]))

import msgspec
from elasticsearch import Elasticsearch as Client
from elasticsearch import OrjsonSerializer
from elasticsearch.helpers import streaming_bulk
from kafka import KafkaConsumer

from benchmarks import synthetic
from benchmarks.rounds import Contender, alternate, table
from detectors.screen import open_screen
from pipeline import codec, rights
from pipeline.bus import Topic, open_bus
from pipeline.bus.kafka import CONSUMER, POLLED
from pipeline.index import Document, open_index
from pipeline.index.elastic.layout import source_of
from pipeline.indexing import clue_document
from pipeline.records import Capture, Listing
from pipeline.stage import Emit, Stage, run_stage
from tests.services import Elasticsearch, Kafka

MOST = 1.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Consuming:
    """The same listings, read by either loop from the start, each time in a group of its own."""

    address: str
    count: int

    def ours(self) -> float:
        group = uuid.uuid4().hex
        with closing(open_bus(f"kafka://{self.address}/loops")) as bus:
            stop, left = threading.Event(), self.count

            def handle(listings: Sequence[Listing]) -> Sequence[Emit]:
                nonlocal left
                left -= len(listings)
                if left == 0:
                    stop.set()
                return ()

            stage = Stage(
                name=group, topic=Topic.LISTINGS, kind=Listing, handle=handle, most=POLLED
            )
            began = time.perf_counter()
            assert run_stage(bus, stage, stop) == self.count
            return self.count / (time.perf_counter() - began)

    def bare(self) -> float:
        decoder = msgspec.json.Decoder(Listing)
        began = time.perf_counter()
        consumer = KafkaConsumer(
            f"loops.{Topic.LISTINGS}",
            bootstrap_servers=self.address,
            group_id=uuid.uuid4().hex,
            **CONSUMER,
        )
        read = 0
        while read < self.count:
            for records in consumer.poll(timeout_ms=500).values():
                read += len([decoder.decode(record.value) for record in records])
            consumer.commit()
        consumer.close()
        return self.count / (time.perf_counter() - began)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    """The same documents into a new index each time, refreshed once at the end."""

    address: str
    documents: Sequence[Document]

    def ours(self) -> float:
        with closing(open_index(f"{self.address}/{uuid.uuid4().hex}?replicas=0-1")) as index:
            index.get_all(self.documents[0].kind, ["nobody"])
            with index.renewed() as fresh:
                began = time.perf_counter()
                fresh.put(self.documents)
                return len(self.documents) / (time.perf_counter() - began)

    def bare(self) -> float:
        name = uuid.uuid4().hex
        client = Client([self.address], serializer=OrjsonSerializer(), request_timeout=30)
        with closing(open_index(f"{self.address}/{name}")) as index:
            index.get_all(self.documents[0].kind, ["nobody"])  # the same mapping
        client.indices.put_settings(index=name, settings={"index": {"refresh_interval": "-1"}})
        actions = [
            {"_op_type": "index", "_index": name, "_id": each.id, "_source": source_of(each)}
            for each in self.documents
        ]
        began = time.perf_counter()
        for fine, outcome in streaming_bulk(client, actions, chunk_size=500):
            assert fine, outcome
        done = len(actions) / (time.perf_counter() - began)
        client.close()
        return done


def measure(unit: str, contenders: tuple[Callable[[], float], Callable[[], float]]) -> bool:
    """Prints the table; whether ours costs at most `MOST` of the bare loop's time."""
    named = [
        Contender(name=name, measure=each)
        for name, each in zip(("ours", "bare"), contenders, strict=True)
    ]
    done = alternate(named, rounds=5)
    print("\n".join(table(unit, done)))
    cost = sorted(done["bare"])[2] / sorted(done["ours"])[2]
    print(f"our loop costs {cost:.2f} x of the bare one; at most {MOST} x\n")
    return cost <= MOST


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--listings", type=int, default=100_000)
    parser.add_argument("--documents", type=int, default=6_000)
    asked = parser.parse_args()
    known = synthetic.names(200, 1)
    with Kafka() as kafka, Elasticsearch() as elastic, tempfile.TemporaryDirectory() as folder:
        file = synthetic.write(Path(folder) / "rights.jsonl", synthetic.rights(200, 1))
        lines = synthetic.listings(asked.listings, 1, known, named=1.0)
        listings = [Listing(capture=codec.from_line(line, Capture)) for line in lines]
        screen = open_screen(rights.load(file))
        found = screen.clues(listings)
        documents = [
            clue_document(clue) for clue, _ in zip(found, range(asked.documents), strict=False)
        ]
        entries = [(each.capture.key, codec.pack(each)) for each in listings]
        with closing(open_bus(f"kafka://{kafka.address}/loops")) as bus:
            bus.publish_all(Topic.LISTINGS, entries)
        size = sum(len(body) for _, body in entries) / len(entries)
        print(f"{len(entries):,} listings of {size:,.0f} bytes, {len(documents):,} clues")
        reading = Consuming(address=kafka.address, count=len(entries))
        filling = Filling(address=elastic.address, documents=documents)
        fine = measure("listings consumed/s", (reading.ours, reading.bare))
        fine &= measure("documents put/s", (filling.ours, filling.bare))
    sys.exit(0 if fine else 1)


if __name__ == "__main__":
    main()
