"""Availability by arithmetic: parts in series multiply, parts in parallel fail together."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from careflow.planner.architecture import Architecture
from careflow.planner.shape import Shape

MINUTES_PER_MONTH = Decimal(730 * 60)


@dataclass(frozen=True, slots=True)
class Promise:
    """What one part is up, in percent, and whose word that is."""

    percent: Decimal
    basis: str
    source_url: str


def _promise(percent: str, basis: str, url: str) -> Promise:
    return Promise(Decimal(percent), basis, url)


PROMISES = {
    "ec2": _promise("99.5", "AWS, one instance", "https://aws.amazon.com/compute/sla/"),
    "cloudfront": _promise(
        "99.99", "assumed; AWS pays below 99.9", "https://aws.amazon.com/cloudfront/sla/"
    ),
    "alb": _promise("99.99", "AWS", "https://aws.amazon.com/elasticloadbalancing/sla/"),
    "fargate": _promise("99.99", "AWS", "https://aws.amazon.com/ecs/sla/"),
    "docdb": _promise(
        "99.5", "assumed for one instance; AWS says 99.9", "https://aws.amazon.com/documentdb/sla/"
    ),
    "m0": _promise(
        "99.5", "assumed: a free tier promises nothing", "https://www.mongodb.com/cloud/atlas/sla"
    ),
    "dedicated": _promise(
        "99.995", "MongoDB, M10 and up", "https://www.mongodb.com/cloud/atlas/sla"
    ),
    "gemini": _promise(
        "99.9", "Google, paid", "https://cloud.google.com/vertex-ai/generative-ai/sla"
    ),
    "lambda": _promise("99.95", "AWS", "https://aws.amazon.com/lambda/sla/"),
    "region": _promise(
        "99.97",
        "load balancer, boxes and database of one region",
        "https://aws.amazon.com/compute/sla/",
    ),
}
_AI = frozenset({"gemini", "lambda"})


@dataclass(frozen=True, slots=True)
class Availability:
    """Percent of the time that the platform, and its AI, can be used."""

    platform: Decimal
    with_ai: Decimal
    sentence: str

    @property
    def minutes_down(self) -> Decimal:
        """Return expected minutes a month without the platform."""
        return (100 - self.platform) / 100 * MINUTES_PER_MONTH


def in_series(*percents: Decimal) -> Decimal:
    """Return the availability of parts that are all needed."""
    result = Decimal(100)
    for one in percents:
        result = result * one / 100
    return result


def in_parallel(percent: Decimal, count: int) -> Decimal:
    """Return the availability of parts of which one is enough; they fail independently."""
    return 100 - (100 - percent) ** count / Decimal(100) ** (count - 1)


def availability(shape: Shape) -> Availability:
    """Return what the chain of an architecture promises."""
    parts = [(name, _percent(name, count, shape)) for name, count in _chain(shape)]
    platform = in_series(*(percent for name, percent in parts if name not in _AI))
    everything = in_series(*(percent for _, percent in parts))
    chain = " x ".join(f"{name} {percent.normalize():f}" for name, percent in parts)
    return Availability(_short(platform), _short(everything), chain)


def _chain(shape: Shape) -> tuple[tuple[str, int], ...]:
    return tuple(
        (name, shape.instances if name == "ec2" else count)
        for name, count in shape.architecture.chain
    )


def _percent(name: str, count: int, shape: Shape) -> Decimal:
    if name == "database":
        name = "m0" if shape.tier in {"m0", "flex"} else "dedicated"
    return _short(in_parallel(PROMISES[name].percent, count))


def _short(percent: Decimal) -> Decimal:
    return percent.quantize(Decimal("0.0001"))


def single_points(architecture: Architecture) -> tuple[str, ...]:
    """Return the parts of which there is one and which we run ourselves."""
    return tuple(name for name, count in architecture.chain if count == 1 and name == "ec2")
