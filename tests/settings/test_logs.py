"""A log line is an event and identifiers; what people typed never reaches it."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest

from careflow import logs

CANARY = "Xanthippe-Quicksilver"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before = (root.handlers[:], root.level)
    stream = io.StringIO()
    logs.start(stream=stream)
    yield stream
    root.handlers[:], root.level = before[0], before[1]
    logging.getLogger("uvicorn.access").disabled = False


def test_a_line_is_an_event_with_identifiers(written: io.StringIO) -> None:
    logging.getLogger("careflow.records").info("resource stored", extra={"id": "p1"})

    line = json.loads(written.getvalue())

    assert (line["event"], line["id"], line["level"]) == ("resource stored", "p1", "info")


def test_arguments_of_a_message_are_left_out(written: io.StringIO) -> None:
    logging.getLogger("library").warning("cannot parse %s", CANARY)

    assert CANARY not in written.getvalue()


def test_an_exception_is_told_by_type_and_place_not_by_its_words(written: io.StringIO) -> None:
    try:
        raise ValueError(CANARY)
    except ValueError:
        logging.getLogger("careflow").exception("request failed")

    line = json.loads(written.getvalue())

    assert line["error"] == "ValueError"
    assert CANARY not in written.getvalue()
    assert any("test_an_exception" in place for place in line["where"])


def test_access_lines_with_query_strings_are_not_written(written: io.StringIO) -> None:
    logging.getLogger("uvicorn.access").info("GET /api/fhir/R4/Patient?family=%s", CANARY)

    assert written.getvalue() == ""
