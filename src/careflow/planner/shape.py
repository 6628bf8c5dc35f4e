"""One concrete size of an architecture, and the amounts that its bill counts."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from careflow.planner import workload as demand
from careflow.planner.architecture import Architecture
from careflow.planner.measurements import measurements
from careflow.planner.workload import Workload

DEFAULT_MODEL = "3.5-flash-lite"
LOG_GB = Decimal(2)
LOG_GB_HIPAA = Decimal(10)
LOGS_PACKED = Decimal("0.2")
"""What logs kept take of their size when taken in: they are stored compressed; assumed."""
RETENTION_MONTHS = 72
"""Six years, 164.316(b)(2)."""
ALARMS = 8
"""Of one box: its health, CPU, credits, memory and disk; backup; the web's errors and the cost."""
FLEET_ALARMS = 12
"""Of a region's fleet: eight, and two for each of the two targets that the group follows."""
ACCUMULATING = frozenset({"log_gb_kept", "files_gb"})
"""Measures that grow with the months an installation has run."""
_GB = Decimal(1024) * 1024
_HOURS = 730


@dataclass(frozen=True, slots=True)
class Shape:
    """An architecture with its sizes chosen.

    Attributes:
        hipaa: Whether the floor for patient data under HIPAA is part of it.
        private_subnets: Whether boxes sit in private subnets behind NAT gateways.
        managed_redis: Whether jobs run over Celery with a managed Redis (an option of 4).
    """

    architecture: Architecture
    instance: str
    instances: int
    disk_gb: int
    tier: str
    model: str = DEFAULT_MODEL
    hipaa: bool = False
    private_subnets: bool = False
    managed_redis: bool = False

    @property
    def family(self) -> str:
        """Return the family of its machines: ``t3``."""
        return self.instance.split(".")[0]

    def chosen(self, option: str) -> bool:
        """Report whether an option of a component is chosen."""
        return {
            "always": True,
            "never": False,
            "hipaa": self.hipaa,
            "public-box": not self.private_subnets,
            "private-subnets": self.private_subnets,
            "managed-redis": self.managed_redis,
        }[option]

    def text(self) -> str:
        """Say the size in words: ``1 x t3.small, 30 GB, M10``."""
        database = self.tier.upper() if self.tier != "docdb" else "DocumentDB"
        return f"{self.instances} x {self.instance}, {self.disk_gb} GB, {database}"


def default_shape(
    architecture: Architecture,
    *,
    hipaa: bool = False,
    private_subnets: bool = False,
    managed_redis: bool = False,
) -> Shape:
    """Return the smallest size of an architecture; HIPAA lifts the database to M10."""
    tier = "m10" if hipaa and architecture.tier == "m0" else architecture.tier
    return Shape(
        architecture=architecture,
        instance=architecture.sizes[0],
        instances=architecture.instances[0],
        disk_gb=30 if architecture.disk_gb[1] else 0,
        tier=tier,
        hipaa=hipaa,
        private_subnets=private_subnets,
        managed_redis=managed_redis and architecture.zones > 1 and not architecture.comparison_only,
    )


def amounts(shape: Shape, workload: Workload, month: int = 1) -> dict[str, Decimal]:
    """Return every measure that components name, for the month-th month of running.

    Only logs and files grow with the months: logs are kept for six years.
    """
    regions = Decimal(shape.architecture.regions)
    zones = Decimal(shape.architecture.zones)
    requests = demand.requests_a_month(workload)
    fresh, cached, written = demand.tokens_a_month(workload)
    egress = requests * demand.KB_PER_REQUEST / _GB
    log_gb = max(LOG_GB_HIPAA if shape.hipaa else LOG_GB, requests / _GB * 2)
    calls = Decimal(workload.ai_requests_per_month)
    documents = Decimal(demand.documents_a_day(workload) * demand.DAYS_PER_MONTH)
    return {
        "instances": Decimal(shape.instances),
        "boxes": Decimal(shape.instances if shape.disk_gb else 0),
        "disk_gb": Decimal(shape.disk_gb),
        "regions": regions,
        "secrets": regions * 2,
        "alarms": 2 + regions * (FLEET_ALARMS if shape.architecture.group else ALARMS - 2),
        "alarm_mails": Decimal(100),
        "page_loads": requests / 4,
        "balancer_addresses": regions * zones,
        "nats": regions,
        "waf_rules": regions * 4,
        "lcu": max(regions, demand.busy_requests_per_second(workload) / 25),
        "cpu_credit_hours": credit_hours(shape, workload),
        "log_gb": log_gb,
        "log_gb_kept": log_gb * LOGS_PACKED * min(month, RETENTION_MONTHS),
        "kms_requests": Decimal(20_000) + requests / 100,
        "own_metrics": Decimal(4 * shape.instances),
        "files_gb": Decimal(1) + documents * Decimal("0.002") * min(month, 120),
        "s3_writes": documents + 500,
        "s3_reads": documents * 4 + 5_000,
        "cdn_gb": requests * demand.KB_PER_REQUEST / _GB,
        "requests": requests,
        "egress_gb": egress,
        "dns_queries": requests / 20,
        "tokens_in": fresh,
        "tokens_cached": cached,
        "tokens_out": written,
        "ai_calls": calls,
        "gb_seconds": calls * workload.task_memory_gb * workload.task_seconds,
        "task_vcpu": Decimal("0.5"),
        "task_gb": Decimal(1),
        "docdb_gb": max(Decimal(10), demand.stored_gb(workload)),
    }


def credit_hours(shape: Shape, workload: Workload) -> Decimal:
    """Return vCPU-hours a month that burstable machines use above their baseline.

    The mean of the working day decides, since credits are saved over a day at most.
    """
    machine = measurements().machine(shape.family)
    if machine.baseline >= 1:
        return Decimal(0)
    seconds = demand.requests_a_month(workload) * measurements().request_cpu_s(shape.family)
    if shape.architecture.ai == "local":
        seconds += Decimal(workload.ai_requests_per_month) * measurements().assumed["ai_task_cpu_s"]
    used = seconds / demand.SECONDS_PER_HOUR
    return max(Decimal(0), used - shape.instances * 2 * machine.baseline * _HOURS)
