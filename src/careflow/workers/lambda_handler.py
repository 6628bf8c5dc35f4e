"""AWS Lambda: one event is one errand, one answer its report; nothing is stored or logged.

The function knows the local methods and nothing else: no database, no key, no settings, no network.
What it loads for a method stays for the next event.
"""

from __future__ import annotations

from typing import Any

import msgspec

from careflow.ai.asking import TASKS
from careflow.ai.engines.local import METHODS
from careflow.ai.errand import (
    FORM,
    Json,
    Sent,
    given_in,
    report_of,
    report_of_ending,
    sent_in,
)
from careflow.ai.task import AbstainedError


def handle(event: object, _context: object) -> Json:
    """Answer an errand.

    What a method raises beyond abstaining goes to nobody but a name: the runtime would send its
    words back and write them into the function's log.
    """
    try:
        return _reported(event)
    except Exception as error:  # noqa: BLE001 - its words may be a patient's
        name = type(error).__name__
    raise MethodFailedError(name)


class MethodFailedError(Exception):
    """A method failed; the kind of error is told, its words are not."""


def _reported(event: object) -> Json:
    try:
        sent = sent_in(event)
    except msgspec.ValidationError:
        return report_of_ending("unreadable")
    if sent.form != FORM:
        return report_of_ending("other-form")
    task, method = TASKS.get(sent.task), METHODS.get(sent.task)
    if task is None or method is None or task.version != sent.version:
        return report_of_ending("no-method")
    return _answered(sent, task, method)


def _answered(sent: Sent, task: Any, method: Any) -> Json:  # noqa: ANN401 - of any task
    try:
        given = given_in(sent, task)
    except msgspec.ValidationError:
        return report_of_ending("unreadable")
    try:
        return report_of(method(given))
    except AbstainedError as error:
        return report_of_ending("abstained", error.message)
