"""FHIR, given the wrong thing: an OperationOutcome that names the place, and nothing stored."""

from __future__ import annotations

import json
from typing import Any

import httpx2
import pytest

from careflow.composition import Platform
from careflow.database.scope import organisation_scope
from careflow.identity.actor import Role
from tests.api.conftest import CANARY, AsRole
from tests.api.refusals import code_of, outcome, shows_nothing_inside

pytestmark = pytest.mark.usefixtures("quiet")

BASE = "/api/fhir/R4"
FHIR = {"Content-Type": "application/fhir+json"}
MALFORMED, INVALID = "fhir-malformed-json", "fhir-invalid-resource"
Json = dict[str, Any]


async def stored(platform: Platform) -> int:
    """Return how many versions of anything FHIR there are."""
    page = await platform.documents.history(organisation_scope(platform.organisation), count=200)
    return sum(document.kind[0].isupper() for document in page.documents)


def patient(inside: bytes) -> bytes:
    """Return a patient with one more member."""
    return b'{"resourceType": "Patient", ' + inside + b"}"


DEEP = 70
BODIES: dict[str, tuple[bytes, int, str]] = {
    "nothing": (b"", 400, MALFORMED),
    "cut off": (b'{"resourceType": "Patient",', 400, MALFORMED),
    "a list": (b"[]", 400, MALFORMED),
    "null": (b"null", 400, MALFORMED),
    "no type": (b'{"id": "a"}', 400, MALFORMED),
    "a number as type": (b'{"resourceType": 5}', 400, MALFORMED),
    "an unknown type": (b'{"resourceType": "Banana"}', 422, INVALID),
    "another type": (b'{"resourceType": "Observation"}', 422, INVALID),
    "no UTF-8": (patient(b'"language": "\xff"'), 400, MALFORMED),
    "UTF-16": ('{"resourceType": "Patient"}'.encode("utf-16"), 400, MALFORMED),
    "a mark before it": (b"\xef\xbb\xbf" + patient(b'"active": true'), 400, MALFORMED),
    "half a character": (patient(b'"name": [{"family": "\\ud800"}]'), 400, MALFORMED),
    "not a number": (patient(b'"multipleBirthInteger": NaN'), 400, MALFORMED),
    "a doubled member": (patient(b'"gender": "male", "gender": "female"'), 422, INVALID),
    "a doubled member, escaped": (
        patient(b'"gender": "male", "gende\\u0072": "male"'),
        422,
        INVALID,
    ),
    "a doubled type": (b'{"resourceType": "Observation", "resourceType": "Patient"}', 422, INVALID),
    "an unknown member": (patient(b'"nickname": "Zyxquorfle"'), 422, INVALID),
    "an unknown member deep": (patient(b'"name": [{"nick": "Zyxquorfle"}]'), 422, INVALID),
    "an empty element": (patient(b'"name": [{}]'), 422, INVALID),
    "an empty list": (patient(b'"name": []'), 422, INVALID),
    "a wrong code": (patient(b'"gender": "Zyxquorfle"'), 422, INVALID),
    "a wrong date": (patient(b'"birthDate": "2026-02-30"'), 422, INVALID),
    "5,000 digits": (patient(b'"multipleBirthInteger": ' + b"9" * 5000), 422, INVALID),
    "a script": (
        patient(
            b'"text": {"status": "generated", "div": "<div xmlns=\'http://www.w3.org/1999/xhtml\'>'
            b'<script>1</script></div>"}'
        ),
        422,
        INVALID,
    ),
    "an entity": (
        patient(
            b'"text": {"status": "generated", "div": "<!DOCTYPE a [<!ENTITY x SYSTEM '
            b"'file:///etc/passwd'>]><div xmlns='http://www.w3.org/1999/xhtml'>&x;</div>\"}"
        ),
        422,
        INVALID,
    ),
    "70 levels": (
        patient(
            b'"extension": ['
            + b'{"url": "x", "extension": [' * DEEP
            + b'{"url": "y", "valueBoolean": true}'
            + b"]}" * DEEP
            + b"]"
        ),
        422,
        INVALID,
    ),
    "100,000 lists": (
        b'{"resourceType": "Patient", "extension": ' + b"[" * 100_000,
        400,
        MALFORMED,
    ),
    "100,000 objects": (
        patient(b'"a": ' + b'{"a":' * 100_000 + b"1" + b"}" * 100_000),
        400,
        MALFORMED,
    ),
}


