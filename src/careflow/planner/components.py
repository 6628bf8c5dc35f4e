"""The parts that bills are made of, as plain data: what, how many, of which size, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

When = Literal["always", "hipaa", "public-box", "private-subnets", "managed-redis", "never"]
"""In which case the core bill counts a part; the deployed bill counts all but what is not asked."""


@dataclass(frozen=True, slots=True)
class Component:
    """One billable part.

    Attributes:
        item: Id of its price; ``{instance}``, ``{tier}`` and ``{model}`` are filled from the shape.
        count: How many: a number, or the name of a measure of the shape and its workload.
        size: Size of each in the unit of the price, in the same way.
        core: When it belongs to the core bill.
        only: The choice that must be made for it to be created at all.
    """

    item: str
    label: str
    why: str
    count: int | str = 1
    size: int | str = 1
    core: When = "always"
    only: When = "always"


def ec2(count: int | str = "instances") -> tuple[Component, ...]:
    """Return machines and their disks."""
    return (
        Component("ec2.{instance}", "EC2 {instance}", "runs the API", count),
        Component(
            "ebs.gp3", "EBS gp3 disk", "system, logs and queues of each box", count, "disk_gb"
        ),
        Component(
            "ec2.cpu_credit_t3",
            "CPU credits above the baseline",
            "a burstable machine bills what it uses above its share",
            "cpu_credit_hours",
            core="never",
        ),
    )


ADDRESS = Component(
    "ec2.public_ipv4",
    "Public IPv4 address",
    "CloudFront must reach the box; charged since 2024",
    core="public-box",
    only="public-box",
)

SAFEGUARDS = (
    Component("kms.key", "KMS key", "encrypts disks, logs and backups", "regions", core="hipaa"),
    Component(
        "secrets.secret",
        "Secrets",
        "database URI and master key, never in a file",
        "secrets",
        core="hipaa",
    ),
    Component(
        "ebs.snapshot", "Snapshots of the disks", "a daily backup", "boxes", "disk_gb", core="hipaa"
    ),
    Component(
        "cloudwatch.logs_ingest",
        "Logs taken in",
        "who did what, and why it broke",
        "log_gb",
        core="hipaa",
    ),
    Component(
        "cloudwatch.logs_store", "Logs kept six years", "164.316(b)(2)", "log_gb_kept", core="never"
    ),
    Component(
        "kms.requests",
        "KMS requests",
        "each start, backup and log batch",
        "kms_requests",
        core="never",
    ),
    Component("secrets.requests", "Secret reads", "each start", 200, core="never"),
    Component(
        "cloudwatch.alarm", "Alarms", "health, disk, memory, CPU, cost", "alarms", core="never"
    ),
    Component("cloudwatch.dashboard", "Dashboard", "the same on a page", "regions", core="never"),
    Component("sns.email", "Alarm e-mails", "tell somebody", "alarm_mails", core="never"),
    Component(
        "cloudwatch.metric",
        "Own metrics",
        "memory and disk, which EC2 does not report",
        "own_metrics",
        core="never",
    ),
)

WEB = (
    Component(
        "s3.standard",
        "S3 for web app and files",
        "static files, documents",
        "files_gb",
        core="never",
    ),
    Component("s3.put", "S3 writes", "uploads and releases", "s3_writes", core="never"),
    Component("s3.get", "S3 reads", "what CloudFront does not hold", "s3_reads", core="never"),
    Component(
        "cloudfront.transfer_na_eu",
        "CloudFront transfer",
        "pages and answers",
        "cdn_gb",
        core="never",
    ),
    Component(
        "cloudfront.https_requests",
        "CloudFront requests",
        "pages and answers",
        "requests",
        core="never",
    ),
    Component(
        "cloudfront.functions",
        "CloudFront function",
        "gives every screen's address to the one page",
        "page_loads",
        core="never",
    ),
    Component(
        "ec2.transfer_out",
        "Transfer out",
        "AI calls and database traffic",
        "egress_gb",
        core="never",
    ),
)

DNS = (
    Component(
        "route53.zone",
        "Route 53 zone",
        "the clinic's name; TLS 1.2 needs an own name",
        core="never",
    ),
    Component("route53.queries", "Route 53 queries", "name look-ups", "dns_queries", core="never"),
)
DNS_CORE = (
    Component("route53.zone", "Route 53 zone", "the clinic's name"),
    DNS[1],
)

NAT_OPTION = (
    Component(
        "nat.hour",
        "NAT gateway",
        "a private subnet's only way out",
        "nats",
        core="private-subnets",
        only="private-subnets",
    ),
    Component(
        "ec2.public_ipv4",
        "NAT address",
        "charged as every IPv4",
        "nats",
        core="private-subnets",
        only="private-subnets",
    ),
    Component(
        "nat.data",
        "NAT data",
        "AI calls and database traffic",
        "egress_gb",
        core="never",
        only="private-subnets",
    ),
)
NAT = (
    Component("nat.hour", "NAT gateway", "instances sit in private subnets", "nats"),
    Component("ec2.public_ipv4", "NAT address", "charged as every IPv4", "nats"),
    Component("nat.data", "NAT data", "AI calls and database traffic", "egress_gb", core="never"),
)


def load_balancer() -> tuple[Component, ...]:
    """Return the load balancer, its capacity units and its addresses."""
    return (
        Component("alb.hour", "Load balancer", "spreads requests, drops sick boxes", "regions"),
        Component("alb.lcu", "Load balancer capacity units", "connections and bytes", "lcu"),
        Component(
            "ec2.public_ipv4", "Load balancer addresses", "one in each zone", "balancer_addresses"
        ),
    )


FIREWALL = (
    Component("waf.acl", "WAF", "the load balancer is open to the world", "regions", core="never"),
    Component(
        "waf.rule",
        "WAF rules",
        "known bad input, rate limit, reputation",
        "waf_rules",
        core="never",
    ),
    Component(
        "waf.requests", "WAF requests", "each request is inspected", "requests", core="never"
    ),
)

ORIGIN_CERTIFICATE = Component(
    "secrets.secret",
    "Secrets of the box's certificate",
    "CloudFront speaks TLS to the box; a load balancer has its own certificate",
    2,
    core="never",
)
HEALTH_CHECK = (
    Component(
        "route53.health_check",
        "Route 53 health check",
        "asks from outside whether the clinic answers",
        core="never",
    ),
    Component(
        "route53.health_check_https",
        "Health check over TLS",
        "the same, over HTTPS",
        core="never",
    ),
)

DATABASE = Component("atlas.{tier}", "MongoDB Atlas {TIER}", "the clinic's records", "regions")

GEMINI = (
    Component("gemini.{model}.input", "Gemini {model}, tokens read", "prompts", "tokens_in"),
    Component(
        "gemini.{model}.cached_input",
        "Gemini {model}, tokens from cache",
        "shared prompts",
        "tokens_cached",
    ),
    Component(
        "gemini.{model}.output",
        "Gemini {model}, tokens written",
        "answers and thinking",
        "tokens_out",
    ),
    Component(
        "secrets.secret", "Secret of Gemini's key", "never in a file", "regions", core="hipaa"
    ),
)

LAMBDA = (
    Component("lambda.requests", "Lambda calls", "one for each AI task", "ai_calls"),
    Component("lambda.gb_second_x86", "Lambda GB-seconds", "memory times duration", "gb_seconds"),
)

MANAGED_REDIS = (
    Component(
        "elasticache.t4g.micro_valkey",
        "ElastiCache Valkey",
        "the queue outlives a box",
        "regions",
        core="managed-redis",
        only="managed-redis",
    ),
    Component(
        "secrets.secret",
        "Secret of the queue's address",
        "read as every other address",
        "regions",
        core="never",
        only="managed-redis",
    ),
)

FARGATE = (
    Component("fargate.vcpu", "Fargate vCPU", "two tasks of half a vCPU", "instances", "task_vcpu"),
    Component("fargate.gb", "Fargate memory", "two tasks of 1 GB", "instances", "task_gb"),
)
DOCUMENTDB = (
    Component("docdb.t3.medium", "DocumentDB db.t3.medium", "the clinic's records"),
    Component("docdb.storage", "DocumentDB storage", "the clinic's records", "docdb_gb"),
    Component("docdb.io", "DocumentDB I/O", "each read and write", "requests", core="never"),
)
REGIONS_EXTRA = (
    Component(
        "route53.health_check",
        "Route 53 health checks",
        "moves traffic off a dead region",
        "regions",
    ),
    Component("ec2.transfer_region", "Copies between regions", "database and files", "egress_gb"),
)
