"""Figures that the guide states more than once: where each comes from."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from careflow.planner.architectures import ARCHITECTURES
from careflow.planner.guide import arithmetic as own
from careflow.planner.guide.quotes import stated
from careflow.planner.spans import Span, span
from careflow.planner.triggers import TRIGGERS

_BASIC_FREE, _BASIC = "cost_arch1_free/total", "cost_arch1_after/total"
_PRODUCTION, _OWN_AI, _HA = "cost_arch2/total", "cost_arch3a/total", "cost_arch4/total"
_LOW, _MEDIUM = "cost_arch3b_low/total", "cost_arch3b_medium/total"
_MATRIX_AFTER = "feature_matrix/monthly_cost_after/cells"

SAME: dict[str, str] = {
    "quick_comparison/production/cells.monthly_cost": _PRODUCTION,
    "quick_comparison/ai_enhanced_self_hosted/cells.monthly_cost": _OWN_AI,
    "tco_arch1/monthly/value": _BASIC_FREE,
    "tco_arch1/monthly#2/value": _BASIC,
    "tco_arch2/monthly/value": _PRODUCTION,
    "tco_arch3a/monthly/value": _OWN_AI,
    "tco_arch3b_low/monthly/value": "cost_arch3b_free/total",
    "tco_arch3b_low/monthly#2/value": _LOW,
    "tco_arch3b_medium/monthly#2/value": _MEDIUM,
    "recommended_approach/months_1_12/value": "tco_arch3b_low/monthly",
    "recommended_approach/months_1_12/annual": "tco_arch3b_low/annual",
    "recommended_approach/months_13_24/value": "tco_arch3b_medium/monthly#2/value",
    "recommended_approach/months_13_24/annual": "tco_arch3b_medium/annual#2/value",
    "feature_matrix/monthly_cost_free_tier/cells.basic": _BASIC_FREE,
    f"{_MATRIX_AFTER}.basic": _BASIC,
    f"{_MATRIX_AFTER}.production": _PRODUCTION,
    f"{_MATRIX_AFTER}.load_balancer": _HA,
    "migration_phases/phase_1/cells.cost": _BASIC_FREE,
    "migration_phases/phase_2/cells.cost": _PRODUCTION,
    "migration_phases/phase_2/cells.downtime": "vertical_scaling/t2_micro_t3_small/cells.downtime",
    "migration_phases/phase_4/cells.cost": _HA,
    "migration_complexity/basic_production/cells.downtime": (
        "vertical_scaling/t2_micro_t3_small/cells.downtime"
    ),
    "summary_path/months_1_3/value": _BASIC_FREE,
    "summary_path/months_4_12/value": _PRODUCTION,
    "summary_path/months_7_plus/value": "migration_phases/phase_3/cells.cost",
    "summary_path/months_18_24_plus/value": _HA,
    "gemini_vs_selfhosted/self_hosted_24/value": "tco_arch3a/24_month_total",
    "gemini_vs_selfhosted/gemini_24/value": "tco_arch3b_medium/24_month_total",
    "gemini_vs_selfhosted/selfhosted_concurrency/value": "perf_arch3a/ai_concurrency",
    "gemini_vs_selfhosted/selfhosted_setup/value": (
        "feature_matrix/deployment_time/cells.self_hosted_ai"
    ),
    "gemini_vs_selfhosted/gemini_setup/value": "feature_matrix/deployment_time/cells.gemini_api",
    "key_takeaways/docdb/value": "cost_traditional/documentdb_smallest",
    "cost_strategy1_selfhosted/ec2_t3_medium/value": "cost_arch3a/ec2_t3_medium",
    "cost_strategy1_selfhosted/storage/value": "cost_arch3a/ebs_30gb",
    "cost_arch4/mongodb_atlas_m10/value": "atlas_tiers/m10/cells.cost_month",
    "load_balancer_threshold/concurrent_users/value": "upgrade_to_ha/concurrent_users",
    "growth_low/1_3/cells.cost": _BASIC_FREE,
    "growth_medium/1_3/cells.cost": _BASIC_FREE,
    "components/ha/instances": "arch4_capacity/asg_instances",
}
"""A cell, and the cell that states the same thing first."""

_COLUMNS = {
    "basic": "perf_arch1", "production": "perf_arch2", "self_hosted_ai": "perf_arch3a",
    "gemini_api": "perf_arch3b",
}  # fmt: skip


def repeated() -> dict[str, Callable[[], Span]]:
    """Return every repeated or directly computable cell with what it should be."""
    found: dict[str, Callable[[], Span]] = {cell: _stated(source) for cell, source in SAME.items()}
    found.update(_ratings())
    found.update(_derived())
    found.update(_from_our_data())
    return found


def _ratings() -> dict[str, Callable[[], Span]]:
    found: dict[str, Callable[[], Span]] = {}
    for column, perf in _COLUMNS.items():
        users, rate = f"{perf}/concurrent_users", f"{perf}/requests_second"
        found[f"feature_matrix/concurrent_users/cells.{column}"] = _stated(users)
        found[f"throughput/{column}/cells.peak_concurrent_users"] = _stated(users)
        found[f"throughput/{column}/cells.requests_second"] = _stated(rate)
    for column in ("basic", "production"):
        found[f"response_times/{column}/cells.api_endpoint"] = _stated(
            f"{_COLUMNS[column]}/response_time"
        )
    for column in ("self_hosted_ai", "gemini_api"):
        seconds = f"{_COLUMNS[column]}/ai_response_time"
        found[f"feature_matrix/ai_response_time/cells.{column}"] = _stated(seconds)
        found[f"response_times/{column}/cells.ai_processing"] = _stated(seconds)
    for table in ("feature_matrix/ai_response_time/cells.load_balancer",
                  "response_times/load_balancer/cells.ai_processing"):  # fmt: skip
        found[table] = _stated("perf_arch3b/ai_response_time")  # the same Gemini API
    found["feature_matrix/concurrent_users/cells.load_balancer"] = _fleet(
        "perf_arch2/concurrent_users"
    )
    found["throughput/load_balancer/cells.peak_concurrent_users"] = _fleet(
        "perf_arch2/concurrent_users"
    )
    found["throughput/load_balancer/cells.requests_second"] = _fleet("perf_arch2/requests_second")
    for perf in ("perf_arch1", "perf_arch2", "perf_arch3a"):
        found[f"{perf}/uptime_sla/value"] = lambda: span("99.5")
    return found


def _derived() -> dict[str, Callable[[], Span]]:
    return {
        "tco_arch3b_medium/monthly/value": lambda: stated("cost_arch3b_medium/gemini_api"),
        "key_takeaways/skip_lb_saves/value": lambda: own.less(_HA, _PRODUCTION),
        "cost_scaling_projections/year_1/cells.cost": _first_year,
        "growth_medium/13_24/cells.cost": _gemini_with_m10,
        "growth_high/7_12/cells.cost": _gemini_with_m10,
        "cost_arch4/ec2_auto_scaling_3_t3_small/value": lambda: own.times(
            "cost_arch2/ec2_t3_small", 3
        ),
        "cost_arch4/ebs_storage_3_30gb/value": lambda: own.times("cost_arch2/ebs_30gb", 3),
        "vertical_scaling/t3_medium_t3_large/cells.cost_increase": lambda: stated(
            "cost_arch3a/ec2_t3_medium"
        ),
    }


def _first_year() -> Span:
    """Months 1-3 Basic, 4-6 Production, 7-12 Gemini, as a monthly mean."""
    path = (
        stated("summary_path/months_1_3") * 3
        + stated("summary_path/months_4_12") * 3
        + stated("summary_path/months_7_plus") * 6
    )
    return Span(path.low / 12, path.high / 12).rounded()


def _gemini_with_m10() -> Span:
    """Production, the M10 that more than 1,000 users need, and half of high usage."""
    half = stated("cost_arch3b_high/gemini_api")
    return (
        stated(_PRODUCTION)
        + stated("atlas_tiers/m10/cells.cost_month")
        + Span(half.low / 2, half.high / 2)
    )


def _from_our_data() -> dict[str, Callable[[], Span]]:
    found: dict[str, Callable[[], Span]] = {}
    for trigger in TRIGGERS:
        if trigger.above is not None and trigger.row:
            scale = 1024 if trigger.row.endswith("m20_storage") else 1
            value = span(trigger.above / Decimal(scale))
            found[f"{trigger.row}/value"] = _is(value)
    for one in ARCHITECTURES:
        if one.instances == (1, 1) and one.name != "lambda-ai":
            disk = span(*one.disk_gb)
            found[f"components/{one.table}/ebs_gb"] = _is(disk)
    return found


def _stated(cell: str) -> Callable[[], Span]:
    return lambda: stated(cell)


def _fleet(cell: str) -> Callable[[], Span]:
    return lambda: own.fleet(cell)


def _is(value: Span) -> Callable[[], Span]:
    return lambda: value
