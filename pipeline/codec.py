"""Records to JSON and back; what a line says too much is kept, what it says wrong is named."""

import re
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

import msgspec

from pipeline.errors import BadMessage
from pipeline.law import CHINA
from pipeline.records import Capture, Clue, Right

Record = TypeVar("Record")

MAX_LINE_BYTES = 1 << 20
DRAFT = "https://json-schema.org/draft/2020-12/schema"
RENAMED: dict[type, dict[str, str]] = {Right: {"class": "nice"}}
INNER: dict[type, set[str]] = {Capture: {"page", "pictures"}, Clue: {"listing", "pictures"}}
AT = re.compile(r"^(?P<problem>.*?)(?: - at `(?:key in )?\$\.?(?P<field>[^`]*)`)?$")

SCHEMA = re.compile(rb'\{"schema":"([a-z]+)/([0-9]{1,9})"')
VERSIONS: dict[str, int] = {}
"""The newest version of each message that is beyond its first; docs/schema/messages has them."""


class _Decoders(dict[type, msgspec.json.Decoder[Any]]):
    """A decoder for each type, made when first met."""

    def __missing__(self, kind: type) -> msgspec.json.Decoder[Any]:
        return self.setdefault(kind, msgspec.json.Decoder(kind))


_decoders = _Decoders()
_encoder = msgspec.json.Encoder(order="deterministic")


class Unreadable(ValueError):
    """What a line says wrong: the field (or None) and the problem in plain words."""

    def __init__(self, field: str | None, problem: str) -> None:
        super().__init__(f"{field}: {problem}" if field else problem)
        self.field = field
        self.problem = problem


def encode(record: object) -> bytes:
    """The record as one line of JSON, keys in their order, without a line break."""
    return _encoder.encode(record)


def decode(body: bytes, kind: type[Record]) -> Record:
    """A record that `encode` wrote; raises `BadMessage`."""
    try:
        return _decoders[kind].decode(body)  # type: ignore[no-any-return]  # each type has its own
    except (msgspec.MsgspecError, ValueError) as error:
        raise BadMessage(f"not a {kind.__name__}: {error}") from error


def pack(record: object) -> bytes:
    """A message for the bus: the record, and before all else its schema's name and version."""
    name = _name(type(record))
    head = f'{{"schema":"{name}/{VERSIONS.get(name, 1)}",'
    return head.encode() + encode(record)[1:]


def unpack(body: bytes, kind: type[Record]) -> Record:
    """A record from a message that this or an older markwatch wrote; raises `BadMessage`.

    What bore no schema was written before there were any, in the form of version 1.
    """
    found = SCHEMA.match(body)
    name, version = (found[1].decode(), int(found[2])) if found else (_name(kind), 1)
    if name != _name(kind):
        raise BadMessage(f"not a {kind.__name__} but a {name}")
    if version > VERSIONS.get(name, 1):
        raise BadMessage(f"{name}/{version} was written by a newer markwatch; update this one")
    return decode(body, kind)


def _name(kind: type) -> str:
    return kind.__name__.lower()


def loads(line: bytes) -> dict[str, object]:
    """One line of JSON as a mapping; raises `Unreadable`."""
    if len(line) > MAX_LINE_BYTES:
        raise Unreadable(
            None, f"a line of {len(line):,} bytes; at most {MAX_LINE_BYTES:,} are read"
        )
    try:
        value = msgspec.json.decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Unreadable(None, f"not JSON: {error}") from error
    if not isinstance(value, dict):
        raise Unreadable(None, f"a listing or right is a JSON object, not {type(value).__name__}")
    return value


def from_line(values: Mapping[str, object], kind: type[Record]) -> Record:
    """A record from the fields of a line; unknown fields go to `extra`. Raises `Unreadable`."""
    names, known = RENAMED.get(kind, {}), _known(kind)  # type: ignore[arg-type]  # a type is hashable
    given = {names.get(key, key): value for key, value in values.items() if value is not None}
    taken = {key: _tidied(key, value) for key, value in given.items() if key in known}
    extra = {key: value for key, value in given.items() if key not in known}
    try:
        return msgspec.convert({**taken, "extra": extra}, kind, strict=False)
    except (msgspec.ValidationError, ValueError) as error:
        raise _named(str(error), names) from error


@cache
def _known(kind: type) -> frozenset[str]:
    """The fields that a line may give."""
    return frozenset({each.name for each in fields(kind)} - {"extra"} - INNER.get(kind, set()))


def to_line(record: object) -> dict[str, object]:
    """The fields of a record as a line shows them: outer names, extra fields beside the others."""
    kind = type(record)
    values = msgspec.to_builtins(record)
    outer = {inner: name for name, inner in RENAMED.get(kind, {}).items()}
    extra = values.pop("extra", {})
    hidden = INNER.get(kind, set())
    return {outer.get(k, k): v for k, v in values.items() if k not in hidden} | dict(extra)


def message_schema(kind: type) -> dict[str, object]:
    """The JSON Schema (2020-12) of one message of this kind, as `pack` writes it."""
    whole = msgspec.json.schema(kind)
    body = whole["$defs"][kind.__name__]
    tag = {"const": f"{_name(kind)}/{VERSIONS.get(_name(kind), 1)}"}
    body["properties"] = {"schema": tag, **body["properties"]}
    return _plain({"$schema": DRAFT, **whole})


def schema(kind: type) -> dict[str, object]:
    """The JSON Schema (2020-12) of one line of this kind."""
    _, parts = msgspec.json.schema_components([kind], ref_template="#/$defs/{name}")
    body = parts.pop(kind.__name__)
    renamed = {inner: name for name, inner in RENAMED.get(kind, {}).items()}
    hidden = INNER.get(kind, set()) | {"extra"}
    properties = {
        renamed.get(name, name): what
        for name, what in body["properties"].items()
        if name not in hidden
    }
    used = str(properties)
    definitions = {
        name: what for name, what in sorted(parts.items()) if _reached(name, used, parts)
    }
    whole = {
        "$schema": DRAFT,
        **body,
        "properties": properties,
        "additionalProperties": True,
        "$defs": definitions,
    }
    return _plain(whole)


def _plain(whole: Mapping[str, object]) -> dict[str, object]:
    return msgspec.json.decode(msgspec.json.encode(whole), type=dict[str, object])


def _reached(name: str, text: str, parts: Mapping[str, object]) -> bool:
    reference = f"#/$defs/{name}'"
    return reference in text or any(
        reference in str(what) and f"#/$defs/{other}'" in text
        for other, what in parts.items()
        if other != name
    )


def _tidied(key: str, value: object) -> object:
    if key in {"id", "sales", "reg_no", "standard_no", "output", "season"} and isinstance(
        value, int | float
    ):
        return str(value)
    if key == "seen_at" and isinstance(value, str):
        return _moment(value)
    return value


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Unreadable(
            "seen_at", f"{text!r} is not a date; write 2026-11-23 or 2026-11-23T08:00:00+08:00"
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=CHINA)


def _named(message: str, names: Mapping[str, str]) -> Unreadable:
    found = AT.match(message)
    field = (found and found["field"]) or None
    problem = found["problem"] if found else message
    missing = re.search(r"missing required field `(\w+)`", problem)
    if missing:
        field, problem = missing[1], "is missing"
    outer = {inner: name for name, inner in names.items()}
    return Unreadable(outer.get(field, field) if field else None, problem)
