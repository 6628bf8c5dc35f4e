"""The last look at what is about to leave: a second detector, of another kind than the first.

It shares nothing with the rules that took identifiers out. It looks for shapes (runs of digits,
addresses, dates that nobody moved), for names where names stand (behind titles, labels, relatives),
for given names that are nothing else, and for everything that was taken out or is known of the
patient, whatever its case, accents, spaces and punctuation. On any hit nothing leaves.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from careflow.ai.privacy.found import Label
from careflow.ai.privacy.gate_names import name_in
from careflow.ai.privacy.gate_shapes import shape_in
from careflow.ai.privacy.gate_words import ALSO_WORDS, NO_NAMES
from careflow.ai.privacy.known import Known
from careflow.ai.words import folded

_MARK = "\u2588"
_PART_LEAST = 3
_WHOLE_LEAST = 8
_DIGITS_LEAST = 5
_SIGNS_LEAST = 6
_NATIONAL_DIGITS = 9

Taken = tuple[Label, str]
"""An identifier that was taken out, by its kind."""


@dataclass(frozen=True, slots=True)
class Gate:
    """Looks at one text that is about to leave.

    Attributes:
        placed: Everything that was put in the place of identifiers.
        taken: Everything that was taken out.
    """

    placed: Collection[str]
    taken: Collection[Taken]
    known: Known

    def leak_in(self, text: str) -> str | None:
        """Return in words what may still identify someone, never the thing itself."""
        bare = self._without_surrogates(text)
        return shape_in(bare) or name_in(bare) or self._known_in(bare)

    def _without_surrogates(self, text: str) -> str:
        if not self.placed:
            return text
        longest = sorted(self.placed, key=len, reverse=True)
        codes = "|".join(re.escape(one) for one in longest if one.startswith("["))
        dates = "|".join(re.escape(one) for one in longest if not one.startswith("["))
        if codes:
            text = re.sub(codes, _MARK, text)
        return re.sub(rf"(?<![\w/])(?:{dates})(?![\w/])", _MARK, text) if dates else text

    def _known_in(self, bare: str) -> str | None:
        words = _Words.of(bare)
        if any(words.hold_name(name) for name in self._names()):
            return "a name that the chart knows, or that was taken out elsewhere"
        if any(words.hold_whole(place) for place in self._places()):
            return "a place that the chart knows, or that was taken out elsewhere"
        if any(words.hold_number(number) for number in self._numbers()):
            return "a number that the chart knows, or that was taken out elsewhere"
        return None

    def _names(self) -> Iterator[str]:
        yield from self.known.names
        yield from self.known.others
        yield from (value for label, value in self.taken if label == "NAME")

    def _places(self) -> Iterator[str]:
        yield from self.known.places
        yield from (value for label, value in self.taken if label == "GEO")

    def _numbers(self) -> Iterator[str]:
        for some in self.known.numbers.values():
            yield from some
        yield from (value for label, value in self.taken if label not in {"NAME", "GEO"})
        if self.known.born is not None:
            yield from _numbers_of(self.known.born)


def _numbers_of(born: date) -> Iterator[str]:
    for form in ("%Y%m%d", "%m%d%Y", "%d%m%Y", "%m%d%y", "%d%m%y"):
        yield born.strftime(form)


# --- what is known -------------------------------------------------------------------------

_TOKEN = re.compile(r"[^\W\d_]+")
_RUN = re.compile(r"\d(?:[ ().\-/]?\d)*")
_SIGNS = re.compile(r"[^\W_]+")
_GLUED = re.compile(r"[^\W_]+(?:[-./ ]?[^\W_]+)*")
_STARTS = re.compile(r"(?:^|[.!?:;\n•\-\"(*])\s*$")


@dataclass(frozen=True, slots=True)
class _Words:
    """A text without case, accents and punctuation, in the ways it is looked through."""

    text: str
    tokens: frozenset[str]
    spaced: str
    letters: str
    runs: tuple[str, ...]
    signs: str

    @classmethod
    def of(cls, text: str) -> _Words:
        """Read a text."""
        plain = folded(text)
        tokens = _TOKEN.findall(plain)
        runs = tuple(re.sub(r"\D", "", run) for run in _RUN.findall(plain))
        lines = ("".join(_SIGNS.findall(line)) for line in plain.splitlines())
        spaced = f" {' '.join(tokens)} "
        return cls(text, frozenset(tokens), spaced, "".join(tokens), runs, "\n".join(lines))

    def hold_name(self, name: str) -> bool:
        """Report whether the whole name, or a part that is one by itself, stands here."""
        parts = [part for part in _TOKEN.findall(folded(name)) if len(part) >= _PART_LEAST]
        parts = [part for part in parts if part not in NO_NAMES or part in ALSO_WORDS]
        if len(parts) > 1 and any(
            map(self.hold_whole, (" ".join(parts), parts[0] + " " + parts[-1]))
        ):
            return True
        return any(self._hold_part(part) for part in parts)

    def _hold_part(self, part: str) -> bool:
        if part not in self.tokens:
            return False
        return part not in ALSO_WORDS or self._stands_as_name(part)

    def _stands_as_name(self, part: str) -> bool:
        """Report whether a word that is a name, too, is written like one within a sentence."""
        return any(
            found[0][0].isupper()
            and not found[0].isupper()
            and not _STARTS.search(self.text[max(0, found.start() - 8) : found.start()])
            for found in re.finditer(rf"\b{re.escape(part)}\b", self.text, re.IGNORECASE)
        )

    def hold_whole(self, text: str) -> bool:
        """Report whether all words of a text stand here in a row, or in one."""
        words = _TOKEN.findall(folded(text))
        joined = "".join(words)
        if any(sign.isdigit() for sign in text):
            signs = "".join(_SIGNS.findall(folded(text)))
            return len(signs) >= _SIGNS_LEAST and len(joined) > 1 and signs in self.signs
        if len(joined) < _SIGNS_LEAST or all(word in NO_NAMES for word in words):
            return False
        return f" {' '.join(words)} " in self.spaced or (
            len(joined) >= _WHOLE_LEAST and len(words) > 1 and joined in self.letters
        )

    def hold_number(self, number: str) -> bool:
        """Report whether the digits of a number stand here, however they are grouped."""
        signs = "".join(_SIGNS.findall(folded(number)))
        digits = re.sub(r"\D", "", signs)
        if signs != digits and len(signs) >= _SIGNS_LEAST and signs in self.signs:
            return True
        if len(digits) < _DIGITS_LEAST or (signs != digits and len(digits) < _SIGNS_LEAST):
            return False
        if len(digits) <= _SIGNS_LEAST:
            return digits in self.runs
        if number.startswith("+"):
            # A number with its country is also written without.
            digits = digits[-_NATIONAL_DIGITS:]
        return any(digits in run for run in self.runs)
