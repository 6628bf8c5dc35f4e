"""Writes a set of words as running text."""

from __future__ import annotations


def listed(words: str) -> frozenset[str]:
    """Return the words of a text, parted by spaces and line ends."""
    return frozenset(words.split())
