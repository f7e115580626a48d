"""The commands as people and scripts meet them: results on stdout, all else on stderr."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest

from alerts.feed.serve import bind
from markwatch import main
from pipeline import codec
from pipeline.bus import open_bus
from pipeline.errors import BadSetting
from tests import make
from tests.contracts.bus import wait_for

ROOT = Path(__file__).parents[2]


def run(*arguments: str, data: Path | None = None, **given):
    environment = os.environ | ({"MARKWATCH_DATA": str(data)} if data else {})
    return subprocess.run(
        [sys.executable, "-m", "markwatch", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        check=False,
        timeout=100,
        **given,
    )


def lines(done) -> list[dict]:
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture
def rights(tmp_path):
    (tmp_path / "logo.jpg").write_bytes(make.picture(3))
    path = tmp_path / "rights.jsonl"
    right = {"id": "r", "name": "花牛苹果", "kind": "gi", "goods": ["苹果"], "images": ["logo.jpg"]}
    path.write_text(json.dumps(right, ensure_ascii=False) + "\n", "utf-8")
    return path


def listing(**given) -> str:
    return json.dumps({"id": "1", "title": "正宗 花*牛苹果"} | given, ensure_ascii=False) + "\n"


def test_scan_prints_clues_as_lines(tmp_path, rights):
    (tmp_path / "l.jsonl").write_text(listing(colour="red"), "utf-8")
    done = run("scan", str(tmp_path / "l.jsonl"), "--rights", str(rights))
    (clue,) = lines(done)
    (match,) = clue["matches"]
    start, end = match["span"]

    assert done.returncode == 0
    assert done.stderr == b""
    assert (clue["listing_id"], clue["right_id"], clue["tier"]) == ("1", "r", "high")
    assert "正宗 花*牛苹果"[start:end] == match["seen"] == "花*牛苹果"


def test_scan_reads_standard_input(rights):
    done = run("scan", "-", "--rights", str(rights), input=listing().encode())

    assert len(lines(done)) == 1


def test_scan_compares_pictures_beside_the_file(tmp_path, rights):
    (tmp_path / "copy.jpg").write_bytes(make.picture(3, kind="PNG"))
    (tmp_path / "l.jsonl").write_text(
        listing(title="苹果礼盒", images=["copy.jpg", "//cdn/x.jpg"]), "utf-8"
    )
    done = run("scan", str(tmp_path / "l.jsonl"), "--rights", str(rights))
    (clue,) = lines(done)
    (match,) = clue["matches"]

    assert done.returncode == 0
    assert (match["detector"], match["field"], match["span"]) == ("image", "image:0", None)
    assert match["right_image"] == "logo.jpg"


def test_scan_reports_what_is_broken_and_goes_on(tmp_path, rights):
    (tmp_path / "cut.jpg").write_bytes(make.picture(4)[:800])
    text = listing() + "{broken\n" + listing(id="2", images=["cut.jpg", "../x.jpg"])
    (tmp_path / "l.jsonl").write_text(text, "utf-8")
    done = run("scan", str(tmp_path / "l.jsonl"), "--rights", str(rights))
    told = done.stderr.decode()

    assert done.returncode == 1
    assert [clue["listing_id"] for clue in lines(done)] == ["1", "2"]
    assert "l.jsonl:2: not JSON" in told
    assert "l.jsonl:3: images[0]: not a readable picture" in told
    assert "l.jsonl:3: images[1]: '../x.jpg' leaves the folder" in told


def test_scan_keeps_low_and_lawful_to_itself_unless_asked(tmp_path, rights):
    (tmp_path / "l.jsonl").write_text(listing(title="花牛苹果派的做法 教程"), "utf-8")
    command = ("scan", str(tmp_path / "l.jsonl"), "--rights", str(rights))

    assert lines(run(*command)) == []
    assert [clue["cleared"] for clue in lines(run(*command, "--all"))] == ["recipe"]


def test_scan_gives_its_reasons_in_english_on_demand(tmp_path, rights):
    (tmp_path / "l.jsonl").write_text(listing(), "utf-8")
    done = run("scan", str(tmp_path / "l.jsonl"), "--rights", str(rights), "--english")
    (clue,) = lines(done)
    (match,) = clue["matches"]

    assert done.returncode == 0
    assert match["reason"] == (
        "Title, characters 4–8: “花*牛苹果” resembles the protected name “花牛苹果”: "
        "花=花 牛=牛 苹=苹 果=果; “*” between the characters."
    )
    assert clue["reason"].startswith(match["reason"])
    assert clue["reason"].endswith(" High.")
    assert any("标志近似" in gate["reason"] for gate in clue["gates"])


def test_control_characters_reach_no_terminal(tmp_path, rights):
    (tmp_path / "l.jsonl").write_bytes(b'{"id": "\\u001b[2J", "title": ""}\n')
    done = run("scan", str(tmp_path / "l.jsonl"), "--rights", str(rights))

    assert b"\x1b" not in done.stderr


def test_a_list_with_a_fault_does_not_count_at_all(tmp_path, rights):
    with rights.open("a", encoding="utf-8") as file:
        file.write('{"id": "s", "name": "x", "kind": "patent"}\n')
    (tmp_path / "l.jsonl").write_text(listing(), "utf-8")
    done = run("scan", str(tmp_path / "l.jsonl"), "--rights", str(rights))

    assert (done.returncode, done.stdout) == (1, b"")
    assert b":2: kind: Invalid enum value 'patent'" in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("scan",), 2),
        (("nonsense",), 2),
        (("scan", "none.jsonl", "--rights", "none.jsonl"), 1),
        (("crawl", "nowhere"), 1),
        (("run", "sleep"), 2),
        (("--help",), 0),
        (("--version",), 0),
    ],
)
def test_exit_status_tells_done_failed_and_misused(arguments, status):
    done = run(*arguments)

    assert done.returncode == status
    assert b"Traceback" not in done.stderr


def test_ctrl_c_in_a_scan_ends_it_and_keeps_what_was_printed(tmp_path, rights):
    reader, writer = os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-m", "markwatch", "scan", "-", "--rights", str(rights)],
        cwd=ROOT,
        stdin=reader,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    os.write(writer, listing().encode())
    assert process.stdout is not None
    first = process.stdout.readline()
    process.send_signal(signal.SIGINT)
    began = time.monotonic()
    _, stderr = process.communicate(timeout=20)
    os.close(writer)
    os.close(reader)

    assert time.monotonic() - began < 5
    assert process.returncode != 0
    assert b"Traceback" not in stderr
    assert json.loads(first)["listing_id"] == "1"


def test_rights_are_checked_imported_and_shown(tmp_path, rights):
    data = tmp_path / "data"

    assert b"1 rights, no fault" in run("rights", "check", str(rights)).stdout
    assert run("rights", "import", str(rights), data=data).returncode == 0
    (shown,) = lines(run("rights", "show", "花牛", data=data))
    assert shown["name"] == "花牛苹果"
    assert lines(run("rights", "show", "nothing", data=data)) == []


def test_a_listing_goes_the_whole_way_from_a_file(tmp_path, rights):
    """intake → fingerprint → screen → index, then clues, search and a notice draft."""
    data = tmp_path / "data"
    (tmp_path / "l.jsonl").write_text(
        listing(url="https://shop.example/1", shop={"name": "某店"}), "utf-8"
    )
    run("rights", "import", str(rights), data=data)

    assert run("intake", str(tmp_path / "l.jsonl"), data=data).returncode == 0
    assert run("run", "--once", data=data).returncode == 0
    assert run("run", "--once", data=data).returncode == 0
    (clue,) = lines(run("clues", "--json", data=data))
    assert clue["listing_id"] == "1"
    assert lines(run("search", "--json", "花牛", data=data)) == [clue]
    assert lines(run("search", "--json", "香蕉", data=data)) == []
    drafted = run("notice", "draft", clue["clue_id"], "--to", str(tmp_path / "out"), data=data)
    assert "权利人签章" in drafted.stderr.decode()
    assert len(list((tmp_path / "out").iterdir())) == 2
    assert run("notice", "draft", "none", data=data).returncode == 1


def test_a_poison_message_is_listed_and_sent_again(tmp_path):
    bus = open_bus(f"sqlite:{tmp_path / 'bus.sqlite'}")
    bus.publish("captures", "k", b"\x1b[2J poison")
    run("run", "fingerprint", "--once", data=tmp_path)
    listed = run("deadletters", "list", data=tmp_path)

    assert b"fingerprint captures/0:1 not a Capture" in listed.stdout
    assert b"1 sent again" in run("deadletters", "retry", data=tmp_path).stdout
    assert len(wait_for(bus.follow("captures"), 2)) == 2
    bus.close()


def test_a_bus_is_copied_into_another_but_never_into_itself(tmp_path):
    old = f"sqlite:{tmp_path / 'old.sqlite'}"
    bus = open_bus(old)
    bus.publish_all("captures", [("k", b"1"), ("k", b"2")])
    bus.publish("clues", "k", b"3")
    bus.close()
    copied = run("bus", "copy", old, data=tmp_path)
    same = run("bus", "copy", f"sqlite:{tmp_path / 'bus.sqlite'}", data=tmp_path)
    bus = open_bus(f"sqlite:{tmp_path / 'bus.sqlite'}")

    assert b"3 messages copied" in copied.stderr
    assert same.returncode == 1
    assert b"copy from another" in same.stderr
    assert len(wait_for(bus.follow("captures"), 2)) == 2
    bus.close()


def test_doctor_says_what_is_fine_and_what_is_not(tmp_path):
    assert run("doctor", data=tmp_path).returncode == 0

    (tmp_path / "file").write_text("")
    done = run("doctor", data=tmp_path / "file" / "below")
    assert done.returncode == 1
    assert b"FAIL data folder" in done.stdout


def test_a_port_that_is_taken_is_a_sentence():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(BadSetting, match=f"{port} cannot be had"):
            bind("127.0.0.1", port)


def test_every_command_has_help():
    def commands(group: click.Group, path: tuple[str, ...] = ()):
        for name, command in group.commands.items():
            if isinstance(command, click.Group):
                yield from commands(command, (*path, name))
            yield (*path, name), command

    for path, command in commands(main):
        assert command.help, path


def test_stages_run_as_one_process_until_told_to_stop(tmp_path, rights):
    run("rights", "import", str(rights), data=tmp_path)
    process = subprocess.Popen(
        [sys.executable, "-m", "markwatch", "run", "--port", "0"],
        cwd=ROOT,
        env=os.environ | {"MARKWATCH_DATA": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert b"/enter?token=" in process.stdout.readline()
    bus = open_bus(f"sqlite:{tmp_path / 'bus.sqlite'}")
    capture = make.capture("花*牛苹果")
    bus.publish("captures", capture.key, codec.encode(capture))
    wait_for(bus.follow("clues"), 1)
    process.terminate()
    began = time.monotonic()
    _, stderr = process.communicate(timeout=20)
    bus.close()

    assert time.monotonic() - began < 5
    assert process.returncode == 0, stderr
