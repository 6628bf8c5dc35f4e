from __future__ import annotations

import asyncio
from typing import Any

import httpx2
import pytest

from tests.harbour import Clinic, Json, a_report, an_observation

CRITICAL = [
    ("Sodium", "139", "mmol/L", "136 - 145", ""),
    ("Potassium", "6.1", "mmol/L", "3.5 - 5.1", "H"),
]


async def a_draft(clinic: Clinic, content: bytes | None = None, patient: str | None = "p3") -> Json:
    shown = await clinic.read_in(content or a_report(), patient=patient)
    draft: Json = await clinic.got(f"/api/ai/drafts/{shown['draft_id']}")
    return draft


async def say(
    clinic: Clinic, draft: Json, act: str, by: str = "ada", **body: Any
) -> httpx2.Response:
    body.setdefault("version", draft["version"])
    return await clinic.ask("POST", f"/api/ai/drafts/{draft['id']}/{act}", by=by, json=body)


async def in_the_chart(clinic: Clinic) -> int:
    kinds = ("DiagnosticReport", "Observation", "DocumentReference", "Provenance")
    return sum([len(await clinic.stored(kind)) for kind in kinds])


async def test_signing_writes_report_results_document_and_provenance(clinic: Clinic) -> None:
    draft = await a_draft(clinic)

    answer = await say(clinic, draft, "accept", comment="All is well.")

    assert answer.status_code == 200, answer.text
    filed = answer.json()
    report = (await clinic.stored("DiagnosticReport"))[0]
    assert report["id"] == filed["report_id"]
    assert report["subject"] == {"reference": "Patient/p3"}
    assert report["conclusion"] == "All is well."
    assert report["resultsInterpreter"][0]["display"] == "Dr Ada Okoye"
    assert [one["reference"].split("/")[1] for one in report["result"]] == filed["observation_ids"]
    assert len(await clinic.stored("Observation")) == 4
    assert len(await clinic.stored("DocumentReference")) == 1
    provenance = (await clinic.stored("Provenance"))[0]
    agents = {one["type"]["coding"][0]["code"]: one["who"] for one in provenance["agent"]}
    assert agents["verifier"]["reference"] == "Practitioner/ada"
    assert "careflow-lab-reader/1" in agents["assembler"]["display"]


async def test_a_filed_result_is_the_printed_one_with_unit_range_and_source(clinic: Clinic) -> None:
    draft = await a_draft(clinic)

    await say(clinic, draft, "accept")

    observations = await clinic.stored("Observation")
    creatinine = next(one for one in observations if one["code"]["text"] == "Creatinine")
    assert creatinine["valueQuantity"] == {
        "value": 1.42,
        "unit": "mg/dL",
        "system": "http://unitsofmeasure.org",
        "code": "mg/dL",
    }
    assert creatinine["referenceRange"][0]["text"] == "0.70 - 1.30"
    assert creatinine["interpretation"][0]["coding"][0]["code"] == "H"
    assert creatinine["effectiveDateTime"] == "2026-11-20T08:15:00-05:00"
    document = (await clinic.stored("DocumentReference"))[0]
    assert creatinine["derivedFrom"] == [{"reference": f"DocumentReference/{document['id']}"}]


async def test_signing_closes_draft_and_document_under_the_signers_name(clinic: Clinic) -> None:
    draft = await a_draft(clinic)

    await say(clinic, draft, "accept")

    signed = await clinic.got(f"/api/ai/drafts/{draft['id']}")
    document = await clinic.got(f"/api/documents/{draft['document_id']}")
    assert (signed["status"], signed["signed_by"]) == ("signed", "Dr Ada Okoye")
    assert document["status"] == "filed"
    entry = (await clinic.trail_of("ai:draft:accept"))[0]
    assert (entry.actor, entry.patients) == ("a-1", ("p3",))
    assert len([s for s in entry.subjects if s.startswith("Observation/")]) == 4


@pytest.mark.parametrize("by", ["nia", "fin", "ali", "paul"])
async def test_nobody_but_a_clinician_signs(by: str, clinic: Clinic) -> None:
    draft = await a_draft(clinic)

    answer = await say(clinic, draft, "accept", by=by)

    assert answer.status_code == 403
    assert await in_the_chart(clinic) == 0


