"""Keeps one time for a visitor while they fill in the form, and proves their address. An edge."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Protocol

import msgspec

from careflow.clock import Clock
from careflow.database.work import Work
from careflow.identity.one_work import one_work
from careflow.scheduling.asking import Asked
from careflow.scheduling.holding import Holding
from careflow.scheduling.holds import HELD_FOR, Hold, Holds
from careflow.scheduling.plan import Plan
from careflow.scheduling.plans import Plans
from careflow.scheduling.refusals import HoldOverError, NotForYouError
from careflow.scheduling.visitors.refusals import (
    TooManyCodesError,
    TooManyVisitorsError,
    TooManyVisitsError,
    WrongCodeError,
)
from careflow.scheduling.visitors.stored import STAYS, Visitor, Visitors, hashed

HELD_BY_NETWORK_MAX: Final = 20
"""Times kept at once from one network: a family, a library, a telephone company's gateway."""
BEGUN_BY_NETWORK_MAX: Final = 60
CODES_BY_NETWORK_MAX: Final = 40
CODES_BY_CONTACT_MAX: Final = 5
VISITS_BY_CONTACT_MAX: Final = 4
TRIES_MAX: Final = 5
CODE_STANDS: Final = timedelta(minutes=15)
_HOUR: Final = timedelta(hours=1)


class CodeSender(Protocol):
    """Sends a code to an e-mail address."""

    async def __call__(self, *, email: str, code: str, language: str) -> str | None:
        """Send it, and return it only where a synthetic clinic has no mail to send it by.

        Raises:
            careflow.errors.UnavailableError: It cannot be sent.
        """
        ...


