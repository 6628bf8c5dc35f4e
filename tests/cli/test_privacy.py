"""``careflow privacy scrub``: one text or many, without what identifies."""

from __future__ import annotations

import asyncio
import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from careflow.cli.command import careflow
from careflow.cli.failures import run_command
from careflow.composition import open_platform
from careflow.database.scope import organisation_scope
from careflow.database.work import Work
from tests.api.conftest import FAST_HASH, scratch_settings
from tests.harbour import a_patient, named

NOTE = "Dr. Lindqvist saw Elena Fisher (MRN 8096792) on 2024-03-05. Call (207) 555-0101. BP 128/76."
SAID = ("Lindqvist", "Elena", "Fisher", "8096792", "2024-03-05", "555")
FRENCH = (
    "Le patient a été vu par le docteur Dupont pour une toux et une fièvre depuis trois jours, il "
    "est allé mieux dans la nuit."
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_file_is_printed_without_what_identifies(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "note.txt").write_text(NOTE, encoding="utf-8")

    assert run_command(careflow, ["privacy", "scrub", "note.txt"]) == 0

    printed = capsys.readouterr().out
    assert not [one for one in SAID if one in printed]
    assert "BP 128/76." in printed
    assert [one.name for one in folder.iterdir()] == ["note.txt"]


def test_standard_input_is_read_and_json_tells_places_kinds_and_language(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(NOTE))

    assert run_command(careflow, ["privacy", "scrub", "-", "--json"]) == 0

    said = json.loads(capsys.readouterr().out)
    places = {NOTE[one["start"] : one["end"]]: one["label"] for one in said["spans"]}
    assert places["8096792"] == "MRN"
    assert places["2024-03-05"] == "DATE"
    assert said["language"] == "en"
    assert said["counts"]["NAME"] >= 2


def test_what_is_refused_is_not_printed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "lettre.txt").write_text(FRENCH, encoding="utf-8")

    code = run_command(careflow, ["privacy", "scrub", "lettre.txt"])

    printed = capsys.readouterr()
    assert code == 1
    assert printed.out == ""
    assert "neither English nor Spanish" in printed.err
    assert "Dupont" not in printed.err


def lines(*given: dict[str, Any]) -> bytes:
    return b"\n".join(json.dumps(one).encode() for one in given)


def test_many_are_written_in_their_order_each_with_its_own_record(folder: Path) -> None:
    record = {"name": ["Zyxa", "Quorfle"], "dob": ["03/14/1968"], "employer": "Brontide Works"}
    source = folder / "in.jsonl"
    known = "zyxa quorfle works at brontide works, 14 March 1968."
    source.write_bytes(
        lines(
            {"id": "a", "text": NOTE},
            {"id": 2, "text": known, "record": record},
            {"id": "c", "text": FRENCH, "language": "fr"},
            {"id": "d", "text": "No fever, no cough for three days."},
        )
    )

    arguments = ["privacy", "scrub", "--input", "in.jsonl", "--output", "out.jsonl"]
    assert run_command(careflow, arguments) == 0

    written = (folder / "out.jsonl").read_text(encoding="utf-8")
    done = [json.loads(line) for line in written.splitlines()]
    assert [one["id"] for one in done] == ["a", 2, "c", "d"]
    assert not [one for one in (*SAID, "zyxa", "quorfle", "brontide", "Dupont") if one in written]
    assert {one["label"] for one in done[1]["spans"]} >= {"NAME", "GEO", "DATE"}
    assert done[2]["text"] is None
    assert done[2]["refused"]
    assert done[3] == {
        "id": "d",
        "text": "No fever, no cough for three days.",
        "spans": [],
        "language": "en",
    }


@pytest.mark.parametrize(
    ("content", "arguments"),
    [
        (b"{}", ["--input", "in.jsonl", "--output", "out.jsonl"]),
        (b"{", ["--input", "in.jsonl", "--output", "out.jsonl"]),
        (b'{"text": "a"}', ["--input", "in.jsonl"]),
        (b'{"text": "a"}', ["--input", "none.jsonl", "--output", "out.jsonl"]),
        (b"\xff\xfe", ["in.jsonl"]),
        (b"a", ["none.txt"]),
    ],
)
def test_bad_input_ends_with_one_sentence_and_writes_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str], content: bytes, arguments: list[str]
) -> None:
    (folder / "in.jsonl").write_bytes(content)

    assert run_command(careflow, ["privacy", "scrub", *arguments]) == 2

    assert capsys.readouterr().err.count("\n") == 1
    assert [one.name for one in folder.iterdir()] == ["in.jsonl"]


def test_a_patients_chart_is_looked_through(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asyncio.run(_stored(folder))
    monkeypatch.setenv("CAREFLOW_DATABASE_URL", f"sqlite:///{folder}/data/careflow.db")
    monkeypatch.setenv("CAREFLOW_KEY_FILE", str(folder / "keys" / "master.key"))
    monkeypatch.setenv("CAREFLOW_CLINIC_ZONE", "America/New_York")
    printed: list[str] = []
    for said in ("zyxa came.", "no fever; zyxa left."):
        monkeypatch.setattr(sys, "stdin", io.StringIO(said))
        assert run_command(careflow, ["privacy", "scrub", "--patient", "p1"]) == 0
        printed.append(capsys.readouterr().out)

    codes = {one[one.index("[") : one.index("]")] for one in printed}
    assert len(codes) == 1
    assert "zyxa" not in "".join(printed)

    monkeypatch.setattr(sys, "stdin", io.StringIO("zyxa came."))
    assert run_command(careflow, ["privacy", "scrub", "--patient", "p9"]) == 2
    assert "zyxa" not in "".join(capsys.readouterr())


async def _stored(folder: Path) -> None:
    platform = await open_platform(scratch_settings(folder), password_cost=FAST_HASH)
    async with Work(platform.documents) as work:
        await platform.records.update(
            work,
            a_patient("p1", name=named("Quorfle", "Zyxa")),
            actor=platform.operator,
            scope=organisation_scope(platform.organisation),
        )
    await platform.close()
