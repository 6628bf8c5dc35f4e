"""The planner's answers as pages for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from careflow.planner.bill import not_priced

if TYPE_CHECKING:
    from careflow.planner.advice import Advice
    from careflow.planner.answer import Answer
    from careflow.planner.bands import Bands
    from careflow.planner.bill import Bill
    from careflow.planner.breakeven import Band
    from careflow.planner.comparison import Column
    from careflow.planner.compliance import Report
    from careflow.planner.constraints import Request
    from careflow.planner.decision import Candidate
    from careflow.planner.growth import Growth
    from careflow.planner.migration import Migration
    from careflow.planner.phases import Phase
    from careflow.planner.words import Words


def answer_text(made: Answer) -> str:
    """Write the one page a practice manager can read."""
    best = made.best
    parts = [
        _asked(made.decision.request),
        _recommendation(made),
        _bill(made.deployed, made.core),
        _capacity(best),
        _trust(best, made),
        _others(made),
        *([_report_line(made.report)] if made.report else []),
        *([growth_text(made.growth, made.bands)] if made.growth and made.bands else []),
        _guide(made),
    ]
    return "\n\n".join(parts)


def _asked(request: Request) -> str:
    work = request.workload
    said = [f"{work.users:,} users", f"{work.ai_requests_per_month:,} AI requests a month"]
    said += [request.compliance.upper()] if request.compliance != "none" else []
    said += [f"at most ${request.budget:,.2f} a month"] if request.budget is not None else []
    said += [f"{request.uptime}% uptime"] if request.uptime is not None else []
    return f"Asked: {', '.join(said)}; stage {request.at_stage}, AI {request.need}."


def _recommendation(made: Answer) -> str:
    best, decision = made.best, made.decision
    one = best.architecture
    months = len(best.horizon.bills)
    lines = [
        f"RUN {one.title.upper()} ({one.name}, Architecture {one.number}):"
        f" {best.capacity.shape.text()}",
        f"  {made.deployed.total.text()} in the first month, {best.horizon.dearest.total.text()} in"
        f" the dearest, {best.horizon.total.text()} over {months} months.",
    ]
    if decision.runner_up is not None and decision.gap is not None:
        other = decision.runner_up.architecture.name
        lines.append(f"  Next best: {other}, {decision.gap.text()} more over {months} months.")
    lines += [f"  {change.sentence}" for change in made.changes]
    return "\n".join([*lines, *(f"  {text}" for text in made.endings)])


def _bill(deployed: Bill, core: Bill) -> str:
    rows = [
        (line.label, line.amount.text(), f"{line.why} ({line.read_on})")
        for line in deployed.lines
        if line.amount.high > 0
    ]
    free = sorted({line.label for line in deployed.lines if line.amount.high == 0})
    head = f"BILL a month, catalogue {deployed.catalogue}, prices of {deployed.on}"
    total = ("Total", deployed.total.text(), f"core (what the guide counts): {core.total.text()}")
    parts = [head, *_table([*rows, total])]
    if free:
        parts.append(f"  Inside free allowances: {', '.join(free)}.")
    sources: dict[str, list[str]] = {}
    for line in deployed.lines:
        if line.amount.high > 0:
            sources.setdefault(line.source, []).append(line.label)
    parts.append(f"  Not priced: {', '.join(not_priced(deployed.shape))}.")
    parts += [f"  Read in {source}: {', '.join(labels)}." for source, labels in sources.items()]
    return "\n".join(parts)


def _capacity(best: Candidate) -> str:
    made, up = best.capacity, best.availability
    p95 = "unknown" if made.p95_ms is None else f"{made.p95_ms:,.0f} ms"
    lines = [
        "CAPACITY",
        f"  Busiest minutes: {made.asked_per_s:,.1f} requests a second; it carries"
        f" {made.carries_per_s:,.0f}. Nineteen of twenty answers within {p95}.",
        f"  {made.claim}",
        f"  Availability by arithmetic: {up.platform:.2f}% ({up.minutes_down:,.0f} minutes down a"
        f" month), with AI {up.with_ai:.2f}%.",
    ]
    if made.ai_per_hour is not None:
        lines.append(f"  AI tasks an hour on its own machines: {made.ai_per_hour:,.0f}.")
    return "\n".join(lines)


def _trust(best: Candidate, made: Answer) -> str:
    one = best.architecture
    holder = {
        "none": "AWS and MongoDB hold the data; no AI sees it.",
        "local": "AWS and MongoDB hold the data; AI runs on the same box.",
        "lambda": "AWS and MongoDB hold the data; AI runs in AWS Lambda, on redacted text.",
        "gemini": "AWS and MongoDB hold the data; Google sees redacted text, under its BAA alone.",
    }[one.ai]
    return "\n".join(
        ["WHO HOLDS THE DATA, AND WHAT BREAKS", f"  {holder}",
         f"  When the box dies: {one.when_the_box_dies}", f"  {made.age}"]
    )  # fmt: skip


def _others(made: Answer) -> str:
    lines = ["WHY NOT ANOTHER"]
    lines += [
        f"  {one.architecture.name}: {one.horizon.total.text()} over the same months."
        for one in made.decision.fitting[1:]
    ]
    lines += [
        f"  {one.architecture.name}: {' '.join(broken.sentence for broken in one.violations)}"
        for one in made.decision.rejected
    ]
    return "\n".join(lines)


def _guide(made: Answer) -> str:
    lines = ["THE GUIDE OF 2025 SAYS"]
    for row in made.decision.guide:
        careful = f" (careful: {', '.join(row.careful)})" if row.careful else ""
        key = row.table.split("/")[1].replace("_", " ")
        lines.append(f"  {key} (L{row.line}): {', '.join(row.recommend)}{careful}")
    lines += _said("besides", (_priced(one) for one in made.advice))
    lines += _said("good for", made.words.good_for) + _said("not good for", made.words.not_good_for)
    return "\n".join(lines)


def _priced(one: Advice) -> str:
    cost = "no price held" if one.monthly is None else f"{one.monthly.text()} a month"
    return f"{one.name} ({cost})"


def _said(what: str, texts: Iterable[str]) -> list[str]:
    joined = "; ".join(texts)
    return [f"  {what}: {joined}"] if joined else []


def _report_line(report: Report) -> str:
    """Write safeguards in short; ``careflow plan compare NAME --check hipaa`` lists them."""
    by_state: dict[str, list[str]] = {"shown": [], "planned": [], "not shown": []}
    for one in report.safeguards:
        by_state[one.state].append(one.id)
    said = [f"{state}: {', '.join(ids)}" for state, ids in by_state.items() if ids]
    lines = [f"SAFEGUARDS {report.rules.upper()} ({'; '.join(said)})"]
    lines += [f"  {one.route}: {one.patient_data}." for one in report.routes]
    lines += [f"  {one.correction}" for one in report.advice if one.correction]
    return "\n".join(lines)


def report_text(report: Report) -> str:
    """Write safeguards: shown, planned or not shown, and where evidence must come from."""
    counts = ", ".join(f"{count} {state}" for state, count in report.counts.items())
    lines = [f"SAFEGUARDS {report.rules.upper()} of {report.shape.architecture.name}: {counts}"]
    lines += [
        f"  {one.id:<4} {one.state:<10} {one.text} [{one.evidence}]" for one in report.safeguards
    ]
    lines += [f"  AI route: {one.route}: {one.patient_data}." for one in report.routes]
    if report.rules == "hipaa":
        lines += [
            f"  L{one.line} {one.text}: {', '.join(one.covered_by)}" for one in report.checklist
        ]
        lines += [f"  {one.correction}" for one in report.advice if one.correction]
    return "\n".join(lines)


def growth_text(growth: Growth, bands: Bands) -> str:
    """Write growth: each month, why it moved, and the bands."""
    rows = []
    for month, band in zip(growth.months, bands.months, strict=True):
        crossings = "; ".join(trigger.sentence for trigger in month.crossings)
        rows.append(
            (
                f"{month.month:>2} {month.on:%Y-%m}",
                f"{month.workload.users:,}",
                month.running.architecture.name,
                month.bill.total.text(),
                f"${band.p10:,.0f}-{band.p90:,.0f}",
                f"{month.moved}{'; ' if month.moved and crossings else ''}{crossings}",
            )
        )
    head = [f"GROWTH {growth.pattern.name}: {growth.total.text()} in {len(growth.months)} months"]
    total = bands.total
    tail = (
        f"  Of {bands.runs:,} simulated clinics half pay up to ${total.p50:,.0f}, eight of ten"
        f" ${total.p10:,.0f}-{total.p90:,.0f} (seed {bands.seed})."
    )
    return "\n".join([*head, *_table(rows), tail])


def comparison_text(columns: tuple[Column, ...]) -> str:
    """Write architectures side by side, then the guide's words of each."""
    head = ("", "core", "deployed", "horizon", "the guide", "carries", "available", "effort")
    rows = [head]
    for one in columns:
        low, high = one.architecture.effort_hours.as_numbers()
        rows.append(
            (
                one.architecture.name,
                one.core.total.text(),
                one.deployed.total.text(),
                one.over_months.text(),
                "" if one.guide is None else one.guide.text(),
                f"{one.capacity.carries_per_s:,.0f}/s",
                f"{one.availability.platform:.2f}%",
                f"{low}-{high} h",
            )
        )
    words = [line for one in columns for line in _words(one.architecture.title, one.words)]
    unable = [
        f"  {one.architecture.name} cannot serve this load: {' '.join(one.capacity.problems)}"
        for one in columns
        if one.capacity.problems
    ]
    return "\n".join([*_table(rows), *unable, "", "In the guide's words:", *words])


