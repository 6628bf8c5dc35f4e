"""Dates in the ways people write them; a year alone, a duration or a frequency is none."""

from __future__ import annotations

import re
from collections.abc import Iterator

from careflow.ai.privacy.found import Found

_MONTHS_EN = (
    r"jan(?:uary)?|feb(?:r?uary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_MONTHS_ES = (
    r"ene(?:ro)?|feb(?:rero)?|mar(?:zo)?|abr(?:il)?|mayo?|jun(?:io)?|jul(?:io)?|ago(?:sto)?|"
    r"sep(?:t(?:iembre)?)?|setiembre|oct(?:ubre)?|nov(?:iembre)?|dic(?:iembre)?"
)
_MONTH = rf"(?:{_MONTHS_EN}|{_MONTHS_ES})(?![a-zñáéíóú])\.?"
_MONTH_FULL = (
    r"(?:january|february|march|april|june|july|august|september|october|november|december|"
    r"enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|setiembre|octubre|noviembre|"
    r"diciembre|sept|jan|feb|apr|aug|oct|nov|dec)\b\.?"
)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_ORDINAL = rf"{_DAY}\s?(?:st|nd|rd|th|º|°|ª)?"
_YEAR = r"(?:(?:1[89]|20)\d\d|['’‘`]\d\d)\b"
_YEAR_LOOSE = r"(?:(?:1[89]|20)\d\d|['’‘`]?\d\d)\b(?!\s?(?:[%:/]|mg|ml|years?|y/?o\b|am\b|pm\b))"
_OF = r"(?:\s?[,.\-/]\s?|\s+(?:of\s+|de\s+|del\s+|in\s+|the\s+year\s+|año\s+)*)"
_WORD_DAY = (
    r"(?:twenty[\s\-]|thirty[\s\-])?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|"
    r"tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|"
    r"nineteenth|twentieth|thirtieth)"
)
_DIA = (
    r"(?:uno|primero|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|trece|catorce|"
    r"quince|diecis[eé]is|diecisiete|dieciocho|diecinueve|veinte|veinti[a-zúóé]+|"
    r"treinta(?:\s+y\s+uno)?)"
)
_WORD_YEAR = (
    r"(?:,?\s+(?:de\s+|del\s+|of\s+|in\s+)?(?:nineteen|twenty|two\s+thousand|mil\s+novecientos|"
    r"dos\s+mil)(?:[\s\-]+(?:and|y|hundred|oh|one|two|three|four|five|six|seven|eight|nine|ten|"
    r"eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|"
    r"forty|fifty|sixty|seventy|eighty|ninety|un[oa]?|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|"
    r"diez|once|doce|trece|catorce|quince|dieci[a-z]+|veint[a-z]+|treinta|cuarenta|cincuenta|"
    r"sesenta|setenta|ochenta|noventa)\b)*)"
)
_WEEKDAY = (
    r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b|lunes|martes|"
    r"mi[eé]rcoles|jueves|viernes|s[aá]bado|domingo)"
)
_UP_TO = r"\s?(?:-|–|—|to|through|thru|until|and|&|y|al?|hasta)\s?"