async def test_a_resource_that_is_none_is_refused_with_its_place_and_nothing_is_stored(
    platform: Platform, as_role: AsRole
) -> None:
    wrong = []
    async with as_role(Role.MACHINE) as machine:
        for what, (body, status, code) in BODIES.items():
            for method, path in (("POST", "Patient"), ("PUT", "Patient/a")):
                answer = await machine.request(method, f"{BASE}/{path}", content=body, headers=FHIR)
                if (answer.status_code, code_of(answer)) != (status, code):
                    wrong.append(f"{what}: {answer.status_code} {answer.text[:150]}")
                shows_nothing_inside(answer)

    assert wrong == []
    assert await stored(platform) == 0


async def test_the_place_of_what_is_wrong_is_a_path_into_the_resource(as_role: AsRole) -> None:
    places = {
        b'"nickname": "x"': "Patient.nickname",
        b'"name": [{"family": "A"}, {"nick": "x"}]': "Patient.name[1].nick",
        b'"gender": "male", "gender": "male"': "Patient.gender",
        b'"birthDate": "2026-02-30"': "Patient.birthDate",
    }
    async with as_role(Role.MACHINE) as machine:
        for inside, place in places.items():
            answer = await machine.post(f"{BASE}/Patient", content=patient(inside), headers=FHIR)
            outcome(answer, 422, INVALID, place=place)


@pytest.mark.parametrize(
    "media_type",
    [
        "",
        "text/plain",
        "application/xml",
        "application/fhir+xml",
        "multipart/form-data; boundary=x",
    ],
)
async def test_a_body_of_another_type_is_refused(
    media_type: str, platform: Platform, as_role: AsRole
) -> None:
    async with as_role(Role.MACHINE) as machine:
        for path in ("Patient", ""):
            answer = await machine.post(
                f"{BASE}/{path}", content=b'{"a": 1}', headers={"Content-Type": media_type}
            )
            outcome(answer, 415, "records-unsupported-content-type")
    assert await stored(platform) == 0


def entry(number: int, **changes: Any) -> Json:
    """Return an entry that creates a patient."""
    resource = {"resourceType": "Patient", "id": f"e{number}"} | changes
    return {"resource": resource, "request": {"method": "PUT", "url": f"Patient/e{number}"}}


async def test_one_bad_entry_among_a_thousand_keeps_all_out_and_is_named(
    platform: Platform, as_role: AsRole
) -> None:
    entries = [entry(number) for number in range(1000)]
    entries[637] = entry(637, gender=CANARY)
    bundle = {"resourceType": "Bundle", "type": "transaction", "entry": entries}

    async with as_role(Role.MACHINE) as machine:
        answer = await machine.post(BASE, json=bundle, headers=FHIR)
        found = await machine.get(f"{BASE}/Patient?_summary=count")

    outcome(answer, 422, INVALID, place="Bundle.entry[637].resource.gender")
    assert found.json()["total"] == 0
    assert await stored(platform) == 0


REFUSED_STEPS: dict[str, Json] = {
    "a missing request": {"resource": {"resourceType": "Patient"}},
    "a patch of nothing": {"request": {"method": "PATCH", "url": "Patient/a"}},
    "a patch that is none": {
        "resource": {"resourceType": "Binary", "contentType": "application/json-patch+json"},
        "request": {"method": "PATCH", "url": "Patient/a"},
    },
    "a condition without a criterion": {"request": {"method": "DELETE", "url": "Patient?_count=1"}},
    "a condition that means nothing": {"request": {"method": "DELETE", "url": "Patient?banana=1"}},
    "a stale version": {
        "resource": {"resourceType": "Patient", "id": "a"},
        "request": {"method": "PUT", "url": "Patient/a", "ifMatch": 'W/"7"'},
    },
    "another id": {
        "resource": {"resourceType": "Patient", "id": "b"},
        "request": {"method": "PUT", "url": "Patient/a"},
    },
    "an unknown type": {
        "resource": {"resourceType": "Banana"},
        "request": {"method": "POST", "url": "Banana"},
    },
    "a way out": {"request": {"method": "DELETE", "url": "../../documents/x"}},
    "another server": {"request": {"method": "DELETE", "url": "http://evil.example/Patient/a"}},
    "the trail": {
        "resource": {"resourceType": "AuditEvent"},
        "request": {"method": "POST", "url": "AuditEvent"},
    },
}


@pytest.mark.parametrize("what", REFUSED_STEPS)
async def test_a_transaction_with_a_step_that_cannot_be_done_does_nothing(
    what: str, platform: Platform, as_role: AsRole
) -> None:
    bundle = {
        "resourceType": "Bundle",
        "type": "transaction",
        "entry": [entry(1), REFUSED_STEPS[what], entry(2)],
    }
    async with as_role(Role.MACHINE) as machine:
        answer = await machine.post(BASE, json=bundle, headers=FHIR)

    assert 400 <= answer.status_code < 500, answer.text
    assert answer.json()["issue"][0]["expression"][0].startswith("Bundle.entry[1]")
    assert await stored(platform) == 0


