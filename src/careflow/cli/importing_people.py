"""``careflow import`` of a table of patients."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Final

import click

from careflow.cli.platform import with_platform
from careflow.composition import Platform
from careflow.records.registration.people_import import PeopleImport, PeopleReport

_SHOWN: Final = 20
_TELLS: Final = 100
"""After so many rows a terminal is told how far it is."""


def import_people(path: Path, *, dry_run: bool, as_json: bool) -> int:
    """Take a table of patients in and print what became of its rows; 1 if any was not taken."""

    async def run(platform: Platform) -> PeopleReport:
        taking = PeopleImport(platform.registration, platform.operator, dry_run)
        return await taking.take(path, on_row=_tell)

    report = with_platform(run)
    counts = {
        "new": report.new,
        "same": report.same,
        "likely twins": len(report.twins),
        "bad": len(report.bad),
    }
    if as_json:
        bad = [{"line": line, "reason": reason} for line, reason in report.bad]
        click.echo(json.dumps({**counts, "twin_lines": report.twins, "bad_lines": bad}, indent=2))
    else:
        click.echo(
            ("Would import: " if dry_run else "Imported: ")
            + ", ".join(f"{count:,} {name}" for name, count in counts.items())
        )
        lines = [f"line {line}: likely registered already" for line in report.twins]
        lines += [f"line {line}: {reason}" for line, reason in report.bad]
        for line in lines[:_SHOWN]:
            click.echo(f"  {line}", err=True)
        if len(lines) > _SHOWN:
            click.echo(f"  and {len(lines) - _SHOWN} more (see --json)", err=True)
    return 1 if report.twins or report.bad else 0


def _tell(report: PeopleReport) -> None:
    if sys.stderr.isatty() and report.rows % _TELLS == 0:
        click.echo(f"\rImporting: {report.rows:,} rows", nl=False, err=True)
