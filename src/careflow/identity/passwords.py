"""Passwords: a rule that is easy to meet, and hashes that are slow to guess.

bcrypt reads 72 bytes and stops at a zero byte, so the password is first hashed with SHA-256 and
written as base64 (44 bytes, none of them zero): every byte of a long password counts.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import secrets
import unicodedata
from typing import ClassVar

import bcrypt

from careflow.errors import UnprocessableError

LENGTH_MIN = 12
LENGTH_MAX = 1024
COST_DEFAULT = 12
"""bcrypt's work factor: 2**12 rounds, about a quarter of a second on a small server."""

_AT_ONCE = 2
"""Hashes computed at the same time; a flood of sign-ins waits instead of taking every thread."""

_COMMON = frozenset(
    {
        "123456789012",
        "1234567890123",
        "1q2w3e4r5t6y",
        "administrator",
        "changeme1234",
        "iloveyou1234",
        "letmein12345",
        "password1234",
        "password12345",
        "password123456",
        "passwordpassword",
        "qwerty123456",
        "qwertyuiop12",
        "qwertyuiopasdf",
        "welcome12345",
    }
)
"""Passwords of twelve characters and more that guessing tools try first (our own short list)."""


class WeakPasswordError(UnprocessableError):
    """The password breaks the rule; the sentence says how."""

    code: ClassVar[str] = "identity-weak-password"

    def __init__(self, message: str) -> None:
        super().__init__(message, place="password")


def check_rule(password: str, *, email: str) -> None:
    """Return if the password may be used: long enough, and not what anyone would try first.

    Raises:
        WeakPasswordError: It is too short, too long, the e-mail, or on the short list.
    """
    plain = _normal(password)
    if len(plain) < LENGTH_MIN:
        raise WeakPasswordError(f"Use at least {LENGTH_MIN} characters; a sentence works well.")
    if len(plain) > LENGTH_MAX:
        raise WeakPasswordError(f"Use at most {LENGTH_MAX} characters.")
    lowered = plain.casefold()
    if lowered in {email.casefold(), email.casefold().partition("@")[0]}:
        raise WeakPasswordError("The password must not be the e-mail address.")
    if lowered in _COMMON or len(set(lowered)) <= 2:
        raise WeakPasswordError("This password is one of the first that anyone would guess.")


_HASH_LETTERS = 31


class Passwords:
    """Makes and checks hashes, in threads, a few at a time."""

    def __init__(self, *, cost: int = COST_DEFAULT) -> None:
        self._cost = cost
        self._turn = asyncio.Semaphore(_AT_ONCE)
        # What an unknown e-mail is checked against, so that its answer takes as long: a salt of the
        # same cost and an end that no password has. Hashing one for real would slow every start.
        salt = bcrypt.gensalt(self._cost).decode("ascii")
        self._nobody = salt + secrets.token_hex(16)[:_HASH_LETTERS]

    async def hash(self, password: str) -> str:
        """Return the bcrypt hash to keep."""
        async with self._turn:
            return await asyncio.to_thread(self._hash, password)

    async def matches(self, password: str, kept: str | None) -> bool:
        """Report whether the password fits the hash; with none, do the same work and say no."""
        async with self._turn:
            fits = await asyncio.to_thread(self._fits, password, kept or self._nobody)
        return fits and kept is not None

    def _hash(self, password: str) -> str:
        return bcrypt.hashpw(_prepared(password), bcrypt.gensalt(self._cost)).decode("ascii")

    def _fits(self, password: str, kept: str) -> bool:
        return bcrypt.checkpw(_prepared(password), kept.encode("ascii"))


def _normal(password: str) -> str:
    # The same letters typed on another keyboard may arrive composed differently.
    return unicodedata.normalize("NFKC", password)


def _prepared(password: str) -> bytes:
    digest = hashlib.sha256(_normal(password).encode("utf-8", "surrogatepass")).digest()
    return base64.b64encode(digest)
