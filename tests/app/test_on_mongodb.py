"""The whole platform over MongoDB, chosen by its address alone."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from careflow import settings
from careflow.audit.entry import AuditEntry
from careflow.composition import Platform, open_platform
from careflow.database.documents import Query
from careflow.database.failures import WrongKeyError
from careflow.database.mongo import MongoAuditFile, MongoDocuments
from careflow.database.scope import organisation_scope
from careflow.database.work import Work
from careflow.settings import SettingsError
from tests.mongo_server import database_url

PATIENT = {"resourceType": "Patient", "name": [{"family": "Okonkwo", "given": ["Ada"]}]}


def settings_of(folder: Path) -> settings.Settings:
    return settings.load(
        {},
        file=folder / "none.toml",
        database_url=database_url(folder),
        files_url=f"file://{folder}/files",
        key_file=folder / "keys" / "master.key",
        clinic_zone="America/New_York",
        require_second_factor=False,
    )


@pytest.fixture
async def platform(tmp_path: Path) -> AsyncIterator[Platform]:
    built = await open_platform(settings_of(tmp_path), password_cost=4)
    yield built
    await built.close()


async def test_records_and_trail_are_kept_in_mongodb(platform: Platform, tmp_path: Path) -> None:
    assert isinstance(platform.documents, MongoDocuments)
    assert isinstance(platform.audit_file, MongoAuditFile)
    async with Work(platform.documents) as work:
        await platform.records.create(work, PATIENT, actor=platform.operator)
    await platform.trail.note(_a_read(platform))
    async with Work(platform.documents) as work:
        await platform.trail.seal(work)

    verified = await platform.trail.verify()
    found = await platform.documents.find(
        Query("Patient"), organisation_scope(platform.organisation)
    )

    assert not verified.problems
    assert verified.sealed == 2
    assert len(found.documents) == 1
    assert not list(tmp_path.rglob("*.db"))


def _a_read(platform: Platform) -> AuditEntry:
    return AuditEntry(
        at=platform.clock(),
        action="records:chart:read",
        organisation=platform.organisation,
        actor="a-1",
        role="clinician",
    )


async def test_another_machine_needs_the_same_key(platform: Platform, tmp_path: Path) -> None:
    other = settings_of(tmp_path).model_copy(update={"key_file": tmp_path / "other" / "key"})

    with pytest.raises(WrongKeyError):
        await open_platform(other)


async def test_a_driver_that_is_not_installed_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "careflow.database.mongo", raising=False)
    monkeypatch.delattr("careflow.database.mongo", raising=False)
    monkeypatch.setitem(sys.modules, "pymongo", None)
    monkeypatch.setitem(sys.modules, "careflow.database.mongo", None)

    with pytest.raises(SettingsError, match=r"careflow\[mongo\]"):
        await open_platform(settings_of(tmp_path))


def test_the_driver_is_imported_only_when_its_database_is_chosen() -> None:
    script = (
        "import sys, careflow.app.assemble, careflow.composition; print('pymongo' in sys.modules)"
    )

    said = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )

    assert said.stdout.strip() == "False"
