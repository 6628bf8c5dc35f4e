"""Holds templates to the planner's bill: each part that costs has a line, each line a part."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from careflow.operations.stacks.templates import Resource, Template, resources
from careflow.planner.shape import Shape, amounts
from careflow.planner.workload import Workload

_TRACKING_ALARMS = 2
"""Alarms that AWS itself makes for each target that a group follows."""
FREE = {
    "AWS::AutoScaling::ScalingPolicy": "its alarms are counted",
    "AWS::Backup::BackupPlan": "its copies are the snapshots",
    "AWS::Backup::BackupVault": "its copies are the snapshots",
    "AWS::CloudFront::OriginAccessControl": "a rule",
    "AWS::CloudFront::ResponseHeadersPolicy": "a rule",
    "AWS::CloudFront::VpcOrigin": "the distribution is counted",
    "AWS::EC2::EIPAssociation": "the address is counted",
    "AWS::EC2::FlowLog": "its log is counted",
    "AWS::EC2::InternetGateway": "its transfer is counted",
    "AWS::EC2::LaunchTemplate": "its boxes and disks are counted",
    "AWS::EC2::Route": "a rule",
    "AWS::EC2::RouteTable": "a rule",
    "AWS::EC2::SecurityGroup": "a rule",
    "AWS::EC2::SecurityGroupEgress": "a rule",
    "AWS::EC2::SecurityGroupIngress": "a rule",
    "AWS::EC2::Subnet": "a rule",
    "AWS::EC2::SubnetRouteTableAssociation": "a rule",
    "AWS::EC2::VPC": "a rule",
    "AWS::EC2::VPCGatewayAttachment": "a rule",
    "AWS::ElastiCache::SubnetGroup": "a rule",
    "AWS::ElasticLoadBalancingV2::Listener": "the load balancer is counted",
    "AWS::ElasticLoadBalancingV2::ListenerRule": "the load balancer is counted",
    "AWS::ElasticLoadBalancingV2::TargetGroup": "the load balancer is counted",
    "AWS::IAM::InstanceProfile": "a rule",
    "AWS::IAM::Policy": "a rule",
    "AWS::IAM::Role": "a rule",
    "AWS::KMS::Alias": "the key is counted",
    "AWS::Lambda::Permission": "a rule",
    "AWS::Logs::Delivery": "its log is counted",
    "AWS::Logs::DeliveryDestination": "its log is counted",
    "AWS::Logs::DeliverySource": "its log is counted",
    "AWS::S3::BucketPolicy": "a rule",
    "AWS::SNS::Topic": "its mails are counted",
    "AWS::SNS::TopicPolicy": "a rule",
    "AWS::SSM::Parameter": "standard parameters cost nothing",
    "AWS::WAFv2::LoggingConfiguration": "its log is counted",
    "AWS::WAFv2::WebACLAssociation": "the firewall is counted",
}
"""Types without a price of their own, and why."""
_BY_USE: dict[str, tuple[str, ...]] = {
    "alb.lcu": ("AWS::ElasticLoadBalancingV2::LoadBalancer",),
    "cloudfront.functions": ("AWS::CloudFront::Function",),
    "cloudfront.https_requests": ("AWS::CloudFront::Distribution",),
    "cloudfront.transfer_na_eu": ("AWS::CloudFront::Distribution",),
    "cloudwatch.logs_ingest": ("AWS::Logs::LogGroup",),
    "cloudwatch.logs_store": ("AWS::Logs::LogGroup",),
    "cloudwatch.metric": ("AWS::EC2::Instance", "AWS::AutoScaling::AutoScalingGroup"),
    "ebs.snapshot": ("AWS::Backup::BackupSelection",),
    "ec2.cpu_credit_t3": ("AWS::EC2::Instance", "AWS::AutoScaling::AutoScalingGroup"),
    "ec2.transfer_out": ("AWS::EC2::Instance", "AWS::AutoScaling::AutoScalingGroup"),
    "ec2.transfer_region": ("AWS::AutoScaling::AutoScalingGroup",),
    "gemini": ("gemini-api-key",),
    "kms.requests": ("AWS::KMS::Key",),
    "lambda.gb_second_x86": ("AWS::Lambda::Function",),
    "lambda.requests": ("AWS::Lambda::Function",),
    "nat.data": ("AWS::EC2::NatGateway",),
    "route53.queries": ("AWS::Route53::RecordSet",),
    "s3.get": ("AWS::S3::Bucket",),
    "s3.put": ("AWS::S3::Bucket",),
    "s3.standard": ("AWS::S3::Bucket",),
    "secrets.requests": ("AWS::SecretsManager::Secret",),
    "sns.email": ("AWS::SNS::Subscription",),
    "waf.requests": ("AWS::WAFv2::WebACL",),
}
"""Lines that count use, and the parts that cause it."""
_BY_NUMBER: dict[str, str] = {
    "alb.hour": "AWS::ElasticLoadBalancingV2::LoadBalancer",
    "cloudwatch.alarm": "AWS::CloudWatch::Alarm",
    "cloudwatch.dashboard": "AWS::CloudWatch::Dashboard",
    "ebs.gp3": "AWS::EC2::Instance",
    "ec2.public_ipv4": "AWS::EC2::EIP",
    "elasticache.t4g.micro_valkey": "AWS::ElastiCache::ReplicationGroup",
    "kms.key": "AWS::KMS::Key",
    "nat.hour": "AWS::EC2::NatGateway",
    "route53.health_check": "AWS::Route53::HealthCheck",
    "route53.zone": "AWS::Route53::RecordSet",
    "secrets.secret": "AWS::SecretsManager::Secret",
    "waf.acl": "AWS::WAFv2::WebACL",
}
"""Lines that count parts, and the type that is counted."""


def bill_gaps(templates: Iterable[Template], shape: Shape) -> tuple[str, ...]:
    """Say where templates and the deployed bill of a shape do not agree; nothing where they do."""
    parts = [one for template in templates for one in resources(template)]
    planned = _planned(shape)
    types = {one.type for one in parts} | _secrets(parts)
    return (
        *_unpriced(types, planned),
        *_unused(types, planned),
        *_miscounted(parts, planned, shape),
        *_misshapen(parts, shape),
    )


def _planned(shape: Shape) -> Counter[str]:
    """Return how many of each item the deployed bill counts, before what is free."""
    measures = amounts(shape, Workload())
    planned: Counter[str] = Counter()
    for part in shape.architecture.components:
        if not shape.chosen(part.only):
            continue
        count, size = (
            int(measures[of]) if isinstance(of, str) else of for of in (part.count, part.size)
        )
        item = part.item.format(instance=shape.instance, tier=shape.tier, model=shape.model)
        planned[item] += count * size
    return planned


def _secrets(parts: list[Resource]) -> set[str]:
    """Return which secrets there are that a bill elsewhere (Atlas, Gemini) hangs on."""
    text = " ".join(one.id for one in parts if one.type == "AWS::SecretsManager::Secret")
    return {
        name
        for name, id in (("gemini-api-key", "GeminiApiKey"), ("database-url", "DatabaseUrl"))
        if id in text
    }


def _carriers(item: str) -> tuple[str, ...]:
    if item.startswith("gemini."):
        return _BY_USE["gemini"]
    if item.startswith("atlas."):
        return ("database-url",)
    if item.startswith("ec2.t"):
        found = _BY_USE.get(item)
        return found or ("AWS::EC2::Instance", "AWS::AutoScaling::AutoScalingGroup")
    if item == "route53.health_check_https":
        return ("AWS::Route53::HealthCheck",)
    if item == "waf.rule":
        return ("AWS::WAFv2::WebACL",)
    if item == "ebs.gp3":
        return ("AWS::EC2::Instance", "AWS::AutoScaling::AutoScalingGroup")
    return _BY_USE.get(item) or (_BY_NUMBER[item],)


def _unpriced(types: set[str], planned: Counter[str]) -> Iterable[str]:
    carried = {carrier for item in planned for carrier in _carriers(item)}
    for kind in sorted(types - carried - set(FREE)):
        yield f"{kind} is in the template, and no line of the bill counts it."


def _unused(types: set[str], planned: Counter[str]) -> Iterable[str]:
    for item in planned:
        if not types.intersection(_carriers(item)):
            yield f"The bill counts {item}, and no part of the template causes it."


def _miscounted(parts: list[Resource], planned: Counter[str], shape: Shape) -> Iterable[str]:
    for item, count in _counts(parts, shape).items():
        if planned[item] != count:
            yield f"The template holds {count} x {item}, the bill counts {planned[item]}."


def _counts(parts: list[Resource], shape: Shape) -> dict[str, int]:
    def number(kind: str) -> int:
        return sum(1 for one in parts if one.type == kind)

    special: dict[str, Callable[[], int]] = {
        "cloudwatch.alarm": lambda: (
            number("AWS::CloudWatch::Alarm")
            + _TRACKING_ALARMS * number("AWS::AutoScaling::ScalingPolicy")
        ),
        "ec2.public_ipv4": lambda: number("AWS::EC2::EIP") + _balancer_addresses(parts),
        "route53.zone": lambda: len(_values(parts, "AWS::Route53::RecordSet", "HostedZoneId")),
        "ebs.gp3": lambda: sum(_disks(parts)) * shape.instances // max(1, len(_disks(parts))),
    }
    counts = {
        item: special[item]() if item in special else number(kind)
        for item, kind in _BY_NUMBER.items()
    }
    counts["waf.rule"] = sum(
        len(one.properties["Rules"]) for one in parts if one.type == "AWS::WAFv2::WebACL"
    )
    counts["route53.health_check_https"] = sum(
        one.properties["HealthCheckConfig"]["Type"] == "HTTPS"
        for one in parts
        if one.type == "AWS::Route53::HealthCheck"
    )
    return counts


def _misshapen(parts: list[Resource], shape: Shape) -> Iterable[str]:
    """Say where a machine, a disk or a group has another size than the plan."""
    instances = {data["InstanceType"] for data in _machines(parts)}
    if instances != {shape.instance}:
        yield f"The template runs {sorted(instances)}, the bill {shape.instance}."
    if set(_disks(parts)) != {shape.disk_gb}:
        yield f"The template has disks of {_disks(parts)} GB, the bill {shape.disk_gb}."
    for one in parts:
        if one.type == "AWS::AutoScaling::AutoScalingGroup":
            ends = (int(one.properties["MinSize"]), int(one.properties["MaxSize"]))
            if ends != shape.architecture.group:
                yield f"The group has {ends} boxes, the plan {shape.architecture.group}."
            if len(one.properties["VPCZoneIdentifier"]) != shape.architecture.zones:
                yield f"The group does not stand in {shape.architecture.zones} zones."
    boxes = sum(one.type == "AWS::EC2::Instance" for one in parts)
    if shape.architecture.group is None and boxes != shape.instances:
        yield f"The template holds {boxes} boxes, the bill {shape.instances}."


def _machines(parts: list[Resource]) -> list[dict[str, Any]]:
    return [
        one.properties if one.type == "AWS::EC2::Instance" else one.properties["LaunchTemplateData"]
        for one in parts
        if one.type in {"AWS::EC2::Instance", "AWS::EC2::LaunchTemplate"}
    ]


def _disks(parts: list[Resource]) -> list[int]:
    return [
        int(disk["Ebs"]["VolumeSize"])
        for machine in _machines(parts)
        for disk in machine["BlockDeviceMappings"]
        if disk["Ebs"]["VolumeType"] == "gp3"
    ]


def _balancer_addresses(parts: list[Resource]) -> int:
    return sum(
        len(one.properties["Subnets"])
        for one in parts
        if one.type == "AWS::ElasticLoadBalancingV2::LoadBalancer"
    )


def _values(parts: list[Resource], kind: str, name: str) -> set[str]:
    return {str(one.properties[name]) for one in parts if one.type == kind}
