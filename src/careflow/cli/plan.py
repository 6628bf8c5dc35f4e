"""``careflow plan``: what to run, what it costs, and what the guide says beside it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from careflow import clock
from careflow.cli.plan_options import asked, check_options, plan_options, read_evidence
from careflow.errors import BadInputError

if TYPE_CHECKING:
    from careflow.planner.compliance import Report
    from careflow.planner.shape import Shape

_RULES, _EVIDENCE = check_options
_GROWTH = click.option("--growth", help="Live through growth: low, medium or high.")


@click.group("plan", invoke_without_command=True)
@plan_options
@_RULES
@_EVIDENCE
@_GROWTH
@click.pass_context
def plan_command(context: click.Context, /, *, as_json: bool, **options: object) -> None:
    """Print one page: what to run, its bill, capacity, safeguards and what would change it.

    With a verb: the guide reproduced, a comparison, a decision, growth, a migration, break-evens,
    or what measured numbers say.
    """
    if context.invoked_subcommand is not None:
        if as_json or any(options.values()):
            verb = context.invoked_subcommand
            raise BadInputError(f"Options stand after the verb: careflow plan {verb} --users 300.")
        return
    if not any(options.values()):
        click.echo(context.get_help())
        return
    _page(options, as_json=as_json)


@plan_command.command("decide")
@plan_options
@_RULES
@_EVIDENCE
@_GROWTH
def decide(*, as_json: bool, **options: object) -> None:
    """Name the cheapest that meets every constraint, and why each other one does not."""
    _page(options, as_json=as_json)


def _page(options: dict[str, object], *, as_json: bool) -> None:
    from careflow.planner.inquiry import answered

    rules, growth, evidence = (options.pop(name) for name in ("rules", "growth", "evidence"))
    made = answered(
        asked(options),
        _today(),
        rules=rules if isinstance(rules, str) else None,
        growth=growth if isinstance(growth, str) else None,
        evidence=read_evidence(evidence if isinstance(evidence, Path) else None),
    )
    if as_json:
        _print_json(made)
        return
    from careflow.cli.plan_text import answer_text

    click.echo(answer_text(made))


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


@plan_command.command("compare")
@click.argument("names", nargs=-1)
@plan_options
@_RULES
@_EVIDENCE
def compare(
    *,
    names: tuple[str, ...],
    as_json: bool,
    rules: str | None,
    evidence: Path | None,
    **options: object,
) -> None:
    """Set architectures side by side (all by default): bills, capacity, the guide's words."""
    from careflow.cli.plan_text import comparison_text, report_text
    from careflow.planner.inquiry import compared

    made = compared(asked(options), names, _today(), rules=rules, evidence=read_evidence(evidence))
    if as_json:
        _print_json(made)
        return
    click.echo("\n\n".join([comparison_text(made.columns), *map(report_text, made.safeguards)]))


@plan_command.command("grow")
@click.option("--growth", default="medium", help="low, medium or high.", show_default=True)
@click.option("--curve", help="Own curve: month:users:ai, as 6:100:0,12:400:2000.")
@click.option("--seed", default=1, help="Seed of the simulation.", show_default=True)
@click.option("--runs", default=10_000, help="Runs of the simulation.", show_default=True)
@plan_options
@_RULES
@_EVIDENCE
def grow(
    *, growth: str, curve: str | None, seed: int, runs: int, as_json: bool, **options: object
) -> None:
    """Live through growth month by month, with cost bands and the thresholds crossed."""
    from careflow.cli.plan_text import growth_text
    from careflow.planner.inquiry import grown

    made = grown(asked(options), _today(), growth=growth, curve=curve, seed=seed, runs=runs)
    reports = _reports((made.growth.months[-1].running.capacity.shape,), options)
    _show(made, growth_text(made.growth, made.bands), reports, as_json=as_json)


