"""Answers kept for the same question: a repeat gets them, two at once make one call over there.

Only an exact repeat counts: a near one may be about another patient. What is kept is encrypted with
a key of the organisation's own and thrown away after a day.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import os
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from careflow.ai.call import Call
from careflow.ai.governor.ledger import milliseconds
from careflow.ai.model import ModelReply, ModelRequest, Text
from careflow.clock import Clock
from careflow.database.documents import Delete, Document, Documents, Put, VersionMismatchError
from careflow.database.scope import organisation_scope
from careflow.keys import derive

KIND = "ai-answer"
KEPT_FOR = timedelta(days=1)
NEVER_KEPT = frozenset({"patient-chat", "symptom-analysis"})
"""Conversations and triage: someone who asks again means now."""

_ASKING_FOR = timedelta(minutes=3)
"""How long a call may be out before another one may ask the same."""
_LOOK_AGAIN_S = 0.2
_NONCE = 12


class Kept(msgspec.Struct, frozen=True):
    """An answer that is kept, or that someone is asking for."""

    until: int
    reply: bytes | None = None


class Memory:
    """Remembers answers of one platform."""

    def __init__(self, documents: Documents, *, master_key: bytes, clock: Clock) -> None:
        self._documents = documents
        self._master_key = master_key
        self._clock = clock
        self._asking: dict[str, asyncio.Future[ModelReply]] = {}

    def key(self, model: str, request: ModelRequest, call: Call, prompt: str) -> str:
        """Return the name of a question: equal for equal words and pictures, and for nothing else.

        It is keyed, so that nobody can find out by trying which question was asked.
        """
        parts = [
            part.text.encode()
            if isinstance(part, Text)
            else part.media_type.encode() + b"\0" + part.content
            for part in request.parts
        ]
        question: list[Any] = [
            call.task,
            prompt,
            model,
            request.system,
            parts,
            request.schema,
            request.tokens_max,
            request.temperature,
        ]
        said = msgspec.json.encode(question, order="deterministic")
        return hmac.new(self._secret(call), said, hashlib.sha256).hexdigest()

    async def once(
        self, key: str, call: Call, ask: Callable[[], Awaitable[ModelReply]]
    ) -> ModelReply:
        """Return the kept answer, or ask for it; whoever asks the same meanwhile waits for it."""
        if call.task in NEVER_KEPT:
            return await ask()
        while (running := self._asking.get(key)) is not None:
            try:
                return await asyncio.shield(running)
            except asyncio.CancelledError:
                # Who asked first may have gone away; who waits for the same then asks anew.
                if not running.cancelled():
                    raise
        future: asyncio.Future[ModelReply] = asyncio.get_running_loop().create_future()
        self._asking[key] = future
        try:
            reply = await self._once_everywhere(key, call, ask)
        except asyncio.CancelledError:
            future.cancel()
            raise
        except BaseException as error:
            future.set_exception(error)
            # Whoever waits sees it; with nobody waiting it is not "never retrieved".
            future.exception()
            raise
        else:
            future.set_result(reply)
            return reply
        finally:
            del self._asking[key]

    async def _once_everywhere(
        self, key: str, call: Call, ask: Callable[[], Awaitable[ModelReply]]
    ) -> ModelReply:
        while True:
            document = await self._read(key, call)
            kept = _kept(document)
            now = milliseconds(self._clock())
            if document is not None and kept is not None and kept.until > now:
                if kept.reply is not None:
                    return self._opened(kept.reply, key, call)
                await asyncio.sleep(_LOOK_AGAIN_S)
                continue
            version = 0 if document is None else document.version
            try:
                asking = Kept(milliseconds(self._clock() + _ASKING_FOR))
                version = await self._put(key, call, asking, version)
            except VersionMismatchError:
                continue
            return await self._asked(key, call, ask, version)

    async def _asked(
        self, key: str, call: Call, ask: Callable[[], Awaitable[ModelReply]], version: int
    ) -> ModelReply:
        try:
            reply = await ask()
        except BaseException:
            await self._forget(key, call, version)
            raise
        if reply.finish != "done":
            await self._forget(key, call, version)
            return reply
        sealed = self._sealed(reply, key, call)
        until = milliseconds(self._clock() + KEPT_FOR)
        # Someone may have given this call up for lost and asked again: theirs is kept.
        with suppress(VersionMismatchError):
            await self._put(key, call, Kept(until, sealed), version)
        return reply

    # --- storing ---------------------------------------------------------------------------

    async def _read(self, key: str, call: Call) -> Document | None:
        document = await self._documents.read(KIND, key, organisation_scope(call.organisation))
        return None if document is None or document.deleted else document

    async def _put(self, key: str, call: Call, kept: Kept, version: int) -> int:
        body = msgspec.msgpack.encode(kept)
        change = Put(KIND, key, body, call.organisation, expected=version, keep_history=False)
        [document] = await self._documents.commit([change])
        return document.version

    async def _forget(self, key: str, call: Call, version: int) -> None:
        with suppress(VersionMismatchError):
            await self._documents.commit([Delete(KIND, key, call.organisation, expected=version)])

    def _secret(self, call: Call) -> bytes:
        return derive(self._master_key, f"ai memory {call.organisation}")

    def _sealed(self, reply: ModelReply, key: str, call: Call) -> bytes:
        nonce = os.urandom(_NONCE)
        plain = msgspec.msgpack.encode(reply)
        return nonce + AESGCM(self._secret(call)).encrypt(nonce, plain, key.encode())

    def _opened(self, sealed: bytes, key: str, call: Call) -> ModelReply:
        nonce, cipher = sealed[:_NONCE], sealed[_NONCE:]
        plain = AESGCM(self._secret(call)).decrypt(nonce, cipher, key.encode())
        return msgspec.msgpack.decode(plain, type=ModelReply)


def _kept(document: Document | None) -> Kept | None:
    return None if document is None else msgspec.msgpack.decode(document.body, type=Kept)
