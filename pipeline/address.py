"""The address of a server in a setting: `scheme://USER:PASSWORD@HOST:PORT/NAME?OPTION=VALUE`."""

import re
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from pipeline.errors import BadSetting

NAME = "markwatch"


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """`name` keeps several houses apart on one server; a password is never shown."""

    scheme: str
    hosts: tuple[str, ...]
    name: str
    user: str | None
    password: str = field(repr=False)
    options: Mapping[str, str]

    def number(self, option: str, default: int) -> int:
        """A whole number; raises `BadSetting`."""
        given = self.options.get(option, str(default))
        if not given.lstrip("-").isdigit():
            raise BadSetting(f"{option}={given!r} is not a whole number")
        return int(given)


def read_address(setting: str, url: str, options: Set[str]) -> Address:
    """The parts of a server's address; raises `BadSetting` that names the setting.

    `password_file=PATH` is always an option: a secret need not stand in the environment.
    """
    parts = urlsplit(url)
    who, _, hosts = parts.netloc.rpartition("@")
    given = dict(parse_qsl(parts.query))
    unknown = sorted(given.keys() - options - {"password_file"})
    name = parts.path.strip("/") or NAME
    if unknown:
        raise BadSetting(
            f"{setting}: no option {unknown[0]!r}; there are {', '.join(sorted(options))}"
        )
    if not hosts:
        raise BadSetting(f"{setting}: write {parts.scheme}://HOST:PORT/{NAME}")
    if not name.replace("-", "").replace("_", "").isalnum() or name != name.lower():
        raise BadSetting(f"{setting}: {name!r} must be lower-case letters, digits, - and _")
    user, _, password = who.partition(":")
    return Address(
        scheme=parts.scheme,
        hosts=tuple(hosts.split(",")),
        name=name,
        user=unquote(user) or None,
        password=read_secret(setting, given, "password_file")
        if "password_file" in given
        else unquote(password),
        options=given,
    )


def read_place(setting: str, text: str) -> tuple[str, int]:
    """`HOST:PORT` to listen at; raises `BadSetting` that names the setting."""
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or int(port) > 65535:
        raise BadSetting(f"{setting}={text!r}: write HOST:PORT, such as 127.0.0.1:9108")
    return host, int(port)


def shown(url: str) -> str:
    """The address without its password, fit for a terminal and a log."""
    return re.sub(r"(?<=//)([^/@:]*):[^/@]*@", r"\1:…@", url)


def read_secret(setting: str, options: Mapping[str, str], option: str) -> str:
    """What stands in the file that this option names; raises `BadSetting`."""
    try:
        return Path(options[option]).read_text("utf-8").strip()
    except OSError as error:
        raise BadSetting(f"{setting}: {option}: {error}") from error