async def test_an_unmatched_report_cannot_be_signed(clinic: Clinic) -> None:
    draft = await a_draft(clinic, patient=None)

    answer = await say(clinic, draft, "accept")

    assert (answer.status_code, answer.json()["code"]) == (422, "records-document-unmatched")
    assert draft["blocked_by"] == ["Match the document to a patient."]


async def test_a_critical_row_blocks_signing_until_someone_has_checked_it(clinic: Clinic) -> None:
    draft = await a_draft(clinic, a_report(CRITICAL))
    assert (draft["must_check"], draft["critical"]) == (1, True)

    refused = await say(clinic, draft, "accept")
    edited = await say(clinic, draft, "edit", by="nia", rows=[{"index": 1, "status": "checked"}])
    signed = await say(clinic, edited.json(), "accept")

    assert (refused.status_code, refused.json()["code"]) == (409, "ai-rows-to-check")
    assert edited.json()["must_check"] == 0
    assert signed.status_code == 200
    codes = [
        o["interpretation"][0]["coding"][0]["code"] for o in await clinic.stored("Observation")
    ]
    assert sorted(codes) == ["HH", "N"]


async def test_an_impossible_value_is_signed_only_corrected_or_removed(clinic: Clinic) -> None:
    rows = [("Sodium", "139", "mmol/L", "136 - 145"), ("Potassium", "44", "mmol/L", "3.5 - 5.1")]
    draft = await a_draft(clinic, a_report(rows))

    looked = await say(clinic, draft, "edit", rows=[{"index": 1, "status": "checked"}])
    refused = await say(clinic, looked.json(), "accept")
    right = [{"index": 1, "status": "corrected", "value": "4.4"}]
    corrected = await say(clinic, looked.json(), "edit", rows=right)
    signed = await say(clinic, corrected.json(), "accept")

    assert refused.status_code == 409
    assert corrected.json()["rows"][1]["read_as"]["value"] == "44"
    assert signed.status_code == 200


async def test_a_removed_row_is_not_filed(clinic: Clinic) -> None:
    draft = await a_draft(clinic)

    edited = await say(clinic, draft, "edit", rows=[{"index": 0, "status": "removed"}])
    await say(clinic, edited.json(), "accept")

    names = {one["code"]["text"] for one in await clinic.stored("Observation")}
    assert names == {"Potassium", "Creatinine", "Glucose"}


async def test_with_every_row_removed_there_is_nothing_to_sign(clinic: Clinic) -> None:
    draft = await a_draft(clinic)
    rows = [{"index": index, "status": "removed"} for index in range(4)]

    edited = await say(clinic, draft, "edit", rows=rows)
    answer = await say(clinic, edited.json(), "accept")

    assert (answer.status_code, answer.json()["code"]) == (422, "ai-nothing-to-file")
    assert await in_the_chart(clinic) == 0


async def test_what_changed_since_it_was_on_screen_cannot_be_signed(clinic: Clinic) -> None:
    draft = await a_draft(clinic)
    await say(clinic, draft, "edit", by="nia", rows=[{"index": 0, "status": "checked"}])

    answer = await say(clinic, draft, "accept")

    assert (answer.status_code, answer.json()["code"]) == (412, "ai-draft-stale")
    assert await in_the_chart(clinic) == 0


async def test_a_report_rematched_meanwhile_cannot_be_signed_for_the_first_patient(
    clinic: Clinic,
) -> None:
    draft = await a_draft(clinic)
    await clinic.match(draft["document_id"], "p7")

    answer = await say(clinic, draft, "accept")

    assert answer.status_code == 412
    assert await in_the_chart(clinic) == 0


async def test_a_report_on_someone_else_is_signed_only_with_a_reason(clinic: Clinic) -> None:
    draft = await a_draft(clinic, patient="p7")
    assert draft["identity_problem"] == "The report names another birth date than the chart."

    refused = await say(clinic, draft, "accept")
    signed = await say(clinic, draft, "accept", identity_reason="Misprinted, checked by phone")

    assert (refused.status_code, refused.json()["code"]) == (422, "ai-identity-differs")
    assert signed.status_code == 200
    entry = (await clinic.trail_of("ai:draft:accept"))[0]
    assert (entry.patients, entry.reason) == (("p7",), "Misprinted, checked by phone")


