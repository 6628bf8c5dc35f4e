"""Sessions: one sign-in each, kept going by rotating refresh tokens, ended everywhere at once.

**Refresh tokens.** ``<session>.<generation>.<tag>``, where the tag is an HMAC under a key outside
the database: nothing of a token is stored, not even a hash, and an old token of ours is told from a
made-up one. The session document knows the current generation. A token of an older generation was
copied or replayed, so the whole session ends. One case is honest: two tabs, or a retry after a lost
answer, use the same token at nearly the same time. For ten seconds after a rotation the generation
before it is answered with the *same* successor. A thief who is that quick gains a token that
collides with its owner's at the next rotation, which ends the session all the same.

**Ending.** An access token is a signed statement; whether its session still stands is looked up in
the store and believed for :attr:`Lifetimes.trust` (4 s). So a token is dead on every node within
5 s of sign-out, of a change of role or password, or of a disabled account. The last three raise the
account's epoch, and a session of an earlier epoch is dead: no list of sessions to go through, no
race with a sign-in under way.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import ClassVar, Literal

import msgspec

from careflow.audit.entry import AuditEntry
from careflow.audit.trail import record
from careflow.clock import Clock
from careflow.database.documents import Documents, Entries, Put
from careflow.database.scope import organisation_scope
from careflow.database.work import Work
from careflow.errors import NotSignedInError
from careflow.identity.account import Account, AccountNotFoundError
from careflow.identity.accounts import Accounts
from careflow.identity.actor import Actor
from careflow.ids import Mint

KIND = "session"


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """How long things last.

    Attributes:
        access: An access token.
        idle: A session that is not refreshed.
        absolute: A session whatever happens; a working day.
        repeat: How long the generation before the current one may be shown again.
        trust: How long a look at a session is believed; below 5 s.
    """

    access: timedelta = timedelta(minutes=10)
    idle: timedelta = timedelta(hours=2)
    absolute: timedelta = timedelta(hours=12)
    repeat: timedelta = timedelta(seconds=10)
    trust: timedelta = timedelta(seconds=4)


class SessionEndedError(NotSignedInError):
    """The sign-in is over: signed out, too old, too long idle, or ended by the clinic."""

    code: ClassVar[str] = "identity-session-ended"

    def __init__(self) -> None:
        super().__init__("You have been signed out: sign in again.")


class RefreshInvalidError(NotSignedInError):
    """Not a refresh token of ours."""

    code: ClassVar[str] = "identity-refresh-invalid"

    def __init__(self) -> None:
        super().__init__("This sign-in cannot be continued: sign in again.")


class RefreshReusedError(NotSignedInError):
    """A refresh token that had been used before; its session has been ended."""

    code: ClassVar[str] = "identity-refresh-reused"

    def __init__(self) -> None:
        super().__init__("This sign-in was used in two places and has been ended: sign in again.")


@dataclass(frozen=True, slots=True)
class Session:
    """What is stored of one sign-in.

    Attributes:
        epoch: The account's epoch when it began.
        generation: Of the refresh token that may be used next.
        rotated_at: When that generation began.
        limited: Whether it may only enrol a second factor.
    """

    id: str
    organisation: str
    account_id: str
    epoch: int
    began_at: datetime
    rotated_at: datetime
    generation: int = 1
    limited: bool = False
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class StoredSession:
    """A session, its account, and the version it was read at."""

    session: Session
    account: Account
    version: int


@dataclass(frozen=True, slots=True)
class Presented:
    """A refresh token of ours that was shown, and what it is by now."""

    stored: StoredSession
    state: Literal["current", "repeated", "reused"]


class Sessions:
    """Sessions of one organisation's accounts."""

    def __init__(
        self,
        documents: Documents,
        accounts: Accounts,
        *,
        key: bytes,
        clock: Clock,
        mint: Mint,
        lifetimes: Lifetimes,
    ) -> None:
        self.lifetimes = lifetimes
        self._documents = documents
        self._accounts = accounts
        self._organisation = accounts.organisation
        self._scope = organisation_scope(accounts.organisation)
        self._key = key
        self._clock = clock
        self._mint = mint

    # --- beginning and going on --------------------------------------------------------------

    def begin(self, work: Work, account: Account, *, limited: bool = False) -> Session:
        """Stage a new session of an account that has proved itself."""
        at = self._clock()
        session = Session(
            id=self._mint(),
            organisation=self._organisation,
            account_id=account.id,
            epoch=account.epoch,
            began_at=at,
            rotated_at=at,
            limited=limited,
        )
        self._put(work, session, expected=0)
        self._note(work, "identity:session:start", session, account)
        return session

    def refresh_token(self, session: Session) -> str:
        """Return the token that continues the session."""
        body = f"{session.id}.{session.generation}"
        return f"{body}.{self._tag(body)}"

    async def presented(self, token: str) -> Presented:
        """Say what a refresh token is.

        Raises:
            RefreshInvalidError: We did not make it.
            SessionEndedError: Its session is over.
        """
        id, generation = self._parsed(token)
        stored = await self.standing(id)
        if generation == stored.session.generation:
            return Presented(stored, "current")
        age = self._clock() - stored.session.rotated_at
        repeated = generation == stored.session.generation - 1 and age <= self.lifetimes.repeat
        return Presented(stored, "repeated" if repeated else "reused")

    def rotate(self, work: Work, presented: Presented) -> Session:
        """Stage the next generation; a repeated token is answered with the one that there is."""
        stored = presented.stored
        if presented.state == "repeated":
            return stored.session
        session = replace(
            stored.session,
            generation=stored.session.generation + 1,
            rotated_at=self._clock(),
        )
        self._put(work, session, expected=stored.version)
        self._note(work, "identity:session:refresh", session, stored.account)
        return session

    async def widen(self, work: Work, id: str) -> None:
        """Stage that a session limited to enrolment may do everything its account may."""
        stored = await self.standing(id)
        self._put(work, replace(stored.session, limited=False), expected=stored.version)

    # --- ending ------------------------------------------------------------------------------

    async def end(self, work: Work, id: str, *, reused: bool = False) -> None:
        """Stage that the session is over; one that is over already stays so."""
        try:
            stored = await self.standing(id)
        except SessionEndedError:
            return
        session = replace(stored.session, ended_at=self._clock())
        self._put(work, session, expected=stored.version)
        action = "identity:session:reuse" if reused else "identity:session:end"
        self._note(work, action, session, stored.account)

    # --- asking ------------------------------------------------------------------------------

    async def standing(self, id: str) -> StoredSession:
        """Return a session that still stands, with its account, as the store has them now.

        Raises:
            SessionEndedError: It does not exist or is over, for whatever reason.
        """
        document = await self._documents.read(KIND, id, self._scope)
        if document is None or document.deleted:
            raise SessionEndedError
        session = msgspec.json.decode(document.body, type=Session)
        try:
            account = (await self._accounts.read(session.account_id)).account
        except AccountNotFoundError as error:
            raise SessionEndedError from error
        if account.disabled or account.epoch != session.epoch or self._is_over(session):
            raise SessionEndedError
        return StoredSession(session, account, document.version)

    def until(self, session: Session) -> datetime:
        """Return when an access token issued now for the session ends."""
        end = session.began_at + self.lifetimes.absolute
        return min(self._clock() + self.lifetimes.access, end)

    def _is_over(self, session: Session) -> bool:
        at = self._clock()
        return (
            session.ended_at is not None
            or at >= session.began_at + self.lifetimes.absolute
            or at >= session.rotated_at + self.lifetimes.idle
        )

    # --- storing -----------------------------------------------------------------------------

    def _put(self, work: Work, session: Session, *, expected: int) -> None:
        work.put(
            Put(
                kind=KIND,
                id=session.id,
                body=msgspec.json.encode(session),
                organisation=session.organisation,
                entries=Entries(terms=(("account", session.account_id),)),
                expected=expected,
                keep_history=False,
            )
        )

    def _note(self, work: Work, action: str, session: Session, account: Account) -> None:
        actor: Actor = account.actor(session.id)
        record(
            work,
            AuditEntry(
                at=self._clock(),
                action=action,
                organisation=session.organisation,
                actor=actor.id,
                role=actor.role,
                subjects=(f"session/{session.id}",),
                outcome="refused" if action.endswith(":reuse") else "success",
            ),
        )

    def _tag(self, body: str) -> str:
        digest = hmac.new(self._key, body.encode("utf-8", "surrogatepass"), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest).decode("ascii").rstrip("=")

    def _parsed(self, token: str) -> tuple[str, int]:
        body, _, tag = token.rpartition(".")
        shown = tag.encode("utf-8", "surrogatepass")
        if not hmac.compare_digest(shown, self._tag(body).encode("ascii")):
            raise RefreshInvalidError
        id, _, generation = body.rpartition(".")
        return id, int(generation)
