from __future__ import annotations

from dataclasses import replace
from typing import Any

from careflow.ai.draft import Maker
from careflow.ai.engine import Answer
from careflow.ai.engines.local import LocalEngine
from careflow.ai.messages.sorting import Sorted, Sorter
from careflow.ai.task import Given
from careflow.ai.tasks.labelling import TEXT_CLASSIFICATION, Classification
from tests.harbour import Clinic

ALARM = "I have crushing chest pain and cannot breathe"
REFILL = "Hello, could I have a refill of my metformin please? I have five tablets left."
BILL = "Why was I charged again for the visit in October? The invoice says it was paid."


async def sent(clinic: Clinic, text: str, *, by: str = "paul") -> Any:
    answer = await clinic.ask("POST", "/api/portal/messages", by=by, json={"text": text})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def inbox(clinic: Clinic, show: str = "open") -> list[Any]:
    found: list[Any] = (await clinic.got(f"/api/patient-messages?show={show}"))["messages"]
    return found


async def act(clinic: Clinic, id: str, act: str, *, by: str = "nia", **body: Any) -> Any:
    path = f"/api/patient-messages/{id}/{act}"
    return await clinic.ask("POST", path, by=by, json=body)


async def test_the_most_urgent_stands_first_with_the_words_that_say_so(clinic: Clinic) -> None:
    await sent(clinic, REFILL)
    await sent(clinic, BILL, by="mary")
    await sent(clinic, ALARM)

    first, *others = await inbox(clinic)

    assert first["texts"] == [ALARM]
    assert first["urgency"] == "now"
    assert first["lifts"]
    assert all(lift["phrase"] in ALARM and lift["rule"] for lift in first["lifts"])
    assert [one["klass"] for one in others] == ["refill", "billing"]
    assert others[0]["method"].startswith("local/message-classes")
    assert others[0]["chance"] > 0.5
    assert first["patient"]["family"] == "Johnston"
    counted = await clinic.got("/api/patient-messages/waiting")
    assert counted == {"waiting": 3, "now": 1}


def all_thanks(_: Given) -> Answer[Classification]:
    """Sort as somebody's own model does that finds nothing urgent anywhere."""
    return Answer(
        Classification(label="thanks", scores={"thanks": 1.0}), Maker("local", "own", "1")
    )


async def test_a_red_flag_lifts_a_message_above_what_any_model_says(clinic: Clinic) -> None:
    engine = LocalEngine({TEXT_CLASSIFICATION.name: all_thanks})
    sorter = Sorter(replace(clinic.gateway, engines=(engine,)))

    async def sorted_(text: str) -> Sorted:
        return await sorter.sorted(text, organisation="harbour", actor="a-5", patient="p3")

    quiet, lifted = await sorted_("Thank you all."), await sorted_("Thanks. I took an overdose.")

    assert (quiet.klass, quiet.urgency, quiet.lifts) == ("thanks", "usual", ())
    assert (lifted.klass, lifted.urgency) == ("thanks", "now")
    assert {lift.phrase for lift in lifted.lifts} == {"overdose"}


async def test_what_nobody_can_sort_is_kept_and_read_soon_with_the_reason(clinic: Clinic) -> None:
    await sent(clinic, "Bonjour, je voudrais parler avec quelqu'un de mes analyses de sang.")

    (only,) = await inbox(clinic)

    assert (only["klass"], only["urgency"]) == ("unsorted", "soon")
    assert "English and Spanish" in only["reason"]


async def test_a_person_takes_it_answers_it_once_and_the_patient_reads_it(clinic: Clinic) -> None:
    id = (await sent(clinic, REFILL))["id"]
    taken = (await act(clinic, id, "take", version=1)).json()
    late = await act(clinic, id, "take", by="ada", version=1)
    others = await act(clinic, id, "reply", by="ada", version=2, text="I will.")
    done = await act(clinic, id, "reply", version=2, text="It is at the pharmacy.")
    again = await act(clinic, id, "reply", version=3, text="Once more.")

    assert taken["taken_by"] == "Nia Patel"
    assert late.status_code in {409, 412}
    assert others.json()["code"] == "ai-message-taken"
    assert done.json()["state"] == "answered"
    assert again.json()["code"] == "ai-message-answered"
    assert await inbox(clinic) == []
    assert [one["reply"]["text"] for one in await inbox(clinic, "answered")] == [
        "It is at the pharmacy."
    ]
    (own,) = (await clinic.got("/api/portal/messages", by="paul"))["messages"]
    assert (own["state"], own["reply"]["by"]) == ("answered", "Nia Patel")


async def test_somebody_else_may_take_a_message_over(clinic: Clinic) -> None:
    id = (await sent(clinic, REFILL))["id"]
    await act(clinic, id, "take", version=1)

    over = await act(clinic, id, "take", by="ada", version=2)
    reply = await act(clinic, id, "reply", by="ada", version=3, text="Done.")

    assert over.json()["taken_by"] == "Dr Ada Okoye"
    assert reply.status_code == 200


async def test_a_person_changes_the_class_and_why_is_kept(clinic: Clinic) -> None:
    await sent(clinic, REFILL)
    id = (await sent(clinic, ALARM, by="mary"))["id"]

    changed = await act(
        clinic, id, "class", version=1, klass="thanks", reason="A line of a play, I called her."
    )

    assert changed.json()["urgency"] == "usual"
    assert changed.json()["change"]["by"] == "Nia Patel"
    assert changed.json()["change"]["reason"] == "A line of a play, I called her."
    assert changed.json()["lifts"], "the words stay shown, whoever changed the class"
    assert [one["klass"] for one in await inbox(clinic)] == ["refill", "thanks"]


async def test_the_clock_runs_by_urgency(clinic: Clinic) -> None:
    alarm, refill = await sent(clinic, ALARM), await sent(clinic, REFILL, by="mary")

    assert alarm["due"][:16] == "2026-11-24T14:45"
    assert refill["due"][:16] == "2026-11-26T14:30"


async def test_a_message_is_in_the_chart_and_belongs_to_its_patient_alone(clinic: Clinic) -> None:
    id = (await sent(clinic, REFILL))["id"]

    (stored,) = await clinic.stored("Communication")

    assert stored["subject"] == {"reference": "Patient/p3"}
    assert stored["payload"] == [{"contentString": REFILL}]
    assert (await clinic.got("/api/portal/messages", by="mary"))["messages"] == []
    for by, status in (("fin", 403), ("paul", 403), ("ali", 403)):
        refused = await clinic.ask("GET", "/api/patient-messages", by=by)
        assert refused.status_code == status
    (entry,) = await clinic.trail_of("records:communication:create")
    assert (entry.actor, entry.patients) == ("a-5", ("p3",))
    await inbox(clinic)
    read = (await clinic.trail_of("records:communication:read"))[0]
    assert (read.actor, read.subjects) == ("a-2", (f"Communication/{id}",))


async def test_an_empty_message_is_refused_and_an_unknown_one_not_found(clinic: Clinic) -> None:
    empty = await clinic.ask("POST", "/api/portal/messages", by="paul", json={"text": "  \n "})
    unknown = await act(clinic, "none", "take", version=1)

    assert empty.json()["code"] == "ai-message-empty"
    assert unknown.json()["code"] == "ai-no-such-message"
