"""Drafts handled wrongly: by the wrong person, too late, twice, with values that cannot be."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import httpx2
import msgspec
import pytest

from careflow.composition import Platform
from careflow.database.documents import Query
from careflow.database.scope import organisation_scope
from careflow.identity.actor import Role
from tests.api.conftest import CANARY, AsRole
from tests.api.refusals import code_of, refused
from tests.harbour import a_patient, a_report

pytestmark = pytest.mark.usefixtures("quiet")

FHIR = {"Content-Type": "application/fhir+json"}
FILED = ("DiagnosticReport", "Observation", "DocumentReference", "Provenance")
ROWS = (
    ("Sodium", "139", "mmol/L", "136 - 145", ""),
    ("Potassium", "6.9", "mmol/L", "3.5 - 5.1", "H"),
    ("Glucose", "92", "mg/dL", "70 - 99", ""),
)
Json = dict[str, Any]


@dataclass
class Desk:
    """A report of Paul's, read and matched; its potassium is critical."""

    platform: Platform
    nurse: httpx2.AsyncClient
    doctor: httpx2.AsyncClient
    document: str
    draft: str

    async def view(self) -> Json:
        """Return the draft as it is."""
        shown: Json = (await self.doctor.get(f"/api/ai/drafts/{self.draft}")).json()
        return shown

    async def act(
        self, verb: str, by: httpx2.AsyncClient | None = None, **body: Any
    ) -> httpx2.Response:
        """Edit, accept or reject at the version that is current unless one is given."""
        version = body.pop("version", None) or (await self.view())["version"]
        return await (by or self.doctor).post(
            f"/api/ai/drafts/{self.draft}/{verb}", json={"version": version, **body}
        )

    async def settle(self) -> None:
        """Check every row, so that the draft could be signed."""
        rows = [{"index": row["index"], "status": "checked"} for row in (await self.view())["rows"]]
        answer = await self.act("edit", rows=rows)
        assert answer.status_code == 200, answer.text

    async def filed(self) -> dict[str, int]:
        """Return how many versions of each type a chart would hold, deleted ones included."""
        scope = organisation_scope(self.platform.organisation)
        page = await self.platform.documents.history(scope, count=200)
        kinds = [document.kind for document in page.documents]
        return {kind: kinds.count(kind) for kind in FILED if kind in kinds}


@pytest.fixture
async def desk(platform: Platform, as_role: AsRole) -> AsyncIterator[Desk]:
    async with AsyncExitStack() as stack:
        machine = await stack.enter_async_context(as_role(Role.MACHINE))
        nurse = await stack.enter_async_context(as_role(Role.NURSE))
        doctor = await stack.enter_async_context(as_role(Role.CLINICIAN))
        for id, changes in (("p3", {}), ("p7", {"name": [{"family": CANARY, "given": ["Mary"]}]})):
            stored = await machine.put(
                f"/api/fhir/R4/Patient/{id}",
                content=msgspec.json.encode(a_patient(id, **changes)),
                headers=FHIR,
            )
            assert stored.status_code == 201, stored.text
        sent = await nurse.post("/api/documents?filename=a.pdf", content=a_report(ROWS))
        document = sent.json()["id"]
        while await platform.queue.run_once():
            pass
        matched = await nurse.post(f"/api/documents/{document}/match", json={"patient_id": "p3"})
        yield Desk(platform, nurse, doctor, document, matched.json()["draft_id"])


async def test_rows_left_to_check_block_signing(desk: Desk) -> None:
    refused(await desk.act("accept"), 409, "ai-rows-to-check")
    assert await desk.filed() == {}


async def test_a_nurse_neither_signs_nor_turns_down(desk: Desk) -> None:
    await desk.settle()

    for verb, body in (("accept", {}), ("reject", {"reason": "not ours"})):
        refused(await desk.act(verb, desk.nurse, **body), 403, "identity-permission-missing")

    assert await desk.filed() == {}
    assert (await desk.view())["status"] == "draft"


