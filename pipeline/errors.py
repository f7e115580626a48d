"""What can go wrong, named by what the caller can do about it.

MarkwatchError
├── BadInput            this datum is wrong and stays wrong: report it, set it aside, go on
│   ├── BadLine         a line or row of a file
│   ├── BadSetting      a setting or a site file
│   ├── BadMessage      a message on the bus that cannot be read
│   └── EvidenceLost    evidence is gone or was altered; nothing brings it back
└── BrokenWorld         nothing is wrong with the datum: stop, and come again later
    ├── BusError
    ├── IndexUnavailable
    └── VaultError
"""

from dataclasses import dataclass

from typing_extensions import override


class MarkwatchError(Exception):
    """The root of all errors that markwatch raises on purpose."""


class BadInput(MarkwatchError):
    """This datum is wrong and stays wrong."""


class BadSetting(BadInput):
    """A setting, a command's argument or a site file cannot be used."""


class BadMessage(BadInput):
    """A message on the bus cannot be read."""


class EvidenceLost(BadInput):
    """Evidence that was kept is not there any more, or is not what it was."""


class BrokenWorld(MarkwatchError):
    """The world is not as it should be; the same work may succeed later."""


class BusError(BrokenWorld):
    """The bus cannot be written or read now."""


class IndexUnavailable(BrokenWorld):
    """The index cannot be written or read now."""


class VaultError(BrokenWorld):
    """Evidence cannot be kept or read now."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a file: where, which field, and what to do."""

    file: str
    line: int | None
    field: str | None
    problem: str

    @override
    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return (
            f"{place}: {self.field}: {self.problem}" if self.field else f"{place}: {self.problem}"
        )


class BadLine(BadInput):
    """A line of a file is wrong; carries the fault to show."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault
