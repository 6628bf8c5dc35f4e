"""How many pairs of medicines that must be flagged are, and how many are flagged for nothing."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any

from careflow.ai.evaluation.score import Ask, Evaluation, Score, share

Pair = frozenset[str]
_INTERRUPTING = frozenset({"contraindicated", "major"})
_SEVERE_WORDS = ("contraindica", "not recommended", "major", "severe")


async def _measure(sets: Mapping[str, Path], ask: Ask) -> list[Score]:
    must = _pairs(_rows(sets["must flag"]), "drug_a", "drug_b")
    quiet = _pairs(_rows(sets["need not interrupt"]), "drug_a", "drug_b") - must
    reported = list(_rows(sets["reported"]))
    known = _pairs(reported, "drug_1_concept_name", "drug_2_concept_name")
    severe = _pairs(filter(_is_severe, reported), "drug_1_concept_name", "drug_2_concept_name")
    listed = must | quiet | known | _ansm_pairs(sets["thesaurus"], sets["classes"])
    unlisted = (
        _pairs(_rows(sets["not reported"]), "drug_1_concept_name", "drug_2_concept_name") - listed
    )
    worst = {pair: await _worst(pair, ask) for pair in must | quiet | known | unlisted}

    def raised(pairs: set[Pair]) -> float:
        return share(sum(worst[pair] is not None for pair in pairs), len(pairs))

    def interrupting(pairs: set[Pair]) -> float:
        return share(sum(worst[pair] in _INTERRUPTING for pair in pairs), len(pairs))

    return [
        Score("must-flag pairs raised", raised(must), len(must), 0.85, 0.97),
        Score("must-flag pairs called major or worse", interrupting(must), len(must)),
        Score("severe pairs of other sources raised", raised(severe), len(severe), 0.85, 0.97),
        Score("all pairs of other sources raised", raised(known), len(known)),
        Score(
            "alerts on pairs that no source lists", raised(unlisted), len(unlisted),
            0.10, 0.05, "less",
        ),
        Score(
            "pairs that need not interrupt, called major or worse", interrupting(quiet), len(quiet),
            better="less",
        ),
    ]  # fmt: skip


async def _worst(pair: Pair, ask: Ask) -> str | None:
    """Return the worst severity of what was raised on a pair."""
    output = await ask({"medications": sorted(pair)})
    order = ("contraindicated", "major", "moderate", "minor")
    found = {one["severity"] for one in output["interactions"]} if output else set()
    return next((severity for severity in order if severity in found), None)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    content = path.read_bytes()
    plain = gzip.decompress(content) if path.suffix == ".gz" else content
    yield from csv.DictReader(io.StringIO(plain.decode("utf-8-sig")))


def _pairs(rows: Iterable[Mapping[str, str]], a: str, b: str) -> set[Pair]:
    pairs = {frozenset({_name(row[a]), _name(row[b])}) for row in rows}
    return {pair for pair in pairs if len(pair) == 2 and all(pair)}


def _name(said: str) -> str:
    return " ".join(said.casefold().split())


def _is_severe(row: Mapping[str, str]) -> bool:
    said = " ".join(value for name, value in row.items() if name.endswith("sev_level")).casefold()
    return any(word in said for word in _SEVERE_WORDS)


def _ansm_pairs(thesaurus: Path, classes: Path) -> set[Pair]:
    """Return every pair that the thesaurus lists, its classes spelt out."""
    members = {
        one["code"]: [_name(drug["name"]) for drug in one["drugs"]] for one in _json(classes)
    }

    def named(side: Mapping[str, str] | None) -> list[str]:
        if side is None:
            return []
        return members.get(side.get("code", ""), []) if "class" in side else [_name(side["drug"])]

    return {
        frozenset(pair)
        for one in _json(thesaurus)
        for pair in product(named(one["a"]), named(one["b"]))
    }


def _json(path: Path) -> Any:  # noqa: ANN401 - JSON from outside
    return json.loads(gzip.decompress(path.read_bytes()))


DRUG_INTERACTIONS_EVALUATION = Evaluation(
    task="drug-interactions",
    sets={
        "must flag": "drugs/onc-high-priority-pairs.csv",
        "need not interrupt": "drugs/onc-non-interruptive-pairs.csv",
        "reported": "drugs/crescenddi-positive-controls.csv.gz",
        "not reported": "drugs/crescenddi-negative-controls.csv.gz",
        "thesaurus": "drugs/ansm-2015-en-interactions.json.gz",
        "classes": "drugs/ansm-2015-en-classes.json.gz",
    },
    method="Each pair is asked alone; raised means any severity. Must-flag pairs are the ONC"
    " high-priority list, severe ones those of CRESCENDDI that a source calls severe or worse;"
    " unlisted ones its negative controls less every pair of the other sets.",
    measure=_measure,
)
