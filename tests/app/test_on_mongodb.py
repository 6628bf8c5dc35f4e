"""The whole platform over MongoDB, chosen by its address alone."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from careflow import settings
from careflow.audit.entry import AuditEntry
from careflow.audit.errors import ChainDamagedError
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


@pytest.fixture
async def another(platform: Platform, tmp_path: Path) -> AsyncIterator[Platform]:
    """The same clinic on another machine: the same key, in a folder of its own."""
    key = tmp_path / "elsewhere" / "master.key"
    key.parent.mkdir(mode=0o700)
    shutil.copy2(tmp_path / "keys" / "master.key", key)
    settings = settings_of(tmp_path).model_copy(update={"key_file": key})
    built = await open_platform(settings, password_cost=4)
    yield built
    await built.close()


async def seal(platform: Platform) -> None:
    await platform.trail.note(_a_read(platform))
    async with Work(platform.documents) as work:
        await platform.trail.seal(work)


async def test_two_machines_seal_one_chain_in_turn(platform: Platform, another: Platform) -> None:
    for each in (platform, another, another, platform, another):
        await seal(each)

    for each in (platform, another):
        found = await each.trail.verify()
        assert found.is_sound
    entries = (await platform.trail.entries()).entries
    joined = [entry for entry in entries if entry.action == "audit:trail:join"]
    assert len(joined) == 1


async def test_a_machine_does_not_join_a_chain_that_was_altered(
    platform: Platform, another: Platform
) -> None:
    await seal(platform)
    assert isinstance(platform.audit_file, MongoAuditFile)
    await platform.audit_file._lines.update_one({}, {"$set": {"l": [b"[]"]}})

    with pytest.raises(ChainDamagedError):
        await seal(another)


async def test_a_chain_cut_after_a_machine_joined_stops_the_other(
    platform: Platform, another: Platform
) -> None:
    await seal(platform)
    await seal(another)
    assert isinstance(platform.documents, MongoDocuments)
    connection = platform.documents._connection
    await connection["streams"].delete_many({"n": "audit-chain"})
    await connection["documents"].delete_many({"k": "audit-chain"})

    for each in (platform, another):
        with pytest.raises(ChainDamagedError):
            await seal(each)


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
