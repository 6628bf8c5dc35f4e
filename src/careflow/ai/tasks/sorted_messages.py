"""``text-classification`` and ``sentiment`` by small models of our own, on this machine."""

from __future__ import annotations

from collections.abc import Mapping

from careflow.ai.draft import Maker
from careflow.ai.engine import Answer
from careflow.ai.task import AbstainedError, Given
from careflow.ai.tasks.labelling import Classification, ClassificationInput, Sentiment

CLASS_METHOD = Maker("local", "message-classes-2", "text-classification/1")
FEELING_METHOD = Maker("local", "message-feelings-2", "sentiment/1")
_LETTERS_MIN = 2
_READ_MAX = 12_000
"""Characters in which red flags are looked for; what someone writes to a clinic is shorter."""
_SURE_ENOUGH = 0.25
"""Below this chance the likeliest of nine classes is a guess."""


_LIFTED = 0.9
"""The least chance that a message is urgent in which rules see an emergency."""


def sorted_by_words(given: Given) -> Answer[Classification]:
    """Sort a patient's message into its class; red flags lift it to urgent, nothing lowers it.

    Raises:
        AbstainedError: There is no text, it is in another language, no class is likely, or labels
            are asked for that are none of a message.
    """
    text = _readable(given)
    # The weights are read with the first message, not with the server.
    from careflow.knowledge.messages import URGENT, class_chances

    chances = _among(class_chances(text), given)
    if URGENT in chances and _is_emergency(text):
        chances = _lifted(chances, URGENT)
    label = max(chances, key=lambda one: chances[one])
    if chances[label] < _SURE_ENOUGH:
        raise AbstainedError("No class of message is likely for this text: a person has to look.")
    return Answer(Classification(label=label, scores=_rounded(chances)), CLASS_METHOD)


def felt_by_words(given: Given) -> Answer[Sentiment]:
    """Say how a patient's message feels: what speaks for positive less what for negative.

    Raises:
        AbstainedError: There is no text, or it is in another language.
    """
    text = _readable(given)
    from careflow.knowledge.messages import feeling_chances

    chances = feeling_chances(text)
    label = max(chances, key=lambda one: chances[one])
    score = round(chances["positive"] - chances["negative"], 4)
    return Answer(Sentiment(label=label, score=score), FEELING_METHOD)


def _readable(given: Given) -> str:
    text = given.text or ""
    if sum(map(str.isalpha, text)) < _LETTERS_MIN:
        raise AbstainedError("There is no message to read: its text is missing.")
    from careflow.knowledge.messages.language import is_read

    if not is_read(text):
        raise AbstainedError("Only messages in English and Spanish can be read here.")
    return text


def _is_emergency(text: str) -> bool:
    """Report whether the rules of red flags see an emergency."""
    # The rules are read with the first message, not with the server.
    from careflow.knowledge.symptoms import flags_in, pressing_of

    return pressing_of(flags_in(text[:_READ_MAX])) == "emergency"


def _lifted(chances: Mapping[str, float], urgent: str) -> Mapping[str, float]:
    """Return the chances with the urgent class no less likely than an emergency makes it."""
    before = chances[urgent]
    if before >= _LIFTED:
        return chances
    left = (1 - _LIFTED) / (1 - before)
    return {one: _LIFTED if one == urgent else chance * left for one, chance in chances.items()}


def _among(chances: Mapping[str, float], given: Given) -> Mapping[str, float]:
    """Return the chances of the labels that were asked for, together one."""
    asked = given.asked.labels if isinstance(given.asked, ClassificationInput) else None
    if asked is None:
        return chances
    if not asked or not set(asked) <= set(chances):
        known = ", ".join(chances)
        raise AbstainedError(f"Without a model for these labels only these are known: {known}.")
    whole = sum(chances[one] for one in set(asked)) or 1.0
    return {one: chances[one] / whole for one in asked}


def _rounded(chances: Mapping[str, float]) -> dict[str, float]:
    return {label: round(chance, 4) for label, chance in chances.items()}
