"""Runs ``infra/`` in a process of its own: the AWS CDK is large, and no part of the platform."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import careflow
from careflow import clock
from careflow.operations.stacks.description import read_deployment
from careflow.operations.stacks.refusals import SynthesisError, ToolsMissingError
from careflow.operations.stacks.templates import Template, read_templates
from careflow.operations.stacks.told import told

TIMEOUT_S = 300
_MISSING = 3
"""How ``careflow_infra`` ends where the CDK is not installed."""


@dataclass(frozen=True, slots=True)
class Synthesized:
    """Templates by stack, and what the rule packs found: rule and path."""

    templates: dict[str, Template]
    findings: tuple[tuple[str, str], ...]


def synthesize(
    description: Path,
    names: tuple[str, ...],
    *,
    python: Path | None = None,
    check: bool = True,
) -> dict[str, Synthesized]:
    """Make the templates of a description, for each architecture that is named.

    Args:
        description: The TOML file; it was read and not refused before.
        names: Names of architectures.
        python: The interpreter that has ``careflow[deploy]``; this one by default.
        check: Whether to ask the rule packs too.

    Raises:
        ToolsMissingError: The CDK is not installed there.
        SynthesisError: The templates could not be made; the last line says why.
    """
    with TemporaryDirectory() as folder:
        out = Path(folder)
        flags = ("--check",) if check else ()
        run_infra(description, names, out, python or Path(sys.executable), flags)
        found = json.loads((out / "findings.json").read_text("utf-8")) if check else {}
        return {
            name: Synthesized(
                read_templates(out / name),
                tuple((rule, part) for rule, part in found.get(name, [])),
            )
            for name in names
        }


def _told(description: Path, name: str) -> list[dict[str, object]]:
    deployment = read_deployment(description, clock.now().date(), name)
    return [asdict(told(deployment, region)) for region in deployment.regions]


def run_infra(
    description: Path, names: tuple[str, ...], out: Path, python: Path, flags: tuple[str, ...] = ()
) -> None:
    """Have ``infra/`` write the templates of a description into a folder."""
    texts = {name: _told(description, name) for name in names}
    (out / "told.json").write_text(json.dumps(texts), "utf-8")
    home = Path(careflow.__file__).parents[1]
    beside = home.parent / "infra"
    paths = [home, beside if (beside / "careflow_infra").is_dir() else home]
    line = f"import sys; sys.path[:0] = {[str(one) for one in paths]!r}\n"
    line += "from careflow_infra.__main__ import main; main(sys.argv[1:])"
    try:
        ended = subprocess.run(  # noqa: S603 - our own program, arguments as a list
            [python, "-c", line, out, description, *names, *flags],
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise SynthesisError(f"The templates were not made within {TIMEOUT_S} seconds.") from error
    if ended.returncode == _MISSING:
        raise ToolsMissingError("Install careflow[deploy]: the AWS CDK is not installed here.")
    if ended.returncode:
        last = (ended.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise SynthesisError(f"The templates could not be made: {last}")
