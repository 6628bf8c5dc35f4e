"""A task that is asked for now and done by a job: the question is kept, then its content is erased.

The job knows the question by its id alone, and tells the id of the draft; what was asked and
answered stands nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from careflow.ai.answers import Keep, Outcome, outcome_of
from careflow.ai.asking import given_of, task_named
from careflow.ai.engine import Answer
from careflow.ai.file_given import with_file
from careflow.ai.following import OfJob
from careflow.ai.gateway import Gateway
from careflow.ai.histories import Histories
from careflow.ai.task import Task
from careflow.ai.task_drafts.review import TaskReviews
from careflow.audit.entry import AuditEntry
from careflow.audit.trail import record
from careflow.clock import Clock
from careflow.database.documents import Documents, Put
from careflow.database.scope import organisation_scope
from careflow.database.work import Work
from careflow.identity.actor import Actor
from careflow.ids import Mint
from careflow.jobs.job import Handler, Job
from careflow.jobs.queue import queue
from careflow.records.inbox import Inbox

KIND = "ai-question"
TASK_JOB = "ai.run-task"
_ANSWERED = b"{}"

Json = dict[str, Any]


class _Question(msgspec.Struct, frozen=True):
    task: str
    body: Json
    actor: Actor
    about: str | None = None


@dataclass(frozen=True, slots=True)
class Later:
    """Questions that jobs answer."""

    documents: Documents
    gateway: Gateway
    histories: Histories
    reviews: TaskReviews
    inbox: Inbox
    clock: Clock
    mint: Mint

    def handlers(self) -> Mapping[str, Handler]:
        """Return what the queue calls for this room's jobs."""
        return {TASK_JOB: self.answer}

    def ask(
        self, work: Work, task: Task[Any], body: Json, actor: Actor, *, about: str | None = None
    ) -> Job:
        """Stage a question, about a patient or none, and the job that answers it."""
        question = self.mint()
        kept = msgspec.json.encode(_Question(task.name, body, actor, about))
        work.put(_put(question, kept, actor.organisation, version=0))
        return queue(
            work,
            TASK_JOB,
            {"question": question},
            organisation=actor.organisation,
            clock=self.clock,
            mint=self.mint,
            actor=actor.id,
        )

    async def answer(self, job: Job, work: Work) -> Mapping[str, Any]:
        """Run one task; stage its draft, its audit entries and the end of the question."""
        id = str(job.arguments["question"])
        document = await self.documents.read(KIND, id, organisation_scope(job.organisation))
        if document is None or document.deleted or document.body == _ANSWERED:
            return {"status": "answered"}
        question = msgspec.json.decode(document.body, type=_Question)
        outcome, patient = await self._outcome(question, job, work)
        self._record(work, question, outcome, patient, job)
        work.put(_put(id, _ANSWERED, job.organisation, version=document.version))
        named = {"status": outcome.status, "draft": outcome.draft}
        return {name: value for name, value in named.items() if value is not None}

    async def _outcome(
        self, question: _Question, job: Job, work: Work
    ) -> tuple[Outcome, str | None]:
        task, actor = task_named(question.task), question.actor
        given, of_file = await with_file(given_of(task, question.body), self.inbox, actor)
        given = await self.histories.gathered(task, given, actor)
        patient = await self.histories.about(given, actor, named=question.about, of_file=of_file)
        call = await self.gateway.call(
            task,
            organisation=actor.organisation,
            actor=actor.id,
            patient=patient,
            priority=job.priority,
            progress=OfJob(),
        )
        keep = self._keeping(work, task, patient, actor)
        return await outcome_of(self.gateway, task, given, call, keep=keep), patient

    def _keeping(self, work: Work, task: Task[Any], patient: str | None, actor: Actor) -> Keep:
        async def keep(answer: Answer[Any], output: Json) -> str:
            return self.reviews.keep(work, task, answer, output, patient=patient, actor=actor).id

        return keep

    def _record(
        self, work: Work, question: _Question, outcome: Outcome, patient: str | None, job: Job
    ) -> None:
        record(
            work,
            AuditEntry(
                at=self.clock(),
                action=f"ai:{question.task}:run",
                organisation=job.organisation,
                actor=question.actor.id,
                role=question.actor.role,
                patients=(patient,) if patient else (),
                subjects=outcome.made_by,
                request=job.id,
                reason=outcome.trail,
            ),
        )


def _put(id: str, body: bytes, organisation: str, *, version: int) -> Put:
    return Put(KIND, id, body, organisation, expected=version, keep_history=False)
