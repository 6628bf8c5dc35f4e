"""Advice of the guide that is no architecture, each priced where there is a price."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from careflow.planner.money import Money, dollars
from careflow.planner.prices import Catalogue


@dataclass(frozen=True, slots=True)
class Advice:
    """Something to add or to know.

    Attributes:
        monthly: What it costs a month beside the architecture; None where no price is known.
        line: Where the guide says it.
    """

    name: str
    text: str
    monthly: Money | None
    line: int


def advice(prices: Catalogue) -> tuple[Advice, ...]:
    """Return all named advice, with prices of a catalogue."""

    def hourly(id: str) -> Decimal:
        return prices.price(id).price.high * prices.hours

    larger = dollars(hourly("ec2.t3.large") - hourly("ec2.t3.small")).rounded()
    metric, alarm = prices.price("cloudwatch.metric"), prices.price("cloudwatch.alarm")
    watched = dollars(metric.price.high * 20 + alarm.price.high * 20).rounded()
    floor = prices.price("elasticache.valkey_serverless_gb")
    cache = dollars(floor.price.high * (floor.fact("minimum_gb") or 1) * prices.hours).rounded()
    cluster = dollars(hourly("atlas.m30") - hourly("atlas.m10")).rounded()
    return (
        Advice(
            "SageMaker", "for own models too large for 4 GB; no price is held for it", None, 1314
        ),
        Advice(
            "larger EC2", "t3.large instead of t3.small: memory for larger uploads", larger, 1291
        ),
        Advice("enhanced monitoring", "20 own metrics and 20 alarms more", watched, 1274),
        Advice("dedicated database clusters", "Atlas M30 instead of M10", cluster, 1275),
        Advice("advanced caching", "ElastiCache Serverless for Valkey, its floor", cache, 1297),
        Advice("CDN", "CloudFront is part of every architecture already", dollars(0), 1297),
        Advice(
            "AWS credits", "new accounts get $100-200, which end after 6 to 12 months", None, 162
        ),
    )
