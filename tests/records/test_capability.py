"""The CapabilityStatement says what the server does, and the server does what it says."""

from __future__ import annotations

import itertools
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec
import pytest

from careflow.fhir.definitions import resource_types, search_parameters
from careflow.fhir.search_offered import MODIFIERS, PREFIXES, example, modifiers_of
from careflow.records.not_offered import NOT_OFFERED, NotOffered
from careflow.records.offered import HEADERS, INTERACTIONS, OPERATIONS, methods_at
from careflow.records.owners import VIEWS
from careflow.records.reference_page import fhir_page
from tests.records.front_door import FrontDoor, open_front_door

ROOT = Path(__file__).resolve().parents[2]
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
CLINIC = (
    *("Patient", "Practitioner", "PractitionerRole", "Organization", "Location", "Encounter"),
    *("Appointment", "Observation", "Condition", "AllergyIntolerance", "MedicationRequest"),
    *("DiagnosticReport", "DocumentReference", "ServiceRequest", "Immunization", "Procedure"),
    *("Questionnaire", "QuestionnaireResponse", "Provenance", "Task", "ValueSet", "Bundle"),
)
"""Types that the short form walks; the long one walks all."""


@dataclass
class Said:
    """One answer: its status, and the code of what went wrong, if anything did."""

    status: int
    code: str | None
    body: Any

    @property
    def is_refused(self) -> bool:
        """Report whether the answer is that this is not offered."""
        return self.status in {404, 405, 415, 501} or self.code in {
            "fhir-unknown-parameter",
            "fhir-unknown-modifier",
            "fhir-unsupported-search",
            "records-unknown-path",
        }


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[FrontDoor]:
    opened = await open_front_door(tmp_path)
    yield opened
    await opened.close()


async def ask(door: FrontDoor, method: str, path: str, content: Any = b"", media: str = "") -> Said:
    """Ask the application directly: there are thousands of questions."""
    address, _, query = path.partition("?")
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    scope = {
        "type": "http",
        "method": method,
        "raw_path": f"/api/fhir/R4{quote(address, safe='/$')}".encode(),
        "query_string": quote(query, safe="=&%:|$,").encode(),
        "scheme": "http",
        "headers": [
            (b"authorization", b"Bearer program"),
            (b"host", b"clinic.test"),
            (b"content-type", (media or "application/fhir+json").encode()),
        ],
    }
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    await door.application(scope, receive, send)
    told = sent[1]["body"]
    decoded = msgspec.json.decode(told) if told else {}
    code = None
    if sent[0]["status"] >= 400:
        code = decoded["issue"][0]["details"]["coding"][0]["code"]
    return Said(sent[0]["status"], code, decoded)


async def statement(door: FrontDoor) -> Any:
    return (await ask(door, "GET", "/metadata")).body


async def told(door: FrontDoor, *, every: bool) -> list[Any]:
    """Return what is told of each type: of all types, or of those that a clinic works with."""
    resources: list[Any] = (await statement(door))["rest"][0]["resource"]
    return resources if every else [one for one in resources if one["type"] in CLINIC]


everything = pytest.mark.parametrize(
    "every", [False, pytest.param(True, marks=pytest.mark.sweep)], ids=["clinic", "all"]
)


async def test_it_tells_every_type(door: FrontDoor) -> None:
    types = {one["type"] for one in await told(door, every=True)}

    assert types == resource_types()


# --- interactions --------------------------------------------------------------------------

Call = Callable[[str, str], tuple[str, str, Any]]
CALLS: dict[str, Call] = {
    "read": lambda kind, id: ("GET", f"/{kind}/{id}", b""),
    "vread": lambda kind, id: ("GET", f"/{kind}/{id}/_history/1", b""),
    "update": lambda kind, id: ("PUT", f"/{kind}/{id}", {"resourceType": kind, "id": id}),
    "patch": lambda kind, id: ("PATCH", f"/{kind}/{id}", []),
    "delete": lambda kind, id: ("DELETE", f"/{kind}/{id}", b""),
    "history-instance": lambda kind, id: ("GET", f"/{kind}/{id}/_history", b""),
    "search-type": lambda kind, _: ("GET", f"/{kind}", b""),
    "create": lambda kind, _: ("POST", f"/{kind}", {"resourceType": kind}),
    "history-type": lambda kind, _: ("GET", f"/{kind}/_history", b""),
    "search-system": lambda *_: ("GET", "/?_type=Patient,Observation", b""),
    "history-system": lambda *_: ("GET", "/_history", b""),
    "transaction": lambda *_: ("POST", "/", {"resourceType": "Bundle", "type": "transaction"}),
    "batch": lambda *_: ("POST", "/", {"resourceType": "Bundle", "type": "batch"}),
}
NOT_THERE = {"records-not-found", "records-gone"}
"""What a server may well say of one resource while it offers the interaction."""


