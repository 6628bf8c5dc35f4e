"""What one actor may see and change, as plain conditions that a store puts into every query.

``identity`` turns an actor into a scope; the store never knows about roles.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, Literal, Protocol

Act = Literal["read", "find", "create", "update", "delete"]
"""What is done with a kind: ``read`` by id (its history too), ``find`` by conditions."""

Held = tuple[str, tuple[str, ...]]
"""(parameter, values): the document carries a term of the parameter with one of the values."""
Way = tuple[Held, ...]
"""All of these hold."""
Ways = tuple[Way, ...]
"""One of these ways holds; none at all means no document does."""

COMPARTMENT = "compartment:Patient"
"""Name of the index term that places a document in a patient's compartment."""

_NOTHING: Final[Mapping[Any, Any]] = MappingProxyType({})


class Fields(Protocol):
    """What of a kind's bodies the asker may see."""

    @property
    def members(self) -> frozenset[str]:
        """Return the members of the body that are shown."""
        ...

    def of(self, body: bytes) -> bytes:
        """Return the body with those members alone."""
        ...


@dataclass(frozen=True, slots=True)
class AccessScope:
    """Conditions that a document must meet to exist for the asker.

    Attributes:
        organisation: Every document belongs to one; no scope spans two.
        kinds: Kinds the asker may see at all; ``None`` means every kind.
        patients: Patient ids (bare, without ``Patient/``) whose compartment the asker may see;
            ``None`` means every patient of the organisation. A document is in a patient's
            compartment when it carries the term ``(COMPARTMENT, patient_id)``.
        shared_kinds: Kinds that hold no patient data and are therefore not narrowed by
            ``patients`` (practitioners, places, organisations).
        within: By act and kind, the terms that documents must carry besides.
        fields: Kinds of which only some members are shown. The store applies it to every body
            that it returns; whoever writes must keep what the asker was not shown.
        tells: Whether what lies outside ``patients`` is refused rather than absent: staff may
            learn that a record is there, and open it in an emergency.
    """

    organisation: str
    kinds: frozenset[str] | None = None
    patients: frozenset[str] | None = None
    shared_kinds: frozenset[str] = frozenset()
    within: Mapping[Act, Mapping[str, Ways]] = field(default_factory=lambda: _NOTHING, hash=False)
    fields: Mapping[str, Fields] = field(default_factory=lambda: _NOTHING, hash=False)
    tells: bool = False
    _own: Ways | None = field(init=False, repr=False, compare=False, default=None)

    def __post_init__(self) -> None:
        """Make the compartments' condition once: the scope is asked for it with every read."""
        if self.patients is not None:
            own = (((COMPARTMENT, tuple(sorted(self.patients))),),)
            object.__setattr__(self, "_own", own)

    def allows_kind(self, kind: str) -> bool:
        """Report whether documents of this kind exist at all for the asker."""
        return self.kinds is None or kind in self.kinds

    def narrows(self, kind: str) -> bool:
        """Report whether this kind is limited to the compartments in ``patients``."""
        return self.patients is not None and kind not in self.shared_kinds

    def ways(self, kind: str, act: Act) -> Ways | None:
        """Return the ways in which a document of the kind is in reach, ``None`` for any at all."""
        own = self._own
        if own is not None and kind in self.shared_kinds:
            own = None
        if not self.within:
            return own
        terms = self.within.get(act, _NOTHING).get(kind)
        if own is None or terms is None:
            return terms if own is None else own
        return tuple(way + own[0] for way in terms)

    def to(self, act: Act) -> AccessScope:
        """Return the scope in which what may be changed by an act can be read, of every kind."""
        return AccessScope(
            organisation=self.organisation,
            patients=self.patients,
            shared_kinds=self.shared_kinds,
            within={"read": self.within.get(act, _NOTHING)},
            tells=self.tells,
        )


def organisation_scope(organisation: str) -> AccessScope:
    """Return the scope of the platform itself: one organisation, every kind."""
    return AccessScope(organisation=organisation)
