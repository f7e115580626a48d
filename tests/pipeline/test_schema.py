"""The published schemas are those of the records, and what was written once is read for ever."""

import importlib.util
import json
import threading
from pathlib import Path

import jsonschema
import pytest

from crawlers.polite import Visit
from crawlers.schedule import Plan
from detectors.fingerprint import fingerprint_stage
from detectors.screen import InForce, screen_stage
from pipeline import codec, deadletters
from pipeline.bus import Topic
from pipeline.bus.embedded import EmbeddedBus
from pipeline.errors import BadMessage
from pipeline.index import Facet, Kind
from pipeline.index.embedded import EmbeddedIndex
from pipeline.indexing import index_stages
from pipeline.records import Capture, Clue, Listing, Right, Verdict
from pipeline.rights import SAMPLE
from pipeline.stage import DeadLetter, run_stage
from pipeline.vault import Vault
from tests import make

ROOT = Path(__file__).parents[2]
WRITTEN = sorted((Path(__file__).parent / "messages").iterdir())
KINDS = {
    "capture": Capture,
    "listing": Listing,
    "clue": Clue,
    "verdict": Verdict,
    "plan": Plan,
    "deadletter": DeadLetter,
    "visit": Visit,
}
TOPICS = {
    "capture": Topic.CAPTURES,
    "listing": Topic.LISTINGS,
    "clue": Topic.CLUES,
    "verdict": Topic.VERDICTS,
}


def schemas():
    place = ROOT / "scripts" / "schemas.py"
    spec = importlib.util.spec_from_file_location("schemas", place)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.schemas()


def test_the_schemas_in_docs_are_those_of_the_records():
    """To renew them: python scripts/schemas.py"""
    for path, schema in schemas().items():
        assert json.loads(path.read_text("utf-8")) == schema, path.name


def test_our_own_lines_keep_our_schemas():
    jsonschema.validate(json.loads(json.dumps(codec.to_line(make.clue()))), codec.schema(Clue))
    for line in SAMPLE.read_text("utf-8").splitlines():
        jsonschema.validate(json.loads(line), codec.schema(Right))


def test_a_wrong_line_breaks_the_schema():
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"id": "1"}, codec.schema(Capture))


def test_a_message_bears_the_name_and_version_of_its_schema_and_keeps_to_it():
    body = codec.pack(make.clue())

    assert json.loads(body)["schema"] == "clue/1"
    jsonschema.validate(json.loads(body), codec.message_schema(Clue))
    assert codec.unpack(body, Clue) == make.clue()


def test_a_message_of_another_kind_or_of_a_newer_markwatch_is_refused():
    body = codec.pack(make.listing())

    with pytest.raises(BadMessage, match="not a Capture but a listing"):
        codec.unpack(body, Capture)
    with pytest.raises(BadMessage, match="newer markwatch"):
        codec.unpack(body.replace(b"listing/1", b"listing/2"), Listing)


@pytest.mark.parametrize("folder", WRITTEN, ids=lambda folder: folder.name)
def test_what_an_older_markwatch_wrote_is_read(folder):
    for name, kind in KINDS.items():
        body = (folder / f"{name}.json").read_bytes()
        record = codec.unpack(body, kind)
        written = json.loads(body)

        assert _keeps(json.loads(codec.pack(record)), written), name


def _keeps(now: object, written: object) -> bool:
    """Whether all that was written is there still; fields may have been added anywhere."""
    if isinstance(now, dict) and isinstance(written, dict):
        return all(key in now and _keeps(now[key], each) for key, each in written.items())
    if isinstance(now, list) and isinstance(written, list):
        return len(now) == len(written) and all(map(_keeps, now, written))
    return now == written


@pytest.mark.parametrize("folder", WRITTEN, ids=lambda folder: folder.name)
def test_what_an_older_markwatch_wrote_goes_the_whole_way(folder, tmp_path):
    bus, index = EmbeddedBus(tmp_path / "bus.sqlite"), EmbeddedIndex(tmp_path / "index.sqlite")
    for name, topic in TOPICS.items():
        bus.publish(topic, name, (folder / f"{name}.json").read_bytes())
    in_force = InForce(tmp_path / "none.jsonl")
    stages = (
        fingerprint_stage(Vault(tmp_path / "vault")),
        screen_stage(in_force),
        *index_stages(index),
    )
    for stage in stages:
        run_stage(bus, stage, threading.Event(), once=True)
    clue = codec.unpack((folder / "clue.json").read_bytes(), Clue)
    stored = index.get(Kind.CLUE, clue.clue_id)

    assert stored.facets[Facet.STATE] == "confirm"
    assert list(deadletters.letters(bus)) == []
    bus.close()
    index.close()
