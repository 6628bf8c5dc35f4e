"""The second factor: once is enough, twice is refused."""

from __future__ import annotations

from typing import Any

import httpx2
import pyotp
import pytest

from careflow.database.scope import organisation_scope
from careflow.database.work import Work
from careflow.identity.actor import Role
from careflow.identity.assembly import Identity
from careflow.identity.second_factor import STEP_S
from tests.identity.clinic import (
    ORGANISATION,
    PASSWORD,
    Session,
    SetClock,
    add_person,
    bearer,
    browser,
    sign_in,
)

NURSE = "nurse@harbour.example"


class Phone:
    """An authenticator app."""

    def __init__(self, secret: str, clock: SetClock) -> None:
        self._totp, self._clock = pyotp.TOTP(secret), clock

    def code(self, *, steps: int = 0) -> str:
        return self._totp.generate_otp(int(self._clock().timestamp()) // STEP_S + steps)


async def enrol(
    web: httpx2.AsyncClient, headers: dict[str, str], clock: SetClock
) -> tuple[Phone, list[str]]:
    enrolment = (await web.post("/api/auth/second-factor/enrol", headers=headers)).json()
    phone = Phone(enrolment["secret"], clock)
    confirmed = await web.post(
        "/api/auth/second-factor/confirm", json={"code": phone.code()}, headers=headers
    )
    assert confirmed.status_code == 200, confirmed.text
    clock.move(seconds=STEP_S)
    return phone, confirmed.json()["recovery_codes"]


@pytest.fixture
async def nurse(identity: Identity, web: httpx2.AsyncClient) -> Session:
    await add_person(identity, NURSE, Role.NURSE)
    return await sign_in(web, NURSE)


@pytest.fixture
async def phone(web: httpx2.AsyncClient, nurse: Session, clock: SetClock) -> Phone:
    return (await enrol(web, nurse.headers, clock))[0]


async def login(web: httpx2.AsyncClient, **body: Any) -> httpx2.Response:
    return await web.post("/api/auth/login", json=body)


async def test_with_a_second_factor_a_password_alone_opens_nothing(
    web: httpx2.AsyncClient, phone: Phone
) -> None:
    answer = (await login(web, email=NURSE, password=PASSWORD)).json()

    assert answer["mfa_required"] is True
    assert answer["methods"] == ["totp"]
    assert answer["access_token"] is None
    challenge = bearer(answer["challenge"])
    assert (await web.get("/api/chart", headers=challenge)).status_code == 401


async def test_password_and_code_together_sign_in(web: httpx2.AsyncClient, phone: Phone) -> None:
    session = await sign_in(web, NURSE, code=phone.code())

    assert session.answer["account"]["mfa_enrolled"] is True
    assert (await web.get("/api/chart", headers=session.headers)).status_code == 200


async def test_the_code_may_follow_with_the_challenge(
    web: httpx2.AsyncClient, phone: Phone
) -> None:
    challenge = (await login(web, email=NURSE, password=PASSWORD)).json()["challenge"]

    answer = await login(web, challenge=challenge, code=phone.code())

    assert answer.json()["access_token"]


async def test_a_challenge_is_good_for_five_minutes(
    web: httpx2.AsyncClient, phone: Phone, clock: SetClock
) -> None:
    challenge = (await login(web, email=NURSE, password=PASSWORD)).json()["challenge"]

    clock.move(minutes=5)
    answer = await login(web, challenge=challenge, code=phone.code())

    assert answer.json()["code"] == "identity-challenge-invalid"


@pytest.mark.parametrize("made_up", ["banana", "", "a.1.9999999999.x", "\u00e9.1.2.x"])
async def test_a_made_up_challenge_is_refused(
    web: httpx2.AsyncClient, phone: Phone, made_up: str
) -> None:
    answer = await login(web, challenge=made_up, code=phone.code())

    assert answer.json()["code"] == "identity-challenge-invalid"


async def test_a_challenge_dies_with_the_password(
    identity: Identity, web: httpx2.AsyncClient, phone: Phone, nurse: Session
) -> None:
    challenge = (await login(web, email=NURSE, password=PASSWORD)).json()["challenge"]
    async with Work(identity.documents) as work:
        id = nurse.answer["account"]["id"]
        await identity.accounts.set_password(work, id, "another password", by=None)

    answer = await login(web, challenge=challenge, code=phone.code())

    assert answer.json()["code"] == "identity-challenge-invalid"


async def test_a_code_is_taken_once(web: httpx2.AsyncClient, phone: Phone) -> None:
    code = phone.code()
    await sign_in(web, NURSE, code=code)

    again = await login(web, email=NURSE, password=PASSWORD, code=code)

    assert (again.status_code, again.json()["code"]) == (401, "identity-wrong-code")


async def test_the_code_that_confirmed_is_not_taken_to_sign_in(
    web: httpx2.AsyncClient, nurse: Session, clock: SetClock
) -> None:
    enrolment = await web.post("/api/auth/second-factor/enrol", headers=nurse.headers)
    code = Phone(enrolment.json()["secret"], clock).code()
    await web.post("/api/auth/second-factor/confirm", json={"code": code}, headers=nurse.headers)

    answer = await login(web, email=NURSE, password=PASSWORD, code=code)

    assert answer.json()["code"] == "identity-wrong-code"


async def test_an_older_code_is_refused_after_a_newer_one(
    web: httpx2.AsyncClient, phone: Phone
) -> None:
    older, newer = phone.code(steps=-1), phone.code()
    await sign_in(web, NURSE, code=newer)

    answer = await login(web, email=NURSE, password=PASSWORD, code=older)

    assert answer.json()["code"] == "identity-wrong-code"


@pytest.mark.parametrize(("steps", "status"), [(-3, 401), (1, 200), (2, 401), (100, 401)])
async def test_a_clock_may_be_a_little_off(
    web: httpx2.AsyncClient, phone: Phone, clock: SetClock, steps: int, status: int
) -> None:
    clock.move(minutes=5)

    answer = await login(web, email=NURSE, password=PASSWORD, code=phone.code(steps=steps))

    assert answer.status_code == status


async def test_a_recovery_code_opens_once(
    web: httpx2.AsyncClient, nurse: Session, clock: SetClock
) -> None:
    _, codes = await enrol(web, nurse.headers, clock)

    typed = codes[3].replace("-", " ").lower()
    first = await login(web, email=NURSE, password=PASSWORD, code=typed)
    second = await login(web, email=NURSE, password=PASSWORD, code=codes[3])
    other = await login(web, email=NURSE, password=PASSWORD, code=codes[4])

    assert len(set(codes)) == 10
    assert [a.status_code for a in (first, second, other)] == [200, 401, 200]


async def test_guessing_codes_is_slowed_wherever_it_comes_from(
    identity: Identity, phone: Phone
) -> None:
    statuses = []
    for number in range(6):
        async with browser(identity, address=f"198.51.100.{number}") as web:
            answer = await login(web, email=NURSE, password=PASSWORD, code="000000")
            statuses.append(answer.status_code)

    assert statuses == [401] * 5 + [429]


async def test_neither_the_secret_nor_a_recovery_code_is_stored_as_it_is(
    identity: Identity, web: httpx2.AsyncClient, nurse: Session, clock: SetClock
) -> None:
    enrolment = (await web.post("/api/auth/second-factor/enrol", headers=nurse.headers)).json()
    code = Phone(enrolment["secret"], clock).code()
    confirmed = await web.post(
        "/api/auth/second-factor/confirm", json={"code": code}, headers=nurse.headers
    )

    document = await identity.documents.read(
        "account", nurse.answer["account"]["id"], organisation_scope(ORGANISATION)
    )

    assert document is not None
    assert enrolment["secret"].encode() not in document.body
    for one in confirmed.json()["recovery_codes"]:
        assert one.encode() not in document.body
        assert one.replace("-", "").encode() not in document.body


async def test_an_enrolment_that_was_not_confirmed_changes_nothing(
    web: httpx2.AsyncClient, nurse: Session
) -> None:
    await web.post("/api/auth/second-factor/enrol", headers=nurse.headers)

    assert (await login(web, email=NURSE, password=PASSWORD)).json()["access_token"]


async def test_a_wrong_first_code_confirms_nothing(
    web: httpx2.AsyncClient, nurse: Session, clock: SetClock
) -> None:
    enrolment = (await web.post("/api/auth/second-factor/enrol", headers=nurse.headers)).json()
    late = Phone(enrolment["secret"], clock).code(steps=50)

    answer = await web.post(
        "/api/auth/second-factor/confirm", json={"code": late}, headers=nurse.headers
    )

    assert answer.json()["code"] == "identity-wrong-code"
    assert (await login(web, email=NURSE, password=PASSWORD)).json()["mfa_required"] is False


async def test_a_confirmed_second_factor_is_not_replaced_by_enrolling_again(
    web: httpx2.AsyncClient, nurse: Session, phone: Phone
) -> None:
    enrol_again = await web.post("/api/auth/second-factor/enrol", headers=nurse.headers)
    confirm_again = await web.post(
        "/api/auth/second-factor/confirm", json={"code": phone.code()}, headers=nurse.headers
    )

    assert enrol_again.json()["code"] == "identity-already-enrolled"
    assert confirm_again.json()["code"] == "identity-not-enrolling"


async def test_an_administrator_resets_a_lost_phone(
    identity: Identity, web: httpx2.AsyncClient, nurse: Session, phone: Phone
) -> None:
    admin = (await add_person(identity, "admin@harbour.example", Role.ADMIN)).actor("s")
    async with Work(identity.documents) as work:
        await identity.second_factors.reset(work, nurse.answer["account"]["id"], by=admin)

    assert (await login(web, email=NURSE, password=PASSWORD)).json()["access_token"]


# --- where the clinic requires one -----------------------------------------------------------


async def test_staff_without_a_second_factor_may_only_enrol_one(
    strict_identity: Identity, clock: SetClock
) -> None:
    await add_person(strict_identity, NURSE, Role.NURSE)
    async with browser(strict_identity) as web:
        session = await sign_in(web, NURSE)

        chart = await web.get("/api/chart", headers=session.headers)
        me = await web.get("/api/auth/me", headers=session.headers)
        body = {"current": PASSWORD, "new": "another password"}
        password = await web.post("/api/auth/password", json=body, headers=session.headers)

    assert session.answer["second_factor_needed"] is True
    assert (chart.status_code, chart.json()["code"]) == (403, "identity-second-factor-needed")
    assert password.json()["code"] == "identity-second-factor-needed"
    assert me.status_code == 200


async def test_a_refresh_does_not_widen_a_limited_session(strict_identity: Identity) -> None:
    await add_person(strict_identity, NURSE, Role.NURSE)
    async with browser(strict_identity) as web:
        session = await sign_in(web, NURSE)
        answer = await web.post("/api/auth/refresh", json={"refresh_token": session.refresh})
        headers = bearer(answer.json()["access_token"])

        assert (await web.get("/api/chart", headers=headers)).status_code == 403


async def test_once_enrolled_the_session_opens(strict_identity: Identity, clock: SetClock) -> None:
    await add_person(strict_identity, NURSE, Role.NURSE)
    async with browser(strict_identity) as web:
        session = await sign_in(web, NURSE)
        assert (await web.get("/api/chart", headers=session.headers)).status_code == 403

        await enrol(web, session.headers, clock)

        assert (await web.get("/api/chart", headers=session.headers)).status_code == 200


async def test_patients_are_not_required_to_have_one(strict_identity: Identity) -> None:
    await add_person(strict_identity, "pat@mail.example", Role.PATIENT)
    async with browser(strict_identity) as web:
        session = await sign_in(web, "pat@mail.example")

        assert (await web.get("/api/chart", headers=session.headers)).status_code == 200
