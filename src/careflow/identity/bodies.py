"""What goes over the wire at ``/api/auth``. Unknown fields are refused."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from careflow.identity import account as accounts
from careflow.identity.emergency import Emergency

_TEXT_MAX = 1024
_CODE_MAX = 64


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class LoginRequest(_Body):
    """An e-mail and a password, with a code where the account has a second factor."""

    email: str = Field(max_length=_TEXT_MAX)
    password: str = Field(max_length=_TEXT_MAX)
    code: str | None = Field(default=None, max_length=_CODE_MAX)


class ChallengeRequest(_Body):
    """A code alone, with the proof that the password was right a moment ago."""

    challenge: str = Field(max_length=_TEXT_MAX)
    code: str = Field(max_length=_CODE_MAX)


class RefreshRequest(_Body):
    """The refresh token; browsers send it in a cookie and an empty body."""

    refresh_token: str | None = Field(default=None, max_length=_TEXT_MAX)


class LogoutRequest(_Body):
    """Whether every other session of the account ends too.

    Once the access token has expired, the refresh token (browsers: its cookie) ends the session.
    """

    everywhere: bool = False
    refresh_token: str | None = Field(default=None, max_length=_TEXT_MAX)


class SignUpRequest(_Body):
    """What a patient says to have an account. There is no role to ask for."""

    email: str = Field(max_length=_TEXT_MAX)
    name: str = Field(max_length=_TEXT_MAX)
    password: str = Field(max_length=_TEXT_MAX)


class PasswordRequest(_Body):
    """Changing one's own password."""

    current: str = Field(max_length=_TEXT_MAX)
    new: str = Field(max_length=_TEXT_MAX)


class CodeRequest(_Body):
    """A code that the authenticator shows."""

    code: str = Field(max_length=_CODE_MAX)


class Account(_Body):
    """Who is signed in."""

    id: str
    name: str
    email: str
    role: Literal["patient", "receptionist", "nurse", "clinician", "admin"]
    organisation: str
    patient_id: str | None = None
    practitioner_id: str | None = None
    mfa_enrolled: bool = False
    demo: bool = False

    @classmethod
    def of(cls, account: accounts.Account, *, demo: bool) -> Account:
        """Return what the person may see of their own account."""
        return cls.model_validate(
            {
                "id": account.id,
                "name": account.name,
                "email": account.email,
                "role": str(account.role),
                "organisation": account.organisation,
                "patient_id": account.patient_id,
                "practitioner_id": account.practitioner_id,
                "mfa_enrolled": account.has_second_factor,
                "demo": demo,
            }
        )


class LoginAnswer(_Body):
    """Signed in, or a code is needed first.

    Tokens stand here for programs and in cookies for browsers, never in both. With
    ``second_factor_needed`` the session may do nothing but enrol a second factor.
    """

    access_token: str | None = None
    refresh_token: str | None = None
    expires_in: int | None = None
    account: Account | None = None
    csrf_token: str | None = None
    mfa_required: bool = False
    methods: list[str] | None = None
    challenge: str | None = None
    second_factor_needed: bool = False


class SignUpAnswer(_Body):
    """The same for every address: sign in next."""

    status: Literal["accepted"] = "accepted"


class EnrolAnswer(_Body):
    """The secret for the authenticator, shown once, also as an otpauth address."""

    secret: str
    uri: str


class ConfirmAnswer(_Body):
    """Recovery codes, shown once; each opens the account once without the phone."""

    recovery_codes: list[str]


class EmergencyRequest(_Body):
    """Whose record is opened in an emergency, and why; the code where there is a second factor."""

    patient_id: str = Field(pattern=r"^[A-Za-z0-9\-.]{1,64}$")
    reason: str = Field(max_length=_TEXT_MAX)
    code: str | None = Field(default=None, max_length=_CODE_MAX)


class ReviewRequest(_Body):
    """What a reviewer notes, if anything."""

    note: str | None = Field(default=None, max_length=_TEXT_MAX)


class EmergencyAccess(_Body):
    """One record opened in an emergency; it is closed again at ``ends_at``."""

    id: str
    account_id: str
    name: str
    patient_id: str
    reason: str
    began_at: datetime
    ends_at: datetime
    reviewed_by: str | None = None
    reviewed_at: datetime | None = None
    note: str | None = None

    @classmethod
    def of(cls, emergency: Emergency) -> EmergencyAccess:
        """Return it as it goes over the wire."""
        return cls.model_validate(emergency, from_attributes=True)


class EmergencyAccesses(_Body):
    """Newest first."""

    accesses: list[EmergencyAccess]


class TokenAnswer(_Body):
    """An access token for a program, as OAuth 2.0 words it (RFC 6749, 5.1).

    ``patient`` is the patient whom its ``patient/`` scopes reach, as SMART words it.
    """

    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 - a kind of token, not one
    expires_in: int
    scope: str
    patient: str | None = None


class TokenRefusal(_Body):
    """Why there is no token: OAuth's words (RFC 6749, 5.2) with our stable code."""

    error: str
    error_description: str
    code: str
