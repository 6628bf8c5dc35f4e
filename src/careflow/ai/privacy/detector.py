"""Finds what identifies a person in a text: the chart's record first, then rules.

The rules know English and Spanish; a text in another language is refused, not half cleaned.
"""

from __future__ import annotations

from typing import ClassVar

from careflow.ai.privacy.found import Found, merged
from careflow.ai.privacy.known import NOBODY, Known
from careflow.ai.privacy.rules.ages import ages_in
from careflow.ai.privacy.rules.chart import known_in
from careflow.ai.privacy.rules.contacts import contacts_in
from careflow.ai.privacy.rules.date_words import named_dates_in
from careflow.ai.privacy.rules.dates import dates_in
from careflow.ai.privacy.rules.labelled import labelled_in
from careflow.ai.privacy.rules.language import language_of
from careflow.ai.privacy.rules.names import names_in
from careflow.ai.privacy.rules.places import places_in
from careflow.ai.privacy.rules.spanish import spanish_places_in
from careflow.ai.privacy.rules.streets import streets_in
from careflow.ai.privacy.rules.tokens import words_in
from careflow.errors import UnprocessableError


class LanguageUnknownError(UnprocessableError):
    """A text is in a language whose identifiers nobody here can find."""

    code: ClassVar[str] = "ai-language-unknown"


def found_in(text: str, known: Known = NOBODY) -> tuple[Found, ...]:
    """Return what identifies a person, in order and without overlap.

    Raises:
        LanguageUnknownError: The text is neither English nor Spanish.
    """
    language = language_of(text)
    if language == "other":
        message = "The text is neither English nor Spanish, so it cannot be cleaned of identifiers."
        raise LanguageUnknownError(message)
    words = words_in(text, language)
    return merged(
        (
            *known_in(text, known),
            *contacts_in(text),
            *labelled_in(text),
            *dates_in(text),
            *named_dates_in(words),
            *ages_in(text),
            *names_in(words),
            *places_in(words),
            *(streets_in(words) if language == "en" else spanish_places_in(text)),
        )
    )
