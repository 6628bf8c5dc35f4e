"""Compares an answer with its sources: what must not change is in them, bound to the same words.

A number that stands in the sources somewhere else is no ground: where the sources give another
value for the same words, medicine or side, the answer contradicts them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from careflow.ai.finding import Finding, Kind
from careflow.ai.guard.alignment import repeated_by, sentences, turned
from careflow.ai.guard.binding import BARE, Bound, amounts_of, kind_of, labels_in, reaches
from careflow.ai.guard.calendar import Day
from careflow.ai.guard.facts import Facts, facts_of
from careflow.ai.guard.negations import denials_in
from careflow.ai.guard.polarity import turned_in
from careflow.ai.guard.quantities import Quantity
from careflow.ai.guard.sources import Sources
from careflow.ai.guard.units import LOOSE
from careflow.ai.words import folded, sentences_of

EMERGENCY = frozenset(map(Decimal, (911, 988, 112)))
"""Numbers to call that an answer may name without a source."""

_OVER = re.compile(r"(?<![\d/.])(\d{1,3})(?:\s?/\s?|\s(?:over|sobre)\s)(\d{1,3})(?![\d/.])")
_ALLERGEN = re.compile(
    r"\b(?:allerg(?:y|ic|ies)|anaphylaxis|alergi\w+|alergic[oa])\s(?:to|a)\s"
    r"(?:the\s|la\s|el\s|los\s)?(?P<to>[a-z]{4,})"
)
_NO_ALLERGEN = frozenset({"medicine", "medicines", "medication", "medications", "drugs", "food",
                          "foods", "anything", "them", "that", "this", "medicamentos"})  # fmt: skip
_YEARS = range(1900, 2100)


def findings_in(said: str, sources: Sources, *, place: str = "answer") -> list[Finding]:
    """Return what of a text the sources do not bear out."""
    facts = facts_of(said, sources.order)
    if not facts.words and not facts.quantities:
        return []
    spans = [
        *_numbers(facts, sources),
        *_frequencies(facts, sources),
        *_dates(facts, sources),
        *_clocks(facts, sources),
        *_drugs(facts, sources),
        *_allergens(facts, sources),
        *_sides(facts, sources),
        *_negations(facts, sources),
        *_turned(facts, sources),
    ]
    found = [Finding(kind, said[start:end], place) for kind, start, end in spans]
    return list(dict.fromkeys(found))


_Spans = Iterator[tuple[Kind, int, int]]


# --- numbers, units, doses -----------------------------------------------------------------


def _numbers(facts: Facts, sources: Sources) -> _Spans:
    for offset, sentence in sentences_of(facts.text):
        for quantity, keys in labels_in(facts, offset, offset + len(sentence)):
            if quantity.is_soft or quantity.bare & EMERGENCY or _is_item(facts.text, quantity):
                continue
            kind = _ungrounded(quantity, sources) or _contradicted(quantity, keys, sources)
            if kind:
                yield kind, quantity.start, quantity.end
    for one in _OVER.finditer(facts.text):
        if _is_turned_over(one, sources):
            yield "number", *one.span()
    for drug, _, high in reaches(facts):
        known = sources.bound.doses.get(drug.drug)
        for amount in amounts_of(facts, drug, high):
            pairs = {(amount.kind or "", value) for value in amount.readings}
            if (known and not pairs & known and _has_kind(known, amount)) or (
                not known and _is_anothers(pairs, drug.drug, sources)
            ):
                yield "dose", amount.start, amount.end


def _is_turned_over(one: re.Match[str], sources: Sources) -> bool:
    """Report whether two numbers over each other stand the other way round in the sources."""
    pairs = {(two[1], two[2]) for two in _OVER.finditer(sources.facts.text)}
    return (one[1], one[2]) not in pairs and (one[2], one[1]) in pairs


def _is_item(text: str, quantity: Quantity) -> bool:
    """Report whether a number only counts the items of a list."""
    line = text.rfind("\n", 0, quantity.start) + 1
    return not text[line : quantity.start].strip() and text[quantity.end : quantity.end + 2] in {
        ". ",
        ") ",
    }


def _ungrounded(quantity: Quantity, sources: Sources) -> Kind | None:
    numbers = sources.numbers
    if quantity.kind is None:
        values = quantity.bare
        if values & numbers["any"] or _is_year_of(values, sources):
            return None
        return "number"
    if quantity.readings & numbers.get(quantity.kind, set()):
        return None
    if not (quantity.bare & numbers["any"] or _converted(quantity, numbers)):
        return "number"
    bare = quantity.bare & numbers.get(None, set())
    is_loose = quantity.kind in LOOSE or quantity.kind.startswith("°")
    return None if bare and (is_loose or quantity.kind not in numbers) else "unit"


def _converted(quantity: Quantity, numbers: dict[str | None, set[Decimal]]) -> bool:
    """Report whether the amount stands in the sources as so many halves or as a whole."""
    return bool(quantity.readings & numbers.get(quantity.kind, set()))


def _is_year_of(values: frozenset[Decimal], sources: Sources) -> bool:
    years = {day.year for day in sources.dates}
    return any(value in _YEARS and int(value) in years for value in values)


def _contradicted(quantity: Quantity, keys: Sequence[str], sources: Sources) -> Kind | None:
    """Return a kind where the sources give the words of this number other numbers, and not this."""
    borne_out = against = 0.0
    for key in dict.fromkeys(keys):
        values = _bound(sources.bound, key, kind_of(quantity))
        if not values:
            continue
        if quantity.readings & values:
            borne_out += 1 / len(values)
        else:
            against += 1 / len(values)
    return "number" if against > borne_out else None


def _bound(bound: Bound, key: str, kind: str) -> set[Decimal]:
    """Return the numbers of a word, of this kind of unit or of none; of any but times for none."""
    if kind:
        known = bound.numbers.get((key, kind), set())
        return known and known | bound.numbers.get((key, ""), set())
    return bound.numbers.get((key, BARE), set())


def _has_kind(known: set[tuple[str, Decimal]], amount: Quantity) -> bool:
    return any(kind == amount.kind for kind, _ in known)


def _is_anothers(pairs: set[tuple[str, Decimal]], drug: str, sources: Sources) -> bool:
    """Report whether the sources give this dose, and all of them to other medicines."""
    if drug not in sources.drugs:
        return False
    return any(pairs & doses for other, doses in sources.bound.doses.items() if other != drug)


# --- frequencies and dates -----------------------------------------------------------------


def _frequencies(facts: Facts, sources: Sources) -> _Spans:
    there = {reading for one in sources.facts.frequencies for reading in one.readings}
    for one in facts.frequencies:
        if not one.readings & there:
            yield "frequency", one.start, one.end
    for drug, low, high in reaches(facts):
        known = sources.bound.frequencies.get(drug.drug)
        for one in facts.frequencies:
            if known and low <= one.start < high and not one.readings & known:
                yield "frequency", one.start, one.end


def _dates(facts: Facts, sources: Sources) -> _Spans:
    for one in facts.dates:
        if not any(mine.fits(theirs) for mine in one.readings for theirs in sources.dates) and not (
            any(_fits_but_year(mine, theirs) for mine in one.readings for theirs in sources.dates)
        ):
            yield "date", one.start, one.end


def _clocks(facts: Facts, sources: Sources) -> _Spans:
    there = {reading for one in sources.facts.clocks for reading in one.readings}
    for one in facts.clocks:
        if not one.readings & there:
            yield "date", one.start, one.end


def _fits_but_year(mine: Day, theirs: Day) -> bool:
    """Report whether only the year is added to what the source says."""
    return theirs.year is None and (mine.month, mine.day) == (theirs.month, theirs.day)


# --- medicines and sides -------------------------------------------------------------------


def _drugs(facts: Facts, sources: Sources) -> _Spans:
    for one in facts.drugs:
        word = facts.text[one.start : one.end]
        if one.drug not in sources.drugs and word not in sources.facts.text:
            yield "drug", one.start, one.end


def _allergens(facts: Facts, sources: Sources) -> _Spans:
    for one in _ALLERGEN.finditer(facts.text):
        if one["to"][:5] not in sources.facts.text and one["to"] not in _NO_ALLERGEN:
            yield "unsupported", *one.span("to")


def _sides(facts: Facts, sources: Sources) -> _Spans:
    there = {one.side for one in sources.facts.sides}
    of: dict[str, set[str]] = {}
    for one in sources.facts.sides:
        for stem in one.of:
            of.setdefault(stem, set()).add(one.side)
    for one in facts.sides:
        known = next((of[stem] for stem in one.of if stem in of), there)
        both = {"left", "right"}
        fits = one.side in known or (one.side == "bilateral" and both <= known)
        if not fits:
            yield "side", one.start, one.end


# --- negations -----------------------------------------------------------------------------


def _negations(facts: Facts, sources: Sources) -> _Spans:
    if not facts.may_be_compared(sources.facts):
        return
    yield from turned_in(facts.text, sources.polarity)


def _turned(facts: Facts, sources: Sources) -> _Spans:
    """Yield sentences that repeat one of the sources but for a denial or a side."""
    if not facts.may_be_compared(sources.facts):
        return
    for one in sentences(facts):
        kind = turned(one, repeated_by(one, sources.sentences))
        if kind:
            yield kind, one.start, one.end


def denials_differ(said: str, source: str) -> bool:
    """Report whether a translation denies more or less often than what it translates."""
    said, source = folded(said), folded(source)
    mine, theirs = list(sentences_of(said)), list(sentences_of(source))
    if len(mine) != len(theirs):
        return bool(denials_in(said)) != bool(denials_in(source))
    return any(
        bool(denials_in(one)) != bool(denials_in(other))
        for (_, one), (_, other) in zip(mine, theirs, strict=True)
    )
