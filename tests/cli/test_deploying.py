"""``careflow deploy host`` refuses before it writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from careflow.cli.command import careflow
from careflow.cli.failures import FAILED, run_command
from careflow.operations.host.bundle import digest_of

GOOD = {
    "--domain": "clinic.example.org",
    "--certificate": "/etc/ssl/clinic.pem",
    "--certificate-key": "/etc/ssl/clinic.key",
}
ZONE = ("--set", "CAREFLOW_CLINIC_ZONE=America/New_York")


def render(to: Path, *more: str, **changed: str) -> int:
    options = {**GOOD, **{f"--{name.replace('_', '-')}": value for name, value in changed.items()}}
    words = [word for pair in options.items() for word in pair]
    return run_command(careflow, ["deploy", "host", "--to", str(to), *words, *ZONE, *more])


def test_a_server_without_aws_is_rendered_whole(tmp_path: Path) -> None:
    bundle = tmp_path / "release.tar.gz"
    bundle.write_bytes(b"wheels")

    given = ("--bundle", str(bundle), "--digest", digest_of(bundle))
    assert render(tmp_path / "host", *given) == 0

    files = {path.relative_to(tmp_path / "host").as_posix() for path in tmp_path.glob("host/**/*")}
    assert {
        "cloud-init.yaml",
        "etc/nginx/nginx.conf",
        "etc/careflow/host.json",
        "etc/systemd/system/careflow-api@.service",
        "etc/systemd/system/careflow-api.socket",
        "usr/local/sbin/careflow-release",
    } <= files
    assert render(tmp_path / "host", *given) == 0


@pytest.mark.parametrize(
    ("changed", "more", "named"),
    [
        ({"domain": ""}, (), "domain"),
        ({"certificate": ""}, (), "certificate"),
        ({}, ("--set", "CAREFLOW_DATABASE_URL=mongodb://db.example.org/c"), "TLS"),
        ({}, ("--secret", "database-url=plain.txt"), "TLS"),
        ({}, ("--bundle", "release.tar.gz", "--digest", "0" * 64), "digest"),
        ({}, ("--bundle", "release.tar.gz"), "digest"),
        ({}, ("--set", "CAREFLOW_CLINIC_ZONE=Mars/Base"), "CLINIC_ZONE"),
        ({}, ("--set", "CAREFLOW_CLINIC_ZONE"), "NAME=VALUE"),
        ({}, ("--description", "release.tar.gz"), "description"),
    ],
)
def test_what_is_bad_is_one_sentence_and_nothing_written(
    changed: dict[str, str],
    more: tuple[str, ...],
    named: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("release.tar.gz").write_bytes(b"other wheels")
    Path("plain.txt").write_text("mongodb://user:pa@db.example.org/clinic\n")

    assert render(tmp_path / "host", *more, **changed) == FAILED

    said = capsys.readouterr().err
    assert named in said
    assert said.count("\n") == 1
    assert "pa@" not in said
    assert not (tmp_path / "host").exists()
