"""Adding a patient: what was told, who it may be already, and a task where both are kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

from careflow.clock import Clock, instant_text
from careflow.database.documents import Documents
from careflow.database.scope import organisation_scope
from careflow.database.work import Staged, Work
from careflow.errors import BadInputError, ConflictError
from careflow.identity.actor import Actor
from careflow.ids import Mint
from careflow.records.registration.person import Said
from careflow.records.registration.twins import Twin, Twins
from careflow.records.store import Records

CONTACT_CONSENT: Final = "urn:careflow:contact-consent"
"""On a ContactPoint: whether the clinic may write to it. Where it is missing, nobody was asked."""
REVIEW: Final = "urn:careflow:task"


class LikelyTwinError(ConflictError):
    """Somebody in the clinic's records is likely the same person."""

    code: ClassVar[str] = "records-likely-twin"

    def __init__(self, twins: Iterable[Twin]) -> None:
        super().__init__(
            "This person seems to be registered: choose their record, or say why it is another.",
            facts={"patients": [one.patient.id for one in twins]},
        )


class BornInFutureError(BadInputError):
    """A birth date is still to come."""

    code: ClassVar[str] = "records-born-in-future"

    def __init__(self) -> None:
        super().__init__("The birth date is still to come: check it.", place="birth_date")


@dataclass(frozen=True, slots=True)
class Way:
    """A telephone number or e-mail address; ``may_write`` is what the patient said, if asked."""

    value: str
    may_write: bool | None = None


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody who is to be registered.

    Attributes:
        preferred: The given name they go by.
        language: As a BCP-47 tag.
        line: Street and number.
    """

    family: str
    given: str
    birth_date: str
    preferred: str | None = None
    sex: str | None = None
    language: str | None = None
    needs_interpreter: bool = False
    phones: tuple[Way, ...] = ()
    emails: tuple[Way, ...] = ()
    line: str | None = None
    city: str | None = None
    state: str | None = None
    postal_code: str | None = None

    def said(self) -> Said:
        """Return what tells them apart."""
        return Said(
            family=self.family,
            given=self.given,
            birth_date=self.birth_date,
            sex=self.sex,
            phone=self.phones[0].value if self.phones else None,
            email=self.emails[0].value if self.emails else None,
            address=self.line,
            postal_code=self.postal_code,
        )

    def resource(self) -> dict[str, Any]:
        """Return them as a FHIR Patient."""
        names: list[dict[str, Any]] = [
            {"use": "official", "family": self.family, "given": self.given.split()}
        ]
        if self.preferred:
            names.append({"use": "usual", "family": self.family, "given": [self.preferred]})
        body: dict[str, Any] = {
            "resourceType": "Patient",
            "active": True,
            "name": names,
            "birthDate": self.birth_date,
        }
        if self.sex:
            body["gender"] = self.sex
        telecom = [_point("phone", one) for one in self.phones]
        if telecom := [*telecom, *(_point("email", one) for one in self.emails)]:
            body["telecom"] = telecom
        if address := self._address():
            body["address"] = [address]
        if self.language:
            language = {"coding": [{"system": "urn:ietf:bcp:47", "code": self.language}]}
            body["communication"] = [{"language": language, "preferred": True}]
        if self.needs_interpreter:
            body["extension"] = [{"url": _INTERPRETER, "valueBoolean": True}]
        return body

    def _address(self) -> dict[str, Any]:
        parts = {"city": self.city, "state": self.state, "postalCode": self.postal_code}
        address: dict[str, Any] = {name: text for name, text in parts.items() if text}
        return {"line": [self.line], **address} if self.line else address


_INTERPRETER: Final = "http://hl7.org/fhir/StructureDefinition/patient-interpreterRequired"


@dataclass(frozen=True, slots=True)
class Registration:
    """Registers patients of one organisation. Whom it compares with is the whole clinic."""

    documents: Documents
    records: Records
    organisation: str
    clock: Clock
    mint: Mint
    twins: Twins = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "twins", Twins(self.documents))

    async def likely(self, said: Said) -> list[Twin]:
        """Return the patients whom somebody may be, possible ones included."""
        return await self.twins.of(said, organisation_scope(self.organisation))

    async def register(
        self, work: Work, newcomer: Newcomer, *, actor: Actor, despite: str | None = None
    ) -> Staged:
        """Stage a new patient; with ``despite`` also beside a likely twin, and a task to look.

        Raises:
            LikelyTwinError: Somebody is likely the same person, and no reason is given.
            BornInFutureError: The birth date is still to come.
        """
        if newcomer.birth_date > self.clock().date().isoformat():
            raise BornInFutureError
        twins = [one for one in await self.likely(newcomer.said()) if one.is_likely]
        if twins and despite is None:
            raise LikelyTwinError(twins)
        id = self.mint()
        scope = organisation_scope(self.organisation)
        staged = await self.records.create(
            work, newcomer.resource(), actor=actor, id=id, scope=scope
        )
        if twins and despite is not None:
            task = self._review(id, twins, despite)
            await self.records.create(work, task, actor=actor, scope=scope)
        return staged

    def _review(self, id: str, twins: list[Twin], despite: str) -> dict[str, Any]:
        """Return the task of looking at two records that may be one person's."""
        return {
            "resourceType": "Task",
            "status": "requested",
            "intent": "order",
            "code": {
                "coding": [{"system": REVIEW, "code": "review-twins"}],
                "text": "Look whether two records are the same person's",
            },
            "for": {"reference": f"Patient/{id}"},
            "focus": {"reference": f"Patient/{id}"},
            "authoredOn": instant_text(self.clock()),
            "reasonCode": {"text": despite},
            "input": [
                {
                    "type": {"text": ", ".join(one.why) or "likely the same person"},
                    "valueReference": {"reference": f"Patient/{one.patient.id}"},
                }
                for one in twins
            ],
        }


def _point(system: str, way: Way) -> dict[str, Any]:
    point: dict[str, Any] = {"system": system, "value": way.value.strip()}
    if way.may_write is not None:
        point["extension"] = [{"url": CONTACT_CONSENT, "valueBoolean": way.may_write}]
    return point