PATHS = {
    "Patient/a b": (400, "records-bad-id"),
    "Patient/%00": (400, "records-bad-id"),
    "Patient/p1%0d%0aX-Planted:%201": (400, "records-bad-id"),
    f"Patient/{'x' * 65}": (400, "records-bad-id"),
    "Patient/..%2f..": (400, "records-bad-id"),
    "Patient/p%ff": (400, "records-bad-id"),
    "Patient/\uff501": (400, "records-bad-id"),
    "Patient/%2e%2e/p1": (404, "records-unknown-path"),
    "%2e%2e/Patient": (404, "records-unknown-type"),
    "Patient//p1": (404, "records-unknown-path"),
    "patient": (404, "records-unknown-type"),
    "Banana": (404, "records-unknown-type"),
    "inbox-document/x": (404, "records-unknown-type"),
    "account": (404, "records-unknown-type"),
    "AuditEvent/banana": (404, "records-not-found"),
    "AuditEvent?banana=1": (400, "fhir-unknown-parameter"),
    "AuditEvent?action=R": (400, "fhir-unsupported-search"),
    "AuditEvent?_cursor=banana": (400, "database-bad-cursor"),
    "AuditEvent/w1/_history": (404, "records-unknown-path"),
    "Patient/p1/$everything": (200, None),
    "Patient/p1/$everything?_since=banana": (400, "records-bad-parameter"),
    "Patient/p1/$everything?banana=1": (400, "records-bad-parameter"),
    "Patient/p1/$everything?_cursor=c0.banana": (400, "database-bad-cursor"),
    f"Patient/p1/$everything?_cursor=c{'9' * 400}.": (400, "database-bad-cursor"),
    f"Patient/p1/$everything?start={'9' * 5000}": (400, "records-bad-parameter"),
    "Patient/p1/$banana": (404, "records-unknown-path"),
    "Patient/$validate": (405, "records-method-not-allowed"),
    "Observation/p1/$everything": (404, "records-unknown-path"),
    "$everything": (404, "records-unknown-type"),
    "Patient/p1/_history/0": (404, "records-not-found"),
    "Patient/p1/_history/-1": (404, "records-not-found"),
    "Patient/p1/_history/99999999999999999999": (404, "records-not-found"),
    "Patient/p1/_history/\u0663": (404, "records-not-found"),
    "Patient/none": (404, "records-not-found"),
    "Patient/p1/_history?_count=-1": (400, "records-bad-history-parameter"),
    "Patient/p1/_history?_since=banana": (400, "records-bad-history-parameter"),
    "Patient?banana=1": (400, "fhir-unknown-parameter"),
    "Patient?_count=-1": (400, "fhir-bad-search-value"),
    "Patient?_count=ten": (400, "fhir-bad-search-value"),
    f"Patient?_count={'9' * 5000}": (400, "fhir-bad-search-value"),
    "Patient?birthdate=banana": (400, "fhir-bad-search-value"),
    "Patient?birthdate=2026-02-30": (400, "fhir-bad-search-value"),
    "Patient?birthdate=gt9999-12-31": (200, None),
    "Observation?value-quantity=NaN": (400, "fhir-bad-search-value"),
    "Observation?value-quantity=1e999": (400, "fhir-bad-search-value"),
    "Patient?_sort=banana": (400, "fhir-unknown-parameter"),
    "Patient?_include=*": (200, None),
    "Patient?_include=Sheep:wool": (400, "fhir-bad-search-value"),
    "Patient?_revinclude=Patient:name": (400, "fhir-bad-search-value"),
    "Patient?_include=Patient:organization&_summary=text": (400, "fhir-unsupported-search"),
    f"Patient?{'&'.join(['_revinclude=*'] * 100)}": (200, None),
    "Patient?_elements=banana": (400, "fhir-bad-search-value"),
    "Patient?_elements=name&_summary=true": (400, "fhir-unsupported-search"),
    "Patient/p1?banana=1": (400, "records-bad-read-parameter"),
    "?_type=Sheep": (400, "fhir-bad-search-value"),
    "?_type=Patient,Observation&name=x": (400, "fhir-unknown-parameter"),
    "?_type=Patient&_cursor=banana": (400, "database-bad-cursor"),
    "?_type=Patient&_cursor=Patient.banana": (400, "database-bad-cursor"),
    "Patient?_filter=x": (400, "fhir-unsupported-search"),
    "Patient?name=%ff": (400, "records-bad-query-string"),
    "Patient?name=%ed%a0%80": (400, "records-bad-query-string"),
    "Patient?name=%00": (200, None),
    f"Patient?name={'x' * 50_000}": (200, None),
    f"Patient?_id={','.join(map(str, range(501)))}": (400, "fhir-bad-search-value"),
    f"Patient?{'&'.join(['name=x'] * 101)}": (400, "fhir-bad-search-value"),
    f"Patient?{'&'.join(['name=x'] * 5000)}": (400, "fhir-bad-search-value"),
    "Patient?identifier=%7C%7C": (400, "fhir-bad-search-value"),
    "Patient?_cursor=banana": (400, "database-bad-cursor"),
    "Patient?_format=xml": (406, "records-not-acceptable"),
    "Observation?subject.subject.subject.subject.subject.subject=x": (400, None),
}


