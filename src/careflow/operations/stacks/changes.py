"""What a change does, in sentences an operator can act on, with what it costs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from careflow.operations.stacks.deployment import Deployment
from careflow.operations.stacks.refusals import OverBudgetError
from careflow.operations.stacks.templates import Resource, Template, resources
from careflow.planner.bill import Bill, make_bill
from careflow.planner.money import Money
from careflow.planner.prices import catalogue

_WORDS = {
    "AWS::AutoScaling::AutoScalingGroup": "group of boxes",
    "AWS::CloudFront::Distribution": "web distribution",
    "AWS::EC2::EIP": "public address",
    "AWS::EC2::Instance": "box",
    "AWS::EC2::LaunchTemplate": "template of boxes",
    "AWS::CloudWatch::Alarm": "alarm",
    "AWS::CloudWatch::Dashboard": "dashboard",
    "AWS::EC2::NatGateway": "NAT gateway",
    "AWS::EC2::SecurityGroup": "door",
    "AWS::ElastiCache::ReplicationGroup": "queue",
    "AWS::IAM::Policy": "rights",
    "AWS::Route53::HealthCheck": "health check",
    "AWS::Route53::RecordSet": "name",
    "AWS::WAFv2::WebACL": "firewall",
    "AWS::ElasticLoadBalancingV2::LoadBalancer": "load balancer",
    "AWS::KMS::Key": "key",
    "AWS::Lambda::Function": "function",
    "AWS::Logs::LogGroup": "log",
    "AWS::S3::Bucket": "bucket",
    "AWS::SSM::Parameter": "settings",
    "AWS::SecretsManager::Secret": "secret",
}
_HOLDS_STATE = frozenset({
    "AWS::Backup::BackupVault", "AWS::EC2::EIP", "AWS::EC2::Instance", "AWS::KMS::Key",
    "AWS::Logs::LogGroup", "AWS::S3::Bucket", "AWS::SecretsManager::Secret",
})  # fmt: skip
_ANEW = {
    "AWS::EC2::Instance": {"AvailabilityZone", "BlockDeviceMappings", "ImageId", "SubnetId"},
    "AWS::EC2::EIP": {"Domain"},
    "AWS::KMS::Key": {"KeySpec", "KeyUsage"},
    "AWS::Logs::LogGroup": {"LogGroupName"},
    "AWS::S3::Bucket": {"BucketName"},
    "AWS::SecretsManager::Secret": {"Name"},
}
"""Properties whose change replaces the part, among those that hold state."""
_RESTARTS = {"InstanceType", "UserData", "EbsOptimized"}


@dataclass(frozen=True, slots=True)
class Change:
    """One part that a change adds, takes away or alters.

    Attributes:
        text: The sentence.
        endangers: Whether it replaces or removes a part that holds state.
    """

    kind: str
    part: Resource
    text: str
    endangers: bool = False


@dataclass(frozen=True, slots=True)
class CostChange:
    """The bill before and after, and the lines that differ."""

    before: Bill
    after: Bill
    lines: tuple[tuple[str, Money, Money], ...]

    @property
    def difference(self) -> Money:
        """Return by how much a month costs more."""
        return self.after.total - self.before.total


def changes(before: dict[str, Template], after: dict[str, Template]) -> tuple[Change, ...]:
    """Return what differs between two sets of templates, by stack and part."""
    found: list[Change] = []
    for stack in sorted({*before, *after}):
        old = {one.id: one for one in resources(before.get(stack, {}))}
        new = {one.id: one for one in resources(after.get(stack, {}))}
        for id in sorted({*old, *new}):
            found.extend(_change(old.get(id), new.get(id)))
    return tuple(found)


def sentences(found: Iterable[Change]) -> Iterator[str]:
    """Yield a sentence for each change; what only ties parts together is counted in one.

    A sentence that begins with an exclamation mark loses or replaces what holds state.
    """
    ties: Counter[str] = Counter()
    for one in found:
        if one.part.type not in _WORDS and one.kind in {"adds", "removes"}:
            ties[one.kind] += 1
        else:
            yield f"{'! ' if one.endangers else '- '}{one.text}"
    for kind, count in sorted(ties.items()):
        yield f"- {kind.title()} {count} rules that tie these parts together."


def _change(old: Resource | None, new: Resource | None) -> Iterator[Change]:
    if new is not None and old is None:
        yield Change("adds", new, f"Adds a {_named(new)}.")
    elif old is not None and new is None:
        lost = old.type in _HOLDS_STATE
        yield Change("removes", old, f"Removes the {_named(old)}.", endangers=lost)
    elif old is not None and new is not None and old != new:
        yield _altered(old, new)


def _altered(old: Resource, new: Resource) -> Change:
    names = {*old.properties, *new.properties}
    touched = sorted(n for n in names if old.properties.get(n) != new.properties.get(n))
    if old.type != new.type or _ANEW.get(new.type, set()).intersection(touched):
        lost = new.type in _HOLDS_STATE
        why = ", ".join(touched)
        return Change("replaces", new, f"Replaces the {_named(new)} ({why}).", endangers=lost)
    text = f"Changes {', '.join(touched)} of the {_named(new)}."
    if new.type == "AWS::SSM::Parameter":
        text = f"Changes settings: {'; '.join(_settings(old, new))}."
    elif new.type == "AWS::EC2::Instance" and _RESTARTS.intersection(touched):
        text += " The box stops and starts."
    return Change("changes", new, text)


def _named(part: Resource) -> str:
    words = _WORDS.get(part.type, part.type)
    told = ("Description", "AlarmDescription", "GroupDescription", "Name")
    found = (part.properties.get(name) for name in told)
    description = next((one for one in found if isinstance(one, str)), None)
    return f"{words} ({description or part.id})"


def _settings(old: Resource, new: Resource) -> Iterator[str]:
    before, after = (dict(_flat(_value(one))) for one in (old, new))
    for name in sorted({*before, *after}):
        was, now = before.get(name), after.get(name)
        if was == now:
            continue
        if was is None:
            yield (
                f"{name} is added"
                if "Fn::" in str(now) or "${" in str(now)
                else f"{name} becomes {now}"
            )
        elif now is None:
            yield f"{name} goes"
        else:
            yield f"{name} goes from {was} to {now}"


def _value(part: Resource) -> dict[str, Any]:
    """Return a host's settings; what is known only once deployed stands as ``${name}``."""
    raw = part.properties.get("Value", "")
    if isinstance(raw, dict):
        parts = raw.get("Fn::Join", ["", [raw]])[1]
        raw = "".join(
            one if isinstance(one, str) else "${" + _reference(one) + "}" for one in parts
        )
    try:
        found = json.loads(raw)
    except ValueError:
        found = raw
    return found if isinstance(found, dict) else {"the whole text": str(found)}


