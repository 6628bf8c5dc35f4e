"""One box with a stable address, encrypted disk, the second metadata service and no port 22."""

from __future__ import annotations

from aws_cdk import Tags
from aws_cdk import aws_ec2 as ec2

from careflow.operations.stacks.deployment import Deployment
from careflow_infra.base import Base
from careflow_infra.keys import ClinicKey
from careflow_infra.network import edge_door, open_outward

BACKUP_TAG = "careflow:backup"


def root_disk(deployment: Deployment, key: ClinicKey) -> ec2.BlockDevice:
    """Return the disk of a box, encrypted with the clinic's key."""
    return ec2.BlockDevice(
        device_name="/dev/sda1",
        volume=ec2.BlockDeviceVolume.ebs(
            deployment.shape.disk_gb,
            volume_type=ec2.EbsDeviceVolumeType.GP3,
            encrypted=True,
            kms_key=key,
            delete_on_termination=True,
        ),
    )


def make_box(base: Base) -> ec2.Instance:
    """Make the box."""
    deployment, region, network = base.deployment, base.region, base.network
    door = edge_door(base.scope, "BoxDoor", network, region)
    open_outward(door)
    box = ec2.Instance(
        base.scope,
        "Box",
        vpc=network.vpc,
        vpc_subnets=network.boxes,
        instance_type=ec2.InstanceType(deployment.shape.instance),
        machine_image=ec2.MachineImage.generic_linux({region.name: region.image}),
        security_group=door,
        role=base.role,
        user_data=ec2.UserData.custom(base.told.first),
        user_data_causes_replacement=False,
        block_devices=[root_disk(deployment, base.key)],
        credit_specification=ec2.CpuCredits.UNLIMITED,
        detailed_monitoring=False,
        disable_api_termination=True,
        http_tokens=ec2.HttpTokens.REQUIRED,
        http_put_response_hop_limit=1,
        ebs_optimized=deployment.shape.family != "t2",
    )
    Tags.of(box).add(BACKUP_TAG, deployment.name)
    return box


def address_box(base: Base, box: ec2.Instance) -> str:
    """Give a box an address that stays; return it."""
    address = ec2.CfnEIP(base.scope, "Address", domain="vpc")
    ec2.CfnEIPAssociation(
        base.scope,
        "AddressOfBox",
        allocation_id=address.attr_allocation_id,
        instance_id=box.instance_id,
    )
    return address.attr_public_ip
