"""Where a command's words go: results to stdout, progress and problems to stderr."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click
import msgspec
from tqdm import tqdm

PATH = click.Path(path_type=Path)


def say(text: str) -> None:
    """Progress and problems go to stderr; stdout is for results."""
    click.echo(text, err=True)


def bar(unit: str, each: Iterable[Any] | None = None) -> "tqdm[Any]":
    """Progress on a terminal, counted in `unit`; nothing where nobody looks."""
    return tqdm(each, unit=f" {unit}", disable=not sys.stderr.isatty(), file=sys.stderr)


def show(line: object) -> None:
    """One result as a line of JSON."""
    sys.stdout.buffer.write(msgspec.json.encode(line) + b"\n")
    sys.stdout.buffer.flush()  # who reads along sees each clue as it is found
