"""The options that every ``careflow plan`` verb shares, and the files that they name."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from careflow.errors import BadInputError

if TYPE_CHECKING:
    from careflow.planner.asked import Asked

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

check_options = (
    click.option("--check", "rules", help="Safeguards to list: hipaa, gdpr or soc2."),
    click.option(
        "--evidence",
        type=click.Path(path_type=Path, dir_okay=False),
        help='What shows a safeguard: a JSON file such as {"T16": "drill of 2026-11-20"}.',
    ),
)
"""For verbs that list safeguards."""


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
    from careflow.planner.asked import Asked

    config = options.get("config")
    values = _from_file(config) if isinstance(config, Path) else {}
    given = {name: str(value) for name, value in options.items() if isinstance(value, str)}
    return Asked(
        values | given,
        private_subnets=bool(options.get("private_subnets")),
        managed_redis=bool(options.get("managed_redis")),
        flags=True,
    )


def _from_file(path: Path) -> dict[str, str]:
    try:
        table = tomllib.loads(path.read_text("utf-8")).get("plan", {})
    except OSError as error:
        raise BadInputError(f"{path} cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInputError(f"{path} is not TOML: {error}.") from error
    if not isinstance(table, dict):
        raise BadInputError(f"{path} has no table [plan].")
    known = {name.removeprefix("--").replace("-", "_") for name, _ in _OPTIONS}
    values = {name.replace("-", "_"): str(value) for name, value in table.items()}
    unknown = sorted(set(values) - known)
    if unknown:
        raise BadInputError(f"{path} names unknown options in [plan]: {', '.join(unknown)}.")
    return values


def read_evidence(path: Path | None) -> dict[str, str]:
    """Return what a JSON file says shows each safeguard, or raise one sentence."""
    if path is None:
        return {}
    try:
        raw = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise BadInputError(f"{path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise BadInputError(f"{path} is not JSON: {error}.") from error
    if not isinstance(raw, dict) or not all(
        isinstance(text, str) and text for text in raw.values()
    ):
        raise BadInputError(f'{path} is an object of safeguards and texts: {{"T16": "a drill"}}.')
    return raw
