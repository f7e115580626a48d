"""Without Java, Maven and Docker: the main job runs, and tests that need servers say so by name."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.scale.house import ROOT

NEEDING = "tests/pipeline/test_kafka.py::TestKafkaBus::test_what_was_published_outlives_the_bus"
HIDDEN = ("MARKWATCH", "JAVA", "PATH")


def bare(folder: Path, **given: str) -> dict[str, str]:
    """An environment in which none of the three is found."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(HIDDEN)}
    (folder / "bin").mkdir(exist_ok=True)
    return kept | {"PATH": str(folder / "bin"), "MARKWATCH_SERVICES_CACHE": str(folder)} | given


def python(environment, *arguments: str):
    command = [sys.executable, "-m", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=110
    )


def test_the_main_job_needs_neither_java_nor_docker(tmp_path):
    done = python(bare(tmp_path), "markwatch", "demo", "--once", "--no-browser", "--items", "20")

    assert done.returncode == 0, done.stderr
    assert "listings 20" in done.stdout


@pytest.mark.parametrize(("required", "status"), [("0", 0), ("1", 1)])
def test_a_test_without_its_server_is_skipped_by_name_unless_it_is_required(
    tmp_path, required, status
):
    given = bare(tmp_path, MARKWATCH_REQUIRE_SERVICES=required)
    done = python(given, "pytest", "-q", "-rs", "-p", "no:cacheprovider", NEEDING)

    assert done.returncode == status, done.stdout
    assert "no mvn on the PATH; install Maven (or set MARKWATCH_TEST_KAFKA)" in done.stdout
