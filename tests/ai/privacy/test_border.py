"""The border: what the chart knows is taken out everywhere, and on any doubt nothing leaves."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from typing import Any

import msgspec
import pytest
from PIL import Image

from careflow.ai.asking import TASKS, given_of
from careflow.ai.call import Call
from careflow.ai.leaving import PrivacyRefusedError
from careflow.ai.privacy.border import Border
from careflow.ai.privacy.chart_record import KNOWN_FOR, ChartRecords
from careflow.ai.privacy.found import Found
from careflow.ai.privacy.known import NOBODY, Known
from careflow.ai.privacy.redact import Redaction
from careflow.ai.prompt import words_of
from careflow.ai.task import Given, GivenFile, GivenResult, Passage
from tests.harbour import NOW, Clinic, a_patient, named

KEY = bytes(range(32))
ORGANISATION = "harbour"
UUID = "0c6f7a52-5b0e-4b7d-9a51-2f1f3a7b9c11"

FRENCH = (
    "Le patient a été vu par le docteur Dupont pour une toux et une fièvre depuis trois jours, il "
    "est allé mieux dans la nuit."
)

AMARA = a_patient(
    UUID,
    name=named("Okafor", "Amara"),
    birthDate="1968-03-14",
    telecom=[
        {"system": "phone", "value": "+1-207-555-0101"},
        {"system": "email", "value": "amara.okafor@mail.example"},
    ],
    address=[{"line": ["17 Quay Street"], "city": "Fairhaven", "postalCode": "04937"}],
    contact=[{"name": {"family": "Okafor", "given": ["Chidi"]}}],
    generalPractitioner=[{"reference": "Practitioner/ada"}],
)
AROUND = (
    {
        "resourceType": "Practitioner",
        "id": "ada",
        "name": [{"family": "Lindqvist", "given": ["Ada"], "prefix": ["Dr"]}],
        "identifier": [{"system": "http://hl7.org/fhir/sid/us-npi", "value": "1234567893"}],
    },
    {"resourceType": "Organization", "id": "org", "name": "Zyxquorfle Clinic"},
    {
        "resourceType": "RelatedPerson",
        "id": "rel",
        "patient": {"reference": f"Patient/{UUID}"},
        "name": [{"family": "Eze", "given": ["Ngozi"]}],
    },
    {
        "resourceType": "Encounter",
        "id": "visit-20260301",
        "status": "finished",
        "class": {"code": "AMB"},
        "subject": {"reference": f"Patient/{UUID}"},
        "serviceProvider": {"reference": "Organization/org"},
        "participant": [{"individual": {"display": "Nia Patel", "reference": "Practitioner/nia"}}],
    },
    {
        "resourceType": "Coverage",
        "id": "cover-1",
        "status": "active",
        "beneficiary": {"reference": f"Patient/{UUID}"},
        "payor": [{"display": "Plan"}],
        "subscriberId": "XWB911114656",
    },
)


async def known_in(clinic: Clinic) -> Known:
    await clinic.store(AMARA, *AROUND)
    return await ChartRecords(clinic.documents, clock=lambda: NOW).known(UUID, ORGANISATION)


async def test_the_chart_tells_names_places_and_numbers_of_everybody_around(
    clinic: Clinic,
) -> None:
    known = await known_in(clinic)

    assert known.names == ("Amara Okafor",)
    assert {"Chidi Okafor", "Ngozi Eze", "Ada Lindqvist", "Nia Patel"} <= set(known.others)
    assert known.born == date(1968, 3, 14)
    assert {"17 Quay Street", "Fairhaven", "04937", "Zyxquorfle Clinic"} <= set(known.places)
    assert known.numbers["PHONE"] == ("+1-207-555-0101",)
    assert known.numbers["EMAIL"] == ("amara.okafor@mail.example",)
    assert known.numbers["LICENSE"] == ("1234567893",)
    assert known.numbers["PLAN"] == ("XWB911114656",)
    assert {UUID, "visit-20260301", "cover-1"} <= set(known.numbers["OTHER"])


async def test_another_clinics_patient_and_nobody_are_not_known(clinic: Clinic) -> None:
    await known_in(clinic)
    charts = ChartRecords(clinic.documents, clock=lambda: NOW)

    assert await charts.known(UUID, "elsewhere") == NOBODY
    assert await charts.known(None, ORGANISATION) == NOBODY


async def test_a_changed_patient_is_known_at_once_and_a_new_relative_within_a_minute(
    clinic: Clinic,
) -> None:
    now = [NOW]
    await clinic.store(AMARA)
    charts = ChartRecords(clinic.documents, clock=lambda: now[0])
    await charts.known(UUID, ORGANISATION)

    await clinic.store(AROUND[2])
    assert "Ngozi Eze" not in (await charts.known(UUID, ORGANISATION)).others
    now[0] += KNOWN_FOR
    assert "Ngozi Eze" in (await charts.known(UUID, ORGANISATION)).others

    await clinic.store(AMARA | {"name": named("Zyxquorfle", "Amara")})
    assert (await charts.known(UUID, ORGANISATION)).names == ("Amara Zyxquorfle",)


def a_call(patient: str | None = UUID, task: str = "medical-coding") -> Call:
    return Call(ORGANISATION, "nora", task, "identifiable", patient=patient)


class Fixed:
    """A chart that is known beforehand."""

    def __init__(self, known: Known = NOBODY) -> None:
        self.known_ = known

    async def known(self, patient: str | None, organisation: str) -> Known:
        return self.known_


def words(*wanted: str) -> Any:
    """A detector that finds these words and nothing else."""

    def found_in(text: str, known: Known) -> tuple[Found, ...]:
        return tuple(
            Found(at, at + len(word), "NAME")
            for word in wanted
            for at in range(len(text))
            if text.startswith(word, at)
        )

    return found_in


async def redacted(given: Given, task: str = "medical-coding", **more: Any) -> Redaction:
    border = Border(KEY, Fixed(), **more)
    return await border.redact(TASKS[task], given, a_call(task=task))


EVERYWHERE: dict[str, dict[str, Any]] = {
    "patient-chat": {"messages": [{"role": "patient", "text": "I am Zyxquorfle, I cough"}]},
    "health-tutor": {"term": "Zyxquorfle disease"},
    "drug-interactions": {
        "medications": ["Zyxquorfle", {"name": "Zyxquorfle"}],
        "allergies": ["Zyxquorfle"],
    },
    "health-risk": {"calculator": "Zyxquorfle", "inputs": {"Zyxquorfle": ["Zyxquorfle", 54]}},
    "literature-search": {
        "question": "for Zyxquorfle?",
        "corpus": [{"id": "Zyxquorfle", "title": "Zyxquorfle", "text": "of Zyxquorfle"}],
    },
    "text-classification": {"text": "from Zyxquorfle", "labels": ["Zyxquorfle", "other"]},
    "appointment-summary": {"dialogue": "Doctor: hello Zyxquorfle"},
    "translation": {"text": "for Zyxquorfle", "source": "en", "target": "es"},
    "lab-results": {"results": [{"test": "Zyxquorfle", "value": "Zyxquorfle", "unit": "mg"}]},
}


@pytest.mark.parametrize("task", EVERYWHERE)
async def test_every_text_of_an_input_is_looked_through(task: str) -> None:
    given = given_of(TASKS[task], EVERYWHERE[task])

    done = await redacted(given, task, detector=words("Zyxquorfle"))

    assert "zyxquorfle" not in words_of(done.given).lower()
    assert "zyxquorfle" not in repr(done.given).lower()
    assert sum(done.counts.values()) >= 1
    assert done.words(msgspec.json.encode(done.given.asked).decode()).count("Zyxquorfle") == str(
        EVERYWHERE[task]
    ).count("Zyxquorfle")


async def test_a_record_leaves_without_ids_and_its_sources_come_back() -> None:
    record = (
        Passage(f"Patient/{UUID}", "Patient, female, 58 years"),
        Passage("Observation/9f3c77a1", "Sodium: 139 mmol/L, on 2026-03-01"),
        Passage("Observation/9f3c77a2", "Potassium: 4.1 mmol/L, asked by Zyxquorfle"),
    )
    results = [GivenResult("Sodium", "139", "mmol/L", "136", "145")]

    found = words("Zyxquorfle", "2026-03-01")
    done = await redacted(Given(record=record, results=results), detector=found)

    assert [one.source for one in done.given.record] == [
        "Patient/1",
        "Observation/2",
        "Observation/3",
    ]
    assert "9f3c77a" not in words_of(done.given)
    assert done.words("Observation/3 and [Observation/2]") == (
        "Observation/9f3c77a2 and [Observation/9f3c77a1]"
    )
    assert done.given.results == results


async def test_what_the_model_is_not_shown_is_not_handed_to_it_either() -> None:
    bundle = {"resourceType": "Bundle", "entry": [{"resource": {"id": "Zyxquorfle"}}]}
    given = given_of(TASKS["decision-support"], {"bundle": bundle})

    done = await redacted(given, "decision-support", detector=words())

    assert "Zyxquorfle" not in repr(done.given)


async def test_a_number_of_its_own_is_taken_out_even_where_it_is_one() -> None:
    asked = {"calculator": "BMI", "inputs": {"weight_kg": 80, "record": 8096792}}
    given = given_of(TASKS["health-risk"], asked)

    done = await redacted(given, "health-risk", detector=words())

    assert "8096792" not in words_of(done.given)
    assert "80" in words_of(done.given)


@pytest.mark.parametrize(
    "given",
    [
        Given(text="Call 207-555-0101 now."),
        Given(text="Zyxquorfle coughs.", record=(Passage("Observation/1", "zyxquorfle: 4"),)),
        Given(text="Okafor coughs."),
        Given(file=GivenFile(b"%PDF", "application/pdf", "a.pdf")),
        Given(text=FRENCH),
    ],
    ids=["shape", "taken out elsewhere", "known", "file", "language"],
)
async def test_s16_on_any_doubt_nothing_leaves(given: Given) -> None:
    border = Border(KEY, Fixed(Known(names=("Amara Okafor",))))
    if given.record:
        border = replace(border, detector=words("Zyxquorfle"))
    elif given.text and given.text != FRENCH:
        border = replace(border, detector=words())

    with pytest.raises(PrivacyRefusedError) as refused:
        await border.redact(TASKS["medical-coding"], given, a_call())

    assert "yxquorfle" not in refused.value.message
    assert "555" not in refused.value.message


async def test_a_picture_leaves_only_cleaned_and_without_a_recogniser_not_at_all() -> None:
    picture = io.BytesIO()
    Image.new("RGB", (64, 64), "white").save(picture, "PNG")
    given = given_of(TASKS["image-analysis"], {"file": "Zyxquorfle.png"})
    given = replace(given, file=GivenFile(picture.getvalue(), "image/png", "a file"))

    with pytest.raises(PrivacyRefusedError, match="not installed"):
        await redacted(given, "image-analysis", detector=words())


async def test_a_voice_stays_on_this_machine() -> None:
    given = given_of(TASKS["audio-transcription"], {"file": "a.wav"})
    given = replace(given, file=GivenFile(b"RIFF", "audio/wav", "a file"))

    with pytest.raises(PrivacyRefusedError, match="voice"):
        await redacted(given, "audio-transcription", detector=words())


async def test_a_detector_that_breaks_lets_nothing_pass() -> None:
    def broken(text: str, known: Known) -> tuple[Found, ...]:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await redacted(Given(text="A cough."), detector=broken)


async def test_a_long_text_is_looked_through_like_a_short_one() -> None:
    text = "A cough of Zyxquorfle, no fever. " * 400

    done = await redacted(Given(text=text), detector=words("Zyxquorfle"))

    assert done.counts == {"NAME": 400}
    assert done.words(done.given.text or "") == text
    assert done.place((0, len(done.given.text or ""))) == (0, len(text))


async def test_one_patient_looks_the_same_in_two_tasks_and_two_never_do(clinic: Clinic) -> None:
    await known_in(clinic)
    border = Border(KEY, ChartRecords(clinic.documents, clock=lambda: NOW))
    first = await border.redact(TASKS["sentiment"], Given(text="Amara Okafor came."), a_call())
    again = await border.redact(TASKS["sentiment"], Given(text="Amara Okafor left."), a_call())
    other = await border.redact(TASKS["sentiment"], Given(text="Amara Okafor came."), a_call("p3"))

    [code] = first.surrogates.codes
    assert list(again.surrogates.codes) == [code]
    assert code not in other.surrogates.codes
