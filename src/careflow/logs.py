"""Logs for operators: one JSON line per event, an event name plus identifiers, nothing else.

Logs never hold patient data: modules log names of events and opaque ids. Tracebacks are reduced to
types and places, because an exception's text may quote what a person typed.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from typing import Any, TextIO

from typing_extensions import override

from careflow.clock import instant_text, now

_STANDARD = set(vars(logging.makeLogRecord({}))) | {"message", "asctime", "color_message"}


class JsonLines(logging.Formatter):
    """Formats a record as one JSON object."""

    @override
    def format(self, record: logging.LogRecord) -> str:
        """Return the line; message arguments are left out, since they may quote input."""
        line: dict[str, Any] = {
            "at": instant_text(now()),
            "level": record.levelname.lower(),
            "room": record.name,
            "event": record.msg if isinstance(record.msg, str) else type(record.msg).__name__,
        }
        line |= {k: v for k, v in vars(record).items() if k not in _STANDARD}
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            frames = traceback.extract_tb(record.exc_info[2])
            line["where"] = [f"{f.name}:{f.lineno}" for f in frames[-8:]]
        return json.dumps(line, default=str, ensure_ascii=False)


def start(level: int = logging.INFO, stream: TextIO | None = None) -> None:
    """Send every log line to standard error as JSON, uvicorn's included."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "asyncio"):
        logger = logging.getLogger(name)
        logger.handlers[:] = []
        logger.propagate = True
    # An access line holds the query string, and a query string may hold a name.
    logging.getLogger("uvicorn.access").disabled = True
