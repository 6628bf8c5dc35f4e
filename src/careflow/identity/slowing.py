"""Slows the guessing of passwords and codes without locking anybody out.

Each attempt at a sign-in is counted *before* the password is looked at (so that a thousand parallel
guesses count a thousand) and forgiven when it was right. Ten wrong ones for an account from one
address are free; then each must wait, twice as long as the one before, a quarter of an hour at
most. The count is of account *and* address: someone who guesses from elsewhere does not slow the
person at the clinic. Two wider counts, of one account from everywhere and of one address for
everybody, catch guessing that is spread out; they do not touch an address from which that account
has signed in before. The answer is the same for e-mails that nobody has.
"""

from __future__ import annotations

import hashlib
import ipaddress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import ClassVar

import msgspec

from careflow.clock import Clock
from careflow.database.documents import Documents, Put
from careflow.database.scope import organisation_scope
from careflow.database.work import Work
from careflow.errors import TooManyRequestsError

KIND = "counter"


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many attempts are free, and how waiting grows after them."""

    free: int
    first_wait: timedelta = timedelta(seconds=15)
    longest_wait: timedelta = timedelta(minutes=15)
    forgotten_after: timedelta = timedelta(hours=1)

    def wait(self, attempts: int) -> timedelta:
        """Return how long after the last attempt the next may be made."""
        if attempts < self.free:
            return timedelta(0)
        doublings = min(attempts - self.free, 20)
        return min(self.first_wait * (1 << doublings), self.longest_wait)


PAIR = Allowance(free=10)
CODE = Allowance(free=5)
WIDE = Allowance(free=100)
SIGN_UP = Allowance(free=20, first_wait=timedelta(minutes=1))
_FAMILIAR_FOR = timedelta(days=30)


class TooManyAttemptsError(TooManyRequestsError):
    """Too many attempts; the next is looked at after the wait."""

    code: ClassVar[str] = "identity-too-many-attempts"

    def __init__(self, wait: timedelta) -> None:
        seconds = max(1, int(-(-wait.total_seconds() // 1)))
        super().__init__(
            f"Too many attempts: wait {seconds} seconds and try again.", retry_after_s=seconds
        )


@dataclass(frozen=True, slots=True)
class Count:
    """What is stored of one counter."""

    attempts: int = 0
    last_at: datetime | None = None
    succeeded_at: datetime | None = None


class Slowing:
    """Counters of attempts, in the store so that every node and every restart knows them."""

    def __init__(self, documents: Documents, *, organisation: str, clock: Clock) -> None:
        self._documents = documents
        self._organisation = organisation
        self._scope = organisation_scope(organisation)
        self._clock = clock

    # --- sign-in by password -----------------------------------------------------------------

    async def admit_sign_in(self, work: Work, account: str, address: str) -> None:
        """Stage one more attempt, or raise :class:`TooManyAttemptsError`; commit it first.

        ``account`` is what was typed as the e-mail, normalised, or a client's id.
        """
        pair = _id("pair", account, _network(address))
        count, _ = await self._read(pair)
        if not self._familiar(count):
            await self._require_free(_id("account", account), WIDE)
            await self._require_free(_id("address", _network(address)), WIDE)
        await self._admit(work, pair, PAIR)

    async def sign_in_failed(self, work: Work, account: str, address: str) -> None:
        """Stage the wider counts of a wrong password."""
        for id in (_id("account", account), _id("address", _network(address))):
            count, version = await self._read(id)
            self._put(work, id, self._one_more(count, WIDE), version)

    async def sign_in_succeeded(self, work: Work, account: str, address: str) -> None:
        """Stage that this account is at home at this address, its attempts forgiven."""
        id = _id("pair", account, _network(address))
        _, version = await self._read(id)
        self._put(work, id, Count(succeeded_at=self._clock()), version)

    # --- other attempts ----------------------------------------------------------------------

    async def admit_code(self, work: Work, account_id: str) -> None:
        """Stage one more try of a second factor, or raise :class:`TooManyAttemptsError`.

        Counted for the account from everywhere: who gets this far knows the password already.
        """
        await self._admit(work, _id("code", account_id), CODE)

    async def code_succeeded(self, work: Work, account_id: str) -> None:
        """Stage that the tries are forgiven."""
        id = _id("code", account_id)
        _, version = await self._read(id)
        self._put(work, id, Count(succeeded_at=self._clock()), version)

    async def admit_sign_up(self, work: Work, address: str) -> None:
        """Stage one more sign-up from an address, or raise :class:`TooManyAttemptsError`."""
        await self._admit(work, _id("sign-up", _network(address)), SIGN_UP)

    # --- doors without an account ------------------------------------------------------------

    async def require_calm(self, what: str, address: str, allowance: Allowance) -> None:
        """Raise :class:`TooManyAttemptsError` for an address that came too often."""
        await self._require_free(_id(what, _network(address)), allowance)

    async def count(self, work: Work, what: str, address: str, allowance: Allowance) -> None:
        """Stage one more visit of an address to such a door."""
        id = _id(what, _network(address))
        count, version = await self._read(id)
        self._put(work, id, self._one_more(count, allowance), version)

    # --- counting ----------------------------------------------------------------------------

    async def _admit(self, work: Work, id: str, allowance: Allowance) -> None:
        count, version = await self._read(id)
        self._check(count, allowance)
        self._put(work, id, self._one_more(count, allowance), version)

    async def _require_free(self, id: str, allowance: Allowance) -> None:
        count, _ = await self._read(id)
        self._check(count, allowance)

    def _check(self, count: Count, allowance: Allowance) -> None:
        at = self._clock()
        if count.last_at is None or at >= count.last_at + allowance.forgotten_after:
            return
        ready_at = count.last_at + allowance.wait(count.attempts)
        if at < ready_at:
            raise TooManyAttemptsError(ready_at - at)

    def _one_more(self, count: Count, allowance: Allowance) -> Count:
        at = self._clock()
        stale = count.last_at is None or at >= count.last_at + allowance.forgotten_after
        return replace(count, attempts=1 if stale else count.attempts + 1, last_at=at)

    def _familiar(self, count: Count) -> bool:
        when = count.succeeded_at
        return when is not None and self._clock() < when + _FAMILIAR_FOR

    async def _read(self, id: str) -> tuple[Count, int]:
        document = await self._documents.read(KIND, id, self._scope)
        if document is None or document.deleted:
            return Count(), 0
        return msgspec.json.decode(document.body, type=Count), document.version

    def _put(self, work: Work, id: str, count: Count, version: int) -> None:
        work.put(
            Put(
                kind=KIND,
                id=id,
                body=msgspec.json.encode(count),
                organisation=self._organisation,
                expected=version,
                keep_history=False,
            )
        )


def _id(*parts: str) -> str:
    joined = "\0".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.sha256(joined).hexdigest()[:48]


def _network(address: str) -> str:
    """Return what one household or clinic shares: an IPv4 address, or the /64 of an IPv6 one."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return address
    return str(ipaddress.ip_network((parsed, 64), strict=False))
