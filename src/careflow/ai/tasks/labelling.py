"""``text-classification``, ``sentiment``, ``entities``, ``prediction``: labels and numbers."""

from __future__ import annotations

from typing import Any

from careflow.ai.task import Span, Task, TaskInput, TaskOutput, TextInput, Words


class ClassificationInput(TaskInput, frozen=True, kw_only=True):
    """A text, and the labels to choose from; a message's classes without them."""

    text: Words
    labels: tuple[str, ...] | None = None


class Classification(TaskOutput, frozen=True, kw_only=True):
    """The likeliest label and how likely each is."""

    label: str
    scores: dict[str, float]


class Sentiment(TaskOutput, frozen=True, kw_only=True):
    """How a text feels, from -1 to 1."""

    label: str
    score: float


class Entity(TaskOutput, frozen=True, kw_only=True):
    """A named thing of a text; ``negated`` where the text denies it."""

    text: str
    type: str
    span: Span
    negated: bool = False


class Entities(TaskOutput, frozen=True, kw_only=True):
    """Every named thing, in order."""

    entities: tuple[Entity, ...]


class PredictionInput(TaskInput, frozen=True, kw_only=True):
    """A model by name and the features it takes."""

    model: str
    features: dict[str, Any]


class Prediction(TaskOutput, frozen=True, kw_only=True):
    """A number with its interval, and the card of the model that gave it."""

    value: float
    interval: tuple[float, float] | None = None
    model_card: str


TEXT_CLASSIFICATION: Task[Classification] = Task(
    name="text-classification",
    title="Sort a text into a class",
    version="1",
    input=ClassificationInput,
    output=Classification,
    role="fast",
)

SENTIMENT: Task[Sentiment] = Task(
    name="sentiment",
    title="Say how a text feels",
    version="1",
    input=TextInput,
    output=Sentiment,
    role="fast",
)

ENTITIES: Task[Entities] = Task(
    name="entities",
    title="Find named things in a text",
    version="1",
    input=TextInput,
    output=Entities,
    role="fast",
)

PREDICTION: Task[Prediction] = Task(
    name="prediction",
    title="Predict a number with an operator's model",
    version="1",
    input=PredictionInput,
    output=Prediction,
    is_device=True,
)
