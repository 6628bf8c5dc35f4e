"""What a word means, where our own tables explain it to patients."""

from __future__ import annotations

from dataclasses import dataclass

from careflow.ai.patient_chat.asked import Language
from careflow.ai.tasks.conversation import Citation

_SHORT = 5


@dataclass(frozen=True, slots=True)
class Meaning:
    """A sentence for patients, and the entry that it is."""

    text: str
    citation: Citation


def meaning_of(term: str, language: Language) -> Meaning | None:
    """Return what a term means, by the glossary, else what a test measures.

    In Spanish there is only what the glossary says in Spanish.
    """
    return _by_glossary(term, language) or (_by_tests(term) if language == "en" else None)


def _by_glossary(term: str, language: Language) -> Meaning | None:
    # The glossary is read with the first question, not with the server.
    from careflow.knowledge.glossary import looked_up, names_of

    found = looked_up(term)
    if not found and len(term) <= _SHORT:
        found = looked_up(term.upper())  # "mri" is known by its capitals
    if not found:
        return None
    entry = found[0].entry
    text = entry.plain_es if language == "es" else entry.plain
    if not text:
        return None
    name = names_of(entry, language)
    cited = f"{entry.source.title}, {entry.source.url}"
    return Meaning(f"{name}: {text}", Citation(source=cited, text=text))


def _by_tests(term: str) -> Meaning | None:
    # The tables of tests are read with the first question, not with the server.
    from careflow.knowledge.labs import match

    found = match(term)
    if found is None:
        return None
    one = found.analyte
    return Meaning(f"{one.name}: {one.what}", Citation(source=f"labs/{one.key}", text=one.what))
