"""One text without what identifies, and where that stood: for a person, or for another program."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from careflow.ai.privacy.detector import LanguageUnknownError, found_in
from careflow.ai.privacy.found import Found, merged
from careflow.ai.privacy.gate import Gate
from careflow.ai.privacy.known import NOBODY, Known
from careflow.ai.privacy.redact import replaced, surrogates_for
from careflow.ai.privacy.rules.language import language_of
from careflow.ai.privacy.surrogates import key_of


@dataclass(frozen=True, slots=True)
class Scrubbed:
    """What became of a text.

    Attributes:
        text: Without what identifies; ``None`` where it was refused.
        found: What identifies, by its place in the text that was given.
        refused: Why the text is not shown.
    """

    text: str | None
    found: tuple[Found, ...]
    language: str
    refused: str | None = None

    @property
    def counts(self) -> Mapping[str, int]:
        """Return how many identifiers of each label were found."""
        return Counter(one.label for one in self.found)


def scrubbed(
    text: str, key: bytes, *, known: Known = NOBODY, patient: str | None = None
) -> Scrubbed:
    """Take out what identifies, as before a task leaves; what the gate doubts is not shown.

    Args:
        text: Any.
        key: From which surrogates are derived.
        known: What is known of the patient.
        patient: Their id; surrogates of one patient are the same in every text.
    """
    language = language_of(text)
    try:
        found = merged(found_in(text, known))
    except LanguageUnknownError as error:
        return Scrubbed(None, (), language, error.message)
    digest = hashlib.sha256(text.encode()).hexdigest()
    own = key_of(key, organisation="", patient=patient, words=digest)
    surrogates = surrogates_for([text], [found], known, own)
    new = replaced(text, found, surrogates).text
    taken = frozenset((one.label, text[one.start : one.end]) for one in found)
    leak = Gate(surrogates.placed, taken, known).leak_in(new)
    if leak is not None:
        return Scrubbed(None, found, language, f"It may still hold {leak}.")
    return Scrubbed(new, found, language)
