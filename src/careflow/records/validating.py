"""``$validate``: everything that is wrong with a resource, and nothing stored."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import ClassVar, Final

import msgspec

from careflow.errors import CareFlowError, UnprocessableError
from careflow.fhir.every_issue import every_issue
from careflow.fhir.issue import Issue, problem
from careflow.fhir.outcome import all_is_well, outcome
from careflow.fhir.resource import parse
from careflow.identity.access import Interaction, InteractionRefusedError, may_fhir
from careflow.records.answer import Answer
from careflow.records.interactions import Asker
from careflow.records.parameters import BadParameterError, given_in
from careflow.records.request import FhirRequest
from careflow.records.sent import LARGE_BODY_BYTES
from careflow.records.store import Records

_DEFINITIONS: Final = "http://hl7.org/fhir/StructureDefinition/"
_VERSION: Final = "|4.0.1"
_MODES: Final[dict[str, Interaction]] = {
    "create": "create",
    "update": "update",
    "delete": "delete",
}


class UnknownProfileError(UnprocessableError):
    """A profile to validate against that is not known here."""

    code: ClassVar[str] = "records-unknown-profile"
    issue: ClassVar[str] = "not-supported"

    def __init__(self) -> None:
        super().__init__(
            "This profile is not known here: resources are checked against FHIR R4 itself."
        )


class Validating:
    """The operation, on a type and on a resource of it."""

    def __init__(self, records: Records, *, body_limit_bytes: int) -> None:
        self._records = records
        self._body_limit_bytes = body_limit_bytes

    async def validate(
        self, request: FhirRequest, asker: Asker, kind: str, id: str | None = None
    ) -> Answer:
        """Answer all that is wrong with what was sent (or with doing to it what ``mode`` says)."""
        _require_acquainted(asker, kind)
        given = await given_in(request, limit_bytes=self._body_limit_bytes)
        asked = given.taken("mode", "profile")
        mode = asked.get("mode")
        if mode is not None and mode not in _MODES:
            raise BadParameterError("mode")
        _require_known(asked.get("profile"), kind)
        if mode == "delete":
            issues = await self._against_deleting(asker, kind, id)
        elif given.resource is None:
            issues = [problem("required", "There is no resource to validate.")]
        else:
            issues = await _every_issue(given.resource, kind)
            if not issues and mode is not None:
                issues = await self._against_storing(asker, given.resource, kind, id, mode)
            issues += _unchecked_profiles(given.resource, kind)
        return Answer(200, outcome(issues) if issues else all_is_well("All is well."))

    async def _against_storing(
        self, asker: Asker, body: bytes, kind: str, id: str | None, mode: str
    ) -> list[Issue]:
        """Return what stands against storing a valid resource."""
        resource = parse(body, expected_type=kind)
        actor, scope = asker.actor, asker.scope

        async def propose() -> None:
            if mode == "create":
                self._records.propose_create(resource, actor=actor, scope=scope)
            else:
                await self._records.propose_update(resource, actor=actor, scope=scope, id=id)

        return await _against(asker, kind, mode, propose)

    async def _against_deleting(self, asker: Asker, kind: str, id: str | None) -> list[Issue]:
        if id is None:
            return [
                problem("required", "Deleting is validated on one resource: Type/id/$validate.")
            ]
        actor, scope = asker.actor, asker.scope

        async def propose() -> None:
            await self._records.propose_delete(kind, id, actor=actor, scope=scope)

        return await _against(asker, kind, "delete", propose)


async def _against(
    asker: Asker, kind: str, mode: str, propose: Callable[[], Awaitable[None]]
) -> list[Issue]:
    """Return what stands against a change that is only proposed."""
    if not may_fhir(asker.actor, kind, _MODES[mode]):
        return [problem("forbidden", f"You may not {mode} {kind}.")]
    try:
        await propose()
    except CareFlowError as error:
        return [Issue("error", error.issue, error.message, error.place)]
    return []


def _require_acquainted(asker: Asker, kind: str) -> None:
    """Raise unless the asker may at least see, create or update the type."""
    wished: tuple[Interaction, ...] = ("read", "search", "create", "update")
    if not any(may_fhir(asker.actor, kind, one) for one in wished):
        raise InteractionRefusedError(kind, "read")


def _require_known(profile: str | None, kind: str) -> None:
    known = {f"{_DEFINITIONS}{name}" for name in (kind, "DomainResource", "Resource")}
    if profile is not None and profile.removesuffix(_VERSION) not in known:
        raise UnknownProfileError


async def _every_issue(body: bytes, kind: str) -> list[Issue]:
    if len(body) > LARGE_BODY_BYTES:
        return await asyncio.to_thread(every_issue, body, expected_type=kind)
    return every_issue(body, expected_type=kind)


class _Meta(msgspec.Struct):
    profile: list[str] | None = None


class _Claiming(msgspec.Struct):
    meta: _Meta | None = None


def _unchecked_profiles(body: bytes, kind: str) -> list[Issue]:
    """Say that the profiles a resource claims to follow were not held against it."""
    try:
        meta = msgspec.json.decode(body, type=_Claiming).meta
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return []
    if meta is None or not meta.profile:
        return []
    text = "The profiles that the resource names are not checked here, only FHIR R4 itself."
    return [Issue("information", "not-supported", text, f"{kind}.meta.profile")]
