"""Guessing is slowed; nobody is locked out."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import httpx2
import pytest

from careflow.database.work import Work
from careflow.identity.actor import Role
from careflow.identity.assembly import Identity
from careflow.identity.slowing import PAIR, WIDE, Allowance, TooManyAttemptsError, _network
from tests.identity.clinic import PASSWORD, SetClock, add_person, browser

NURSE = "nurse@harbour.example"
ATTACKER = "198.51.100.66"


async def login(
    web: httpx2.AsyncClient, email: str = NURSE, password: str = "wrong password here"
) -> httpx2.Response:
    return await web.post("/api/auth/login", json={"email": email, "password": password})


async def fail_ten_times(web: httpx2.AsyncClient, email: str = NURSE) -> None:
    for _ in range(10):
        assert (await login(web, email)).status_code == 401


@pytest.fixture(autouse=True)
async def nurse(identity: Identity) -> None:
    await add_person(identity, NURSE, Role.NURSE)


async def test_ten_bad_passwords_slow_the_eleventh(web: httpx2.AsyncClient) -> None:
    await fail_ten_times(web)

    answer = await login(web)

    assert (answer.status_code, answer.json()["code"]) == (429, "identity-too-many-attempts")
    assert answer.headers["Retry-After"] == "15"


async def test_after_the_wait_the_right_password_opens(
    web: httpx2.AsyncClient, clock: SetClock
) -> None:
    await fail_ten_times(web)
    assert (await login(web, password=PASSWORD)).status_code == 429

    clock.move(seconds=15)

    assert (await login(web, password=PASSWORD)).status_code == 200
    assert (await login(web)).status_code == 401


async def test_each_further_guess_waits_twice_as_long(
    web: httpx2.AsyncClient, clock: SetClock
) -> None:
    await fail_ten_times(web)
    waits = []
    for _ in range(8):
        waits.append(int((await login(web)).headers["Retry-After"]))
        clock.move(seconds=waits[-1])
        assert (await login(web)).status_code == 401

    assert waits == [15, 30, 60, 120, 240, 480, 900, 900]


async def test_an_unknown_email_is_slowed_the_same(web: httpx2.AsyncClient) -> None:
    await fail_ten_times(web, "nobody@harbour.example")

    answer = await login(web, "nobody@harbour.example")

    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "15")


async def test_an_attacker_elsewhere_does_not_slow_the_clinic(
    identity: Identity, web: httpx2.AsyncClient
) -> None:
    async with browser(identity, address=ATTACKER) as attacker:
        await fail_ten_times(attacker)
        assert (await login(attacker)).status_code == 429

    assert (await login(web, password=PASSWORD)).status_code == 200


async def test_one_clumsy_person_does_not_slow_a_colleague(
    identity: Identity, web: httpx2.AsyncClient
) -> None:
    await add_person(identity, "doctor@harbour.example", Role.CLINICIAN)
    await fail_ten_times(web)

    assert (await login(web, "doctor@harbour.example", PASSWORD)).status_code == 200


async def test_the_case_of_an_email_does_not_start_a_new_count(web: httpx2.AsyncClient) -> None:
    await fail_ten_times(web)

    assert (await login(web, NURSE.upper())).status_code == 429


async def test_parallel_guesses_are_counted_each(web: httpx2.AsyncClient) -> None:
    answers = await asyncio.gather(*(login(web) for _ in range(25)))

    assert sum(a.status_code == 401 for a in answers) <= 10


async def test_the_counts_outlive_a_restart(web: httpx2.AsyncClient, other_node: Identity) -> None:
    await fail_ten_times(web)

    async with browser(other_node) as elsewhere:
        assert (await login(elsewhere)).status_code == 429


async def test_a_quiet_hour_forgets(web: httpx2.AsyncClient, clock: SetClock) -> None:
    await fail_ten_times(web)

    clock.move(hours=1)

    await fail_ten_times(web)


async def test_guesses_at_one_account_from_everywhere_are_slowed_but_not_for_its_own_place(
    identity: Identity, web: httpx2.AsyncClient
) -> None:
    assert (await login(web, password=PASSWORD)).status_code == 200
    for number in range(WIDE.free):
        async with Work(identity.documents) as work:
            await identity.slowing.sign_in_failed(work, NURSE, f"10.0.0.{number}")

    async with browser(identity, address="10.9.9.9") as stranger:
        assert (await login(stranger, password=PASSWORD)).status_code == 429
    assert (await login(web, password=PASSWORD)).status_code == 200


async def test_guesses_from_one_address_at_everyone_are_slowed(identity: Identity) -> None:
    for number in range(WIDE.free):
        async with Work(identity.documents) as work:
            await identity.slowing.sign_in_failed(work, f"p{number}@mail.example", ATTACKER)

    with pytest.raises(TooManyAttemptsError):
        await identity.slowing.admit_sign_in(Work(identity.documents), NURSE, ATTACKER)


async def test_sign_ups_from_one_address_are_slowed(web: httpx2.AsyncClient) -> None:
    statuses = []
    for number in range(21):
        body = {"email": f"p{number}@mail.example", "name": "Pat", "password": PASSWORD}
        statuses.append((await web.post("/api/auth/sign-up", json=body)).status_code)

    assert statuses == [202] * 20 + [429]


def test_waiting_grows_and_stays_below_its_limit() -> None:
    waits = [PAIR.wait(n) for n in range(60)]

    assert waits[: PAIR.free] == [timedelta(0)] * PAIR.free
    assert waits == sorted(waits)
    assert max(waits) == PAIR.longest_wait
    assert Allowance(free=0).wait(10**6) == timedelta(minutes=15)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("192.0.2.1", "192.0.2.2", False),
        ("", "", True),
        ("unix", "unix", True),
    ],
)
def test_an_ipv6_household_counts_as_one_address(one: str, other: str, same: bool) -> None:
    assert (_network(one) == _network(other)) is same
