"""Decisions, comparisons and break-evens."""

from __future__ import annotations

import itertools
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import careflow.planner
from careflow.errors import BadInputError
from careflow.planner import framework
from careflow.planner.architecture import Architecture
from careflow.planner.architectures import ARCHITECTURES, UnknownArchitectureError, architecture
from careflow.planner.breakeven import bands
from careflow.planner.capacity import NothingFitsError
from careflow.planner.comparison import compare
from careflow.planner.constraints import ImpossibleRequestError, Request
from careflow.planner.decision import candidate, decide
from careflow.planner.prices import catalogue
from careflow.planner.sensitivity import sensitivity
from careflow.planner.words import glossary
from careflow.planner.workload import ImpossibleWorkloadError, Workload

CURRENT = catalogue("current")
PLANNER = Path(careflow.planner.__file__).parent
CLINIC = Workload(users=300, ai_requests_per_month=10_000)


def test_a_practice_under_hipaa_gets_the_cheapest_that_fits_its_budget() -> None:
    decision = decide(Request(CLINIC, budget=Decimal(100), compliance="hipaa"), CURRENT)

    best = decision.required()
    assert best.bill.total.high <= best.horizon.dearest.total.high <= 100
    assert best.capacity.shape.tier == "m10"
    assert decision.runner_up is not None
    assert decision.gap is not None
    assert decision.gap.low >= 0


def test_every_rejected_architecture_names_a_constraint_it_violates() -> None:
    decision = decide(Request(CLINIC, budget=Decimal(60), uptime=Decimal("99.9")), CURRENT)

    assert len(decision.fitting) + len(decision.rejected) == len(ARCHITECTURES)
    for one in decision.rejected:
        assert one.violations
        assert all(broken.sentence.endswith(".") for broken in one.violations)


def test_where_nothing_fits_the_nearest_and_what_it_misses_are_named() -> None:
    decision = decide(Request(Workload(users=300), budget=Decimal(5)), CURRENT)

    with pytest.raises(NothingFitsError, match=r"the nearest is production at .* budget of \$5"):
        decision.required()


def test_a_budget_is_held_against_the_high_end_of_a_range() -> None:
    request = Request(Workload(users=50), budget=Decimal(21))

    with pytest.raises(NothingFitsError, match=r"\$19\.00-23\.00, \$2\.00 above"):
        decide(request, catalogue("guide")).required()


def test_enterprise_and_high_uptime_need_a_fleet() -> None:
    for request in (
        Request(CLINIC, stage="enterprise"),
        Request(CLINIC, uptime=Decimal("99.9")),
    ):
        assert decide(request, CURRENT).required().architecture.name == "high-availability"


def test_privacy_critical_ai_never_goes_to_google() -> None:
    assert decide(Request(CLINIC, ai="private"), CURRENT).required().architecture.ai != "gemini"


def test_advanced_ai_is_gemini_as_the_guide_says() -> None:
    assert decide(Request(CLINIC, ai="advanced"), CURRENT).required().architecture.name == "gemini"


def test_a_few_people_trying_it_out_get_basic() -> None:
    best = decide(Request(Workload(users=5), stage="development"), CURRENT).required()

    assert best.architecture.name == "basic"


def test_the_guides_rows_that_apply_are_cited() -> None:
    decision = decide(Request(CLINIC, budget=Decimal(20), compliance="hipaa"), CURRENT)

    assert [row.table for row in decision.guide] == [
        "decision_stage/production_with_ai",
        "decision_budget/10_30_month",
        "decision_users/100_500_users",
        "decision_ai/basic_ai",
        "decision_compliance/hipaa_compliance",
    ]


def _request_for(row: framework.Row) -> Request:
    """Return a request in the middle of a row of the framework."""
    table = row.table.split("/")[0]
    middle = int(row.low if row.high is None else (row.low + row.high) / 2)
    stages = {one.table: name for name, one in framework.STAGES.items()}
    needs = {one.table: name for name, one in framework.AI.items()}
    rules = {one.table: name for name, one in framework.COMPLIANCE.items()}
    return {
        "decision_stage": lambda: Request(CLINIC, stage=stages[row.table]),
        "decision_budget": lambda: Request(CLINIC, budget=Decimal(middle)),
        "decision_users": lambda: Request(Workload(users=middle)),
        "decision_ai": lambda: Request(CLINIC, ai=needs[row.table]),
        "decision_compliance": lambda: Request(CLINIC, compliance=rules[row.table]),
    }[table]()


@pytest.mark.parametrize("row", framework.rows(), ids=lambda row: row.table)
def test_each_row_of_the_guides_framework_is_cited_for_a_request_inside_it(
    row: framework.Row,
) -> None:
    decision = decide(_request_for(row), CURRENT)

    assert row in decision.guide


