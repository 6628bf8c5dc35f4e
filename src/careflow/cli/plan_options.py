"""The options that every ``careflow plan`` verb shares, and what they make."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING

import click

from careflow.errors import BadInputError

if TYPE_CHECKING:
    from careflow.planner.constraints import Request
    from careflow.planner.prices import Catalogue
    from careflow.planner.workload import Workload

_INTEGERS = ("users", "ai_requests_per_month")
_OPTIONS: tuple[tuple[str, str], ...] = (
    ("--stage", "development, mvp, production or enterprise."),
    ("--users", "People with an account; a range is fine: 100-300."),
    ("--concurrent", "Users at the same time; a tenth of all by default."),
    ("--requests-per-second", "In the busiest minutes; derived by default."),
    ("--visits-per-day", "Visits a day; derived by default."),
    ("--documents-per-day", "Documents a day; derived by default."),
    ("--ai-requests-per-month", "AI calls a month; a range is fine."),
    ("--tokens-per-ai-request", "Tokens of one call, in and out; 1,000 by default."),
    ("--data-gb", "Records in GB; 0.3 MB a user by default."),
    ("--months", "Length of the plan; 36 by default."),
    ("--budget", "Dollars a month, at most."),
    ("--uptime", "Percent, at least: 99.9."),
    ("--ai", "none, basic, advanced, custom or private."),
    ("--compliance", "none, hipaa, gdpr or soc2."),
    ("--catalog", "Prices: guide (2025) or current."),
    ("--region", "us-east-1."),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the options say, before it is a request."""

    values: dict[str, str]

    def text(self, name: str) -> str | None:
        """Return an option as typed, or None."""
        return self.values.get(name)

    def number(self, name: str) -> Decimal | None:
        """Return an option as a number, or None."""
        text = self.text(name)
        return None if text is None else _number(name, text)

    def whole(self, name: str) -> int | None:
        """Return an option as a whole number, or None."""
        value = self.number(name)
        if value is not None and value != value.to_integral_value():
            raise BadInputError(f"{_flag(name)} is a whole number, not {value}.")
        return None if value is None else int(value)

    def ends(self, name: str) -> tuple[int, int]:
        """Return an option that may be a range; nothing is zero."""
        text = self.text(name) or "0"
        found = re.fullmatch(r"([\d,]+)\s*-\s*([\d,]+)", text.strip())
        if found is None:
            value = Asked({name: text}).whole(name) or 0
            return value, value
        low, high = (int(end.replace(",", "")) for end in found.groups())
        if low > high:
            raise BadInputError(f"{_flag(name)} runs upwards: {low} is above {high}.")
        return low, high


def plan_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the shared options, ``--config``, what may be added to a bill, and ``--json``."""
    command = click.option("--json", "as_json", is_flag=True, help="Print JSON.")(command)
    command = click.option(
        "--private-subnets", is_flag=True, help="Boxes behind NAT gateways, and their price."
    )(command)
    command = click.option(
        "--managed-redis", is_flag=True, help="A fleet's jobs over Celery and ElastiCache."
    )(command)
    command = click.option(
        "--config",
        type=click.Path(path_type=Path, dir_okay=False),
        help="A TOML file whose table [plan] holds any of these options.",
    )(command)
    for name, text in reversed(_OPTIONS):
        command = click.option(name, help=text)(command)
    return command


def asked(options: Mapping[str, object]) -> Asked:
    """Return what was asked: options first, then the file's."""
    config = options.get("config")
    values = _from_file(config) if isinstance(config, Path) else {}
    given = {name: str(value) for name, value in options.items() if isinstance(value, str)}
    return Asked(values | given)


def _from_file(path: Path) -> dict[str, str]:
    try:
        table = tomllib.loads(path.read_text("utf-8")).get("plan", {})
    except OSError as error:
        raise BadInputError(f"{path} cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInputError(f"{path} is not TOML: {error}.") from error
    known = {name.removeprefix("--").replace("-", "_") for name, _ in _OPTIONS}
    values = {name.replace("-", "_"): str(value) for name, value in table.items()}
    unknown = sorted(set(values) - known)
    if unknown:
        raise BadInputError(f"{path} names unknown options in [plan]: {', '.join(unknown)}.")
    return values


def prices_of(wanted: Asked) -> Catalogue:
    """Return the catalogue that is asked, with the region looked up in it."""
    from careflow.planner.prices import catalogue

    prices = catalogue(wanted.text("catalog") or "current")
    prices.require_region(wanted.text("region") or "us-east-1")
    return prices


def workload_of(wanted: Asked, *, high: bool = True) -> Workload:
    """Return the workload, at the high or the low end of inputs that are ranges."""
    from careflow.planner.workload import Workload

    users, calls = (wanted.ends(name)[high] for name in _INTEGERS)
    tokens = wanted.whole("tokens_per_ai_request")
    return Workload(
        users=users,
        concurrent=wanted.whole("concurrent"),
        requests_per_second=wanted.number("requests_per_second"),
        visits_per_day=wanted.whole("visits_per_day"),
        documents_per_day=wanted.whole("documents_per_day"),
        ai_requests_per_month=calls,
        tokens_per_ai_request=1000 if tokens is None else tokens,
        data_gb=wanted.number("data_gb"),
    )


def request_of(
    wanted: Asked, today: date, *, private_subnets: bool = False, managed_redis: bool = False
) -> Request:
    """Return the request; it starts today."""
    from careflow.planner.constraints import Request

    months = wanted.whole("months")
    return Request(
        workload=workload_of(wanted),
        stage=wanted.text("stage"),
        budget=wanted.number("budget"),
        uptime=wanted.number("uptime"),
        ai=wanted.text("ai"),
        compliance=wanted.text("compliance") or "none",
        months=36 if months is None else months,
        private_subnets=private_subnets,
        managed_redis=managed_redis,
        start=today,
    )


def _number(name: str, text: str) -> Decimal:
    try:
        value = Decimal(text.replace(",", "").replace("$", "").strip())
    except InvalidOperation as error:
        raise BadInputError(f"{_flag(name)} is a number, not {text!r}.") from error
    if not value.is_finite():
        raise BadInputError(f"{_flag(name)} is a number, not {text!r}.")
    return value


def _flag(name: str) -> str:
    return f"--{name.replace('_', '-')}"
