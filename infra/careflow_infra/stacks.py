"""The stacks of a deployment: which parts, in which order, for each architecture."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import App, CfnOutput, Environment, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2

from careflow.operations.stacks.deployment import Deployment, Region
from careflow.planner.bill import make_bill
from careflow.planner.prices import catalogue
from careflow_infra import boot, dns, watch
from careflow_infra.backup import make_backup
from careflow_infra.base import Base
from careflow_infra.box import address_box, make_box
from careflow_infra.firewall import make_firewall
from careflow_infra.fleet import Fleet, make_fleet
from careflow_infra.function import make_function
from careflow_infra.keys import ClinicKey, key_alias
from careflow_infra.network import make_network
from careflow_infra.queue import make_queue
from careflow_infra.rights import make_role, use_first_key
from careflow_infra.sealed import make_secrets
from careflow_infra.storage import Buckets, make_buckets, make_web_bucket
from careflow_infra.web import make_web


def add_stacks(app: App, deployment: Deployment, told: Sequence[boot.Told]) -> tuple[Stack, ...]:
    """Add a stack for each region to an app; the first holds the web application."""
    made = []
    for place, name in enumerate(deployment.stacks):
        region = deployment.regions[place]
        stack = Stack(
            app,
            name,
            env=Environment(region=region.name),
            description=f"CareFlowAI {deployment.name}",
            termination_protection=True,
        )
        _fill(stack, deployment, region, told[place], first=place == 0)
        made.append(stack)
    return tuple(made)


def _fill(
    stack: Stack, deployment: Deployment, region: Region, told: boot.Told, *, first: bool
) -> None:
    shape = deployment.shape
    balanced = shape.architecture.group is not None
    key = ClinicKey.make(stack, fleet=balanced)
    if first and len(deployment.regions) > 1:
        key.add_alias(key_alias(deployment.name))
    zones = region.zones[: shape.architecture.zones]
    network = make_network(stack, zones, key, private=balanced or shape.private_subnets)
    buckets = make_buckets(stack, deployment, key, first=first)
    log = key.log_group(stack, "Log", keep=True)
    role = make_role(stack, deployment, key, buckets, log)
    if not first:
        use_first_key(role, deployment)
    names = {"@files@": buckets.files.bucket_name, "@log@": log.log_group_name}
    if shape.architecture.ai == "lambda":
        names["@function@"] = make_function(stack, deployment, key, role).function_arn
    base = Base(stack, deployment, region, told, key, network, role)
    queue: str | None = None
    if balanced:
        queue = _fleet(base, buckets, first=first)
    else:
        _one_box(base, buckets)
    make_backup(stack, deployment, key)
    known = {"broker-url": queue} if queue else {}
    secrets = make_secrets(stack, deployment.name, key, told.secrets, known)
    names |= {f"@secret.{name}@": arn for name, arn in secrets.items()}
    boot.keep_settings(stack, deployment, told, names)


def _one_box(base: Base, buckets: Buckets) -> None:
    box = make_box(base)
    hidden = base.deployment.shape.private_subnets
    if not hidden:
        dns.name_box(base.scope, base.deployment, address_box(base, box))
    web = _front(base, buckets, box if hidden else None)
    _watch(base, (*watch.of_box(box), *web))


def _fleet(base: Base, buckets: Buckets, *, first: bool) -> str | None:
    """Make a fleet and what stands around it; return its queue's address, where it has one."""
    fleet = make_fleet(base, buckets)
    make_firewall(base.scope, base.deployment, base.region, fleet.balancer, base.key)
    web = _front(base, buckets, None) if first else ()
    alarms = _watch(base, (*watch.of_fleet(fleet), *web))
    _name_fleet(base, fleet, alarms["NoneWell"])
    if not base.deployment.shape.managed_redis:
        return None
    return make_queue(base.scope, base.network, fleet, base.key)


def _watch(base: Base, figures: tuple[watch.Watched, ...]) -> dict[str, cloudwatch.Alarm]:
    return watch.watch(base.scope, base.deployment, base.key, (*figures, *watch.of_backup()))


def _name_fleet(base: Base, fleet: Fleet, none_well: cloudwatch.Alarm) -> None:
    region = base.region.name if len(base.deployment.regions) > 1 else None
    check = dns.check_region(base.scope, region, none_well) if region else None
    dns.name_balancer(base.scope, base.deployment, fleet.balancer, region=region, check=check)


def _front(base: Base, buckets: Buckets, hidden: ec2.Instance | None) -> tuple[watch.Watched, ...]:
    stack, deployment = base.scope, base.deployment
    bucket = make_web_bucket(stack, buckets)
    web = make_web(stack, deployment, base.key, bucket, hidden)
    dns.name_web(stack, deployment, web)
    if deployment.shape.architecture.group is not None and len(deployment.regions) == 1:
        dns.check_from_outside(stack, deployment)
    CfnOutput(stack, "WebBucket", value=bucket.bucket_name, description="Web application goes here")
    CfnOutput(stack, "WebDistribution", value=web.distribution_id, description="To clear its cache")
    return watch.of_web(web, _most(deployment))


def _most(deployment: Deployment) -> float:
    """Return the month's cost that alarms: the budget, or half more than the plan."""
    if deployment.budget is not None:
        return float(deployment.budget)
    bill = make_bill(deployment.shape, deployment.workload, catalogue(), scope="deployed")
    return float(round(bill.total.high * 3 / 2))
