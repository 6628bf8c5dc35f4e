"""The picture of an architecture as nodes and links, drawn from its data."""

from __future__ import annotations

from dataclasses import dataclass

from careflow.planner.shape import Shape


@dataclass(frozen=True, slots=True)
class Node:
    """One box of the picture.

    Attributes:
        rank: Distance from the internet, for drawing from top to bottom.
        count: How many there are.
        ours: Whether the clinic's own account holds it.
    """

    id: str
    label: str
    rank: int
    count: int = 1
    ours: bool = True


@dataclass(frozen=True, slots=True)
class Diagram:
    """Nodes, and links from one id to another."""

    nodes: tuple[Node, ...]
    links: tuple[tuple[str, str], ...]


def diagram(shape: Shape) -> Diagram:
    """Return the picture of a shape."""
    one = shape.architecture
    nodes = [
        Node("people", "People", 0, ours=False),
        Node("cdn", "CloudFront", 1),
        Node("web", "S3: web app and files", 2),
    ]
    links = [("people", "cdn"), ("cdn", "web")]
    api_from = "cdn"
    if one.zones > 1:
        nodes.append(Node("balancer", "Load balancer", 2, one.regions))
        links.append(("cdn", "balancer"))
        api_from = "balancer"
    box = "Fargate task" if shape.family.startswith("fargate") else shape.instance
    nodes.append(Node("api", f"API on {box}", 3, shape.instances))
    links.append((api_from, "api"))
    database = "DocumentDB" if shape.tier == "docdb" else f"Atlas {shape.tier.upper()}"
    nodes.append(Node("database", database, 4, one.regions, ours=shape.tier == "docdb"))
    links.append(("api", "database"))
    _add_ai(shape, nodes, links)
    if shape.private_subnets or (one.zones > 1 and not one.comparison_only):
        nodes.append(Node("nat", "NAT gateway", 4, one.regions))
        links.append(("api", "nat"))
    if shape.managed_redis:
        nodes.append(Node("redis", "ElastiCache", 4))
        links.append(("api", "redis"))
    return Diagram(tuple(nodes), tuple(links))


def _add_ai(shape: Shape, nodes: list[Node], links: list[tuple[str, str]]) -> None:
    found = {
        "local": Node("ai", "Redis, worker and model on the same box", 4),
        "lambda": Node("ai", "AI in AWS Lambda", 4),
        "gemini": Node("ai", f"Gemini {shape.model} at Google", 4, ours=False),
    }.get(shape.architecture.ai)
    if found is not None:
        nodes.append(found)
        links.append(("api", "ai"))
