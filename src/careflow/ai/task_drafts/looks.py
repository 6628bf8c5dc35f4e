"""How long reviewers had each part of a draft before them, by the platform's own clock.

A browser says which part is on screen; the platform measures from word to word. Silence counts for
two minutes at most, so that a forgotten window is not taken for care.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from careflow.clock import Clock
from careflow.database.conditions import TermIn
from careflow.database.documents import Documents, Entries, Put, Query
from careflow.database.scope import organisation_scope
from careflow.database.work import Work
from careflow.identity.actor import Actor

KIND = "draft-look"
SILENCE_MAX = timedelta(minutes=2)
_LOOKERS_MAX = 200


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """What one person looked at in one draft.

    Attributes:
        part: The part that is open now, if any.
        at: When they were last heard of.
        seconds: How long, by part.
    """

    part: str | None = None
    at: datetime
    seconds: Mapping[str, float] = {}

    def on(self, part: str | None, at: datetime) -> Look:
        """Return the look once another part, or none, is open."""
        if self.part is None:
            return Look(part=part, at=at, seconds=self.seconds)
        passed = max(timedelta(), min(at - self.at, SILENCE_MAX)).total_seconds()
        seconds = {**self.seconds, self.part: self.seconds.get(self.part, 0.0) + passed}
        return Look(part=part, at=at, seconds=seconds)


@dataclass(frozen=True, slots=True)
class Looks:
    """The looks of one platform."""

    documents: Documents
    clock: Clock

    async def look(self, work: Work, draft: str, part: str | None, actor: Actor) -> None:
        """Stage that the actor has this part of a draft before them now, or none any more."""
        id = f"{draft}.{actor.id}"
        scope = organisation_scope(actor.organisation)
        document = await self.documents.read(KIND, id, scope)
        at = self.clock()
        is_new = document is None or document.deleted
        before = Look(at=at) if is_new or document is None else _LOOK.decode(document.body)
        work.put(
            Put(
                KIND,
                id,
                msgspec.json.encode(before.on(part, at)),
                actor.organisation,
                entries=Entries(terms=[("draft", draft)]),
                expected=0 if document is None else document.version,
                keep_history=False,
            )
        )

    async def seconds(self, draft: str, organisation: str) -> Mapping[str, float]:
        """Return for how long each part of a draft was open, whoever looked."""
        query = Query(KIND, (TermIn("draft", (draft,)),), count=_LOOKERS_MAX)
        page = await self.documents.find(query, organisation_scope(organisation))
        together: dict[str, float] = {}
        for document in page.documents:
            for part, seconds in _LOOK.decode(document.body).seconds.items():
                together[part] = together.get(part, 0.0) + seconds
        return together


_LOOK = msgspec.json.Decoder(Look)
