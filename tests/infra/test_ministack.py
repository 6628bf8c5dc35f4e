"""The stacks end to end: bootstrap, deploy, deploy again, change, destroy, at MiniStack."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import boto3
import pytest

from careflow.operations.stacks.description import read_deployment
from tests.infra.emulated import CommandLine, altered, assemble, is_installed
from tests.ministack_server import MISSING, ministack
from tests.ministack_server import is_installed as ministack_is_installed
from tools.write_snapshots import EXAMPLE

pytestmark = [
    pytest.mark.timeout(900),
    pytest.mark.skipif(not ministack_is_installed(), reason=MISSING),
    pytest.mark.skipif(
        not is_installed(), reason="The CDK is not installed: tools/test_servers.sh"
    ),
]
KEPT = {"AWS::KMS::Key", "AWS::Logs::LogGroup", "AWS::S3::Bucket", "AWS::Backup::BackupVault",
        "AWS::SecretsManager::Secret"}  # fmt: skip


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with ministack(tmp_path_factory.mktemp("ministack")) as address:
        yield address


@pytest.fixture(scope="module")
def zone(address: str) -> str:
    made = client("route53", address).create_hosted_zone(
        Name="clinic.example.org", CallerReference="1"
    )
    return str(made["HostedZone"]["Id"]).removeprefix("/hostedzone/")


def client(service: str, address: str, region: str = "us-east-1") -> Any:
    return boto3.client(
        service,
        endpoint_url=address,
        region_name=region,
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )


@pytest.mark.parametrize(
    "name",
    [
        "production",
        pytest.param("basic", marks=pytest.mark.sweep),
        pytest.param("self-hosted-ai", marks=pytest.mark.sweep),
        pytest.param("gemini", marks=pytest.mark.sweep),
        pytest.param("high-availability", marks=pytest.mark.sweep),
        pytest.param("lambda-ai", marks=pytest.mark.sweep),
        pytest.param("multi-region", marks=pytest.mark.sweep),
    ],
)
def test_a_stack_is_deployed_changed_and_destroyed_by_awss_own_command_line(
    name: str, address: str, zone: str, tmp_path: Path
) -> None:
    cdk = CommandLine(address, tmp_path)
    first, stripped = assemble(tmp_path / "made", name, zone)
    second = altered(first, "operations@clinic", "night-shift@clinic")
    print("taken out, for MiniStack lacks them:", *stripped, sep="\n  ")
    made = read_deployment(EXAMPLE, date(2026, 11, 24), name)
    stacks = list(zip(made.stacks, (one.name for one in made.regions), strict=True))
    for _, region in stacks:
        assert cdk("bootstrap", f"aws://000000000000/{region}").code == 0

    deploy = ("deploy", "--all", "--require-approval", "never", "--app")
    ended = cdk(*deploy, str(first))
    assert ended.code == 0, ended.text[-2000:]
    again = cdk(*deploy, str(first))
    assert again.code == 0
    assert "no changes" in again.text

    change = cdk("diff", "--fail", "--app", str(second))
    assert change.code == 1
    assert "night-shift@clinic.example.org" in change.text
    assert f"Number of stacks with differences: {len(stacks)}" in change.text
    assert cdk(*deploy, str(second)).code == 0
    assert cdk("diff", "--fail", "--app", str(second)).code == 0

    for stack, region in stacks:
        formation = client("cloudformation", address, region)
        parts = formation.describe_stack_resources(StackName=stack)["StackResources"]
        assert {one["ResourceType"] for one in parts} >= KEPT
        formation.update_termination_protection(StackName=stack, EnableTerminationProtection=False)
    destroyed = cdk("destroy", "--all", "--force", "--app", str(second))
    assert destroyed.code == 0, destroyed.text[-2000:]
    assert client("s3", address).list_buckets()["Buckets"], "the files stay"
    assert client("cloudwatch", address).describe_alarms()["MetricAlarms"] == []
    assert (
        client("ssm", address).describe_parameters(
            ParameterFilters=[{"Key": "Name", "Values": ["/careflow/clinic/host"]}]
        )["Parameters"]
        == []
    )
