"""Reads a rendered unit as systemd does, as far as our own units go."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass, field
from pathlib import Path

_ESCAPED = re.compile(r"\\(.)")


@dataclass(frozen=True)
class Unit:
    """A unit's lines: section and key to values in order."""

    lines: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def all(self, section: str, key: str) -> list[str]:
        """Return every value of a key."""
        return self.lines.get((section, key), [])

    def one(self, section: str, key: str, default: str = "") -> str:
        """Return the last value of a key."""
        values = self.all(section, key)
        return values[-1] if values else default


def read_unit(folder: Path, name: str, credentials: Path) -> Unit:
    """Return a unit by its name, ``careflow-api@blue.service`` too.

    ``%i`` and ``%d`` are what the instance and the folder of its credentials are.
    """
    before, at, rest = name.partition("@")
    instance = rest.rpartition(".")[0] if at else ""
    file = folder / (f"{before}@.{rest.rpartition('.')[2]}" if at else name)
    unit, section = Unit(), ""
    for line in file.read_text("utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif "=" in line and not line.startswith(("#", ";")):
            key, _, value = line.partition("=")
            said = value.replace("%i", instance).replace("%d", str(credentials))
            unit.lines.setdefault((section, key), []).append(said)
    return unit


def variables(unit: Unit) -> dict[str, str]:
    """Return the variables that a service is started with; a file's are stronger, as systemd's."""
    found = {}
    for line in unit.all("Service", "Environment"):
        for word in shlex.split(line):
            name, _, value = word.partition("=")
            found[name] = value
    for file in unit.all("Service", "EnvironmentFile"):
        for line in Path(file).read_text("utf-8").splitlines():
            name, _, value = line.partition("=")
            if value.startswith('"'):
                value = _ESCAPED.sub(r"\1", value[1:-1])
            found[name] = value
    return found


def megabytes(unit: Unit) -> int:
    """Return how much memory a service may take, in MiB."""
    return int(unit.one("Service", "MemoryMax", "0M").removesuffix("M"))
