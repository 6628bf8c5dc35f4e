"""Messages of patients: what they are about and how they feel, by small models of our own.

``tools/train_messages.py`` makes the models from patterns of our own; ``class_chances`` and
``feeling_chances`` read a text with them, in English and Spanish.
"""

from __future__ import annotations

from collections.abc import Mapping

from careflow.knowledge.messages.model import model_named

URGENT = "urgent-symptom"


def class_chances(text: str) -> Mapping[str, float]:
    """Return how likely each class of message is."""
    return model_named("classes").chances(text)


def feeling_chances(text: str) -> Mapping[str, float]:
    """Return how likely it is that a message feels negative, neutral or positive."""
    return model_named("feelings").chances(text)
