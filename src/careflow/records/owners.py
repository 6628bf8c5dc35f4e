"""Who writes which resource type.

Most types are the record's own: a valid change is staged as it stands. Some belong to another
room, whose verb stages the change in the same unit of work (a visit together with its claims on
time), and some are views that nobody writes here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal, Protocol

from careflow.database.documents import Delete, Put, Restore
from careflow.database.scope import AccessScope
from careflow.database.work import Staged, Work
from careflow.errors import CareFlowError
from careflow.fhir.resource import Resource
from careflow.identity.actor import Actor
from careflow.records.offered import VIEWS_OFFERED

VIEWS = frozenset(VIEWS_OFFERED)
"""Types that are views of something else."""

Act = Literal["create", "update", "delete"]


class ReadOnlyTypeError(CareFlowError):
    """A resource type that is a view of something else and cannot be written."""

    code: ClassVar[str] = "records-read-only-type"
    status: ClassVar[int] = 405
    issue: ClassVar[str] = "not-supported"

    def __init__(self, kind: str) -> None:
        super().__init__(f"{kind} is a read-only view here: it cannot be created or changed.")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A valid change to one resource that its owner stages or refuses.

    Attributes:
        change: What would be stored if the type were the record's own.
        resource: The parsed content; ``None`` for a deletion.
        patients: Every patient whose data the change touches, before and after it.
    """

    act: Act
    change: Put | Delete | Restore
    resource: Resource | None
    actor: Actor
    scope: AccessScope
    patients: tuple[str, ...] = ()

    @property
    def subject(self) -> str:
        """Return ``Type/id``."""
        return f"{self.change.kind}/{self.change.id}"


class Owner(Protocol):
    """Stages a proposal on the work, with whatever must commit beside it, or raises."""

    async def __call__(self, work: Work, proposal: Proposal) -> Staged:
        """Stage it."""
        ...


async def keep(work: Work, proposal: Proposal) -> Staged:
    """Stage the change as it stands: the record's own types."""
    match proposal.change:
        case Put():
            return work.put(proposal.change)
        case Restore():
            return work.restore(proposal.change)
        case Delete():
            return work.delete(proposal.change)


async def refuse(work: Work, proposal: Proposal) -> Staged:  # noqa: ARG001 - an Owner's shape.
    """Refuse every change: types that are views."""
    raise ReadOnlyTypeError(proposal.change.kind)


class Owners:
    """The owner of every resource type; whatever is not named is the record's own."""

    def __init__(self, named: Mapping[str, Owner] | None = None) -> None:
        self._named: dict[str, Owner] = {**dict.fromkeys(VIEWS, refuse), **(named or {})}

    async def stage(self, work: Work, proposal: Proposal) -> Staged:
        """Hand the proposal to its owner."""
        owner = self._named.get(proposal.change.kind, keep)
        return await owner(work, proposal)

    def turns(self, kinds: Iterable[str], organisation: str) -> list[str]:
        """Return in whose turn writes of these types are made.

        An owner stages more than the resource, and what two of its writes share is not known here.
        """
        return [f"{organisation} {kind}" for kind in sorted({*kinds} & self._named.keys())]
