"""The command `clue history`: every revision of a clue, and what changed from one to the next."""

from collections.abc import Iterator

import click

from app.output import show
from app.system import open_parts
from pipeline import codec, law
from pipeline.bus import Topic, history
from pipeline.errors import BadInput
from pipeline.plain import plain
from pipeline.records import Clue
from pipeline.settings import read_settings


@click.group(name="clue")
def clue_group() -> None:
    """One clue: how it came to be as it is."""


@clue_group.command(name="history")
@click.argument("clue")
@click.option("--json", "as_json", is_flag=True, help="Each revision whole, one a line.")
def clue_history(clue: str, *, as_json: bool) -> None:
    """Every revision of CLUE, the oldest first; what is the same as before is not said again."""
    before: Clue | None = None
    with open_parts(read_settings()) as parts:
        for message in history(parts.bus, Topic.CLUES):
            if message.key != clue:
                continue
            now = codec.unpack(message.body, Clue)
            if now == before:
                continue
            if as_json:
                show(codec.to_line(now))
            else:
                moment = message.at.astimezone(law.CHINA).strftime("%Y-%m-%d %H:%M:%S")
                click.echo(f"{moment} {now.tier} {now.score:.2f} {now.conduct} {now.law}")
                for line in changes(before, now):
                    click.echo(f"    {plain(line)}")
            before = now
    if before is None:
        raise BadInput(f"no clue {clue!r}; `markwatch clues` lists them")


def changes(before: Clue | None, now: Clue) -> Iterator[str]:
    """What a revision says otherwise than the one before, a line each; of the first, its reason."""
    if before is None:
        yield now.reason
        return
    old = {gate.gate: gate for gate in before.gates}
    for gate in now.gates:
        was = old.get(gate.gate)
        if was is None or (was.result, was.reason) != (gate.result, gate.reason):
            result = f"{was.result}→{gate.result}" if was else gate.result.value
            yield f"{gate.gate} {result}：{gate.reason}"
    signs = {each.sign for each in before.indications}, {each.sign for each in now.indications}
    yield from (f"+ {each.reason}" for each in now.indications if each.sign not in signs[0])
    yield from (f"- {each.reason}" for each in before.indications if each.sign not in signs[1])
    if before.cleared != now.cleared:
        yield f"cleared: {before.cleared or '—'}→{now.cleared or '—'}"
