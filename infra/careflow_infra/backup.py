"""Daily copies of the boxes' disks, kept five weeks under the clinic's key."""

from __future__ import annotations

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_backup as backup
from aws_cdk import aws_events as events
from constructs import Construct

from careflow.operations.stacks.deployment import Deployment
from careflow_infra.box import BACKUP_TAG
from careflow_infra.keys import ClinicKey

KEPT = Duration.days(35)


def make_backup(scope: Construct, deployment: Deployment, key: ClinicKey) -> None:
    """Make the vault, the plan, and select what is tagged for it."""
    vault = backup.BackupVault(
        scope, "Vault", encryption_key=key, removal_policy=RemovalPolicy.RETAIN
    )
    plan = backup.BackupPlan(scope, "BackupPlan", backup_vault=vault)
    plan.add_rule(
        backup.BackupPlanRule(
            rule_name="Daily",
            schedule_expression=events.Schedule.cron(hour="6", minute="0"),
            start_window=Duration.hours(1),
            completion_window=Duration.hours(4),
            delete_after=KEPT,
        )
    )
    plan.add_selection(
        "Boxes", resources=[backup.BackupResource.from_tag(BACKUP_TAG, deployment.name)]
    )
