"""Turns a deployment into templates, the same bytes each time; asks the rule packs of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory

from aws_cdk import App, DefaultStackSynthesizer, Stack, Validations
from cdk_nag import AwsSolutionsChecks, HIPAASecurityChecks

from careflow.operations.stacks.deployment import Deployment
from careflow_infra.boot import Told
from careflow_infra.stacks import add_stacks

_CONTEXT = {
    "aws:cdk:enable-path-metadata": False,
    "aws:cdk:enable-asset-metadata": False,
    "@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy": True,
    "@aws-cdk/aws-iam:minimizePolicies": True,
    "@aws-cdk/core:enablePartitionLiterals": True,
    "@aws-cdk/aws-autoscaling:generateLaunchTemplateInsteadOfLaunchConfig": True,
    "@aws-cdk/aws-ec2:launchTemplateDefaultUserData": True,
    "@aws-cdk/aws-lambda:useCdkManagedLogGroup": False,
}
ASSEMBLY = "cdk.out"
"""Folder that AWS's own CDK command line reads, where asked for."""
_REPORT = "validation-report.json"


def synthesize(
    deployment: Deployment,
    told: Sequence[Told],
    out: Path,
    *,
    check: bool,
    assembly: bool = False,
) -> list[tuple[str, str]]:
    """Write one template a stack into a folder, and beside them the CDK's assembly, where asked.

    Returns:
        What the rule packs find, where asked: rule and path of the part, in order.
    """
    with TemporaryDirectory() as scratch:
        app = App(
            outdir=scratch,
            analytics_reporting=False,
            context=_CONTEXT,
            default_stack_synthesizer=DefaultStackSynthesizer(
                generate_bootstrap_version_rule=False
            ),
        )
        stacks = add_stacks(app, deployment, told)
        if check:
            Validations.of(app).add_plugins(HIPAASecurityChecks(app), AwsSolutionsChecks(app))
        _run(app, Path(scratch), check=check)
        _write(stacks, Path(scratch), out)
        if assembly:
            copytree(scratch, out / ASSEMBLY)
        return _findings(Path(scratch)) if check else []


def _run(app: App, scratch: Path, *, check: bool) -> None:
    """Synthesize; a rule that fails raises when the templates and the report are written."""
    try:
        app.synth()
    except RuntimeError:
        if not check or not (scratch / _REPORT).exists():
            raise


def _write(stacks: tuple[Stack, ...], scratch: Path, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for stack in stacks:
        made = json.loads((scratch / stack.template_file).read_text("utf-8"))
        text = json.dumps(made, indent=1, sort_keys=True, ensure_ascii=False)
        (out / f"{stack.stack_name}.json").write_text(text + "\n", "utf-8")


def _findings(scratch: Path) -> list[tuple[str, str]]:
    report = scratch / _REPORT
    if not report.exists():
        return []
    return sorted(
        (violation["ruleName"], one["constructPath"])
        for pack in json.loads(report.read_text("utf-8"))["pluginReports"]
        for violation in pack["violations"]
        for one in violation["violatingConstructs"]
    )
