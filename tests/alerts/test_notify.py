"""Each clue is told once to each who should hear of it, and a sink that is away gets it later."""

import json
import smtplib
import socket
import socketserver
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from alerts.notify import Told, notify_stage
from alerts.rules import Rule, told_to
from alerts.sinks import Console, File, Mail, SinkUnavailable, Webhook, sentence
from pipeline.assessed import Tier
from tests import make


def test_low_and_cleared_clues_are_told_to_nobody():
    rules = (Rule(sinks=("console",)),)

    assert [told_to(make.clue(tier=tier), rules) for tier in Tier] == [
        ("console",),
        ("console",),
        (),
        (),
    ]


def test_a_sink_named_by_two_rules_hears_once():
    rules = (Rule(sinks=("mail", "file")), Rule(sinks=("mail",), rights=frozenset({"other"})))

    assert told_to(make.clue(), rules) == ("mail", "file")
    assert told_to(make.clue(right_id="other"), rules) == ("mail", "file")


def test_a_clue_seen_again_is_not_told_again_even_after_a_restart(tmp_path):
    heard: list[str] = []
    for _ in range(2):
        stage = notify_stage(
            Told(tmp_path / "told"), (Console(heard.append),), (Rule(sinks=("console",)),)
        )
        list(stage.handle([make.clue()]))
        list(stage.handle([make.clue(score=0.95)]))

    assert len(heard) == 1


def test_a_sink_that_fails_is_asked_again_and_the_others_hear_once(tmp_path):
    heard: list[str] = []
    broken = File(tmp_path / "no folder" / "alerts.jsonl")
    rules = (Rule(sinks=("console", "file")),)
    stage = notify_stage(Told(tmp_path / "told"), (Console(heard.append), broken), rules)
    with pytest.raises(SinkUnavailable):
        list(stage.handle([make.clue()]))
    (tmp_path / "no folder").mkdir()
    list(stage.handle([make.clue()]))

    assert len(heard) == 1
    assert json.loads(broken.path.read_text("utf-8"))["clue_id"] == "clue-1"


def test_a_title_cannot_write_on_the_terminal():
    hostile = make.clue(listing=make.capture("\x1b[2J红\u202e\r\n苹果"))

    assert "\x1b" not in sentence(hostile)
    assert "\n" not in sentence(hostile)
    assert "\u202e" not in sentence(hostile)


class Inbox(socketserver.StreamRequestHandler):
    """Just enough SMTP to take a letter."""

    def handle(self) -> None:
        self.wfile.write(b"220 ready\r\n")
        for line in self.rfile:
            if line.upper().startswith(b"DATA"):
                self.wfile.write(b"354 go\r\n")
                self.server.letters.append(b"".join(iter(self.rfile.readline, b".\r\n")))
            self.wfile.write(b"221 bye\r\n" if line.upper().startswith(b"QUIT") else b"250 ok\r\n")


@contextmanager
def serving(server):
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_mail_names_the_clue_and_cannot_be_given_headers_by_a_title():
    server = socketserver.TCPServer(("127.0.0.1", 0), Inbox)
    server.letters = []
    with serving(server) as port:
        mail = Mail(f"smtp://127.0.0.1:{port}", "office@example.org")
        mail.tell(make.clue(right_name="花牛\r\nBcc: all@example.org"))
    (letter,) = server.letters

    assert b"Message-ID: <clue-1@markwatch>" in letter
    assert b"\nBcc:" not in letter


def test_a_web_hook_gets_the_clue_s_line():
    posted: list[tuple[str, dict]] = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            posted.append((self.headers["Idempotency-Key"], json.loads(body)))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_given: object) -> None:
            """Tests need no access log."""

    with serving(HTTPServer(("127.0.0.1", 0), Hook)) as port:
        Webhook(f"http://127.0.0.1:{port}/").tell(make.clue())
    ((key, line),) = posted

    assert key == line["clue_id"] == "clue-1"
    assert "listing" not in line


def test_a_sink_that_is_away_says_so():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        for sink in (Webhook(f"http://127.0.0.1:{port}/"), Mail(f"smtp://127.0.0.1:{port}", "a@b")):
            with pytest.raises(SinkUnavailable):
                sink.tell(make.clue())
    assert issubclass(smtplib.SMTPException, OSError)


def test_a_file_is_not_told_again_what_it_was_told_last(tmp_path):
    """A crash between the telling and the noting of it: the line is there, the note is not.

    Others may come before it the next time: partitions are read in another order.
    """
    file = File(tmp_path / "alerts.jsonl")
    file.tell(make.clue("one"))
    file.tell(make.clue("two"))
    again = File(tmp_path / "alerts.jsonl")
    again.tell(make.clue("three"))
    again.tell(make.clue("two"))

    lines = (tmp_path / "alerts.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["clue_id"] for line in lines] == ["one", "two", "three"]


def test_a_line_that_a_crash_cut_short_is_written_whole(tmp_path):
    path = tmp_path / "alerts.jsonl"
    File(path).tell(make.clue("one"))
    whole = path.read_bytes()
    path.write_bytes(whole + whole[:40])
    File(path).tell(make.clue("two"))

    lines = path.read_text("utf-8").splitlines()
    assert [json.loads(line)["clue_id"] for line in lines] == ["one", "two"]
