"""``careflow plan`` as people type it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from careflow.cli.command import careflow
from careflow.cli.failures import run_command

ASKED = ["--users", "300", "--ai-requests-per-month", "10000", "--compliance", "hipaa"]


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert run_command(careflow, ["plan", *arguments]) == 0
    return capsys.readouterr().out


def as_json(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    return json.loads(run(capsys, *arguments, "--json"))


def test_one_page_names_what_to_run_its_bill_and_why_not_the_others(
    capsys: pytest.CaptureFixture[str],
) -> None:
    page = run(capsys, *ASKED, "--budget", "100")

    for heading in ("RUN ", "BILL", "CAPACITY", "WHAT BREAKS", "WHY NOT", "SAFEGUARDS", "GUIDE"):
        assert heading in page
    assert "days old" in page
    assert "compliant" not in page.lower()


def test_json_has_the_same_numbers_as_the_page(capsys: pytest.CaptureFixture[str]) -> None:
    made = as_json(capsys, *ASKED, "--budget", "100")
    page = run(capsys, *ASKED, "--budget", "100")

    best = made["best"]
    assert f"(${best['monthly']['high']:.2f}" in page or f"${best['monthly']['high']:.2f} " in page
    assert sum(line["amount"]["high"] for line in best["deployed"]["lines"]) == pytest.approx(
        best["monthly"]["high"]
    )
    assert all(line["source_url"] and line["read_on"] for line in best["deployed"]["lines"])


def test_ranges_in_give_ranges_out(capsys: pytest.CaptureFixture[str]) -> None:
    made = as_json(
        capsys, "--users", "100-300", "--ai-requests-per-month", "0-30000", "--ai", "advanced"
    )

    total = made["deployed"]["total"]
    assert total["low"] < total["high"]


def test_the_guides_catalogue_gives_the_guides_ranges(capsys: pytest.CaptureFixture[str]) -> None:
    made = as_json(capsys, "--users", "50", "--catalog", "guide")

    assert made["best"]["monthly"] == {"low": 19, "high": 23, "currency": "USD"}


def test_the_guide_in_json_has_61_tables_and_65_identities(
    capsys: pytest.CaptureFixture[str],
) -> None:
    made = as_json(capsys, "guide")

    assert len(made["tables"]) == 61
    assert sum(one["holds"] for one in made["identities"]) == 36


def test_verbs_answer_as_text_and_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    text = {
        "compare": run(capsys, "compare", "2", "3B", "--users", "300", "--check", "hipaa"),
        "decide": run(capsys, "decide", "--users", "300"),
        "grow": run(capsys, "grow", "--growth", "low", "--runs", "200"),
        "migrate": run(capsys, "migrate", "2", "4", "--users", "300"),
        "breakeven": run(capsys, "breakeven", "3A", "3A-alternative"),
    }

    assert "T19" in text["compare"]
    assert "RUN PRODUCTION" in text["decide"]
    assert "More than 1,000 active users" in text["grow"]
    assert "$ careflow deploy diff --architecture high-availability" in text["migrate"]
    assert "PHASE 4: Scale" in run(capsys, "migrate")
    assert "cannot serve this load" in run(capsys, "compare", "1", "2", "--users", "400000")
    assert "21,851 AI tasks a month: lambda-ai" in text["breakeven"]
    assert as_json(capsys, "compare", "2", "--users", "300")["columns"][0]["guide"]["low"] == 19
    assert len(as_json(capsys, "grow", "--growth", "low", "--runs", "100")["months"]) == 36
    assert as_json(capsys, "migrate", "2", "4")["steps"][0]["command"]
    assert as_json(capsys, "breakeven", "3A", "3B")[0]["first"] == 0


def test_measured_numbers_say_what_is_due(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    measured = tmp_path / "measured.json"
    measured.write_text(json.dumps({"concurrent_users": [14, 1], "needs_backups": True}))

    text = run(capsys, "observe", str(measured), "--architecture", "basic")

    assert "Move the database to M10 now, +$58.40 a month" in text
    assert "Upgrade to production in about 6 weeks" in text


def test_evidence_in_a_file_shows_a_safeguard(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    evidence = tmp_path / "evidence.json"
    evidence.write_text('{"T11": "drill of 2026-11-20"}')
    handed = ("--check", "hipaa", "--evidence", str(evidence))

    listed = run(capsys, "compare", "2", "--users", "300", *handed)
    made = as_json(capsys, "--users", "300", *handed)

    assert "T11  shown" in listed
    states = {one["id"]: one["state"] for one in made["report"]["safeguards"]}
    assert states["T11"] == "shown"
    assert states["T12"] == "not shown"


def test_every_verb_lists_safeguards_where_rules_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    measured = tmp_path / "measured.json"
    measured.write_text('{"needs_backups": true}')
    verbs = (
        ("grow", "--curve", "1:300:0", "--months", "1", "--runs", "100"),
        ("migrate", "2", "4", "--users", "300"),
        ("breakeven", "3A", "3B"),
        ("observe", str(measured), "--architecture", "basic"),
    )

    for verb in verbs:
        made = as_json(capsys, *verb, "--check", "hipaa")
        assert len(made["safeguards"][0]["safeguards"]) == 19
        assert "SAFEGUARDS HIPAA" in run(capsys, *verb, "--check", "hipaa")


@pytest.mark.parametrize("text", ["[", "[]", '{"T11": ""}', '{"T11": 3}', '{"T99": "a drill"}'])
def test_evidence_that_makes_no_sense_is_one_sentence(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    evidence = tmp_path / "evidence.json"
    evidence.write_text(text)

    code = run_command(careflow, ["plan", *ASKED, "--evidence", str(evidence)])

    assert code == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_every_verb_prices_a_managed_queue_and_private_subnets(
    capsys: pytest.CaptureFixture[str],
) -> None:
    asked = ("--users", "3000", "--stage", "enterprise")
    compared, *_ = as_json(capsys, "compare", "4", *asked, "--managed-redis")["columns"]
    grown = as_json(capsys, "grow", "--curve", "1:3000:0", "--months", "1", "--runs", "100",
                    *asked[2:], "--managed-redis")  # fmt: skip
    plain = as_json(capsys, "migrate", "2", "4", *asked)["cost_difference"][1]
    queued = as_json(capsys, "migrate", "2", "4", *asked, "--managed-redis")["cost_difference"][1]
    behind = as_json(capsys, "compare", "2", "--users", "300", "--private-subnets")["columns"][0]
    bands = [
        as_json(capsys, "breakeven", "3A", "4", *more)[-1]["cost_last"]
        for more in ((), ("--private-subnets",))
    ]

    assert "elasticache.t4g.micro_valkey" in {
        line["item"] for line in compared["deployed"]["lines"]
    }
    assert grown["months"][0]["total"] == compared["deployed"]["total"]
    assert queued > plain
    assert "nat.hour" in {line["item"] for line in behind["deployed"]["lines"]}
    assert bands[0] <= bands[1]


def test_options_may_stand_in_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = tmp_path / "careflow.toml"
    config.write_text('[plan]\nusers = 300\ncompliance = "hipaa"\nbudget = 5\n')

    made = as_json(capsys, "--config", str(config), "--budget", "200")

    assert made["best"]["shape"]["hipaa"] is True
    assert made["decision"]["request"]["budget"] == 200


@pytest.mark.parametrize(
    "arguments",
    [
        ["--users", "-5"],
        ["--users", "many"],
        ["--users", "50-10"],
        ["--users", "300", "--budget", "3"],
        ["--users", "300", "--budget", "-3"],
        ["--users", "300", "--budget", "nan"],
        ["--users", "5000000"],
        ["--users", "3", "--region", "mars-1"],
        ["--users", "3", "--catalog", "tomorrow"],
        ["--users", "3", "--stage", "later"],
        ["--users", "3", "--months", "0"],
        ["--users", "3", "--uptime", "120"],
        ["--users", "3", "--check", "iso"],
        ["--users", "3", "--growth", "wild"],
        ["--config", "/nowhere/careflow.toml"],
        ["--users", "3", "guide"],
        ["--json", "guide"],
        ["--private-subnets", "compare", "2"],
        ["migrate", "--check", "hipaa"],
        ["grow", "--check", "iso"],
        ["compare", "cloud"],
        ["migrate", "2", "2"],
        ["migrate", "2"],
        ["breakeven", "2"],
        ["grow", "--curve", "soon"],
        ["grow", "--runs", "1"],
        ["observe", "/nowhere.json", "--architecture", "basic"],
    ],
)
def test_bad_input_is_one_sentence_and_exit_2(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    code = run_command(careflow, ["plan", *arguments])

    told = capsys.readouterr()
    assert code == 2
    assert told.out == ""
    assert told.err.startswith("careflow: ")
    assert told.err.count("\n") == 1


@pytest.mark.parametrize(
    "text", ["[", "[]", '{"weather": 1}', '{"real_users": 1}', '{"cpu_percent": "x"}']
)
def test_a_file_of_measurements_that_makes_no_sense_is_one_sentence(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    measured = tmp_path / "measured.json"
    measured.write_text(text)

    code = run_command(careflow, ["plan", "observe", str(measured), "--architecture", "basic"])

    assert code == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_the_planner_starts_without_server_database_or_models() -> None:
    code = (
        "import sys; from careflow.cli.command import careflow;"
        "from careflow.cli.failures import run_command;"
        f"run_command(careflow, {['plan', *ASKED]!r});"
        "heavy = {'fastapi', 'pydantic', 'apsw', 'msgspec', 'cryptography', 'PIL', 'asyncio'};"
        "sys.exit(str(sorted(heavy & set(sys.modules))) if heavy & set(sys.modules) else 0)"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.stderr == ""
    assert done.returncode == 0
