"""Machine clients: OAuth client credentials, SMART scopes, and nothing beyond them."""

from __future__ import annotations

import base64

import httpx2
import pytest

from careflow.database.documents import Put
from careflow.database.scope import organisation_scope
from careflow.database.work import Work
from careflow.identity.account import BadNameError
from careflow.identity.actor import Role
from careflow.identity.assembly import Identity
from careflow.identity.clients import ClientNotFoundError, NewClient, UnknownPatientError
from careflow.identity.permissions import PermissionMissingError
from careflow.identity.smart import BadScopeError, NoPatientContextError
from tests.identity.clinic import ORGANISATION, SetClock, add_person, bearer, trail

SCOPES = ["system/Observation.rs", "system/Patient.read"]


@pytest.fixture
async def lab(identity: Identity) -> NewClient:
    async with Work(identity.documents) as work:
        return await identity.clients.add(work, name="Lab link", scopes=SCOPES, by=None)


async def ask(web: httpx2.AsyncClient, client: NewClient, **changes: str) -> httpx2.Response:
    form = {
        "grant_type": "client_credentials",
        "client_id": client.client.id,
        "client_secret": client.secret,
    } | changes
    return await web.post("/api/auth/token", data=form)


async def test_a_client_gets_a_token_with_its_own_scopes(
    identity: Identity, web: httpx2.AsyncClient, lab: NewClient
) -> None:
    response = await ask(web, lab)

    answer = response.json()
    assert answer["token_type"] == "Bearer"
    assert answer["expires_in"] == 600
    assert answer["scope"] == "system/Observation.rs system/Patient.rs"
    assert response.headers["Cache-Control"] == "no-store"
    headers = [(b"authorization", f"Bearer {answer['access_token']}".encode())]
    actor = await identity.authenticator.authenticate(headers, "POST")
    assert (actor.id, actor.name, actor.role) == (lab.client.id, "Lab link", Role.MACHINE)
    assert actor.scopes == {"system/Observation.rs", "system/Patient.rs"}


async def test_http_basic_is_taken_as_well(web: httpx2.AsyncClient, lab: NewClient) -> None:
    pair = base64.b64encode(f"{lab.client.id}:{lab.secret}".encode()).decode()

    answer = await web.post(
        "/api/auth/token",
        data={"grant_type": "client_credentials"},
        headers={"Authorization": f"Basic {pair}"},
    )

    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("asked", "granted"),
    [
        ("system/Observation.r", "system/Observation.r"),
        ("system/*.rs", "system/Observation.rs system/Patient.rs"),
        ("system/*.cruds", "system/Observation.rs system/Patient.rs"),
        ("system/Patient.s system/Encounter.rs", "system/Patient.s"),
    ],
)
async def test_a_client_gets_at_most_what_it_asks_for_and_what_it_has(
    web: httpx2.AsyncClient, lab: NewClient, asked: str, granted: str
) -> None:
    assert (await ask(web, lab, scope=asked)).json()["scope"] == granted


@pytest.mark.parametrize(
    "scope", ["system/Encounter.rs", "system/Patient.d", "user/Patient.rs", "banana", "admin"]
)
async def test_what_is_not_its_own_is_not_granted(
    web: httpx2.AsyncClient, lab: NewClient, scope: str
) -> None:
    answer = await ask(web, lab, scope=scope)

    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope")
    assert answer.json()["code"] == "identity-bad-scope"


async def test_a_wrong_secret_and_an_unknown_client_get_the_same_answer(
    web: httpx2.AsyncClient, lab: NewClient
) -> None:
    wrong = await ask(web, lab, client_secret="x" * 43)
    unknown = await ask(web, lab, client_id="nobody")

    assert wrong.status_code == unknown.status_code == 401
    assert wrong.content == unknown.content
    assert wrong.json()["error"] == "invalid_client"


async def test_guessing_a_secret_is_slowed(web: httpx2.AsyncClient, lab: NewClient) -> None:
    statuses = [(await ask(web, lab, client_secret="x")).status_code for _ in range(11)]
    refused = await ask(web, lab)

    assert statuses == [401] * 10 + [429]
    assert refused.headers["Retry-After"] == "15"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": ""}, "unsupported_grant_type"),
        ({"client_id": ""}, "invalid_request"),
        ({"client_secret": ""}, "invalid_request"),
    ],
)
async def test_a_request_of_another_shape_is_refused(
    web: httpx2.AsyncClient, lab: NewClient, changes: dict[str, str], error: str
) -> None:
    answer = await ask(web, lab, **changes)

    assert (answer.status_code, answer.json()["error"]) == (400, error)


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (b'{"grant_type": "client_credentials"}', "application/json"),
        (b"grant_type=client_credentials", ""),
        (b"\xff\xfe", "application/x-www-form-urlencoded"),
        (b"grant_type=%ff", "application/x-www-form-urlencoded"),
        (b"a=1&" * 100, "application/x-www-form-urlencoded"),
        (b"a=" + b"x" * 20_000, "application/x-www-form-urlencoded"),
        (
            b"grant_type=client_credentials&client_id=a&client_id=b&client_secret=c",
            "application/x-www-form-urlencoded",
        ),
    ],
)
async def test_what_is_no_form_is_refused(
    web: httpx2.AsyncClient, content: bytes, content_type: str
) -> None:
    answer = await web.post(
        "/api/auth/token", content=content, headers={"Content-Type": content_type}
    )

    assert answer.status_code == 400