def _reference(one: dict[str, Any]) -> str:
    return str(one.get("Ref") or ".".join(one.get("Fn::GetAtt", ["?"])))


def _flat(value: Any, name: str = "") -> Iterator[tuple[str, str]]:  # noqa: ANN401 - JSON
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _flat(inner, f"{name}.{key}" if name else key)
    else:
        yield name, str(value)


def cost_change(before: Deployment, after: Deployment) -> CostChange:
    """Return the deployed bills of two deployments, and the lines that differ."""
    was, now = deployed_bill(before), deployed_bill(after)
    old, new = _lines(was), _lines(now)
    nothing = was.total * 0
    differing = tuple(
        (label, old.get(label, nothing), new.get(label, nothing))
        for label in dict.fromkeys((*old, *new))
        if old.get(label) != new.get(label)
    )
    return CostChange(was, now, differing)


def deployed_bill(deployment: Deployment) -> Bill:
    """Return the deployed bill of a deployment, at the current prices."""
    return make_bill(deployment.shape, deployment.workload, catalogue(), scope="deployed")


def refuse_over_budget(deployment: Deployment) -> None:
    """Raise `OverBudgetError` where a month costs more than the description allows."""
    if deployment.budget is None:
        return
    total = deployed_bill(deployment).total
    if total.high > deployment.budget:
        raise OverBudgetError(
            f"{deployment.shape.architecture.title} costs ${total.high} a month, more than the"
            f" budget of ${deployment.budget}: raise budget or take a smaller one.",
            facts={"total": str(total.high), "budget": str(deployment.budget)},
        )


def _lines(bill: Bill) -> dict[str, Money]:
    return {line.label: line.amount for line in bill.lines}