NO_ADDRESS = {"records-unknown-path", "records-unknown-type", "records-bad-id"}
"""What a server says of an address under which it has nothing to offer."""


def media_of(statement: Any, code: str) -> str:
    return statement["patchFormat"][0] if code == "patch" else ""


async def test_every_interaction_it_tells_of_a_type_is_answered(door: FrontDoor) -> None:
    whole = await statement(door)
    wrong = []
    for one in whole["rest"][0]["resource"]:
        kind = one["type"]
        if kind in VIEWS - {"AuditEvent"}:
            continue  # another room makes these: they are asked where it stands
        await ask(door, "PUT", f"/{kind}/x", {"resourceType": kind, "id": "x"})
        for code in [each["code"] for each in one["interaction"]]:
            method, path, content = CALLS[code](kind, "x")
            answer = await ask(door, method, path, content, media_of(whole, code))
            if answer.is_refused and answer.code not in NOT_THERE:
                wrong.append((kind, code, answer.status, answer.code))

    assert wrong == []


async def test_every_interaction_it_tells_of_the_whole_record_is_answered(
    door: FrontDoor,
) -> None:
    for one in (await statement(door))["rest"][0]["interaction"]:
        answer = await ask(door, *CALLS[one["code"]]("", ""))
        assert answer.status == 200, (one, answer)


async def test_it_tells_every_interaction_there_is(door: FrontDoor) -> None:
    rest = (await statement(door))["rest"][0]
    codes = {one["code"] for one in (*rest["interaction"], *rest["resource"][0]["interaction"])}

    assert codes == {offer.code for offer in INTERACTIONS} == set(CALLS)


@pytest.mark.parametrize(
    "path",
    [
        *("", "_history", "_search", "metadata", "Type", "Type/_search", "Type/_history"),
        *("Type/id", "Type/id/_history", "Type/id/_history/version", "Type/id/_search", "_tags"),
    ],
)
async def test_a_method_that_no_table_has_is_refused(door: FrontDoor, path: str) -> None:
    address = path.replace("Type", "Patient").replace("/id", "/mara").replace("version", "1")
    offered = {"GET"} if path == "metadata" else {*methods_at(path)}
    for method in METHODS:
        answer = await ask(door, method, f"/{address}")
        refused = answer.status == 405 or answer.code in NO_ADDRESS
        assert refused == (method not in offered), (method, answer)


async def test_conditions_are_taken_where_it_says_so(door: FrontDoor) -> None:
    one = next(o for o in await told(door, every=False) if o["type"] == "Patient")
    patient = {"resourceType": "Patient", "identifier": [{"value": "1"}]}
    where = "/Patient?identifier=1"
    patch = (await statement(door))["patchFormat"][0]

    updated = await ask(door, "PUT", where, patient)
    patched = await ask(door, "PATCH", where, [], patch)
    deleted = await ask(door, "DELETE", where)

    assert (updated.status < 300) == one["conditionalUpdate"]
    assert (patched.status != 405) == one["conditionalUpdate"]
    assert (deleted.status < 300) == (one["conditionalDelete"] != "not-supported")


async def test_every_patch_format_it_tells_is_taken_and_no_other(door: FrontDoor) -> None:
    await ask(door, "PUT", "/Patient/x", {"resourceType": "Patient", "id": "x"})
    for media in [*(await statement(door))["patchFormat"]]:
        patch = [{"op": "add", "path": "/active", "value": True}]
        assert (await ask(door, "PATCH", "/Patient/x", patch, media)).status == 200

    assert (await ask(door, "PATCH", "/Patient/x", [], "application/xml-patch+xml")).status == 415


# --- operations ----------------------------------------------------------------------------


async def test_every_operation_it_tells_is_answered_and_no_other(door: FrontDoor) -> None:
    await ask(door, "PUT", "/Patient/x", {"resourceType": "Patient", "id": "x"})
    names = {one.name for one in OPERATIONS}
    rest = (await statement(door))["rest"][0]
    listed = {one["name"] for r in rest["resource"] for one in r.get("operation", ())}
    listed |= {one["name"] for one in rest.get("operation", ())}
    assert listed == names

    for kind, name in itertools.product(("Patient", "Observation"), (*names, "nonsense")):
        for level, path in (("system", ""), ("type", f"/{kind}"), ("instance", f"/{kind}/x")):
            found = [o for o in OPERATIONS if o.name == name and level in o.levels]
            on_kind = [one for one in found if level == "system" or one.is_on(kind)]
            methods = {method for one in on_kind for method in one.methods}
            for method in ("GET", "POST"):
                answer = await ask(door, method, f"{path}/${name}", {"resourceType": kind})
                refused = answer.code in NO_ADDRESS or answer.is_refused
                refused = refused and answer.code not in NOT_THERE
                assert refused == (method not in methods), (level, method, name, answer)


