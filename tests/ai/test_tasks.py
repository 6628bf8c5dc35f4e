from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from careflow.ai.batch import run_batch
from careflow.ai.call import Call
from careflow.ai.engines.local import METHODS
from careflow.ai.gateway import Gateway
from careflow.ai.task import Given, GivenResult, NoEngineError
from careflow.ai.tasks.lab_results import LAB_RESULTS
from tests.harbour import Clinic, InProcessReader, a_letter, a_report

CALL = Call("harbour", "nora", "lab-results", "synthetic")


async def test_the_list_holds_what_is_built_and_says_who_can_do_it(clinic: Clinic) -> None:
    tasks = (await clinic.got("/api/ai/tasks"))["tasks"]

    assert len(tasks) == 22
    served = {task["name"] for task in tasks if task["engines"][0]["available"]}
    assert served == set(METHODS)
    assert tasks[0]["engines"] == [{"name": "local", "available": True, "reason": None}]


async def test_results_that_are_sent_come_back_with_code_and_flag(clinic: Clinic) -> None:
    body = {
        "results": [
            {"test": "Potassium", "value": 6.1, "unit": "mmol/L", "low": 3.5, "high": 5.1},
            {"test": "Frobnase", "value": "7", "unit": "U/L"},
        ]
    }

    answer = (await clinic.ask("POST", "/api/ai/tasks/lab-results", json=body)).json()

    assert (answer["status"], answer["engine"]) == ("ok", "local")
    potassium, unheard = answer["output"]["rows"]
    assert (potassium["value"], potassium["flag"], potassium["loinc"]) == (
        6.1,
        "CRITICAL_HIGH",
        "2823-3",
    )
    assert (unheard["flag"], "loinc" in unheard) == (None, False)


async def test_rows_of_a_text_point_at_their_line(clinic: Clinic) -> None:
    text = (
        "Tideline Laboratory\n"
        "Test          Result   Units    Reference Range\n"
        "Sodium        139      mmol/L   136 - 145\n"
        "Creatinine    1.42     mg/dL    0.70 - 1.30\n"
    )

    answer = (await clinic.ask("POST", "/api/ai/tasks/lab-results", json={"text": text})).json()

    assert [row["value"] for row in answer["output"]["rows"]] == [139, 1.42]
    places = [text[source["start"] : source["end"]] for source in answer["sources"]]
    assert [place.split()[0] for place in places] == ["Sodium", "Creatinine"]
    assert not any("box" in row or "page" in row for row in answer["output"]["rows"])


async def test_a_text_without_results_is_met_with_silence_not_filler(clinic: Clinic) -> None:
    body = {"text": "The patient feels well."}

    answer = (await clinic.ask("POST", "/api/ai/tasks/lab-results", json=body)).json()

    assert (answer["status"], answer["output"]) == ("abstained", None)
    assert answer["reason"]


async def test_a_task_that_no_engine_serves_says_so_and_answers_nothing(clinic: Clinic) -> None:
    answer = (
        await clinic.ask(
            "POST",
            "/api/ai/tasks/translation",
            json={"text": "x", "source": "en", "target": "es"},
        )
    ).json()

    assert (answer["status"], answer["output"]) == ("abstained", None)
    assert "local" in answer["reason"] or "rules" in answer["reason"]


async def test_an_unknown_task_is_not_found(clinic: Clinic) -> None:
    answer = await clinic.ask("POST", "/api/ai/tasks/fortune-telling", json={"text": "x"})

    assert (answer.status_code, answer.json()["code"]) == (404, "ai-no-such-task")


@pytest.mark.parametrize("by", ["fin", "ali", "paul"])
async def test_tasks_are_for_clinical_staff(by: str, clinic: Clinic) -> None:
    answer = await clinic.ask("POST", "/api/ai/tasks/lab-results", by=by, json={"text": "x"})

    assert answer.status_code == 403


async def test_text_and_results_together_are_refused(clinic: Clinic) -> None:
    body = {"text": "x", "results": [{"test": "Sodium", "value": 1}]}

    answer = await clinic.ask("POST", "/api/ai/tasks/lab-results", json=body)

    assert (answer.status_code, answer.json()["code"]) == (400, "ai-bad-input")


async def test_without_an_engine_the_task_says_so_and_answers_nothing() -> None:
    gateway = Gateway((), InProcessReader())

    with pytest.raises(NoEngineError, match="by hand"):
        await gateway.answer(LAB_RESULTS, Given(results=[GivenResult("Sodium", "139")]), CALL)


# --- in batch ------------------------------------------------------------------------------


async def batch(clinic: Clinic, task: str, lines: list[Any], folder: Path) -> list[dict[str, Any]]:
    raw = [line if isinstance(line, bytes) else msgspec.json.encode(line) for line in lines]
    return [one async for one in run_batch(clinic.gateway, task, raw, folder=folder)]


async def test_a_batch_keeps_its_order_and_answers_every_line(
    clinic: Clinic, tmp_path: Path
) -> None:
    (tmp_path / "report.pdf").write_bytes(a_report())
    (tmp_path / "program.pdf").write_bytes(b"MZ\x90\x00" * 300)
    (tmp_path / "cut.pdf").write_bytes(a_report()[:900])
    lines = [
        {"id": 1, "input": {"file": "report.pdf"}},
        b"not json",
        {"id": "three", "input": {"text": "nothing here"}},
        {"id": 4, "input": {"file": "absent.pdf"}},
        {"id": 5, "input": {"file": "program.pdf"}},
        {"id": 6, "input": {"file": "cut.pdf"}},
        {"id": 7, "input": {"results": [{"test": "INR", "value": "2.5"}]}},
        {"id": 8, "input": {"surprise": 1}},
    ]

    answers = await batch(clinic, "lab-results", lines, tmp_path)

    assert [one["id"] for one in answers] == [1, None, "three", 4, 5, 6, 7, 8]
    statuses = ["ok", "failed", "abstained", "failed", "failed", "abstained", "ok", "failed"]
    assert [one["status"] for one in answers] == statuses
    assert all(one["reason"] for one in answers if one["status"] != "ok")
    assert [row["test"] for row in answers[0]["output"]["rows"]][:2] == ["Sodium", "Potassium"]


async def test_document_analysis_tells_reports_from_letters(clinic: Clinic, tmp_path: Path) -> None:
    (tmp_path / "report.pdf").write_bytes(a_report())
    (tmp_path / "letter.pdf").write_bytes(a_letter())
    lines = [{"id": name, "input": {"file": f"{name}.pdf"}} for name in ("report", "letter")]

    report, letter = await batch(clinic, "document-analysis", lines, tmp_path)

    assert (report["output"]["kind"], len(report["output"]["rows"])) == ("lab-report", 4)
    assert report["output"]["findings"] == [
        "Creatinine: 1.42 mg/dL is above its range (0.70 - 1.30)."
    ]
    assert (letter["output"]["kind"], letter["output"]["rows"]) == ("letter", [])
    assert letter["output"]["spans"][0]["text"] == "Dear colleague,"
