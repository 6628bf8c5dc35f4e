"""Compares the fields of a prescribed medicine with the lines of the prescription about it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from careflow.ai.finding import Finding, Kind
from careflow.ai.guard.evidence import Evidence
from careflow.ai.guard.facts import drugs_of
from careflow.ai.guard.frequencies import daytimes_of, frequencies_of
from careflow.ai.guard.grounding import findings_in
from careflow.ai.guard.quantities import Quantity, quantities_of
from careflow.ai.guard.routes import routes_of
from careflow.ai.guard.sides import sides_of
from careflow.ai.guard.sources import Sources
from careflow.ai.guard.units import TIMES
from careflow.ai.task import Span
from careflow.ai.tasks.prescription import PrescribedMedication, Prescription
from careflow.ai.words import folded, is_content, words_of

_NEEDED = re.compile(
    r"\b(?:prn|p\.r\.n\.?|as needed|(?:if|when|as) (?:needed|required|necessary)|sos|"
    r"a demanda|(?:si|cuando) (?:es |lo |sea |se )?"
    r"(?:necesari[oa]|necesit[ae]|precis[ae]|requier[ae])|"
    r"segun (?:sea )?necesi\w+|en caso de (?:necesidad|dolor|fiebre))(?![\w])"
)
_N = (
    r"(?P<n{}>\d{{1,3}}|zero|no|none|one|once|two|twice|three|four|five|six|eleven|twelve|"
    r"cero|ningun[oa]?|un[oa]?|dos|tres|cuatro|cinco|seis)"
)
_REFILL = (
    r"(?:refills?|rf|repeats?|renewals?|resurtid[oa]s?|renovacion(?:es)?|repeticion(?:es)?|"
    r"recargas?)"
)
_REFILLS = re.compile(
    rf"\b{_REFILL}\s?(?:\(s\))?(?:allowed|authorized|left|remaining|autorizad\w+)?\s?[:=x#-]*\s?"
    rf"{_N.format(1)}\b"
    rf"|\b{_N.format(2)} ?(?:\(\d+\) ?)?(?:additional |more |authorized )?{_REFILL}\b"
    rf"(?!\s?(?:\(s\))?\s?[:=x#-]*\s?(?:\d|zero|none|no\b|cero|ningun))"
    rf"|\b(?:may |can )?(?:refill|repeat|resurtir|repetir) (?:x\s?)?{_N.format(3)}\b"
    rf"|\b(?P<without>(?:without|sin|non) ?-?{_REFILL})"
)
_COUNT = {"zero": 0, "no": 0, "none": 0, "cero": 0, "one": 1, "once": 1, "two": 2, "twice": 2,
          "three": 3, "four": 4, "five": 5, "six": 6, "eleven": 11, "twelve": 12, "un": 1,
          "uno": 1, "una": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6}  # fmt: skip
_DISPENSED = re.compile(
    r"(?:#|\b(?:disp(?:ense|ensar)?|qty|quantity|quant|no\.?|cantidad|dar|supply|suministrar|"
    r"surtir)\b)"
    r"\.?\s?[:=#]?\s?(?:of\s)?"
)
_COUNTS = re.compile(r"times?|\bx|veces|every|each|cada|^q|hour|hora|\bhr?s?\b")
_SWALLOWED = re.compile(r"\b(?:tab|cap|comp|pill|past|syrup|jarabe|liq|susp)")
_ORDER = re.compile(
    r"^\s*(?:do not|don't|never|avoid|always|no (?:tome|use|mezcle))\s+(?:take |use |drink |eat |"
    r"give |taking |using |drinking |eating )?(?P<what>[^.;]+)"
)
_SUBSTITUTION = re.compile(r"substitu|\bgeneric|\bdaw\b|sustitu|generico")
_NO_SUBSTITUTION = re.compile(
    r"(?:\bno|\bnot|n't|never|without|sin|forbid\w*|prohibit\w*|refus\w+)\b[^.;\n]{0,30}"
    r"(?:substitu|generic|sustitu)|\bdaw\b|dispense as written|brand (?:only|necessary)"
    r"|(?:substitu\w+|generics?|sustitu\w+) (?:is |are )?(?:not|no) "
)
_FORM = re.compile(
    r"tab|cap|pill|syrup|jarabe|sol|susp|liq|elixir|cream|crema|oint|ungu|gel|lotion|drop|gota|"
    r"inhal|spray|patch|parche|inject|inyec|vial|pen|powder|polvo|suppos|suposit|chew|oral|tabl|"
    r"comp|extend|delay|immed|sustain|release|liber|er$|xr$|sr$|ir$|dr$|hcl|hydrochlor|sodium|"
    r"potas|calcium|tartrat|succin|maleat|besyl|sulf|acetat|phosph|citrat|mesyl|fumar|clorhid|"
    r"generic|brand|strength|double|ophthal|otic|nasal|topical"
)
_STOPPED = re.compile(
    r"\b(?:stop|stopped|discontinued?|d/c'?d?|hold|held|do not take|don't take|suspend(?:er|ido)?|"
    r"no tom(?:e|ar)|dejar de tomar)\b[^.;\n]{0,12}$"
)


def of_prescription(output: Prescription, evidence: Evidence) -> Iterator[Finding]:
    """Yield what each medicine's fields say otherwise than its lines."""
    for number, one in enumerate(output.medications):
        place = f"medications[{number}]"
        stretch = _stretch(one, evidence)
        for name, kind, said in (
            *_drug_quoted(one, evidence),
            *_differing(one, evidence.of(stretch)),
        ):
            yield Finding(kind, said, f"{place}.{name}")
    everywhere = evidence.whole
    for number, problem in enumerate(output.problems):
        if _is_new_order(folded(problem), everywhere.facts.text):
            yield Finding("unsupported", problem, f"problems[{number}]")
        if _is_other_substitution(folded(problem), everywhere.facts.text):
            yield Finding("negation", problem, f"problems[{number}]")
        yield from (
            found
            for found in findings_in(problem, everywhere, place=f"problems[{number}]")
            # A problem tells what is missing: what it denies is not in the sources.
            if found.kind != "negation"
        )