# --- search --------------------------------------------------------------------------------


def values_of(kind: str, one: Any) -> str:
    return example(one["type"], search_parameters(kind).get(one["name"]))


@everything
async def test_every_search_parameter_it_tells_is_answered(door: FrontDoor, every: bool) -> None:
    wrong = []
    for resource in await told(door, every=every):
        kind = resource["type"]
        for one in resource["searchParam"]:
            answer = await ask(door, "GET", f"/{kind}?{one['name']}={values_of(kind, one)}")
            if answer.status != 200:
                wrong.append((kind, one, answer.code))

    assert wrong == []


@everything
async def test_the_modifiers_it_tells_are_taken_and_no_others(door: FrontDoor, every: bool) -> None:
    wrong = []
    for resource in await told(door, every=every):
        kind = resource["type"]
        for one in resource["searchParam"]:
            takes = () if kind in VIEWS else modifiers_of(kind, one["name"])
            assert all(modifier in one.get("documentation", "") for modifier in takes)
            for modifier in MODIFIERS:
                value = "true" if modifier == "missing" else values_of(kind, one)
                answer = await ask(door, "GET", f"/{kind}?{one['name']}:{modifier}={value}")
                if answer.is_refused != (modifier not in takes):
                    wrong.append((kind, one["name"], modifier, answer.code))

    assert wrong == []


async def test_the_prefixes_it_tells_are_taken_and_no_others(door: FrontDoor) -> None:
    for path in (
        "/Patient?birthdate",
        "/RiskAssessment?probability",
        "/Observation?value-quantity",
    ):
        value = "2026" if "date" in path else "0.5"
        for prefix in PREFIXES:
            assert (await ask(door, "GET", f"{path}={prefix}{value}")).status == 200
        assert (await ask(door, "GET", f"{path}=xx{value}")).status == 400


@everything
async def test_every_include_it_tells_is_answered(door: FrontDoor, every: bool) -> None:
    wrong = []
    for resource in await told(door, every=every):
        kind = resource["type"]
        await ask(door, "PUT", f"/{kind}/x", {"resourceType": kind, "id": "x"})
        asked = [f"_include={one}" for one in resource.get("searchInclude", ())]
        step = 1 if every else 11
        asked += [f"_revinclude={one}" for one in resource.get("searchRevInclude", ())[::step]]
        for one in asked:
            answer = await ask(door, "GET", f"/{kind}?{one}")
            if answer.status != 200:
                wrong.append((kind, one, answer.code))

    assert wrong == []


@pytest.mark.parametrize("one", NOT_OFFERED, ids=lambda one: one.what)
async def test_what_the_reference_says_is_not_offered_is_refused(
    door: FrontDoor, one: NotOffered
) -> None:
    method, path = one.asked

    answer = await ask(door, method, f"/{path}")

    assert 400 <= answer.status < 500
    assert answer.body["resourceType"] == "OperationOutcome"


def test_the_reference_page_tells_all_of_it_and_is_current() -> None:
    page = (ROOT / "docs" / "reference" / "fhir.md").read_text(encoding="utf-8")

    assert page.endswith(fhir_page())
    sentences = [*(one.does for one in INTERACTIONS), *(one.does for one in OPERATIONS)]
    for told in (*sentences, *(one.what for one in NOT_OFFERED)):
        assert told in page


def test_every_header_that_is_told_is_one_the_code_knows() -> None:
    code = "".join(path.read_text() for path in (ROOT / "src/careflow/records").glob("*.py"))

    for name, _ in HEADERS:
        assert f'"{name.lower()}"' in code


async def test_what_it_says_of_several_types_is_so(door: FrontDoor) -> None:
    rest = (await statement(door))["rest"][0]
    for one in rest["searchParam"]:
        value = values_of("Basic", one)
        answer = await ask(door, "GET", f"/?_type=Patient,Basic&{one['name']}={value}")
        assert answer.status == 200, (one, answer)

    assert (await ask(door, "GET", "/?_type=Patient,Basic&code=x")).status == 400
