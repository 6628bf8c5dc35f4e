"""What an import, or a return of an export, has done so far and refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Refusal:
    """What was not imported, and why.

    Attributes:
        entry: Line of an NDJSON file or entry of a bundle, from 1; 0 is the file itself.
        subject: ``Type/id``, as far as known.
    """

    file: str
    entry: int
    reason: str
    subject: str | None = None


@dataclass(slots=True)
class Progress:
    """How far an import has come; handed to the progress callback after every chunk."""

    files_total: int
    files_done: int = 0
    file: str = ""
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0

    @property
    def resources(self) -> int:
        """Return how many resources have been dealt with."""
        return self.created + self.updated + self.unchanged + self.refused


@dataclass(slots=True)
class Report:
    """What an import did.

    Attributes:
        subjects: Every distinct (type, id) that the files hold and that was taken.
        unresolved: Conditional references that mean nothing here (or several things) and were kept
            as they are, with how often each was met.
    """

    progress: Progress
    refusals: list[Refusal] = field(default_factory=list)
    subjects: set[tuple[str, str]] = field(default_factory=set)
    unresolved: Counter[str] = field(default_factory=Counter)

    @property
    def types(self) -> Counter[str]:
        """Return how many distinct resources of each type were taken."""
        return Counter(kind for kind, _ in self.subjects)


OnProgress = Callable[[Progress], None]