@dataclass(frozen=True, slots=True)
class Keeping:
    """What a visitor has before anything is booked."""

    visitors: Visitors
    holding: Holding
    clock: Clock
    send: CodeSender

    async def hold(self, asked: Asked, *, secret: str | None, address: str) -> tuple[str, Hold]:
        """Keep a time instead of the one kept so far; return the visitor's secret and the hold.

        Raises:
            careflow.scheduling.refusals.SlotTakenError: Somebody else has it.
            TooManyVisitorsError: One network keeps too many.
        """
        plan = (await Plans(self.holding.documents, self.holding.organisation).plan()).value
        if plan.type(asked.type).who == "staff":
            raise NotForYouError
        if secret is None:
            secret, one, version = *self.visitors.begun(address), 0
        else:
            one, version = await self.visitors.standing(secret)
        if one.hold is not None:
            await self.holding.release(one.hold, holder=one.holder)
        # It is counted before it is looked whether it is one too many, so none slips through.
        until = self.clock() + HELD_FOR
        one = msgspec.structs.replace(one, hold="", held_until=until, place=asked.place)
        async with Work(self.holding.documents) as work:
            self.visitors.put(work, one, expected=version)
            await self.visitors.forget_old(work)
        try:
            await self._require_few(one)
            hold = await self.holding.hold(asked, holder=one.holder, channel="portal")
        except BaseException:
            await self._changed(secret, hold=None, held_until=None)
            raise
        await self._changed(secret, hold=hold.id, held_until=hold.until)
        return secret, hold

    async def renew(self, secret: str) -> Hold:
        """Keep the time for longer, as long as a visitor may take in all."""
        one, _ = await self.visitors.standing(secret)
        if one.hold is None:
            raise HoldOverError
        if self.clock() > one.began + STAYS:
            holds = Holds(self.holding.documents, self.holding.organisation)
            return (await holds.held(one.hold, one.holder, self.clock()))[0]
        hold = await self.holding.renew(one.hold, holder=one.holder)
        await self._changed(secret, held_until=hold.until)
        return hold

    async def release(self, secret: str) -> None:
        """Give the time back."""
        one, _ = await self.visitors.standing(secret)
        if one.hold is not None:
            await self.holding.release(one.hold, holder=one.holder)
            await self._changed(secret, hold=None, held_until=None)

    async def held(self, secret: str) -> tuple[Visitor, int, Hold]:
        """Return a visitor, its version and what it holds, or raise :class:`HoldOverError`."""
        one, version = await self.visitors.standing(secret)
        holds = Holds(self.holding.documents, self.holding.organisation)
        hold, _ = await holds.held(one.hold or "", one.holder, self.clock())
        return one, version, hold

    # --- the code --------------------------------------------------------------------------

    async def send_code(self, secret: str, *, email: str, language: str) -> str | None:
        """Send a code to an address; the time is kept for longer.

        It is known by its hash before it is sent. What comes back is for a synthetic clinic's page.

        Raises:
            TooManyCodesError: The address, or the network, was sent too many.
            TooManyVisitsError: The address has as many visits to come as may be.
        """
        await self.renew(secret)
        contact = contact_of(email)
        code = f"{secrets.randbelow(1_000_000):06d}"

        async def stage(work: Work) -> None:
            one, version = await self.visitors.standing(secret)
            await self._require_few_codes(one, contact)
            await self.require_few_visits(contact)
            sent = (*one.codes, self.clock())
            changed = msgspec.structs.replace(
                one, contact=contact, codes=sent, code=hashed(one.id, code), tries=0
            )
            self.visitors.put(work, changed, expected=version)

        await one_work(self.holding.documents, stage)
        return await self.send(email=email.strip(), code=code, language=language)

    async def check_code(self, secret: str, *, email: str, code: str) -> None:
        """Return if it is the code that was sent there; a wrong one is counted, whoever asks."""

        async def stage(work: Work) -> bool:
            one, version = await self.visitors.standing(secret)
            if not one.codes or one.tries >= TRIES_MAX or one.contact != contact_of(email):
                return False
            if self.clock() > one.codes[-1] + CODE_STANDS:
                return False
            if secrets.compare_digest(one.code, hashed(one.id, code)):
                return True
            self.visitors.put(
                work, msgspec.structs.replace(one, tries=one.tries + 1), expected=version
            )
            return False

        if not await one_work(self.holding.documents, stage):
            raise WrongCodeError

    async def require_few_visits(self, contact: str) -> None:
        """Refuse an address that has as many visits to come as may be booked without a person."""
        now = self.clock()
        theirs = await self.visitors.of_contact(contact)
        if sum(one.begins is not None and one.begins > now for one in theirs) >= (
            VISITS_BY_CONTACT_MAX
        ):
            raise TooManyVisitsError

    async def _require_few_codes(self, one: Visitor, contact: str) -> None:
        since = self.clock() - _HOUR
        by_contact = await self.visitors.of_contact(contact)
        by_network = await self.visitors.of_network(one.network)
        if _codes(by_contact, since) >= CODES_BY_CONTACT_MAX:
            raise TooManyCodesError
        if _codes(by_network, since) >= CODES_BY_NETWORK_MAX:
            raise TooManyCodesError

    async def _require_few(self, one: Visitor) -> None:
        theirs = await self.visitors.of_network(one.network)
        now = self.clock()
        if sum(each.holds(now) for each in theirs) > HELD_BY_NETWORK_MAX:
            raise TooManyVisitorsError
        if sum(each.began > now - _HOUR for each in theirs) > BEGUN_BY_NETWORK_MAX:
            raise TooManyVisitorsError

    async def _changed(self, secret: str, **what: object) -> None:
        async def stage(work: Work) -> None:
            one, version = await self.visitors.standing(secret)
            self.visitors.put(work, msgspec.structs.replace(one, **what), expected=version)

        await one_work(self.holding.documents, stage)


def contact_of(email: str) -> str:
    """Return what an e-mail address is known by."""
    return hashed("contact", email.strip().casefold())


def held_of(plan: Plan, hold: Hold, patient: str = "") -> Asked:
    """Return what is held as a visit that is asked for; kinds for known people wait for a yes."""
    one = hold.opening
    asked = Asked(
        type=hold.type,
        place=one.place,
        practitioner=one.practitioner,
        begin=one.begin,
        patient=patient,
        hold=hold.id,
    )
    return replace(asked, request=plan.type(hold.type).who == "known")


def _codes(visitors: list[Visitor], since: datetime) -> int:
    return sum(at > since for one in visitors for at in one.codes)
