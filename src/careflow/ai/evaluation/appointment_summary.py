"""How many claims stand in their source, and how many facts of a visit are kept."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from careflow.ai.evaluation.score import Ask, Evaluation, Score, share


async def _measure(sets: Mapping[str, Path], ask: Ask) -> list[Score]:
    cases = [json.loads(line) for line in sets["visits"].read_text("utf-8").splitlines()]
    borne_out = claims = kept = placed = facts = 0
    for case in cases:
        output = await ask({"dialogue": case["text"]})
        said = output["claims"] if output else []
        claims += len(said)
        borne_out += sum(_is_borne_out(one, case["text"]) for one in said)
        everything = "\n".join(one["text"] for one in said)
        sections = output["sections"] if output else {}
        for section, stated in case["facts"].items():
            facts += len(stated)
            kept += sum(fact in everything for fact in stated)
            placed += sum(_plain(fact) in sections.get(section, "") for fact in stated)
    return [
        Score("claims whose words stand at their span", share(borne_out, claims), claims, 1.0, 1.0),
        Score("facts of the visit kept", share(kept, facts), facts, 0.70, 0.90),
        Score("facts in the right section", share(placed, facts), facts),
    ]


def _is_borne_out(claim: Mapping[str, object], text: str) -> bool:
    spans = claim["spans"]
    if not isinstance(spans, (list, tuple)) or not spans:
        return False
    start, end = spans[0]
    return bool(text[start:end] == claim["text"])


def _plain(said: str) -> str:
    return " ".join(said.split())


APPOINTMENT_SUMMARY_EVALUATION = Evaluation(
    task="appointment-summary",
    sets={"visits": "careflow/ai/evaluation/sets/visits.jsonl"},
    method="Invented visits in ten layouts, in the package: notes with and without headings, lists,"
    " a telephone note, conversations, Spanish. A fact counts where its words stand in a claim.",
    measure=_measure,
)
