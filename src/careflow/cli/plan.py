"""``careflow plan``: what to run, what it costs, and what the guide says beside it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import click

from careflow import clock
from careflow.cli.plan_options import (
    asked,
    plan_options,
    prices_of,
    request_of,
    workload_of,
)
from careflow.errors import BadInputError

_RULES = click.option("--check", "rules", help="Safeguards to list: hipaa, gdpr or soc2.")
_GROWTH = click.option("--growth", help="Live through growth: low, medium or high.")


@click.group("plan", invoke_without_command=True)
@plan_options
@_RULES
@_GROWTH
@click.pass_context
def plan_command(
    context: click.Context,
    /,
    *,
    as_json: bool,
    private_subnets: bool,
    rules: str | None,
    growth: str | None,
    **options: object,
) -> None:
    """Print one page: what to run, its bill, capacity, safeguards and what would change it.

    With a verb: the guide reproduced, a comparison, a decision, growth, a migration, break-evens,
    or what measured numbers say.
    """
    if context.invoked_subcommand is not None:
        if options.get("config") or any(isinstance(one, str) for one in options.values()):
            verb = context.invoked_subcommand
            raise BadInputError(f"Options stand after the verb: careflow plan {verb} --users 300.")
        return
    if not any(options.values()) and not rules and not growth:
        click.echo(context.get_help())
        return
    _page(options, as_json=as_json, private=private_subnets, rules=rules, growth=growth)


@plan_command.command("decide")
@plan_options
@_RULES
@_GROWTH
def decide(
    *,
    as_json: bool,
    private_subnets: bool,
    rules: str | None,
    growth: str | None,
    **options: object,
) -> None:
    """Name the cheapest that meets every constraint, and why each other one does not."""
    _page(options, as_json=as_json, private=private_subnets, rules=rules, growth=growth)


def _page(
    options: dict[str, object],
    *,
    as_json: bool,
    private: bool,
    rules: str | None,
    growth: str | None,
) -> None:
    from careflow.planner.answer import answer
    from careflow.planner.patterns import pattern

    wanted = asked(options)
    made = answer(
        request_of(
            wanted,
            _today(),
            private_subnets=private,
            managed_redis=bool(options.get("managed_redis")),
        ),
        prices_of(wanted),
        _today(),
        least=workload_of(wanted, high=False),
        rules=rules,
        pattern=None if growth is None else pattern(growth),
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
def compare(
    *,
    names: tuple[str, ...],
    as_json: bool,
    private_subnets: bool,
    rules: str | None,
    **options: object,
) -> None:
    """Set architectures side by side (all by default): bills, capacity, the guide's words."""
    from careflow.cli.plan_text import comparison_text, report_text
    from careflow.planner.architectures import ARCHITECTURES, architecture
    from careflow.planner.comparison import compare as side_by_side
    from careflow.planner.compliance import check

    wanted = asked(options)
    several = tuple(architecture(name) for name in names) or ARCHITECTURES
    request = request_of(wanted, _today(), private_subnets=private_subnets)
    columns = side_by_side(several, request)
    reports = [check(one.capacity.shape, rules, prices_of(wanted)) for one in columns if rules]
    if as_json:
        _print_json({"columns": columns, "safeguards": reports})
        return
    click.echo("\n\n".join([comparison_text(columns), *map(report_text, reports)]))


@plan_command.command("grow")
@click.option("--growth", default="medium", help="low, medium or high.", show_default=True)
@click.option("--curve", help="Own curve: month:users:ai, as 6:100:0,12:400:2000.")
@click.option("--seed", default=1, help="Seed of the simulation.", show_default=True)
@click.option("--runs", default=10_000, help="Runs of the simulation.", show_default=True)
@plan_options
def grow(
    *,
    growth: str,
    curve: str | None,
    seed: int,
    runs: int,
    as_json: bool,
    private_subnets: bool,
    **options: object,
) -> None:
    """Live through growth month by month, with cost bands and the thresholds crossed."""
    from careflow.cli.plan_text import growth_text
    from careflow.planner.bands import cost_bands
    from careflow.planner.growth import grow as live
    from careflow.planner.patterns import own_curve, pattern

    wanted = asked(options)
    chosen = pattern(growth) if curve is None else own_curve(_points(curve))
    prices = prices_of(wanted)
    request = request_of(wanted, _today(), private_subnets=private_subnets)
    lived = live(chosen, request, prices, months=wanted.whole("months"))
    bands = cost_bands(lived, prices, seed=seed, runs=runs)
    if as_json:
        _print_json({"total": lived.total, "months": lived.months, "bands": bands})
        return
    click.echo(growth_text(lived, bands))


