"""The main job: it ends by itself, it stops when told, and no stage can read the truth."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import HTTPCookieProcessor, build_opener

import pytest

pytestmark = pytest.mark.timeout(240)

ROOT = Path(__file__).parents[2]
WATCH = """
import os, sys, threading
def hook(event, arguments):
    if event == "open" and "truth.jsonl" in str(arguments[0]):
        frame, names = sys._getframe(), []
        while frame:
            names.append(frame.f_code.co_name)
            frame = frame.f_back
        who = " ".join(sys.orig_argv[1:4]), threading.current_thread().name
        line = "|".join([*who, str(arguments[1]), " ".join(names)])
        with open(os.environ["WATCH_LOG"], "a") as log:
            log.write(line + "\\n")
sys.addaudithook(hook)
"""


def demo(*options: str, **environment: str) -> list[str]:
    return [sys.executable, "-m", "markwatch", "demo", "--no-browser", *options]


def processes() -> set[str]:
    """Command lines of our own programs that run now."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            text = path.read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if "crawlers.market" in text or "-m markwatch" in text:
            found.add(f"{path.parent.name} {text}")
    return found


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    """One run with --once, every opening of the truth noted by who and where."""
    folder = tmp_path_factory.mktemp("demo")
    (folder / "sitecustomize.py").write_text(WATCH)
    log = folder / "opened"
    environment = {"PYTHONPATH": str(folder), "WATCH_LOG": str(log), "TMPDIR": str(folder)}
    done = subprocess.run(
        demo("--once", "--items", "200"),
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    return done, log.read_text().splitlines(), folder


def test_it_ends_by_itself_with_its_result(shown):
    done, _, _ = shown

    assert done.returncode == 0, done.stderr
    assert re.search(r"pages \d+  listings 200  clues high \d+", done.stdout)
    assert "name: homophone" in done.stdout
    assert "use: official_shop" in done.stdout


def test_plain_lines_go_to_stderr_where_no_terminal_is(shown):
    done, _, _ = shown

    assert "\r" not in done.stderr
    assert "Traceback" not in done.stderr
    assert "采集用时" in done.stderr


def test_no_stage_reads_the_truth(shown):
    """Its maker writes it; the demonstration reads it once, after the last stage has ended."""
    _, opened, _ = shown
    by_whom = [line.split("|") for line in opened]
    writers = [line for line in by_whom if "w" in line[2]]
    readers = [line for line in by_whom if "w" not in line[2]]

    assert all("crawlers.market" in line[0] for line in writers)
    assert len(writers) == len(readers) == 1
    ((command, thread, _, stack),) = readers
    assert "markwatch demo" in command
    assert thread == "MainThread"
    assert {"read_truth", "_summary"} <= set(stack.split())


def test_nothing_is_left_behind(shown):
    _, _, folder = shown

    assert [path.name for path in folder.iterdir() if path.name.startswith("markwatch-")] == []


def test_the_feed_opens_and_ctrl_c_ends_all_of_it(tmp_path):
    before = processes()
    process = subprocess.Popen(
        demo("--items", "300"),
        cwd=ROOT,
        env=os.environ | {"TMPDIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    address = re.search(r"http\S+", process.stdout.readline())
    assert address is not None
    opened = build_opener(HTTPCookieProcessor())
    end = time.monotonic() + 60
    page = opened.open(address[0]).read().decode()
    home = address[0].partition("/enter")[0]
    while 'class="row' not in page and time.monotonic() < end:
        time.sleep(0.5)
        page = opened.open(home).read().decode()
    process.send_signal(signal.SIGINT)
    began = time.monotonic()
    _, stderr = process.communicate(timeout=20)

    assert 'class="row' in page
    assert time.monotonic() - began < 5
    assert process.returncode == 0, stderr
    assert processes() <= before


def test_children_end_when_the_demo_is_killed(tmp_path):
    before = processes()
    process = subprocess.Popen(
        demo("--once", "--items", "600"),
        cwd=ROOT,
        env=os.environ | {"TMPDIR": str(tmp_path)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    end = time.monotonic() + 30
    while len(processes() - before) < 3 and time.monotonic() < end:
        time.sleep(0.1)
    process.kill()
    process.wait()
    end = time.monotonic() + 10
    while processes() - before and time.monotonic() < end:
        time.sleep(0.1)

    assert processes() - before == set()
