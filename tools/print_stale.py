"""Lists facts past their date: prices read long ago, and models, runtimes and types that ended."""

from __future__ import annotations

import sys

from careflow import clock
from careflow.planner.architectures import ARCHITECTURES
from careflow.planner.freshness import ended, stale_prices
from careflow.planner.measurements import measurements
from careflow.planner.prices import STALE_AFTER_DAYS, catalogue
from careflow.planner.shape import default_shape


def main() -> int:
    """Print what is stale today; return 1 if a default of ours has ended."""
    prices, today = catalogue("current"), clock.now().date()
    print(f"Catalogue {prices.edition}, compiled {prices.compiled}; today {today}.")
    old = stale_prices(prices, today)
    print(f"\n{len(old)} prices read more than {STALE_AFTER_DAYS} days ago:")
    for age in old:
        print(f"  {age.item:<36} {age.read_on}  {age.days:>5} days  {age.confidence}")
    gone = ended(prices, today)
    print("\nEnded:")
    for one in gone:
        print(f"  {one.subject:<24} {one.ends or 'previous generation'}  {one.successor}")
    print(f"\nMeasured {measurements().measured_on}: {measurements().source}")
    used = {size for one in ARCHITECTURES for size in one.sizes}
    used |= {f"gemini-{default_shape(one).model}" for one in ARCHITECTURES}
    broken = sorted(used & {one.subject for one in gone})
    if broken:
        print(f"\nDefaults that have ended: {', '.join(broken)}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
