"""The synthetic clinic on a free port, driven by Debian's Chromium as people would."""

from __future__ import annotations

import asyncio
import re
import shutil
import socket
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from careflow import settings
from careflow.app.assemble import assemble
from careflow.composition import Platform, open_platform
from careflow.demo.opening import OpenedClinic, open_clinic
from careflow.demo.people import CLINIC_NAME, ORGANISATION, ZONE
from hatch_build import build_web

T = TypeVar("T")
ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium")
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
# A Tuesday, 09:24 at the clinic: three visits are over and one is in the room.
OPENS_AT = datetime(2026, 11, 24, 14, 24, tzinfo=UTC)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip these tests, by name, where there is no Chromium."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="needs chromium"))


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Use the system's browser; nothing is downloaded."""
    return {"executable_path": CHROMIUM, "args": ["--disable-gpu", "--disable-quic"]}


@dataclass(frozen=True, slots=True)
class RunningClinic:
    """Where the clinic answers, and who may sign in."""

    address: str
    opened: OpenedClinic
    platform: Platform
    loop: asyncio.AbstractEventLoop
    ahead: list[timedelta]

    def later(self, *, minutes: int) -> None:
        """Move the clinic's clock on."""
        self.ahead[0] += timedelta(minutes=minutes)

    def do(self, work: Callable[[Platform], Coroutine[Any, Any, T]]) -> T:
        """Do something in the running clinic that no screen does, and return what came of it."""
        return asyncio.run_coroutine_threadsafe(work(self.platform), self.loop).result(30)

    def password_of(self, role: str) -> tuple[str, str]:
        """Return e-mail and password of a role's account."""
        found = next(one for one in self.opened.sign_ins if one.role == role)
        return found.email, found.password


@pytest.fixture(scope="session")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningClinic]:
    """Serve Harbour from a scratch folder; its clock starts at OPENS_AT and runs on."""
    build_web(ROOT)
    server = _Server(tmp_path_factory.mktemp("harbour"))
    server.start()
    yield server.running
    server.stop()


class _Server:
    """Uvicorn in a thread of this process."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._uvicorn: uvicorn.Server | None = None
        self._running: RunningClinic | None = None
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self._address = f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    @property
    def running(self) -> RunningClinic:
        assert self._running is not None
        return self._running

    def start(self) -> None:
        self._thread.start()
        assert self._ready.wait(60), "the clinic did not open"

    def stop(self) -> None:
        assert self._uvicorn is not None
        self._uvicorn.should_exit = True
        self._thread.join(20)

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        began = time.monotonic()
        ahead = [timedelta()]

        def clock() -> datetime:
            at = OPENS_AT + timedelta(seconds=time.monotonic() - began) + ahead[0]
            return at.replace(microsecond=at.microsecond // 1000 * 1000)

        loaded = settings.load(
            {},
            file=self._folder / "none.toml",
            database_url=f"sqlite:///{self._folder}/data/careflow.db",
            files_url=f"file://{self._folder}/data/files",
            key_file=self._folder / "keys" / "master.key",
            organisation=ORGANISATION,
            clinic_name=CLINIC_NAME,
            clinic_zone=ZONE,
            public_url=self._address,
            require_second_factor=False,
        )
        platform = await open_platform(loaded, synthetic=True, clock=clock, password_cost=4)
        opened = await open_clinic(platform, settings.master_key(loaded))
        loop = asyncio.get_running_loop()
        self._running = RunningClinic(self._address, opened, platform, loop, ahead)
        accounts = [
            {"role": s.role, "name": s.name, "email": s.email, "password": s.password}
            for s in opened.sign_ins
        ]
        config = uvicorn.Config(
            assemble(platform, demo_accounts=accounts), log_config=None, access_log=False
        )
        self._uvicorn = uvicorn.Server(config)
        serving = asyncio.create_task(self._uvicorn.serve(sockets=[self._socket]))
        while not self._uvicorn.started:
            await asyncio.sleep(0.01)
        self._ready.set()
        await serving


Enter = Callable[..., Page]


@pytest.fixture
def enter(browser: Browser, clinic: RunningClinic) -> Iterator[Enter]:
    """Open a browser of one's own at a screen size, signed in as a role; errors fail the test."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def opened(role: str | None, *, size: dict[str, int] = DESKTOP) -> Page:
        context = browser.new_context(
            viewport=size,  # type: ignore[arg-type]
            base_url=clinic.address,
            locale="en-US",
            timezone_id="America/New_York",
            reduced_motion="reduce",
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)

        def listen(message: ConsoleMessage) -> None:
            # Chromium writes down every refused request; conflicts are part of two desks' day.
            is_conflict = re.search(r"409 \(Conflict\)|412 \(Precondition", message.text)
            if message.type == "error" and not is_conflict:
                errors.append(f"{page.url}: {message.text}")

        page.on("console", listen)
        page.on("pageerror", lambda error: errors.append(f"{page.url}: {error}"))
        if role is not None:
            sign_in(page, clinic, role)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert errors == []


def sign_in(page: Page, clinic: RunningClinic, role: str) -> None:
    """Sign in by typing, as a person without one-click accounts would."""
    email, password = clinic.password_of(role)
    page.goto("/sign-in")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: "/sign-in" not in url)
