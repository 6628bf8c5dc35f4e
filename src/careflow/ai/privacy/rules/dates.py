"""Dates in numbers, in the orders people write them; a duration or a frequency is none."""

from __future__ import annotations

import re
from collections.abc import Iterator

from careflow.ai.privacy.found import Found
from careflow.ai.privacy.rules.date_words import DAY, WEEKDAY, YEAR

_NUMERIC = re.compile(
    # year first; with a time in the ISO way
    r"(?<![\w.])(?:1[89]|20)\d\d\s?([\-/._])\s?(?:0?[1-9]|1[0-2])\s?\1\s?"
    rf"{DAY}(?:T\d\d(?::?\d\d){{1,2}}(?:\.\d+)?(?:Z|[+\-]\d\d:?\d\d)?)?(?![\w])"
    # day or month first
    rf"|(?<![\w.\-/])(?:{DAY})\s?([/.\-–_])\s?(?:{DAY})\s?\2\s?(?:(?:1[89]|20)?\d\d|['’]\d\d)"
    r"(?![\w/])(?!\.\d)"
    # day, Roman month
    rf"|(?<![\w.]){DAY}([/.\-])(?:I{{1,3}}|IV|VI{{0,3}}|IX|XI{{0,2}})\3(?:1[89]|20)?\d\d(?!\w)"
    # month and year
    r"|(?<![\w./\-])(?:0?[1-9]|1[0-2])\s?[/\-.]\s?(?:19|20)\d\d(?![\w/\-])"
    r"|(?<![\w./\-])(?:19|20)\d\d[/\-](?:0[1-9]|1[0-2])(?![\w/\-])"
    # undelimited, as machines write it
    r"|(?<![\w.\-/])(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|"
    r"3[01])(?:T?\d{4,6}Z?)?(?![\w\-/])"
    r"|(?<![\w.\-/])(?:0[1-9]|[12]\d|3[01]){2}(?:19|20)\d\d(?![\w\-/])"
    # written apart
    r"|(?<![\w.\-/])(?:19|20)\d\d (?:0[1-9]|1[0-2]) (?:0[1-9]|[12]\d|3[01])(?![\w\-/.])"
    r"|(?<![\w.\-/])(?:0[1-9]|[12]\d|3[01]) (?:0[1-9]|1[0-2]) (?:19|20)\d\d(?![\w\-/.])"
)
_BORN = re.compile(
    r"\b(?:born|b\.|birth\s?year|yob|year\s+of\s+birth|dob|nacid[oa]|naci[oó])\W{0,3}"
    rf"(?:(?:in|on|is|was|en|around|back|el|año)\s+)*({YEAR}|['’]\d\d\b)"
    r"|\bc(?:lass)?\s+of\s+((?:19|20)\d\d)\b",
    re.IGNORECASE,
)
_LABELLED = re.compile(
    r"\b(?:dob|d\.o\.b\.?|birth\s?date|date\s+of\s+birth|birthdate|born|bday|birthday|dod|dos|"
    r"d\.o\.s\.?|doa|admit(?:ted)?(?:\s+date)?|discharged?(?:\s+date)?|date(?:\s+of\s+\w+)?|dated|"
    r"fecha(?:\s+de\s+\w+)?|f\.?\s?nac\.?|nacid[oa])\W{0,4}(?:(?:is|was|on|of|el)\s+)?"
    r"((?:\d{1,4}[\s/.\-]{1,2}){1,2}\d{1,4}|\d{6}|\d{8})(?![\w/])",
    re.IGNORECASE,
)
_SHORT = re.compile(
    r"(?<![\w./\-+])(0?[1-9]|[12]\d|3[01])([/\-.])(0?[1-9]|[12]\d|3[01])(?![\w/.]*[\w/%]|[\-–]\d)"
)
_SHORT_BEFORE = re.compile(
    r"(?:\b(?:on|since|until|till|dated?|as of|through|thru|between|seen|visit(?:ed)?|"
    r"admit(?:ted)?|adm|discharged?|d/c(?:'d)?|due|appt|appointment|labs?|before|after|began|"
    r"started|stopped|by|of|from|to|dos|doa|dob|surgery|scheduled|signed|mon|tues?|wed|thurs?|fri|"
    r"sat|sun|\w+day|lunes|martes|mi[eé]rcoles|jueves|viernes|s[aá]bado|domingo|el|desde|hasta|d[ií]a|fecha|last|next|xray|x-ray|born|expires?|ends?|"
    r"starting|effective|arriv\w+|return\w*|week|ct|mri|us|echo|ekg|ecg|cxr|"
    r"given|placed|removed|culture[sd]?|repeat|drawn|exam|note|updated?)\b[:,.]?\s*\(?"
    r"|(?:^|[\n;])\s*[(\[*\-•]?\s*|\(\s?|\d\s?(?:-|–|to|and|&)\s?)$",
    re.IGNORECASE,
)
_SHORT_AFTER = re.compile(
    r"\s*(?:strength|pain|power|motor|murmur|systolic|diastolic|sem\b|in (?:all|both|the)|"
    r"bilateral|upper|lower|score|points?|of|tablets?|tabs?|mg|ml|cc|cm|mm|normal|throughout|"
    r"pulses?|reflex\w*|grip|dorsi\w*|plantar\w*|flexi\w*|exten\w*|days|weeks|times|cores|nodes|"
    r"criteria|items|positive|questions|words|recall|gcs|vision|doses|episodes|patients|on pain)",
    re.IGNORECASE,
)
_SHORT_SAID = re.compile(
    r"\s*(?:@|at\s\d|\d{1,2}:\d\d|visit|appt|appointment|note\b|labs?\b|ct\b|mri\b|admission|surgery|clinic|"
    r"discharge|cxr|culture|biopsy|:|\d{4}\s?h)",
    re.IGNORECASE,
)
_ON_THE = re.compile(
    r"\b(?:on|since|until|by|from|through|before|after)\s+the\s+((?:[1-9]|[12]\d|3[01])"
    r"(?:st|nd|rd|th))\b(?=\s*(?:[,.;)]|$|at\b|and\b|for\b|with\b|to\b|in the\b|of (?:this|last|"
    r"next|the) month))",
    re.IGNORECASE,
)
_WEEKDAY_BEFORE = re.compile(rf"\b{WEEKDAY}\.?,?\s*$", re.IGNORECASE)
_MONTHS_IN_YEAR = 12
_NO_HIGHEST = frozenset({13, 14, 17, 19, 21, 22, 23, 26, 27, 28, 29, 31})
"""Numbers that are the highest mark of few scores, so that a day ends in them more often."""
_RATED = re.compile(r"pain|sever|rate|intens|scale|worst|discomfort", re.IGNORECASE)
_SCORE = re.compile(
    r"phq|gad|braden|scor|scale|moca|mmse|slums|epworth|nihss|index|test", re.IGNORECASE
)


