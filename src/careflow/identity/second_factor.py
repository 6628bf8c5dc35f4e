"""The second factor: time-based codes (RFC 6238) from a phone, and recovery codes on paper.

The secret is stored encrypted with a key outside the database. A code is taken once: the newest
step used is stored, and it and everything before are refused. Recovery codes are stored as hashes
under a key, because fifty bits alone could be guessed by whoever copied the database.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass, replace
from typing import ClassVar

import pyotp
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from careflow.clock import Clock
from careflow.database.work import Work
from careflow.errors import ConflictError, NotSignedInError
from careflow.identity.account import Account, SecondFactor
from careflow.identity.accounts import Accounts
from careflow.identity.actor import Actor
from careflow.identity.permissions import require

STEP_S = 30
_DRIFT_STEPS = 1
"""Steps before and after now that are taken, for clocks that are a little off."""

_NONCE_BYTES = 12
_RECOVERY_CODES = 10
_RECOVERY_CHARS = 10
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # 32 characters, none read for another


class WrongCodeError(NotSignedInError):
    """The code is wrong, of another time, or was used before: which of them is not told."""

    code: ClassVar[str] = "identity-wrong-code"

    def __init__(self) -> None:
        super().__init__("This code is not accepted: wait for the next one and try again.")


class AlreadyEnrolledError(ConflictError):
    """There is a confirmed second factor; it must be reset before another is enrolled."""

    code: ClassVar[str] = "identity-already-enrolled"

    def __init__(self) -> None:
        super().__init__("A second factor is set up already: have an administrator reset it first.")


class NotEnrollingError(ConflictError):
    """There is no enrolment to confirm."""

    code: ClassVar[str] = "identity-not-enrolling"

    def __init__(self) -> None:
        super().__init__("Begin to set up a second factor first.")


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What the person's device needs, shown once: the secret in base32 and as an address."""

    secret: str
    uri: str


class SecondFactors:
    """The verbs of second factors."""

    def __init__(
        self,
        accounts: Accounts,
        *,
        seal_key: bytes,
        recovery_key: bytes,
        issuer: str,
        clock: Clock,
    ) -> None:
        self._accounts = accounts
        self._cipher = AESGCM(seal_key)
        self._recovery_key = recovery_key
        self._issuer = issuer
        self._clock = clock

    async def enrol(self, work: Work, account_id: str) -> Enrolment:
        """Stage a new secret that a first code must confirm; an unconfirmed one is replaced.

        Raises:
            AlreadyEnrolledError: A confirmed one exists.
        """
        secret = pyotp.random_base32()
        pending = SecondFactor(sealed=self._sealed(account_id, secret))

        def enrolled(account: Account) -> Account:
            if account.has_second_factor:
                raise AlreadyEnrolledError
            return replace(account, second_factor=pending)

        account = await self._accounts.change(work, account_id, enrolled)
        self._note(work, "identity:second-factor:enrol", account)
        uri = pyotp.TOTP(secret).provisioning_uri(name=account.email, issuer_name=self._issuer)
        return Enrolment(secret, uri)

    async def confirm(self, work: Work, account_id: str, code: str) -> list[str]:
        """Stage that the device has the secret; return recovery codes, shown this once.

        Raises:
            NotEnrollingError: Nothing waits to be confirmed.
            WrongCodeError: The code does not fit.
        """
        codes = [_recovery_code() for _ in range(_RECOVERY_CODES)]
        hashes = tuple(self._recovery_hash(account_id, one) for one in codes)

        def confirmed(account: Account) -> Account:
            factor = account.second_factor
            if factor is None or factor.confirmed:
                raise NotEnrollingError
            step = self._step_of(account_id, factor, code)
            now = replace(factor, confirmed=True, last_step=step, recovery=hashes)
            return replace(account, second_factor=now)

        account = await self._accounts.change(work, account_id, confirmed)
        self._note(work, "identity:second-factor:confirm", account)
        return codes

    async def verify(self, work: Work, account_id: str, code: str) -> Account:
        """Stage that a code, or a recovery code, has been used; it will not be taken again.

        Raises:
            WrongCodeError: It does not fit or was used before.
        """

        def used(account: Account) -> Account:
            factor = account.second_factor
            if factor is None or not factor.confirmed:
                raise WrongCodeError
            return replace(account, second_factor=self._spent(account_id, factor, code))

        return await self._accounts.change(work, account_id, used)

    async def reset(self, work: Work, account_id: str, *, by: Actor | None) -> None:
        """Stage that the account has no second factor; its sessions end. For a lost phone."""
        if by is not None:
            require(by, "accounts:write")

        def without(account: Account) -> Account:
            return replace(account, second_factor=None, epoch=account.epoch + 1)

        account = await self._accounts.change(work, account_id, without)
        self._accounts.note(work, "identity:second-factor:remove", account, by=by)

    # --- codes -------------------------------------------------------------------------------

    def _spent(self, account_id: str, factor: SecondFactor, code: str) -> SecondFactor:
        if len(_plain(code)) == _RECOVERY_CHARS:
            shown = self._recovery_hash(account_id, code)
            if shown not in factor.recovery:
                raise WrongCodeError
            left = tuple(one for one in factor.recovery if one != shown)
            return replace(factor, recovery=left)
        return replace(factor, last_step=self._step_of(account_id, factor, code))

    def _step_of(self, account_id: str, factor: SecondFactor, code: str) -> int:
        """Return the step whose code was shown, if it is near now and was not used."""
        totp = pyotp.TOTP(self._unsealed(account_id, factor.sealed))
        shown = _plain(code).encode("utf-8", "surrogatepass")
        now = int(self._clock().timestamp()) // STEP_S
        for step in range(now - _DRIFT_STEPS, now + _DRIFT_STEPS + 1):
            fits = hmac.compare_digest(totp.generate_otp(step).encode("ascii"), shown)
            if fits and step > factor.last_step:
                return step
        raise WrongCodeError

    def _recovery_hash(self, account_id: str, code: str) -> str:
        text = f"{account_id}:{_plain(code)}".encode("utf-8", "surrogatepass")
        return hmac.new(self._recovery_key, text, hashlib.sha256).hexdigest()

    # --- the secret --------------------------------------------------------------------------

    def _sealed(self, account_id: str, secret: str) -> str:
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = self._cipher.encrypt(nonce, secret.encode("ascii"), account_id.encode())
        return base64.b64encode(nonce + sealed).decode("ascii")

    def _unsealed(self, account_id: str, sealed: str) -> str:
        raw = base64.b64decode(sealed)
        nonce, body = raw[:_NONCE_BYTES], raw[_NONCE_BYTES:]
        return self._cipher.decrypt(nonce, body, account_id.encode()).decode("ascii")

    def _note(self, work: Work, action: str, account: Account) -> None:
        self._accounts.note(work, action, account, by=account.actor(session=""))


def _recovery_code() -> str:
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(_RECOVERY_CHARS))
    return f"{letters[:5]}-{letters[5:]}"


def _plain(code: str) -> str:
    return code.replace(" ", "").replace("-", "").upper()
