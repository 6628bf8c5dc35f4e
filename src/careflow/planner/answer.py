"""The whole answer to "what should we run?", put together for a page or for JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from careflow.planner.advice import Advice, advice
from careflow.planner.bands import Bands, cost_bands
from careflow.planner.between import bill_between
from careflow.planner.bill import Bill
from careflow.planner.compliance import Report, check
from careflow.planner.constraints import Request
from careflow.planner.decision import Candidate, Decision, decide
from careflow.planner.diagram import Diagram, diagram
from careflow.planner.freshness import age_text, endings_in
from careflow.planner.growth import Growth, grow
from careflow.planner.patterns import Pattern
from careflow.planner.prices import Catalogue
from careflow.planner.sensitivity import Change, sensitivity
from careflow.planner.words import Words, words
from careflow.planner.workload import Workload


@dataclass(frozen=True, slots=True)
class Answer:
    """The recommendation and everything that stands behind it.

    Attributes:
        deployed: The deployed bill; its lines are ranges where the inputs are.
        endings: What the recommendation uses that has ended or will, in sentences.
        diagram: The picture of what is recommended.
        age: How old its prices are.
    """

    decision: Decision
    best: Candidate
    core: Bill
    deployed: Bill
    words: Words
    report: Report | None
    changes: tuple[Change, ...]
    advice: tuple[Advice, ...]
    growth: Growth | None
    bands: Bands | None
    diagram: Diagram
    endings: tuple[str, ...]
    age: str


def answer(
    request: Request,
    prices: Catalogue,
    today: date,
    *,
    least: Workload | None = None,
    rules: str | None = None,
    pattern: Pattern | None = None,
    evidence: Mapping[str, str] | None = None,
) -> Answer:
    """Return the answer, or raise one sentence that names what almost fits.

    Args:
        request: What is asked; where an input is a range, its high end.
        prices: The catalogue.
        today: The day against which ages and endings are told.
        least: The low end of inputs that are ranges.
        rules: Safeguards to list; those of the request's compliance by default.
        pattern: Growth to live through as well.
        evidence: By id of a safeguard, what shows it.
    """
    decision = decide(request, prices)
    best = decision.required()
    shape = best.capacity.shape
    low = request.demand if least is None else replace(request, workload=least).demand
    core = bill_between(shape, low, request.demand, prices, scope="core", on=request.start)
    growth = None if pattern is None else grow(pattern, request, prices)
    wanted = rules or (None if request.compliance == "none" else request.compliance)
    return Answer(
        decision=decision,
        best=best,
        core=core,
        deployed=bill_between(shape, low, request.demand, prices, on=request.start),
        words=words(best.architecture),
        report=None if wanted is None else check(shape, wanted, prices, evidence=evidence),
        changes=sensitivity(request, prices),
        advice=advice(prices) if prices.name == "current" else (),
        growth=growth,
        bands=None if growth is None else cost_bands(growth, prices, runs=2_000),
        diagram=diagram(shape),
        endings=endings_in(best.bill, prices, today),
        age=age_text(best.bill, today),
    )
