"""Addresses of the patient's assistant and of the explanation of words."""

# Annotations are evaluated here on purpose: FastAPI reads dependencies from a router's closure.

from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Header
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from careflow.ai.desk import Desk
from careflow.ai.portal.assistant import (
    TURNS_MAX,
    Assistant,
    Entry,
    NoQuestionError,
    Urgent,
)
from careflow.ai.running.ask import Question, answered
from careflow.ai.running.telling import EVENTS, UNHELD, AnswerView, event, events_of, view_of
from careflow.identity.actor import Actor
from careflow.identity.permissions import require

Who = Callable[..., Awaitable[Actor]]
_WORDS_MAX = 4000


class TurnBody(BaseModel):
    """One turn of a conversation."""

    model_config = ConfigDict(extra="forbid")
    role: Literal["patient", "assistant"]
    text: str = Field(min_length=1, max_length=_WORDS_MAX)


class ConversationBody(BaseModel):
    """What was said in this session; the last turn is the question. Nothing of it is kept."""

    model_config = ConfigDict(extra="forbid")
    messages: list[TurnBody] = Field(min_length=1, max_length=4 * TURNS_MAX)
    language: Literal["en", "es"] | None = None


class TermBody(BaseModel):
    """A word or a short question to explain."""

    model_config = ConfigDict(extra="forbid")
    term: str = Field(min_length=1, max_length=300)
    level: Literal["plain", "detailed"] = "plain"
    language: Literal["en", "es"] = "en"


class RedFlagView(BaseModel):
    """Words that no one may overlook, and the rule that says so."""

    phrase: str
    rule: str


class UrgentView(BaseModel):
    """``event: urgent``: what rules say must be done before anything is read."""

    level: Literal["emergency", "urgent"]
    advice: str
    red_flags: list[RedFlagView]
    is_clinic_told: bool


class TurnView(BaseModel):
    """An answer, and before it what the rules found."""

    urgent: UrgentView | None
    answer: AnswerView


_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {EVENTS: {"schema": {"type": "string"}}},
        "description": "The answer; to `Accept: text/event-stream` first `urgent`, where rules"
        " found something, then steps and last the answer.",
    }
}


def router(desk: Desk, assistant: Assistant, *, who: Who) -> APIRouter:
    """Return the addresses under ``/api/portal`` at which patients ask."""
    api = APIRouter(prefix="/api/portal", tags=["ai"])
    Asker = Annotated[Actor, Depends(who)]  # noqa: N806 - a type

    @api.post("/assistant", response_model=TurnView, responses=_ANSWERS)
    async def assistant_turn(
        body: ConversationBody, actor: Asker, accept: Annotated[str, Header()] = ""
    ) -> TurnView | StreamingResponse:
        """Answer a patient's question from their own record.

        Rules look for an emergency first: what they find is told before any engine is asked, and
        the clinic's inbox has the patient's words. Nothing else of a conversation is kept.
        """
        require(actor, "assistant:use")
        said = [one.text for one in body.messages if one.role == "patient"]
        if body.messages[-1].role != "patient":
            raise NoQuestionError
        urgent = await assistant.urgent_among(said, actor, language=body.language)
        turns = [one.model_dump() for one in body.messages]
        question = await assistant.about_record(turns, actor)
        return await _told(desk, question, actor, urgent, accept)

    @api.post("/explanations", response_model=TurnView, responses=_ANSWERS)
    async def explanation(
        body: TermBody, actor: Asker, accept: Annotated[str, Header()] = ""
    ) -> TurnView | StreamingResponse:
        """Explain a medical word, plainly or in detail; no record is read for it."""
        require(actor, "assistant:use")
        urgent = await assistant.urgent(
            body.term, actor, language=body.language, tells_clinic=False
        )
        question = await assistant.about_word(body.term, body.level, body.language, actor)
        return await _told(desk, question, actor, urgent, accept)

    @api.get("/entries/{kind}/{entry_id}")
    async def cited_entry(kind: str, entry_id: str, actor: Asker) -> Entry:
        """Show an entry of one's own record that an answer cites."""
        require(actor, "assistant:use")
        return await assistant.entry(kind, entry_id, actor)

    return api


async def _told(
    desk: Desk, question: Question, actor: Actor, urgent: Urgent | None, accept: str
) -> TurnView | StreamingResponse:
    if EVENTS in accept:
        told = _events(desk, question, actor, urgent)
        return StreamingResponse(told, media_type=EVENTS, headers=UNHELD)
    outcome = await answered(desk, question, actor)
    return TurnView(
        urgent=_urgent(urgent), answer=view_of(question.task, outcome, is_patients=True)
    )


async def _events(
    desk: Desk, question: Question, actor: Actor, urgent: Urgent | None
) -> AsyncGenerator[str, None]:
    first = _urgent(urgent)
    if first is not None:
        yield event("urgent", first)
    async for one in events_of(desk, question, actor, is_patients=True):
        yield one


def _urgent(found: Urgent | None) -> UrgentView | None:
    if found is None:
        return None
    return UrgentView(
        level=found.level,
        advice=found.advice,
        red_flags=[RedFlagView(phrase=one.phrase, rule=one.rule) for one in found.red_flags],
        is_clinic_told=found.is_clinic_told,
    )
