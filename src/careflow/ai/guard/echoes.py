"""What no answer may hold: marks around data, the prompt's words, addresses, new names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from careflow.ai.finding import Finding
from careflow.ai.guard.strangers import strangers_in
from careflow.ai.words import folded

_MARK = re.compile(r"</?\s*data\b[^>]*>|\bdata [0-9a-f]{16}\b", re.IGNORECASE)
_ADDRESS = re.compile(
    r"(?:https?|ftp|javascript|data|file)\s*:\s*/?/?[^\s]{3,}|\bwww\.[^\s]{3,}"
    r"|!?\[[^\]]*\]\([^)]*\)|<\s*(?:script|img|iframe|a|svg)\b",
    re.IGNORECASE,
)
_HOST = re.compile(
    r"\b[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|info|biz|io|app|site|online|shop|xyz|ru|cn|invalid|"
    r"example|test|local|link|click|health|page)\b",
    re.IGNORECASE,
)
_PLACEHOLDER = re.compile(r"\[[A-Z]{2,20}-\d{1,4}\]")
_RUN = 9
"""So many words in a row of the prompt are no chance."""
_WORDS = re.compile(r"\w+")


def echoes_in(
    texts: Sequence[str],
    *,
    prompt: str,
    sources: str,
    instructions: Iterable[Finding],
    for_patient: bool = False,
) -> str | None:
    """Return why an answer must not be used, or ``None``.

    Args:
        texts: Those of the answer.
        prompt: What the model was told.
        sources: What the answer may rest on.
        instructions: Passages of the input that read like instructions.
        for_patient: Whether nobody reads the answer before a patient does.
    """
    said = "\n".join(texts)
    if _MARK.search(said):
        return "it repeats the marks around the data"
    if _ADDRESS.search(said) or any(
        for_patient or one not in sources for one in _HOST.findall(said)
    ):
        return "it holds an address"
    if set(_PLACEHOLDER.findall(said)) - set(_PLACEHOLDER.findall(sources)):
        return "it names something that was never there"
    if any(strangers_in(one, sources) for one in texts):
        return "it names somebody, or a number of somebody, that is not in the sources"
    words = _WORDS.findall(folded(said))
    if _runs(words) & _runs(_WORDS.findall(folded(prompt))) - _runs(
        _WORDS.findall(folded(sources))
    ):
        return "it repeats what the model was told"
    mine = " ".join(words)
    for one in instructions:
        passage = " ".join(_WORDS.findall(folded(one.said)))
        if len(passage) > 12 and passage in mine:
            return "it repeats an instruction that stands in the document"
    return None


def _runs(words: list[str]) -> set[tuple[str, ...]]:
    return {tuple(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1)}
