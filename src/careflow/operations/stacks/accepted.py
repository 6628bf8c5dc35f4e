"""Rules of the rule packs that our templates do not meet, each with the reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase


@dataclass(frozen=True, slots=True)
class Accepted:
    """One rule that is not met, where, and why that is accepted.

    Attributes:
        part: Pattern of the part's path in its stack.
    """

    rule: str
    part: str
    reason: str


_BY_HAND = (
    "Atlas, Google and the certificate's authority make its new value, not a function of ours."
)
_GRANTS = "The wildcard ends an action on one named bucket or key of this stack."
_COPIES = (
    "Versions are kept and the clinic's own backups hold the files; the web application comes"
    " anew from each release."
)
ACCEPTED = (
    Accepted("HIPAA.Security-VPCDefaultSecurityGroupClosed", "Network/Resource",
             "Nothing stands in the default group; closing it takes a function with rights over"
             " the network."),
    Accepted("HIPAA.Security-VPCNoUnrestrictedRouteToIGW", "Network/PublicSubnet?/DefaultRoute",
             "A public box, load balancer or NAT gateway needs this way out; its door admits"
             " CloudFront alone."),
    Accepted("HIPAA.Security-IAMNoInlinePolicy", "*/DefaultPolicy/Resource",
             "Each policy is of one role of this stack and goes with it."),
    Accepted("HIPAA.Security-S3BucketReplicationEnabled", "*/Resource", _COPIES),
    Accepted("HIPAA.Security-S3BucketLoggingEnabled", "AccessLogs/Resource",
             "It is where access logs go."),
    Accepted("AwsSolutions-S1", "AccessLogs/Resource", "It is where access logs go."),
    Accepted("HIPAA.Security-S3DefaultEncryptionKMS", "AccessLogs/Resource",
             "AWS writes a load balancer's logs under its own key alone; they hold no patient"
             " data."),
    Accepted("HIPAA.Security-S3DefaultEncryptionKMS", "Web/Resource",
             "The web application is public; it is encrypted with AWS's key."),
    Accepted("HIPAA.Security-SecretsManagerRotationEnabled", "Secret*", _BY_HAND),
    Accepted("AwsSolutions-SMG4", "Secret*", _BY_HAND),
    Accepted("HIPAA.Security-EC2InstanceDetailedMonitoringEnabled", "Box/Resource",
             "The alarms wait for longer than five minutes; detail would cost $2.10 a month."),
    Accepted("AwsSolutions-EC28", "Box/Resource",
             "The alarms wait for longer than five minutes; detail would cost $2.10 a month."),
    Accepted("AwsSolutions-CFR1", "Edge/Resource", "Patients and staff travel."),
    Accepted("AwsSolutions-CFR2", "Edge/Resource",
             "The firewall stands before the load balancer; one box bounds rates itself."),
    Accepted("AwsSolutions-CFR3", "Edge/Resource",
             "Its access log goes to CloudWatch by a delivery, which the rule does not know."),
    Accepted("AwsSolutions-IAM4*", "BoxRole/Resource", "AWS's own policy for Session Manager."),
    Accepted("AwsSolutions-IAM4*", "BackupPlan/Boxes/Role/Resource", "AWS's own, for backups."),
    Accepted("AwsSolutions-IAM5[Action::*", "BoxRole/DefaultPolicy/Resource", _GRANTS),
    Accepted("AwsSolutions-IAM5[Resource::<*", "BoxRole/DefaultPolicy/Resource", _GRANTS),
    Accepted("AwsSolutions-IAM5[Resource::[*]]", "BoxRole/DefaultPolicy/Resource",
             "Metrics and tags have no address; the metrics' name space is fixed."),
    Accepted("AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:secretsmanager:*",
             "BoxRole/DefaultPolicy/Resource",
             "Secrets of this installation's tag alone, so that one more needs no new right."),
    Accepted("AwsSolutions-IAM5[Resource::arn:*", "BoxRole/DefaultPolicy/Resource",
             "Files of one named bucket, and its key by its alias alone."),
    Accepted("AwsSolutions-AS3", "Fleet/ASG",
             "Sick boxes and a fleet without a well one alarm; what the group does is in its"
             " history."),
    Accepted("AwsSolutions-AEC4", "Queue",
             "It carries ids and may lose them: the jobs themselves are in the database."),
    Accepted("AwsSolutions-AEC6", "Queue",
             "The boxes' door alone reaches it, over TLS, and ids of jobs say nothing."),
    Accepted("HIPAA.Security-ElastiCacheRedisClusterAutomaticBackup", "Queue",
             "Nothing in it is to be kept."),
    Accepted("AwsSolutions-L1", "Function/Resource",
             "The function is packed for Python 3.13, with its wheels."),
    Accepted("HIPAA.Security-LambdaDLQ", "Function/Resource",
             "It is called and waited for; the job that waits is tried again by our own queue."),
    Accepted("HIPAA.Security-LambdaInsideVPC", "Function/Resource",
             "It reaches nothing and has no right to; a network would give it a way."),
    Accepted("W9010", "Box/Resource",
             "The image is written down, so that no release of it replaces a box unasked."),
)  # fmt: skip
LINT_ACCEPTED = {
    "W3005": "The CDK states an order that a reference gives already.",
    "W3010": "Zones are named, so that the same description makes the same template anywhere.",
}
"""Warnings of cfn-lint that stay, and why."""


def unaccepted(findings: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Return the findings (rule and path) for which no reason is written."""
    return tuple(one for one in findings if not any(_covers(a, *one) for a in ACCEPTED))


def reasons(findings: Iterable[tuple[str, str]]) -> tuple[Accepted, ...]:
    """Return the acceptances that findings use, in the order of the list."""
    several = tuple(findings)
    return tuple(a for a in ACCEPTED if any(_covers(a, *one) for one in several))


def _covers(accepted: Accepted, rule: str, path: str) -> bool:
    part = path.split("/", 1)[-1]
    return _matches(rule, accepted.rule) and fnmatchcase(part, accepted.part)


def _matches(rule: str, pattern: str) -> bool:
    """Compare a rule, whose brackets are no pattern."""
    if pattern.endswith("[*]]"):
        return rule == pattern.replace("[*]", "*")
    return rule == pattern or (pattern.endswith("*") and rule.startswith(pattern[:-1]))
