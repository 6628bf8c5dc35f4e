"""``prediction`` and ``text-classification`` by an operator's own models."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

from careflow.ai.apart import DiedError
from careflow.ai.draft import Maker
from careflow.ai.engine import Answer
from careflow.ai.own_models.folder import OwnModel
from careflow.ai.task import AbstainedError, Given
from careflow.ai.tasks.labelling import (
    Classification,
    ClassificationInput,
    Prediction,
    PredictionInput,
)

_STOPPED = "The model stopped before it had an answer: what was given may be more than it can take."


@dataclass(frozen=True, slots=True)
class Predicting:
    """The models that predict numbers, by name."""

    models: Mapping[str, OwnModel]

    def __call__(self, given: Given) -> Answer[Prediction]:
        """Predict a number.

        Raises:
            AbstainedError: There is no such model, or a feature is missing, unknown or outside
                what the model may be believed on.
        """
        asked = given.asked
        if not isinstance(asked, PredictionInput) or asked.model not in self.models:
            known = ", ".join(self.models)
            raise AbstainedError(f"There is no model of this name; there are: {known}.")
        model = self.models[asked.model]
        try:
            value = model.value(_numbers(model, asked.features))
        except DiedError as error:
            raise AbstainedError(_STOPPED) from error
        if not isfinite(value):
            raise AbstainedError("The model gave no number for these features.")
        card = model.card
        about = f"{card.title}, {model.id}. {card.use} Not for: {card.not_for}"
        return Answer(Prediction(value=value, model_card=about), _maker(model, "prediction"))


@dataclass(frozen=True, slots=True)
class Classifying:
    """The models that sort texts; what none of them is asked about goes to our own."""

    models: Mapping[str, OwnModel]
    otherwise: Callable[[Given], Answer[Any]]

    def __call__(self, given: Given) -> Answer[Any]:
        """Sort a text by the first model that knows every label asked for."""
        asked = given.asked.labels if isinstance(given.asked, ClassificationInput) else None
        for model in self.models.values():
            if asked and set(asked) <= set(model.card.labels) and (given.text or "").strip():
                return _sorted_by(model, given.text or "", asked)
        return self.otherwise(given)


def _sorted_by(model: OwnModel, text: str, asked: tuple[str, ...]) -> Answer[Classification]:
    try:
        chances = model.chances(text)
    except DiedError as error:
        raise AbstainedError(_STOPPED) from error
    whole = sum(chances[one] for one in set(asked))
    if not whole:
        raise AbstainedError("None of the labels is likely for this text.")
    scores = {one: round(chances[one] / whole, 4) for one in asked}
    label = max(scores, key=lambda one: scores[one])
    return Answer(Classification(label=label, scores=scores), _maker(model, "text-classification"))


def _maker(model: OwnModel, task: str) -> Maker:
    return Maker("local", model.id, f"{task}/own")


def _numbers(model: OwnModel, given: Mapping[str, Any]) -> Mapping[str, float]:
    known = {one.name: one for one in model.card.features}
    if lacking := sorted(known.keys() - given.keys()):
        raise AbstainedError(f"The model lacks features: {', '.join(lacking)}.")
    if given.keys() - known.keys():
        raise AbstainedError(f"The model takes these features alone: {', '.join(known)}.")
    numbers = {}
    for name, value in given.items():
        if not isinstance(value, (int, float)) or not known[name].low <= value <= known[name].high:
            raise AbstainedError(
                f"{name} must be a number from {known[name].low:g} to {known[name].high:g}."
            )
        numbers[name] = float(value)
    return numbers
