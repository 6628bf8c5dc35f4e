"""The key of an installation in one region, and the logs kept under it."""

from __future__ import annotations

from typing import Self

from aws_cdk import Aws, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from constructs import Construct


def key_alias(installation: str) -> str:
    """Return the name under which other regions know the key of the region that writes."""
    return f"alias/careflow-{installation}"


class ClinicKey(kms.Key):
    """One key that encrypts disks, logs, secrets, files and backups; it changes each year."""

    @classmethod
    def make(cls, scope: Construct, *, fleet: bool) -> Self:
        """Make the key, and let the services use it that store on the clinic's behalf."""
        key = cls(
            scope,
            "Key",
            description="Disks, logs, secrets, files and backups",
            enable_key_rotation=True,
            removal_policy=RemovalPolicy.RETAIN,
        )
        key._let(f"logs.{Aws.REGION}.amazonaws.com")
        key._let("cloudwatch.amazonaws.com")
        key._let("delivery.logs.amazonaws.com")
        if fleet:
            key._let_scaling()
        return key

    def _let(self, service: str) -> None:
        self.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.ServicePrincipal(service)],
                actions=["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*"],
                resources=["*"],
                conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}}
                if service.startswith("cloudwatch")
                else None,
            )
        )

    def _let_scaling(self) -> None:
        """Let auto scaling start boxes with encrypted disks: its role has no policy of its own."""
        role = "role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"
        self.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.StarPrincipal()],
                actions=[
                    "kms:CreateGrant",
                    "kms:Decrypt",
                    "kms:DescribeKey",
                    "kms:GenerateDataKeyWithoutPlaintext",
                    "kms:ReEncrypt*",
                ],
                resources=["*"],
                conditions={
                    "StringEquals": {"kms:CallerAccount": Aws.ACCOUNT_ID},
                    "ArnEquals": {
                        "aws:PrincipalArn": f"arn:{Aws.PARTITION}:iam::{Aws.ACCOUNT_ID}:{role}"
                    },
                },
            )
        )

    def log_group(
        self, scope: Construct, name: str, *, keep: bool, prefix: str = ""
    ) -> logs.LogGroup:
        """Make a group of logs kept six years under the key, 45 CFR 164.316(b)(2)."""
        return logs.LogGroup(
            scope,
            name,
            log_group_name=prefix or None,
            retention=logs.RetentionDays.SIX_YEARS,
            encryption_key=self,
            removal_policy=RemovalPolicy.RETAIN if keep else RemovalPolicy.DESTROY,
        )
