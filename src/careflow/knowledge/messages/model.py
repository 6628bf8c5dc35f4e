"""A linear model over the features of a message, read from a file of whole numbers."""

from __future__ import annotations

import gzip
import json
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import exp

from careflow.knowledge.messages.features import features

_TABLES = files("careflow.knowledge.messages").joinpath("tables")


@dataclass(frozen=True, slots=True)
class LinearModel:
    """Weights of each class, one after the other.

    Attributes:
        scale: What a whole number is worth.
        temperature: What sums are divided by, so that a chance means what it says.
    """

    labels: tuple[str, ...]
    buckets: int
    scale: float
    bias: tuple[float, ...]
    temperature: float
    weights: array[int]

    def chances(self, text: str) -> Mapping[str, float]:
        """Return how likely each class is."""
        found = features(text, self.buckets)
        sums = []
        for number, bias in enumerate(self.bias):
            at = number * self.buckets
            total = sum(self.weights[at + bucket] * value for bucket, value in found.items())
            sums.append((total * self.scale + bias) / self.temperature)
        return dict(zip(self.labels, softmax(sums), strict=True))


def softmax(sums: Sequence[float]) -> list[float]:
    """Return the chances that sums of weights stand for."""
    top = max(sums)
    powers = [exp(one - top) for one in sums]
    return [one / sum(powers) for one in powers]


@cache
def model_named(name: str) -> LinearModel:
    """Return a model of the tables: one line of JSON, then a byte for each weight."""
    head, _, weights = gzip.decompress(_TABLES.joinpath(f"{name}.model.gz").read_bytes()).partition(
        b"\n"
    )
    about = json.loads(head)
    return LinearModel(
        labels=tuple(about["labels"]),
        buckets=about["buckets"],
        scale=about["scale"],
        bias=tuple(about["bias"]),
        temperature=about["temperature"],
        weights=array("b", weights),
    )
