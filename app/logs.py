"""Log lines on stderr: plain for a person, JSON with ids for a machine."""

import json
import logging
import sys
from datetime import UTC, datetime

from typing_extensions import override

from pipeline.errors import BadSetting
from pipeline.plain import plain

IDS = ("stage", "topic", "partition", "offset", "key")


class Plain(logging.Formatter):
    """One line, whatever a shop put into it, and the traceback of a fault of ours."""

    @override
    def format(self, record: logging.LogRecord) -> str:
        line = plain(f"{record.name}: {record.getMessage()}")
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


class Json(logging.Formatter):
    """One JSON object a line: when, how grave, who, what, which message, and the traceback."""

    @override
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "thread": record.threadName,
            "message": record.getMessage(),
        }
        line |= {name: getattr(record, name) for name in IDS if hasattr(record, name)}
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


FORMS = {"plain": Plain, "json": Json}


def set_up(form: str) -> None:
    """Logs to stderr in this form; raises `BadSetting`."""
    if form not in FORMS:
        raise BadSetting(f"MARKWATCH_LOG={form!r}: write {' or '.join(FORMS)}")
    handler = logging.StreamHandler(sys.stderr)
    handler.setLevel(logging.WARNING)
    handler.setFormatter(FORMS[form]())
    logging.basicConfig(handlers=[handler])
