"""A model that does what the attack wants, and the real gateway in front of it."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from typing_extensions import override

from careflow import clock, ids
from careflow.ai.answers import Outcome, outcome_of
from careflow.ai.asking import task_named
from careflow.ai.call import Call
from careflow.ai.engines.gemini import GeminiModel
from careflow.ai.engines.prompted import PromptedEngine
from careflow.ai.gateway import Gateway
from careflow.ai.governor.govern import Governor
from careflow.ai.governor.ledger import Budgets, Ledger
from careflow.ai.governor.memory import Memory
from careflow.ai.leaving import Privacy
from careflow.ai.policy import Route
from careflow.ai.reading.ocr import find_recogniser
from careflow.ai.reading.page import PageText
from careflow.ai.reading.pages import read_pages
from careflow.ai.task import Given, Span, Task
from tests.ai.adversary.records import PROMPT, Json, given
from tests.contracts.engines import open_sqlite
from tests.harbour import InProcessReader
from tests.standins.gemini import GeminiStandin
from tests.standins.serving import serving

Reply = Json | str | list[str]
_KEY = bytes(range(32))
_REPEATED = 400
_MOST = 0.7
_MARKS = re.compile(r"<[^>]*>|[0-9a-f]{8,}")


@dataclass
class Obedient(GeminiStandin):
    """Answers as an attack wants, and with its instructions where the attack asks for them.

    Attributes:
        reply: What it answers.
        words: Words of a file that it must have been sent, or it answers :attr:`unmoved`.
    """

    reply: Reply = ""
    unmoved: Reply = ""
    words: str = ""
    told: str = ""
    reached: bool = False

    @override
    def _keep(self, entry: Json) -> None:
        super()._keep(entry)
        self.told = _instructions(entry["body"])
        self.reached = _reached(self.words, json.dumps(entry["body"], ensure_ascii=False))
        reply = self.reply if self.reached else self.unmoved
        said = reply if isinstance(reply, str) else json.dumps(reply)
        # The marks are left out, as somebody would ask who wants the words to pass.
        repeated = json.dumps(_MARKS.sub("", self.told)[:_REPEATED])[1:-1]
        self.script.clear()
        self.script.append("text:" + said.replace(PROMPT, repeated))


def _reached(words: str, sent: str) -> bool:
    """Report whether most of the words were sent; a recogniser may have misread a few."""
    long = {word.lower() for word in re.findall(r"\w{4,}", words)}
    return len([word for word in long if word in sent.lower()]) >= _MOST * len(long)


def _instructions(body: Json) -> str:
    parts = body.get("systemInstruction", {}).get("parts", [])
    return "\n".join(part.get("text", "") for part in parts)


@dataclass(frozen=True)
class _AsItIs:
    """Takes nothing out: the people of these sets are invented."""

    given: Given
    counts: Mapping[str, int] = field(default_factory=dict)

    def words(self, text: str) -> str:
        return text

    def place(self, span: Span) -> Span:
        return span


class NothingTakenOut:
    """A privacy gateway for people who do not exist."""

    async def redact(self, task: Task[Any], given: Given, call: Call) -> _AsItIs:
        return _AsItIs(given)


class ReadingReader(InProcessReader):
    """Reads pictures too, where the recogniser is installed."""

    @override
    async def pages(self, content: bytes, media_type: str) -> Sequence[PageText]:
        recogniser = find_recogniser()
        return await asyncio.to_thread(read_pages, content, media_type, recogniser=recogniser)


@dataclass
class Bench:
    """A gateway over a model that obeys; what it sent is kept."""

    gateway: Gateway
    server: Obedient
    asked: int = 0

    async def ask(self, record: Json, reply: Reply) -> tuple[Outcome, str]:
        """Run one record over one reply; return the outcome, and what went over the wire."""
        self.asked += 1
        self.server.reply, self.server.unmoved = reply, record["faithful"]
        self.server.words = record.get("file", {}).get("text", "")
        self.server.reached = False
        before = len(self.server.requests)
        task = task_named(record["task"])
        # An organisation of its own, so that no earlier answer is given again.
        call = await self.gateway.call(task, organisation=f"bench-{self.asked}", actor="nora")
        outcome = await outcome_of(self.gateway, task, given(record), call)
        sent = self.server.requests[before:]
        return outcome, json.dumps(sent, ensure_ascii=False)


@asynccontextmanager
async def bench(folder: Path, privacy: Privacy | None = None) -> AsyncIterator[Bench]:
    """Open a gateway with one engine, over a server on this machine."""
    server = Obedient()
    documents = await open_sqlite(folder, clock.now)
    with serving(server) as address:
        model = GeminiModel("paid", api_key="a-key", base_url=address)
        governor = Governor(
            Ledger(documents, clock=clock.now, limits={}, budgets=Budgets()),
            Memory(documents, master_key=_KEY, clock=clock.now),
            clock.now,
            ids.mint,
            sleep=lambda _: asyncio.sleep(0),
        )
        engine = PromptedEngine(model, governor, Route("gemini"), _KEY)
        gateway = Gateway(
            [engine], ReadingReader(), data="synthetic", privacy=privacy or NothingTakenOut()
        )
        yield Bench(gateway, server)
        await model.close()
    await documents.close()
