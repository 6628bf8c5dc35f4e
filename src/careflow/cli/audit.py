"""``careflow audit``."""

from __future__ import annotations

import json

import click

from careflow.audit.verifying import Verification
from careflow.cli.platform import with_platform
from careflow.clock import instant_text
from careflow.composition import Platform


@click.group("audit")
def audit_command() -> None:
    """Verify and report the audit trail."""


@audit_command.command("verify")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def verify(*, as_json: bool) -> int:
    """Check the chain against its key and its head; exit code 1 if anything was changed."""

    async def check(platform: Platform) -> Verification:
        return await platform.trail.verify()

    found = with_platform(check)
    if as_json:
        problems = [problem.message for problem in found.problems]
        counts = {"sealed": found.sealed, "unsealed": found.unsealed}
        click.echo(json.dumps({"sound": found.is_sound, **counts, "problems": problems}, indent=2))
    else:
        state = "sound" if found.is_sound else "NOT SOUND"
        click.echo(f"The trail is {state}: {found.sealed} sealed, {found.unsealed} not yet sealed.")
        for problem in found.problems:
            click.echo(f"  {problem.message}")
    return 0 if found.is_sound else 1


@audit_command.command("report")
@click.option("--patient", help="Only entries that name this patient.")
@click.option("--actor", help="Only entries of this account or client.")
@click.option("--count", default=50, show_default=True, type=click.IntRange(1, 1000))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def report(*, patient: str | None, actor: str | None, count: int, as_json: bool) -> None:
    """Show who did what to whose record, newest first."""

    async def gather(platform: Platform) -> list[dict[str, object]]:
        page = await platform.trail.entries(patient=patient, actor=actor, count=count)
        return [
            {
                "at": instant_text(entry.at),
                "action": entry.action,
                "actor": entry.actor,
                "role": entry.role,
                "patients": list(entry.patients),
                "subjects": list(entry.subjects),
                "outcome": entry.outcome,
            }
            for entry in page.entries
        ]

    rows = with_platform(gather)
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    for row in rows:
        click.echo("  ".join(str(value) for value in row.values() if value != []))
