"""Secrets: made empty, filled by the operator, never in a template or a file."""

from __future__ import annotations

from aws_cdk import CfnDeletionPolicy, Tags
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from careflow_infra.keys import ClinicKey

TAG = "careflow:installation"
"""A box may read every secret with its installation's tag, so that one more needs no new right."""
_HEXADECIMAL = secretsmanager.CfnSecret.GenerateSecretStringProperty(
    password_length=64,
    exclude_characters="ghijklmnopqrstuvwxyz",
    exclude_uppercase=True,
    exclude_punctuation=True,
    require_each_included_type=False,
)
_WORDS = {
    "master-key": "The key that opens the clinic's files and bodies; keep a copy elsewhere",
    "database-url": "The database's whole address, with user and password",
    "certificate": "The certificate of the box, for CloudFront",
    "certificate-key": "Its private key",
    "broker-url": "Where the queue is",
    "gemini-api-key": "The key of the Gemini API",
}


def make_secrets(
    scope: Construct,
    installation: str,
    key: ClinicKey,
    names: tuple[str, ...],
    known: dict[str, str],
) -> dict[str, str]:
    """Make secrets, kept when the stack goes, and return their ARNs by name.

    Values that the stack itself knows are given; the others are filled by the operator.
    """
    return {name: _secret(scope, installation, key, name, known.get(name)) for name in names}


def _secret(
    scope: Construct, installation: str, key: ClinicKey, name: str, value: str | None
) -> str:
    made = secretsmanager.CfnSecret(
        scope,
        "Secret" + name.title().replace("-", ""),
        description=_WORDS[name],
        kms_key_id=key.key_arn,
        secret_string=value,
        generate_secret_string=_HEXADECIMAL if name == "master-key" else None,
    )
    made.cfn_options.deletion_policy = CfnDeletionPolicy.RETAIN
    made.cfn_options.update_replace_policy = CfnDeletionPolicy.RETAIN
    Tags.of(made).add(TAG, installation)
    return made.ref
