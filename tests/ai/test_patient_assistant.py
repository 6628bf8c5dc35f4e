from __future__ import annotations

from typing import Any

from tests.harbour import Clinic, an_observation

ALARM = "is this dangerous? my chest feels tight"
ASK = "/api/portal/assistant"


def asked(text: str) -> dict[str, Any]:
    return {"messages": [{"role": "patient", "text": text}]}


async def test_an_emergency_is_told_first_whoever_can_answer_and_the_clinic_has_it(
    clinic: Clinic,
) -> None:
    answer = await clinic.ask(
        "POST", ASK, by="paul", json=asked(ALARM), headers={"accept": "text/event-stream"}
    )

    assert answer.text.startswith("event: urgent\n")
    assert '"level":"emergency"' in answer.text
    assert '"is_clinic_told":true' in answer.text
    (message,) = (await clinic.got("/api/patient-messages"))["messages"]
    assert (message["channel"], message["urgency"]) == ("assistant", "now")
    assert message["texts"] == [ALARM]


async def test_more_of_the_same_alarm_joins_the_message_that_nobody_took(clinic: Clinic) -> None:
    await clinic.ask("POST", ASK, by="paul", json=asked(ALARM))
    await clinic.ask("POST", ASK, by="paul", json=asked("Crushing chest pain now, please help"))

    (message,) = (await clinic.got("/api/patient-messages"))["messages"]

    assert len(message["texts"]) == 2
    await clinic.ask(
        "POST",
        f"/api/patient-messages/{message['id']}/take",
        json={"version": message["version"]},
    )
    await clinic.ask("POST", ASK, by="paul", json=asked(ALARM))
    assert len((await clinic.got("/api/patient-messages"))["messages"]) == 2


async def test_an_emergency_shortly_before_still_stands_above_and_is_told_once(
    clinic: Clinic,
) -> None:
    turns = [
        {"role": "patient", "text": ALARM},
        {"role": "assistant", "text": "Call now."},
        {"role": "patient", "text": "Which medicines do I take?"},
    ]

    answer = await clinic.ask("POST", ASK, by="paul", json={"messages": turns})
    no_question = await clinic.ask("POST", ASK, by="paul", json={"messages": turns[:2]})

    assert answer.json()["urgent"]["level"] == "emergency"
    assert not answer.json()["urgent"]["is_clinic_told"]
    assert await clinic.stored("Communication") == []
    assert no_question.json()["code"] == "ai-no-question"


async def test_where_nobody_can_answer_a_patient_reads_no_name_of_an_engine(
    clinic: Clinic,
) -> None:
    from dataclasses import replace

    from careflow.ai.answers import outcome_of
    from careflow.ai.asking import given_of
    from careflow.ai.running.telling import NOBODY, view_of
    from careflow.ai.tasks.conversation import PATIENT_CHAT

    nobody = replace(clinic.gateway, engines=())
    call = await nobody.call(PATIENT_CHAT, organisation="harbour", actor="a-5")
    outcome = await outcome_of(nobody, PATIENT_CHAT, given_of(PATIENT_CHAT, asked("Hello")), call)

    assert view_of(PATIENT_CHAT, outcome, is_patients=True).reason == NOBODY
    assert "engine" in (view_of(PATIENT_CHAT, outcome).reason or "")


async def test_a_quiet_question_tells_nobody_and_is_kept_nowhere(clinic: Clinic) -> None:
    await clinic.ask("POST", ASK, by="paul", json=asked("When is my next visit?"))

    assert await clinic.stored("Communication") == []
    assert await clinic.stored("draft") == []


async def test_a_cited_entry_is_shown_if_it_is_ones_own_and_signed(clinic: Clinic) -> None:
    report = {
        "resourceType": "DiagnosticReport",
        "id": "r1",
        "status": "final",
        "code": {"text": "Blood salts"},
        "subject": {"reference": "Patient/p3"},
        "result": [{"reference": "Observation/o1"}],
    }
    await clinic.store(
        an_observation("o1", "6.1"),
        an_observation("o2", "6.2", status="preliminary"),
        an_observation("o3", "6.3", patient="p7"),
        report,
    )

    shown = await clinic.got("/api/portal/entries/Observation/o1", by="paul")

    assert shown["text"].startswith("Potassium: 6.1 mmol/L")
    assert shown["report"] == "r1"
    for hidden in ("Observation/o2", "Observation/o3", "Observation/none", "Secret/o1"):
        answer = await clinic.ask("GET", f"/api/portal/entries/{hidden}", by="paul")
        assert answer.status_code == 404, hidden


async def test_the_assistant_is_shown_nothing_that_nobody_signed(clinic: Clinic) -> None:
    from careflow.ai.asking import given_of
    from careflow.ai.histories import Histories
    from careflow.ai.tasks.conversation import PATIENT_CHAT
    from tests.harbour import NOW, PAUL, ZONE

    await clinic.store(
        an_observation("o1", "6.1"), an_observation("o2", "6.2", status="preliminary")
    )
    histories = Histories(clinic.documents, clinic.directory, lambda: NOW, ZONE)
    given = given_of(PATIENT_CHAT, {**asked("My potassium?"), "patient": "p3"})

    seen = await histories.gathered(PATIENT_CHAT, given, PAUL)

    sources = {one.source for one in seen.record}
    assert "Observation/o1" in sources
    assert "Observation/o2" not in sources


async def test_staff_do_not_ask_in_a_patients_name(clinic: Clinic) -> None:
    for by in ("ada", "nia", "fin", "ali"):
        assert (await clinic.ask("POST", ASK, by=by, json=asked("Hello"))).status_code == 403
