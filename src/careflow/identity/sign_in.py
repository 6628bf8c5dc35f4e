"""The verbs of signing in: prove a password, go on with a code, and tell the trail who was refused.

An unknown e-mail, a wrong password and a disabled account get the same answer after the same work.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime, timedelta
from typing import ClassVar

from careflow.audit.entry import AuditEntry
from careflow.audit.trail import record
from careflow.clock import Clock
from careflow.database.work import Work
from careflow.errors import NotSignedInError
from careflow.identity.account import Account, AccountNotFoundError
from careflow.identity.accounts import Accounts

CHALLENGE_LIFETIME = timedelta(minutes=5)


class WrongCredentialsError(NotSignedInError):
    """No account has this e-mail and password, or it may not sign in: which is not told."""

    code: ClassVar[str] = "identity-wrong-credentials"

    def __init__(self) -> None:
        super().__init__("The e-mail or the password is not right.")


class ChallengeInvalidError(NotSignedInError):
    """The proof of the password is not ours, or is too old."""

    code: ClassVar[str] = "identity-challenge-invalid"

    def __init__(self) -> None:
        super().__init__("This took too long: sign in with your password again.")


class SignIn:
    """Proves who signs in; starting the session is for :mod:`careflow.identity.sessions`."""

    def __init__(
        self,
        accounts: Accounts,
        *,
        challenge_key: bytes,
        require_second_factor: bool,
        clock: Clock,
    ) -> None:
        self._accounts = accounts
        self._key = challenge_key
        self._require_second_factor = require_second_factor
        self._clock = clock

    async def prove(self, email: str, password: str) -> Account:
        """Return the account of a right e-mail and password, or raise WrongCredentialsError."""
        account = await self._accounts.find_by_email(email)
        kept = account.password_hash if account else None
        fits = await self._accounts.passwords.matches(password, kept)
        if account is None or not fits or account.disabled:
            raise WrongCredentialsError
        return account

    def is_limited(self, account: Account) -> bool:
        """Report whether a session of the account may only enrol a second factor."""
        needed = self._require_second_factor and account.is_staff
        return needed and not account.has_second_factor

    def challenge(self, account: Account) -> str:
        """Return a proof, good for five minutes, that the password was right."""
        ends = int((self._clock() + CHALLENGE_LIFETIME).timestamp())
        body = f"{account.id}.{account.epoch}.{ends}"
        return f"{body}.{self._tag(body)}"

    async def challenged(self, challenge: str) -> Account:
        """Return the account whose password was proved, or raise ChallengeInvalidError."""
        body, _, tag = challenge.rpartition(".")
        shown = tag.encode("utf-8", "surrogatepass")
        if not hmac.compare_digest(shown, self._tag(body).encode("ascii")):
            raise ChallengeInvalidError
        id, epoch, ends = body.rsplit(".", 2)
        try:
            account = (await self._accounts.read(id)).account
        except AccountNotFoundError as error:
            raise ChallengeInvalidError from error
        if account.disabled or account.epoch != int(epoch) or self._over(int(ends)):
            raise ChallengeInvalidError
        return account

    def note_refused(self, work: Work, account: Account | None) -> None:
        """Stage that someone was not let in; an unknown e-mail is not written down."""
        record(
            work,
            AuditEntry(
                at=self._clock(),
                action="identity:session:refuse",
                organisation=self._accounts.organisation,
                actor=account.id if account else "unknown",
                role=account.role if account else "unknown",
                subjects=(f"account/{account.id}",) if account else (),
                outcome="refused",
            ),
        )

    def _over(self, ends: int) -> bool:
        return self._clock() >= datetime.fromtimestamp(ends, self._clock().tzinfo)

    def _tag(self, body: str) -> str:
        text = body.encode("utf-8", "surrogatepass")
        digest = hmac.new(self._key, text, hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest).decode("ascii").rstrip("=")
