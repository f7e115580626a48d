"""The contracts catch what they are for: faults are planted, and each is caught by its tests."""

import os
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.contracts.bus import BusContract
from tests.contracts.index import IndexContract
from tests.contracts.planted import FAULTS, NEED_PARTITIONS

pytestmark = pytest.mark.timeout(300)

ROOT = Path(__file__).parents[2]
PLANTED = "tests/contracts/planted.py"
SERVERS = ("MARKWATCH_TEST_KAFKA", "MARKWATCH_TEST_ELASTICSEARCH")
EMBEDDED = [fault for fault in FAULTS if fault not in NEED_PARTITIONS]
ASKS_NO_INDEX = {"test_a_page_is_no_larger_than_any_index_gives"}


def sentence(fault):
    return fault.__doc__.rstrip(".")


def names(fault):
    return {test.__name__ for test in fault.caught_by}


def outcomes(folder, *chosen, **environment):
    """How the tests of planted.py end: by class, then by test, the set of outcomes."""
    report = folder / "planted.xml"
    arguments = ["--tb=no", "-q", "-rfE", "-p", "no:cacheprovider", f"--junitxml={report}"]
    bare = {name: value for name, value in os.environ.items() if name not in SERVERS}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *(chosen or [PLANTED]), *arguments],
        cwd=ROOT,
        env=bare | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    found = defaultdict(lambda: defaultdict(set))
    for case in ET.parse(report).iter("testcase"):
        kind, name = case.get("classname").rpartition(".")[2], case.get("name").partition("[")[0]
        found[kind][name] |= {each.tag for each in case} - {"properties"} or {"passed"}
    return found


@pytest.fixture(scope="module")
def embedded(tmp_path_factory):
    return outcomes(tmp_path_factory.mktemp("planted"))


@pytest.mark.parametrize("fault", EMBEDDED, ids=sentence)
def test_a_planted_fault_is_caught(embedded, fault):
    found = embedded[f"Test{fault.__name__}"]

    assert found.keys() == names(fault)
    assert all(outcome <= {"failure", "passed"} for outcome in found.values())
    assert [name for name, outcome in found.items() if "failure" not in outcome] == []


@pytest.mark.parametrize("fault", NEED_PARTITIONS, ids=sentence)
def test_a_fault_that_needs_partitions_is_caught_on_kafka(kafka, tmp_path, fault):
    chosen = f"{PLANTED}::Test{fault.__name__}"
    found = outcomes(tmp_path, chosen, MARKWATCH_TEST_KAFKA=kafka)

    assert found[f"Test{fault.__name__}"] == {name: {"failure"} for name in names(fault)}


@pytest.mark.parametrize("sound", ["TestSoundBus", "TestSoundIndex"])
def test_where_no_fault_is_planted_none_is_found(embedded, sound):
    assert {name for name, outcome in embedded[sound].items() if outcome != {"passed"}} == set()
    assert len(embedded[sound]) > 20


@pytest.mark.parametrize("contract", [BusContract, IndexContract])
def test_every_test_of_a_contract_has_caught_a_fault(contract):
    tests = {name for name in dir(contract) if name.startswith("test_")}

    assert tests - ASKS_NO_INDEX - set().union(*map(names, FAULTS)) == set()
