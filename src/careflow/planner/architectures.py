"""The eight architectures as plain data; sizes are parameters, words are the guide's."""

from __future__ import annotations

from typing import ClassVar

from careflow.errors import BadInputError
from careflow.planner import components as part
from careflow.planner.architecture import AiNeed, Architecture, Rating
from careflow.planner.spans import span


class UnknownArchitectureError(BadInputError):
    """No architecture has this name."""

    code: ClassVar[str] = "planner-unknown-architecture"


_BOX_DIES = (
    "Everything stops until the box is replaced: about 15 minutes from the last image and snapshot"
    " if someone acts; the records are safe in Atlas."
)
_NO_AI: frozenset[AiNeed] = frozenset({"none"})
_ALL_SIZES = ("t3.micro", "t3.small", "t3.medium", "t3.large")
_SINGLE = (*part.ec2(), part.ADDRESS, part.ORIGIN_CERTIFICATE, part.DATABASE)
_COMMON = (*part.SAFEGUARDS, *part.WEB, *part.DNS, *part.NAT_OPTION)
_FLEET = (*part.ec2(), *part.load_balancer(), *part.NAT, part.DATABASE, *part.DNS_CORE)
_BOX_CHAIN = (("cloudfront", 1), ("ec2", 1), ("database", 1))

