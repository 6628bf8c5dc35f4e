"""The guide reproduced, as text for people and as the reference page."""

from __future__ import annotations

from collections.abc import Iterator

from careflow.planner.architectures import ARCHITECTURES
from careflow.planner.bill import Scope, make_bill
from careflow.planner.guide.identities import identities
from careflow.planner.guide.tables import Figure, Table, contradictions, tables
from careflow.planner.prices import catalogue
from careflow.planner.shape import default_shape
from careflow.planner.spans import Span
from careflow.planner.workload import Workload

_COLUMNS: tuple[tuple[bool, Scope], ...] = (
    (False, "core"),
    (False, "deployed"),
    (True, "core"),
    (True, "deployed"),
)
_BILLED = frozenset(
    {"basic", "production", "self-hosted-ai", "gemini", "high-availability", "traditional"}
)


def guide_text(*, only_contradictions: bool = False) -> str:
    """Return all tables and identities, a figure a line."""
    lines = ["CareFlowAI AWS Architecture Guide, version 1.0, 2025 (quoted), and what follows"]
    for table in tables():
        lines += _table_lines(table, only_contradictions=only_contradictions)
    lines += ["", "Identities"]
    lines += [
        f"  {one.id}: {_verdict_of_identity(one.stated, one.computed, one.note)}"
        for one in identities()
        if not (only_contradictions and one.holds)
    ]
    lines += ["", counts()]
    return "\n".join(lines)


def counts() -> str:
    """Say how much of the guide agrees with itself."""
    rows = sum(len(table.rows) for table in tables())
    held = sum(1 for one in identities() if one.holds)
    unlike = len(contradictions())
    return (
        f"{len(tables())} tables, {rows} rows; {unlike} figures do not agree, each explained;"
        f" {held} of {len(identities())} identities hold."
    )


def _table_lines(table: Table, *, only_contradictions: bool) -> Iterator[str]:
    shown = [
        (row.label, figure)
        for row in table.rows
        for figure in row.figures
        if not (only_contradictions and figure.agrees)
    ]
    if table.total is not None and not (only_contradictions and table.total.agrees):
        shown.append(("Total", table.total))
    if shown:
        yield ""
        yield f"{table.section} [{table.id}, L{table.lines[0]}-{table.lines[1]}]"
    for label, figure in shown:
        column = figure.path.removeprefix("cells.").replace("value", "")
        name = f"{label} {column}".strip()
        yield f"  {name}: {figure.text} - {verdict(figure)}"


def verdict(figure: Figure) -> str:
    """Say ``agrees``, ``quoted``, or what the guide's own parts give instead."""
    today = f" Today: {figure.today}" if figure.today else ""
    if figure.agrees:
        return ("agrees" if figure.computed is not None else "quoted") + today
    if figure.computed is None:
        return f"contradicted: {figure.note}{today}"
    given = range_text(figure.computed)
    return f"the guide says {figure.text}, its own parts give {given}. {figure.note}{today}"


def _verdict_of_identity(stated: Span, computed: Span, note: str) -> str:
    if not note:
        return f"{range_text(stated)} holds"
    return f"stated {range_text(stated)}, computed {range_text(computed)}. {note}"


def range_text(span: Span) -> str:
    """Write ``19-24`` or ``99.4``."""
    low, high = (f"{end:,}" for end in span.as_numbers())
    return low if low == high else f"{low}-{high}"


def reference_page() -> str:
    """Return the page that lists every contradiction, as Markdown."""
    head = (
        "# The guide, and what follows from it\n\nThe AWS Architecture Guide of 2025 states costs,"
        " capacities and decisions in tables. `careflow plan guide` reproduces all of them; this"
        f" page lists what does not follow from the guide's own figures. {counts()}\n\n"
        "## Figures\n\n| where | line | the guide says | its own parts give | why |\n"
        "|---|---|---|---|---|\n"
    )
    rows = "".join(_figure_row(place, figure) for place, figure in contradictions())
    sums = "".join(
        f"| `{one.id}` | {one.formula} | {range_text(one.stated)} | {range_text(one.computed)} "
        f"| {one.note} |\n"
        for one in identities()
        if not one.holds
    )
    between = (
        "\n## Sums, products and ranges that do not hold\n\n"
        "| identity | formula | stated | computed | why |\n|---|---|---|---|---|\n"
    )
    return head + rows + between + sums + _became_false() + _list_prices()


def _became_false() -> str:
    seen: dict[str, str] = {}
    for table in tables():
        for row in table.rows:
            for figure in row.figures:
                if figure.today:
                    seen.setdefault(figure.today, f"{row.label}: {figure.text} (L{figure.line})")
    head = "\n## What has become false since\n\n| the guide says | today |\n|---|---|\n"
    return head + "".join(f"| {said} | {today} |\n" for today, said in seen.items())


def _list_prices() -> str:
    """Set our bills beside the guide's, at the catalogue's own day."""
    prices = catalogue("current")
    calls = Workload(ai_requests_per_month=10_000)
    rows = []
    for one in ARCHITECTURES:
        bills = [
            make_bill(default_shape(one, hipaa=hipaa), calls, prices, scope=scope).total.text()
            for hipaa, scope in _COLUMNS
        ]
        guide = make_bill(default_shape(one), calls, catalogue("guide")).total.text()
        stated = guide if one.name in _BILLED else "no bill"
        rows.append(f"| {one.name} | {stated} | {' | '.join(bills)} |\n")
    head = (
        f"\n## The guide's bills and ours\n\nA month, 10,000 AI requests of 1,000 tokens, prices of"
        f" catalogue {prices.edition} ({prices.regions[0]}). The core bill counts what the guide's"
        " bills count, complete; the deployed bill everything the stacks create; the floor is what"
        " patient data under HIPAA needs at least.\n\n| architecture | the guide's lines | core |"
        " deployed | core with the floor | deployed with the floor |\n|---|---|---|---|---|---|\n"
    )
    return head + "".join(rows)


def _figure_row(place: str, figure: Figure) -> str:
    given = "" if figure.computed is None else range_text(figure.computed)
    column = figure.path.removeprefix("cells.")
    where = place if column == "value" else f"{place} / {column}"
    return f"| {where} | {figure.line} | {figure.text} | {given} | {figure.note} |\n"
