"""Where a command's words go: results to stdout, progress and problems to stderr."""

import sys
from pathlib import Path

import click
import msgspec

PATH = click.Path(path_type=Path)


def say(text: str) -> None:
    """Progress and problems go to stderr; stdout is for results."""
    click.echo(text, err=True)


def show(line: object) -> None:
    """One result as a line of JSON."""
    sys.stdout.buffer.write(msgspec.json.encode(line) + b"\n")
    sys.stdout.buffer.flush()  # who reads along sees each clue as it is found
