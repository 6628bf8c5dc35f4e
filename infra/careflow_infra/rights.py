"""What a box may do: read its settings and secrets, keep files, write logs, hold a session."""

from __future__ import annotations

from aws_cdk import Aws
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from constructs import Construct

from careflow.operations.stacks.deployment import Deployment
from careflow_infra.keys import ClinicKey, key_alias
from careflow_infra.sealed import TAG
from careflow_infra.storage import Buckets

_SECRET_READ = "secretsmanager:GetSecretValue"  # noqa: S105 - the name of an action


def make_role(
    scope: Construct,
    deployment: Deployment,
    key: ClinicKey,
    buckets: Buckets,
    log: logs.LogGroup,
) -> iam.Role:
    """Make the role of the boxes."""
    role = iam.Role(
        scope,
        "BoxRole",
        assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"),
        managed_policies=[
            iam.ManagedPolicy.from_aws_managed_policy_name("AmazonSSMManagedInstanceCore")
        ],
    )
    for statement in _statements(deployment):
        role.add_to_policy(statement)
    buckets.files.grant_read_write(role)
    key.grant_encrypt_decrypt(role)
    log.grant_write(role)
    return role


def use_first_key(role: iam.Role, deployment: Deployment) -> None:
    """Let boxes of another region use the files' key, known to them by its alias alone."""
    region = deployment.regions[0].name
    role.add_to_policy(
        iam.PolicyStatement(
            sid="FilesKey",
            actions=["kms:Decrypt", "kms:GenerateDataKey"],
            resources=[f"arn:{Aws.PARTITION}:kms:{region}:{Aws.ACCOUNT_ID}:key/*"],
            conditions={
                "ForAnyValue:StringEquals": {"kms:ResourceAliases": key_alias(deployment.name)}
            },
        )
    )


def _statements(deployment: Deployment) -> tuple[iam.PolicyStatement, ...]:
    here = f"{Aws.REGION}:{Aws.ACCOUNT_ID}"
    bundle = deployment.bundle.removeprefix("s3://")
    return (
        iam.PolicyStatement(
            sid="Settings",
            actions=["ssm:GetParameter"],
            resources=[f"arn:{Aws.PARTITION}:ssm:{here}:parameter{deployment.parameter}"],
        ),
        iam.PolicyStatement(
            sid="Secrets",
            actions=[_SECRET_READ],
            resources=[f"arn:{Aws.PARTITION}:secretsmanager:{here}:secret:*"],
            conditions={"StringEquals": {f"secretsmanager:ResourceTag/{TAG}": deployment.name}},
        ),
        iam.PolicyStatement(
            sid="OwnTags",
            actions=["ec2:DescribeTags"],
            resources=["*"],
        ),
        iam.PolicyStatement(
            sid="Release",
            actions=["s3:GetObject"],
            resources=[f"arn:{Aws.PARTITION}:s3:::{bundle}"],
        ),
        iam.PolicyStatement(
            sid="Metrics",
            actions=["cloudwatch:PutMetricData"],
            resources=["*"],
            conditions={"StringEquals": {"cloudwatch:namespace": "CareFlowAI"}},
        ),
    )