@plan_command.command("migrate")
@click.argument("names", nargs=-1)
@plan_options
def migrate(
    *, names: tuple[str, ...], as_json: bool, private_subnets: bool, **options: object
) -> None:
    """Print the steps from one architecture to another; without names the guide's phases."""
    from careflow.cli.plan_text import migration_text, phases_text
    from careflow.planner.architectures import architecture
    from careflow.planner.migration import migrate as move
    from careflow.planner.phases import PHASES

    if len(names) not in {0, 2}:
        raise BadInputError("A migration goes from one architecture to another: name both.")
    wanted = asked(options)
    request = request_of(wanted, _today(), private_subnets=private_subnets)
    if not names:
        _print_json(PHASES) if as_json else click.echo(phases_text(PHASES))
        return
    made = move(architecture(names[0]), architecture(names[1]), request, prices_of(wanted))
    _print_json(made) if as_json else click.echo(migration_text(made))


@plan_command.command("breakeven")
@click.argument("names", nargs=-1)
@plan_options
def breakeven(
    *, names: tuple[str, ...], as_json: bool, private_subnets: bool, **options: object
) -> None:
    """Say at how many AI tasks a month which architecture is cheapest."""
    from careflow.cli.plan_text import bands_text
    from careflow.planner.architectures import architecture
    from careflow.planner.breakeven import bands

    del private_subnets  # the same for all, so it changes no break-even
    wanted = asked(options)
    several = tuple(architecture(name) for name in names or ("3A", "3A-alternative", "3B"))
    hipaa = wanted.text("compliance") == "hipaa"
    found = bands(several, workload_of(wanted), prices_of(wanted), hipaa=hipaa)
    if as_json:
        _print_json(found)
        return
    click.echo(bands_text(found))


@plan_command.command("observe")
@click.argument("measured", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--architecture", "running", required=True, help="What runs now.")
@plan_options
def observe(
    *, measured: Path, running: str, as_json: bool, private_subnets: bool, **options: object
) -> None:
    """Say what measured numbers call for: a JSON file such as {"concurrent_users": [14, 1]}.

    A number is what is measured now, or a pair with its change a week; yes and no are true and
    false.
    """
    from careflow.cli.plan_measured import read_measured
    from careflow.planner.architectures import architecture
    from careflow.planner.capacity import sizes
    from careflow.planner.upgrades import notices

    wanted = asked(options)
    prices = prices_of(wanted)
    request = request_of(wanted, _today(), private_subnets=private_subnets)
    one = architecture(running)
    shape = next(iter(sizes(one, request.demand, prices, hipaa=request.hipaa))).shape
    found = notices(shape, read_measured(measured), request, prices)
    if as_json:
        _print_json(found)
        return
    click.echo("\n".join(notice.sentence for notice in found) or "Nothing is due.")


def _points(curve: str) -> list[tuple[int, int, int]]:
    try:
        points = [tuple(int(part) for part in point.split(":")) for point in curve.split(",")]
        return [(month, users, calls) for month, users, calls in points]
    except ValueError as error:
        raise BadInputError(
            f"A curve is month:users:ai, separated by commas, not {curve!r}."
        ) from error


def _today() -> date:
    return clock.now().date()


def _print_json(value: object) -> None:
    from careflow.planner.plain import as_plain

    click.echo(json.dumps(as_plain(value), indent=1, ensure_ascii=False))
