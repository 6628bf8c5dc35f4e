"""What the detector finds, as words, for tests that say sentences."""

from __future__ import annotations

from careflow.ai.privacy.detector import found_in
from careflow.ai.privacy.known import NOBODY, Known


def hidden(text: str, known: Known = NOBODY) -> list[str]:
    """Return the parts of a text that are found to identify."""
    return [text[one.start : one.end] for one in found_in(text, known)]


def left(text: str, known: Known = NOBODY) -> str:
    """Return a text with what is found taken out."""
    out, last = "", 0
    for one in found_in(text, known):
        out += text[last : one.start] + "▮"
        last = one.end
    return out + text[last:]


def labels(text: str, known: Known = NOBODY) -> list[str]:
    """Return the kinds of what is found."""
    return [one.label for one in found_in(text, known)]
