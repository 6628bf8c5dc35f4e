"""Bills: to the cent beside a worked list, and true to what a bill may never do."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careflow.planner.architecture import Architecture
from careflow.planner.architectures import ARCHITECTURES, architecture
from careflow.planner.between import bill_between
from careflow.planner.bill import Bill, make_bill
from careflow.planner.freshness import age_text, ended, endings_in, stale_prices
from careflow.planner.horizon import over
from careflow.planner.money import CurrencyMixError, Money, dollars
from careflow.planner.prices import Catalogue, MissingPriceError, UnknownRegionError, catalogue
from careflow.planner.shape import default_shape
from careflow.planner.spans import span
from careflow.planner.workload import Workload
from tests.shared_data import shared

WORKED = {
    "basic": ("basic", False),
    "production": ("production", False),
    "production_hipaa": ("production", True),
    "self_hosted_ai": ("self-hosted-ai", False),
    "gemini_medium": ("gemini", False),
    "ha": ("high-availability", False),
    "traditional": ("traditional", False),
}


def current() -> Catalogue:
    return catalogue("current")


@pytest.mark.parametrize("name", WORKED)
def test_a_core_bill_equals_the_worked_bill_to_the_cent(name: str) -> None:
    prices = json.loads(shared("guide/prices.json").read_text(), parse_float=Decimal)
    worked = prices["recomputed"][name]
    which, hipaa = WORKED[name]

    bill = make_bill(
        default_shape(architecture(which), hipaa=hipaa),
        Workload(ai_requests_per_month=10_000),
        current(),
    )

    assert bill.total == dollars(worked["total_usd_per_month"])
    assert [line.amount.low for line in bill.lines if line.amount.low] != []


def test_every_listed_price_is_in_the_catalogue_with_its_source() -> None:
    listed = json.loads(shared("guide/prices.json").read_text(), parse_float=Decimal)["items"]

    for item in listed:
        found = current().price(item["id"])
        assert found.price == span(item["price"]), item["id"]
        assert found.source_url.startswith("https://")


def test_every_price_says_where_and_when_it_was_read() -> None:
    for name in ("guide", "current"):
        prices = catalogue(name)
        for rows in prices.prices.values():
            for row in rows:
                assert row.source, row.id
                assert row.source_url, row.id
                assert row.read_on <= prices.compiled, row.id


def test_a_bill_for_december_and_one_for_january_can_differ() -> None:
    shape = replace(default_shape(architecture("gemini")), model="3.8-flash")
    workload = Workload(ai_requests_per_month=10_000)

    december = make_bill(shape, workload, current(), on=date(2026, 12, 15))
    january = make_bill(shape, workload, current(), on=date(2027, 1, 15))

    assert january.total.low - december.total.low == Decimal("13.50")


def test_a_horizon_uses_the_prices_of_each_month() -> None:
    shape = replace(default_shape(architecture("gemini")), model="3.8-flash")

    months = over(shape, Workload(ai_requests_per_month=10_000), current(), months=3)

    assert [day for day, _, _ in months.changes()] == [date(2027, 1, 1)]
    assert months.total.low == sum(bill.total.low for bill in months.bills)


def test_logs_kept_six_years_make_later_months_dearer() -> None:
    shape = default_shape(architecture("production"), hipaa=True)

    months = over(shape, Workload(users=300), current(), months=24)

    kept = [_line(bill, "cloudwatch.logs_store") for bill in months.bills]
    assert kept == sorted(kept)
    assert kept[-1] == kept[0] * 24
    assert months.dearest is months.bills[-1]


def test_logs_older_than_six_years_are_not_paid_for() -> None:
    shape = default_shape(architecture("production"), hipaa=True)

    six, seven = (
        make_bill(shape, Workload(), current(), scope="deployed", month=month) for month in (72, 84)
    )

    assert _line(six, "cloudwatch.logs_store") == _line(seven, "cloudwatch.logs_store")


def test_a_bill_for_a_range_of_demand_begins_at_the_least() -> None:
    shape = default_shape(architecture("gemini"))
    some = Workload(ai_requests_per_month=10_000)

    bill = bill_between(shape, Workload(), some, current(), scope="core")

    assert bill.total == dollars("21.23", "28.63")
    assert next(line for line in bill.lines if "input" in line.item).amount == dollars(0, "2.40")


def _line(bill: Bill, item: str) -> Decimal:
    return next(line.amount.low for line in bill.lines if line.item == item)


def test_private_subnets_bring_their_nat_gateway() -> None:
    shape = default_shape(architecture("production"))

    inside = make_bill(replace(shape, private_subnets=True), Workload(), current())
    outside = make_bill(shape, Workload(), current())

    addresses = [one for one in inside.lines if one.item == "ec2.public_ipv4"]
    assert [one.label for one in addresses] == ["NAT address"], "a box inside has none of its own"
    assert inside.total.low - outside.total.low == Decimal("32.85")


def test_cached_tokens_and_thinking_are_lines_of_their_own_price() -> None:
    shape = default_shape(architecture("gemini"))
    plain = Workload(ai_requests_per_month=10_000, tokens_per_ai_request=10_000)

    cached = make_bill(shape, replace(plain, cached_share=Decimal("0.5")), current())
    thinking = make_bill(shape, replace(plain, thinking_tokens=500), current())
    bare = make_bill(shape, plain, current())

    assert cached.total.low < bare.total.low < thinking.total.low


def test_lambda_seconds_above_the_allowance_are_billed() -> None:
    shape = default_shape(architecture("lambda-ai"))
    none = make_bill(shape, Workload(ai_requests_per_month=6_666), current())
    some = make_bill(shape, Workload(ai_requests_per_month=21_667), current())

    assert none.total.low == Decimal("21.23")
    assert some.total.low - none.total.low == Decimal("15.00")


def test_a_guide_bill_counts_what_the_guide_counts() -> None:
    bill = make_bill(
        default_shape(architecture("4")), Workload(ai_requests_per_month=10_000), catalogue("guide")
    )

    assert bill.total == dollars(138, 167)


def test_a_missing_price_is_one_sentence() -> None:
    prices = replace(current(), prices={})

    with pytest.raises(MissingPriceError, match=r"has no price for ec2\.t3\.small\.$"):
        make_bill(default_shape(architecture("production")), Workload(), prices)


def test_a_region_without_prices_is_one_sentence() -> None:
    with pytest.raises(UnknownRegionError, match="us-east-1 alone"):
        current().require_region("eu-west-1")


def test_currencies_never_mix() -> None:
    with pytest.raises(CurrencyMixError):
        dollars(1) + Money(span(1), "EUR")


def test_the_age_of_prices_is_said_beside_the_catalogues_own_day() -> None:
    bill = make_bill(default_shape(architecture("production"), hipaa=True), Workload(), current())

    text = age_text(bill, current().compiled)

    assert "days old (read 2024-02-01)" in text
    assert "ebs.snapshot" in text


def test_what_has_ended_is_named() -> None:
    bill = make_bill(
        replace(default_shape(architecture("gemini")), model="2.5-flash"), Workload(), current()
    )

    assert "gemini-1.5-flash" in {one.subject for one in ended(current(), date(2026, 11, 24))}
    assert endings_in(bill, current(), date(2026, 12, 2)) == (
        "gemini-2.5-flash ended on 2026-12-01; gemini-3.5-flash-lite follows.",
    )
    assert stale_prices(current(), date(2028, 1, 1))[0].days > 1000


def test_no_default_has_ended_on_the_day_of_the_catalogue() -> None:
    past = {one.subject for one in ended(current(), current().compiled)}

    used = {size for one in ARCHITECTURES for size in one.sizes}
    used |= {f"gemini-{default_shape(one).model}" for one in ARCHITECTURES}

    assert used & past == set()


workloads = st.builds(
    Workload,
    users=st.integers(0, 200_000),
    ai_requests_per_month=st.integers(0, 2_000_000),
    tokens_per_ai_request=st.integers(0, 20_000),
    documents_per_day=st.integers(0, 5_000),
)


@settings(max_examples=40, deadline=None)
@given(
    one=st.sampled_from(ARCHITECTURES),
    small=workloads,
    field=st.sampled_from(["users", "ai_requests_per_month", "tokens_per_ai_request"]),
    more=st.integers(1, 100_000),
    hipaa=st.booleans(),
)
def test_cost_never_falls_when_a_demand_rises(
    one: Architecture, small: Workload, field: str, more: int, hipaa: bool
) -> None:
    shape = default_shape(one, hipaa=hipaa)
    large = replace(small, **{field: getattr(small, field) + more})

    before = make_bill(shape, small, current(), scope="deployed").total
    after = make_bill(shape, large, current(), scope="deployed").total

    assert after.low >= before.low
    assert after.high >= before.high


@settings(max_examples=30, deadline=None)
@given(
    one=st.sampled_from(ARCHITECTURES),
    workload=workloads,
    name=st.sampled_from(["guide", "current"]),
)
def test_ranges_stay_ordered_and_the_deployed_bill_is_never_below_the_core(
    one: Architecture, workload: Workload, name: str
) -> None:
    shape = default_shape(one)
    core = make_bill(shape, workload, catalogue(name), scope="core").total
    deployed = make_bill(shape, workload, catalogue(name), scope="deployed").total

    assert core.low <= core.high
    assert deployed.low >= core.low
    assert deployed.high >= core.high
