from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from careflow.ai.draft import (
    Accepted,
    Draft,
    DraftClosedError,
    Maker,
    NotSignedError,
    accept,
    accepted_before,
)
from careflow.ai.lab_report import NOTHING_KNOWN, LabReport
from careflow.errors import NotAllowedError
from tests.harbour import ADA, ALI, FIN, NIA, PAUL

ROOT = Path(__file__).resolve().parents[2]
AT = datetime(2026, 11, 24, 14, 30, tzinfo=UTC)
REPORT = LabReport((), (), NOTHING_KNOWN, None)


def a_draft() -> Draft[LabReport]:
    maker = Maker("local", "careflow-lab-reader/1", "lab-rows/1")
    return Draft("d-1", "lab-results", maker, AT, REPORT)


def test_a_clinician_who_accepts_becomes_the_one_who_answers_for_it() -> None:
    accepted = accept(a_draft(), by=ADA, at=AT)

    assert accepted.output is REPORT
    assert accepted.draft.status == "signed"
    assert accepted.draft.reviewed_by == ADA.id
    assert accepted.draft.reviewed_at == AT


@pytest.mark.parametrize("actor", [NIA, FIN, ALI, PAUL], ids=lambda actor: actor.role)
def test_nobody_but_a_clinician_can_accept(actor: object) -> None:
    with pytest.raises(NotAllowedError):
        accept(a_draft(), by=actor, at=AT)  # type: ignore[arg-type]


def test_a_draft_is_accepted_once() -> None:
    signed = accept(a_draft(), by=ADA, at=AT).draft

    with pytest.raises(DraftClosedError):
        accept(signed, by=ADA, at=AT)


def test_what_was_signed_is_its_signers_word_and_nothing_else_goes_on() -> None:
    signed = accept(a_draft(), by=ADA, at=AT).draft

    again = accepted_before(signed, ADA.organisation)

    assert (again.output, again.by.id, again.by.name) == (REPORT, ADA.id, ADA.name)
    for unsigned in (a_draft(), replace(a_draft(), status="reviewed")):
        with pytest.raises(NotSignedError):
            accepted_before(unsigned, ADA.organisation)


def test_accepted_values_cannot_be_made_past_accept() -> None:
    with pytest.raises(TypeError):
        Accepted(a_draft(), ADA, token=object())


FILES_A_DRAFT = """
from careflow.ai.draft import Draft, Accepted
from careflow.ai.lab_report import LabReport
from careflow.ai.filing import Filing
from careflow.ai.task_drafts.filing import document_of
from careflow.records.paper import Paper
from datetime import datetime
from typing import Any

Report = LabReport
Json = dict[str, Any]

def file(draft: Draft[Report], accepted: Accepted[Report], paper: Paper, at: datetime) -> None:
    Filing({what}, paper, b"", "p3", at, "2026-11-20", None)

def file_note(draft: Draft[Json], accepted: Accepted[Json], at: datetime) -> None:
    document_of({what}, id="n-1", at=at)
"""


@pytest.mark.parametrize(("what", "passes"), [("accepted", True), ("draft", False)])
def test_the_type_checker_refuses_to_file_what_nobody_accepted(
    what: str, passes: bool, tmp_path: Path
) -> None:
    snippet = tmp_path / "snippet.py"
    snippet.write_text(FILES_A_DRAFT.replace("{what}", what))

    ran = subprocess.run(
        [
            sys.executable,
            "-m",
            "mypy",
            "--config-file",
            str(ROOT / "pyproject.toml"),
            "--cache-dir",
            str(ROOT / ".mypy_cache"),
            str(snippet),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (ran.returncode == 0) is passes, ran.stdout
    if not passes:
        assert "Draft[LabReport]" in ran.stdout
        assert "Draft[dict[str, Any]]" in ran.stdout
