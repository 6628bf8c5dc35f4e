"""A deployment as an operator writes it down, in TOML, and what is refused in it."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from careflow.operations.stacks.deployment import Deployment, Region
from careflow.operations.stacks.refusals import (
    DescriptionError,
    MissingCertificateError,
    MissingDomainError,
    OldImageError,
    PlainDatabaseError,
)
from careflow.planner.architecture import Architecture
from careflow.planner.architectures import architecture
from careflow.planner.prices import catalogue
from careflow.planner.shape import Shape, default_shape
from careflow.planner.workload import Workload

_KEYS = {
    "name", "architecture", "domain", "hosted_zone", "certificate", "database", "alerts",
    "budget", "system", "bundle", "function", "regions", "size", "settings", "workload",
}  # fmt: skip
_SIZE = {
    "instance", "disk_gb", "tier", "hipaa", "private_subnets", "managed_redis", "catalog",
}  # fmt: skip
_NAME = re.compile(r"[a-z][a-z0-9-]{1,30}")
_DOMAIN = re.compile(r"(?=.{4,200}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
_CERTIFICATE = re.compile(r"arn:aws[a-z-]*:acm:([a-z0-9-]+):\d{12}:certificate/[\w-]+")
_FORMS = {
    "hosted_zone": (re.compile(r"Z[A-Z0-9]{5,31}"), "the id of a Route 53 zone, as Z0123456789"),
    "alerts": (re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+"), "an e-mail address"),
    "bundle.address": (re.compile(r"s3://[a-z0-9.-]{3,63}/\S+"), "s3://bucket/key"),
    "bundle.sha256": (re.compile(r"[0-9a-f]{64}"), "64 hexadecimal digits"),
    "function": (re.compile(r"s3://[a-z0-9.-]{3,63}/\S+"), "s3://bucket/key"),
}
_REGION = re.compile(r"[a-z]{2}-[a-z]+-\d")
_IMAGE = re.compile(r"ami-[0-9a-f]{8,17}")
_EDGE_LIST = re.compile(r"pl-[0-9a-f]{8,17}")
_EDGES = {"us-east-1": "pl-3b927c52", "us-west-2": "pl-82a045eb"}
"""AWS's own list com.amazonaws.global.cloudfront.origin-facing, whose id differs by region."""
_WEB_REGION = "us-east-1"


def read_deployment(path: Path, today: date, named: str | None = None) -> Deployment:
    """Read a description, or raise one sentence on the first thing wrong with it.

    Args:
        path: The TOML file.
        today: To know which systems are past their end.
        named: An architecture to take in place of the file's.
    """
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DescriptionError(f"{path} is not TOML: {error}.") from error
    return deployment_of(raw, today, named)


def deployment_of(raw: dict[str, Any], today: date, named: str | None = None) -> Deployment:
    """Make a deployment of a description that was read."""
    _refuse_unknown(raw, _KEYS, "")
    chosen = _architecture(named or _text(raw, "architecture"))
    name = _text(raw, "name")
    if not _NAME.fullmatch(name):
        raise DescriptionError("name is 2 to 31 small letters, digits and hyphens.")
    _refuse_old(_text(raw, "system"), today)
    bundle = _table(raw, "bundle", {"address", "sha256"})
    return Deployment(
        name=name,
        shape=_shape(chosen, raw),
        domain=_domain(raw),
        hosted_zone=_formed("hosted_zone", _text(raw, "hosted_zone")),
        certificate=_certificate(raw, "certificate", _WEB_REGION),
        database=_database(_text(raw, "database")),
        alerts=_formed("alerts", _text(raw, "alerts")),
        bundle=_formed("bundle.address", _text(bundle, "address", "bundle.")),
        digest=_formed("bundle.sha256", _text(bundle, "sha256", "bundle.")),
        regions=_regions(raw, chosen),
        function=_formed("function", _text(raw, "function")) if chosen.ai == "lambda" else "",
        settings=_settings(raw),
        workload=_workload(raw),
        budget=_budget(raw),
    )


