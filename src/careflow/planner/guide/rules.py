"""What the guide implies: which of its figures should follow from which others."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from careflow.planner.guide import arithmetic as own
from careflow.planner.guide.price_rules import Rule, capacity_rules, price_rules, range_rules
from careflow.planner.guide.quotes import stated
from careflow.planner.spans import Span

_SUMS = (
    "cost_arch1_free",
    "cost_arch1_after",
    "cost_arch2",
    "cost_arch3a",
    "cost_arch3b_free",
    "cost_arch3b_low",
    "cost_arch3b_medium",
    "cost_arch3b_high",
    "cost_arch4",
    "cost_strategy1_selfhosted",
    "cost_traditional",
)
_TWO_YEARS = ("tco_arch1", "tco_arch3b_low", "tco_arch3b_medium")
_ALL_MONTHS = ("tco_arch2", "tco_arch3a")
_LOW = {"1_3": 3, "4_12": 9, "13_24": 12, "25_36": 12}
_MEDIUM = {"1_3": 3, "4_6": 3, "7_12": 6, "13_24": 12, "25_36": 12}
_HIGH = {"1_3": 3, "4_6": 3, "7_12": 6, "13_18": 6, "19_36": 18}
_FULL_YEAR = "cost_traditional/annual"
_FULL_TWO = "key_takeaways/traditional_24"


def rules() -> Iterator[Rule]:
    """Yield each rule: id, kind, formula in words, the cell that states it, and its sum."""
    yield from (
        (f"sum.{table}", "sum", "total = its lines", f"{table}/total", _bill(table))
        for table in _SUMS
    )
    yield (
        "annual.traditional",
        "times",
        "12 x the monthly total",
        _FULL_YEAR,
        lambda: own.times("cost_traditional/total", 12),
    )
    yield from _ownership()
    yield from _savings()
    yield from _growth()
    yield from price_rules()
    yield from range_rules()
    yield from capacity_rules()


def _bill(table: str) -> Callable[[], Span]:
    return lambda: own.bill_of(table)


def _times(cell: str, factor: int) -> Callable[[], Span]:
    return lambda: own.times(cell, factor)


def _ownership() -> Iterator[Rule]:
    for table in _TWO_YEARS:
        first, second = f"{table}/annual", f"{table}/annual#2/value"
        yield f"{table}.year1", "times", "12 x monthly", first, _times(f"{table}/monthly", 12)
        yield (
            f"{table}.year2",
            "times",
            "12 x monthly",
            second,
            _times(f"{table}/monthly#2/value", 12),
        )
        yield (
            f"{table}.total",
            "sum",
            "year 1 + year 2",
            f"{table}/24_month_total",
            _plus(first, second),
        )
    for table in _ALL_MONTHS:
        yield (
            f"{table}.annual",
            "times",
            "12 x monthly",
            f"{table}/annual",
            _times(f"{table}/monthly", 12),
        )
        yield (
            f"{table}.total",
            "times",
            "2 x annual",
            f"{table}/24_month_total",
            _times(f"{table}/annual", 2),
        )


def _savings() -> Iterator[Rule]:
    ours = "recommended_approach"
    saved = "savings_vs_traditional"
    one = "gemini_vs_selfhosted"
    first, second = f"{ours}/months_1_12/annual", f"{ours}/months_13_24/annual"
    yield (
        "recommended.total",
        "sum",
        "12 x months 1-12 + 12 x months 13-24",
        f"{ours}/total_24",
        lambda: own.times(f"{ours}/months_1_12", 12) + own.times(f"{ours}/months_13_24", 12),
    )
    yield (
        "savings.first_year",
        "difference",
        "traditional year - ours",
        f"{saved}/first_year",
        lambda: own.less(_FULL_YEAR, first),
    )
    yield (
        "savings.second_year",
        "difference",
        "traditional year - ours",
        f"{saved}/second_year",
        lambda: own.less(_FULL_YEAR, second),
    )
    yield (
        "savings.total_24",
        "difference",
        "traditional 24 months - ours",
        f"{saved}/total_24",
        lambda: own.less(_FULL_TWO, f"{ours}/total_24"),
    )
    yield (
        "savings.percent",
        "ratio",
        "saving / 6,360",
        f"{saved}/total_24/percent",
        lambda: own.share(stated(f"{saved}/total_24"), stated(_FULL_TWO)),
    )
    yield (
        "takeaways.traditional_24",
        "times",
        "24 x 265",
        _FULL_TWO,
        _times("cost_traditional/total", 24),
    )
    yield (
        "takeaways.savings_24",
        "difference",
        "6,360 - ours",
        "key_takeaways/savings_24",
        lambda: own.less(_FULL_TWO, "key_takeaways/ours_24"),
    )
    yield (
        "takeaways.percent",
        "ratio",
        "saving / 6,360",
        "key_takeaways/savings_24/percent",
        lambda: own.share(stated("key_takeaways/savings_24"), stated(_FULL_TWO)),
    )
    yield (
        "headline.annual_savings",
        "difference",
        "the range over both years' savings",
        "headline_savings/annual_savings",
        lambda: own.union(f"{saved}/first_year", f"{saved}/second_year"),
    )
    yield (
        f"{one}.savings",
        "difference",
        "least - most, most - least",
        f"{one}/savings",
        lambda: own.crossed(stated(f"{one}/self_hosted_24"), stated(f"{one}/gemini_24")),
    )
    yield (
        f"{one}.percent",
        "ratio",
        "saving / self-hosted",
        f"{one}/savings/percent",
        lambda: own.share(stated(f"{one}/savings"), stated(f"{one}/self_hosted_24")),
    )


def _growth() -> Iterator[Rule]:
    for name, months in (("low", _LOW), ("medium", _MEDIUM), ("high", _HIGH)):
        table = f"growth_{name}"
        yield (
            f"{table}.total",
            "sum",
            "months x monthly cost, row by row",
            f"{table}/total",
            _growth_sum(table, months),
        )


def _growth_sum(table: str, months: dict[str, int]) -> Callable[[], Span]:
    return lambda: own.growth_total(table, months)


def _plus(first: str, second: str) -> Callable[[], Span]:
    return lambda: own.plus(first, second)