def _words(title: str, said: Words) -> Iterator[str]:
    yield f"  {title}"
    for name in ("use_cases", "advantages", "disadvantages", "good_for", "not_good_for"):
        texts: tuple[str, ...] = getattr(said, name)
        if texts:
            yield f"    {name.replace('_', ' ')}: {'; '.join(texts)}"


def migration_text(made: Migration) -> str:
    """Write a migration as a plan to follow."""
    _, high = made.cost_difference
    down, back = (span.as_numbers() for span in (made.downtime_min, made.rollback_min))
    lines = [
        f"FROM {made.before.architecture.name} ({made.before.text()}) TO"
        f" {made.after.architecture.name} ({made.after.text()})",
        f"  Downtime {down[0]}-{down[1]} min, risk {made.risk}, difficulty {made.difficulty},"
        f" rollback {back[0]}-{back[1]} min, {'+' if high >= 0 else '-'}${abs(high):,.2f} a month.",
        f"  {made.data}",
        *([f"  The guide: {made.guide}"] if made.guide else []),
    ]
    for number, step in enumerate(made.steps, start=1):
        command = f"\n       $ {step.command}" if step.command else ""
        undo = f"\n       Back: {step.undo}" if step.undo else ""
        lines.append(f"  {number:>2}. {step.what}{command}{undo}")
    lines += ["  Done correctly means:", *(f"  [ ] {check}" for check in made.checks)]
    return "\n".join(lines)


