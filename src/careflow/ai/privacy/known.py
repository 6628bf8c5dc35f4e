"""What the chart knows of a patient and of the people around them: the first thing to look for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from careflow.ai.privacy.found import Label


@dataclass(frozen=True, slots=True)
class Known:
    """Identifiers that the chart holds.

    Attributes:
        names: Whole names of the patient, as "Ana María Ruiz"; parts and initials are derived.
        others: Whole names of relatives, contacts and the care team.
        born: The patient's date of birth.
        places: Streets, towns, postal codes and workplaces.
        numbers: Record, plan, telephone and other numbers by their kind, as they are written.
    """

    names: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    born: date | None = None
    places: tuple[str, ...] = ()
    numbers: Mapping[Label, tuple[str, ...]] = field(default_factory=dict)


NOBODY = Known()
"""For a text that is about nobody in the chart."""