@pytest.mark.parametrize("header", ["Basic banana", "Basic /w==", "Bearer x", "Basic"])
async def test_a_header_that_is_no_basic_is_refused(web: httpx2.AsyncClient, header: str) -> None:
    answer = await web.post(
        "/api/auth/token",
        data={"grant_type": "client_credentials"},
        headers={"Authorization": header},
    )

    assert answer.status_code == 400


async def test_a_client_switched_off_is_dead_within_five_seconds(
    identity: Identity, web: httpx2.AsyncClient, lab: NewClient, clock: SetClock
) -> None:
    headers = bearer((await ask(web, lab)).json()["access_token"])
    assert (await web.get("/api/chart", headers=headers)).status_code == 200

    async with Work(identity.documents) as work:
        await identity.clients.disable(work, lab.client.id, by=None)
    clock.move(seconds=5)

    assert (await web.get("/api/chart", headers=headers)).status_code == 401
    assert (await ask(web, lab)).status_code == 401


async def test_the_secret_is_stored_as_a_hash_alone(identity: Identity, lab: NewClient) -> None:
    document = await identity.documents.read(
        "client", lab.client.id, organisation_scope(ORGANISATION)
    )

    assert document is not None
    assert lab.secret.encode() not in document.body
    assert len(base64.urlsafe_b64decode(lab.secret + "=")) * 8 == 256


@pytest.mark.parametrize("role", [r for r in Role if r not in {Role.ADMIN, Role.MACHINE}])
async def test_only_an_administrator_adds_or_disables_clients(
    identity: Identity, lab: NewClient, role: Role
) -> None:
    asker = (await add_person(identity, "asker@harbour.example", role)).actor("s")
    work = Work(identity.documents)

    with pytest.raises(PermissionMissingError):
        await identity.clients.add(work, name="New", scopes=["system/*.rs"], by=asker)
    with pytest.raises(PermissionMissingError):
        await identity.clients.disable(work, lab.client.id, by=asker)


@pytest.mark.parametrize("scopes", [[], ["banana"], ["system/*."], ["openid"]])
async def test_a_client_needs_scopes_that_are_understood(
    identity: Identity, scopes: list[str]
) -> None:
    with pytest.raises(BadScopeError):
        await identity.clients.add(Work(identity.documents), name="New", scopes=scopes, by=None)


async def test_a_client_needs_a_name_and_an_unknown_one_cannot_be_disabled(
    identity: Identity,
) -> None:
    work = Work(identity.documents)

    with pytest.raises(BadNameError):
        await identity.clients.add(work, name=" ", scopes=["system/*.rs"], by=None)
    with pytest.raises(ClientNotFoundError):
        await identity.clients.disable(work, "nobody", by=None)


async def test_clients_are_listed_and_their_lives_are_in_the_trail(
    identity: Identity, web: httpx2.AsyncClient, lab: NewClient
) -> None:
    await ask(web, lab)
    async with Work(identity.documents) as work:
        await identity.clients.disable(work, lab.client.id, by=None)

    assert [c.name for c in await identity.clients.listed()] == ["Lab link"]
    assert [e["action"] for e in await trail(identity)] == [
        "identity:client:create",
        "identity:client:start",
        "identity:client:disable",
    ]


# --- bound to a patient, or to a part of a type ------------------------------------------------


async def a_patient(identity: Identity, id: str = "p1") -> None:
    async with Work(identity.documents) as work:
        work.put(Put("Patient", id, b"{}", ORGANISATION))


async def test_a_client_bound_to_a_patient_is_told_whom_its_token_reaches(
    identity: Identity, web: httpx2.AsyncClient
) -> None:
    await a_patient(identity)
    async with Work(identity.documents) as work:
        app = await identity.clients.add(
            work, name="App", scopes=["patient/*.rs"], by=None, patient_id="p1"
        )

    answer = await ask(web, app, scope="patient/Observation.read")

    assert answer.json()["scope"] == "patient/Observation.rs"
    assert answer.json()["patient"] == "p1"
    headers = [(b"authorization", f"Bearer {answer.json()['access_token']}".encode())]
    actor = await identity.authenticator.authenticate(headers, "GET")
    assert actor.patient_id == "p1"


async def test_scopes_about_a_patient_are_refused_to_a_client_bound_to_none(
    identity: Identity, web: httpx2.AsyncClient, lab: NewClient
) -> None:
    with pytest.raises(NoPatientContextError):
        async with Work(identity.documents) as work:
            await identity.clients.add(work, name="App", scopes=["patient/*.rs"], by=None)

    answer = await ask(web, lab, scope="patient/Patient.rs")

    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope")
    assert answer.json()["code"] == "identity-no-patient-context"


async def test_a_client_is_bound_to_a_patient_on_record_only(identity: Identity) -> None:
    with pytest.raises(UnknownPatientError):
        async with Work(identity.documents) as work:
            await identity.clients.add(
                work, name="App", scopes=["patient/*.rs"], by=None, patient_id="nobody"
            )


async def test_the_answer_names_the_part_of_a_type_that_was_granted(
    identity: Identity, web: httpx2.AsyncClient
) -> None:
    async with Work(identity.documents) as work:
        feed = await identity.clients.add(
            work, name="Feed", scopes=["system/Observation.cruds?category=laboratory"], by=None
        )

    whole = await ask(web, feed, scope="system/Observation.rs")
    part = await ask(web, feed, scope="system/Observation.rs?status=final")

    assert whole.json()["scope"] == "system/Observation.rs?category=laboratory"
    assert part.json()["scope"] == "system/Observation.rs?category=laboratory&status=final"
    assert "patient" not in whole.json()
