"""Addresses of the flow board: a visit's next stage, undoing it, and what changes as it changes."""

# Annotations are evaluated here on purpose: FastAPI reads the dependency from the router's closure.

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from careflow.database.documents import Document, Documents
from careflow.identity.actor import Actor
from careflow.identity.permissions import require
from careflow.jobs.ending import cancel_all
from careflow.scheduling.flow.life import Stage
from careflow.scheduling.flow.moving import Flow

Who = Callable[..., Awaitable[Actor]]
Reason = Annotated[str, Field(min_length=1, max_length=200)]
Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9.\-]{1,64}$")]

QUIET_S = 15.0
"""A line is sent at least this often, so that proxies keep the connection."""
LONGEST_S = 300.0
"""How long one connection lasts."""
WATCHED = frozenset({"Appointment", "Encounter"})


class StageBody(BaseModel):
    """The next stage; ``version`` is the one that was seen, ``room`` where it goes on."""

    model_config = ConfigDict(extra="forbid")
    stage: Stage
    version: int
    room: Annotated[str, Field(pattern=r"^Location/[A-Za-z0-9.\-]{1,64}$")] | None = None
    reason: Reason | None = None


class UndoBody(BaseModel):
    """Why the last step is taken back."""

    model_config = ConfigDict(extra="forbid")
    version: int
    reason: Reason


class StageView(BaseModel):
    """A visit's version after the step."""

    id: str
    version: int


@dataclass(frozen=True, slots=True)
class Board:
    """Everything these addresses stand on."""

    flow: Flow
    documents: Documents


def router(board: Board, *, who: Who) -> APIRouter:
    """Return the addresses under ``/api/visits``."""
    api = APIRouter(prefix="/api/visits", tags=["visits"])
    Asker = Annotated[Actor, Depends(who)]  # noqa: N806 - an annotation

    @api.post("/{visit_id}/stage")
    async def move_on(visit_id: Id, body: StageBody, actor: Asker) -> StageView:
        """Take a visit to its next stage."""
        require(actor, "visits:write")
        stored = await board.flow.move(
            visit_id,
            body.stage,
            actor=actor,
            expected=body.version,
            room=body.room,
            reason=body.reason,
        )
        return StageView(id=stored.id, version=stored.version)

    @api.post("/{visit_id}/undo")
    async def undo_step(visit_id: Id, body: UndoBody, actor: Asker) -> StageView:
        """Take back the last step, once."""
        require(actor, "visits:write")
        stored = await board.flow.undo(
            visit_id, actor=actor, expected=body.version, reason=body.reason
        )
        return StageView(id=stored.id, version=stored.version)

    @api.get("/events", response_class=StreamingResponse)
    async def visit_events(
        actor: Asker, for_s: Annotated[float, Query(ge=0, le=LONGEST_S)] = LONGEST_S
    ) -> StreamingResponse:
        """Tell which visits change, as they change: identifiers alone.

        It ends after a while; whoever asks again shows their sign-in again.
        """
        require(actor, "schedule:read")
        # Both adapters watch by a generator, which is closed when nobody listens any more.
        changes = cast(
            "AsyncGenerator[Document, None]",
            board.documents.watch(WATCHED, actor.organisation),
        )
        return StreamingResponse(
            _events(changes, for_s),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )

    return api


async def _events(
    changes: AsyncGenerator[Document, None], for_s: float
) -> AsyncGenerator[str, None]:
    loop = asyncio.get_running_loop()
    until = loop.time() + for_s
    coming = asyncio.ensure_future(anext(changes, None))
    yield ": watching\n\n"
    try:
        while (left := until - loop.time()) > 0:
            await asyncio.wait({coming}, timeout=min(QUIET_S, left))
            if not coming.done():
                yield ": still here\n\n"
                continue
            document = coming.result()
            if document is None:
                return
            yield f'event: visit\ndata: {{"id":"{document.kind}/{document.id}"}}\n\n'
            coming = asyncio.ensure_future(anext(changes, None))
    finally:
        await cancel_all({coming})
        await changes.aclose()
