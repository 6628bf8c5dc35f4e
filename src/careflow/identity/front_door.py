"""The sequences of signing in and out, as the edge runs them, free of HTTP.

One request here is sometimes two units of work, and only here: an attempt is counted and committed
before the password is looked at, and a refusal is written down although the request fails.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import ClassVar, TypeVar

from careflow.database.documents import ClaimTakenError
from careflow.database.work import Work
from careflow.errors import NotAllowedError
from careflow.identity.account import Account, normal_email
from careflow.identity.actor import Actor
from careflow.identity.assembly import Identity
from careflow.identity.emergency import Emergency
from careflow.identity.one_work import one_work
from careflow.identity.permissions import require
from careflow.identity.second_factor import Enrolment, WrongCodeError
from careflow.identity.sessions import RefreshReusedError, Session
from careflow.identity.sign_in import WrongCredentialsError

log = logging.getLogger(__name__)

T = TypeVar("T")


class CodeAgainError(NotAllowedError):
    """Something so grave that the second factor is asked for again."""

    code: ClassVar[str] = "identity-code-again"

    def __init__(self) -> None:
        super().__init__("Send the code that your authenticator shows now.", place="code")


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session and what continues it."""

    account: Account
    session: Session
    access_token: str
    refresh_token: str
    csrf_token: str
    expires_in_s: int
    session_left_s: int


@dataclass(frozen=True, slots=True)
class CodeNeeded:
    """The password was right; the challenge proves it while the code is typed."""

    challenge: str


