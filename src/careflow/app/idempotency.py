"""``Idempotency-Key``: what is sent again under the same key is answered again, not done again.

The key is taken in the database before the request runs and keeps the answer for a day, so it holds
over processes and nodes. A refusal (4xx) changed nothing, so it gives the key back. A process that
dies on the way leaves a key without an answer: whether its change was stored nobody can say, so the
request is not run again, and its sender is told to look.
"""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import ClassVar, Final

import msgspec

from careflow.app import problems
from careflow.app.guards import DATA_HEADERS, Application, Message, Receive, Scope, Send
from careflow.clock import Clock
from careflow.database.conditions import StoredBetween
from careflow.database.documents import (
    Delete,
    Document,
    Documents,
    Put,
    Query,
    VersionMismatchError,
)
from careflow.database.failures import UnconfirmedError
from careflow.database.scope import organisation_scope
from careflow.database.work import Work
from careflow.errors import BadInputError, CareFlowError, ConflictError, UnprocessableError
from careflow.fhir.outcome import outcome_of
from careflow.identity.actor import Actor
from careflow.ids import Mint

KIND: Final = "idempotency"
KEPT_FOR: Final = timedelta(hours=24)
IN_PROGRESS_FOR: Final = timedelta(minutes=10)
"""How long a key without an answer is believed to belong to a request that still runs."""
ANSWER_BYTES: Final = 256 * 1024
"""Of a longer answer, status and headers are kept, and not the body."""
KEY_LENGTH_MAX: Final = 255
FORGETTING_EVERY: Final = timedelta(hours=1)
FORGOTTEN_AT_ONCE: Final = 100

_HEADER: Final = b"idempotency-key"
_UNSAFE: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_REFUSED: Final = range(400, 500)
_UNAVAILABLE: Final = 503
_UNCONFIRMED: Final = UnconfirmedError.code.encode()
"""Of all that is unavailable only this may have been stored."""
_UNKEPT: Final = frozenset({b"set-cookie", b"connection", b"content-length"})
_REPLAYED: Final = (b"idempotency-replayed", b"true")
_FHIR: Final = "/api/fhir/R4"

Who = Callable[[Iterable[tuple[bytes, bytes]], str], Awaitable[Actor]]
Visitor = Callable[[Scope], Actor | None]


class BadKeyError(BadInputError):
    """An ``Idempotency-Key`` that is none."""

    code: ClassVar[str] = "app-idempotency-key-invalid"

    def __init__(self) -> None:
        super().__init__(
            f"Send one Idempotency-Key of 1 to {KEY_LENGTH_MAX} visible ASCII characters.",
            place="Idempotency-Key",
        )


class KeyReusedError(UnprocessableError):
    """The key belongs to another request; nothing was done."""

    code: ClassVar[str] = "app-idempotency-key-reused"

    def __init__(self) -> None:
        super().__init__(
            "This Idempotency-Key was used for another request: send a new one with a new request.",
            place="Idempotency-Key",
        )


class InProgressError(ConflictError):
    """The first request under the key still runs."""

    code: ClassVar[str] = "app-idempotency-in-progress"

    def __init__(self) -> None:
        super().__init__("The same request is being worked on: ask again in a moment.")


class OutcomeUnknownError(ConflictError):
    """The first request under the key never ended; it may have been stored."""

    code: ClassVar[str] = "app-idempotency-outcome-unknown"

    def __init__(self) -> None:
        super().__init__(
            "The same request was begun and its answer lost: look whether its change is there"
            " before you send it under a new key."
        )


class _Kept(msgspec.Struct, array_like=True):
    """What stands under a key; without a status, the request has not been answered."""

    request: bytes
    at: datetime
    body_length: int = 0
    body_hash: bytes = b""
    status: int = 0
    headers: list[tuple[bytes, bytes]] = []
    answer: bytes = b""


