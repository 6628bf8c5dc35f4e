"""``careflow deploy synth|diff|eject``: the stacks of AWS, before anything of AWS is touched."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from careflow import clock

if TYPE_CHECKING:
    from careflow.operations.stacks.changes import CostChange
    from careflow.operations.stacks.deployment import Deployment
    from careflow.operations.stacks.synthesis import Synthesized

_FILE = click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
_ARCHITECTURE = click.option("--architecture", help="Take this one in place of the file's.")
_PYTHON = click.option(
    "--python",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The Python that has careflow[deploy], where it is not this one.",
)
_TO = click.option(
    "--to",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="Folder to write to; made if need be.",
)


@click.command("synth")
@_FILE
@_ARCHITECTURE
@_PYTHON
@_TO
def synth(file: Path, architecture: str | None, python: Path | None, to: Path) -> None:
    """Make the templates, and print what they hold, cost, and leave unmet with reasons."""
    deployment = _read(file, architecture)
    made = _make(file, deployment, python)
    _write(made, to)
    _print_parts(made)
    _print_bill(deployment)
    _print_reasons(made)


@click.command("diff")
@_FILE
@_ARCHITECTURE
@_PYTHON
@click.option("--from", "before", help="The architecture that runs now, of the same description.")
@click.option(
    "--against",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="A folder of templates that run now, as eject or AWS's own tools wrote it.",
)
def diff(
    file: Path,
    architecture: str | None,
    python: Path | None,
    before: str | None,
    against: Path | None,
) -> None:
    """Say in sentences what would change, and what a month would cost more or less."""
    from careflow.operations.stacks.changes import (
        changes,
        cost_change,
        refuse_over_budget,
        sentences,
    )
    from careflow.operations.stacks.synthesis import synthesize
    from careflow.operations.stacks.templates import read_templates

    if (before is None) == (against is None):
        raise click.UsageError("Give one of --from and --against.")
    new = _described(file, architecture)
    old = None if before is None else _described(file, before)
    names = [one.shape.architecture.name for one in (old, new) if one is not None]
    made = synthesize(file, tuple(dict.fromkeys(names)), python=python, check=False)
    was = read_templates(against) if against else made[names[0]].templates
    found = changes(was, made[names[-1]].templates)
    for sentence in sentences(found):
        click.echo(sentence)
    if not found:
        click.echo("Nothing changes.")
    if any(one.endangers for one in found):
        click.echo("! stands where something that holds state goes or is made anew.")
    if old is not None:
        _print_cost(cost_change(old, new))
    else:
        _print_bill(new)
    refuse_over_budget(new)


@click.command("eject")
@_FILE
@_ARCHITECTURE
@_PYTHON
@_TO
def eject(file: Path, architecture: str | None, python: Path | None, to: Path) -> None:
    """Write plain CloudFormation that AWS's own command line deploys without us."""
    deployment = _read(file, architecture)
    made = _make(file, deployment, python, check=False)
    _write(made, to)
    lines = ["# Deploys without CareFlowAI: AWS's own command line, and these templates.", ""]
    for stack, region in zip(deployment.stacks, deployment.regions, strict=True):
        lines.append(
            f"aws cloudformation deploy --region {region.name} --stack-name {stack}"
            f" --template-file {stack}.json --capabilities CAPABILITY_IAM"
            " --s3-bucket NAME_OF_A_BUCKET_OF_YOURS"
        )
    (to / "deploy.sh").write_text("\n".join(lines) + "\n", "utf-8")
    click.echo(f"Wrote {len(made.templates)} templates and deploy.sh to {to}.")


def _described(file: Path, architecture: str | None) -> Deployment:
    from careflow.operations.stacks.description import read_deployment

    return read_deployment(file, clock.now().date(), architecture)


def _read(file: Path, architecture: str | None) -> Deployment:
    """Read a description and refuse what costs more than it allows."""
    from careflow.operations.stacks.changes import refuse_over_budget

    deployment = _described(file, architecture)
    refuse_over_budget(deployment)
    return deployment


def _make(
    file: Path, deployment: Deployment, python: Path | None, *, check: bool = True
) -> Synthesized:
    from careflow.operations.stacks.synthesis import synthesize

    name = deployment.shape.architecture.name
    return synthesize(file, (name,), python=python, check=check)[name]


def _write(made: Synthesized, to: Path) -> None:
    to.mkdir(parents=True, exist_ok=True)
    for stack, template in made.templates.items():
        text = json.dumps(template, indent=1, sort_keys=True, ensure_ascii=False)
        (to / f"{stack}.json").write_text(text + "\n", "utf-8")


def _print_parts(made: Synthesized) -> None:
    for stack, template in made.templates.items():
        click.echo(f"{stack}: {len(template['Resources'])} parts")


def _print_bill(deployment: Deployment) -> None:
    from careflow.operations.stacks.changes import deployed_bill

    bill = deployed_bill(deployment)
    click.echo(f"{deployment.shape.text()}: ${bill.total.high} a month, prices of {bill.on}")


def _print_reasons(made: Synthesized) -> None:
    from careflow.operations.stacks.accepted import reasons, unaccepted

    for rule, part in unaccepted(made.findings):
        click.echo(f"! {rule} is not met by {part}, and no reason is written.")
    accepted = reasons(made.findings)
    click.echo(f"Rules that are not met, for {len(accepted)} written reasons:")
    for one in accepted:
        click.echo(f"- {one.rule} ({one.part}): {one.reason}")


def _print_cost(cost: CostChange) -> None:
    for label, was, now in cost.lines:
        click.echo(f"  {label}: ${was.high} -> ${now.high} a month")
    more = cost.difference.high
    sign = "-" if more < 0 else "+"
    click.echo(
        f"A month costs ${cost.after.total.high} instead of ${cost.before.total.high}:"
        f" {sign}${abs(more)}."
    )


COMMANDS: tuple[click.Command, ...] = (synth, diff, eject)
"""What ``careflow deploy`` adds to its own verbs."""
