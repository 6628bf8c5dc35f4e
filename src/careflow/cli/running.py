"""``careflow serve``, ``careflow worker`` and ``careflow demo``."""

from __future__ import annotations

import asyncio
import gc
import shutil
import socket
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import click

from careflow import logs, settings
from careflow.app.assemble import assemble
from careflow.app.health import Draining
from careflow.cli.serving import bound, inherited, serve
from careflow.composition import Platform, open_platform
from careflow.errors import BadInputError
from careflow.identity.passwords import COST_DEFAULT
from careflow.settings import Settings

_DEMO_FOLDER = ".demo"
_DEMO_MARK = "synthetic-clinic"
_GARBAGE = (20_000, 20, 20)
"""Objects, then rounds, after which the interpreter looks for cycles."""
_TURN_S = 0.0005
"""How long a thread that validates a bundle may keep the interpreter from the loop. With Python's
own 5 ms, one read in a hundred took 40 ms beside such a thread, with this some 15 ms; the thread
validated about as fast."""
_DEMO_PASSWORD_COST = 8
"""Its passwords are random and printed, so a slow hash would only slow the first start."""


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
def serve_command(*, host: str, port: int) -> None:
    """Serve the platform that the settings describe.

    Where systemd hands over listening sockets, those are served and host and port are not used.
    """
    logs.start()
    _run(settings.load(), inherited() or [bound(host, port)])


@click.command("worker")
def worker_command() -> int:
    """Run a worker of background jobs, where CAREFLOW_JOBS is celery."""
    logs.start()
    loaded = settings.load()
    try:
        from careflow.workers.platform import run_worker
    except ModuleNotFoundError as error:
        raise settings.SettingsError("Celery is not installed: add careflow[celery].") from error
    return run_worker(loaded)


@click.command("demo")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
@click.option(
    "--data",
    default=_DEMO_FOLDER,
    show_default=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the synthetic clinic keeps its data.",
)
@click.option("--reset", is_flag=True, help="Begin afresh; only ever removes a synthetic clinic.")
def demo_command(*, port: int, data: Path, reset: bool) -> None:
    """Start Harbour, a synthetic clinic, with local AI; no account, no key, no other server.

    Data survives a restart unless --reset is given.
    """
    logs.start(level=30)
    keys = data.with_name(data.name + "-keys")
    if reset:
        _remove(data, keys)
    _mark(data)
    loaded = _demo_settings(data, keys, port)
    _run(loaded, [bound("127.0.0.1", port)], synthetic=True, prepare=_open_the_clinic)


def _demo_settings(data: Path, keys: Path, port: int) -> Settings:
    from careflow.demo.people import CLINIC_NAME, ORGANISATION, ZONE

    return settings.load(
        settings.about_ai(),
        file=Path(
            _DEMO_MARK
        ),  # No such file: of an operator's settings the demo takes those about AI alone.
        database_url=f"sqlite:///{data.absolute() / 'careflow.db'}",
        files_url=f"file://{data.absolute() / 'files'}",
        key_file=keys.absolute() / "master.key",
        organisation=ORGANISATION,
        clinic_name=CLINIC_NAME,
        clinic_zone=ZONE,
        public_url=f"http://127.0.0.1:{port}",
        require_second_factor=False,
    )


def _mark(data: Path) -> None:
    """Say that the folder is ours; refuse one that holds anything else."""
    mark = data / _DEMO_MARK
    if data.exists() and any(data.iterdir()) and not mark.exists():
        raise BadInputError(f"{data} holds something else: give the demo a folder of its own.")
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    mark.touch()


def _remove(data: Path, keys: Path) -> None:
    if data.exists() and not (data / _DEMO_MARK).exists():
        raise BadInputError(f"{data} is not a synthetic clinic, so it is left as it is.")
    for folder in (data, keys):
        shutil.rmtree(folder, ignore_errors=True)


async def _open_the_clinic(platform: Platform, key: bytes) -> Accounts:
    from careflow.demo.opening import open_clinic

    opened = await open_clinic(platform, key)
    click.echo(opened.greeting(platform.origin or ""))
    return [asdict(one) for one in opened.sign_ins]


Accounts = Sequence[Mapping[str, str]]
Prepare = Callable[[Platform, bytes], Awaitable[Accounts]]


def _run(
    loaded: Settings,
    listening: Sequence[socket.socket],
    *,
    synthetic: bool = False,
    prepare: Prepare | None = None,
) -> None:
    """Serve on sockets that are bound already, so that a port in use is said before all else."""

    async def live() -> None:
        cost = _DEMO_PASSWORD_COST if synthetic else COST_DEFAULT
        platform = await open_platform(loaded, synthetic=synthetic, password_cost=cost)
        accounts: Accounts = ()
        if prepare is not None:
            accounts = await prepare(platform, settings.master_key(loaded))
        draining = Draining()
        application = assemble(platform, demo_accounts=accounts, draining=draining)
        # What was built to start stays for good; later collections need not look at it again, and
        # what a request leaves behind is freed without them, but for the rare cycle.
        gc.freeze()
        gc.set_threshold(*_GARBAGE)
        sys.setswitchinterval(_TURN_S)
        await serve(application, listening, draining, drain_s=loaded.drain_s)

    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(live())


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ModuleNotFoundError:
        return None
    return uvloop.new_event_loop
