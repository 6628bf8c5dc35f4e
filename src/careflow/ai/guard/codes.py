"""Compares suggested codes with the words that are said to support them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from careflow.ai.finding import Finding, Kind
from careflow.ai.guard.certainty import Said, said_of
from careflow.ai.guard.evidence import Evidence
from careflow.ai.guard.negations import key_of
from careflow.ai.guard.quantities import quantities_of
from careflow.ai.guard.sides import sides_of
from careflow.ai.guard.sources import Sources
from careflow.ai.guard.synonyms import spelled_out
from careflow.ai.task import Span
from careflow.ai.tasks.medical_coding import MedicalCoding, SuggestedCode
from careflow.ai.words import folded, is_content, listed, sentences_of, words_of

_GENERIC = listed("""
unspecified specified other others elsewhere classified nec nos disease disorder condition
encounter initial subsequent sequela type without with mention due following personal history
status essential primary secondary acute chronic mild moderate severe organism site body part
involving uncomplicated complication complications mellitus syndrome finding findings abnormal
level long term current drug therapy use left right bilateral upper lower stage adult
""")
"""Words of official descriptions that no note needs to repeat."""
_WITH = re.compile(r"\b(?:without|sin|with|con|not)\s")
_OF_OTHERS = re.compile(r"family|screening|risk|exposure|contact|vaccin|immuniz|encounter for")
_RANGE = re.compile(r"(\d+(?:\.\d+)?)\s?(?:-|to)\s?(\d+(?:\.\d+)?)")


def of_codes(output: MedicalCoding, evidence: Evidence) -> Iterator[Finding]:
    """Yield what codes say otherwise than their evidence, and codes for what is not affirmed."""
    for number, one in enumerate(output.codes):
        place = f"codes[{number}]"
        spans = [span for span in one.evidence if span[1] > span[0]]
        if not spans:
            yield Finding("unsupported", one.display, f"{place}.evidence")
            continue
        for kind in dict.fromkeys(_differing(one, spans, evidence)):
            yield Finding(kind, one.display, f"{place}.display")


def _differing(one: SuggestedCode, spans: list[Span], evidence: Evidence) -> Iterator[Kind]:
    display = spelled_out(folded(one.display))
    near = [evidence.around(span) for span in spans]
    text = spelled_out(" . ".join(evidence.plain[slice(*span)] for span in near))
    # What comes "without" something is still affirmed.
    head = _WITH.split(folded(one.display))[0].partition(",")[0] or display
    said = [evidence.said(head, span) for span in spans]
    if not any(each & {"affirmed", "normal"} and "other" not in each for each in said):
        # A code may itself be of the family, of a risk or of what is looked for.
        is_of_others = _OF_OTHERS.search(display) and any("other" in each for each in said)
        if not is_of_others:
            yield "negation"
    yield from _numbers(display, text)
    yield from _sides(display, text, evidence.whole)
    yield from _attached(display, spelled_out(evidence.plain))
    if not _overlap(display, text):
        yield "unsupported"


def _numbers(display: str, text: str) -> Iterator[Kind]:
    there = {value for one in quantities_of(text) for value in one.bare}
    there |= {value for one in quantities_of(_romans(text)) for value in one.bare}
    ranges = [(one.span(), one[1], one[2]) for one in _RANGE.finditer(display)]
    for (low, high), least, most in ranges:
        between = [value for value in there if float(least) <= float(value) <= float(most) + 0.1]
        if not between:
            yield "number"
        display = display[:low] + " " * (high - low) + display[high:]
    for one in quantities_of(_romans(display)):
        if not one.is_soft and not one.bare & there:
            yield "number"


def _romans(text: str) -> str:
    return re.sub(
        r"\b(type|stage|grade|class|tipo|estadio|grado|clase)\s(iv|i{1,3})\b",
        lambda one: f"{one[1]} {_ROMAN[one[2]]}",
        text,
    )


_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}


def _sides(display: str, text: str, whole: Sources) -> Iterator[Kind]:
    said = sides_of(display)
    if not said:
        return
    there = {one.side for one in sides_of(text)} or {one.side for one in whole.facts.sides}
    for one in said:
        both = one.side == "bilateral" and {"left", "right"} <= there
        if one.side not in there and not both:
            yield "side"


def _attached(display: str, text: str) -> Iterator[Kind]:
    """Yield for what a description adds ("with …") or denies ("without …") against the note."""
    for one in _WITH.finditer(display):
        rest = re.split(r"[,;()]| and | with(?:out)? ", display[one.end() :])[0]
        keys = {key_of(word.text) for word in words_of(rest) if _names(word.text)}
        if not keys:
            continue
        said: set[Said] = set()
        for _, sentence in sentences_of(text):
            places = [word for word in words_of(sentence) if key_of(word.text) in keys]
            if len({key_of(word.text) for word in places}) == len(keys):
                said |= said_of(sentence, places[0].start, places[-1].end)
        denies = one[0].strip() not in {"with", "con"}
        if denies and said and "denied" not in said and "affirmed" in said:
            yield "negation"
        if not denies and "affirmed" not in said:
            yield "negation"


def _names(word: str) -> bool:
    return len(word) > 2 and word not in _GENERIC


def _overlap(display: str, text: str) -> bool:
    wanted = {
        key_of(word.text) for word in words_of(display) if is_content(word) and _names(word.text)
    }
    there = {key_of(word.text) for word in words_of(text)}
    return not wanted or bool(wanted & there)
