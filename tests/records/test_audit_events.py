"""The trail as FHIR shows it: found by patient, time and agent, opened by id, never written."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from careflow.audit.entry import AuditEntry
from careflow.fhir.resource import parse
from tests.records.front_door import FrontDoor, a_patient, an_observation


@pytest.fixture
async def trail(door: FrontDoor) -> FrontDoor:
    """A trail with writes, reads and a refusal, at 9:00 on 2 March 2026 and after."""
    await door.put(a_patient("mara"))
    await door.put(a_patient("other"))
    await door.put(an_observation("potassium", "mara"))
    await door.ask("GET", "/Observation/potassium", actor="nurse")
    await door.ask("GET", "/Patient/other", actor="clinician")
    await door.ask("GET", "/Observation", actor="receptionist")
    return door


async def events(door: FrontDoor, query: str = "", actor: str = "admin") -> list[dict[str, Any]]:
    answer = await door.ask("GET", f"/AuditEvent{query}", actor=actor)
    assert answer.status_code == 200, answer.text
    return [one["resource"] for one in answer.json().get("entry", ())]


def acts(found: list[dict[str, Any]]) -> list[str]:
    return [one["subtype"][0]["code"] for one in found]


async def test_entries_are_valid_resources_newest_first(trail: FrontDoor) -> None:
    answer = await trail.ask("GET", "/AuditEvent", actor="admin")

    parse(answer.content, expected_type="Bundle")
    found = [one["resource"] for one in answer.json()["entry"]]
    [refused] = [one for one in found if one["outcome"] == "4"]
    assert refused["outcomeDesc"] == "identity-interaction-refused"
    assert refused["agent"][0]["role"] == [{"text": "receptionist"}]
    assert [one["recorded"] for one in found] == sorted(
        (one["recorded"] for one in found), reverse=True
    )


async def test_a_patients_entries_are_found_and_name_who_and_what(trail: FrontDoor) -> None:
    found = await events(trail, "?patient=Patient/mara")

    assert sorted(acts(found)) == [
        "records:observation:create",
        "records:observation:read",
        "records:patient:create",
    ]
    [read] = [one for one in found if one["action"] == "R"]
    assert (read["action"], read["agent"][0]["altId"]) == ("R", "a-2")
    assert [one["what"]["reference"] for one in read["entity"]] == [
        "Patient/mara",
        "Observation/potassium",
    ]
    again = [one for one in await events(trail, "?patient=mara") if one in found]
    assert again == found


async def test_an_agents_entries_are_found(trail: FrontDoor) -> None:
    assert len(await events(trail, "?agent=a-2")) == 1
    assert len(await events(trail, "?altid=c-1")) == 3
    assert acts(await events(trail, "?agent=a-2&patient=mara")) == ["records:observation:read"]
    assert await events(trail, "?agent=a-2&patient=other") == []


async def test_entries_of_a_time_are_found(trail: FrontDoor) -> None:
    whole = await events(trail, "?altid=c-1&date=2026-03-02")
    middle = whole[1]["recorded"]

    assert len(whole) == 3
    assert await events(trail, "?date=2026-03-03") == []
    assert await events(trail, "?date=lt2026-03-02") == []
    since = await events(trail, f"?altid=c-1&date=ge{middle}")
    until = await events(trail, f"?altid=c-1&date=le{middle}")
    both = await events(trail, f"?altid=c-1&date=ge{middle}&date=le{middle}")
    assert (since, until, both) == (whole[:2], whole[1:], whole[1:2])


async def test_one_entry_is_opened_by_its_id_and_says_the_same(trail: FrontDoor) -> None:
    for one in await events(trail, "?date=2026-03-02"):
        answer = await trail.ask("GET", f"/AuditEvent/{one['id']}", actor="admin")
        assert answer.json() == one


async def test_pages_show_every_entry_once(trail: FrontDoor) -> None:
    whole = await events(trail, "?altid=c-1")
    query, seen = "?altid=c-1&_count=1", []
    while query:
        page = (await trail.ask("GET", f"/AuditEvent{query}", actor="admin")).json()
        seen += [one["resource"] for one in page.get("entry", ())]
        link = next((one["url"] for one in page["link"] if one["relation"] == "next"), "")
        query = f"?{link.partition('?')[2]}" if link else ""

    assert seen == whole


async def test_looking_at_the_trail_is_kept_in_it(trail: FrontDoor) -> None:
    await events(trail, "?patient=mara")

    assert "audit:trail:read" in acts(await events(trail, "?patient=mara"))


@pytest.mark.parametrize("actor", ["clinician", "nurse", "receptionist", "mara", "lab", "app"])
async def test_whoever_may_not_read_the_trail_sees_none_of_it(trail: FrontDoor, actor: str) -> None:
    for path in ("/AuditEvent", "/AuditEvent/r1", "/AuditEvent?patient=mara"):
        assert (await trail.ask("GET", path, actor=actor)).status_code == 403


async def test_a_search_comes_by_a_form_too_and_takes_a_part(trail: FrontDoor) -> None:
    form = {"content-type": "application/x-www-form-urlencoded"}
    answer = await trail.ask(
        "POST", "/AuditEvent/_search", b"agent=a-2&_elements=action", actor="admin", headers=form
    )

    [one] = answer.json()["entry"]
    assert one["resource"]["action"] == "R"
    assert "entity" not in one["resource"]


async def test_an_emergency_says_so(door: FrontDoor) -> None:
    at = (await door.ask("GET", "/metadata", actor=None)).json()["date"]
    await door.trail.note(
        AuditEntry(
            at=datetime.fromisoformat(at),
            action="identity:emergency:open",
            organisation="harbour",
            actor="a-1",
            role="clinician",
            patients=("mara",),
            subjects=("emergency-access/m1",),
            reason="Unconscious at the door.",
        )
    )

    [one] = await events(door, "?patient=mara")

    assert one["purposeOfEvent"][0]["coding"][0]["code"] == "BTG"
    assert one["outcomeDesc"] == "Unconscious at the door."
    assert one["entity"][1]["what"] == {"display": "emergency-access/m1"}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/AuditEvent", 405),
        ("PUT", "/AuditEvent/w1", 405),
        ("DELETE", "/AuditEvent/w1", 405),
        ("GET", "/AuditEvent/w1/_history", 404),
        ("GET", "/AuditEvent/w0", 404),
        ("GET", "/AuditEvent/x1", 404),
        ("GET", "/AuditEvent?_sort=date", 400),
        ("GET", "/AuditEvent?patient=a&patient=b", 400),
        ("GET", "/AuditEvent?patient.name=x", 400),
        ("GET", "/AuditEvent?agent:not=x", 400),
        ("GET", "/AuditEvent?date=ne2026", 400),
        ("GET", "/AuditEvent?_cursor=w1", 400),
    ],
)
async def test_what_the_view_does_not_do_is_refused(
    door: FrontDoor, method: str, path: str, status: int
) -> None:
    answer = await door.ask(method, path, {} if method in {"POST", "PUT"} else None, actor="admin")

    assert answer.status_code == status, answer.text


STALE = {"if-match": 'W/"7"'}


@pytest.mark.parametrize(
    ("method", "path", "content", "headers", "status", "said"),
    [
        ("POST", "/Patient", {"resourceType": "Patient", "x": 1}, {}, 422, "patient:create "),
        ("POST", "/Patient", b"{", {}, 400, "patient:create "),
        ("POST", "/Patient", b"{}", {"content-type": "text/xml"}, 415, "patient:create "),
        ("PUT", "/Patient/mara", a_patient(), STALE, 412, "patient:update Patient/mara"),
        ("PATCH", "/Patient/none", [], {}, 415, "patient:patch Patient/none"),
        ("DELETE", "/Patient/mara", None, STALE, 412, "patient:delete Patient/mara"),
        ("PUT", "/Patient/not+an+id", a_patient(), {}, 400, "patient:update "),
        ("PUT", "/Mara-Lindqvist/1", a_patient(), {}, 404, "system:update "),
        ("POST", "", {"resourceType": "Bundle", "type": "collection"}, {}, 422, "system:create "),
    ],
)
async def test_a_write_that_is_refused_leaves_one_entry_that_says_who_what_and_why(
    trail: FrontDoor,
    method: str,
    path: str,
    content: Any,
    headers: dict[str, str],
    status: int,
    said: str,
) -> None:
    answer = await trail.ask(method, path, content, actor="program", headers=headers)

    assert answer.status_code == status, answer.text
    kept = (await trail.trail.entries(actor="c-1")).entries
    [refused] = [one for one in kept if one.outcome != "success"]
    assert refused.outcome == "refused"
    assert f"{refused.action} {' '.join(refused.subjects)}" == f"records:{said}"
    assert refused.reason == answer.json()["issue"][0]["details"]["coding"][0]["code"]
    assert refused.patients == ()


@pytest.mark.parametrize(
    ("method", "path", "content"),
    [
        ("GET", "/Patient/none", None),
        ("GET", "/Patient?banana=1", None),
        ("POST", "/Patient/_search", {}),
        ("POST", "/Patient/$validate", {"resourceType": "Observation"}),
    ],
)
async def test_a_question_that_finds_nothing_leaves_no_entry(
    door: FrontDoor, method: str, path: str, content: Any
) -> None:
    answer = await door.ask(method, path, content, actor="nurse")

    assert 200 <= answer.status_code < 500
    assert (await door.trail.entries(actor="a-2")).entries == []