def dates_in(text: str) -> Iterator[Found]:
    """Yield dates, with the weekday before them."""
    for hit in _NUMERIC.finditer(text):
        before = _WEEKDAY_BEFORE.search(text, max(hit.start() - 14, 0), hit.start())
        yield Found(before.start() if before else hit.start(), hit.end(), "DATE")
    for pattern in (_BORN, _LABELLED, _ON_THE):
        for hit in pattern.finditer(text):
            group = hit.lastindex or 0
            yield Found(hit.start(group), hit.end(group), "DATE")
    yield from _short(text)


def _short(text: str) -> Iterator[Found]:
    """Yield days without a year where the words around them say that they are days."""
    for hit in _SHORT.finditer(text):
        if min(int(hit[1]), int(hit[3])) > _MONTHS_IN_YEAR or _SHORT_AFTER.match(text, hit.end()):
            continue
        if hit[2] != "/" and not re.search(
            r"\bon\s+$|\bdated\s+$|\bel\s+(?:d[ií]a\s+)?$",
            text[max(hit.start() - 12, 0) : hit.start()],
        ):
            continue
        before = text[max(hit.start() - 24, 0) : hit.start()]
        if hit[3] == "10" and _RATED.search(before):
            continue
        is_padded = hit[0].startswith("0") or hit[3].startswith("0")
        is_no_score = int(hit[3]) in _NO_HIGHEST and not _SCORE.search(before)
        if (
            is_padded
            or is_no_score
            or _SHORT_SAID.match(text, hit.end())
            or _SHORT_BEFORE.search(text[max(hit.start() - 24, 0) : hit.start()])
        ):
            yield Found(hit.start(), hit.end(), "DATE")
