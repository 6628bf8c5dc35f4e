"""How a program gets its access token, as the edge runs it, free of HTTP.

As with people (see ``front_door``) an attempt is counted and committed before the proof is looked
at, and a refusal is written down although the request fails.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from careflow.database.work import Work
from careflow.identity import assertions
from careflow.identity.actor import Actor
from careflow.identity.assembly import Identity
from careflow.identity.assertions import Assertion, AssertionRefusedError
from careflow.identity.clients import TOKEN_LIFETIME, Client, ClientRefusedError
from careflow.identity.discovery import TOKEN_PATH
from careflow.identity.oauth import TokenRequest
from careflow.identity.one_work import one_work
from careflow.identity.smart import grants_of

Stage = Callable[[Work], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class ClientToken:
    """An access token for a program; ``patient_id`` is whom its ``patient/`` scopes reach."""

    access_token: str
    expires_in_s: int
    scopes: frozenset[str]
    patient_id: str | None = None


class ClientDoor:
    """Lets programs in."""

    def __init__(self, identity: Identity) -> None:
        self._identity = identity

    async def token(self, asked: TokenRequest, *, address: str, origin: str) -> ClientToken:
        """Give a program its access token.

        ``address`` is where the request came from, ``origin`` the scheme and host it was sent to;
        a statement that was signed for another server is not taken here.

        Raises:
            ClientRefusedError: The proof is wrong, or the client is switched off.
            careflow.identity.slowing.TooManyAttemptsError: Too many wrong ones before.
            careflow.identity.smart.BadScopeError: Nothing of what it asked for is its own.
        """
        if not asked.assertion:
            return await self._by_secret(asked, address)
        id = assertions.client_named(asked.assertion)
        if asked.client_id not in {"", id}:
            raise AssertionRefusedError
        return await self._by_assertion(asked, id, address, origin)

    async def _by_secret(self, asked: TokenRequest, address: str) -> ClientToken:
        async def prove() -> tuple[Client, Stage | None]:
            clients = self._identity.clients
            return await clients.prove(asked.client_id, asked.client_secret), None

        return await self._begun(asked.client_id, asked.scopes, address, prove)

    async def _by_assertion(
        self, asked: TokenRequest, id: str, address: str, origin: str
    ) -> ClientToken:
        identity = self._identity
        audience = f"{identity.origin or origin}{TOKEN_PATH}"

        async def prove() -> tuple[Client, Stage | None]:
            client = await identity.clients.active(id)
            if client is None:
                raise AssertionRefusedError
            proved: Assertion = assertions.check(
                asked.assertion, client, audience=audience, at=identity.clock()
            )

            async def use(work: Work) -> None:
                await identity.assertions.use(work, proved)

            return client, use

        return await self._begun(id, asked.scopes, address, prove)

    async def _begun(
        self,
        id: str,
        scopes: frozenset[str],
        address: str,
        prove: Callable[[], Awaitable[tuple[Client, Stage | None]]],
    ) -> ClientToken:
        identity, name = self._identity, f"client:{id}"
        documents, slowing = identity.documents, identity.slowing

        async def count(work: Work) -> None:
            await slowing.sign_in_failed(work, name, address)
            identity.sign_in.note_refused(work, None)

        async def begin(work: Work) -> Actor:
            if use is not None:
                await use(work)
            await slowing.sign_in_succeeded(work, name, address)
            return identity.clients.begin(work, client, scopes)

        await one_work(documents, lambda work: slowing.admit_sign_in(work, name, address))
        try:
            client, use = await prove()
            actor = await one_work(documents, begin)
        except ClientRefusedError:
            await one_work(documents, count)
            raise
        at = identity.clock()
        token = identity.tokens.sign(actor, at=at, until=at + TOKEN_LIFETIME)
        patient = actor.patient_id if grants_of(actor.scopes).needs_patient() else None
        return ClientToken(token, int(TOKEN_LIFETIME.total_seconds()), actor.scopes, patient)
