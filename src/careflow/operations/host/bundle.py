"""A release as one file: the wheels, with the web application in ours, named by its digest."""

from __future__ import annotations

import gzip
import hashlib
import io
import tarfile
from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from careflow.errors import BadInputError

_FOLDER = "wheels"
_BLOCK = 1024 * 1024


class BundleRefusedError(BadInputError):
    """A bundle is not the one that was named; nothing was taken from it."""

    code: ClassVar[str] = "host-bundle-refused"


def bundle_of(wheels: Iterable[Path]) -> bytes:
    """Return wheels as one ``tar.gz``: the same bytes for the same wheels, whenever it is made."""
    packed = io.BytesIO()
    # Neither the time nor the machine that packed it is in it.
    with (
        gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=6, filename="", mtime=0) as squeezed,
        tarfile.open(fileobj=squeezed, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        for wheel in sorted(wheels, key=lambda path: path.name):
            content = wheel.read_bytes()
            member = tarfile.TarInfo(f"{_FOLDER}/{wheel.name}")
            member.size, member.mode = len(content), 0o644
            tar.addfile(member, io.BytesIO(content))
    return packed.getvalue()


def digest_of(bundle: Path) -> str:
    """Return the SHA-256 of a bundle, as 64 hexadecimal digits."""
    digest = hashlib.sha256()
    with bundle.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def check_bundle(bundle: Path, digest: str) -> None:
    """Return if a bundle is the one of this digest.

    Raises:
        BundleRefusedError: It is another.
    """
    found = digest_of(bundle)
    if found != digest.lower():
        raise BundleRefusedError(
            f"{bundle.name} is not the release that was named: its digest is {found}."
        )