BASIC = Architecture(
    name="basic",
    number="1",
    title="Basic",
    table="basic",
    components=(*_SINGLE, *_COMMON),
    instances=(1, 1),
    sizes=_ALL_SIZES[:1],
    disk_gb=(8, 30),
    tier="m0",
    regions=1,
    zones=1,
    ai="none",
    serves=_NO_AI,
    rating=Rating(span(10, 20), span(10, 50), span(100, 500)),
    chain=_BOX_CHAIN,
    privacy="High",
    maintenance="Low",
    complexity="Low",
    effort_hours=span(1, 2),
    when_the_box_dies=_BOX_DIES,
)
PRODUCTION = Architecture(
    name="production",
    number="2",
    title="Production",
    table="production",
    components=(*_SINGLE, *_COMMON),
    instances=(1, 1),
    sizes=_ALL_SIZES[1:],
    disk_gb=(30, 30),
    tier="m0",
    regions=1,
    zones=1,
    ai="none",
    serves=_NO_AI,
    rating=Rating(span(50, 100), span(100, 200), span(50, 200)),
    chain=_BOX_CHAIN,
    privacy="High",
    maintenance="Medium",
    complexity="Medium",
    effort_hours=span(2, 3),
    when_the_box_dies=_BOX_DIES,
)
SELF_HOSTED = Architecture(
    name="self-hosted-ai",
    number="3A",
    title="Self-Hosted AI",
    table="self_hosted_ai",
    components=(*_SINGLE, *_COMMON),
    instances=(1, 1),
    sizes=_ALL_SIZES[2:],
    disk_gb=(30, 50),
    tier="m0",
    regions=1,
    zones=1,
    ai="local",
    serves=frozenset({"none", "basic", "custom", "private"}),
    rating=Rating(span(50, 100), span(50, 150), span(100, 300), span(5, 30), span(1, 3)),
    chain=_BOX_CHAIN,
    privacy="Highest",
    maintenance="High",
    complexity="High",
    effort_hours=span(4, 6),
    when_the_box_dies=_BOX_DIES + " AI stops with it; queued tasks wait.",
)
LAMBDA = Architecture(
    name="lambda-ai",
    number="3A-alternative",
    title="Lambda AI",
    table="lambda_ai",
    components=(*_SINGLE, *part.LAMBDA, *_COMMON),
    instances=(1, 1),
    sizes=_ALL_SIZES[1:],
    disk_gb=(30, 30),
    tier="m0",
    regions=1,
    zones=1,
    ai="lambda",
    serves=frozenset({"none", "basic", "custom", "private"}),
    rating=Rating(None, None, None, span(1, 30)),
    chain=(*_BOX_CHAIN, ("lambda", 1)),
    privacy="High",
    maintenance="Medium",
    complexity="Medium",
    effort_hours=span(2, 3),
    when_the_box_dies=_BOX_DIES + " AI tasks wait in the queue.",
)
GEMINI = Architecture(
    name="gemini",
    number="3B",
    title="Gemini API",
    table="gemini",
    components=(*_SINGLE, *part.GEMINI, *_COMMON),
    instances=(1, 1),
    sizes=_ALL_SIZES[1:],
    disk_gb=(30, 30),
    tier="m0",
    regions=1,
    zones=1,
    ai="gemini",
    serves=frozenset({"none", "basic", "advanced"}),
    rating=Rating(span(50, 1000), span(100, 500), span(50, 200), span(1, 5)),
    chain=(*_BOX_CHAIN, ("gemini", 1)),
    privacy="Medium",
    maintenance="Medium",
    complexity="Medium",
    effort_hours=span(2, 3),
    when_the_box_dies=_BOX_DIES + " If Gemini fails, AI says so and the clinic works on.",
)
HIGH_AVAILABILITY = Architecture(
    name="high-availability",
    number="4",
    title="Load Balancer",
    table="ha",
    components=(
        *_FLEET,
        *part.GEMINI,
        *part.SAFEGUARDS,
        *part.WEB,
        *part.FIREWALL,
        *part.HEALTH_CHECK,
        *part.MANAGED_REDIS,
    ),
    instances=(3, 10),
    group=(2, 10),
    sizes=_ALL_SIZES[1:],
    disk_gb=(30, 30),
    tier="m10",
    regions=1,
    zones=3,
    ai="gemini",
    serves=frozenset({"none", "basic", "advanced"}),
    rating=Rating(span(500, 10_000), span(500, 2000), span(30, 100), span(1, 5)),
    chain=(("cloudfront", 1), ("alb", 1), ("ec2", 3), ("database", 1), ("gemini", 1)),
    privacy="High",
    maintenance="High",
    complexity="Very High",
    effort_hours=span(24, 48),
    when_the_box_dies=(
        "Nothing a user sees: the load balancer drops the box within a minute and the group starts"
        " another; requests under way on it are tried again."
    ),
)
MULTI_REGION = Architecture(
    name="multi-region",
    number="multi-region",
    title="Multi-Region",
    table="multi-region",
    components=(
        *_FLEET,
        *part.GEMINI,
        *part.SAFEGUARDS,
        *part.WEB,
        *part.FIREWALL,
        *part.MANAGED_REDIS,
        *part.REGIONS_EXTRA,
    ),
    instances=(6, 20),
    group=(2, 10),
    sizes=_ALL_SIZES[1:],
    disk_gb=(30, 30),
    tier="m30",
    regions=2,
    zones=3,
    ai="gemini",
    serves=frozenset({"none", "basic", "advanced"}),
    rating=Rating(None, None, None, span(1, 5)),
    chain=(("cloudfront", 1), ("region", 2), ("gemini", 1)),
    privacy="High",
    maintenance="High",
    complexity="Very High",
    effort_hours=span(48, 120),
    when_the_box_dies=(
        "Nothing a user sees. If the region with the writes dies, writing stops until the other"
        " region is elected, usually under a minute; reading goes on."
    ),
)
TRADITIONAL = Architecture(
    name="traditional",
    number="traditional",
    title="Traditional (Fargate + DocumentDB)",
    table="traditional",
    components=(*part.FARGATE, *part.load_balancer(), *part.DOCUMENTDB, *_COMMON),
    instances=(2, 2),
    sizes=("fargate-0.5",),
    disk_gb=(0, 0),
    tier="docdb",
    regions=1,
    zones=2,
    ai="none",
    serves=_NO_AI,
    rating=Rating(None, None, None),
    chain=(("cloudfront", 1), ("alb", 1), ("fargate", 2), ("docdb", 1)),
    privacy="High",
    maintenance="Medium",
    complexity="High",
    effort_hours=span(8, 16),
    when_the_box_dies=(
        "A task is replaced within minutes; the single database instance has none to fail over to."
    ),
    comparison_only=True,
    deploys=False,
)

ARCHITECTURES = (
    BASIC,
    PRODUCTION,
    SELF_HOSTED,
    LAMBDA,
    GEMINI,
    HIGH_AVAILABILITY,
    MULTI_REGION,
    TRADITIONAL,
)
_OTHER_NAMES = {
    "1": BASIC,
    "2": PRODUCTION,
    "3a": SELF_HOSTED,
    "3a-alternative": LAMBDA,
    "3b": GEMINI,
    "4": HIGH_AVAILABILITY,
}


def architecture(name: str) -> Architecture:
    """Return an architecture by its name or the guide's number, or raise a sentence."""
    wanted = name.strip().lower().replace("_", "-")
    for one in ARCHITECTURES:
        if one.name == wanted or one.table.replace("_", "-") == wanted:
            return one
    if wanted in _OTHER_NAMES:
        return _OTHER_NAMES[wanted]
    known = ", ".join(one.name for one in ARCHITECTURES)
    raise UnknownArchitectureError(f"There is no architecture {name!r}: use one of {known}.")
