"""The queueing model beside the simulator, and what a shape carries."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from careflow.planner.architectures import ARCHITECTURES, architecture
from careflow.planner.capacity import (
    NothingFitsError,
    box_load,
    capacity,
    credit_hours_left,
    database_tier,
    fit,
)
from careflow.planner.prices import catalogue
from careflow.planner.queueing import Load, latency
from careflow.planner.shape import default_shape
from careflow.planner.simulation import Credits, Scenario, simulate
from careflow.planner.workload import Workload

CPU_S = 0.004
CURRENT = catalogue("current")


@pytest.mark.parametrize("cores", [1, 2, 4])
@pytest.mark.parametrize("busy", [0.1, 0.4, 0.7])
def test_mean_and_p95_are_within_ten_percent_of_the_simulation(cores: int, busy: float) -> None:
    per_s = busy * cores / CPU_S

    model = latency(Load(per_s, CPU_S, cores))
    seen = simulate(Scenario(per_s, CPU_S, cores, seconds=60_000 / per_s, seed=1))

    assert model is not None
    assert model.mean_s == pytest.approx(seen.mean_s, rel=0.10)
    assert model.p95_s == pytest.approx(seen.p95_s, rel=0.10)


@pytest.mark.parametrize(("busy", "tasks_per_s"), [(0.1, 0.02), (0.1, 0.06)])
def test_requests_beside_ai_tasks_are_within_ten_percent_of_the_simulation(
    busy: float, tasks_per_s: float
) -> None:
    cpu_s, seconds = 0.02, 12_000.0
    per_s = busy * 2 / cpu_s

    model = latency(Load(per_s, cpu_s, 2, tasks_per_s, 12.0, 2))
    seen = simulate(Scenario(per_s, cpu_s, 2, seconds, 3, tasks_per_s, 12.0, 2))

    assert model is not None
    assert model.mean_s == pytest.approx(seen.mean_s, rel=0.10)
    assert model.p95_s == pytest.approx(seen.p95_s, rel=0.10)


def test_ai_tasks_slow_requests_down() -> None:
    alone = latency(Load(50, CPU_S, 2))
    beside = latency(Load(50, CPU_S, 2, 0.1, 12.0, 2))

    assert alone is not None
    assert beside is not None
    assert beside.p95_s > alone.p95_s * 1.1


def test_a_box_that_cannot_keep_up_has_no_latency() -> None:
    assert latency(Load(1_000, CPU_S, 2)) is None
    assert latency(Load(1, CPU_S, 2, 1.0, 12.0, 2)) is None


def test_credits_run_out_when_the_arithmetic_says() -> None:
    load = Load(per_s=150, cpu_s=CPU_S, cores=2)
    shape = replace(default_shape(architecture("production")), instance="t3.small")

    hours = credit_hours_left(shape, load)
    seen = simulate(
        Scenario(1.5, 0.4, 2, seconds=60 * 3_600, seed=5, credits=Credits(0.2, 576, 576))
    )

    assert hours is not None
    assert seen.exhausted_at_s is not None
    assert float(hours) == pytest.approx(seen.exhausted_at_s / 3_600, rel=0.10)


def test_a_box_without_credits_is_slower() -> None:
    rules = Credits(baseline=0.2, saved=0.0, most=576)
    rich = simulate(Scenario(1.2, 0.4, 2, 4_000, seed=2))
    poor = simulate(Scenario(1.2, 0.4, 2, 4_000, seed=2, credits=rules))

    assert poor.mean_s > rich.mean_s * 2


def test_the_simulation_is_the_same_for_the_same_seed() -> None:
    scenario = Scenario(50, CPU_S, 2, 100, seed=7)

    assert simulate(scenario) == simulate(scenario)


def test_self_hosted_ai_is_measured_with_its_tasks_beside_it() -> None:
    shape = default_shape(architecture("self-hosted-ai"))
    quiet = capacity(shape, Workload(users=100), CURRENT)
    busy = capacity(shape, Workload(users=100, ai_requests_per_month=20_000), CURRENT)

    assert quiet.p95_ms is not None
    assert busy.p95_ms is not None
    assert busy.p95_ms > quiet.p95_ms
    assert busy.credit_hours_left is not None


def test_an_architecture_that_cannot_serve_at_any_size_says_so_in_a_sentence() -> None:
    with pytest.raises(NothingFitsError, match=r"Production cannot serve this load at any size:"):
        fit(architecture("production"), Workload(users=400_000), CURRENT)


def test_more_boxes_are_added_before_a_fleet_is_too_busy() -> None:
    small = fit(architecture("4"), Workload(requests_per_second=Decimal(500)), CURRENT)
    large = fit(architecture("4"), Workload(requests_per_second=Decimal(5_000)), CURRENT)

    assert small.shape.instances == 3
    assert large.shape.instances == 7


def test_the_database_tier_grows_with_data_and_users() -> None:
    assert database_tier(Workload(users=300), CURRENT)[0] == "m0"
    assert database_tier(Workload(users=1_001), CURRENT)[0] == "m10"
    assert database_tier(Workload(data_gb=Decimal("0.41")), CURRENT)[0] == "m10"
    assert database_tier(Workload(data_gb=Decimal(9)), CURRENT)[0] == "m20"
    assert database_tier(Workload(data_gb=Decimal(100)), CURRENT)[1] is not None


def test_the_guides_claim_stands_beside_what_is_asked() -> None:
    made = capacity(default_shape(architecture("basic")), Workload(users=300), CURRENT)

    assert made.claim == "The guide rates Basic at 10-20 users at once; 30 are asked."


@pytest.mark.parametrize("one", ARCHITECTURES, ids=lambda one: one.name)
def test_every_architecture_has_a_load_for_its_boxes(one: object) -> None:
    shape = default_shape(architecture(one.name))  # type: ignore[attr-defined]

    assert box_load(shape, Workload(users=100), CURRENT).busy < 0.1
