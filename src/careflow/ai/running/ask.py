"""One question at once: gathered, run, kept where it is to be reviewed, and told to the trail."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from careflow.ai.answers import Keep, Outcome, outcome_of
from careflow.ai.desk import Desk
from careflow.ai.drafts import LAB_REPORTS
from careflow.ai.engine import Answer
from careflow.ai.file_given import with_file
from careflow.ai.progress import SILENT, Progress
from careflow.ai.task import BadTaskInputError, Given, Task
from careflow.database.work import Work
from careflow.identity.actor import Actor


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, once it is known that the asker may ask it.

    Attributes:
        patient: Whose record it is about.
        is_kept: Whether an answer becomes a draft to be reviewed.
    """

    task: Task[Any]
    given: Given
    patient: str | None
    is_kept: bool


async def question_of(
    desk: Desk,
    task: Task[Any],
    given: Given,
    actor: Actor,
    *,
    store: bool | None,
    about: str | None = None,
) -> Question:
    """Return a question with the file and the parts of the record that it names.

    Without ``store``, an answer about a patient is kept and no other. ``about`` is the patient that
    a text is of: what the chart knows of them is taken out of it, and their consent holds.
    """
    given, of_file = await with_file(given, desk.inbox, actor)
    given = await desk.histories.gathered(task, given, actor)
    patient = await desk.histories.about(given, actor, named=about, of_file=of_file)
    is_kept = patient is not None if store is None else store
    if is_kept:
        refuse_reports(task)
    return Question(task, given, patient, is_kept)


async def answered(
    desk: Desk, question: Question, actor: Actor, progress: Progress = SILENT
) -> Outcome:
    """Run a question; the trail knows of it before anyone reads the answer.

    A run that is stopped half way is in the trail as well: its question may have left the machine.
    """
    task = question.task
    call = await desk.gateway.call(
        task,
        organisation=actor.organisation,
        actor=actor.id,
        patient=question.patient,
        progress=progress,
    )
    keep = _keeping(desk, question, actor) if question.is_kept else None
    try:
        outcome = await outcome_of(desk.gateway, task, question.given, call, keep=keep)
    except asyncio.CancelledError:
        await _noted(desk, question, actor, reason="stopped")
        raise
    await _noted(desk, question, actor, subjects=outcome.made_by, reason=outcome.trail)
    return outcome


def refuse_reports(task: Task[Any]) -> None:
    """Raise for laboratory reports: their drafts are reviewed beside their pages, in the inbox."""
    if task.name == LAB_REPORTS:
        raise BadTaskInputError("Upload a laboratory report to the inbox instead.")


async def _noted(
    desk: Desk,
    question: Question,
    actor: Actor,
    *,
    subjects: tuple[str, ...] = (),
    reason: str | None,
) -> None:
    await desk.noted(
        f"ai:{question.task.name}:run",
        actor,
        patients=[question.patient] if question.patient else [],
        subjects=subjects,
        reason=reason,
    )


def _keeping(desk: Desk, question: Question, actor: Actor) -> Keep:
    async def keep(answer: Answer[Any], output: dict[str, Any]) -> str:
        async with Work(desk.documents) as work:
            kept = desk.task_reviews.keep(
                work, question.task, answer, output, patient=question.patient, actor=actor
            )
        return kept.id

    return keep