@pytest.mark.parametrize("version", [1, 0, -1, 10**6, 10**40])
async def test_another_version_than_the_current_one_changes_nothing(
    version: int, desk: Desk
) -> None:
    await desk.settle()
    before = await desk.view()

    for verb, body in (("accept", {}), ("reject", {"reason": "late"}), ("edit", {"rows": []})):
        given = {"version": version, **body}
        answer = await desk.doctor.post(f"/api/ai/drafts/{desk.draft}/{verb}", json=given)
        refused(answer, 412, "ai-draft-stale")

    assert await desk.view() == before
    assert await desk.filed() == {}


EDITS: dict[str, tuple[Json, int, str]] = {
    "a row that is not there": ({"index": 99, "status": "checked"}, 400, "ai-no-such-row"),
    "a row before the first": ({"index": -1, "status": "checked"}, 422, "fields-invalid"),
    "a row beyond numbers": ({"index": 10**40, "status": "checked"}, 400, "ai-no-such-row"),
    "a state that is none": ({"index": 0, "status": "signed"}, 422, "fields-invalid"),
    "a field that is none": (
        {"index": 0, "status": "checked", "flag": None},
        422,
        "fields-invalid",
    ),
    "critical by hand": (
        {"index": 1, "status": "checked", "critical": False},
        422,
        "fields-invalid",
    ),
    "a value that is a list": (
        {"index": 0, "status": "checked", "value": ["1"]},
        422,
        "fields-invalid",
    ),
    "no test": ({"index": 0, "status": "corrected", "test": "  "}, 400, "bad-input"),
    "a long value": (
        {"index": 0, "status": "corrected", "value": "9" * 201},
        422,
        "fields-invalid",
    ),
}


@pytest.mark.parametrize("what", EDITS)
async def test_an_edit_that_does_not_fit_changes_no_row(what: str, desk: Desk) -> None:
    row, status, code = EDITS[what]
    before = await desk.view()

    answer = await desk.act("edit", rows=[{"index": 0, "status": "removed"}, row])

    refused(answer, status, code)
    assert await desk.view() == before


IMPOSSIBLE: dict[str, Json] = {
    "nothing": {"value": ""},
    "minus": {"value": "-139"},
    "a thousand times too much": {"value": "139000"},
    "a unit of something else": {"unit": "U/L"},
    "a range upside down": {"low": "145", "high": "136"},
    "a range of words": {"low": "banana"},
    "a code that is none": {"loinc": "2951-3"},
}


@pytest.mark.parametrize("what", IMPOSSIBLE)
async def test_a_value_that_cannot_be_is_not_signed(what: str, desk: Desk) -> None:
    await desk.settle()

    edit = await desk.act("edit", rows=[{"index": 0, "status": "corrected", **IMPOSSIBLE[what]}])

    assert edit.status_code == 200, edit.text
    assert edit.json()["rows"][0]["problem"]
    refused(await desk.act("accept"), 409, "ai-rows-to-check")
    assert await desk.filed() == {}


@pytest.mark.parametrize("value", ["1\u202e39", "139\u200b", "13\x009", "139\x1b[2K"])
async def test_a_value_with_signs_that_do_not_print_is_refused(value: str, desk: Desk) -> None:
    before = await desk.view()

    answer = await desk.act("edit", rows=[{"index": 0, "status": "corrected", "value": value}])

    refused(answer, 400, "bad-input")
    assert await desk.view() == before


@pytest.mark.parametrize("value", ["banana", "NaN", "Infinity", "1e999", "=1+1", "0x8B"])
async def test_a_word_where_a_number_belongs_is_doubted_and_never_becomes_a_number(
    value: str, desk: Desk, as_role: AsRole
) -> None:
    await desk.settle()

    edit = await desk.act("edit", rows=[{"index": 0, "status": "corrected", "value": value}])
    signed = await desk.act("accept")

    row = edit.json()["rows"][0]
    assert (row["flag"], row["critical"]) == (None, False)
    assert row["problem"]
    if signed.status_code == 200:
        # A person looked and insists, as on "clotted": it stands in the chart as words.
        async with as_role(Role.NURSE) as nurse:
            stored = [
                (await nurse.get(f"/api/fhir/R4/Observation/{id}")).json()
                for id in signed.json()["observation_ids"]
            ]
        [sodium] = [one for one in stored if one["code"]["text"] == "Sodium"]
        assert sodium["valueString"] == value
        assert "valueQuantity" not in sodium
        assert "interpretation" not in sodium