class FrontDoor:
    """Runs the sequences; ``address`` is where a request came from."""

    def __init__(self, identity: Identity) -> None:
        self._identity = identity

    # --- in ----------------------------------------------------------------------------------

    async def sign_in(
        self, email: str, password: str, code: str | None, *, address: str
    ) -> SignedIn | CodeNeeded:
        """Sign in by password, and code where the account needs one.

        Raises:
            careflow.identity.slowing.TooManyAttemptsError: Too many wrong ones before.
            WrongCredentialsError: The same for an unknown e-mail, wrong password, or disabled.
            WrongCodeError: The password was right, the code was not.
        """
        typed = normal_email(email)
        account = await self._proved(typed, password, address)
        if not account.has_second_factor:
            return await self._begun(account, address)
        if code is None:
            return CodeNeeded(self._identity.sign_in.challenge(account))
        return await self._with_code(account, code, address)

    async def go_on(self, challenge: str, code: str, *, address: str) -> SignedIn:
        """Finish a sign-in whose password was proved a moment ago."""
        account = await self._identity.sign_in.challenged(challenge)
        return await self._with_code(account, code, address)

    async def sign_up(self, *, email: str, name: str, password: str, address: str) -> None:
        """Make a patient's account, or, for a taken address, look as if."""
        slowing, accounts = self._identity.slowing, self._identity.accounts
        await self._one_work(lambda work: slowing.admit_sign_up(work, address))
        try:
            async with Work(self._identity.documents) as work:
                await accounts.sign_up(work, email=email, name=name, password=password)
        except ClaimTakenError:
            return  # Two sign-ups of one address at once; the other one has it.

    async def _proved(self, email: str, password: str, address: str) -> Account:
        identity = self._identity
        await self._one_work(lambda work: identity.slowing.admit_sign_in(work, email, address))
        try:
            return await identity.sign_in.prove(email, password)
        except WrongCredentialsError:
            account = await identity.accounts.find_by_email(email)
            await self._refused(email, account, address)
            raise

    async def _with_code(self, account: Account, code: str, address: str) -> SignedIn:
        identity = self._identity
        await self._one_work(lambda work: identity.slowing.admit_code(work, account.id))

        async def verify(work: Work) -> Session:
            proved = await identity.second_factors.verify(work, account.id, code)
            await identity.slowing.code_succeeded(work, account.id)
            await identity.slowing.sign_in_succeeded(work, account.email, address)
            return identity.sessions.begin(work, proved)

        try:
            session = await self._one_work(verify)
        except WrongCodeError:
            await self._refused(account.email, account, address)
            raise
        return self._answer(account, session)

    async def _begun(self, account: Account, address: str) -> SignedIn:
        identity = self._identity
        limited = identity.sign_in.is_limited(account)

        async def begin(work: Work) -> Session:
            await identity.slowing.sign_in_succeeded(work, account.email, address)
            return identity.sessions.begin(work, account, limited=limited)

        return self._answer(account, await self._one_work(begin))

    async def _refused(self, name: str, account: Account | None, address: str) -> None:
        async def count(work: Work) -> None:
            await self._identity.slowing.sign_in_failed(work, name, address)
            self._identity.sign_in.note_refused(work, account)

        await self._one_work(count)

    # --- on ----------------------------------------------------------------------------------

    async def refresh(self, token: str, *, check_csrf: Callable[[str], None]) -> SignedIn:
        """Rotate a refresh token; one that was used before ends its session.

        ``check_csrf`` receives the session's id before anything changes.

        Raises:
            careflow.identity.sessions.RefreshInvalidError: Not a token of ours.
            careflow.identity.sessions.SessionEndedError: The session is over.
            RefreshReusedError: It was used before.
        """
        sessions = self._identity.sessions
        check_csrf((await sessions.presented(token)).stored.session.id)

        async def rotate(work: Work) -> tuple[Account, Session] | None:
            presented = await sessions.presented(token)
            if presented.state == "reused":
                await sessions.end(work, presented.stored.session.id, reused=True)
                self._identity.authenticator.forget(presented.stored.session.id)
                return None
            return presented.stored.account, sessions.rotate(work, presented)

        rotated = await self._one_work(rotate)
        if rotated is None:
            log.warning("refresh token reused")
            raise RefreshReusedError
        return self._answer(*rotated)

    async def change_password(
        self, actor: Actor, current: str, new: str, *, address: str
    ) -> SignedIn:
        """Change one's own password; every other session ends and this one begins anew."""
        require(actor, "account:own")
        identity = self._identity
        email = (await identity.accounts.read(actor.id)).account.email
        await self._proved(email, current, address)
        async with Work(identity.documents) as work:
            account = await identity.accounts.set_password(work, actor.id, new, by=actor)
            await identity.slowing.sign_in_succeeded(work, email, address)
            session = identity.sessions.begin(work, account)
        identity.authenticator.forget(actor.session)
        return self._answer(account, session)

    async def enrol(self, actor: Actor) -> Enrolment:
        """Begin to set up one's own second factor."""
        require(actor, "account:own")
        return await self._one_work(
            lambda work: self._identity.second_factors.enrol(work, actor.id)
        )

    async def confirm(self, actor: Actor, code: str) -> list[str]:
        """Finish it; a session limited to this may now do everything its account may."""
        require(actor, "account:own")
        identity = self._identity
        await self._one_work(lambda work: identity.slowing.admit_code(work, actor.id))

        async def confirm(work: Work) -> list[str]:
            codes = await identity.second_factors.confirm(work, actor.id, code)
            await identity.slowing.code_succeeded(work, actor.id)
            await identity.sessions.widen(work, actor.session)
            return codes

        codes = await self._one_work(confirm)
        identity.authenticator.forget(actor.session)
        return codes

    async def open_emergency(
        self, actor: Actor, *, patient_id: str, reason: str, code: str | None
    ) -> Emergency:
        """Open a record outside the actor's care; whoever has a second factor shows it again.

        Raises:
            CodeAgainError: The account has a second factor, and no code was sent.
            WrongCodeError: The code is wrong.
        """
        require(actor, "emergency:open")
        identity = self._identity
        account = (await identity.accounts.read(actor.id)).account
        if account.has_second_factor:
            if code is None:
                raise CodeAgainError
            await self._one_work(lambda work: identity.slowing.admit_code(work, account.id))

        async def opened(work: Work) -> Emergency:
            if account.has_second_factor:
                await identity.second_factors.verify(work, account.id, code or "")
                await identity.slowing.code_succeeded(work, account.id)
            return await identity.emergencies.open(
                work, actor, patient_id=patient_id, reason=reason
            )

        emergency = await self._one_work(opened)
        identity.authenticator.forget(actor.session)
        return emergency

    # --- out ---------------------------------------------------------------------------------

    async def sign_out(self, actor: Actor, *, everywhere: bool) -> None:
        """End the session, or every session of the account."""
        require(actor, "account:own")
        identity = self._identity

        async def end(work: Work) -> None:
            await identity.sessions.end(work, actor.session)
            if everywhere:
                await identity.accounts.end_sessions(work, actor.id, by=actor)

        await self._one_work(end)
        identity.authenticator.forget(actor.session)

    async def sign_out_by_refresh(
        self, token: str, *, everywhere: bool, check_csrf: Callable[[str], None]
    ) -> None:
        """Do the same for whoever comes back after the access token's time.

        Raises:
            careflow.errors.NotSignedInError: Not a token of ours, or its session is over.
        """
        stored = (await self._identity.sessions.presented(token)).stored
        check_csrf(stored.session.id)
        await self.sign_out(stored.account.actor(stored.session.id), everywhere=everywhere)

    # --- answers -----------------------------------------------------------------------------

    def _answer(self, account: Account, session: Session) -> SignedIn:
        identity, at = self._identity, self._identity.clock()
        until = identity.sessions.until(session)
        end = session.began_at + identity.sessions.lifetimes.absolute
        return SignedIn(
            account=account,
            session=session,
            access_token=identity.tokens.sign(account.actor(session.id), at=at, until=until),
            refresh_token=identity.sessions.refresh_token(session),
            csrf_token=identity.csrf.token(session.id),
            expires_in_s=int((until - at).total_seconds()),
            session_left_s=int((end - at).total_seconds()),
        )

    async def _one_work(self, stage: Callable[[Work], Awaitable[T]]) -> T:
        return await one_work(self._identity.documents, stage)