def _architecture(name: str) -> Architecture:
    chosen = architecture(name)
    if not chosen.deploys:
        raise DescriptionError(f"{chosen.title} is there to compare with; it is not deployed.")
    return chosen


def _shape(chosen: Architecture, raw: dict[str, Any]) -> Shape:
    size = _table(raw, "size", _SIZE)
    made = default_shape(
        chosen,
        hipaa=_flag(size, "hipaa", default=True),
        private_subnets=_flag(size, "private_subnets", default=False) and chosen.group is None,
        managed_redis=_flag(size, "managed_redis", default=False),
    )
    guide = size.get("catalog", "current") == "guide"
    instance = size.get("instance", "t2.micro" if guide and chosen.name == "basic" else None)
    offered = {*chosen.sizes, *(("t2.micro",) if guide else ())}
    if instance is not None and instance not in offered:
        known = ", ".join(sorted(offered))
        raise DescriptionError(f"size.instance of {chosen.name} is one of {known}.")
    disk = size.get("disk_gb", made.disk_gb)
    low, high = chosen.disk_gb
    if not isinstance(disk, int) or not low <= disk <= high:
        raise DescriptionError(f"size.disk_gb of {chosen.name} is from {low} to {high}.")
    tier = size.get("tier", made.tier)
    if tier not in {"m0", "m10", "m20", "m30"}:
        raise DescriptionError("size.tier is one of m0, m10, m20, m30.")
    return Shape(chosen, instance or made.instance, made.instances, disk, tier, made.model,
                 hipaa=made.hipaa, private_subnets=made.private_subnets,
                 managed_redis=made.managed_redis)  # fmt: skip


def _domain(raw: dict[str, Any]) -> str:
    domain = raw.get("domain", "")
    if not isinstance(domain, str) or not _DOMAIN.fullmatch(domain):
        raise MissingDomainError(
            "Name the clinic's own domain, as clinic.example.org: without one CloudFront allows"
            " TLS 1.0.",
            place="domain",
        )
    return domain


def _certificate(raw: dict[str, Any], key: str, region: str) -> str:
    found = raw.get(key, "")
    matched = _CERTIFICATE.fullmatch(found) if isinstance(found, str) else None
    if matched is None or matched.group(1) != region:
        raise MissingCertificateError(
            f"Name in {key} the ARN of a certificate of AWS Certificate Manager in {region}.",
            place=key,
        )
    return matched.group(0)


def _database(address: str) -> str:
    parts = urlsplit(address)
    if "@" in parts.netloc:
        raise PlainDatabaseError(
            "Give the database's address without user and password: the whole address is a secret.",
            place="database",
        )
    asked = {name.lower(): last[-1].lower() for name, last in parse_qs(parts.query).items()}
    off = {"tls", "ssl"} & {name for name, value in asked.items() if value == "false"}
    on = parts.scheme == "mongodb+srv" or "true" in {asked.get("tls"), asked.get("ssl")}
    loose = {"tlsinsecure", "tlsallowinvalidcertificates", "tlsallowinvalidhostnames"} & {
        name for name, value in asked.items() if value == "true"
    }
    if parts.scheme not in {"mongodb", "mongodb+srv"} or off or loose or not on:
        raise PlainDatabaseError(
            "The database must be reached over TLS: mongodb+srv://… or mongodb://…?tls=true, with"
            " its certificate checked.",
            place="database",
        )
    return address


def _refuse_old(system: str, today: date) -> None:
    ends = {one.subject: one.ends for one in catalogue().lifecycle if one.kind == "runtime"}
    end = ends.get(system)
    if end is None:
        known = ", ".join(sorted(name for name in ends if name.startswith("Ubuntu")))
        raise OldImageError(f"It is not known when {system} ends: use an image of {known}.")
    if today >= end:
        raise OldImageError(f"{system} ended on {end}: use an image of a later one.")


