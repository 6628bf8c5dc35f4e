"""A patient's question: rules look for an emergency first, the clinic is told, then it is asked.

What the rules find does not wait for an engine and is told even where none can answer.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Literal

from careflow.ai.asking import given_of
from careflow.ai.desk import Desk
from careflow.ai.histories import is_told
from careflow.ai.messages.pool import Pool
from careflow.ai.passages import ORDER, passage_of
from careflow.ai.running.ask import Question
from careflow.ai.task import Task
from careflow.ai.tasks.conversation import HEALTH_TUTOR, PATIENT_CHAT
from careflow.ai.tasks.symptom_analysis import Level, RedFlag, SymptomInput, findings_of
from careflow.database.conditions import TermIn
from careflow.database.documents import Query
from careflow.errors import BadInputError, CareFlowError
from careflow.identity.access import scope_of
from careflow.identity.actor import Actor
from careflow.records.elements import Json, decoded
from careflow.records.measured import is_signed
from careflow.records.proposing import ResourceNotFoundError

log = logging.getLogger(__name__)

TURNS_MAX: Final = 20
"""Of a conversation, so many of its last turns are asked about; the rest is not sent."""


class NoQuestionError(BadInputError):
    """A conversation that does not end with the patient's own words."""

    code: ClassVar[str] = "ai-no-question"

    def __init__(self) -> None:
        super().__init__("Ask a question first.", place="messages")


RECENT: Final = 3
"""Of the patient's last messages, in so many an emergency still counts."""


@dataclass(frozen=True, slots=True)
class Urgent:
    """What rules say must be done before anything is read.

    Attributes:
        is_clinic_told: Whether the patient's words stand in the clinic's inbox now.
    """

    level: Literal["emergency", "urgent"]
    advice: str
    red_flags: tuple[RedFlag, ...]
    is_clinic_told: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the patient's own record; ``report`` is the report that a result stands in."""

    source: str
    text: str
    report: str | None


@dataclass(frozen=True, slots=True)
class Assistant:
    """Answers the patients of one clinic."""

    desk: Desk
    pool: Pool

    async def urgent_among(
        self, texts: Sequence[str], actor: Actor, *, language: str | None
    ) -> Urgent | None:
        """Return what the rules say of the last text; an emergency shortly before still counts.

        The clinic is told of the last text alone: it has the earlier ones already.
        """
        last = await self.urgent(texts[-1], actor, language=language, tells_clinic=True)
        if last is not None and last.level == "emergency":
            return last
        for text in reversed(texts[-RECENT:-1]):
            before = await self.urgent(text, actor, language=language, tells_clinic=False)
            if before is not None and before.level == "emergency":
                return before
        return last

    async def urgent(
        self, text: str, actor: Actor, *, language: str | None, tells_clinic: bool
    ) -> Urgent | None:
        """Return what the rules say of a text; where they find an emergency the clinic is told."""
        found = findings_of(SymptomInput(text=text, language=language))
        level = _pressing(found.level)
        if level is None:
            return None
        is_told_now = tells_clinic and level == "emergency" and await self._told(text, actor)
        return Urgent(level, found.advice, found.red_flags, is_told_now)

    async def about_record(self, turns: Sequence[Json], actor: Actor) -> Question:
        """Return a question about the patient's own record."""
        body = {"messages": list(turns)[-TURNS_MAX:], "patient": actor.patient_id}
        return await self._question(PATIENT_CHAT, body, actor, patient=actor.patient_id)

    async def about_word(self, term: str, level: str, language: str, actor: Actor) -> Question:
        """Return a question about a word; no record is read for it."""
        body = {"term": term, "level": level, "language": language}
        return await self._question(HEALTH_TUTOR, body, actor, patient=actor.patient_id)

    async def entry(self, kind: str, id: str, actor: Actor) -> Entry:
        """Return what an answer cited, in the words that the answer was given.

        Raises:
            ResourceNotFoundError: There is none that the patient may read.
        """
        scope = scope_of(actor)
        if kind not in ORDER or not scope.allows_kind(kind):
            raise ResourceNotFoundError("entry")
        document = await self.desk.documents.read(kind, id, scope)
        if document is None or document.deleted:
            raise ResourceNotFoundError("entry")
        resource = decoded(document)
        today = self.desk.clock().astimezone(self.desk.histories.zone).date()
        passage = passage_of(resource, today=today) if is_told(resource) else None
        if passage is None:
            raise ResourceNotFoundError("entry")
        await self.desk.noted(
            f"records:{kind.lower()}:read",
            actor,
            patients=[actor.patient_id or ""],
            subjects=(passage.source,),
        )
        return Entry(passage.source, passage.text, await self._report(passage.source, actor))

    async def _told(self, text: str, actor: Actor) -> bool:
        """Put the words into the clinic's inbox; the advice is shown even where that fails."""
        try:
            await self.pool.send(text, actor, channel="assistant")
        except CareFlowError as error:
            log.exception("assistant.clinic-not-told", extra={"code": error.code})
            return False
        return True

    async def _question(
        self, task: Task[Any], body: Json, actor: Actor, *, patient: str | None
    ) -> Question:
        given = given_of(task, body)
        given = await self.desk.histories.gathered(task, given, actor)
        return Question(task, given, patient, is_kept=False)

    async def _report(self, source: str, actor: Actor) -> str | None:
        if not source.startswith("Observation/"):
            return None
        query = Query("DiagnosticReport", (TermIn("result", (source,)),), count=5)
        page = await self.desk.documents.find(query, scope_of(actor))
        return next((one.id for one in page.documents if is_signed(decoded(one))), None)


def _pressing(level: Level) -> Literal["emergency", "urgent"] | None:
    return level if level in {"emergency", "urgent"} else None
