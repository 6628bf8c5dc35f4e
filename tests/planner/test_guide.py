"""The guide reproduced: every cell, every identity, and where it contradicts itself."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from careflow.planner import framework
from careflow.planner.architectures import architecture
from careflow.planner.bill import make_bill
from careflow.planner.guide.figures import read_figure
from careflow.planner.guide.identities import identities
from careflow.planner.guide.listing import listing
from careflow.planner.guide.page import guide_text, reference_page
from careflow.planner.guide.quotes import lines_of, quoted, stated
from careflow.planner.guide.tables import tables
from careflow.planner.prices import catalogue
from careflow.planner.shape import default_shape
from careflow.planner.spans import ZERO, Span
from careflow.planner.workload import Workload
from tests.shared_data import shared

IN_ROW = {"key", "label", "line", "arch", "role", "period", "inputs", "unit"}
NOT_FIGURES = IN_ROW | {"label_range", "label_unit"}


def given() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(shared("guide/tables.json").read_text())
    return found


def cells(row: dict[str, Any]) -> dict[str, Any]:
    """Return every cell of a row of the given tables, by its path."""
    found: dict[str, Any] = {}
    for name, value in row.items():
        if name in NOT_FIGURES or (value is None and name != "duration_months"):
            continue
        if name == "cells":
            found |= {f"cells.{column}": cell for column, cell in value.items()}
        elif name == "items":
            found |= {f"items.{index}": cell for index, cell in enumerate(value)}
        else:
            found[name] = value
    return found


def test_tables_and_rows_stand_in_the_given_order_with_the_given_keys() -> None:
    theirs = [
        (t["id"], [(r["key"], r["label"]) for r in t["rows"] if "label" in r])
        for t in given()["tables"]
    ]

    ours = [(t["id"], [(r["key"], r["label"]) for r in t["rows"]]) for t in listing()["tables"]]

    assert ours == theirs
    assert len(ours) == 61
    assert sum(len(rows) for _, rows in ours) == 264


def test_every_cell_is_there_with_its_text_and_range_and_agrees_or_says_why() -> None:
    for theirs, ours in zip(given()["tables"], listing()["tables"], strict=True):
        for row, made in zip(theirs["rows"], ours["rows"], strict=True):
            figures = {figure["path"]: figure for figure in made["figures"]}
            assert set(figures) == set(cells(row)), (theirs["id"], row["key"])
            for path, cell in cells(row).items():
                _check(figures[path], cell, (theirs["id"], row["key"], path))


def _check(figure: dict[str, Any], cell: Any, where: tuple[str, str, str]) -> None:
    if isinstance(cell, dict) and "text" in cell:
        assert figure["text"] == cell["text"], where
        assert figure["range"] == cell.get("range"), where
    elif isinstance(cell, dict):
        assert figure["range"] == cell["range"], where
    elif isinstance(cell, list) and all(isinstance(one, int | None) for one in cell):
        assert figure["range"] == cell, where
    assert figure["agrees"] or figure["note"], where
    if figure["computed"] is not None and not figure["agrees"]:
        assert figure["computed"] != figure["range"], where


def test_totals_below_the_growth_tables_are_figures_too() -> None:
    for theirs, ours in zip(given()["tables"], listing()["tables"], strict=True):
        if "total" in theirs:
            assert ours["total"]["range"] == theirs["total"]["value"]["range"]
            assert ours["total"]["agrees"] is False
            assert ours["total"]["note"]


def test_every_identity_is_computed_as_given() -> None:
    ours = {one["id"]: one for one in listing()["identities"]}
    theirs = given()["identities"]

    assert list(ours) == [one["id"] for one in theirs]
    for one in theirs:
        assert ours[one["id"]]["stated"] == one["stated"], one["id"]
        assert ours[one["id"]]["computed"] == one["computed"], one["id"]
        assert ours[one["id"]]["holds"] is one["holds"], one["id"]


def test_each_of_the_29_that_do_not_hold_is_explained_in_one_sentence() -> None:
    broken = [one for one in identities() if not one.holds]

    assert len(broken) == 29
    assert all(one.note.endswith(".") for one in broken)
    assert all(one.note == "" for one in identities() if one.holds)


def test_every_quotation_stands_in_the_line_it_names() -> None:
    lines = shared("guide/architecture-guide.md").read_text().split("\n")

    for table in quoted():
        for row in table.rows:
            near = " ".join(lines[table.lines[0] - 1 : table.lines[1] + 1])
            for path, text in row.says.items():
                if path in {"value", "annual", "percent"} or path.startswith(("cells.", "items.")):
                    assert text in near.replace("**", ""), (table.id, row.key, text)


@pytest.mark.parametrize(
    ("table", "name", "calls"),
    [
        ("cost_arch1_after", "basic", 0),
        ("cost_arch2", "production", 0),
        ("cost_arch3a", "self-hosted-ai", 0),
        ("cost_arch3b_low", "gemini", 1_000),
        ("cost_arch3b_medium", "gemini", 10_000),
        ("cost_arch3b_high", "gemini", 100_000),
        ("cost_arch4", "high-availability", 10_000),
        ("cost_traditional", "traditional", 0),
    ],
)
def test_the_bill_engine_on_the_guides_catalogue_gives_the_sum_of_its_lines(
    table: str, name: str, calls: int
) -> None:
    shape = default_shape(architecture(name))
    if table == "cost_arch3b_low":  # the guide puts low usage on a t2.micro
        shape = replace(shape, instance="t2.micro")

    bill = make_bill(shape, Workload(ai_requests_per_month=calls), catalogue("guide"))

    assert bill.total.amount == sum(lines_of(table).values(), start=ZERO)


@pytest.mark.parametrize("row", framework.rows(), ids=lambda row: row.table)
def test_the_framework_says_what_the_guide_says_in_each_row(row: framework.Row) -> None:
    table, key = row.table.split("/")
    theirs = next(t for t in given()["tables"] if t["id"] == table)
    cell = next(r for r in theirs["rows"] if r["key"] == key)

    assert list(row.recommend) == cell["recommend"]
    assert list(row.careful) == cell.get("careful", [])
    assert row.only_option is cell.get("only_option", False)
    if "range" in cell:
        assert [row.low, row.high] == cell["range"]


def test_figures_are_read_as_printed() -> None:
    assert read_figure("~$0.20 per 1 million tokens") == Span(Decimal("0.20"), Decimal("0.20"))
    assert read_figure("500-10K+") == Span(Decimal(500), Decimal(10_000))
    assert read_figure("2x CPU, 2x RAM") is None
    assert read_figure("$0 (may need M10 at $57/month)") == ZERO
    assert read_figure("N/A") is None
    assert stated("growth_high/total") == Span(Decimal(8_000), Decimal(15_000))


def test_the_page_says_agrees_quoted_or_both_figures() -> None:
    text = guide_text()

    assert "the guide says $19-24/month, its own parts give 19-23." in text
    assert "Savings: $360-648 - agrees" in text
    assert "Uptime SLA: 99.5% (single instance) - agrees" in text
    assert "36 of 65 identities hold." in text
    assert len(guide_text(only_contradictions=True)) < len(text) / 2


def test_the_reference_page_lists_each_contradiction() -> None:
    page = reference_page()

    for one in identities():
        assert (f"`{one.id}`" in page) is (not one.holds)
    assert all(len(table.rows) > 0 for table in tables())
