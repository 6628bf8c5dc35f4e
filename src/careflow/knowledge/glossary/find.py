"""Finds the terms of the glossary in what someone writes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from careflow.knowledge.glossary.entries import TABLES, Entry, all_entries
from careflow.knowledge.glossary.spellings import Token, key_of, stem_of, tokens_in
from careflow.knowledge.glossary.typos import Spellings

_WORDS_MOST: Final = 8
_TYPO_WORDS_MOST: Final = 3
_TRIES_MAX: Final = 100
"""Places of a text at which a misspelling is looked for."""
_LETTERS: Final = 2
"""Letters of an abbreviation that means something in capitals alone."""
TOKENS_MAX: Final = 400
"""Words of a text that are looked at; nobody asks for terms in more."""


@dataclass(frozen=True, slots=True)
class Found:
    """A term at ``[start, end)`` of the text.

    Attributes:
        name: The spelling of the glossary that was met.
        is_exact: Whether it was written so; otherwise letters were wrong.
    """

    entry: Entry
    start: int
    end: int
    name: str
    is_exact: bool = True


@dataclass(frozen=True, slots=True)
class Index:
    """Entries by the keys of their names."""

    by_key: Mapping[str, tuple[Entry, str]]
    capitals: frozenset[str]
    spellings: Spellings


def index_of(entries: Sequence[Entry]) -> Index:
    """Return an index; where two entries share a name, the first keeps it."""
    by_key: dict[str, tuple[Entry, str]] = {}
    capitals: set[str] = set()
    # Shown names first: a variant never takes another entry's own name.
    for rank in range(2):
        for entry in entries:
            for at, name in enumerate(entry.names):
                if (at < 2) != (rank == 0):
                    continue
                key = key_of(name)
                if key and key not in by_key:
                    by_key[key] = (entry, name)
                    if name.isupper() and (
                        len(name) <= _LETTERS or name.lower() in everyday_words()
                    ):
                        capitals.add(key)
    return Index(by_key, frozenset(capitals), Spellings(by_key))


@cache
def _own() -> Index:
    return index_of(tuple(all_entries().values()))


@cache
def everyday_words() -> frozenset[str]:
    """Return words of questions and of daily life, which are no terms."""
    return frozenset((*_words("everyday.txt"), *_words("common.txt")))


@cache
def _everyday_stems() -> frozenset[str]:
    return frozenset(map(stem_of, everyday_words()))


@cache
def _other_terms() -> frozenset[str]:
    """Return keys of real words that look like a term's misspelling and mean something else."""
    return frozenset(key_of(word) for word in _words("other_terms.txt"))


def _words(table: str) -> list[str]:
    lines = TABLES.joinpath(table).read_text("utf-8").splitlines()
    return " ".join(line for line in lines if not line.startswith("#")).split()


def looked_up(text: str, index: Index | None = None) -> list[Found]:
    """Return the terms of a text in order, the longest at each place, in either language."""
    index = index or _own()
    tokens = tokens_in(text)[:TOKENS_MAX]
    found = _exact(tokens, index)
    taken = {at for _, first, last in found for at in range(first, last)}
    found += _misspelt(tokens, taken, index)
    return [one for one, _, _ in sorted(found, key=lambda one: one[1])]


def names_of(entry: Entry, language: str) -> str:
    """Return the name of an entry in a language."""
    return entry.es if language == "es" else entry.en


def unknown_in(text: str, found: Sequence[Found]) -> list[str]:
    """Return the words of a text that are neither part of a term nor of daily life."""
    return [
        text[token.start : token.end]
        for token in tokens_in(text)[:TOKENS_MAX]
        if len(token.stem) > 1
        and not token.text[0].isdigit()
        and token.text not in everyday_words()
        and token.stem not in _everyday_stems()
        and not any(one.start <= token.start < one.end for one in found)
    ]


_Placed = tuple[Found, int, int]


def _exact(tokens: Sequence[Token], index: Index) -> list[_Placed]:
    found: list[_Placed] = []
    at = 0
    while at < len(tokens):
        hit = next(_from(tokens, at, index), None)
        if hit is None:
            at += 1
            continue
        found.append(hit)
        at = hit[2]
    return found


def _from(tokens: Sequence[Token], at: int, index: Index) -> Iterator[_Placed]:
    """Yield the terms that begin at a word, the longest first."""
    if not tokens[at].stem:
        return
    for last in range(min(at + _WORDS_MOST, len(tokens)), at, -1):
        words = tokens[at:last]
        key = "".join(one.stem for one in words)
        if key not in index.by_key and len(words) > 1:
            key = stem_of("".join(one.text for one in words))  # "osteo arthritis"
        hit = index.by_key.get(key)
        if hit is None or not words[-1].stem:
            continue
        is_shouted = all(one.is_capital for one in words)
        if key in index.capitals and not is_shouted and len(tokens) > len(words):
            continue
        yield Found(hit[0], words[0].start, words[-1].end, hit[1]), at, last


def _misspelt(tokens: Sequence[Token], taken: set[int], index: Index) -> list[_Placed]:
    found: list[_Placed] = []
    tries = 0
    for size in range(_TYPO_WORDS_MOST, 0, -1):
        for at in range(len(tokens) - size + 1):
            span = range(at, at + size)
            words = tokens[at : at + size]
            if taken & set(span) or not (words[0].stem and words[-1].stem):
                continue
            if all(_is_known(one) for one in words):
                continue
            tries += 1
            if tries > _TRIES_MAX:
                return found
            hit = _nearest(words, index)
            if hit is not None:
                found.append((hit, at, at + size))
                taken |= set(span)
    return found


def _is_known(token: Token) -> bool:
    return token.text in everyday_words() or token.stem in _other_terms() or token.text[0].isdigit()


def _nearest(words: Sequence[Token], index: Index) -> Found | None:
    key = "".join(one.stem for one in words)
    if key in _other_terms():
        return None
    near = index.spellings.nearest(key)
    entries = {index.by_key[one][0].key: index.by_key[one] for one in near}
    if len(entries) != 1:
        return None
    [(entry, name)] = entries.values()
    return Found(entry, words[0].start, words[-1].end, name, is_exact=False)
