"""A release is one file: the same bytes for the same wheels, refused when it is another."""

from __future__ import annotations

import os
import tarfile
from pathlib import Path

import pytest

from careflow.operations.host.bundle import BundleRefusedError, bundle_of, check_bundle, digest_of


def wheels(folder: Path, *, at: int) -> list[Path]:
    folder.mkdir()
    made = []
    for name in ("b-1.whl", "a-1.whl"):
        (folder / name).write_bytes(name.encode())
        os.utime(folder / name, (at, at))
        made.append(folder / name)
    return made


def test_the_same_wheels_make_the_same_bytes(tmp_path: Path) -> None:
    first = bundle_of(wheels(tmp_path / "one", at=1))
    again = bundle_of(reversed(wheels(tmp_path / "two", at=2_000_000_000)))

    assert first == again
    (tmp_path / "bundle").write_bytes(first)
    with tarfile.open(tmp_path / "bundle") as tar:
        assert tar.getnames() == ["wheels/a-1.whl", "wheels/b-1.whl"]


def test_one_changed_byte_is_refused(tmp_path: Path) -> None:
    bundle = tmp_path / "bundle"
    bundle.write_bytes(bundle_of(wheels(tmp_path / "one", at=1)))
    digest = digest_of(bundle)
    check_bundle(bundle, digest)
    bundle.write_bytes(bundle.read_bytes() + b"\0")

    with pytest.raises(BundleRefusedError, match="not the release"):
        check_bundle(bundle, digest)
