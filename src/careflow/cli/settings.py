"""``careflow check-settings``."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from careflow import settings


@click.command("check-settings")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def check_settings_command(*, as_json: bool) -> None:
    """Show every setting, its value or default, and its source; secrets are masked."""
    found = settings.sources()
    if as_json:
        click.echo(json.dumps([asdict(one) for one in found], indent=2))
        return
    width = max(len(one.name) for one in found)
    for one in found:
        click.echo(f"{one.name:<{width}}  {one.value or '-'}  ({one.source})")
