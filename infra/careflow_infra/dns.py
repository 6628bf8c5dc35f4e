"""Names: where the clinic's domain leads, and which region answers."""

from __future__ import annotations

from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_elasticloadbalancingv2 as elb
from aws_cdk import aws_route53 as route53
from constructs import Construct

from careflow.operations.stacks.deployment import Deployment

_CLOUDFRONT_ZONE = "Z2FDTNDATAQYW2"
"""The zone of every distribution, stated by AWS."""
READY = "/api/health/ready"


def name_web(scope: Construct, deployment: Deployment, web: cloudfront.Distribution) -> None:
    """Lead the clinic's domain to CloudFront."""
    for kind in ("A", "AAAA"):
        route53.CfnRecordSet(
            scope,
            f"Name{kind}",
            hosted_zone_id=deployment.hosted_zone,
            name=f"{deployment.domain}.",
            type=kind,
            alias_target=route53.CfnRecordSet.AliasTargetProperty(
                dns_name=web.distribution_domain_name, hosted_zone_id=_CLOUDFRONT_ZONE
            ),
        )


def name_box(scope: Construct, deployment: Deployment, address: str) -> None:
    """Lead the origin's name to the one box."""
    route53.CfnRecordSet(
        scope,
        "OriginName",
        hosted_zone_id=deployment.hosted_zone,
        name=f"{deployment.origin}.",
        type="A",
        ttl="60",
        resource_records=[address],
    )


def name_balancer(
    scope: Construct,
    deployment: Deployment,
    balancer: elb.ApplicationLoadBalancer,
    *,
    region: str | None = None,
    check: str | None = None,
) -> None:
    """Lead the origin's name to a load balancer: the only one, or the nearest that is well."""
    route53.CfnRecordSet(
        scope,
        "OriginName",
        hosted_zone_id=deployment.hosted_zone,
        name=f"{deployment.origin}.",
        type="A",
        region=region,
        set_identifier=region,
        health_check_id=check,
        alias_target=route53.CfnRecordSet.AliasTargetProperty(
            dns_name=balancer.load_balancer_dns_name,
            hosted_zone_id=balancer.load_balancer_canonical_hosted_zone_id,
            evaluate_target_health=True,
        ),
    )


def check_from_outside(scope: Construct, deployment: Deployment) -> str:
    """Ask from outside, over CloudFront, whether the clinic answers; return the check's id."""
    made = route53.CfnHealthCheck(
        scope,
        "OutsideCheck",
        health_check_config=route53.CfnHealthCheck.HealthCheckConfigProperty(
            type="HTTPS",
            fully_qualified_domain_name=deployment.domain,
            port=443,
            resource_path=READY,
            request_interval=30,
            failure_threshold=3,
            enable_sni=True,
        ),
    )
    return made.attr_health_check_id


def check_region(scope: Construct, region: str, alarm: cloudwatch.Alarm) -> str:
    """Take a region out of the answers while no box of it is well; return the check's id."""
    made = route53.CfnHealthCheck(
        scope,
        "RegionCheck",
        health_check_config=route53.CfnHealthCheck.HealthCheckConfigProperty(
            type="CLOUDWATCH_METRIC",
            alarm_identifier=route53.CfnHealthCheck.AlarmIdentifierProperty(
                name=alarm.alarm_name, region=region
            ),
            insufficient_data_health_status="LastKnownStatus",
        ),
    )
    return made.attr_health_check_id
