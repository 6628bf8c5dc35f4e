"""Machine clients: programs that act for the clinic within their scopes.

The secret is 256 random bits, shown once. Its plain SHA-256 is enough to keep: bcrypt slows the
guessing of what people choose, and nobody guesses 256 random bits however fast the hash.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import ClassVar

import msgspec

from careflow.audit.entry import AuditEntry
from careflow.audit.trail import record
from careflow.clock import Clock
from careflow.database.documents import Documents, Put, Query
from careflow.database.scope import organisation_scope
from careflow.database.work import Work
from careflow.errors import BadInputError, NotFoundError, NotSignedInError
from careflow.identity.account import clean_name
from careflow.identity.actor import Actor, Role
from careflow.identity.permissions import require
from careflow.identity.smart import BadScopeError, Grants, NoPatientContextError, grants_of
from careflow.ids import Mint

KIND = "client"
TOKEN_LIFETIME = timedelta(minutes=10)


class ClientRefusedError(NotSignedInError):
    """No such client, another secret, or switched off: which of them is not told."""

    code: ClassVar[str] = "identity-client-refused"

    def __init__(self, message: str = "This client id and secret are not accepted.") -> None:
        super().__init__(message)


class UnknownPatientError(BadInputError):
    """A client is to be bound to a patient who is not on record."""

    code: ClassVar[str] = "identity-unknown-patient"

    def __init__(self) -> None:
        super().__init__("A client is bound to a patient on record only.", place="patient_id")


class ClientNotFoundError(NotFoundError):
    """No such client in this organisation."""

    code: ClassVar[str] = "identity-client-not-found"

    def __init__(self) -> None:
        super().__init__("There is no such client.")


@dataclass(frozen=True, slots=True)
class Client:
    """What is stored of a machine client.

    Attributes:
        secret_hash: Empty for a client that proves itself by a key.
        patient_id: The one patient it is bound to, whom its ``patient/`` scopes reach.
        keys: Its public keys, as JSON Web Keys.
    """

    id: str
    organisation: str
    name: str
    secret_hash: str
    scopes: frozenset[str]
    created_at: datetime
    disabled_at: datetime | None = None
    patient_id: str | None = None
    keys: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class NewClient:
    """A client just made, with the secret that is shown this once; empty for one with keys."""

    client: Client
    secret: str


class Clients:
    """Machine clients of one organisation."""

    def __init__(
        self, documents: Documents, *, organisation: str, clock: Clock, mint: Mint
    ) -> None:
        self.organisation = organisation
        self._documents = documents
        self._scope = organisation_scope(organisation)
        self._clock = clock
        self._mint = mint

    async def add(
        self,
        work: Work,
        *,
        name: str,
        scopes: Iterable[str],
        by: Actor | None,
        patient_id: str | None = None,
        keys: tuple[Mapping[str, str], ...] = (),
    ) -> NewClient:
        """Stage a client; ``by`` is an administrator, or ``None`` for the operator.

        With ``keys`` (see :func:`careflow.identity.assertions.public_keys`) it proves itself by
        what it signs and has no secret. ``patient_id`` binds it to one patient on record, whom
        its ``patient/`` scopes reach.

        Raises:
            BadScopeError: A scope is not understood, or there is none.
            NoPatientContextError: A scope is about one patient, and the client is bound to none.
            UnknownPatientError: There is no such patient.
        """
        if by is not None:
            require(by, "clients:write")
        grants = grants_of(scopes)
        granted = grants.scopes()
        if not granted:
            raise BadScopeError("")
        await self._require_patient(grants, patient_id)
        secret = "" if keys else secrets.token_urlsafe(32)
        client = Client(
            id=self._mint(),
            organisation=self.organisation,
            name=clean_name(name),
            secret_hash=_hash(secret) if secret else "",
            scopes=granted,
            created_at=self._clock(),
            patient_id=patient_id,
            keys=keys,
        )
        self._put(work, client, expected=0)
        self._note(work, "identity:client:create", client, by=by)
        return NewClient(client, secret)

    async def _require_patient(self, grants: Grants, patient_id: str | None) -> None:
        if patient_id is None:
            if grants.needs_patient():
                raise NoPatientContextError(_about_a_patient(grants.scopes()))
            return
        patient = await self._documents.read("Patient", patient_id, self._scope)
        if patient is None or patient.deleted:
            raise UnknownPatientError

    async def disable(self, work: Work, id: str, *, by: Actor | None) -> None:
        """Stage that the client gets no more tokens and those it has are dead within 5 s."""
        client, version = await self._to_change(id, by)
        client = replace(client, disabled_at=self._clock())
        self._put(work, client, expected=version)
        self._note(work, "identity:client:disable", client, by=by)

    async def replace_keys(
        self, work: Work, id: str, keys: tuple[Mapping[str, str], ...], *, by: Actor | None
    ) -> None:
        """Stage other public keys for a client; a secret that it had is no longer taken."""
        client, version = await self._to_change(id, by)
        client = replace(client, keys=keys, secret_hash="")
        self._put(work, client, expected=version)
        self._note(work, "identity:client:update", client, by=by)

    async def _to_change(self, id: str, by: Actor | None) -> tuple[Client, int]:
        if by is not None:
            require(by, "clients:write")
        document = await self._documents.read(KIND, id, self._scope)
        if document is None or document.deleted:
            raise ClientNotFoundError
        return msgspec.json.decode(document.body, type=Client), document.version

    async def listed(self) -> list[Client]:
        """Return the clients, by name."""
        page = await self._documents.find(Query(kind=KIND, count=1000), self._scope)
        found = [msgspec.json.decode(d.body, type=Client) for d in page.documents]
        return sorted(found, key=lambda client: client.name)

    async def prove(self, id: str, secret: str) -> Client:
        """Return the client that id and secret name, or raise :class:`ClientRefusedError`."""
        client = await self.active(id)
        kept = client.secret_hash if client else ""
        if (
            not hmac.compare_digest(_hash(secret).encode("ascii"), kept.encode("ascii"))
            or client is None
        ):
            raise ClientRefusedError
        return client

    async def active(self, id: str) -> Client | None:
        """Return a client that may act now, or ``None``."""
        document = await self._documents.read(KIND, id, self._scope)
        if document is None or document.deleted:
            return None
        client = msgspec.json.decode(document.body, type=Client)
        return client if client.disabled_at is None else None

    def begin(self, work: Work, client: Client, asked: Iterable[str]) -> Actor:
        """Stage the record of a sign-in and return the actor its token names.

        What is granted is what both the client's own scopes and those ``asked`` for allow; asking
        for none asks for all.

        Raises:
            BadScopeError: Nothing is left to grant.
            NoPatientContextError: It asks about one patient, and the client is bound to none.
        """
        wanted = frozenset(asked)
        granted = _granted(client, wanted).scopes()
        if not granted:
            raise BadScopeError(" ".join(sorted(wanted)), "it is not among this client's own.")
        self._note(work, "identity:client:start", client, by=self.actor(client, granted, ""))
        return self.actor(client, granted, self._mint())

    def actor(self, client: Client, scopes: frozenset[str], session: str) -> Actor:
        """Return the one who asks with this client's token."""
        return Actor(
            id=client.id,
            name=client.name,
            role=Role.MACHINE,
            organisation=client.organisation,
            session=session,
            patient_id=client.patient_id,
            scopes=scopes,
        )

    def _put(self, work: Work, client: Client, *, expected: int) -> None:
        work.put(
            Put(
                kind=KIND,
                id=client.id,
                body=msgspec.json.encode(client),
                organisation=client.organisation,
                expected=expected,
                keep_history=False,
            )
        )

    def _note(self, work: Work, action: str, client: Client, *, by: Actor | None) -> None:
        record(
            work,
            AuditEntry(
                at=self._clock(),
                action=action,
                organisation=self.organisation,
                actor=by.id if by else "operator",
                role=by.role if by else "operator",
                subjects=(f"client/{client.id}",),
            ),
        )


def _granted(client: Client, wanted: frozenset[str]) -> Grants:
    own = grants_of(client.scopes)
    if not wanted:
        return own
    asked = grants_of(wanted)
    if asked.needs_patient() and client.patient_id is None:
        raise NoPatientContextError(_about_a_patient(asked.scopes()))
    return asked.within(own)


def _about_a_patient(scopes: Iterable[str]) -> str:
    return " ".join(sorted(scope for scope in scopes if scope.startswith("patient/")))


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
