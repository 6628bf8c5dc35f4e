"""The checks of our own fail when they should."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.check_scopes import unscoped
from tools.write_works import rows


def broken(tmp_path: Path, source: str) -> list[str]:
    """Return what the scope check says of a source text."""
    file = tmp_path / "reader.py"
    file.write_text(source)
    return list(unscoped(file))


@pytest.mark.parametrize(
    "signature",
    [
        "async def read(self, id: str) -> Document",
        "async def read(self, id: str, scope: AccessScope = EVERYTHING) -> Document | None",
        "async def find(self, query: Query, scope: AccessScope | None) -> Page",
        "async def find(self, *, scope: AccessScope = EVERYTHING) -> list[Document]",
    ],
)
def test_a_reader_that_can_be_called_without_a_scope_is_named(
    signature: str, tmp_path: Path
) -> None:
    assert broken(tmp_path, f"class Store:\n    {signature}: ...\n") != []


@pytest.mark.parametrize(
    "signature",
    [
        "async def read(self, id: str, scope: AccessScope) -> Document | None",
        "async def find(self, *, scope: AccessScope) -> Page",
        "async def _row(self, id: str) -> Document",
        "async def names(self) -> list[str]",
    ],
)
def test_a_reader_with_a_scope_and_what_reads_nothing_pass(signature: str, tmp_path: Path) -> None:
    assert broken(tmp_path, f"class Store:\n    {signature}: ...\n") == []


def test_a_claim_stands_in_the_table_only_while_its_tests_pass() -> None:
    passing = {"tests/files/test_disk.py::test_a": "passed"}
    failing = passing | {"tests/files/test_disk.py::test_b": "failed"}
    skipped = {"tests/files/test_disk.py::test_a": "skipped"}

    assert any("Uploads encrypted" in line for line in rows(passing))
    assert not any("Uploads encrypted" in line for line in rows(failing))
    assert not any("Uploads encrypted" in line for line in rows(skipped))
