"""The part of the sources that one statement of an answer quotes, and nothing around it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from careflow.ai.finding import Finding, Kind
from careflow.ai.guard.certainty import Said, said_of
from careflow.ai.guard.facts import Drug
from careflow.ai.guard.grounding import findings_in
from careflow.ai.guard.negations import key_of
from careflow.ai.guard.sources import Sources, order_in
from careflow.ai.task import Span
from careflow.ai.words import Word, folded, is_content, sentences_of, words_of

_OF_WORDS: frozenset[Kind] = frozenset({"negation", "unsupported"})


class Evidence:
    """A text that spans of an answer point into, with its sentences."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.plain = folded(text)
        self._spans = [(at, at + len(one)) for at, one in sentences_of(self.plain)]
        self._starts = [start for start, _ in self._spans]
        self._known: dict[Span, Sources] = {}
        self._order = order_in(self.plain)

    @property
    def whole(self) -> Sources:
        """Return the whole text as something to compare with."""
        return self.of((0, len(self.text)))

    @property
    def drugs(self) -> list[Drug]:
        """Return the medicines that the text names."""
        return self.whole.facts.drugs

    def around(self, span: Span) -> Span:
        """Return the sentences that a span lies in, whole."""
        first = max(0, bisect_right(self._starts, span[0]) - 1)
        last = max(first, bisect_right(self._starts, max(span[0], span[1] - 1)) - 1)
        if not self._spans:
            return span
        return min(span[0], self._spans[first][0]), max(span[1], self._spans[last][1])

    def of(self, span: Span) -> Sources:
        """Return a stretch of the text as something to compare with."""
        if span not in self._known:
            self._known[span] = Sources(self.text[slice(*span)], self._order)
        return self._known[span]

    def differing(self, said: str, span: Span, place: str) -> Iterator[Finding]:
        """Yield what a statement changes of the words it quotes, denials left aside."""
        quoted = self.text[slice(*span)]
        if " ".join(said.casefold().split()) == " ".join(quoted.casefold().split()):
            return
        near = self.of(self.around(span))
        for one in findings_in(said, near, place=place):
            if one.kind not in _OF_WORDS:
                yield one

    def said(self, name: str, span: Span) -> frozenset[Said]:
        """Return how the text says what a statement names: at its words within the quote."""
        start, end = self._located(name, span)
        low, high = self.around((start, end))
        return said_of(self.plain[low:high], start - low, end - low)

    def _located(self, name: str, span: Span) -> Span:
        """Return where in a quote the words of a name stand; the whole quote where none does."""
        wanted = {key_of(word.text) for word in words_of(folded(name)) if is_content(word)}
        within = words_of(self.plain[slice(*span)])
        places = [word for word in within if key_of(word.text) in wanted]
        if not places or len(within) <= len(wanted) + 1:
            return span
        tight = _tightest(places)
        return span[0] + tight[0].start, span[0] + tight[-1].end


def _tightest(places: Sequence[Word]) -> Sequence[Word]:
    """Return the run of words that names most within least."""
    keys = {key_of(word.text) for word in places}
    best: Sequence[Word] = places
    for at in range(len(places)):
        seen: set[str] = set()
        for upto in range(at, len(places)):
            seen.add(key_of(places[upto].text))
            if seen == keys:
                if places[upto].end - places[at].start < best[-1].end - best[0].start:
                    best = places[at : upto + 1]
                break
    return best
