"""The private network of a region: who may speak to the boxes, and how the boxes speak out."""

from __future__ import annotations

from dataclasses import dataclass

from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from careflow.operations.stacks.deployment import Region
from careflow_infra.keys import ClinicKey

_OUTWARD = {443: "AWS, AI and Atlas over TLS", 27017: "MongoDB Atlas"}
_PACKAGES = 80
"""Ubuntu's archives are signed and speak plain HTTP."""


@dataclass(frozen=True)
class Network:
    """One region's network.

    Attributes:
        boxes: Where boxes stand: the public subnet of one box, private ones of a fleet.
    """

    vpc: ec2.Vpc
    boxes: ec2.SubnetSelection


def make_network(
    scope: Construct, zones: tuple[str, ...], key: ClinicKey, *, private: bool
) -> Network:
    """Make a VPC with flow logs: a public subnet in each zone, and a private one behind one NAT."""
    kinds = [
        ec2.SubnetConfiguration(
            name="Public",
            subnet_type=ec2.SubnetType.PUBLIC,
            cidr_mask=24,
            map_public_ip_on_launch=False,
        )
    ]
    if private:
        kinds.append(
            ec2.SubnetConfiguration(
                name="Boxes", subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS, cidr_mask=24
            )
        )
    vpc = ec2.Vpc(
        scope,
        "Network",
        ip_addresses=ec2.IpAddresses.cidr("10.20.0.0/16"),
        availability_zones=list(zones),
        nat_gateways=1 if private else 0,
        subnet_configuration=kinds,
        restrict_default_security_group=False,
    )
    kept = key.log_group(scope, "FlowLog", keep=True)
    vpc.add_flow_log("Flow", destination=ec2.FlowLogDestination.to_cloud_watch_logs(kept))
    wanted = ec2.SubnetType.PRIVATE_WITH_EGRESS if private else ec2.SubnetType.PUBLIC
    return Network(vpc, ec2.SubnetSelection(subnet_type=wanted))


def edge_door(scope: Construct, name: str, network: Network, region: Region) -> ec2.SecurityGroup:
    """Make a door that CloudFront alone may enter, over TLS."""
    door = ec2.SecurityGroup(
        scope,
        name,
        vpc=network.vpc,
        description="CloudFront, over TLS",
        allow_all_outbound=False,
    )
    door.add_ingress_rule(ec2.Peer.prefix_list(region.edges), ec2.Port.tcp(443), "CloudFront")
    return door


def open_outward(door: ec2.SecurityGroup) -> None:
    """Let a box reach what it needs, and nothing else."""
    for port, why in _OUTWARD.items():
        door.add_egress_rule(ec2.Peer.any_ipv4(), ec2.Port.tcp(port), why)
    door.add_egress_rule(ec2.Peer.any_ipv4(), ec2.Port.tcp(_PACKAGES), "Signed packages")


def inner_door(scope: Construct, name: str, network: Network, why: str) -> ec2.SecurityGroup:
    """Make a door that nobody may enter until a rule is added."""
    return ec2.SecurityGroup(
        scope, name, vpc=network.vpc, description=why, allow_all_outbound=False
    )
