"""What leaves the machine holds nothing of the forty patients; what comes back is about them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from careflow.ai.policy import ADULT_YEARS
from careflow.demo.people import Person
from tests.ai.privacy.harbour_wire import (
    ABOUT_A_PATIENT,
    TEXT_TASKS,
    Wire,
    asked_about,
    data_sent,
    leaks,
    open_wire,
    staff_named,
)

SOME = ("entities", "decision-support")
EVERY = (
    *TEXT_TASKS,
    *ABOUT_A_PATIENT,
    "patient-chat",
    "appointment-summary",
    "literature-search",
)


@pytest.mark.parametrize(
    "names", [SOME, pytest.param(EVERY, marks=pytest.mark.sweep)], ids=["some", "every"]
)
@pytest.mark.parametrize(
    "engines",
    [
        "gemini,openai",
        pytest.param("gemini", marks=pytest.mark.sweep),
        pytest.param("openai", marks=pytest.mark.sweep),
    ],
)
async def test_the_wire_holds_not_one_identifier_of_the_forty_patients(
    tmp_path: Path, engines: str, names: tuple[str, ...]
) -> None:
    async with open_wire(tmp_path, engines) as wire:
        endings: Counter[str] = Counter()
        back: list[str] = []
        own: list[list[str]] = []
        for person in wire.everyone:
            since = len(wire.gemini.requests), len(wire.openai.requests)
            for name, outcome in await asked_about(wire, person, names):
                endings[outcome.status] += 1
                if name == "entities" and outcome.output is not None:
                    back.append(str(outcome.output["entities"][0]["text"]))

            own.append([*data_sent(wire.gemini, since[0]), *data_sent(wire.openai, since[1])])

        texts = [one for some in own for one in some]

        # Gemini takes adults only: the children go to the next engine, where there is one.
        served = [one for one in wire.everyone if "openai" in engines or _is_adult(one, wire)]
        assert len(served) == (40 if "openai" in engines else 36)
        assert len(data_sent(wire.gemini)) == (36 * len(names) if "gemini" in engines else 0)
        assert len(texts) == len(served) * len(names)
        found = [leaks(one, sent, texts) for one, sent in zip(wire.everyone, own, strict=True)]
        assert found == [[]] * 40
        assert staff_named(texts) == []
        # What the stand-in says to patients, the guard may keep from them.
        to_patients = len(served) * ("patient-chat" in names)
        assert len(texts) - to_patients <= endings["ok"] <= len(texts)
        assert endings["blocked"] == (len(wire.everyone) - len(served)) * len(names)
        # The stand-in says the last words that it was sent: they come back as the patient's name.
        assert back == [f"{one.given} {one.family}" for one in served]


def _is_adult(person: Person, wire: Wire) -> bool:
    return person.age_on(wire.platform.clock().date()) >= ADULT_YEARS
