"""What boxes are told, as text in which names stand for what AWS makes.

A name such as ``@secret.database-url@`` stands where ``infra/`` puts an address of AWS.
"""

from __future__ import annotations

from dataclasses import dataclass

from careflow.operations.host.cloud_init import Boot, user_data
from careflow.operations.host.description import OWN_CERTIFICATE, Host, host_json
from careflow.operations.stacks.deployment import Deployment, Region

FILES, FUNCTION, LOG = "@files@", "@function@", "@log@"
EVERY_PEER = "0.0.0.0/0"
"""Only CloudFront can reach a box or the balancer before it: its word about the client is taken."""
_RUN = "/run/careflow-secrets"
_ENGINES = {"none": "local", "local": "local", "lambda": "lambda,local", "gemini": "gemini,local"}
_WORKERS = 2


@dataclass(frozen=True, slots=True)
class Told:
    """What the boxes of one region are told.

    Attributes:
        first: User data: fetch the release by its digest and start it. It holds no setting and no
            secret, so that neither ever stops or replaces a box.
        settings: JSON that a box reads at each start, from one parameter.
        secrets: The secrets that it names.
    """

    first: str
    settings: str
    secrets: tuple[str, ...]


def told(deployment: Deployment, region: Region) -> Told:
    """Return what the boxes of a region are told."""
    secrets = _secrets(deployment)
    behind_balancer = deployment.shape.architecture.group is not None
    host = Host(
        domain=deployment.domain,
        certificate=OWN_CERTIFICATE if behind_balancer else f"{_RUN}/certificate",
        certificate_key=OWN_CERTIFICATE if behind_balancer else f"{_RUN}/certificate-key",
        settings=dict(sorted(_settings(deployment).items())),
        secrets={name: f"@secret.{name}@" for name in secrets},
        proxies=(EVERY_PEER,),
        architecture=deployment.shape.architecture.name,
        redis=deployment.shape.architecture.ai == "local",
        workers=_WORKERS if _has_workers(deployment) else 0,
        log_group=LOG,
        region=region.name,
    )
    boot = Boot(
        bundle=deployment.bundle,
        digest=deployment.digest,
        region=region.name,
        parameter=deployment.parameter,
    )
    return Told(user_data(boot), host_json(host), secrets)


def _has_workers(deployment: Deployment) -> bool:
    return deployment.shape.architecture.ai == "local" or deployment.shape.managed_redis


def _secrets(deployment: Deployment) -> tuple[str, ...]:
    names = ["master-key", "database-url"]
    if deployment.shape.architecture.group is None:
        names += ["certificate", "certificate-key"]
    if deployment.shape.architecture.ai == "gemini":
        names.append("gemini-api-key")
    if deployment.shape.managed_redis:
        names.append("broker-url")
    return tuple(names)


def _settings(deployment: Deployment) -> dict[str, str]:
    made = {
        "CAREFLOW_FILES_URL": f"s3://{FILES}",
        "CAREFLOW_AI_ENGINES": _ENGINES[deployment.shape.architecture.ai],
        "CAREFLOW_PUBLIC_URL": f"https://{deployment.domain}",
        "CAREFLOW_JOBS": "celery" if _has_workers(deployment) else "embedded",
    }
    if deployment.shape.architecture.ai == "lambda":
        made["CAREFLOW_LAMBDA_FUNCTION"] = FUNCTION
    return {**made, **dict(deployment.settings)}
