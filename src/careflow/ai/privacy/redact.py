"""Takes out of an input what a detector finds, and knows the way back."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from careflow.ai.privacy.found import Found, merged
from careflow.ai.privacy.gate import Taken
from careflow.ai.privacy.known import Known
from careflow.ai.privacy.surrogates import Surrogates
from careflow.ai.privacy.texts import rewritten, texts_of
from careflow.ai.task import Given, Passage, Span
from careflow.ai.words import folded

Detector = Callable[[str, Known], tuple[Found, ...]]
_BETWEEN = "\n\n"
_WORD = re.compile(r"[^\W\d_]+")
_DIGITS_ALONE = re.compile(r"\s*\d{6,}\s*")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text that was replaced: where it stood, and where its surrogate stands."""

    start: int
    end: int
    new_start: int
    new_end: int


@dataclass(frozen=True, slots=True)
class Replaced:
    """A text in which parts were replaced, and the places of both."""

    text: str
    pieces: Sequence[Piece]

    def place(self, span: Span) -> Span:
        """Return a span of the new text as a span of the old one; a surrogate is one whole."""
        start = _over(span[0], self.pieces, is_end=False)
        return start, max(start, _over(span[1], self.pieces, is_end=True))


def _over(at: int, pieces: Sequence[Piece], *, is_end: bool) -> int:
    index = bisect_right(pieces, at - is_end, key=lambda one: one.new_start) - 1
    if index < 0:
        return at
    piece = pieces[index]
    if at - is_end < piece.new_end:
        return piece.end if is_end else piece.start
    return at - piece.new_end + piece.end


def replaced(text: str, found: Iterable[Found], surrogates: Surrogates) -> Replaced:
    """Return a text with a surrogate in the place of everything found."""
    out: list[str] = []
    pieces: list[Piece] = []
    at = length = 0
    for one in merged(found):
        out += [text[at : one.start], surrogates.of(one.label, text[one.start : one.end])]
        length += one.start - at
        pieces.append(Piece(one.start, one.end, length, length + len(out[-1])))
        length += len(out[-1])
        at = one.end
    return Replaced("".join([*out, text[at:]]), tuple(pieces))


@dataclass(frozen=True, slots=True)
class Redaction:
    """An input without identifiers, and the way back.

    Attributes:
        given: What may leave, once the gate has passed it.
        counts: How many identifiers of each label were taken out.
        taken: The identifiers themselves, which must not be in it any more.
    """

    given: Given
    counts: Mapping[str, int]
    surrogates: Surrogates
    taken: frozenset[Taken]
    text: Replaced
    sources: Mapping[str, str]

    def words(self, text: str) -> str:
        """Return a text of the answer with the identifiers back in place."""
        text = self.surrogates.back(text)
        return _SOURCE.sub(lambda one: self.sources.get(one[0], one[0]), text)

    def place(self, span: Span) -> Span:
        """Return a span of the text that left as a span of the text that was given."""
        return self.text.place(span)


_SOURCE = re.compile(r"\b[A-Z][A-Za-z]+/\d+\b")


def redacted(given: Given, known: Known, key: bytes, detector: Detector) -> Redaction:
    """Take out of every text of an input what the detector finds in all of them together.

    Together, because one text tells the language and the names of another.

    Raises:
        careflow.errors.CareFlowError: The detector cannot read the texts.
    """
    texts = texts_of(given)
    found = _found_in_each(texts, known, detector)
    surrogates = surrogates_for(texts, found, known, key)
    new = {text: replaced(text, some, surrogates) for text, some in zip(texts, found, strict=True)}
    sources = {one.source: f"{_kind(one)}/{n}" for n, one in enumerate(given.record, 1)}
    clean = rewritten(given, lambda text: new[text].text)
    return Redaction(
        given=replace(
            clean,
            record=tuple(
                Passage(sources[old.source], one.text)
                for old, one in zip(given.record, clean.record, strict=True)
            ),
        ),
        counts=Counter(one.label for some in found for one in some),
        surrogates=surrogates,
        taken=frozenset(
            (one.label, text[one.start : one.end])
            for text, some in zip(texts, found, strict=True)
            for one in some
        ),
        text=new.get(given.text or "", Replaced("", ())),
        sources={opaque: source for source, opaque in sources.items()},
    )


def surrogates_for(
    texts: Sequence[str], found: Sequence[Sequence[Found]], known: Known, key: bytes
) -> Surrogates:
    """Return what will stand for what was found, so that it can be told from all other words."""
    kept = [_without(text, some) for text, some in zip(texts, found, strict=True)]
    names = frozenset(part for name in known.names for part in _WORD.findall(folded(name)))
    return Surrogates(key, _BETWEEN.join(texts), _BETWEEN.join(kept), names, born=known.born)


def _kind(one: Passage) -> str:
    return one.source.partition("/")[0]


def _found_in_each(
    texts: Sequence[str], known: Known, detector: Detector
) -> list[tuple[Found, ...]]:
    """Return what is found in each text, looked for in all of them as one."""
    starts, at = [], 0
    for text in texts:
        starts.append(at)
        at += len(text) + len(_BETWEEN)
    found = merged(detector(_BETWEEN.join(texts), known)) if texts else ()
    each: list[list[Found]] = [[] for _ in texts]
    for one in found:
        index = bisect_right(starts, one.start) - 1
        while index < len(texts) and starts[index] < one.end:
            start = max(0, one.start - starts[index])
            end = min(len(texts[index]), one.end - starts[index])
            if start < end:
                each[index].append(Found(start, end, one.label))
            index += 1
    return [
        tuple(_joined(text, some)) or _number_alone(text)
        for text, some in zip(texts, each, strict=True)
    ]


def _joined(text: str, found: Iterable[Found]) -> list[Found]:
    """Return what was found with parts of one name, side by side, as one."""
    kept: list[Found] = []
    for one in found:
        last = kept[-1] if kept else None
        between = text[last.end : one.start] if last else ""
        if last and one.label == last.label == "NAME" and between in {" ", ", "}:
            kept[-1] = Found(last.start, one.end, "NAME")
        else:
            kept.append(one)
    return kept


def _number_alone(text: str) -> tuple[Found, ...]:
    """Return a long number that is a field of its own: nothing says that it is harmless."""
    return (Found(0, len(text), "OTHER"),) if _DIGITS_ALONE.fullmatch(text) else ()


def _without(text: str, found: Iterable[Found]) -> str:
    out, at = [], 0
    for one in found:
        out.append(text[at : one.start])
        at = one.end
    return "\n".join([*out, text[at:]])
