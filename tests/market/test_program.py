"""The market as a program of its own."""

import json
import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest

from crawlers.market.truth import read_truth

ROOT = Path(__file__).parents[2]


@contextmanager
def program(folder, *more):
    command = [sys.executable, "-W", "error", "-m", "crawlers.market", "--items", "300"]
    command += ["--rights", str(ROOT / "pipeline" / "samples" / "tianshui.jsonl")]
    command += ["--practice", str(folder / "practice"), "--truth", str(folder / "truth.jsonl")]
    with subprocess.Popen(
        [*command, *more],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        try:
            yield running
        finally:
            running.kill()


def test_it_says_where_it_stands_and_what_it_wrote(tmp_path):
    with program(tmp_path) as running:
        said = json.loads(running.stdout.readline())
        with urlopen(said["url"]) as answer:
            home = answer.read().decode()

    assert "演练市场" in home
    assert said["url"].startswith("http://127.0.0.1:")
    assert (said["items"], said["shops"]) == (300, 32)
    assert Path(said["rights"]) == tmp_path / "practice" / "rights.jsonl"
    assert Path(said["rights"]).is_file()
    assert len(read_truth(tmp_path / "truth.jsonl")) == 300


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_cleanly_when_told(tmp_path, ending):
    with program(tmp_path) as running:
        running.stdout.readline()
        os.kill(running.pid, ending)

        assert running.wait(timeout=10) == 0
        assert running.stderr.read() == ""


def test_it_does_not_outlive_its_parent(tmp_path):
    with program(tmp_path, "--with-parent") as running:
        running.stdout.readline()
        running.stdin.close()

        assert running.wait(timeout=10) == 0