_NUMERIC = re.compile(
    # year first; with a time in the ISO way
    r"(?<![\w.])(?:1[89]|20)\d\d\s?([\-/._])\s?(?:0?[1-9]|1[0-2])\s?\1\s?"
    rf"{_DAY}(?:T\d\d(?::?\d\d){{1,2}}(?:\.\d+)?(?:Z|[+\-]\d\d:?\d\d)?)?(?![\w])"
    # day or month first
    rf"|(?<![\w.\-/])(?:{_DAY})\s?([/.\-–_])\s?(?:{_DAY})\s?\2\s?(?:(?:1[89]|20)?\d\d|['’]\d\d)"
    r"(?![\w/])(?!\.\d)"
    # day, Roman month
    rf"|(?<![\w.]){_DAY}([/.\-])(?:I{{1,3}}|IV|VI{{0,3}}|IX|XI{{0,2}})\3(?:1[89]|20)?\d\d(?!\w)"
    # month and year
    r"|(?<![\w./\-])(?:0?[1-9]|1[0-2])\s?[/\-.]\s?(?:19|20)\d\d(?![\w/\-])"
    r"|(?<![\w./\-])(?:19|20)\d\d[/\-](?:0[1-9]|1[0-2])(?![\w/\-])"
    # undelimited, as machines write it
    r"|(?<![\w.\-/])(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:T?\d{4,6}Z?)?(?![\w\-/])"
    r"|(?<![\w.\-/])(?:0[1-9]|[12]\d|3[01]){2}(?:19|20)\d\d(?![\w\-/])"
    # written apart
    r"|(?<![\w.\-/])(?:19|20)\d\d (?:0[1-9]|1[0-2]) (?:0[1-9]|[12]\d|3[01])(?![\w\-/.])"
    r"|(?<![\w.\-/])(?:0[1-9]|[12]\d|3[01]) (?:0[1-9]|1[0-2]) (?:19|20)\d\d(?![\w\-/.])"
)
_NAMED = re.compile(
    rf"(?:\b{_WEEKDAY}\.?,?\s+(?:the\s+|el\s+)?)?(?:"
    # 3 January 2023, 3-5 de enero del 2023, 03JAN1961, 03-Jan-23
    rf"(?<![\w./]){_ORDINAL}(?:{_UP_TO}{_ORDINAL})?(?:\s+day)?(?:\s?[\-./,]\s?|\s+(?:of\s+|de\s+)?|(?<=\d)){_MONTH}"
    rf"(?:(?:{_OF}|(?<=[a-z])){_YEAR_LOOSE})?{_WORD_YEAR}?"
    # January 3rd, 2023; Jan 3-5; JAN 03 1961
    rf"|\b{_MONTH}(?:\s?[\-./,]\s?|\s*)(?:the\s+)?{_DAY}(?:\s?(?:st|nd|rd|th)\b|\b)(?![%:/]|\.\d|\s?(?:mg|ml|years?|weeks?|days?|months?)\b)"
    rf"(?:{_UP_TO}(?:{_MONTH}\s?)?{_DAY}(?:st|nd|rd|th)?\b(?![:/]))?(?:{_OF}{_YEAR_LOOSE})?{_WORD_YEAR}?"
    # January 2023, Jan '23, enero de 2023, 2023 January
    rf"|\b{_MONTH}(?:{_UP_TO}{_MONTH})?{_OF}{_YEAR}"
    rf"|\b{_MONTH_FULL}{_UP_TO}{_MONTH_FULL}"
    rf"|\b(?:1[89]|20)\d\d[\s,\-./]+{_MONTH}(?:[\s\-./]+{_DAY}\b(?:st|nd|rd|th)?)?"
    # the third of June, June third, tres de marzo
    rf"|\b{_WORD_DAY}(?:\s+day)?\s+(?:of\s+)?{_MONTH}(?:{_OF}{_YEAR})?{_WORD_YEAR}?"
    rf"|\b{_MONTH}\s+(?:the\s+)?{_WORD_DAY}\b(?:{_OF}{_YEAR})?{_WORD_YEAR}?"
    rf"|\b{_DIA}\s+de\s+{_MONTH}(?:{_OF}{_YEAR})?{_WORD_YEAR}?"
    rf"|\b{_MONTH_FULL}{_WORD_YEAR}"
    rf"|\b{_MONTH_FULL}\s+(?:of\s+)?(?:last|this|that|the\s+same|next)\s+year"
    r")",
    re.IGNORECASE,
)
_ANY_MONTH = re.compile(
    r"jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|ene|abr|ago|set|dic", re.IGNORECASE
)
_BARE_MONTH = re.compile(
    rf"\b(?:last|(?<=this )past|since(?:\s+(?:about|around|early|late|mid))?)[\s\-]+{_MONTH_FULL}(?=\W|$)",
    re.IGNORECASE,
)
_DAYS = re.compile(
    rf"\b{_WEEKDAY},?\s+(?:the\s+)?(?:[1-9]|[12]\d|3[01])(?:st|nd|rd|th)\b|"
    r"\b(?:christmas(?:\s+(?:day|eve))?|xmas(?:\s+(?:day|eve))?|thanksgiving(?:\s+day)?|"
    r"easter(?:\s+(?:sunday|monday|day|weekend))?|new\s+year['’]?s?(?:\s+(?:day|eve))|hallowe['’]?en|"
    r"(?:labou?r|memorial|veterans['’]?|independence|valentine['’]?s?|st\.?\s+patrick['’]?s|"
    r"mother['’]?s|father['’]?s|columbus|presidents['’]?|martin\s+luther\s+king(?:\s+jr\.?)?|mlk|"
    r"boxing|canada|anzac|groundhog|juneteenth|bastille)\s+day|"
    r"(?:the\s+)?fourth\s+of\s+july|cinco\s+de\s+mayo|good\s+friday|ash\s+wednesday|hanukkah|"
    r"diwali|juneteenth|yom\s+kippur|rosh\s+hashanah|passover|eid\s+al[\s\-]\w+|"
    r"nochebuena|navidad|a[ñn]o\s+nuevo|semana\s+santa|d[ií]a\s+de\s+(?:reyes|todos\s+los\s+santos))"
    rf"\b(?:{_OF}{_YEAR})?|"
    r"\b(?:(?:early|late|mid)[\s\-])?(?:spring|summer|autumn|fall|winter|primavera|verano|oto[ñn]o|"
    rf"invierno){_OF}{_YEAR}|\bQ[1-4][\s/\-]?{_YEAR}|"
    rf"\b(?:beginning|start|end|middle|principios|finales|mediados)\s+(?:of|de)\s+{_MONTH_FULL}(?:{_OF}{_YEAR})?",
    re.IGNORECASE,
)
_BORN = re.compile(
    r"\b(?:born|b\.|birth\s?year|yob|year\s+of\s+birth|dob|nacid[oa]|naci[oó])\W{0,3}"
    rf"(?:(?:in|on|is|was|en|around|back|el|año)\s+)*({_YEAR}|['’]\d\d\b)"
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
    r"sat|sun|\w+day|el|desde|hasta|d[ií]a|fecha|last|next|xray|x-ray|born|expires?|ends?|starting|effective|arriv\w+|return\w*|week|ct|mri|us|echo|ekg|ecg|cxr|"
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
    r"\s*(?:@|at\s\d|visit|appt|appointment|note\b|labs?\b|ct\b|mri\b|admission|surgery|clinic|"
    r"discharge|cxr|culture|biopsy|:|\d{4}\s?h)",
    re.IGNORECASE,
)
_ON_THE = re.compile(
    r"\b(?:on|since|until|by|from|through|before|after)\s+the\s+((?:[1-9]|[12]\d|3[01])"
    r"(?:st|nd|rd|th)|"
    + _WORD_DAY
    + r")\b(?=\s*(?:[,.;)]|$|at\b|and\b|for\b|with\b|to\b|in the\b|of (?:this|last|next|the) month))",
    re.IGNORECASE,
)
_WEEKDAY_BEFORE = re.compile(rf"\b{_WEEKDAY}\.?,?\s*$", re.IGNORECASE)
_MONTHS_IN_YEAR = 12


def dates_in(text: str) -> Iterator[Found]:
    """Yield dates, with the weekday before them."""
    for hit in _NUMERIC.finditer(text):
        before = _WEEKDAY_BEFORE.search(text, max(hit.start() - 14, 0), hit.start())
        yield Found(before.start() if before else hit.start(), hit.end(), "DATE")
    if _ANY_MONTH.search(text):
        for pattern in (_NAMED, _BARE_MONTH):
            for hit in pattern.finditer(text):
                yield _trimmed(text, hit.start(), hit.end())
    for hit in _DAYS.finditer(text):
        yield Found(hit.start(), hit.end(), "DATE")
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
        is_padded = hit[0].startswith("0") or hit[3].startswith("0")
        if is_padded or _SHORT_SAID.match(text, hit.end()) or _SHORT_BEFORE.search(text[max(hit.start() - 24, 0) : hit.start()]):
            yield Found(hit.start(), hit.end(), "DATE")


def _trimmed(text: str, start: int, end: int) -> Found:
    while start < end and not text[start].isalnum():
        start += 1
    return Found(start, end, "DATE")
