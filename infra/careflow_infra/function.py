"""The function that runs the local AI methods: no network, no secret, its own log."""

from __future__ import annotations

from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as functions
from aws_cdk import aws_s3 as s3
from constructs import Construct

from careflow.operations.stacks.deployment import Deployment
from careflow_infra.keys import ClinicKey

_AT_ONCE = 10
"""Most tasks at once: it bounds the bill."""


def make_function(
    scope: Construct, deployment: Deployment, key: ClinicKey, caller: iam.Role
) -> functions.Function:
    """Make the function from its packed code, and let the boxes call it."""
    bucket, _, name = deployment.function.removeprefix("s3://").partition("/")
    log = key.log_group(scope, "FunctionLog", keep=True)
    role = iam.Role(scope, "FunctionRole", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    log.grant_write(role)
    made = functions.Function(
        scope,
        "Function",
        description="AI tasks: redacted task in, draft out",
        code=functions.Code.from_bucket(
            s3.Bucket.from_bucket_name(scope, "FunctionCode", bucket), name
        ),
        runtime=functions.Runtime.PYTHON_3_13,
        handler="careflow.workers.lambda_handler.handle",
        architecture=functions.Architecture.X86_64,
        memory_size=int(deployment.workload.task_memory_gb * 1024),
        timeout=Duration.seconds(int(deployment.workload.task_seconds)),
        reserved_concurrent_executions=_AT_ONCE,
        log_group=log,
        role=role,
    )
    made.grant_invoke(caller)
    return made