class Idempotency:
    """Wraps the whole application.

    Args:
        who: Says who is asking; a key is its sender's own.
        visitor: Says whose a request is that needs no account, where the address is one of those.
    """

    def __init__(
        self,
        application: Application,
        *,
        documents: Documents,
        organisation: str,
        who: Who,
        clock: Clock,
        mint: Mint,
        visitor: Visitor | None = None,
    ) -> None:
        self._application = application
        self._documents = documents
        self._organisation = organisation
        self._who = who
        self._visitor = visitor
        self._clock, self._mint = clock, mint
        self._forgot_at: datetime | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or answer it again."""
        if scope["type"] != "http" or scope["method"] not in _UNSAFE or not _takes(scope["path"]):
            await self._application(scope, receive, send)
            return
        keys = [value for name, value in scope["headers"] if name == _HEADER]
        if not keys:
            await self._application(scope, receive, send)
            return
        actor = self._visitor(scope) if self._visitor is not None else None
        try:
            actor = actor or await self._who(scope["headers"], scope["method"])
        except CareFlowError:
            # The application says so better; it does nothing for who is not signed in.
            await self._application(scope, receive, send)
            return
        try:
            await self._once(scope, _Hearing(receive), send, _id_of(actor, keys))
        except CareFlowError as error:
            await self._refuse(scope, send, error)

    async def _once(self, scope: Scope, heard: _Hearing, send: Send, id: str) -> None:
        kept = _Kept(_fingerprint(scope), self._clock())
        stored = await self._take(id, kept)
        if isinstance(stored, _Kept):
            await self._again(stored, kept, heard, send)
            return
        saying = _Saying(send)
        try:
            await self._application(scope, heard, saying)
        except Exception:
            # The last handler has answered before it let the error go on. The key stays taken:
            # nobody knows how much was stored.
            await saying.finish()
            raise
        if _is_refused(saying):
            await self._commit(Delete(KIND, id, self._organisation, expected=stored))
        else:
            kept.status, kept.headers, kept.answer = saying.status, saying.headers, saying.body
            kept.body_length, kept.body_hash = heard.length, heard.hash()
            await self._commit(self._put(id, kept, expected=stored))
        await saying.finish()
        await self._forget_old()

    async def _take(self, id: str, kept: _Kept) -> _Kept | int:
        """Take a key and return its version, or return what stands under it."""
        try:
            return await self._commit(self._put(id, kept, expected=0))
        except VersionMismatchError:
            document = await self._documents.read(KIND, id, organisation_scope(self._organisation))
        if document is None or document.deleted:  # given back since
            raise InProgressError
        found = msgspec.msgpack.decode(document.body, type=_Kept)
        if found.at + KEPT_FOR > kept.at:
            return found
        try:
            return await self._commit(self._put(id, kept, expected=document.version))
        except VersionMismatchError as error:
            raise InProgressError from error

    async def _again(self, found: _Kept, asked: _Kept, heard: _Hearing, send: Send) -> None:
        if not hmac.compare_digest(found.request, asked.request):
            raise KeyReusedError
        if not found.status:
            if found.at + IN_PROGRESS_FOR > asked.at:
                raise InProgressError
            raise OutcomeUnknownError
        if not await heard.is_same(found.body_length, found.body_hash):
            raise KeyReusedError
        await _send(send, found.status, [*found.headers, _REPLAYED], found.answer)

    def _put(self, id: str, kept: _Kept, *, expected: int) -> Put:
        body = msgspec.msgpack.encode(kept)
        return Put(KIND, id, body, self._organisation, expected=expected, keep_history=False)

    async def _commit(self, change: Put | Delete) -> int:
        work = Work(self._documents)
        staged = work.put(change) if isinstance(change, Put) else work.delete(change)
        await work.commit()
        document: Document = staged.document
        return document.version

    async def _forget_old(self) -> None:
        """Delete answers whose day is over, some at a time, once an hour of use."""
        at = self._clock()
        if self._forgot_at is not None and at < self._forgot_at + FORGETTING_EVERY:
            return
        self._forgot_at = at
        query = Query(KIND, (StoredBetween(before=at - KEPT_FOR),), count=FORGOTTEN_AT_ONCE)
        page = await self._documents.find(query, organisation_scope(self._organisation))
        for old in page.documents:
            with suppress(VersionMismatchError):  # taken anew since
                await self._commit(Delete(KIND, old.id, self._organisation, expected=old.version))

    async def _refuse(self, scope: Scope, send: Send, error: CareFlowError) -> None:
        is_fhir = scope["path"].startswith(_FHIR)
        body = outcome_of(error) if is_fhir else problems.body(problems.of_error(error))
        media = b"application/fhir+json; charset=utf-8" if is_fhir else problems.MEDIA_TYPE.encode()
        headers = [
            *((b"content-type", media), (b"cache-control", b"no-store"), *DATA_HEADERS),
            # The body was not read, so this connection cannot carry another request.
            *((b"connection", b"close"), (b"x-request-id", self._mint().encode())),
            *((k.lower().encode(), v.encode()) for k, v in problems.headers(error).items()),
        ]
        await _send(send, error.status, headers, body)


class _Hearing:
    """Hears a body on its way to the application, of any length, without keeping it."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._hash = blake2b(digest_size=32)
        self._more = True
        self.length = 0

    async def __call__(self) -> Message:
        message = await self._receive()
        if message["type"] != "http.request":
            self._more = False
            return message
        chunk = message.get("body", b"")
        self._hash.update(chunk)
        self.length += len(chunk)
        self._more = message.get("more_body", False)
        return message

    def hash(self) -> bytes:
        """Return the hash of what the application heard."""
        return self._hash.digest()

    async def is_same(self, length: int, digest: bytes) -> bool:
        """Read the body, never further than the first one was long, and compare."""
        while self._more and self.length <= length:
            await self()
        return self.length == length and hmac.compare_digest(digest, self.hash())