async def test_a_report_without_a_date_waits_until_someone_says_it(clinic: Clinic) -> None:
    draft = await a_draft(clinic, a_report(collected=None))

    refused = await say(clinic, draft, "accept")
    future = await say(clinic, draft, "edit", rows=[], collected_at="2027-01-01")
    dated = await say(clinic, draft, "edit", rows=[], collected_at="2026-11-19")
    signed = await say(clinic, dated.json(), "accept")

    assert (refused.status_code, refused.json()["code"]) == (422, "ai-no-collection-time")
    assert future.status_code == 400
    assert signed.status_code == 200
    assert (await clinic.stored("Observation"))[0]["effectiveDateTime"] == "2026-11-19"


async def test_rejecting_leaves_no_trace_in_the_chart_but_the_audit(clinic: Clinic) -> None:
    draft = await a_draft(clinic)

    answer = await say(clinic, draft, "reject", reason="Another patient's paper")

    assert answer.json()["status"] == "rejected"
    assert await in_the_chart(clinic) == 0
    document = await clinic.got(f"/api/documents/{draft['document_id']}")
    assert (document["status"], document["note"]) == ("rejected", "Another patient's paper")
    assert (await clinic.trail_of("ai:draft:reject"))[0].patients == ("p3",)


@pytest.mark.parametrize("act", ["accept", "reject", "edit"])
async def test_a_closed_draft_stays_closed(act: str, clinic: Clinic) -> None:
    draft = await a_draft(clinic)
    await say(clinic, draft, "reject", reason="Not ours")
    bodies: dict[str, Json] = {"reject": {"reason": "Not ours"}, "edit": {"rows": []}}

    answer = await say(clinic, draft, act, **bodies.get(act, {}))

    assert (answer.status_code, answer.json()["code"]) == (409, "ai-draft-closed")


async def test_two_who_sign_at_once_file_it_once(clinic: Clinic) -> None:
    draft = await a_draft(clinic)

    answers = await asyncio.gather(*(say(clinic, draft, "accept") for _ in range(4)))

    assert sum(answer.status_code == 200 for answer in answers) == 1
    assert len(await clinic.stored("DiagnosticReport")) == 1
    assert len(await clinic.stored("Observation")) == 4


async def test_the_charts_own_newest_value_stands_beside_each_row(clinic: Clinic) -> None:
    await clinic.store(
        an_observation("old", "4.1", at="2026-01-05"),
        an_observation("new", "4.90", at="2026-06-05"),
    )

    draft = await a_draft(clinic)

    potassium = draft["rows"][1]
    assert potassium["previous"] == {"value": "4.90", "unit": "mmol/L", "at": "2026-06-05"}
    assert draft["rows"][0]["previous"] is None


async def test_reading_a_draft_names_the_patient_in_the_trail(clinic: Clinic) -> None:
    draft = await a_draft(clinic)

    entry = (await clinic.trail_of("ai:draft:read"))[0]

    assert (entry.actor, entry.patients) == ("a-2", ("p3",))
    assert entry.subjects == (f"draft/{draft['id']}",)


@pytest.mark.parametrize("by", ["fin", "ali", "paul"])
async def test_drafts_exist_for_clinical_staff_alone(by: str, clinic: Clinic) -> None:
    draft = await a_draft(clinic)

    one = await clinic.ask("GET", f"/api/ai/drafts/{draft['id']}", by=by)
    all_ = await clinic.ask("GET", "/api/ai/drafts", by=by)

    assert (one.status_code, all_.status_code) == (403, 403)


async def test_an_unsigned_draft_is_not_in_portal_or_chart(clinic: Clinic) -> None:
    await a_draft(clinic)

    chart = await clinic.got("/api/patients/p3/chart")
    portal = await clinic.got("/api/portal", by="paul")

    assert (chart["results"], chart["documents"]) == ([], [])
    assert portal["reports"] == []
