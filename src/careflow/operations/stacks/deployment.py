"""One deployment: which architecture, under which name and domain, in which regions."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from careflow.planner.shape import Shape
from careflow.planner.workload import Workload


@dataclass(frozen=True, slots=True)
class Region:
    """One region that boxes run in.

    Attributes:
        image: Id of the machine image there.
        edges: Id there of AWS's managed list of CloudFront's addresses.
        certificate: ARN of the load balancer's certificate there, where there is one.
    """

    name: str
    image: str
    edges: str
    certificate: str = ""

    @property
    def zones(self) -> tuple[str, str, str]:
        """Return three zones; every region that we name has them."""
        return (f"{self.name}a", f"{self.name}b", f"{self.name}c")


@dataclass(frozen=True, slots=True)
class Deployment:
    """What ``infra/`` makes templates of.

    Attributes:
        name: Of the installation; two installations in one account differ in it.
        shape: Instance, disk, tier and counts, as the planner bills them.
        hosted_zone: Id of the Route 53 zone that holds ``domain``.
        certificate: ARN in us-east-1 of CloudFront's certificate.
        database: Address of the database, without user and password.
        bundle: Where the release lies (``s3://bucket/key``), with its SHA-256 in ``digest``.
        function: Where the packed function lies (``s3://bucket/key``), for lambda-ai.
        settings: Further settings of the platform, no secret among them.
        budget: Most US dollars a month, or None.
    """

    name: str
    shape: Shape
    domain: str
    hosted_zone: str
    certificate: str
    database: str
    alerts: str
    bundle: str
    digest: str
    regions: tuple[Region, ...]
    function: str = ""
    settings: tuple[tuple[str, str], ...] = ()
    workload: Workload = field(default_factory=Workload)
    budget: Decimal | None = None

    @property
    def origin(self) -> str:
        """Return the name under which CloudFront finds the API."""
        return f"origin.{self.domain}"

    @property
    def parameter(self) -> str:
        """Return the name of the parameter that holds a host's settings."""
        return f"/careflow/{self.name}/host"

    @property
    def stacks(self) -> tuple[str, ...]:
        """Return the stacks' names; the first writes and holds the web application."""
        return (self.name, *(f"{self.name}-{one.name}" for one in self.regions[1:]))