def test_what_would_change_the_answer_is_said() -> None:
    changes = sensitivity(Request(CLINIC, budget=Decimal(100)), CURRENT)

    now = decide(Request(CLINIC, budget=Decimal(100)), CURRENT).required().architecture.name
    assert {"users", "uptime"} <= {one.what for one in changes}
    assert now not in {one.answer for one in changes}
    assert all(one.sentence.endswith(".") for one in changes)


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (lambda: Workload(users=-1), ImpossibleWorkloadError),
        (lambda: Workload(users=10**9), ImpossibleWorkloadError),
        (lambda: Request(CLINIC, budget=Decimal(-5)), ImpossibleRequestError),
        (lambda: Request(CLINIC, uptime=Decimal(100)), ImpossibleRequestError),
        (lambda: Request(CLINIC, stage="later"), BadInputError),
        (lambda: decide(Request(CLINIC, months=0), CURRENT), BadInputError),
        (lambda: architecture("cloud"), UnknownArchitectureError),
        (lambda: bands((architecture("1"),), CLINIC, CURRENT), BadInputError),
        (lambda: catalogue("yesterday"), BadInputError),
    ],
)
def test_bad_input_is_one_sentence(make: object, error: type[BadInputError]) -> None:
    with pytest.raises(error) as found:
        make()  # type: ignore[operator]

    assert found.value.message.endswith(".")
    assert "\n" not in found.value.message


def test_celery_and_lambda_break_even_at_about_21_700_tasks() -> None:
    found = bands((architecture("3A"), architecture("3A-alternative")), Workload(), CURRENT)

    assert [band.architecture.name for band in found][:2] == ["lambda-ai", "self-hosted-ai"]
    assert found[0].last == pytest.approx(21_700, rel=0.01)


def test_an_architecture_drops_out_of_a_break_even_where_it_cannot_carry_the_tasks() -> None:
    found = bands((architecture("3A"), architecture("3A-alternative")), Workload(), CURRENT)

    assert found[-1].architecture.name == "lambda-ai"
    assert 25_000 < found[1].last < 100_000


def test_bands_of_three_cover_every_number_of_tasks_once() -> None:
    three = tuple(architecture(name) for name in ("3A", "3A-alternative", "3B"))

    found = bands(three, Workload(tokens_per_ai_request=200), CURRENT)

    assert found[0].first == 0
    assert found[-1].last == 1_000_000
    for one, after in itertools.pairwise(found):
        assert after.first == one.last + 1


def test_a_comparison_sets_bills_and_the_guides_words_side_by_side() -> None:
    found = compare(ARCHITECTURES, Request(CLINIC), CURRENT)

    gemini = next(column for column in found if column.architecture.name == "gemini")
    assert gemini.guide is not None
    assert gemini.core.total.high <= gemini.deployed.total.high
    assert "Strict data privacy (data sent to Google)" in gemini.words.not_good_for
    assert all(column.words.advantages for column in found if column.architecture.deploys)


requests = st.builds(
    Request,
    workload=st.builds(
        Workload,
        users=st.integers(0, 50_000),
        ai_requests_per_month=st.integers(0, 200_000),
    ),
    budget=st.none() | st.integers(0, 2_000).map(Decimal),
    uptime=st.none() | st.sampled_from([Decimal(99), Decimal("99.5")]),
    months=st.just(1),
)


@settings(max_examples=40, deadline=None)
@given(
    request=requests,
    tighter=st.sampled_from(["budget", "uptime", "compliance", "stage", "ai"]),
)
def test_a_tighter_constraint_never_gives_a_cheaper_answer(request: Request, tighter: str) -> None:
    before = decide(request, CURRENT)
    tight = {
        "budget": replace(request, budget=_less(request.budget)),
        "uptime": replace(request, uptime=Decimal("99.9")),
        "compliance": replace(request, compliance="hipaa"),
        "stage": replace(request, stage="enterprise"),
        "ai": replace(request, ai="advanced") if request.need == "basic" else request,
    }[tighter]

    after = decide(tight, CURRENT)

    if after.best is not None:
        assert before.best is not None
        assert after.best.horizon.total.high >= before.best.horizon.total.high
    for one in (*after.rejected, *before.rejected):
        assert one.violations


def _less(budget: Decimal | None) -> Decimal:
    return Decimal(1_400) if budget is None else budget * Decimal("0.7")


@settings(max_examples=40, deadline=None)
@given(
    one=st.sampled_from(ARCHITECTURES),
    users=st.integers(0, 60_000),
    calls=st.integers(0, 500_000),
    more_users=st.integers(0, 30_000),
    more_calls=st.integers(0, 300_000),
    compliance=st.sampled_from(["none", "hipaa"]),
)
def test_an_architecture_that_grows_with_its_demand_never_gets_cheaper(
    one: Architecture, users: int, calls: int, more_users: int, more_calls: int, compliance: str
) -> None:
    small = Workload(users=users, ai_requests_per_month=calls)
    large = Workload(users=users + more_users, ai_requests_per_month=calls + more_calls)

    before, after = (
        candidate(one, Request(asked, compliance=compliance, ai=need(one), months=1), CURRENT)
        for asked in (small, large)
    )

    if not after.capacity.problems:
        assert after.bill.total.high >= before.bill.total.high


def need(one: Architecture) -> str:
    return "basic" if "basic" in one.serves else "none"


def test_only_tests_read_the_given_tables() -> None:
    sources = [path.read_text("utf-8") for path in PLANNER.rglob("*.py")]

    assert len(sources) > 30
    assert not any("tables.json" in text or "prices.json" in text for text in sources)


def test_the_guides_glossary_is_there_for_readers_of_a_page() -> None:
    found = glossary()

    assert len(found) == 16
    assert found["BAA"] == "Business Associate Agreement (for HIPAA)"