async def test_what_is_signed_can_be_changed_by_nobody(desk: Desk) -> None:
    await desk.settle()
    signed = await desk.act("accept")
    assert signed.status_code == 200, signed.text
    filed = await desk.filed()

    for verb, body in (("accept", {}), ("reject", {"reason": "late"}), ("edit", {"rows": []})):
        refused(await desk.act(verb, **body), 409, "ai-draft-closed")
    for path, body in (
        ("match", {"patient_id": "p7"}),
        ("discard", {"reason": "not ours"}),
        ("file", {"title": "A letter"}),
    ):
        answer = await desk.doctor.post(f"/api/documents/{desk.document}/{path}", json=body)
        refused(answer, 409, "records-document-closed")

    assert await desk.filed() == filed
    assert filed["DiagnosticReport"] == 1


async def test_of_many_who_sign_at_once_one_does(desk: Desk) -> None:
    await desk.settle()
    version = (await desk.view())["version"]

    answers = await asyncio.gather(*(desk.act("accept", version=version) for _ in range(8)))

    assert sorted(answer.status_code for answer in answers).count(200) == 1
    assert {code_of(a) for a in answers if a.status_code != 200} <= {
        "ai-draft-closed",
        "ai-draft-stale",
        "database-version-mismatch",
    }
    filed = await desk.filed()
    assert (filed["DiagnosticReport"], filed["Observation"]) == (1, len(ROWS))


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("documents/{document}/match", {"patient_id": "p7"}),
        ("documents/{document}/discard", {"reason": "not ours"}),
        ("ai/drafts/{draft}/reject", {"reason": "not ours"}),
        ("ai/drafts/{draft}/edit", {"rows": [{"index": 0, "status": "removed"}]}),
    ],
)
async def test_signing_and_something_else_at_once_end_in_one_of_the_two(
    path: str, body: Json, desk: Desk
) -> None:
    await desk.settle()
    version = (await desk.view())["version"]
    address = "/api/" + path.format(document=desk.document, draft=desk.draft)
    sent = body if "match" in path or "discard" in path else {"version": version, **body}

    signed, other = await asyncio.gather(
        desk.act("accept", version=version),
        desk.nurse.post(address, json=sent)
        if "reject" not in path
        else desk.doctor.post(address, json=sent),
    )

    assert {signed.status_code, other.status_code} <= {200, 409, 412}
    filed = await desk.filed()
    assert (signed.status_code == 200) == (filed.get("DiagnosticReport", 0) == 1)
    if signed.status_code == 200:
        shown = (await desk.doctor.get(f"/api/documents/{desk.document}")).json()
        assert (shown["status"], shown["patient"]["id"]) == ("filed", "p3")
        assert filed["Observation"] == len(ROWS)


async def test_a_report_goes_into_nobody_elses_chart_by_mistake(desk: Desk) -> None:
    await desk.settle()
    stale = (await desk.view())["version"]
    for id in ("never", "p3%2F..%2Fp7", "\x00", "Patient/p7", "x" * 65):
        answer = await desk.nurse.post(
            f"/api/documents/{desk.document}/match", json={"patient_id": id}
        )
        assert answer.status_code in {404, 422}, answer.text
    await desk.nurse.post(f"/api/documents/{desk.document}/match", json={"patient_id": "p7"})

    refused(await desk.act("accept", version=stale), 412, "ai-draft-stale")
    refused(await desk.act("accept"), 422, "ai-identity-differs")
    refused(await desk.act("accept", identity_reason="   "), 422, "ai-identity-differs")
    assert await desk.filed() == {}


async def test_turning_a_draft_down_leaves_nothing_but_the_audit(
    desk: Desk, as_role: AsRole
) -> None:
    await desk.settle()

    answer = await desk.act("reject", reason=f"about {CANARY}")

    assert answer.status_code == 200
    assert await desk.filed() == {}
    async with as_role(Role.ADMIN) as admin:
        entries = (await admin.get("/api/audit?count=50")).json()["entries"]
    assert "ai:draft:reject" in {one["action"] for one in entries}
    assert CANARY not in str(entries)
    scope = organisation_scope(desk.platform.organisation)
    for kind in FILED:
        assert not (await desk.platform.documents.find(Query(kind, count=1), scope)).documents
