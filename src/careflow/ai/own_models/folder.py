"""Loads the models of a folder; one that cannot be served is refused by name, others go on."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from math import isclose
from pathlib import Path

from careflow.ai.apart import DiedError
from careflow.ai.own_models.card import CannotServeError, Card, card_of
from careflow.ai.own_models.look_inside import require_harmless
from careflow.ai.own_models.running import RunningModel
from careflow.knowledge.messages.features import BUCKETS, features

_log = logging.getLogger(__name__)
MODEL_BYTES_MAX = 50_000_000
_CARD_BYTES_MAX = 64_000
_MODELS_MAX = 8
_EXACT = 1e-3


@dataclass(frozen=True, slots=True)
class OwnModel:
    """A model that is served, and its card."""

    name: str
    card: Card
    running: RunningModel

    @property
    def id(self) -> str:
        """Return the name with its version."""
        return f"{self.name}/{self.card.version}"

    def value(self, given: Mapping[str, float]) -> float:
        """Return what it predicts of features; all of them must be there."""
        row = {at: float(given[one.name]) for at, one in enumerate(self.card.features)}
        values = self.running.answer(row)
        if self.card.column >= len(values):
            raise DiedError
        return values[self.card.column]

    def chances(self, text: str) -> Mapping[str, float]:
        """Return how likely each of its labels is for a text."""
        values = self.running.answer(features(text))
        is_share = all(one >= 0 for one in values) and isclose(sum(values), 1, abs_tol=0.01)
        if len(values) != len(self.card.labels) or not is_share:
            raise DiedError
        return dict(zip(self.card.labels, values, strict=True))


@dataclass(frozen=True, slots=True)
class OwnModels:
    """The models of a folder by name, and why others are not served."""

    served: Mapping[str, OwnModel] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)


def models_in(folder: Path | None) -> OwnModels:
    """Load every model of a folder; each has to say of its example what its card says."""
    if folder is None:
        return OwnModels()
    served: dict[str, OwnModel] = {}
    refused: dict[str, str] = {}
    if not folder.is_dir():
        refused[folder.name] = "there is no such folder"
    for path in sorted(folder.glob("*.onnx")):
        try:
            if len(served) == _MODELS_MAX:
                raise CannotServeError(f"more than {_MODELS_MAX} models are not served")
            served[path.stem] = _loaded(path)
        except (CannotServeError, OSError) as error:
            said = str(error) if isinstance(error, CannotServeError) else "it cannot be read"
            refused[path.name] = said
            _log.warning("model refused", extra={"model": path.name, "reason": said})
    return OwnModels(served, refused)


def _loaded(path: Path) -> OwnModel:
    if find_spec("onnxruntime") is None:
        raise CannotServeError("ONNX Runtime is not installed: add careflow[onnx]")
    card_path = path.with_suffix(".toml")
    if not card_path.is_file():
        raise CannotServeError(f"its card {card_path.name} is missing")
    if path.stat().st_size > MODEL_BYTES_MAX or card_path.stat().st_size > _CARD_BYTES_MAX:
        raise CannotServeError("it is too large: 50 MB at most, its card 64 kB")
    content = path.read_bytes()
    card = card_of(card_path.read_bytes(), content)
    require_harmless(content)
    width = len(card.features) if card.task == "prediction" else BUCKETS
    running = RunningModel(path, sha256=card.sha256, width=width, output=card.output)
    model = OwnModel(path.stem, card, running)
    try:
        _require_example(model)
    except CannotServeError:
        model.running.close()
        raise
    return model


def _require_example(model: OwnModel) -> None:
    card, example = model.card, model.card.example
    try:
        if card.task == "prediction":
            is_right = isclose(model.value(example.features), example.value or 0.0, rel_tol=_EXACT)
        else:
            chances = model.chances(example.text)
            is_right = max(chances, key=lambda one: chances[one]) == example.label
    except DiedError as error:
        raise CannotServeError(
            "it could not be loaded and run on its example within memory and time"
        ) from error
    except KeyError as error:
        raise CannotServeError("the example of its card lacks a feature") from error
    if not is_right:
        raise CannotServeError("it does not say of its example what its card says")
