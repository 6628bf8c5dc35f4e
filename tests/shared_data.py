"""Finds the data folder that lies beside the project, for tests that need real input."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

_HERE = Path(__file__).resolve().parent.parent


def shared_root() -> Path | None:
    """Return the data folder: ``CAREFLOW_TEST_SHARED``, or ``shared`` beside the project."""
    named = os.environ.get("CAREFLOW_TEST_SHARED")  # noqa: TID251 - a name that belongs to tests.
    root = Path(named) if named else _HERE.parent / "shared"
    return root if root.is_dir() else None


def shared(path: str) -> Path:
    """Return a file or folder of the data folder, or skip the test by that name."""
    root = shared_root()
    if root is None or not (root / path).exists():
        pytest.skip(f"needs shared/{path} (set CAREFLOW_TEST_SHARED)")
    return root / path
