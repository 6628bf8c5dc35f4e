"""What a box is told: at its first start by user data, and at every start by one parameter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from aws_cdk import aws_ssm as ssm
from constructs import Construct

from careflow.operations.stacks.deployment import Deployment


@dataclass(frozen=True)
class Told:
    """What ``careflow deploy`` wrote for the boxes of one region (`careflow.operations.stacks`)."""

    first: str
    settings: str
    secrets: tuple[str, ...]


def keep_settings(
    scope: Construct, deployment: Deployment, told: Told, addresses: Mapping[str, str]
) -> None:
    """Keep what a box reads at each start, with AWS's addresses in place of the names."""
    text = told.settings
    for name, address in addresses.items():
        text = text.replace(name, address)
    ssm.CfnParameter(
        scope,
        "HostSettings",
        name=deployment.parameter,
        type="String",
        description="What a box reads at each start; no secret",
        value=text,
    )
