"""Boxes that come and go: a load balancer, and a group over three zones that follows the load."""

from __future__ import annotations

from dataclasses import dataclass

from aws_cdk import Duration, Tags
from aws_cdk import aws_autoscaling as autoscaling
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elb

from careflow_infra.base import Base
from careflow_infra.box import BACKUP_TAG, root_disk
from careflow_infra.dns import READY
from careflow_infra.network import edge_door, inner_door, open_outward
from careflow_infra.storage import Buckets

CPU_TARGET = 50
REQUESTS_TARGET = 6000
"""Requests a minute and box: 100 a second, the low end of what the guide rates the box at."""
START = Duration.minutes(5)


@dataclass(frozen=True)
class Fleet:
    """A region's boxes and what stands before them."""

    balancer: elb.ApplicationLoadBalancer
    targets: elb.ApplicationTargetGroup
    group: autoscaling.AutoScalingGroup
    door: ec2.SecurityGroup


def make_fleet(base: Base, buckets: Buckets) -> Fleet:
    """Make the load balancer and the group behind it."""
    front = edge_door(base.scope, "BalancerDoor", base.network, base.region)
    door = inner_door(base.scope, "BoxDoor", base.network, "The load balancer, over TLS")
    open_outward(door)
    door.add_ingress_rule(front, ec2.Port.tcp(443), "Load balancer")
    front.add_egress_rule(door, ec2.Port.tcp(443), "Boxes")
    balancer, targets = _balancer(base, front, buckets)
    group = _group(base, door)
    targets.add_target(group)
    group.scale_on_cpu_utilization("FollowCpu", target_utilization_percent=CPU_TARGET)
    group.scale_on_request_count("FollowRequests", target_requests_per_minute=REQUESTS_TARGET)
    return Fleet(balancer, targets, group, door)


def _balancer(
    base: Base, door: ec2.SecurityGroup, buckets: Buckets
) -> tuple[elb.ApplicationLoadBalancer, elb.ApplicationTargetGroup]:
    balancer = elb.ApplicationLoadBalancer(
        base.scope,
        "Balancer",
        vpc=base.network.vpc,
        vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PUBLIC),
        internet_facing=True,
        security_group=door,
        drop_invalid_header_fields=True,
        deletion_protection=True,
        idle_timeout=Duration.seconds(75),
        # What CloudFront says of the client stays last in the list, for boxes to read.
        xff_header_processing_mode=elb.XffHeaderProcessingMode.PRESERVE,
    )
    balancer.log_access_logs(buckets.logs, "balancer")
    targets = elb.ApplicationTargetGroup(
        base.scope,
        "Boxes",
        vpc=base.network.vpc,
        port=443,
        protocol=elb.ApplicationProtocol.HTTPS,
        target_type=elb.TargetType.INSTANCE,
        deregistration_delay=Duration.seconds(30),
        health_check=elb.HealthCheck(
            path=READY,
            protocol=elb.Protocol.HTTPS,
            healthy_http_codes="200",
            interval=Duration.seconds(10),
            timeout=Duration.seconds(5),
            healthy_threshold_count=2,
            unhealthy_threshold_count=3,
        ),
    )
    listener = balancer.add_listener(
        "Tls",
        port=443,
        open=False,
        protocol=elb.ApplicationProtocol.HTTPS,
        certificates=[elb.ListenerCertificate.from_arn(base.region.certificate)],
        ssl_policy=elb.SslPolicy.RECOMMENDED_TLS,
        default_action=elb.ListenerAction.fixed_response(404, message_body="Not here."),
    )
    listener.add_action(
        "Api",
        priority=10,
        conditions=[elb.ListenerCondition.path_patterns(["/api/*"])],
        action=elb.ListenerAction.forward([targets]),
    )
    return balancer, targets


def _group(base: Base, door: ec2.SecurityGroup) -> autoscaling.AutoScalingGroup:
    deployment = base.deployment
    fewest, most = deployment.shape.architecture.group or (1, 1)
    template = ec2.LaunchTemplate(
        base.scope,
        "BoxTemplate",
        instance_type=ec2.InstanceType(deployment.shape.instance),
        machine_image=ec2.MachineImage.generic_linux({base.region.name: base.region.image}),
        security_group=door,
        role=base.role,
        user_data=ec2.UserData.custom(base.told.first),
        block_devices=[root_disk(deployment, base.key)],
        cpu_credits=ec2.CpuCredits.UNLIMITED,
        require_imdsv2=True,
        http_tokens=ec2.LaunchTemplateHttpTokens.REQUIRED,
        http_put_response_hop_limit=1,
        ebs_optimized=True,
    )
    # No desired capacity: a deployment would set back what the load has asked for.
    group = autoscaling.AutoScalingGroup(
        base.scope,
        "Fleet",
        vpc=base.network.vpc,
        vpc_subnets=base.network.boxes,
        launch_template=template,
        min_capacity=fewest,
        max_capacity=most,
        health_checks=autoscaling.HealthChecks.with_additional_checks(
            additional_types=[autoscaling.AdditionalHealthCheckType.ELB], grace_period=START
        ),
        default_instance_warmup=Duration.minutes(2),
        group_metrics=[autoscaling.GroupMetrics.all()],
        update_policy=autoscaling.UpdatePolicy.rolling_update(
            min_instances_in_service=fewest, max_batch_size=1, pause_time=START
        ),
    )
    Tags.of(group).add(BACKUP_TAG, deployment.name)
    return group
