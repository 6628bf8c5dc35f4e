"""``careflow export``."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from careflow import __version__
from careflow.cli.platform import with_platform
from careflow.composition import Platform
from careflow.records.export_folder import HISTORY_NOTE, Manifest
from careflow.records.exporting import Exporter, ExportProgress, OnProgress


@click.command("export")
@click.option(
    "--to",
    "folder",
    required=True,
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="An empty folder, or one that this database's export was interrupted in.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def export_command(*, folder: Path, as_json: bool) -> int:
    """Write every current resource to a folder: gzipped NDJSON by type, with a manifest.

    The originals of papers that were filed to a chart lie beside them, as they were uploaded. It is
    all as of the moment it begins. Stopped, it goes on where it was when run again. What it writes
    is readable without any key: keep it as you keep the record. careflow import takes the folder
    back as it was. Exit code 1 if an original is missing or damaged in the store.
    """

    async def run(platform: Platform) -> Manifest:
        exporter = Exporter(
            documents=platform.documents,
            files=platform.files,
            trail=platform.trail,
            actor=platform.operator,
            clock=platform.clock,
            tool=f"CareFlowAI {__version__}",
        )
        with _bar() as show:
            return await exporter.export(folder, show)

    manifest = with_platform(run)
    _print(manifest, folder, as_json=as_json)
    return 1 if manifest.papers.missing else 0


@contextmanager
def _bar() -> Iterator[OnProgress | None]:
    """Show a bar over the resources on a terminal, and nothing elsewhere."""
    stream = sys.stderr
    if not stream.isatty():
        yield None
        return
    with click.progressbar(length=1, label="Exporting", file=stream) as bar:

        def show(progress: ExportProgress) -> None:
            bar.length = max(1, progress.resources_total, progress.resources)
            bar.label = f"Exporting {progress.type}"
            bar.update(progress.resources - bar.pos)

        yield show


def _print(manifest: Manifest, folder: Path, *, as_json: bool) -> None:
    types = {file.type: file.resources for file in manifest.files}
    if as_json:
        papers = {"papers": manifest.papers.count, "missing": manifest.papers.missing}
        said = {"resources": manifest.resources, "asOf": manifest.as_of, "types": types, **papers}
        click.echo(json.dumps({**said, "history": manifest.history}, indent=2))
        return
    click.echo(
        f"Exported {manifest.resources:,} resources of {len(types)} types and"
        f" {manifest.papers.count:,} papers to {folder}, as of {manifest.started_at}."
    )
    for id in manifest.papers.missing:
        click.echo(f"  the file of paper {id} is missing or damaged here", err=True)
    click.echo(HISTORY_NOTE)
    click.echo(f"Not in it either: {'; '.join(manifest.left_out)}.")