def phases_text(phases: tuple[Phase, ...]) -> str:
    """Write the guide's phases, each with what else is true of it."""
    parts = []
    for one in phases:
        last = "" if one.months[1] is None else f"-{one.months[1]}"
        cost = "-".join(str(end) for end in one.cost.as_numbers())
        users = "-".join(f"{end:,}" for end in one.users.as_numbers())
        down = f", downtime {one.downtime}" if one.downtime else ""
        lines = [
            f"PHASE {one.number}: {one.name}, months {one.months[0]}{last or '+'}:"
            f" {one.architecture} (the guide, L{one.line})",
            f"  ${cost} a month, {users} users{down}. Goal: {one.goal}.",
            *(f"  {number}. {step}" for number, step in enumerate(one.steps, start=1)),
            f"  But: {one.correction}",
        ]
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def bands_text(bands: tuple[Band, ...]) -> str:
    """Write which architecture is cheapest from how many tasks to how many."""
    return "\n".join(
        f"{band.first:>9,} to {band.last:>9,} AI tasks a month: {band.architecture.name}"
        f" (${band.cost_first:,.2f} to ${band.cost_last:,.2f})"
        for band in bands
    )


def _table(rows: Iterable[tuple[str, ...]]) -> list[str]:
    listed = list(rows)
    widths = [max(len(cell) for cell in column) for column in zip(*listed, strict=True)]
    return [
        "  "
        + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in listed
    ]
