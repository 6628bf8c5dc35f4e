"""A table of patients from the command line."""

from __future__ import annotations

import json
from pathlib import Path

from tests.api.test_bad_commands import started

TABLE = "Apellidos,Nombre,Fecha de nacimiento\nGarcía,Ana,1984-03-02\nTide,Ebb,someday\n"


def test_a_table_is_reported_first_then_taken_once(tmp_path: Path) -> None:
    table = tmp_path / "people.csv"
    table.write_text(TABLE, encoding="utf-8")
    found = []
    for more in (["--dry-run"], [], []):
        code, out, _ = started("import", str(table), "--json", *more, folder=tmp_path)
        counts = json.loads(out)
        assert code == 1
        assert [one["line"] for one in counts["bad_lines"]] == [3]
        found.append((counts["new"], counts["same"]))
    assert found == [(1, 0), (1, 0), (0, 1)]


def test_a_table_is_taken_alone(tmp_path: Path) -> None:
    table = tmp_path / "people.csv"
    table.write_text(TABLE, encoding="utf-8")
    code, _, said = started("import", str(table), str(table), folder=tmp_path)
    assert code == 2
    assert "one table" in said
