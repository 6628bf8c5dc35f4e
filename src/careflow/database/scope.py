"""What one actor may see, as plain conditions that a store puts into every query.

``identity`` turns an actor into a scope; the store never knows about roles.
"""

from __future__ import annotations

from dataclasses import dataclass


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
    """

    organisation: str
    kinds: frozenset[str] | None = None
    patients: frozenset[str] | None = None
    shared_kinds: frozenset[str] = frozenset()

    def allows_kind(self, kind: str) -> bool:
        """Report whether documents of this kind exist at all for the asker."""
        return self.kinds is None or kind in self.kinds

    def narrows(self, kind: str) -> bool:
        """Report whether this kind is limited to the compartments in ``patients``."""
        return self.patients is not None and kind not in self.shared_kinds


COMPARTMENT = "compartment:Patient"
"""Name of the index term that places a document in a patient's compartment."""


def organisation_scope(organisation: str) -> AccessScope:
    """Return the scope of the platform itself: one organisation, every kind."""
    return AccessScope(organisation=organisation)
