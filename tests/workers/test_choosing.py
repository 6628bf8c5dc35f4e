"""What does background work is a setting; what does not fit together stops the start."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from careflow.composition import open_platform
from careflow.jobs.relay import Relay
from careflow.settings import Settings, SettingsError, load
from careflow.workers.platform import run_worker
from tests.mongo_server import database_url

NOWHERE = Path("does-not-exist.toml")


def settings_of(folder: Path, **changes: object) -> Settings:
    return load(
        {},
        file=NOWHERE,
        **{
            "database_url": f"sqlite:///{folder / 'data' / 'careflow.db'}",
            "files_url": f"file://{folder / 'data' / 'files'}",
            "key_file": folder / "keys" / "master.key",
            "clinic_zone": "America/New_York",
            **changes,
        },
    )


async def test_celery_with_the_embedded_database_is_refused_at_start(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, jobs="celery", broker_url="redis://127.0.0.1")

    with pytest.raises(SettingsError, match="CAREFLOW_JOBS=celery needs MongoDB"):
        await open_platform(settings)

    assert not (tmp_path / "data").exists()


async def test_celery_without_a_broker_is_refused_at_start(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, jobs="celery", database_url="mongodb://127.0.0.1/x")

    with pytest.raises(SettingsError, match="CAREFLOW_BROKER_URL"):
        await open_platform(settings)


def test_a_broker_of_another_kind_is_refused() -> None:
    with pytest.raises(SettingsError, match="CAREFLOW_BROKER_URL"):
        load({"CAREFLOW_BROKER_URL": "amqp://127.0.0.1"}, file=NOWHERE)


def test_a_worker_is_refused_where_jobs_are_embedded(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="set CAREFLOW_JOBS to celery"):
        run_worker(settings_of(tmp_path))


async def test_with_celery_a_process_that_serves_relays_and_runs_nothing(tmp_path: Path) -> None:
    settings = settings_of(
        tmp_path,
        jobs="celery",
        broker_url="redis://127.0.0.1:1/0",
        database_url=database_url(tmp_path),
    )

    platform = await open_platform(settings, password_cost=4)
    relays = isinstance(platform.background, Relay)
    await platform.close()

    assert relays


def test_celery_is_not_loaded_where_it_was_not_chosen() -> None:
    code = (
        "import sys, careflow.app.assemble, careflow.cli.running;"
        "sys.exit(any(name in sys.modules for name in ('celery', 'kombu', 'redis')))"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