def _is_new_order(said: str, text: str) -> bool:
    """Report whether a problem is an order to the patient in words that nobody wrote."""
    order = _ORDER.search(said)
    return order is not None and not all(
        word.text[:5] in text for word in words_of(order["what"]) if is_content(word)
    )


def _is_other_substitution(said: str, text: str) -> bool:
    """Report whether a problem tells otherwise whether another make may be given."""
    told = _SUBSTITUTION.search(text)
    if told is None or not _SUBSTITUTION.search(said):
        return False
    return bool(_NO_SUBSTITUTION.search(said)) != bool(_NO_SUBSTITUTION.search(text))


_Differing = Iterator[tuple[str, Kind, str]]


def _differing(one: PrescribedMedication, near: Sources) -> _Differing:
    text = near.facts.text
    yield from _drug(one.drug, near)
    yield from _dose(one, near)
    if one.route and not _is_route(routes_of(folded(one.route)), text):
        yield "route", "route", one.route
    yield from _frequency(one.frequency, near)
    if one.as_needed != bool(_NEEDED.search(text)):
        yield "as_needed", "negation", one.drug
    yield from _duration(one.duration, near)
    yield from _quantity(one.quantity, near)
    yield from _refills(one.refills, text)
    yield from _sides(one, near)


def _drug_quoted(one: PrescribedMedication, evidence: Evidence) -> _Differing:
    """Yield the medicine where the words that it is read from name only others."""
    quoted = {
        each.drug
        for each in evidence.drugs
        if any(start <= each.start < end for start, end in one.spans)
    }
    said = {each.drug for each in drugs_of(words_of(folded(one.drug)))}
    if quoted and said and not said & quoted:
        yield "drug", "drug", one.drug


def _drug(said: str, near: Sources) -> _Differing:
    plain = folded(said)
    text = near.facts.text
    named = drugs_of(words_of(plain))
    beside = [
        word
        for word in words_of(plain)
        if is_content(word)
        and not any(one.start <= word.start < one.end for one in named)
        and not _FORM.match(word.text)
    ]
    if not all(
        one.drug in near.drugs or plain[one.start : one.end] in text for one in named
    ) or not all(word.text[:5] in text for word in beside):
        yield "drug", "drug", said
    for one in findings_in(said, near):
        if one.kind in {"number", "unit", "dose"}:
            yield "drug", one.kind, said
    places = [one.start for one in near.facts.drugs if any(x.drug == one.drug for x in named)]
    if places and all(_STOPPED.search(text[max(0, at - 40) : at]) for at in places):
        yield "drug", "negation", said


def _dose(one: PrescribedMedication, near: Sources) -> _Differing:
    said = " ".join(part for part in (one.dose, one.unit) if part)
    quantities = quantities_of(folded(said))
    if one.dose and one.unit and len(quantities) == 1 and quantities[0].kind is None:
        bare = quantities_of(folded(one.dose))
        quantities = bare if folded(one.unit) in near.facts.text else quantities
    for quantity in quantities:
        kind = _amount(quantity, near)
        if kind is not None:
            yield ("unit" if kind == "unit" else "dose"), kind, said
    if one.unit and not one.dose and folded(one.unit) not in near.facts.text:
        yield "unit", "unit", one.unit


