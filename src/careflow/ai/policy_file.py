"""Reads the operator's AI policy: rows, limits, budgets and prices, from one TOML file.

::

    devices = false                      # image and video analysis, predictions

    [[allow]]
    engine = "gemini:vertex"
    tasks = ["appointment-summary", "patient-*"]
    data = "identifiable"
    attested_by = "Dr Ada Okafor"
    attested_on = 2026-11-01
    agreement = "Google Cloud BAA of 2026-10-30"
    attested_text = "1"                  # careflow ai attest prints what this stands for

    [limits."gemini/gemini-3.8-flash"]
    requests_minute = 15
    tokens_minute = 250000
    requests_day = 500

    [budgets]                            # US dollars a month
    clinic = 50
    user = 5
    tasks = { treatment-plan = 10 }

    [prices.own-model]                   # US dollars for a million tokens
    input = 0
    output = 0
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, ClassVar

import msgspec

from careflow.ai.call import DataClass
from careflow.ai.governor.ledger import Budgets
from careflow.ai.governor.prices import Rate
from careflow.ai.governor.quota import Limits
from careflow.ai.policy import Rule
from careflow.errors import BadInputError

_MICRO = 1_000_000
Positive = Annotated[int, msgspec.Meta(gt=0)]


class PolicyFileError(BadInputError):
    """The policy file cannot be used; nothing starts with half a policy."""

    code: ClassVar[str] = "ai-policy-unusable"


class _Row(msgspec.Struct, forbid_unknown_fields=True):
    engine: str
    data: DataClass
    attested_by: Annotated[str, msgspec.Meta(min_length=2)]
    attested_on: date
    tasks: tuple[str, ...] = ("*",)
    agreement: str | None = None
    attested_text: str | None = None


class _Limit(msgspec.Struct, forbid_unknown_fields=True):
    requests_minute: Positive | None = None
    tokens_minute: Positive | None = None
    requests_day: Positive | None = None


class _Budgets(msgspec.Struct, forbid_unknown_fields=True):
    clinic: Decimal | None = None
    user: Decimal | None = None
    tasks: dict[str, Decimal] = {}


class _Price(msgspec.Struct, forbid_unknown_fields=True):
    input: Decimal
    output: Decimal
    cached: Decimal | None = None


class _File(msgspec.Struct, forbid_unknown_fields=True):
    devices: bool = False
    allow: list[_Row] = []
    limits: dict[str, _Limit] = {}
    budgets: _Budgets = msgspec.field(default_factory=_Budgets)
    prices: dict[str, _Price] = {}


@dataclass(frozen=True, slots=True)
class OperatorsPolicy:
    """What the operator has settled."""

    rules: tuple[Rule, ...] = ()
    allows_devices: bool = False
    limits: Mapping[str, Limits] = field(default_factory=dict)
    budgets: Budgets = field(default_factory=Budgets)
    rates: Mapping[str, Rate] = field(default_factory=dict)


def read_policy(path: Path | None) -> OperatorsPolicy:
    """Read the file; without one nothing real leaves and nothing is limited.

    Raises:
        PolicyFileError: It cannot be read, or says something that is not understood.
    """
    if path is None:
        return OperatorsPolicy()
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except OSError as error:
        raise PolicyFileError(f"The AI policy {path} cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PolicyFileError(f"The AI policy {path} is not valid TOML: {error}.") from error
    try:
        # Whole numbers stand for amounts, too; strict conversion would want a decimal point.
        return _policy(msgspec.convert(content, _File, strict=False))
    except msgspec.ValidationError as error:
        raise PolicyFileError(f"The AI policy {path} cannot be used: {error}.") from error


def _policy(file: _File) -> OperatorsPolicy:
    return OperatorsPolicy(
        rules=tuple(
            Rule(
                one.engine,
                one.tasks,
                one.data,
                one.attested_by,
                one.attested_on,
                one.agreement,
                one.attested_text,
            )
            for one in file.allow
        ),
        allows_devices=file.devices,
        limits={
            model: Limits(one.requests_minute, one.tokens_minute, one.requests_day)
            for model, one in file.limits.items()
        },
        budgets=Budgets(
            clinic=_micro(file.budgets.clinic),
            user=_micro(file.budgets.user),
            tasks={task: int(amount * _MICRO) for task, amount in file.budgets.tasks.items()},
        ),
        rates={
            model: Rate(one.input, one.input if one.cached is None else one.cached, one.output)
            for model, one in file.prices.items()
        },
    )


def _micro(dollars: Decimal | None) -> int | None:
    return None if dollars is None else int(dollars * _MICRO)
