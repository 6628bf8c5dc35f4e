"""Small sums over the guide's own figures, from which its identities are computed."""

from __future__ import annotations

from decimal import Decimal

from careflow.planner.availability import PROMISES, in_series
from careflow.planner.guide.quotes import lines_of, stated
from careflow.planner.spans import ZERO, Span, round_to, span

TENTH = Decimal("0.1")
TOKENS_PER_REQUEST = 1_000
LAMBDA_GB_SECOND = Decimal("0.0000166667")
"""List price of 2025; the guide names the free allowance and no price."""
TASK_GB_SECONDS = 60
"""2 GB for 30 seconds."""


def bill_of(table: str) -> Span:
    """Add the lines of a bill."""
    result = ZERO
    for line in lines_of(table).values():
        result = result + line
    return result


def times(cell: str, factor: int) -> Span:
    """Multiply a stated figure."""
    return stated(cell) * factor


def plus(*cells: str) -> Span:
    """Add stated figures."""
    result = ZERO
    for cell in cells:
        result = result + stated(cell)
    return result


def less(cell: str, taken: str) -> Span:
    """Subtract one stated figure from another."""
    return stated(cell) - stated(taken)


def union(*cells: str) -> Span:
    """Return the range over stated figures."""
    result = stated(cells[0])
    for cell in cells[1:]:
        result = result.union(stated(cell))
    return result


def share(part: Span, whole: Span) -> Span:
    """Return the parts in percent of a whole, end by end, to a tenth."""
    low, high = part.low * 100 / whole.low, part.high * 100 / whole.high
    return Span(round_to(low, TENTH), round_to(high, TENTH))


def crossed(dear: Span, cheap: Span) -> Span:
    """Return low minus low's opposite: the least and the most that can be saved."""
    return Span(dear.low - cheap.high, dear.high - cheap.low)


def growth_total(table: str, months: dict[str, int]) -> Span:
    """Add monthly costs over the months of each row."""
    result = ZERO
    for row, count in months.items():
        result = result + stated(f"{table}/{row}/cells.cost") * count
    return result


def tokens(requests: int) -> Span:
    """Return the price of requests of a thousand tokens at the guide's average."""
    millions = Decimal(requests) * TOKENS_PER_REQUEST / 1_000_000
    return stated("gemini_flash_paid/average") * millions


def lambda_month(tasks: int) -> Span:
    """Return a month of tasks in a function: with the free allowance, and without."""
    seconds = Decimal(tasks * TASK_GB_SECONDS)
    free_seconds = stated("lambda_price/free_gb_seconds").low
    free_calls = stated("lambda_price/free_requests").low
    call = stated("lambda_price/requests").low / 1_000_000
    least = max(Decimal(0), seconds - free_seconds) * LAMBDA_GB_SECOND
    least += max(Decimal(0), tasks - free_calls) * call
    return Span(least, seconds * LAMBDA_GB_SECOND + tasks * call).rounded()


def recommended_path() -> Span:
    """Return 24 months of the guide's own path: months 1-3, 4-6 and 7-24."""
    return (
        stated("summary_path/months_1_3") * 3
        + stated("summary_path/months_4_12") * 3
        + stated("summary_path/months_7_plus") * 18
    )


def tasks_per_minute() -> Span:
    """Return what 3A's tasks at once and seconds a task allow."""
    at_once, seconds = stated("perf_arch3a/ai_concurrency"), stated("perf_arch3a/ai_response_time")
    return Span(at_once.low * 60 / seconds.high, at_once.high * 60 / seconds.low)


def uptime_gemini() -> Span:
    """Return one EC2 and Gemini in series."""
    both = in_series(PROMISES["ec2"].percent, PROMISES["gemini"].percent)
    return span(round_to(both, TENTH))


def fleet(cell: str) -> Span:
    """Return ten boxes' worth of what Production is rated at."""
    return stated(cell) * stated("arch4_capacity/asg_instances").high
