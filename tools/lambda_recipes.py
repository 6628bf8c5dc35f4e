"""What AWS is told of the function: who may invoke it, what it may do, how it is contained."""

from __future__ import annotations

import re
from typing import Any

Json = dict[str, Any]

HANDLER = "careflow.workers.lambda_handler.handle"
PYTHON = "3.13"
_ARN = re.compile(
    r"arn:aws(?:-us-gov|-cn)?:lambda:(?P<region>[a-z0-9-]+):(?P<account>\d{12})"
    r":function:(?P<name>[A-Za-z0-9_-]{1,64})(?::(?P<qualifier>[A-Za-z0-9_-]+))?"
)


class NotOneFunctionError(ValueError):
    """The ARN names no function, or more than one."""


def _parts(arn: str) -> re.Match[str]:
    found = _ARN.fullmatch(arn)
    if found is None:
        msg = "Give the ARN of one function: arn:aws:lambda:REGION:ACCOUNT:function:NAME."
        raise NotOneFunctionError(msg)
    return found


def invoke_policy(arn: str) -> Json:
    """Return the policy of the machine that asks: it may invoke this one function, and no more.

    An ARN with an alias allows that alias alone; one without does not allow any alias.

    Raises:
        NotOneFunctionError: It would not be one function.
    """
    _parts(arn)
    return _policy("InvokeOneFunction", ["lambda:InvokeFunction"], arn)


def execution_policy(arn: str) -> Json:
    """Return the policy of the function itself: it writes its own log and reaches nothing else.

    Raises:
        NotOneFunctionError: It would not be one function.
    """
    found = _parts(arn)
    partition = arn.split(":")[1]
    group = (
        f"arn:{partition}:logs:{found['region']}:{found['account']}"
        f":log-group:/aws/lambda/{found['name']}:*"
    )
    return _policy("WriteOwnLog", ["logs:CreateLogStream", "logs:PutLogEvents"], group)


def trust_policy() -> Json:
    """Return who may take the function's role: the service alone."""
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "lambda.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ],
    }


def containerfile(folder: str) -> str:
    """Return how the container is made of the unpacked files, for what no zip may hold."""
    return (
        "# syntax=docker/dockerfile:1\n"
        f"FROM public.ecr.aws/lambda/python:{PYTHON}\n"
        'LABEL org.opencontainers.image.title="CareFlowAI tasks"\n'
        f"COPY --chown=root:root {folder}/ ${{LAMBDA_TASK_ROOT}}/\n"
        "ENV PYTHONDONTWRITEBYTECODE=1\n"
        "USER 1000\n"
        f'CMD ["{HANDLER}"]\n'
    )


def _policy(sid: str, actions: list[str], resource: str) -> Json:
    statement = {"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": resource}
    return {"Version": "2012-10-17", "Statement": [statement]}
