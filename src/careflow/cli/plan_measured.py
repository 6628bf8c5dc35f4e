"""Reads measured numbers of a running platform from a file."""

from __future__ import annotations

import json
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any

from careflow.errors import BadInputError

if TYPE_CHECKING:
    from careflow.planner.upgrades import Observed, Trend


def read_measured(path: Path) -> Observed:
    """Return what a JSON file says was measured, or raise one sentence."""
    from careflow.planner.upgrades import Observed

    try:
        raw = json.loads(path.read_text("utf-8"), parse_float=Decimal)
    except OSError as error:
        raise BadInputError(f"{path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise BadInputError(f"{path} is not JSON: {error}.") from error
    if not isinstance(raw, dict):
        raise BadInputError(f"{path} is an object of names and numbers.")
    known = set(Observed.__dataclass_fields__)
    unknown = sorted(set(raw) - known)
    if unknown:
        raise BadInputError(f"{path} names what is not measured: {', '.join(unknown)}.")
    values: dict[str, Any] = {name: _value(name, value) for name, value in raw.items()}
    return Observed(**values)


def _value(name: str, value: object) -> Trend | bool:
    from careflow.planner.upgrades import Observed, Trend

    wants_bool = Observed.__dataclass_fields__[name].default is False
    if wants_bool:
        if not isinstance(value, bool):
            raise BadInputError(f"{name} is true or false.")
        return value
    pair = value if isinstance(value, list) else [value, 0]
    try:
        now, change = (Decimal(str(part)) for part in pair)
    except (ValueError, InvalidOperation) as error:
        raise BadInputError(f"{name} is a number, or a number and its change a week.") from error
    return Trend(now, change)
