"""A whole platform over a scratch folder, asked over ASGI as a browser or a program would."""

from __future__ import annotations

import io
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import httpx2
import pytest

from careflow import logs, settings
from careflow.app.assemble import assemble
from careflow.app.guards import Application
from careflow.composition import Platform, open_platform
from careflow.database.work import Work
from careflow.identity.actor import Role

PASSWORD = "correct horse battery staple"
FAST_HASH = 4
CANARY = "Zyxquorfle"
"""A word that stands in what patients tell us and may stand in no log."""

AsRole = Callable[[Role | None], AbstractAsyncContextManager[httpx2.AsyncClient]]


def scratch_settings(folder: Path, **more: object) -> settings.Settings:
    """Return settings for a platform that lives in one folder."""
    return settings.load(
        {},
        file=folder / "none.toml",
        database_url=f"sqlite:///{folder}/data/careflow.db",
        files_url=f"file://{folder}/data/files",
        key_file=folder / "keys" / "master.key",
        clinic_zone="America/New_York",
        require_second_factor=False,
        **more,
    )


@pytest.fixture
async def platform(tmp_path: Path) -> AsyncIterator[Platform]:
    """A platform with one person of each role, one patient's record and no background work."""
    built = await open_platform(scratch_settings(tmp_path), password_cost=FAST_HASH)
    await add_people(built)
    yield built
    await built.close()


async def add_people(built: Platform) -> None:
    """Add one account per role, the patient's linked to Patient/p1."""
    for role in Role:
        if role is Role.MACHINE:
            continue
        async with Work(built.documents) as work:
            await built.identity.accounts.add(
                work,
                email=f"{role}@clinic.example",
                name=f"The {role}",
                role=role,
                password=PASSWORD,
                by=None,
                patient_id="p1" if role is Role.PATIENT else None,
                practitioner_id="d1" if role is Role.CLINICIAN else None,
            )


@pytest.fixture
def application(platform: Platform) -> Application:
    """The assembled application."""
    return assemble(platform)


@pytest.fixture
def as_role(platform: Platform, application: Application) -> AsRole:
    """Open a client that is signed in as a role, or as nobody."""

    @asynccontextmanager
    async def opened(role: Role | None) -> AsyncIterator[httpx2.AsyncClient]:
        transport = httpx2.ASGITransport(app=application)
        async with httpx2.AsyncClient(transport=transport, base_url="http://clinic.test") as client:
            if role is Role.MACHINE:
                client.headers["Authorization"] = f"Bearer {await machine_token(platform, client)}"
            elif role is not None:
                answer = await client.post(
                    "/api/auth/login",
                    json={"email": f"{role}@clinic.example", "password": PASSWORD},
                )
                assert answer.status_code == 200, answer.text
                client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
            yield client

    return opened


async def machine_token(platform: Platform, client: httpx2.AsyncClient) -> str:
    """Return a token of a new machine client that may read and write everything."""
    async with Work(platform.documents) as work:
        made = await platform.identity.clients.add(
            work, name="test", scopes=["system/*.cruds"], by=None
        )
    answer = await client.post(
        "/api/auth/token",
        data={
            "grant_type": "client_credentials",
            "client_id": made.client.id,
            "client_secret": made.secret,
        },
    )
    token: str = answer.json()["access_token"]
    return token


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """Everything that any logger writes, at the chattiest level."""
    root = logging.getLogger()
    before = (root.handlers[:], root.level)
    stream = io.StringIO()
    logs.start(level=logging.DEBUG, stream=stream)
    yield stream
    root.handlers[:], root.level = before
    logging.getLogger("uvicorn.access").disabled = False


@pytest.fixture
def quiet(written: io.StringIO) -> Iterator[io.StringIO]:
    """Whatever a test does: no traceback, no fault of ours and no patient text in any log."""
    yield written
    lines = written.getvalue().splitlines()
    assert [line for line in lines if "Traceback" in line or CANARY in line] == []
    assert [line for line in lines if '"level": "error"' in line or '"critical"' in line] == []
