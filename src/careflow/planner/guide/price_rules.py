"""What follows from the guide's prices, its bills side by side, and its ratings."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from careflow.planner.guide import arithmetic as own
from careflow.planner.guide.quotes import stated
from careflow.planner.spans import Span

Rule = tuple[str, str, str, str, Callable[[], Span]]
"""Id, kind, formula in words, the cell that states it, and what computes it."""

_STRATEGY = {
    3_000: "100_requests_day_3_000_month",
    9_000: "300_requests_day_9_000_month",
    30_000: "1_000_requests_day_30_000_month",
    150_000: "5_000_requests_day_150_000_month",
}
_EXAMPLES = {
    1_000: "1_000_requests_1_000_tokens_1m_tokens",
    10_000: "10_000_requests_1_000_tokens_10m_tokens",
    100_000: "100_000_requests_1_000_tokens_100m_tokens",
}
_USAGE = {1_000: "low", 10_000: "medium", 100_000: "high"}
_LAMBDA = {
    1_000: "1_000_ai_tasks_month_2gb_30_sec",
    10_000: "10_000_ai_tasks_month_2gb_30_sec",
    100_000: "100_000_ai_tasks_month_2gb_30_sec",
}


def price_rules() -> Iterator[Rule]:
    """Yield what follows from prices of tokens and functions."""
    for count, row in _EXAMPLES.items():
        yield (
            f"gemini.example.{count}",
            "price",
            "tokens x $0.20 a million",
            f"gemini_flash_examples/{row}",
            _tokens(count),
        )
    for count, row in _STRATEGY.items():
        yield (
            f"gemini.strategy.{count}",
            "price_in_range",
            "requests x 1,000 tokens x $0.20",
            f"gemini_strategy_examples/{row}",
            _tokens(count),
        )
    for count, level in _USAGE.items():
        yield (
            f"gemini.usage.{count}",
            "price_in_range",
            "requests x 1,000 tokens x $0.20",
            f"cost_arch3b_{level}/gemini_api",
            _tokens(count),
        )
    for count, row in _LAMBDA.items():
        yield (
            f"lambda.{count}",
            "price",
            "with the free allowance, and without",
            f"lambda_examples/{row}",
            _function(count),
        )


def _function(count: int) -> Callable[[], Span]:
    return lambda: own.lambda_month(count)


def _tokens(count: int) -> Callable[[], Span]:
    return lambda: own.tokens(count)


def range_rules() -> Iterator[Rule]:
    """Yield what follows from bills side by side."""
    steps = "vertical_scaling"
    micro, small, medium = (
        "cost_arch1_after/ec2_t2_micro",
        "cost_arch2/ec2_t3_small",
        "cost_arch3a/ec2_t3_medium",
    )
    after = ("cost_arch3b_low/total", "cost_arch3b_medium/total", "cost_arch3b_high/total")
    both = ("cost_arch1_free/total", "cost_arch1_after/total")
    free = "cost_arch3b_free/total"
    matrix = "feature_matrix/monthly_cost"
    yield (
        "vertical.t2micro_t3small",
        "difference",
        "t3.small - t2.micro",
        f"{steps}/t2_micro_t3_small/cells.cost_increase",
        lambda: own.less(small, micro),
    )
    yield (
        "vertical.t3small_t3medium",
        "difference",
        "t3.medium - t3.small",
        f"{steps}/t3_small_t3_medium/cells.cost_increase",
        lambda: own.less(medium, small),
    )
    yield (
        "quick.basic",
        "union",
        "free and after",
        "quick_comparison/basic/cells.monthly_cost",
        lambda: own.union(*both),
    )
    yield (
        "quick.gemini",
        "union",
        "free, low, medium and high",
        "quick_comparison/ai_enhanced_gemini_api/cells.monthly_cost",
        lambda: own.union(free, *after),
    )
    yield (
        "matrix.gemini_after",
        "union",
        "low, medium and high",
        f"{matrix}_after/cells.gemini_api",
        lambda: own.union(*after),
    )
    yield (
        "matrix.gemini_free",
        "equal",
        "3B's free-tier total",
        f"{matrix}_free_tier/cells.gemini_api",
        lambda: stated(free),
    )
    yield (
        "matrix.selfhosted",
        "equal",
        "3A's total",
        f"{matrix}_after/cells.self_hosted_ai",
        lambda: stated("cost_arch3a/total"),
    )
    yield (
        "arch4.claim",
        "equal",
        "Architecture 4's total",
        "arch4_cost_claim/high_cost",
        lambda: stated("cost_arch4/total"),
    )
    yield (
        "takeaways.ours_vs_path",
        "sum",
        "the recommended path, month by month",
        "key_takeaways/ours_24",
        own.recommended_path,
    )


def capacity_rules() -> Iterator[Rule]:
    """Yield what follows from ratings and promises."""
    yield (
        "selfhosted.tasks_per_minute",
        "capacity",
        "tasks at once x 60 / seconds a task",
        "throughput/self_hosted_ai/cells.ai_tasks_minute",
        own.tasks_per_minute,
    )
    yield (
        "uptime.gemini",
        "product",
        "one EC2 x Gemini, in series",
        "perf_arch3b/uptime_sla",
        own.uptime_gemini,
    )
    yield (
        "ha.peak_users",
        "capacity",
        "ten boxes x users of a t3.small",
        "perf_arch4/concurrent_users",
        lambda: own.fleet("perf_arch2/concurrent_users"),
    )
    yield (
        "ha.rps",
        "capacity",
        "ten boxes x requests of a t3.small",
        "perf_arch4/requests_second",
        lambda: own.fleet("perf_arch2/requests_second"),
    )
