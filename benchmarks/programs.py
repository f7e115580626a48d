"""The product as a user starts it: a process of its own, with settings in its environment."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "pipeline" / "samples" / "tianshui.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenMarket:
    """A practice market that is being served."""

    url: str
    rights: Path


def environment(**settings: object) -> Mapping[str, str]:
    """Ours without any `MARKWATCH_…` of the user's, and with those given."""
    kept = {name: value for name, value in os.environ.items() if "MARKWATCH" not in name}
    chosen = {f"MARKWATCH_{name.upper()}": str(value) for name, value in settings.items()}
    return kept | chosen | {"PYTHONPATH": str(ROOT)}


def seconds(arguments: Sequence[str], **settings: object) -> float:
    """How long a Python program of ours runs, its output thrown away; it must end well."""
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, *arguments],
        env=environment(**settings),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=True,
    )
    return time.perf_counter() - began


@contextmanager
def practice_market(items: int, seed: int) -> Iterator[OpenMarket]:
    """The market as a process of its own, ended with the block."""
    with tempfile.TemporaryDirectory(prefix="markwatch-market-") as folder:
        options = ["--items", str(items), "--seed", str(seed), "--rights", str(SAMPLE)]
        places = ["--practice", f"{folder}/practice", "--truth", f"{folder}/truth.jsonl"]
        process = subprocess.Popen(
            [sys.executable, "-m", "crawlers.market", "--with-parent", *options, *places],
            env=environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        with process:
            try:
                assert process.stdout
                said = json.loads(process.stdout.readline())
                yield OpenMarket(url=said["url"], rights=Path(said["rights"]))
            finally:
                process.terminate()
