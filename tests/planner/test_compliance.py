"""Safeguards: where evidence must come from, and what is never said."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.resources import files

import pytest

from careflow.errors import BadInputError
from careflow.planner.advice import advice
from careflow.planner.architectures import ARCHITECTURES, architecture
from careflow.planner.compliance import check, routes
from careflow.planner.prices import catalogue
from careflow.planner.shape import default_shape
from tests.shared_data import shared

CURRENT = catalogue("current")


def test_hipaa_asks_t1_to_t19_each_with_where_its_evidence_comes_from() -> None:
    report = check(default_shape(architecture("2"), hipaa=True), "hipaa", CURRENT)

    assert [one.id for one in report.safeguards] == [f"T{n}" for n in range(1, 20)]
    assert {one.evidence_from for one in report.safeguards} == {"test", "template", "dated record"}
    assert report.counts["shown"] == 0
    assert report.counts["planned"] >= 4


def test_nothing_is_shown_without_evidence_and_evidence_shows_it() -> None:
    shape = default_shape(architecture("2"), hipaa=True)

    report = check(shape, "hipaa", CURRENT, evidence={"T16": "a sign-in ends everywhere"})

    shown = [one for one in report.safeguards if one.state == "shown"]
    assert [(one.id, one.evidence) for one in shown] == [("T16", "a sign-in ends everywhere")]


def test_the_free_database_tier_is_never_enough_for_patient_data() -> None:
    report = check(default_shape(architecture("2")), "hipaa", CURRENT)

    states = {one.id: one for one in report.safeguards}
    assert states["T10"].state == "not shown"
    assert "M0 has no backups" in states["T10"].evidence


def test_the_checklists_18_leaves_are_the_guides_and_each_is_covered() -> None:
    given = json.loads(shared("guide/tables.json").read_text())["tables"]
    theirs = next(table for table in given if table["id"] == "hipaa_checklist")["rows"]

    report = check(default_shape(architecture("2")), "hipaa", CURRENT)

    leaves = [f"{row['label']}: {leaf['text']}" for row in theirs for leaf in row["items"]]
    assert [line.text for line in report.checklist] == leaves
    assert len(leaves) == 18
    assert all(line.covered_by for line in report.checklist)
    assert [line.line for line in report.checklist] == [
        leaf["line"] for row in theirs for leaf in row["items"]
    ]


def test_what_the_guide_says_stands_in_its_lines() -> None:
    lines = shared("guide/architecture-guide.md").read_text().split("\n")

    for one in ARCHITECTURES:
        report = check(default_shape(one), "hipaa", CURRENT)
        for said in (*report.included, *report.eligible):
            assert said.text.split(": ")[-1] in lines[said.line - 1], said
        for said in report.advice:
            if said.text:
                near = " ".join(lines[said.line - 2 : said.line + 2]).replace("**", "")
                assert said.text in near, said


def test_patient_data_never_takes_a_free_route() -> None:
    found = {one.route: one for one in routes("gemini")}

    assert found["Gemini API, free"].baa is False
    assert found["Gemini API, free"].patient_data.startswith("never")
    assert found["Gemini on Google Cloud"].baa is True


def test_soc_2_asks_google_only_where_gemini_is_used() -> None:
    with_it = check(default_shape(architecture("3B")), "soc2", CURRENT)
    without = check(default_shape(architecture("2")), "soc2", CURRENT)

    assert len(with_it.safeguards) == len(without.safeguards) + 1


def test_unknown_rules_are_one_sentence() -> None:
    with pytest.raises(BadInputError, match="use hipaa, gdpr or soc2"):
        check(default_shape(architecture("2")), "iso", CURRENT)


def test_nobody_is_called_compliant() -> None:
    folder = files("careflow.planner")
    texts = [
        entry.read_text("utf-8").lower()
        for entry in folder.iterdir()
        if entry.name.endswith((".py", ".json")) and entry.name != "words.json"
    ]

    assert all("hipaa compliant" not in text for text in texts)
    assert all("hipaa-compliant" not in text for text in texts)


def test_advice_that_is_no_architecture_is_priced_where_there_is_a_price() -> None:
    found = {one.name: one for one in advice(CURRENT)}

    assert found["SageMaker"].monthly is None
    assert found["larger EC2"].monthly is not None
    assert found["larger EC2"].monthly.text() == "$45.55"
    assert found["enhanced monitoring"].monthly is not None


def test_an_aged_catalogue_still_answers() -> None:
    old = replace(CURRENT, lifecycle=())

    assert check(default_shape(architecture("3A")), "gdpr", old).safeguards