async def test_an_odd_path_or_query_is_refused_and_says_why(as_role: AsRole) -> None:
    wrong = []
    async with as_role(Role.MACHINE) as machine:
        await machine.put(f"{BASE}/Patient/p1", content=patient(b'"id": "p1"'), headers=FHIR)
        for path, (status, code) in PATHS.items():
            answer = await machine.get(f"{BASE}/{path}")
            if answer.status_code != status or (code and code_of(answer) != code):
                wrong.append(f"{path[:60]}: {answer.status_code} {answer.text[:200]}")
            assert "x-planted" not in answer.headers
            shows_nothing_inside(answer)

    assert wrong == []


async def test_a_form_with_more_values_than_a_store_can_be_asked_is_refused(
    as_role: AsRole,
) -> None:
    values = ",".join(f"x{number}" for number in range(500))
    form = "&".join([f"name={values}"] * 90)
    async with as_role(Role.MACHINE) as machine:
        answer = await machine.post(
            f"{BASE}/Patient/_search",
            content=form.encode(),
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )

    outcome(answer, 400, "fhir-bad-search-value")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "Patient", "GET, POST, HEAD"),
        ("PATCH", "Patient", "GET, POST, HEAD"),
        ("POST", "Patient/p1", "GET, PUT, PATCH, DELETE, HEAD"),
        ("BANANA", "Patient", "GET, POST, HEAD"),
        ("PUT", "", "GET, POST, HEAD"),
        ("PUT", "metadata", "GET, HEAD"),
    ],
)
async def test_a_method_that_is_not_taken_says_which_are(
    method: str, path: str, allowed: str, as_role: AsRole
) -> None:
    async with as_role(Role.MACHINE) as machine:
        answer = await machine.request(method, f"{BASE}/{path}")

    outcome(answer, 405, "records-method-not-allowed")
    assert answer.headers["allow"] == allowed


@pytest.mark.parametrize(
    ("tag", "status", "code"),
    [
        ('W/"99"', 412, "records-changed-since-read"),
        ("banana", 400, "records-bad-version-tag"),
        ("*", 400, "records-bad-version-tag"),
        (f'W/"{"9" * 100}"', 400, "records-bad-version-tag"),
        ('W/"1", W/"2"', 400, "records-bad-version-tag"),
    ],
)
async def test_a_version_that_is_not_the_current_one_changes_nothing(
    tag: str, status: int, code: str, platform: Platform, as_role: AsRole
) -> None:
    async with as_role(Role.MACHINE) as machine:
        await machine.put(f"{BASE}/Patient/p1", content=patient(b'"id": "p1"'), headers=FHIR)
        headers = {**FHIR, "If-Match": tag}
        changed = patient(b'"id": "p1", "active": false')
        outcome(
            await machine.put(f"{BASE}/Patient/p1", content=changed, headers=headers), status, code
        )
        outcome(await machine.delete(f"{BASE}/Patient/p1", headers=headers), status, code)

    assert await stored(platform) == 1


async def test_a_host_that_is_no_host_reaches_no_answer(as_role: AsRole) -> None:
    async with as_role(Role.MACHINE) as machine:
        answer = await machine.post(
            f"{BASE}/Patient",
            content=patient(b'"active": true'),
            headers={**FHIR, "Host": 'evil.example"><script>'},
        )
        listed = await machine.get(f"{BASE}/Patient", headers={"Host": "evil\texample"})

    assert "script" not in answer.headers["location"]
    assert "evil" not in listed.text


# --- someone else's record ---------------------------------------------------------------------


