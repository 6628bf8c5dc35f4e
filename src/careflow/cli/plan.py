"""``careflow plan``: what to run, what it costs, and what the guide says beside it."""

from __future__ import annotations

import json

import click


@click.group("plan")
def plan_command() -> None:
    """Plan what to run: architectures, bills, capacity, decisions, and the guide reproduced."""


@plan_command.command("guide")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--contradictions", is_flag=True, help="Only what does not agree.")
def guide(*, as_json: bool, contradictions: bool) -> None:
    """Print each table of the guide, each figure beside what its own parts give."""
    from careflow.planner.guide.listing import listing
    from careflow.planner.guide.page import guide_text

    if as_json:
        click.echo(json.dumps(listing(), indent=1, ensure_ascii=False))
        return
    click.echo(guide_text(only_contradictions=contradictions))
