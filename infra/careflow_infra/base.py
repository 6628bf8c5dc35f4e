"""What every part of a region's stack stands on."""

from __future__ import annotations

from dataclasses import dataclass

from aws_cdk import Stack
from aws_cdk import aws_iam as iam

from careflow.operations.stacks.deployment import Deployment, Region
from careflow_infra.boot import Told
from careflow_infra.keys import ClinicKey
from careflow_infra.network import Network


@dataclass(frozen=True)
class Base:
    """One region's stack, its description, and the parts that others lean on."""

    scope: Stack
    deployment: Deployment
    region: Region
    told: Told
    key: ClinicKey
    network: Network
    role: iam.Role