class _Saying:
    """Holds an answer back until it is kept; one that is long or a stream goes out at once."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._held: list[Message] = []
        self._is_long = False
        self.status = 0
        self.headers: list[tuple[bytes, bytes]] = []
        self.body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = [(name.lower(), value) for name, value in message.get("headers", ())]
            self.headers = [pair for pair in headers if pair[0] not in _UNKEPT]
        elif not self._is_long:
            self.body += message.get("body", b"")
        self._held.append(message)
        if self._is_long or len(self.body) > ANSWER_BYTES:
            self._is_long, self.body = True, b""
            await self.finish()

    async def finish(self) -> None:
        """Let go of what is held."""
        held, self._held = self._held, []
        for message in held:
            await self._send(message)


def _is_refused(saying: _Saying) -> bool:
    """Report whether nothing was done, so that the key may be used again."""
    if saying.status == _UNAVAILABLE:
        return _UNCONFIRMED not in saying.body
    return saying.status in _REFUSED


def _takes(path: str) -> bool:
    return path.startswith("/api/") and path != "/api/auth" and not path.startswith("/api/auth/")


def _id_of(actor: Actor, keys: list[bytes]) -> str:
    """Return the document's id: the key is its sender's, in the role and reach of that time."""
    key = keys[0]
    if len(keys) > 1 or not 0 < len(key) <= KEY_LENGTH_MAX or not all(32 < c < 127 for c in key):
        raise BadKeyError
    reach = " ".join(sorted(actor.scopes))
    parts = [actor.id.encode(), str(actor.role).encode(), reach.encode(), key]
    return blake2b(msgspec.msgpack.encode(parts), digest_size=20).hexdigest()


def _fingerprint(scope: Scope) -> bytes:
    parts = [scope["method"].encode(), scope["raw_path"], scope["query_string"]]
    return blake2b(msgspec.msgpack.encode(parts), digest_size=32).digest()


async def _send(send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    headers = [*headers, (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
