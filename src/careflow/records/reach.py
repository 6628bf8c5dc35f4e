"""How far a writer reaches: whose record, which part of a type, and which members of a resource."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import ClassVar

from careflow.database.documents import Document, Documents, Term
from careflow.database.narrowing import holds
from careflow.database.scope import COMPARTMENT, AccessScope, Act, Way, organisation_scope
from careflow.errors import NotAllowedError
from careflow.fhir.resource import Resource, parse
from careflow.fhir.subset import not_shown_in, put_back


class OutsideScopeError(NotAllowedError):
    """A write to what the writer may not reach: another's record, or another part of a type."""

    code: ClassVar[str] = "records-outside-scope"

    def __init__(self, kind: str) -> None:
        super().__init__(f"You may not write this {kind}.")


class NotInCareError(NotAllowedError):
    """A record that is there, of a patient who is not in the asker's care."""

    code: ClassVar[str] = "records-not-in-care"

    def __init__(self) -> None:
        super().__init__(
            "This patient is not in your care: in an emergency, open the record with a reason "
            "(POST /api/emergency-access)."
        )


class HiddenMemberError(NotAllowedError):
    """A write to a member that the writer is not shown."""

    code: ClassVar[str] = "records-hidden-member"

    def __init__(self, kind: str, member: str) -> None:
        super().__init__(
            f"Your role does not see {member} of a {kind} and cannot write it.",
            place=f"{kind}.{member}",
        )


async def refuse_out_of_care(documents: Documents, kind: str, id: str, scope: AccessScope) -> None:
    """Raise NotInCareError for what staff did not find only because it is out of their care."""
    if not scope.tells or not scope.allows_kind(kind):
        return
    if await documents.read(kind, id, organisation_scope(scope.organisation)) is not None:
        raise NotInCareError


def require_patients(scope: AccessScope, kind: str, patients: Iterable[str]) -> None:
    """Refuse a write to the record of a patient whom the scope does not reach.

    Which kinds the writer may write is the edge's question (``identity.require_fhir``): a program
    may well be allowed to create what it may not read.
    """
    if scope.patients is None or not scope.narrows(kind):
        return
    patients = set(patients)
    if not patients and scope.tells:
        return  # staff also write what is nobody's record, such as where a report came from
    if not patients or not patients <= scope.patients:
        raise OutsideScopeError(kind)


def is_judged_by_terms(scope: AccessScope, act: Act, kind: str) -> bool:
    """Report whether what is written must carry certain terms."""
    return act in scope.within and kind in scope.within[act]


def require_terms(scope: AccessScope, act: Act, kind: str, terms: Collection[Term]) -> None:
    """Refuse to write what would not be in the writer's own reach afterwards.

    What is bound to one patient's compartment may not stand in another's as well.
    """
    ways = scope.within[act][kind]
    if not any(holds((way,), terms) and _stays_within(way, terms) for way in ways):
        raise OutsideScopeError(kind)


def _stays_within(way: Way, terms: Collection[Term]) -> bool:
    own = {value for name, values in way if name == COMPARTMENT for value in values}
    return not own or all(value in own for name, value in terms if name == COMPARTMENT)


def with_what_is_not_shown(
    resource: Resource, current: Document | None, scope: AccessScope
) -> Resource:
    """Return the resource together with what its writer does not see of it.

    Whoever sees a part of a resource changes that part alone; the rest stays as it is stored.

    Raises:
        HiddenMemberError: It holds a member that the writer is not shown.
    """
    fields = scope.fields.get(resource.type)
    if fields is None:
        return resource
    hidden = not_shown_in(resource.body, fields.members)
    if hidden:
        raise HiddenMemberError(resource.type, hidden[0])
    if current is None or current.deleted:
        return resource
    whole = parse(put_back(resource.body, current.body, fields.members))
    return replace(whole, id=resource.id)
