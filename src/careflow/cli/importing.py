"""``careflow import``."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from careflow.cli.importing_people import import_people
from careflow.cli.platform import with_platform
from careflow.composition import Platform
from careflow.records.import_report import OnProgress, Progress, Refusal, Report
from careflow.records.restoring import import_or_restore

_REFUSALS_SHOWN = 20


@click.command("import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Read and check everything, store nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def import_command(*, paths: tuple[Path, ...], dry_run: bool, as_json: bool) -> int:
    """Import FHIR bundles (.json), NDJSON, .gz of both, folders of them; or patients (.csv).

    Resources keep the ids they carry; a second run changes nothing. A folder that careflow export
    wrote comes back as it was, versionId and lastUpdated included. Exit code 1 if anything was
    refused; what was refused is named by file, entry and reason. Of a table of patients, whoever is
    likely registered already is not taken but named by line.
    """
    missing = [path for path in paths if not path.exists()]
    if missing:
        raise click.BadParameter(f"{missing[0]} does not exist.", param_hint="PATHS")

    tables = [path for path in paths if path.suffix.lower() == ".csv"]
    if tables and len(paths) > 1:
        raise click.BadParameter("Import one table of patients at a time.", param_hint="PATHS")
    if tables:
        return import_people(tables[0], dry_run=dry_run, as_json=as_json)

    async def run(platform: Platform) -> Report:
        with _bar() as show:
            return await import_or_restore(
                paths,
                records=platform.records,
                files=platform.files,
                actor=platform.operator,
                dry_run=dry_run,
                on_progress=show,
            )

    report = with_platform(run)
    _print(report, dry_run=dry_run, as_json=as_json)
    return 1 if report.refusals else 0


@contextmanager
def _bar() -> Iterator[OnProgress]:
    """Show a bar over the files on a terminal, and nothing elsewhere."""
    stream = sys.stderr
    if not stream.isatty():
        yield lambda _: None
        return
    with click.progressbar(length=1, label="Importing", file=stream) as bar:

        def show(progress: Progress) -> None:
            bar.length = max(1, progress.files_total)
            bar.label = f"Importing: {progress.resources:,} resources"
            bar.update(progress.files_done - bar.pos)

        yield show


def _print(report: Report, *, dry_run: bool, as_json: bool) -> None:
    done = report.progress
    counts = {
        "files": done.files_done,
        "created": done.created,
        "updated": done.updated,
        "unchanged": done.unchanged,
        "refused": done.refused,
        "unresolved": report.unresolved.total(),
    }
    if as_json:
        refusals = [_line(refusal) for refusal in report.refusals]
        types = dict(sorted(report.types.items()))
        click.echo(json.dumps({**counts, "types": types, "refusals": refusals}, indent=2))
        return
    click.echo(
        ("Would import: " if dry_run else "Imported: ")
        + ", ".join(f"{count:,} {name}" for name, count in counts.items())
    )
    if report.unresolved:
        count = report.unresolved.total()
        click.echo(f"  {count:,} conditional references mean nothing here and were kept", err=True)
    for refusal in report.refusals[:_REFUSALS_SHOWN]:
        click.echo(f"  refused {_line(refusal)}", err=True)
    if len(report.refusals) > _REFUSALS_SHOWN:
        click.echo(f"  and {len(report.refusals) - _REFUSALS_SHOWN} more (see --json)", err=True)


def _line(refusal: Refusal) -> str:
    subject = f" ({refusal.subject})" if refusal.subject else ""
    return f"{refusal.file}, entry {refusal.entry}{subject}: {refusal.reason}"
