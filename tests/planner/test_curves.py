"""What a page draws: curves and the picture of an architecture."""

from __future__ import annotations

from dataclasses import replace

import pytest

from careflow.planner.architecture import Architecture
from careflow.planner.architectures import ARCHITECTURES, architecture
from careflow.planner.constraints import Request
from careflow.planner.curves import cost_curve, latency_curve, stacked
from careflow.planner.decision import decide
from careflow.planner.diagram import diagram
from careflow.planner.growth import grow
from careflow.planner.patterns import pattern
from careflow.planner.prices import catalogue
from careflow.planner.shape import default_shape
from careflow.planner.workload import Workload

CURRENT = catalogue("current")
CLINIC = Request(Workload(users=300, ai_requests_per_month=3_000))


def test_cost_rises_with_users_until_it_cannot_serve() -> None:
    points = cost_curve(architecture("3B"), CLINIC, CURRENT, (10, 300, 3_000, 30_000, 300_000))

    costs = [point.monthly for point in points]
    assert costs[-1] is None
    known = [cost for cost in costs if cost is not None]
    assert known == sorted(known)
    assert len(known) == 4


def test_latency_rises_with_load() -> None:
    points = latency_curve(default_shape(architecture("3A")), CLINIC.workload, CURRENT, points=8)

    found = [point.p95_ms for point in points if point.p95_ms is not None]
    assert found == sorted(found)
    assert len(found) > 4


def test_groups_of_a_month_add_up_to_its_bill() -> None:
    growth = grow(pattern("low"), Request(Workload()), CURRENT, months=6)

    for month, groups in zip(growth.months, stacked(growth), strict=True):
        assert sum(groups.values()) == month.bill.total.high


@pytest.mark.parametrize("one", ARCHITECTURES, ids=lambda one: one.name)
def test_every_link_of_a_picture_joins_two_nodes_from_people_down(one: Architecture) -> None:
    picture = diagram(default_shape(one))
    ranks = {node.id: node.rank for node in picture.nodes}

    assert len(ranks) == len(picture.nodes)
    assert all(ranks[start] < ranks[end] for start, end in picture.links)
    assert {"people", "api", "database"} <= set(ranks)


def test_a_managed_queue_is_a_line_and_a_node_of_a_fleet_alone() -> None:
    asked = replace(CLINIC, stage="enterprise", managed_redis=True)

    best = decide(asked, CURRENT).required()

    assert "elasticache.t4g.micro_valkey" in {line.item for line in best.bill.lines}
    assert "redis" in {node.id for node in diagram(best.capacity.shape).nodes}
    assert not default_shape(architecture("2"), managed_redis=True).managed_redis
