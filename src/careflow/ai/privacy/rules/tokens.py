"""A text as words with what stands between them: what the rules for names and places walk over."""

from __future__ import annotations

import re
from dataclasses import dataclass

from careflow.ai.privacy.rules.cues import SPANISH_WORDS
from careflow.ai.privacy.rules.language import Language
from careflow.ai.privacy.rules.lexicon import LONGEST_WORD, Kind, flattened, kind_of
from careflow.ai.privacy.rules.listed import listed

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*(?:-[^\W\d_]+(?:['’][^\W\d_]+)*)*")
_NARROW = frozenset({" ", ". ", ".", "  ", "\u00a0"})


@dataclass(slots=True)
class Words:
    """The words of a text.

    Attributes:
        flat: Each without accents and case and without a possessive.
        gaps: What stands before each word; the first has the beginning of the text.
        taken: Words that are part of a name found.
        low: Words of a Spanish text that stand in it without a capital: no list of Spanish words
            is needed to know that they are ordinary.
        present: Every word, to see at once what cannot be in a text.
    """

    text: str
    words: list[str]
    flat: list[str]
    starts: list[int]
    ends: list[int]
    gaps: list[str]
    taken: set[int]
    language: Language
    low: frozenset[str]
    present: frozenset[str]

    def is_capital(self, at: int) -> bool:
        """Report whether a word begins with a capital."""
        return self.words[at][0].isupper()

    def is_title(self, at: int) -> bool:
        """Report whether a word is written as names are: one capital a part, as in "McCoy-Lee"."""
        word = self.words[at]
        if not 1 < len(word) <= LONGEST_WORD or not word[0].isupper():
            return False
        return all(_TITLE.fullmatch(part) for part in word.split("-") if part)

    def is_upper(self, at: int) -> bool:
        """Report whether a word of several letters is all capitals."""
        word = self.words[at]
        return len(word) > 1 and word.isupper()

    def is_initial(self, at: int) -> bool:
        """Report whether a word is one capital letter."""
        word = self.words[at]
        return len(word) == 1 and word.isupper()

    def kind(self, at: int) -> int:
        """Return what a word may be."""
        kind = kind_of(self.words[at])
        if self.language == "en":
            return kind
        kind &= ~(Kind.ORDINARY | Kind.CLINICAL | Kind.WORD_NAME)
        flat = self.flat[at]
        if flat in SPANISH_WORDS:
            return Kind.ORDINARY
        if flat in self.low:
            return kind | Kind.ORDINARY
        return kind or Kind.UNKNOWN

    def is_near(self, at: int) -> bool:
        """Report whether a word follows the one before it, with a space or an initial's stop."""
        gap = self.gaps[at]
        if gap in {" ", "  "}:
            return True
        return gap in _NARROW and (
            self.is_initial(at - 1) or self.words[at - 1].lower() in _STOPPED
        )

    def opens_row(self, at: int) -> bool:
        """Report whether what follows a word is a column, a bracket, a line or a number."""
        after = self.text[self.ends[at] : self.ends[at] + 2]
        return not after.strip() or after[:1] in "\n(;|" or after[1:].isdigit()

    def opens(self, at: int) -> bool:
        """Report whether a word begins a sentence, a line, an item or a quotation."""
        gap = self.gaps[at]
        return at == 0 or gap == "" or not _OPENING.isdisjoint(gap)


_TITLE = re.compile(
    r"(?:Mc|Mac|O['’]|D['’]|De|Di|Du|La|Le|Van|Von|Fitz|Ní|Ó)?[^\W\d_][^\W\d_A-ZÀ-Þ]*(?:['’]s?)?"
)
_OPENING = frozenset('.:;!?\n\r•*-–—|\t"“(/>#')
_AROUND = frozenset({"", " ", ",", ";", "\n", "("})
"""What stands around a word of a sentence; the parts of a mail address have dots or an "@"."""
_STOPPED = listed("st mt ft dr mr mrs ms jr sr dra sra prof rev ma fco")


def words_in(text: str, language: Language) -> Words:
    """Return the words of a text."""
    flat_text = flattened(text)
    words, flat, starts, ends, gaps = [], [], [], [], []
    last = 0
    for hit in _WORD.finditer(text):
        start, end = hit.span()
        word = flat_text[start:end]
        words.append(hit[0])
        flat.append(word[:-2] if word.endswith(("'s", "’s")) else word)
        starts.append(start)
        ends.append(end)
        gaps.append(text[last:start])
        last = end
    low: frozenset[str] = frozenset()
    if language == "es":
        rows = zip(words, flat, gaps, [*gaps[1:], ""], strict=True)
        low = frozenset(
            one
            for word, one, before, after in rows
            if word[0].islower() and before[-1:] in _AROUND and after[:1] in _AROUND
        )
    return Words(text, words, flat, starts, ends, gaps, set(), language, low, frozenset(flat))
