"""How well patients' messages are sorted, and how they feel, on messages written for measuring."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from careflow.ai.evaluation.score import Ask, Evaluation, Score, share

_SETS = {
    "apart": "careflow/ai/evaluation/sets/messages_apart.tsv",
    "messages": "careflow/ai/evaluation/sets/messages.tsv",
}
_URGENT = "urgent-symptom"


async def _measure_classes(sets: Mapping[str, Path], ask: Ask) -> list[Score]:
    scores = []
    for name, cases in _sets(sets):
        said = [await _label(text, ask) for *_, text in cases]
        right = [case[0] for case in cases]
        urgent = [label for label, is_right in zip(said, right, strict=True) if is_right == _URGENT]
        spanish = [at for at, case in enumerate(cases) if case[2] == "es"]
        scores += [
            Score(f"macro F1{name}", macro_f1(said, right), len(cases), 0.75, 0.90),
            Score(
                f"Spanish: macro F1{name}",
                macro_f1([said[at] for at in spanish], [right[at] for at in spanish]),
                len(spanish),
            ),
            Score(
                f"urgent ones called urgent{name}",
                share(urgent.count(_URGENT), len(urgent)),
                len(urgent),
            ),
        ]
    return scores


async def _measure_feelings(sets: Mapping[str, Path], ask: Ask) -> list[Score]:
    scores = []
    for name, cases in _sets(sets):
        said = [await _label(text, ask) for *_, text in cases]
        right = [case[1] for case in cases]
        scores.append(Score(f"macro F1{name}", macro_f1(said, right), len(cases), 0.75, 0.90))
    return scores


def _sets(sets: Mapping[str, Path]) -> list[tuple[str, list[tuple[str, str, str, str]]]]:
    return [("", _cases(sets["apart"])), (", first set", _cases(sets["messages"]))]


def macro_f1(said: Sequence[str | None], right: Sequence[str]) -> float:
    """Return the mean F1 over the classes that are right somewhere."""
    figures = []
    for label in sorted(set(right)):
        hits = sum(one == label == other for one, other in zip(said, right, strict=True))
        figures.append(2 * hits / (said.count(label) + right.count(label)))
    return sum(figures) / len(figures) if figures else 0.0


async def _label(text: str, ask: Ask) -> str | None:
    output = await ask({"text": text})
    return output["label"] if output else None


def _cases(path: Path) -> list[tuple[str, str, str, str]]:
    cases = []
    for line in path.read_text("utf-8").splitlines():
        if not line.startswith("#"):
            label, feeling, language, text = line.split("\t")
            cases.append((label, feeling, language, text))
    return cases


MESSAGE_CLASSES_EVALUATION = Evaluation(
    task="text-classification",
    sets=_SETS,
    method="Messages of invented patients, in the package, that no model learned from; those of the"
    " first set were read before the models' words were widened, the others written after it. An"
    " answer withheld counts as wrong.",
    measure=_measure_classes,
)
FEELINGS_EVALUATION = Evaluation(
    task="sentiment",
    sets=_SETS,
    method="The same messages, by how they feel.",
    measure=_measure_feelings,
)
