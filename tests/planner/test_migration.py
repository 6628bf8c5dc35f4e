"""Migrations, the guide's phases, and notices that it is time to move."""

from __future__ import annotations

from decimal import Decimal
from itertools import permutations

import pytest

from careflow.errors import BadInputError
from careflow.planner.architectures import ARCHITECTURES, architecture
from careflow.planner.constraints import Request
from careflow.planner.migration import CHECKS, NoMigrationError, migrate
from careflow.planner.phases import PHASES
from careflow.planner.prices import catalogue
from careflow.planner.shape import default_shape
from careflow.planner.spans import ZERO, span
from careflow.planner.triggers import TRIGGERS
from careflow.planner.upgrades import Notice, Observed, Trend, notices
from careflow.planner.workload import Workload
from tests.shared_data import shared

CURRENT = catalogue("current")
CLINIC = Request(Workload(users=100))
KNOWN = {"backup", "drill", "deploy", "migrate", "check-settings", "worker", "ai", "plan", "audit"}


@pytest.mark.parametrize(
    ("before", "after"),
    [pair for pair in permutations(ARCHITECTURES, 2) if not pair[1].comparison_only],
    ids=lambda one: one.name,
)
def test_any_pair_has_ordered_steps_that_begin_with_a_backup(before: object, after: object) -> None:
    plan = migrate(before, after, CLINIC, CURRENT)  # type: ignore[arg-type]

    assert plan.steps[0].command == "careflow backup create"
    assert plan.steps[-1].command == "careflow drill"
    commands = {step.command.split()[1] for step in plan.steps if step.command}
    assert commands <= KNOWN
    assert plan.downtime_min.low <= plan.downtime_min.high
    assert plan.data.endswith(".")


def test_there_and_back_costs_nothing() -> None:
    there = migrate(architecture("2"), architecture("4"), CLINIC, CURRENT)
    back = migrate(architecture("4"), architecture("2"), CLINIC, CURRENT)

    assert there.cost_difference == tuple(-cost for cost in back.cost_difference)
    assert there.cost_difference[0] > 100


def test_basic_to_production_is_a_restart_as_the_guide_says() -> None:
    plan = migrate(architecture("1"), architecture("2"), CLINIC, CURRENT)

    assert plan.downtime_min == span(2, 5)
    assert plan.difficulty == "Easy"
    assert "L1426" in plan.guide


def test_gemini_comes_without_downtime_and_self_hosted_ai_with_it() -> None:
    assert migrate(architecture("2"), architecture("3B"), CLINIC, CURRENT).downtime_min == ZERO
    own = migrate(architecture("2"), architecture("3A"), CLINIC, CURRENT)
    assert own.downtime_min.low >= 30
    assert own.difficulty == "Hard"


def test_leaving_the_free_database_tier_takes_minutes_whatever_else_moves() -> None:
    plan = migrate(architecture("2"), architecture("4"), CLINIC, CURRENT)

    assert plan.downtime_min == span(5, 10)
    assert "from M0 to M10" in plan.data


def test_if_done_correctly_is_named_checks() -> None:
    plan = migrate(architecture("2"), architecture("4"), CLINIC, CURRENT)

    assert plan.checks == CHECKS
    assert any("not DNS" in check for check in plan.checks)


@pytest.mark.parametrize(("before", "after"), [("2", "2"), ("2", "traditional")])
def test_what_cannot_be_moved_to_is_one_sentence(before: str, after: str) -> None:
    with pytest.raises(NoMigrationError, match=r"\.$"):
        migrate(architecture(before), architecture(after), CLINIC, CURRENT)


def test_phases_are_the_guides_words() -> None:
    text = shared("guide/architecture-guide.md").read_text()

    for phase in PHASES:
        assert phase.goal in text
        assert all(step in text for step in phase.steps)
    assert [phase.architecture for phase in PHASES] == [
        "basic",
        "production",
        "gemini",
        "high-availability",
    ]


def test_every_trigger_stands_in_its_line_of_the_guide() -> None:
    lines = shared("guide/architecture-guide.md").read_text().split("\n")

    for trigger in TRIGGERS:
        assert trigger.sentence in lines[trigger.line - 1], trigger


def due(running: str, **measured: object) -> tuple[Notice, ...]:
    observed = Observed(**measured)  # type: ignore[arg-type]
    return notices(default_shape(architecture(running)), observed, CLINIC, CURRENT)


def test_growing_users_give_weeks_cost_downtime_and_steps() -> None:
    found = due("basic", concurrent_users=Trend(Decimal(14), Decimal(1)))

    assert found[0].to == "production"
    assert found[0].weeks == 6
    assert found[0].sentence.startswith("Upgrade to production in about 6 weeks, +$7.59 a month,")
    assert "2-5 minutes of downtime" in found[0].sentence
    assert found[0].migration is not None


@pytest.mark.parametrize(
    ("running", "measured", "to"),
    [
        ("basic", {"response_ms": Trend(Decimal(501))}, "production"),
        ("basic", {"memory_percent": Trend(Decimal(81))}, "production"),
        ("basic", {"background_jobs": True}, "production"),
        ("basic", {"real_users": True}, "production"),
        ("production", {"concurrent_users": Trend(Decimal(501))}, "high-availability"),
        ("gemini", {"uptime_percent": Trend(Decimal("99.95"))}, "high-availability"),
        ("gemini", {"no_downtime": True}, "high-availability"),
        ("production", {"storage_mb": Trend(Decimal(401))}, "m10"),
        ("production", {"active_users": Trend(Decimal(1_001))}, "m10"),
        ("production", {"needs_backups": True}, "m10"),
        ("high-availability", {"storage_mb": Trend(Decimal(8_200))}, "m20"),
        ("high-availability", {"needs_iops": True}, "m20"),
        ("production", {"cpu_percent": Trend(Decimal(71))}, "t3.medium"),
    ],
)
def test_each_trigger_leads_where_the_guide_says(
    running: str, measured: dict[str, object], to: str
) -> None:
    assert [notice.to for notice in due(running, **measured)] == [to]


@pytest.mark.parametrize(
    ("running", "measured"),
    [
        ("basic", {"concurrent_users": Trend(Decimal(20))}),
        ("basic", {"response_ms": Trend(Decimal(500))}),
        ("production", {"concurrent_users": Trend(Decimal(30), Decimal("0.1"))}),
        ("high-availability", {"storage_mb": Trend(Decimal(500))}),
        ("production", {"cpu_percent": Trend(Decimal(30))}),
    ],
)
def test_at_or_below_a_threshold_nothing_is_due(running: str, measured: dict[str, object]) -> None:
    assert due(running, **measured) == ()


def test_an_idle_box_may_go_down_one_size() -> None:
    running = default_shape(architecture("production"))
    medium = running.__class__(architecture("production"), "t3.medium", 1, 30, "m0")
    idle = Observed(cpu_percent=Trend(Decimal(5)), memory_percent=Trend(Decimal(20)))

    found = notices(medium, idle, CLINIC, CURRENT)

    assert found[0].sentence.startswith("You can go down to t3.small now, -$15.18 a month")


def test_a_negative_measurement_is_one_sentence() -> None:
    with pytest.raises(BadInputError, match="memory percent cannot be negative"):
        Observed(memory_percent=Trend(Decimal(-1)))
