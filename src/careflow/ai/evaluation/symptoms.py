"""How well emergencies are seen in what people say, and how seldom others are alarmed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from careflow.ai.evaluation.score import Ask, Evaluation, Score, share

_SET = "careflow/ai/evaluation/sets/symptoms.tsv"
_ORDER = ("self-care", "routine", "urgent", "emergency")
_EMERGENCY, _URGENT = _ORDER.index("emergency"), _ORDER.index("urgent")


async def _measure(sets: Mapping[str, Path], ask: Ask) -> list[Score]:
    pairs = [(right, await _level(asked, ask)) for right, asked in _cases(sets["symptoms"])]
    emergencies = [said for right, said in pairs if right == _EMERGENCY]
    others = [(right, said) for right, said in pairs if right < _EMERGENCY]
    return [
        Score(
            "emergencies called emergency",
            share(emergencies.count(_EMERGENCY), len(emergencies)),
            len(emergencies), 0.85, 1.0,
        ),
        Score(
            "emergencies sent to routine or self-care",
            float(sum(said < _URGENT for said in emergencies)),
            len(emergencies), 0.0, 0.0, better="less", unit="cases",
        ),
        _too_soon("others called more pressing than they are", others),
        Score(
            "others called emergency",
            share(sum(said == _EMERGENCY for _, said in others), len(others)),
            len(others),
        ),
    ]  # fmt: skip


def _too_soon(name: str, pairs: Sequence[tuple[int, int]]) -> Score:
    above = sum(said > right for right, said in pairs)
    return Score(name, share(above, len(pairs)), len(pairs), 0.35, 0.35, better="less")


async def _level(asked: Mapping[str, Any], ask: Ask) -> int:
    """Return how pressing; an answer withheld lets everything wait."""
    output = await ask(dict(asked))
    return _ORDER.index(output["level"]) if output else 0


def _cases(path: Path) -> list[tuple[int, dict[str, Any]]]:
    cases = []
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        level, language, age, sex, vitals, text = line.split("\t")
        asked: dict[str, Any] = {"text": text, "language": language, "age": float(age), "sex": sex}
        signs = (one.split("=") for one in vitals.split(";") if one)
        asked["vitals"] = {name: float(value) for name, value in signs}
        cases.append((_ORDER.index(level), asked))
    return cases


SYMPTOMS_EVALUATION = Evaluation(
    task="symptom-analysis",
    sets={"symptoms": _SET},
    method="Texts in English and Spanish, in the package, written before the rules were read or"
    " broadened; the rules were broadened after their first count, which the model card gives.",
    measure=_measure,
)