def observation(id: str, subject: str) -> Json:
    """Return a result of a patient."""
    return {
        "resourceType": "Observation",
        "id": id,
        "status": "final",
        "code": {"text": CANARY},
        "subject": {"reference": f"Patient/{subject}"},
    }


async def two_patients(machine: httpx2.AsyncClient) -> None:
    """Store the signed-in patient's record, p1, and another's, p2, in two versions each."""
    for id, result in (("p1", "o1"), ("p2", "o2")):
        for active in (True, False):
            person = {"resourceType": "Patient", "id": id, "active": active}
            await machine.put(f"{BASE}/Patient/{id}", json=person, headers=FHIR)
            await machine.put(
                f"{BASE}/Observation/{result}", json=observation(result, id), headers=FHIR
            )


SOMEONE_ELSES = (
    "Patient/p2",
    "Patient/p2/_history",
    "Patient/p2/_history/1",
    "Observation/o2",
    "Observation/o2/_history",
    "Observation/o2/_history/1",
)
SEARCHES = (
    "Patient",
    "Patient?_id=p2",
    "Patient?_id=p1,p2",
    "Patient?active=false",
    "Patient?_has:Observation:patient:_id=o2",
    "Patient?_has:Observation:subject:status=final",
    "Patient/_history",
    "Observation",
    "Observation?_id=o2",
    "Observation?subject=Patient/p2",
    "Observation?subject=p2",
    "Observation?patient=p1,p2",
    "Observation?subject:missing=false",
    "Observation?subject.active=false",
    "Observation?subject:Patient._id=p2",
    "Observation?_sort=-_lastUpdated&_count=1",
    "Observation/_history",
)


async def test_someone_elses_record_is_not_there_for_a_patient(
    platform: Platform, as_role: AsRole
) -> None:
    async with as_role(Role.MACHINE) as machine:
        await two_patients(machine)
    before = await stored(platform)

    async with as_role(Role.PATIENT) as paul:
        for path in SOMEONE_ELSES:
            answer = await paul.get(f"{BASE}/{path}")
            outcome(answer, 404, "records-not-found")
            assert CANARY not in answer.text
        for path in SEARCHES:
            answer = await paul.get(f"{BASE}/{path}")
            assert answer.status_code == 200, f"{path}: {answer.text[:200]}"
            theirs = [
                one["fullUrl"]
                for one in answer.json().get("entry", [])
                if one["fullUrl"].rsplit("/", 1)[1] in {"p2", "o2"}
            ]
            assert (path, theirs) == (path, [])
            assert answer.json().get("total", 1) <= 2
        outcome(await paul.get(f"{BASE}/_history"), 403, "identity-interaction-refused")
    assert await stored(platform) == before


async def test_a_patient_changes_no_record_not_even_their_own(
    platform: Platform, as_role: AsRole
) -> None:
    async with as_role(Role.MACHINE) as machine:
        await two_patients(machine)
    before = await stored(platform)
    tries: list[tuple[str, str, Json | None]] = [
        ("PUT", "Patient/p2", {"resourceType": "Patient", "id": "p2"}),
        ("PUT", "Patient/p1", {"resourceType": "Patient", "id": "p1"}),
        ("DELETE", "Patient/p2", None),
        ("DELETE", "Observation/o1", None),
        ("DELETE", "Observation/o2", None),
        ("POST", "Observation", observation("x", "p2")),
        ("PUT", "Observation/o2", observation("o2", "p1")),
    ]

    async with as_role(Role.PATIENT) as paul:
        for method, path, body in tries:
            content = json.dumps(body).encode() if body else None
            answer = await paul.request(method, f"{BASE}/{path}", content=content, headers=FHIR)
            outcome(answer, 403, "identity-interaction-refused")
        steps = [
            {
                "request": {"method": method, "url": path},
                **({"resource": body} if body else {}),
            }
            for method, path, body in tries
        ]
        reads = [{"request": {"method": "GET", "url": path}} for path in SOMEONE_ELSES]
        batch = await paul.post(
            BASE,
            json={"resourceType": "Bundle", "type": "batch", "entry": steps + reads},
            headers=FHIR,
        )
        for step in steps:
            bundle = {"resourceType": "Bundle", "type": "transaction", "entry": [step]}
            answer = await paul.post(BASE, json=bundle, headers=FHIR)
            outcome(answer, 403, "identity-interaction-refused")

    statuses = [one["response"]["status"][:3] for one in batch.json()["entry"]]
    assert statuses == ["403"] * len(tries) + ["404"] * len(reads)
    assert CANARY not in batch.text
    assert await stored(platform) == before
