"""What tests of this room share: a clinic with a real store, and people who sign in to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from msgspec.structs import asdict

from careflow.audit.encoding import decode
from careflow.audit.sources import STREAM
from careflow.database.work import Work
from careflow.errors import CareFlowError
from careflow.identity.account import Account
from careflow.identity.actor import Actor, Role
from careflow.identity.assembly import Identity
from careflow.identity.http import router

ORGANISATION = "harbour"
MASTER_KEY = bytes(range(32))
PASSWORD = "correct horse battery"
CLINIC_ADDRESS = "203.0.113.7"


class SetClock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 14, 0, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


async def add_person(
    identity: Identity,
    email: str,
    role: Role,
    *,
    password: str = PASSWORD,
    patient_id: str | None = None,
) -> Account:
    """Add an account as the operator would."""
    async with Work(identity.documents) as work:
        return await identity.accounts.add(
            work,
            email=email,
            name=f"{role} person",
            role=role,
            password=password,
            by=None,
            patient_id=patient_id,
        )


def application(identity: Identity) -> FastAPI:
    """Return this room's addresses, with one more that needs a full session."""
    app = FastAPI()

    async def who(request: Request) -> Actor:
        return await identity.authenticator.authenticate(request.headers.raw, request.method)

    async def problem(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, CareFlowError)
        body = {"code": error.code, "detail": error.message}
        retry = getattr(error, "retry_after_s", None)
        headers = {"Retry-After": str(retry)} if retry else None
        return JSONResponse(body, status_code=error.status, headers=headers)

    app.add_exception_handler(CareFlowError, problem)
    app.include_router(router(identity, who))

    @app.api_route("/api/chart", methods=["GET", "POST"])
    async def chart(request: Request) -> dict[str, str]:
        actor = await who(request)
        return {"actor": actor.id, "role": actor.role}

    return app


def browser(
    identity: Identity,
    *,
    address: str = CLINIC_ADDRESS,
    base_url: str = "http://127.0.0.1:8000",
) -> httpx2.AsyncClient:
    """Return a client that comes from an address."""
    transport = httpx2.ASGITransport(app=application(identity), client=(address, 40000))
    return httpx2.AsyncClient(transport=transport, base_url=base_url)


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@dataclass(frozen=True)
class Session:
    """What a sign-in by a program's hands answers."""

    access: str
    refresh: str
    answer: dict[str, Any]

    @property
    def headers(self) -> dict[str, str]:
        return bearer(self.access)


async def sign_in(
    client: httpx2.AsyncClient, email: str, *, password: str = PASSWORD, code: str | None = None
) -> Session:
    """Sign in without cookies; the answer must be a session."""
    body = {"email": email, "password": password} | ({"code": code} if code else {})
    response = await client.post("/api/auth/login", json=body)
    assert response.status_code == 200, response.text
    answer = response.json()
    return Session(answer["access_token"], answer["refresh_token"], answer)


async def trail(identity: Identity) -> list[dict[str, Any]]:
    """Return the audit entries of writes, oldest first."""
    entries = await identity.documents.stream(STREAM, ORGANISATION)
    return [asdict(decode(entry.body)) for entry in entries]