@plan_command.command("migrate")
@click.argument("names", nargs=-1)
@plan_options
@_RULES
@_EVIDENCE
def migrate(*, names: tuple[str, ...], as_json: bool, **options: object) -> None:
    """Print the steps from one architecture to another; without names the guide's phases."""
    from careflow.cli.plan_text import migration_text, phases_text
    from careflow.planner.inquiry import migrated
    from careflow.planner.phases import PHASES

    if len(names) not in {0, 2}:
        raise BadInputError("A migration goes from one architecture to another: name both.")
    if not names:
        if options["rules"]:
            raise BadInputError("Safeguards are an architecture's: name the two of a migration.")
        _show(PHASES, phases_text(PHASES), [], as_json=as_json)
        return
    made = migrated(asked(options), (names[0], names[1]), _today())
    _show(made, migration_text(made), _reports((made.after,), options), as_json=as_json)


@plan_command.command("breakeven")
@click.argument("names", nargs=-1)
@plan_options
@_RULES
@_EVIDENCE
def breakeven(*, names: tuple[str, ...], as_json: bool, **options: object) -> None:
    """Say at how many AI tasks a month which architecture is cheapest."""
    from careflow.cli.plan_text import bands_text
    from careflow.planner.asked import prices_of, request_of
    from careflow.planner.decision import best_size
    from careflow.planner.inquiry import broken_even

    wanted = asked(options)
    found = broken_even(wanted, names, _today())
    several = dict.fromkeys(band.architecture for band in found)
    request, prices = request_of(wanted, _today()), prices_of(wanted)
    shapes = tuple(best_size(one, request, prices).shape for one in several)
    _show(found, bands_text(found), _reports(shapes, options), as_json=as_json)


@plan_command.command("observe")
@click.argument("measured", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--architecture", "running", required=True, help="What runs now.")
@plan_options
@_RULES
@_EVIDENCE
def observe(*, measured: Path, running: str, as_json: bool, **options: object) -> None:
    """Say what measured numbers call for: a JSON file such as {"concurrent_users": [14, 1]}.

    A number is what is measured now, or a pair with its change a week; yes and no are true and
    false.
    """
    from careflow.cli.plan_measured import read_measured
    from careflow.planner.architectures import architecture
    from careflow.planner.asked import prices_of, request_of
    from careflow.planner.decision import best_size
    from careflow.planner.upgrades import notices

    wanted = asked(options)
    prices, request = prices_of(wanted), request_of(wanted, _today())
    shape = best_size(architecture(running), request, prices).shape
    found = notices(shape, read_measured(measured), request, prices)
    text = "\n".join(notice.sentence for notice in found) or "Nothing is due."
    _show(found, text, _reports((shape,), options), as_json=as_json)


def _reports(shapes: tuple[Shape, ...], options: dict[str, object]) -> list[Report]:
    """Return the safeguards of shapes, where rules are named."""
    from careflow.planner.asked import prices_of
    from careflow.planner.compliance import check

    rules, evidence = options["rules"], options["evidence"]
    if not isinstance(rules, str):
        return []
    shown = read_evidence(evidence if isinstance(evidence, Path) else None)
    prices = prices_of(asked(options))
    return [check(shape, rules, prices, evidence=shown) for shape in shapes]


def _show(value: object, text: str, reports: list[Report], *, as_json: bool) -> None:
    """Print an answer with its safeguards; in JSON a list with safeguards is named ``answer``."""
    from careflow.cli.plan_text import report_text
    from careflow.planner.plain import as_plain

    if not as_json:
        click.echo("\n\n".join([text, *map(report_text, reports)]))
    elif not reports:
        _print_json(value)
    else:
        plain = as_plain(value)
        named = plain if isinstance(plain, dict) else {"answer": plain}
        _print_json({**named, "safeguards": reports})


def _today() -> date:
    return clock.now().date()


def _print_json(value: object) -> None:
    from careflow.planner.plain import as_plain

    click.echo(json.dumps(as_plain(value), indent=1, ensure_ascii=False))
