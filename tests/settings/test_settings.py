"""Settings are read once, refused when unknown, and the key never lies with the data."""

from __future__ import annotations

from pathlib import Path

import pytest

from careflow import settings as reading
from careflow.settings import SettingsError, load, master_key, sources

NOWHERE = Path("does-not-exist.toml")


def test_an_unknown_setting_stops_the_start_and_is_named() -> None:
    with pytest.raises(SettingsError, match="CAREFLOW_SECRET_KEY is not a setting"):
        load({"CAREFLOW_SECRET_KEY": "x"}, file=NOWHERE)


def test_names_that_belong_to_tests_are_left_alone() -> None:
    settings = load({"CAREFLOW_TEST_ANYTHING": "x", "PATH": "/bin"}, file=NOWHERE)

    assert settings.organisation == "clinic"


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "careflow.toml"
    file.write_text('clinic_name = "From file"\nupload_limit_mb = 5\n')

    settings = load({"CAREFLOW_CLINIC_NAME": "From environment"}, file=file)

    assert (settings.clinic_name, settings.upload_limit_mb) == ("From environment", 5)


def test_an_unknown_name_in_the_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "careflow.toml"
    file.write_text('clinic_nane = "typo"\n')

    with pytest.raises(SettingsError, match="clinic_nane"):
        load({}, file=file)


def test_an_unusable_value_is_named_in_one_sentence() -> None:
    with pytest.raises(SettingsError, match="CAREFLOW_CLINIC_ZONE cannot be used"):
        load({"CAREFLOW_CLINIC_ZONE": "Mars/Olympus"}, file=NOWHERE)


def test_a_missing_zone_is_an_error_and_never_utc() -> None:
    settings = load({}, file=NOWHERE)

    with pytest.raises(SettingsError, match="CAREFLOW_CLINIC_ZONE"):
        settings.zone()


def test_a_secret_may_come_from_a_file_and_is_masked(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("ab" * 32 + "\n")
    environment = {"CAREFLOW_MASTER_KEY_FILE": str(file)}

    settings = load(environment, file=NOWHERE)
    shown = {s.name: s for s in sources(environment, file=NOWHERE)}["CAREFLOW_MASTER_KEY"]

    assert master_key(settings) == bytes.fromhex("ab" * 32)
    assert "ab" not in shown.value
    assert "CAREFLOW_MASTER_KEY_FILE" in shown.source


def _settings(tmp_path: Path, key_file: Path) -> reading.Settings:
    return load(
        {},
        file=NOWHERE,
        database_url=f"sqlite:///{tmp_path}/data/careflow.db",
        files_url=f"file://{tmp_path}/data/files",
        key_file=key_file,
    )


def test_the_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    settings = _settings(tmp_path, tmp_path / "keys" / "master.key")

    first, second = master_key(settings), master_key(settings)

    assert first == second
    assert len(first) == 32
    assert (tmp_path / "keys" / "master.key").stat().st_mode & 0o777 == 0o600


def test_a_key_file_in_the_data_folder_is_refused(tmp_path: Path) -> None:
    settings = _settings(tmp_path, tmp_path / "data" / "master.key")

    with pytest.raises(SettingsError, match="outside the data folder"):
        master_key(settings)


def test_a_lost_key_is_said_and_no_new_one_made(tmp_path: Path) -> None:
    settings = _settings(tmp_path, tmp_path / "keys" / "master.key")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "careflow.db").write_bytes(b"there")

    with pytest.raises(SettingsError, match="restore the key file"):
        master_key(settings)

    assert not (tmp_path / "keys").exists()


@pytest.mark.parametrize("text", ["", "banana", "ab" * 31])
def test_a_key_that_is_not_one_is_refused(text: str) -> None:
    settings = load({"CAREFLOW_MASTER_KEY": text}, file=NOWHERE)

    with pytest.raises(SettingsError, match="64 hexadecimal digits"):
        master_key(settings)


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("file:///var/files", "/var/files"),
        ("file:careflow-data/files", "careflow-data/files"),
    ],
)
def test_three_slashes_name_an_absolute_folder_of_files(url: str, path: str) -> None:
    assert load({}, file=NOWHERE, files_url=url).files_path() == Path(path)


def test_an_address_of_another_kind_of_store_is_refused() -> None:
    settings = load({"CAREFLOW_DATABASE_URL": "mongodb://x", "CAREFLOW_FILES_URL": "s3://x"})

    with pytest.raises(SettingsError, match="CAREFLOW_DATABASE_URL"):
        settings.database_path()
    with pytest.raises(SettingsError, match="CAREFLOW_FILES_URL"):
        settings.files_path()


@pytest.mark.parametrize("url", ["mongodb://127.0.0.1/x", "mongodb+srv://c.example/x"])
def test_an_address_of_mongodb_is_told_by_its_scheme(url: str, tmp_path: Path) -> None:
    settings = load({}, file=NOWHERE, database_url=url, key_file=tmp_path / "keys" / "master.key")

    assert settings.database_kind == "mongodb"
    assert len(master_key(settings)) == 32
    assert load({}, file=NOWHERE).database_kind == "sqlite"


def test_a_password_in_an_address_is_masked_and_in_no_text_of_the_settings() -> None:
    environment = {"CAREFLOW_DATABASE_URL": "mongodb+srv://clinic:s3cr3t@c.example/x?tls=true"}

    shown = {each.name: each.value for each in sources(environment, file=NOWHERE)}

    assert shown["CAREFLOW_DATABASE_URL"] == "mongodb+srv://clinic:••••@c.example/x?tls=true"
    assert "s3cr3t" not in repr(load(environment, file=NOWHERE))
