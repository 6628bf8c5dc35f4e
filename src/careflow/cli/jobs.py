"""``careflow jobs``."""

from __future__ import annotations

import json

import click

from careflow.audit.entry import AuditEntry
from careflow.audit.trail import record
from careflow.cli.platform import with_platform
from careflow.clock import instant_text
from careflow.composition import Platform
from careflow.database.work import Work
from careflow.jobs.job import Job, State


@click.group("jobs")
def jobs_command() -> None:
    """List background jobs; try failed ones again."""


@jobs_command.command("list")
@click.option("--failed", "state", flag_value="failed", default=True, help="That failed for good.")
@click.option("--queued", "state", flag_value="queued", help="That wait for their time or turn.")
@click.option("--running", "state", flag_value="running", help="That somebody does now.")
@click.option("--done", "state", flag_value="done", help="That are done.")
@click.option("--count", default=50, show_default=True, type=click.IntRange(1, 1000))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_jobs(*, state: State, count: int, as_json: bool) -> None:
    """List jobs of a state, those that failed if none is named; what changed last comes first."""

    async def gather(platform: Platform) -> list[Job]:
        return (await platform.queue.listed(state, platform.organisation, count=count)).jobs

    rows = [_row(job) for job in with_platform(gather)]
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    for row in rows:
        click.echo("  ".join(str(value) for value in row.values() if value is not None))


@jobs_command.command("retry")
@click.argument("job_id", metavar="ID")
def retry(*, job_id: str) -> None:
    """Try a job again that failed for good."""

    async def queue_again(platform: Platform) -> Job:
        async with Work(platform.documents) as work:
            job = await platform.queue.retry(work, job_id, platform.organisation)
            record(
                work,
                AuditEntry(
                    at=platform.clock(),
                    action="job:retry",
                    organisation=platform.organisation,
                    actor=platform.operator.id,
                    role=platform.operator.role,
                    patients=(),
                    subjects=(f"job/{job.id}",),
                ),
            )
        return job

    job = with_platform(queue_again)
    click.echo(f"{job.name} {job.id} is queued again.")


def _row(job: Job) -> dict[str, object]:
    return {
        "id": job.id,
        "name": job.name,
        "state": job.state,
        "priority": job.priority,
        "attempt": job.attempt,
        "queued_at": instant_text(job.queued_at),
        "error": job.error,
    }
