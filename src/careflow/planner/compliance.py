"""What rules ask of an architecture, and where the evidence must come from.

The planner never says that a clinic meets a law: a safeguard is shown by evidence that the caller
hands over, planned by parts of the bill, or not shown.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from careflow.errors import BadInputError
from careflow.planner.architecture import AiRoute
from careflow.planner.bill import make_bill
from careflow.planner.prices import Catalogue
from careflow.planner.shape import Shape
from careflow.planner.workload import Workload

State = Literal["shown", "planned", "not shown"]


@dataclass(frozen=True, slots=True)
class Safeguard:
    """One thing that a rule asks.

    Attributes:
        evidence_from: Where the evidence must come from: a test, the template, a dated record.
        state: Whether it is shown, planned in the bill, or not shown.
        evidence: What shows it, or why not.
    """

    id: str
    rule: str
    text: str
    evidence_from: str
    state: State
    evidence: str
    guide_item: int | None


@dataclass(frozen=True, slots=True)
class GuideLine:
    """A line of the guide about safeguards, with what covers it and what else is true."""

    text: str
    line: int
    covered_by: tuple[str, ...]
    correction: str


@dataclass(frozen=True, slots=True)
class Route:
    """Whether patient data may take an AI route, and on whose word."""

    route: str
    baa: bool | None
    patient_data: str


@dataclass(frozen=True, slots=True)
class Report:
    """One set of rules beside one shape."""

    rules: str
    shape: Shape
    safeguards: tuple[Safeguard, ...]
    checklist: tuple[GuideLine, ...]
    included: tuple[GuideLine, ...]
    eligible: tuple[GuideLine, ...]
    advice: tuple[GuideLine, ...]
    routes: tuple[Route, ...]
    source: str
    source_url: str
    read_on: date

    @property
    def counts(self) -> dict[str, int]:
        """Return how many safeguards are shown, planned and not shown."""
        states: tuple[State, ...] = ("shown", "planned", "not shown")
        return {state: sum(1 for one in self.safeguards if one.state == state) for state in states}


def check(
    shape: Shape,
    rules: str,
    prices: Catalogue,
    *,
    evidence: Mapping[str, str] | None = None,
) -> Report:
    """Return what hipaa, gdpr or soc2 ask of a shape.

    Args:
        shape: What would run.
        rules: hipaa, gdpr or soc2.
        prices: To see which parts the bill plans.
        evidence: By id of a safeguard, what shows it.
    """
    raw = _raw()
    if rules not in {"hipaa", "gdpr", "soc2"}:
        raise BadInputError(f"There are no rules {rules!r}: use hipaa, gdpr or soc2.")
    _require_known(evidence or {}, raw)
    planned = {line.item for line in make_bill(shape, Workload(), prices, scope="deployed").lines}
    return Report(
        rules=rules,
        shape=shape,
        safeguards=tuple(
            _safeguard(row, shape, planned, evidence or {})
            for row in raw[rules]
            if row.get("only") in {None, shape.architecture.ai}
        ),
        checklist=_checklist(raw),
        included=tuple(GuideLine(t, n, (c,), why) for t, n, c, why in raw["included"]),
        eligible=tuple(GuideLine(f"{s}: {t}", n, ("T17",), "") for s, t, n, _ in raw["eligible"]),
        advice=_advice(raw, shape.architecture.ai),
        routes=routes(shape.architecture.ai),
        source=raw["source"],
        source_url=raw["source_url"],
        read_on=date.fromisoformat(raw["read_on"]),
    )


def _require_known(evidence: Mapping[str, str], raw: dict[str, Any]) -> None:
    known = {row["id"] for rules in ("hipaa", "gdpr", "soc2") for row in raw[rules]}
    unknown = sorted(set(evidence) - known)
    if unknown:
        raise BadInputError(f"There is no safeguard {', '.join(unknown)} to show.")


def routes(ai: AiRoute) -> tuple[Route, ...]:
    """Return the ways an architecture's AI can take, each with what may go along it."""
    aws = Route("AWS (EC2, Lambda)", baa=True, patient_data="yes, once AWS's BAA is signed")
    if ai != "gemini":
        return (aws,)
    return (
        aws,
        Route("Gemini on Google Cloud", baa=True,
              patient_data="yes, once Google Cloud's BAA is signed; de-identified as a rule"),
        Route("Gemini API, paid key of AI Studio", baa=False, patient_data="only de-identified"),
        Route("Gemini API, free", baa=False,
              patient_data="never; and never reached from the EEA, the UK or Switzerland"),
    )  # fmt: skip


def _safeguard(
    row: dict[str, Any], shape: Shape, planned: set[str], evidence: Mapping[str, str]
) -> Safeguard:
    state, why = _state(row, shape, planned, evidence)
    return Safeguard(
        row["id"], row["rule"], row["text"], row["evidence"], state, why, row.get("guide")
    )


def _state(
    row: dict[str, Any], shape: Shape, planned: set[str], evidence: Mapping[str, str]
) -> tuple[State, str]:
    if row.get("dedicated") and shape.tier == "m0":
        return "not shown", "Atlas M0 has no backups, no auditing and no private endpoint."
    if row["id"] in evidence:
        return "shown", evidence[row["id"]]
    parts = row.get("parts", ())
    if parts and planned.issuperset(parts):
        return "planned", f"in the bill: {', '.join(parts)}; shown by the {row['evidence']} alone"
    return "not shown", f"needs a {row['evidence']}"


def _checklist(raw: dict[str, Any]) -> tuple[GuideLine, ...]:
    return tuple(
        GuideLine(f"{group['item']}: {text}", group["line"] + place, tuple(by), "")
        for group in raw["checklist"]
        for place, (text, by) in enumerate(group["leaves"], start=1)
    )


def _advice(raw: dict[str, Any], ai: AiRoute) -> tuple[GuideLine, ...]:
    said = raw["advice"][ai]
    lines = [GuideLine(text, said["line"] + n, (), "") for n, text in enumerate(said["lines"])]
    return (*lines, GuideLine("", said["line"], (), said["correction"]))


@cache
def _raw() -> dict[str, Any]:
    text = files("careflow.planner").joinpath("safeguards.json").read_text("utf-8")
    raw: dict[str, Any] = json.loads(text)
    return raw