def _amount(said: Quantity, near: Sources) -> Kind | None:
    """Return what is wrong with an amount; the lines give it with its unit or with none."""
    there = _doses_in(near)
    same = [one for one in there if one.kind == said.kind]
    if any(said.readings <= one.readings for one in same):
        return None
    bare = [one for one in there if one.kind is None and said.bare & one.bare]
    if bare and (not same or said.kind is None):
        return None
    if said.kind is None:
        return None if any(said.bare & one.bare for one in there) else "dose"
    return "unit" if any(said.bare & one.bare for one in there) else "dose"


def _doses_in(near: Sources) -> list[Quantity]:
    """Return the amounts that may be a dose: none of those dispensed, refilled or counted off."""
    text = near.facts.text
    apart = [one.span() for one in _REFILLS.finditer(text)]
    apart += [(one.start(), one.end() + 3) for one in _DISPENSED.finditer(text)]
    apart += [
        (one.start, one.end)
        for one in near.facts.frequencies
        if _COUNTS.search(text[one.start : one.end])
    ]
    return [
        one
        for one in near.quantities
        if one.kind not in TIMES and not any(low <= one.start < high for low, high in apart)
    ]


def _is_route(said: frozenset[str], text: str) -> bool:
    there = routes_of(text)
    return said <= there or (not there and said == {"oral"} and bool(_SWALLOWED.search(text)))


def _frequency(said: str | None, near: Sources) -> _Differing:
    if not said:
        return
    readings = {each for one in frequencies_of(folded(said)) for each in one.readings}
    there = {each for one in near.facts.frequencies for each in one.readings}
    if readings:
        if not readings <= there:
            yield "frequency", "frequency", said
    elif not _has_words(said, near.facts.text):
        yield "frequency", "frequency", said
    if daytimes_of(folded(said)) - daytimes_of(near.facts.text):
        yield "frequency", "frequency", said


def _duration(said: str | None, near: Sources) -> _Differing:
    if not said:
        return
    quantities = quantities_of(folded(said))
    for one in quantities:
        same = [
            two
            for two in near.quantities
            if (two.kind in TIMES or two.kind is None) and one.readings & two.readings
        ]
        among = (
            [two for two in same if two.kind == one.kind]
            if one.kind in TIMES
            else [two for two in near.quantities if one.bare & two.bare]
        )
        if not among:
            yield "duration", "number", said
    if not quantities and not _has_words(said, near.facts.text):
        yield "duration", "number", said


def _quantity(said: str | None, near: Sources) -> _Differing:
    if not said:
        return
    text = near.facts.text
    ends = [one.end() for one in _DISPENSED.finditer(text)]
    told = [one for one in near.quantities if any(0 <= one.start - end <= 2 for end in ends)]
    for one in quantities_of(folded(said)):
        among = told or near.quantities
        same = [two for two in among if one.bare & two.bare]
        if not same:
            yield "quantity", "number", said
        elif one.kind and all(two.kind and two.kind != one.kind for two in same):
            yield "quantity", "unit", said


def _refills(said: int | None, text: str) -> _Differing:
    if said is None:
        return
    told = set()
    for one in _REFILLS.finditer(text):
        word = one["n1"] or one["n2"] or one["n3"]
        told.add(0 if one["without"] else _counted(word))
    if (told and said not in told) or (not told and said):
        yield "refills", "number", f"{said} refills"


def _counted(word: str) -> int:
    return int(word) if word.isdigit() else _COUNT.get(word, 0)


def _sides(one: PrescribedMedication, near: Sources) -> _Differing:
    there = {side.side for side in near.facts.sides}
    for name in ("drug", "dose", "route", "frequency", "duration"):
        said = getattr(one, name)
        for side in sides_of(folded(said)) if said else ():
            if side.side not in there:
                yield name, "side", said


def _has_words(said: str, text: str) -> bool:
    words = [word.text for word in words_of(folded(said)) if len(word.text) > 2]
    found = sum(word[:5] in text for word in words)
    return found * 2 >= len(words)


def _stretch(one: PrescribedMedication, evidence: Evidence) -> Span:
    """Return the lines about a medicine: those quoted, on to the next medicine's."""
    spans = [span for span in one.spans if span[1] > span[0]]
    if not spans:
        return 0, len(evidence.text)
    start, end = min(span[0] for span in spans), max(span[1] for span in spans)
    quoted = {each.drug for each in evidence.drugs if start <= each.start < end}
    quoted |= {each.drug for each in drugs_of(words_of(folded(one.drug)))}
    others = [each for each in evidence.drugs if each.drug not in quoted]
    line = evidence.plain.rfind("\n", 0, start) + 1
    before = max((each.end for each in others if line <= each.start < start), default=line)
    after = min((each.start for each in others if each.start >= end), default=len(evidence.text))
    last = evidence.plain.rfind("\n", end, after)
    # What stands in front of the next medicine on its own line is that one's.
    whole = after if after == len(evidence.text) or last < 0 else last
    return (start if before > line else line), max(end, whole)
