"""Drafts of tasks as review screens get them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Literal

from pydantic import BaseModel

from careflow.ai.asking import task_named
from careflow.ai.draft import SignedOff, Status
from careflow.ai.drafts import OPEN
from careflow.ai.record_shown import left_out_sentences
from careflow.ai.task_drafts.changing import may_change
from careflow.ai.task_drafts.filing import kind_filed
from careflow.ai.task_drafts.parts import left_of, part_at, parts_of, unsettled
from careflow.ai.task_drafts.review import UnderReview
from careflow.ai.task_drafts.urgency import urgency_of
from careflow.clock import instant_text
from careflow.records.person import PatientLine


class FindingView(BaseModel):
    """Something to settle before signing; ``part`` is the part it is in, if it is in one."""

    kind: str
    said: str
    place: str
    sentence: str
    part: str | None
    is_settled: bool


class PassageView(BaseModel):
    """Words that the draft was made from: ``text``, ``asked``, or a resource of the record."""

    source: str
    text: str


class PartView(BaseModel):
    """A part that is signed off on its own, by whom and when it was."""

    place: str
    unsettled: int
    signed_off_by: str | None
    signed_off_at: str | None


class TaskDraftLine(BaseModel):
    """A draft in a list: enough to choose it by, and no word of what it says."""

    id: str
    task: str
    title: str
    status: Status
    urgency: Literal["now", "soon", "usual"]
    patient: PatientLine | None
    created_at: str
    engine: str
    unsettled: int
    parts: int
    signed_off: int
    reviewed_by: str | None
    reviewed_at: str | None


class TaskDraftView(BaseModel):
    """A task's draft: what it says, what a model said, and what is left to do.

    ``becomes`` is the kind of document that signing writes to the chart, if it writes any;
    ``may_change`` tells whether a person can correct the output before they sign it.
    """

    id: str
    task: str
    title: str
    status: Status
    urgency: Literal["now", "soon", "usual"]
    version: int
    patient: PatientLine | None
    created_at: str
    engine: str
    model: str
    prompt: str
    sources: list[dict[str, Any]]
    redacted: dict[str, int]
    left_out: list[str]
    notice: str | None
    given: list[PassageView]
    output: dict[str, Any]
    said: dict[str, Any] | None
    changed_by: str | None
    findings: list[FindingView]
    parts: list[PartView]
    left: str | None
    open_s: int
    reviewed_by: str | None
    reviewed_at: str | None
    why_rejected: str | None
    becomes: str | None
    may_change: bool


def line_of(one: UnderReview) -> TaskDraftLine:
    """Return a draft as a line of a list."""
    draft = one.draft
    return TaskDraftLine(
        id=draft.id,
        task=draft.task,
        title=task_named(draft.task).title,
        status=draft.status,
        urgency=urgency_of(draft.output),
        patient=one.patient,
        created_at=instant_text(draft.created_at),
        engine=draft.made_by.engine,
        unsettled=unsettled(draft),
        parts=len(parts_of(draft.output)),
        signed_off=len(draft.signed_off),
        reviewed_by=draft.reviewer_name,
        reviewed_at=instant_text(draft.reviewed_at) if draft.reviewed_at else None,
    )


def view_of(one: UnderReview) -> TaskDraftView:
    """Return a draft as the review screen shows it."""
    draft = one.draft
    parts = parts_of(draft.output)
    done = {signed.part: signed for signed in draft.signed_off}
    return TaskDraftView(
        id=draft.id,
        task=draft.task,
        title=task_named(draft.task).title,
        status=draft.status,
        urgency=urgency_of(draft.output),
        version=one.stored.version,
        patient=one.patient,
        created_at=instant_text(draft.created_at),
        engine=draft.made_by.engine,
        model=draft.made_by.model,
        prompt=draft.made_by.prompt,
        sources=[{k: v for k, v in asdict(one).items() if v is not None} for one in draft.sources],
        redacted=dict(draft.redacted),
        left_out=left_out_sentences(draft.left_out),
        notice=draft.notice,
        given=[PassageView(source=one.source, text=one.text) for one in draft.given],
        output=draft.output,
        said=draft.said,
        changed_by=draft.changed_by,
        findings=[
            FindingView(
                kind=found.kind,
                said=found.said,
                place=found.place,
                sentence=found.sentence,
                part=part_at(found.place, parts),
                is_settled=number in draft.settled,
            )
            for number, found in enumerate(draft.findings)
        ],
        parts=[_part(place, unsettled(draft, place), done) for place in parts],
        left=left_of(draft) if draft.status in OPEN else None,
        open_s=round(one.seconds),
        reviewed_by=draft.reviewer_name,
        reviewed_at=instant_text(draft.reviewed_at) if draft.reviewed_at else None,
        why_rejected=draft.why_rejected,
        becomes=kind_filed(draft),
        may_change=may_change(draft.task),
    )


def _part(place: str, left: int, done: Mapping[str, SignedOff]) -> PartView:
    signed = done.get(place)
    return PartView(
        place=place,
        unsettled=left,
        signed_off_by=signed.name if signed else None,
        signed_off_at=instant_text(signed.at) if signed else None,
    )
