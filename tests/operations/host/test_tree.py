"""A host's files are what systemd, cloud-init and nginx take without a word."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from careflow.operations.host.cloud_init import LIMIT_BYTES, Boot, user_data
from careflow.operations.host.description import Host, HostRefusedError, host_json, host_of
from careflow.operations.host.layout import COLOURS, Layout
from careflow.operations.host.tree import render, write_tree

EXPOSURE_PERCENT = 15
KEYS_ALLOWED = {"package_update", "packages", "write_files", "runcmd"}
PATH = os.environ.get("PATH", "") + ":/usr/sbin"  # noqa: TID251
FULL = Host(
    domain="clinic.example.org",
    certificate="/run/careflow-secrets/certificate",
    certificate_key="/run/careflow-secrets/certificate-key",
    settings={"CAREFLOW_CLINIC_ZONE": "America/New_York", "CAREFLOW_CLINIC_NAME": 'Ada\'s $1 "C"'},
    secrets={
        "master-key": "arn:aws:secretsmanager:us-east-1:1:secret:key",
        "database-url": "arn:aws:secretsmanager:us-east-1:1:secret:database",
    },
    workers=2,
    redis=True,
    region="us-east-1",
    log_group="/careflow",
)
BOOT = Boot("s3://releases/careflow.tar.gz", "a" * 64, "us-east-1", "/careflow/clinic/host")


def run(*command: str) -> subprocess.CompletedProcess[str]:
    program = shutil.which(command[0], path=PATH)
    if program is None:
        pytest.skip(f"{command[0]} is not installed: tools/system_packages.sh does it")
    return subprocess.run(
        [program, *command[1:]], capture_output=True, text=True, timeout=60, check=False
    )


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A rendered host whose programs are there."""
    layout = Layout(programs=f"{tmp_path}/opt", scripts=f"{tmp_path}/usr/local/lib/careflow")
    write_tree(render(FULL, layout, BOOT), tmp_path)
    for place in (*COLOURS, "current"):
        program = tmp_path / "opt" / place / "bin" / "careflow"
        program.parent.mkdir(parents=True)
        program.write_text("#!/bin/sh\n")
        program.chmod(0o755)
    return tmp_path


def units_of(root: Path) -> list[Path]:
    return sorted((root / "etc/systemd/system").glob("careflow-*"))


def test_systemd_takes_every_unit_without_a_word(root: Path) -> None:
    named = [
        str(unit).replace("@.", f"@{colour}.") for unit in units_of(root) for colour in COLOURS
    ]

    said = run("systemd-analyze", "verify", "--man=no", *sorted(set(named)))

    assert (said.returncode, said.stdout, said.stderr) == (0, "", "")
    assert len(set(named)) == 10


def test_a_misspelt_key_of_a_unit_is_seen(root: Path) -> None:
    unit = root / "etc/systemd/system/careflow-api.service"
    unit.write_text(unit.read_text().replace("ProtectHome", "ProtectHoem"))

    assert "ProtectHoem" in run("systemd-analyze", "verify", "--man=no", str(unit)).stderr


def test_no_service_of_ours_is_exposed_above_1_5(root: Path) -> None:
    services = [str(unit) for unit in units_of(root) if unit.suffix == ".service"]
    assert len(services) == 6
    for service in services:
        said = run(
            *("systemd-analyze", "security", "--offline=true", "--no-pager"),
            *(f"--threshold={EXPOSURE_PERCENT}", service),
        )
        assert said.returncode == 0, said.stdout[-200:]


def test_cloud_init_knows_every_key(root: Path) -> None:
    file = root / "cloud-init.yaml"

    said = run("cloud-init", "schema", "--config-file", str(file))

    assert said.returncode == 0, said.stderr
    assert "Valid" in said.stdout
    # cloud-init itself takes a misspelt key for a valid one.
    config = json.loads(file.read_text().removeprefix("#cloud-config\n"))
    assert set(config) == KEYS_ALLOWED


def test_the_first_start_fetches_by_digest_and_holds_neither_setting_nor_secret() -> None:
    text = user_data(BOOT)

    assert text == user_data(BOOT)
    assert len(text.encode()) <= LIMIT_BYTES // 2
    last = json.loads(text.removeprefix("#cloud-config\n"))["runcmd"][-1]
    assert last == ["/usr/local/sbin/careflow-release", BOOT.bundle, BOOT.digest]
    assert not [word for word in ("CAREFLOW_CLINIC", "secretsmanager", "BEGIN") if word in text]


def test_secrets_are_credentials_and_lie_in_no_file(root: Path) -> None:
    unit = (root / "etc/systemd/system/careflow-api@.service").read_text()
    told = (root / "etc/careflow/settings.env").read_text()

    assert "LoadCredential=database-url:/run/careflow-secrets/database-url" in unit
    assert "Environment=CAREFLOW_MASTER_KEY_FILE=%d/master-key" in unit
    assert "DATABASE_URL" not in told
    assert 'CAREFLOW_CLINIC_NAME="Ada\'s \\$1 \\"C\\""' in told


def test_scripts_are_ones_that_a_shell_reads(root: Path) -> None:
    scripts = [*(root / "usr/local").rglob("careflow-release"), *root.glob("usr/local/lib/*/*")]
    assert len(scripts) == 3
    for script in scripts:
        assert run("sh", "-n", str(script)).returncode == 0
        assert script.stat().st_mode & 0o777 == 0o755


def test_a_description_comes_back_as_it_was() -> None:
    assert host_of(host_json(FULL)) == FULL


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"domain": ""}, "domain"),
        ({"domain": "clinic.example.org;"}, "domain"),
        ({"certificate": ""}, "certificate"),
        ({"certificate_key": "k.pem"}, "certificate"),
        ({"settings": {"CAREFLOW_CLINIC_ZOEN": "x"}}, "CAREFLOW_CLINIC_ZOEN"),
        ({"settings": {"CAREFLOW_MASTER_KEY": "00"}}, "CAREFLOW_MASTER_KEY"),
        ({"settings": {"CAREFLOW_CLINIC_NAME": "a\nExecStart=x"}}, "character"),
        ({"secrets": {"master-key\nUser=root": "/x"}}, "character"),
        ({"proxies": ("all",)}, "all"),
        ({"redis": False}, "broker"),
    ],
)
def test_what_cannot_be_rendered_is_one_sentence(change: dict[str, object], named: str) -> None:
    with pytest.raises(HostRefusedError, match=named):
        replace(FULL, **change)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "boot",
    [
        ("s3://releases/careflow.tar.gz", "a" * 63, None, None),
        ("http://plain.example.org/x", "a" * 64, None, None),
        ("/root/x'; rm", "a" * 64, None, None),
        ("/root/x", "a" * 64, None, "/parameter"),
        ("/root/x", "a" * 64, "us-east-1", "/parameter'"),
    ],
)
def test_a_first_start_that_could_do_more_is_refused(
    boot: tuple[str, str, str | None, str | None],
) -> None:
    with pytest.raises(HostRefusedError):
        Boot(*boot)


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "theirs").touch()

    with pytest.raises(HostRefusedError):
        write_tree(render(FULL), tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["theirs"]
