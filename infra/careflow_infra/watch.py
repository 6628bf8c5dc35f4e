"""Alarms, the mail they send, and a page that shows the same figures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from aws_cdk import Duration
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from constructs import Construct

from careflow.operations.stacks.deployment import Deployment
from careflow_infra.fleet import Fleet
from careflow_infra.keys import ClinicKey

SPACE = "CareFlowAI"
"""The name space of what the agent on the boxes reports: EC2 knows neither memory nor disk."""


@dataclass(frozen=True)
class Watched:
    """One figure and the bound that alarms."""

    name: str
    words: str
    metric: cloudwatch.Metric
    bound: float
    below: bool = False
    periods: int = 3
    silence_is_bad: bool = False


def watch(
    scope: Construct, deployment: Deployment, key: ClinicKey, figures: Iterable[Watched]
) -> dict[str, cloudwatch.Alarm]:
    """Make an alarm and a graph of each figure, and a topic that mails; return the alarms."""
    topic = sns.Topic(scope, "Alarms", master_key=key, enforce_ssl=True)
    topic.grant_publish(iam.ServicePrincipal("cloudwatch.amazonaws.com"))
    sns.Subscription(
        scope,
        "AlarmMail",
        topic=topic,
        endpoint=deployment.alerts,
        protocol=sns.SubscriptionProtocol.EMAIL,
    )
    made = {one.name: _alarm(scope, one, topic) for one in figures}
    page = cloudwatch.Dashboard(scope, "Page", default_interval=Duration.hours(24))
    page.add_widgets(
        *(cloudwatch.AlarmWidget(title=name, alarm=alarm, width=8) for name, alarm in made.items())
    )
    return made


def of_box(box: ec2.Instance) -> tuple[Watched, ...]:
    """Return what is watched of one box."""
    ids = {"InstanceId": box.instance_id}
    return (
        Watched("Health", "The box or its host is not well",
                _ec2("StatusCheckFailed", ids, "Maximum"), 0, periods=2, silence_is_bad=True),
        Watched("Cpu", "The processor is busy", _ec2("CPUUtilization", ids), 80),
        Watched("Credits", "More processor is used than the box includes",
                _ec2("CPUSurplusCreditsCharged", ids), 0),
        *_agent(ids),
    )  # fmt: skip


def of_fleet(fleet: Fleet) -> tuple[Watched, ...]:
    """Return what is watched of a fleet."""
    ids = {"AutoScalingGroupName": fleet.group.auto_scaling_group_name}
    minute = Duration.minutes(1)
    return (
        Watched("Sick", "A box does not answer its health check",
                fleet.targets.metrics.unhealthy_host_count(period=minute), 0, periods=5),
        Watched("NoneWell", "No box is well",
                fleet.targets.metrics.healthy_host_count(period=minute, statistic="Minimum"), 1,
                below=True, periods=2, silence_is_bad=True),
        Watched("Failures", "The API answers with errors",
                fleet.balancer.metrics.http_code_target(
                    elb.HttpCodeTarget.TARGET_5XX_COUNT, period=Duration.minutes(5)), 10),
        Watched("Slow", "Nineteen of twenty answers take longer than half a second",
                fleet.targets.metrics.target_response_time(
                    period=Duration.minutes(5), statistic="p95"), 0.5),
        Watched("Cpu", "The processors are busy", _ec2("CPUUtilization", ids), 80),
        *_agent(ids),
    )  # fmt: skip


def of_backup() -> tuple[Watched, ...]:
    """Return what is watched of the backups."""
    metric = cloudwatch.Metric(
        namespace="AWS/Backup",
        metric_name="NumberOfBackupJobsFailed",
        statistic="Sum",
        period=Duration.hours(1),
    )
    return (Watched("Backup", "A backup failed", metric, 0, periods=1),)


def of_web(web: cloudfront.Distribution, most: float) -> tuple[Watched, ...]:
    """Return what is watched of CloudFront and the cost; both report in us-east-1 alone."""
    ids = {"DistributionId": web.distribution_id, "Region": "Global"}
    errors = cloudwatch.Metric(
        namespace="AWS/CloudFront",
        metric_name="5xxErrorRate",
        dimensions_map=ids,
        statistic="Average",
        period=Duration.minutes(5),
    )
    cost = cloudwatch.Metric(
        namespace="AWS/Billing",
        metric_name="EstimatedCharges",
        dimensions_map={"Currency": "USD"},
        statistic="Maximum",
        period=Duration.hours(6),
    )
    return (
        Watched("Errors", "CloudFront answers with errors", errors, 1),
        Watched("Cost", "The month costs more than was planned", cost, most, periods=1),
    )


def _agent(ids: dict[str, str]) -> tuple[Watched, ...]:
    def reported(name: str) -> cloudwatch.Metric:
        return cloudwatch.Metric(
            namespace=SPACE,
            metric_name=name,
            dimensions_map=ids,
            statistic="Maximum",
            period=Duration.minutes(5),
        )

    return (
        Watched("Memory", "Memory runs out", reported("mem_used_percent"), 90),
        Watched("Disk", "The disk fills", reported("disk_used_percent"), 85, periods=1),
    )


def _ec2(name: str, ids: dict[str, str], statistic: str = "Average") -> cloudwatch.Metric:
    return cloudwatch.Metric(
        namespace="AWS/EC2",
        metric_name=name,
        dimensions_map=ids,
        statistic=statistic,
        period=Duration.minutes(5),
    )


def _alarm(scope: Construct, one: Watched, topic: sns.Topic) -> cloudwatch.Alarm:
    than = cloudwatch.ComparisonOperator
    missing = cloudwatch.TreatMissingData
    made = cloudwatch.Alarm(
        scope,
        f"Alarm{one.name}",
        metric=one.metric,
        alarm_description=one.words,
        threshold=one.bound,
        evaluation_periods=one.periods,
        comparison_operator=than.LESS_THAN_THRESHOLD if one.below else than.GREATER_THAN_THRESHOLD,
        treat_missing_data=missing.BREACHING if one.silence_is_bad else missing.NOT_BREACHING,
    )
    made.add_alarm_action(actions.SnsAction(topic))
    made.add_ok_action(actions.SnsAction(topic))
    return made
