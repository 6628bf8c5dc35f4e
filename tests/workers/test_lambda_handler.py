"""The function's own side: an event in, a report out, and no word of it anywhere else."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from careflow.ai.asking import TASKS, given_of
from careflow.ai.engines.local import METHODS
from careflow.ai.errand import errand
from careflow.workers.lambda_handler import MethodFailedError, handle

SAID = "No fever. Takes lisinopril 10 mg."


def event(**other: object) -> dict[str, Any]:
    task = TASKS["entities"]
    sent: dict[str, Any] = json.loads(errand(task, given_of(task, {"text": SAID})))
    return {**sent, **other}


def test_an_errand_is_answered_with_what_made_it() -> None:
    report = handle(event(), None)

    assert (report["ended"], report["form"]) == ("ok", 1)
    assert report["model"]
    assert {one["text"] for one in report["output"]["entities"]} >= {"lisinopril", "fever"}


@pytest.mark.parametrize(
    "sent",
    [None, [], "x", {}, {"form": 1}, event(task=7), event(text=3), event(asked={"txt": SAID})],
    ids=["null", "list", "text", "empty", "form alone", "name", "number", "another input"],
)
def test_what_is_no_errand_is_said_to_be_none(sent: object) -> None:
    assert handle(sent, None) == {"form": 1, "ended": "unreadable"}


@pytest.mark.parametrize(
    ("changed", "ended"),
    [
        ({"form": 2}, "other-form"),
        ({"task": "fortune-telling"}, "no-method"),
        ({"task": "translation"}, "no-method"),
        ({"version": "0"}, "no-method"),
    ],
    ids=["form", "no task", "no method", "version"],
)
def test_an_errand_of_another_release_is_turned_away(changed: dict[str, Any], ended: str) -> None:
    assert handle(event(**changed), None)["ended"] == ended


def test_a_method_that_cannot_say_says_why() -> None:
    report = handle(event(text="", asked={"text": ""}, task="sentiment"), None)

    assert report["ended"] == "abstained"
    assert report["reason"].endswith(".")


def test_what_a_failing_method_says_goes_to_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(_: object) -> Any:
        msg = f"cannot read {SAID}"
        raise ValueError(msg)

    monkeypatch.setitem(METHODS, "entities", failing)

    with pytest.raises(MethodFailedError) as raised:
        handle(event(), None)

    assert str(raised.value) == "ValueError"
    assert raised.value.__cause__ is None
    assert raised.value.__context__ is None


def test_the_function_loads_one_library_and_no_method_before_it_is_asked() -> None:
    look = (
        "import sys, careflow.workers.lambda_handler\n"
        "tops = {one.partition('.')[0] for one in sys.modules} - set(sys.stdlib_module_names)\n"
        # Some distributions' Python loads this before anything.
        "tops.discard('sitecustomize')\n"
        "print(sorted(one for one in tops if not one.startswith('_')))\n"
        "print([one for one in sys.modules if one.startswith('careflow.knowledge.interactions')])\n"
    )

    said = subprocess.run(
        [sys.executable, "-c", look], capture_output=True, check=True, text=True, timeout=60
    ).stdout.splitlines()

    assert said == ["['careflow', 'msgspec', 'typing_extensions']", "[]"]
