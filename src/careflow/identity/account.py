"""An account: what a person signs in with, and the role that staff gave them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from careflow.errors import BadInputError, ConflictError, NotFoundError
from careflow.identity.actor import STAFF, Actor, Role

_SHAPE = re.compile(r"[^\s@]+@[^\s@]+")
_EMAIL_MAX = 254
_NAME_MAX = 200


class BadEmailError(BadInputError):
    """Not the shape of an e-mail address."""

    code: ClassVar[str] = "identity-bad-email"

    def __init__(self) -> None:
        super().__init__("Write an e-mail address such as ada@clinic.example.", place="email")


class BadNameError(BadInputError):
    """A name that nobody could be shown by."""

    code: ClassVar[str] = "identity-bad-name"

    def __init__(self) -> None:
        super().__init__(f"Write a name of 1 to {_NAME_MAX} characters.", place="name")


class AccountNotFoundError(NotFoundError):
    """No such account in this organisation."""

    code: ClassVar[str] = "identity-account-not-found"

    def __init__(self) -> None:
        super().__init__("There is no such account.")


class EmailTakenError(ConflictError):
    """Another account has this e-mail address. Told to administrators only."""

    code: ClassVar[str] = "identity-email-taken"

    def __init__(self) -> None:
        super().__init__("Another account has this e-mail address.", place="email")


class LastAdminError(ConflictError):
    """The change would leave the clinic without an administrator."""

    code: ClassVar[str] = "identity-last-admin"

    def __init__(self) -> None:
        super().__init__("This is the last administrator: make another one first.")


class NotAPersonsRoleError(BadInputError):
    """A role that no account of a person can have."""

    code: ClassVar[str] = "identity-not-a-persons-role"

    def __init__(self) -> None:
        super().__init__("Machines sign in as clients: add a client instead.", place="role")


class WrongPatientError(BadInputError):
    """The link names no patient of this clinic, or the account is not a patient's."""

    code: ClassVar[str] = "identity-wrong-patient"

    def __init__(self) -> None:
        super().__init__(
            "Only a patient's account is linked, and only to a patient on record.",
            place="patient_id",
        )


@dataclass(frozen=True, slots=True)
class SecondFactor:
    """A time-based one-time code, and the codes for the day the phone is lost.

    Attributes:
        sealed: The secret, encrypted with a key outside the database, as base64.
        confirmed: Whether a first code proved that the person's device has the secret.
        last_step: The newest 30-second step whose code was used; it and older ones are refused.
        recovery: Keyed hashes of recovery codes not yet used.
    """

    sealed: str
    confirmed: bool = False
    last_step: int = 0
    recovery: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Account:
    """What is stored of an account.

    Attributes:
        email: Normalised; unique within the organisation.
        epoch: Rises when role, password or permission to sign in change; a session of an earlier
            epoch is dead.
        patient_id: The person's own record; ``None`` until staff link it.
        own_patients_only: Whether a nurse or clinician sees the patients in their care alone,
            though the clinic does not ask that of everyone.
    """

    id: str
    organisation: str
    email: str
    name: str
    role: Role
    password_hash: str
    created_at: datetime
    patient_id: str | None = None
    practitioner_id: str | None = None
    disabled_at: datetime | None = None
    epoch: int = 1
    second_factor: SecondFactor | None = None
    own_patients_only: bool = False

    @property
    def disabled(self) -> bool:
        """Report whether nobody may sign in with it."""
        return self.disabled_at is not None

    @property
    def is_staff(self) -> bool:
        """Report whether the role is one that the clinic gives."""
        return self.role in STAFF

    @property
    def has_second_factor(self) -> bool:
        """Report whether signing in needs a code."""
        return self.second_factor is not None and self.second_factor.confirmed

    def actor(self, session: str) -> Actor:
        """Return the one who asks with this account in a session."""
        return Actor(
            id=self.id,
            name=self.name,
            role=self.role,
            organisation=self.organisation,
            session=session,
            patient_id=self.patient_id,
            practitioner_id=self.practitioner_id,
        )


def normal_email(email: str) -> str:
    """Return the one spelling of an address: its case and width do not make a second account.

    Raises:
        BadEmailError: It does not have the shape of an address.
    """
    plain = unicodedata.normalize("NFKC", email).strip().casefold()
    if len(plain) > _EMAIL_MAX or not _SHAPE.fullmatch(plain) or not plain.isprintable():
        raise BadEmailError
    return plain


def clean_name(name: str) -> str:
    """Return a name with its spaces tidied, or raise :class:`BadNameError`."""
    plain = " ".join(unicodedata.normalize("NFC", name).split())
    if not plain or len(plain) > _NAME_MAX or not plain.isprintable():
        raise BadNameError
    return plain
