"""Passwords: a generous rule, and hashes in which every byte counts."""

from __future__ import annotations

import pytest

from careflow.identity.passwords import Passwords, WeakPasswordError, check_rule

EMAIL = "ada.okoye@harbour.example"


@pytest.fixture
def passwords() -> Passwords:
    return Passwords(cost=4)


async def test_a_password_fits_its_own_hash_and_no_other(passwords: Passwords) -> None:
    kept = await passwords.hash("correct horse battery")

    assert await passwords.matches("correct horse battery", kept)
    assert not await passwords.matches("correct horse batterx", kept)


async def test_nothing_is_cut_at_72_bytes(passwords: Passwords) -> None:
    start = "a" * 72
    kept = await passwords.hash(start + "one ending")

    assert await passwords.matches(start + "one ending", kept)
    assert not await passwords.matches(start + "another ending", kept)
    assert not await passwords.matches(start, kept)


async def test_a_zero_byte_does_not_end_a_password(passwords: Passwords) -> None:
    kept = await passwords.hash("first half\0second half")

    assert not await passwords.matches("first half\0other half", kept)


async def test_the_same_letters_composed_differently_are_the_same_password(
    passwords: Passwords,
) -> None:
    kept = await passwords.hash("M\u00fcller im Garten")

    assert await passwords.matches("Mu\u0308ller im Garten", kept)


async def test_without_a_hash_nothing_fits(passwords: Passwords) -> None:
    assert not await passwords.matches("anything at all", None)


async def test_two_hashes_of_one_password_differ(passwords: Passwords) -> None:
    assert await passwords.hash("correct horse battery") != await passwords.hash(
        "correct horse battery"
    )


@pytest.mark.parametrize(
    "password",
    [
        "",
        "short",
        "eleven char",
        EMAIL,
        EMAIL.upper(),
        "passwordpassword",
        "aaaaaaaaaaaaaa",
        "x" * 1025,
    ],
)
def test_a_weak_password_is_refused(password: str) -> None:
    with pytest.raises(WeakPasswordError):
        check_rule(password, email=EMAIL)


@pytest.mark.parametrize(
    "password", ["twelve chars", "die Katze schläft gern", "x1!" * 100, "パスワードは長いほど良い"]
)
def test_any_long_enough_password_will_do(password: str) -> None:
    check_rule(password, email=EMAIL)
