"""The published schemas are those of the records."""

import json
from pathlib import Path

import jsonschema
import pytest

from pipeline import codec
from pipeline.records import Capture, Clue, Right
from pipeline.rights import SAMPLE
from tests import make

FOLDER = Path(__file__).parents[2] / "docs" / "schema"
KINDS = {"listing": Capture, "clue": Clue, "right": Right}


@pytest.mark.parametrize("name", KINDS)
def test_a_schema_in_docs_is_the_one_of_its_record(name):
    """To renew them: python scripts/schemas.py"""
    assert json.loads((FOLDER / f"{name}.json").read_text("utf-8")) == codec.schema(KINDS[name])


def test_our_own_lines_keep_our_schemas():
    jsonschema.validate(json.loads(json.dumps(codec.to_line(make.clue()))), codec.schema(Clue))
    for line in SAMPLE.read_text("utf-8").splitlines():
        jsonschema.validate(json.loads(line), codec.schema(Right))


def test_a_wrong_line_breaks_the_schema():
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"id": "1"}, codec.schema(Capture))
