"""A model's answer is a draft; only what a named person accepted can be filed.

``Draft[T]`` knows how it came about. ``accept`` is the one way to an ``Accepted[T]``, and filing
takes nothing else, so the type checker guards the rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import ClassVar, Generic, Literal, TypeVar

from careflow.ai.finding import Finding
from careflow.ai.task import Passage
from careflow.errors import ConflictError
from careflow.identity.actor import Actor, Role
from careflow.identity.permissions import require

T = TypeVar("T")

Status = Literal["draft", "reviewed", "signed", "rejected"]
Box = tuple[float, float, float, float]
"""x0, y0, x1, y1 as fractions of the upright page, from its top left corner."""


class DraftClosedError(ConflictError):
    """The draft was signed or rejected before."""

    code: ClassVar[str] = "ai-draft-closed"

    def __init__(self) -> None:
        super().__init__("This draft has already been signed or rejected: open the list again.")


class NotSignedError(ConflictError):
    """Nobody has signed the draft, so it goes nowhere."""

    code: ClassVar[str] = "ai-draft-not-signed"

    def __init__(self) -> None:
        super().__init__("Nobody has signed this draft: review and sign it first.")


@dataclass(frozen=True, slots=True)
class Source:
    """A place in an input that part of the output was read from."""

    input: str
    page: int | None = None
    box: Box | None = None
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Maker:
    """What made a draft: engine, model with version, and version of the prompt or method."""

    engine: str
    model: str
    prompt: str


@dataclass(frozen=True, slots=True)
class SignedOff:
    """A part of a draft that a person has looked at and lets stand."""

    part: str
    by: str
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Draft(Generic[T]):
    """What a task answered, not yet anyone's word.

    Attributes:
        inputs: What was read, e.g. ``file:<key>`` and ``sha256:<digest>``.
        sources: Where in the inputs the output was found.
        document_id: The inbox document it was read from, if any.
        patient_id: Whose record it is about, where no document says so.
        given: The words that it was made from, so that a reviewer sees what it rests on.
        said: What the model answered, once a person changed it.
        changed_by: Name of the person who changed it last.
        findings: What a person has to settle before anyone signs.
        settled: Numbers of the findings that a person has settled.
        signed_off: Parts that a person has signed off, each on its own.
        redacted: How many identifiers of each label were taken out on the way to the engine.
        left_out: How many resources of each kind the engine was not shown.
        notice: What goes along with an answer that a patient reads.
        open_s: Seconds for which reviewers had it open, once it is signed or turned down.
        why_rejected: Why it was turned down; for those who may see the draft.
    """

    id: str
    task: str
    made_by: Maker
    created_at: datetime
    output: T
    inputs: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    status: Status = "draft"
    document_id: str | None = None
    patient_id: str | None = None
    given: tuple[Passage, ...] = ()
    said: T | None = None
    changed_by: str | None = None
    findings: tuple[Finding, ...] = ()
    settled: tuple[int, ...] = ()
    signed_off: tuple[SignedOff, ...] = ()
    redacted: Mapping[str, int] = field(default_factory=dict)
    left_out: Mapping[str, int] = field(default_factory=dict)
    notice: str | None = None
    open_s: int = 0
    reviewed_by: str | None = None
    reviewer_name: str | None = None
    reviewed_at: datetime | None = None
    why_rejected: str | None = None


_TOKEN = object()


class Accepted(Generic[T]):
    """A draft's output that a named person has taken as theirs. Made by :func:`accept` alone."""

    __slots__ = ("by", "draft")

    def __init__(self, draft: Draft[T], by: Actor, *, token: object) -> None:
        if token is not _TOKEN:
            msg = "Accepted values come from accept() alone."
            raise TypeError(msg)
        self.draft = draft
        self.by = by

    @property
    def output(self) -> T:
        """Return what was accepted."""
        return self.draft.output


def accept(draft: Draft[T], *, by: Actor, at: datetime) -> Accepted[T]:
    """Take the draft as one's own word.

    Raises:
        careflow.errors.NotAllowedError: The actor may not sign.
        DraftClosedError: It was signed or rejected before.
    """
    require(by, "draft:sign")
    if draft.status not in {"draft", "reviewed"}:
        raise DraftClosedError
    signed = replace(
        draft, status="signed", reviewed_by=by.id, reviewer_name=by.name, reviewed_at=at
    )
    return Accepted(signed, by, token=_TOKEN)


def accepted_before(draft: Draft[T], organisation: str) -> Accepted[T]:
    """Return what was signed earlier, as its signer's word.

    Raises:
        NotSignedError: Nobody has signed it.
    """
    if draft.status != "signed" or draft.reviewed_by is None:
        raise NotSignedError
    name = draft.reviewer_name or draft.reviewed_by
    signer = Actor(draft.reviewed_by, name, Role.CLINICIAN, organisation, session="")
    return Accepted(draft, signer, token=_TOKEN)
