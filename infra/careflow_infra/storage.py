"""Buckets: the clinic's files, the web application, and the logs of both."""

from __future__ import annotations

from dataclasses import dataclass

from aws_cdk import Aws, Duration, RemovalPolicy
from aws_cdk import aws_s3 as s3
from constructs import Construct

from careflow.operations.stacks.deployment import Deployment
from careflow_infra.keys import ClinicKey

_SIX_YEARS = Duration.days(2192)


@dataclass(frozen=True)
class Buckets:
    """The buckets that boxes of one region use.

    Attributes:
        files: The clinic's files; several regions share the one of the region that writes.
    """

    logs: s3.Bucket
    files: s3.IBucket


def make_buckets(
    scope: Construct, deployment: Deployment, key: ClinicKey, *, first: bool
) -> Buckets:
    """Make the files' bucket, versioned and kept, and the one that logs go to."""
    kept = s3.Bucket(
        scope,
        "AccessLogs",
        encryption=s3.BucketEncryption.S3_MANAGED,
        block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
        enforce_ssl=True,
        minimum_tls_version=1.2,
        versioned=True,
        object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
        lifecycle_rules=[s3.LifecycleRule(expiration=_SIX_YEARS)],
        removal_policy=RemovalPolicy.RETAIN,
    )
    shared = shared_files(deployment)
    if first or shared is None:
        return Buckets(kept, _bucket(scope, "Files", kept, key, shared))
    return Buckets(kept, s3.Bucket.from_bucket_name(scope, "Files", shared))


def shared_files(deployment: Deployment) -> str | None:
    """Return the name of the files' bucket where another region must know it beforehand."""
    several = len(deployment.regions) > 1
    return f"{deployment.name}-files-{Aws.ACCOUNT_ID}" if several else None


def make_web_bucket(scope: Construct, buckets: Buckets) -> s3.Bucket:
    """Make the web application's bucket: what anybody may read, through CloudFront alone."""
    return _bucket(scope, "Web", buckets.logs, None)


def _bucket(
    scope: Construct, name: str, logs: s3.Bucket, key: ClinicKey | None, named: str | None = None
) -> s3.Bucket:
    return s3.Bucket(
        scope,
        name,
        bucket_name=named,
        encryption=s3.BucketEncryption.S3_MANAGED if key is None else s3.BucketEncryption.KMS,
        encryption_key=key,
        bucket_key_enabled=key is not None,
        block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
        enforce_ssl=True,
        minimum_tls_version=1.2,
        versioned=True,
        object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
        server_access_logs_bucket=logs,
        server_access_logs_prefix=f"{name.lower()}/",
        lifecycle_rules=[
            s3.LifecycleRule(
                abort_incomplete_multipart_upload_after=Duration.days(7),
                noncurrent_version_expiration=Duration.days(30) if key is None else None,
            )
        ],
        removal_policy=RemovalPolicy.RETAIN,
    )
