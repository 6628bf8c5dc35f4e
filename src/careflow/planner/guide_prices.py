"""What the guide's own bills count: its lines, by architecture and AI usage."""

from __future__ import annotations

from decimal import Decimal

from careflow.planner.shape import Shape
from careflow.planner.workload import Workload

Counted = tuple[str, str, Decimal]
"""An id in the guide's catalogue, a label, and how many."""

LOW_USAGE = 1_000
MEDIUM_USAGE = 10_000
_ONE = Decimal(1)


def usage_level(workload: Workload) -> str:
    """Return the guide's word for a number of AI requests a month."""
    if workload.ai_requests_per_month <= LOW_USAGE:
        return "low"
    return "medium" if workload.ai_requests_per_month <= MEDIUM_USAGE else "high"


def guide_lines(shape: Shape, workload: Workload, *, complete: bool = False) -> tuple[Counted, ...]:
    """Return the lines of the guide's bill; complete, with the disk of 3B that it forgets."""
    name = shape.architecture.name
    if name == "traditional":
        return _TRADITIONAL
    return (*_machines(shape, complete=complete), *_around(shape, workload), *_ai(shape, workload))


_TRADITIONAL: tuple[Counted, ...] = (
    ("fargate.two_tasks", "ECS Fargate (2 tasks)", _ONE),
    ("alb.traditional", "Application Load Balancer", _ONE),
    ("docdb.smallest", "DocumentDB (smallest)", _ONE),
    ("web.traditional", "S3 + CloudFront", _ONE),
)


def _machines(shape: Shape, *, complete: bool) -> tuple[Counted, ...]:
    instance = "t2.micro" if shape.instance == "t3.micro" else shape.instance
    boxes = Decimal(shape.instances)
    lines: tuple[Counted, ...] = ((f"ec2.{instance}", f"EC2 {instance}", boxes),)
    if complete or shape.architecture.name != "gemini":  # specified (L412) and never billed
        lines += (("ebs.gp3", "EBS", boxes * shape.disk_gb),)
    return lines


def _around(shape: Shape, workload: Workload) -> tuple[Counted, ...]:
    web = {
        "gemini": f"web.{usage_level(workload)}",
        "high-availability": "web.high",
        "multi-region": "web.high",
    }.get(shape.architecture.name, "web.basic")
    lines: tuple[Counted, ...] = (
        (web, "S3 + CloudFront", _ONE),
        (f"atlas.{shape.tier}", f"MongoDB Atlas {shape.tier.upper()}", _ONE),
    )
    if shape.architecture.zones > 1:
        regions = Decimal(shape.architecture.regions)
        lines += (
            ("alb.hour", "Application Load Balancer", regions),
            ("route53.zone", "Route 53", _ONE),
        )
    return lines


def _ai(shape: Shape, workload: Workload) -> tuple[Counted, ...]:
    if shape.architecture.ai == "gemini":
        level = usage_level(workload) if shape.architecture.zones == 1 else "ha"
        return ((f"gemini.usage.{level}", "Gemini API", _ONE),)
    if shape.architecture.ai == "lambda":
        calls = Decimal(workload.ai_requests_per_month)
        return (
            ("lambda.requests", "Lambda requests", calls),
            (
                "lambda.gb_second_x86",
                "Lambda compute time",
                calls * workload.task_memory_gb * workload.task_seconds,
            ),
        )
    return ()
