"""A managed Valkey that carries ids of jobs, as an option of a fleet."""

from __future__ import annotations

from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticache as elasticache
from constructs import Construct

from careflow_infra.fleet import Fleet
from careflow_infra.keys import ClinicKey
from careflow_infra.network import Network, inner_door

_PORT = 6379


def make_queue(scope: Construct, network: Network, fleet: Fleet, key: ClinicKey) -> str:
    """Make one small node, encrypted, open to the boxes alone; return its address."""
    door = inner_door(scope, "QueueDoor", network, "The boxes, over TLS")
    door.add_ingress_rule(fleet.door, ec2.Port.tcp(_PORT), "Boxes")
    fleet.door.add_egress_rule(door, ec2.Port.tcp(_PORT), "Queue")
    subnets = elasticache.CfnSubnetGroup(
        scope,
        "QueueSubnets",
        description="Where the queue stands",
        subnet_ids=network.vpc.select_subnets(subnet_type=network.boxes.subnet_type).subnet_ids,
    )
    made = elasticache.CfnReplicationGroup(
        scope,
        "Queue",
        replication_group_description="Ids of jobs; it may be lost",
        engine="valkey",
        cache_node_type="cache.t4g.micro",
        num_cache_clusters=1,
        automatic_failover_enabled=False,
        at_rest_encryption_enabled=True,
        transit_encryption_enabled=True,
        kms_key_id=key.key_id,
        cache_subnet_group_name=subnets.ref,
        security_group_ids=[door.security_group_id],
        port=_PORT,
    )
    return f"rediss://{made.attr_primary_end_point_address}:{_PORT}/0"
