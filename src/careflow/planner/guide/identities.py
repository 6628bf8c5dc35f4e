"""The 65 sums, products and unions that the guide implies; 36 hold, 29 do not."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from careflow.planner.guide.explanations import EXPLANATIONS
from careflow.planner.guide.quotes import stated
from careflow.planner.guide.rules import rules
from careflow.planner.spans import Span


@dataclass(frozen=True, slots=True)
class Identity:
    """One thing that should follow from the guide's own figures.

    Attributes:
        at: The cell that states it.
        within: Whether it is enough that the computed lies inside the stated.
    """

    id: str
    kind: str
    formula: str
    at: str
    stated: Span
    computed: Span
    within: bool = False

    @property
    def holds(self) -> bool:
        """Report whether the guide's figure follows."""
        if self.within:
            return self.stated.holds(self.computed)
        return self.stated == self.computed

    @property
    def note(self) -> str:
        """Say in one sentence why it does not hold; empty where it does."""
        return EXPLANATIONS.get(self.id, "")


@cache
def identities() -> tuple[Identity, ...]:
    """Return all 65 in a fixed order."""
    return tuple(
        Identity(id, kind, formula, at, stated(at), compute(), within=kind == "price_in_range")
        for id, kind, formula, at, compute in rules()
    )