def _regions(raw: dict[str, Any], chosen: Architecture) -> tuple[Region, ...]:
    rows = raw.get("regions", [])
    if not isinstance(rows, list) or len(rows) < chosen.regions:
        raise DescriptionError(
            f"{chosen.name} needs {chosen.regions} [[regions]], each with name and image."
        )
    made = tuple(
        _region(row, place, balanced=chosen.group is not None)
        for place, row in enumerate(rows[: chosen.regions])
    )
    # The first holds CloudFront's alarms and the cost's, and AWS reports both in one region alone.
    catalogue().require_region(made[0].name)
    return made


def _region(row: object, place: int, *, balanced: bool) -> Region:
    where = f"regions[{place}]."
    if not isinstance(row, dict):
        raise DescriptionError(f"{where[:-1]} is a table with name and image.")
    _refuse_unknown(row, {"name", "image", "edges", "certificate"}, where)
    name, image = _text(row, "name", where), _text(row, "image", where)
    if not _REGION.fullmatch(name):
        raise DescriptionError(f"{where}name is a region of AWS, as us-east-1.")
    if not _IMAGE.fullmatch(image):
        raise DescriptionError(f"{where}image is the id of an image, as ami-0123456789abcdef0.")
    edges = row.get("edges", _EDGES.get(name, ""))
    if not isinstance(edges, str) or not _EDGE_LIST.fullmatch(edges):
        raise DescriptionError(
            f"{where}edges is the id in {name} of the managed prefix list"
            " com.amazonaws.global.cloudfront.origin-facing, as pl-0123abcd."
        )
    certificate = _certificate(row, "certificate", name) if balanced else ""
    return Region(name, image, edges, certificate)


def _settings(raw: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    table = _table(raw, "settings", None)
    secret = {"KEY", "SECRET", "PASSWORD", "TOKEN"}
    for name, value in table.items():
        if not name.startswith("CAREFLOW_") or not isinstance(value, str):
            raise DescriptionError(f"settings.{name} must be CAREFLOW_… = text.")
        if secret & set(name.split("_")) or name == "CAREFLOW_DATABASE_URL":
            raise DescriptionError(f"settings.{name} is a secret: it is not written down here.")
    return tuple(sorted(table.items()))


def _workload(raw: dict[str, Any]) -> Workload:
    names = {"users", "visits_per_day", "documents_per_day", "ai_requests_per_month"}
    table = _table(raw, "workload", names)
    for name, value in table.items():
        if not isinstance(value, int) or isinstance(value, bool):
            raise DescriptionError(f"workload.{name} is a whole number.")
    return Workload(**table)


def _budget(raw: dict[str, Any]) -> Decimal | None:
    if "budget" not in raw:
        return None
    try:
        budget = Decimal(str(raw["budget"]))
    except InvalidOperation as error:
        raise DescriptionError("budget is US dollars a month, as 120.") from error
    if not budget.is_finite() or budget < 0:
        raise DescriptionError("budget is US dollars a month, as 120.")
    return budget


def _text(raw: dict[str, Any], key: str, where: str = "") -> str:
    value = raw.get(key, "")
    if not isinstance(value, str) or not value:
        raise DescriptionError(f"{where}{key} is missing.", place=f"{where}{key}")
    return value


def _flag(raw: dict[str, Any], key: str, *, default: bool) -> bool:
    value = raw.get(key, default)
    if not isinstance(value, bool):
        raise DescriptionError(f"size.{key} is true or false.")
    return value


def _formed(key: str, value: str) -> str:
    form, words = _FORMS[key]
    if not form.fullmatch(value):
        raise DescriptionError(f"{key} is {words}.", place=key)
    return value


def _table(raw: dict[str, Any], key: str, known: set[str] | None) -> dict[str, Any]:
    table = raw.get(key, {})
    if not isinstance(table, dict):
        raise DescriptionError(f"[{key}] is a table.")
    if known is not None:
        _refuse_unknown(table, known, f"{key}.")
    return table


def _refuse_unknown(raw: dict[str, Any], known: set[str], where: str) -> None:
    for name in raw:
        if name not in known:
            raise DescriptionError(
                f"{where}{name} is not known here: use {', '.join(sorted(known))}."
            )
