from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from careflow.records.plain_words import advice_for, flag_words
from tests.harbour import Clinic, Json, a_patient, an_observation, named, open_clinic


@pytest.fixture
async def clinic(tmp_path: Path) -> AsyncIterator[Clinic]:
    async with open_clinic(tmp_path) as opened:
        mary = a_patient("p7", name=named("Johnson", "Mary"), birthDate="1951-07-30")
        await opened.store(a_patient("p3"), mary)
        yield opened


def a_report_on(*observations: str, id: str = "r1", patient: str = "p3", **more: Any) -> Json:
    return {
        "resourceType": "DiagnosticReport",
        "id": id,
        "status": "final",
        "code": {"text": "Blood salts"},
        "subject": {"reference": f"Patient/{patient}"},
        "effectiveDateTime": "2026-11-20T08:15:00-05:00",
        "issued": "2026-11-23T14:00:00-05:00",
        "resultsInterpreter": [{"display": "Dr Ada Okoye"}],
        "result": [{"reference": f"Observation/{one}"} for one in observations],
    } | more


RANGE = [
    {"low": {"value": 3.5}, "high": {"value": 5.1}, "text": "3.5 - 5.1"},
]


def a_potassium(id: str, value: str, flag: str, at: str = "2026-11-20T08:15:00-05:00") -> Json:
    interpretation = [{"coding": [{"system": "urn:x", "code": flag}]}]
    return an_observation(id, value, at=at, interpretation=interpretation, referenceRange=RANGE)


async def test_a_patient_reads_a_signed_result_in_plain_words_with_its_line(clinic: Clinic) -> None:
    await clinic.store(
        a_potassium("old", "4.1", "N", at="2026-05-20"),
        a_potassium("new", "5.20", "H"),
        a_report_on("new", conclusion="Nothing to worry about."),
    )

    portal = await clinic.got("/api/portal", by="paul")

    (report,) = portal["reports"]
    (result,) = report["results"]
    assert (report["title"], report["released_by"]) == ("Blood salts", "Dr Ada Okoye")
    assert (report["comment"], report["new"], portal["new_results"]) == (
        "Nothing to worry about.",
        True,
        1,
    )
    assert (result["plain_name"], result["value_text"], result["unit"]) == (
        "Potassium",
        "5.20",
        "mmol/L",
    )
    assert result["what_it_is"].startswith("A salt")
    assert result["flag_words"] == "A little above the usual range"
    assert [point["value"] for point in result["trend"]] == [4.1, 5.2]


async def test_what_is_not_signed_is_not_there(clinic: Clinic) -> None:
    await clinic.store(
        a_potassium("p", "4.1", "N") | {"status": "preliminary"},
        a_potassium("f", "4.2", "N"),
        a_report_on("p", id="r1"),
        a_report_on("f", id="r2", status="preliminary"),
    )

    assert (await clinic.got("/api/portal", by="paul"))["reports"] == []


async def test_nobody_sees_the_results_of_another(clinic: Clinic) -> None:
    await clinic.store(a_potassium("k", "4.1", "N"), a_report_on("k"))

    assert (await clinic.got("/api/portal", by="mary"))["reports"] == []


@pytest.mark.parametrize("by", ["nia", "ada", "fin", "ali"])
async def test_the_portal_is_for_patients(by: str, clinic: Clinic) -> None:
    assert (await clinic.ask("GET", "/api/portal", by=by)).status_code == 403


async def test_an_older_report_is_no_longer_new(clinic: Clinic) -> None:
    await clinic.store(
        a_potassium("k", "4.1", "N"), a_report_on("k", issued="2026-10-01T14:00:00-04:00")
    )

    assert (await clinic.got("/api/portal", by="paul"))["new_results"] == 0


async def test_the_next_visit_is_at_the_clinics_time_with_its_zone(clinic: Clinic) -> None:
    def visit(id: str, start: str, status: str) -> Json:
        return {
            "resourceType": "Appointment",
            "id": id,
            "status": status,
            "start": start,
            "end": start.replace(":00:00Z", ":20:00Z"),
            "reasonCode": [{"text": "Follow-up"}],
            "participant": [
                {"actor": {"reference": "Patient/p3"}, "status": "accepted"},
                {
                    "actor": {"reference": "Practitioner/ada", "display": "Dr Ada Okoye"},
                    "status": "accepted",
                },
                {"actor": {"reference": "Location/main", "display": "Main"}, "status": "accepted"},
            ],
        }

    await clinic.store(
        visit("past", "2026-11-01T14:00:00Z", "booked"),
        visit("off", "2026-11-25T14:00:00Z", "cancelled"),
        visit("later", "2026-12-09T14:00:00Z", "booked"),
        visit("next", "2026-12-02T14:00:00Z", "booked"),
    )

    portal = await clinic.got("/api/portal", by="paul")

    assert portal["next_visit"] == {
        "start": "2026-12-02T09:00:00-05:00",
        "zone": "America/New_York",
        "with": "Dr Ada Okoye",
        "reason": "Follow-up",
        "place": "Main",
    }


async def test_looking_at_ones_own_record_is_in_the_trail_too(clinic: Clinic) -> None:
    await clinic.got("/api/portal", by="paul")

    entry = (await clinic.trail_of("records:portal:read"))[0]
    assert (entry.actor, entry.patients) == ("a-5", ("p3",))


def test_a_little_is_a_tenth_of_the_range_and_no_more() -> None:
    assert flag_words("HIGH", 5.2, 3.5, 5.1) == "A little above the usual range"
    assert flag_words("HIGH", 5.9, 3.5, 5.1) == "Above the usual range"
    assert flag_words("LOW", 3.4, 3.5, 5.1) == "A little below the usual range"
    assert flag_words("LOW", 3.4, None, None) == "Below the usual range"


def test_emergency_words_come_with_critical_flags_alone() -> None:
    assert "911" in (advice_for("CRITICAL_HIGH") or "")
    assert "911" in (advice_for("CRITICAL_LOW") or "")
    assert "911" not in (advice_for("HIGH") or "")
    assert advice_for("NORMAL") is None
    assert advice_for(None) is None
