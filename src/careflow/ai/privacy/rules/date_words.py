"""Dates in which a month, a weekday or a feast is named."""

from __future__ import annotations

import re
from collections.abc import Iterator

from careflow.ai.privacy.found import Found
from careflow.ai.privacy.rules.listed import listed
from careflow.ai.privacy.rules.tokens import Words

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
DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_ORDINAL = rf"{DAY}\s?(?:st|nd|rd|th|º|°|ª)?"
YEAR = r"(?:(?:1[89]|20)\d\d|['’‘`]\d\d)\b"
_YEAR_LOOSE = r"(?:(?:1[89]|20)\d\d|['’‘`]?\d\d)\b(?!\s?(?:[%:/]|mg|ml|years?|y/?o\b|am\b|pm\b))"
_OF = r"(?:\s?[,.\-/]\s?|\s+(?:of\s+|de\s+|del\s+|in\s+|the\s+year\s+|año\s+)*)"
WORD_DAY = (
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
WEEKDAY = (
    r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b|lunes|martes|"
    r"mi[eé]rcoles|jueves|viernes|s[aá]bado|domingo)"
)
_UP_TO = r"\s?(?:-|–|—|to|through|thru|until|and|&|y|al?|hasta)\s?"

_NAMED = re.compile(
    rf"(?:\b{WEEKDAY}\.?,?\s+(?:the\s+|el\s+)?)?(?:"
    # 3 January 2023, 3-5 de enero del 2023, 03JAN1961, 03-Jan-23
    rf"(?<![\w./\-]){_ORDINAL}(?:{_UP_TO}{_ORDINAL})?(?:\s+day)?(?:\s?[\-./,]\s?|\s+(?:of\s+|"
    rf"de\s+)?|(?<=\d)){_MONTH}"
    rf"(?:(?:{_OF}|(?<=[a-z])){_YEAR_LOOSE})?{_WORD_YEAR}?"
    # January 3rd, 2023; Jan 3-5; JAN 03 1961
    rf"|\b{_MONTH}(?:\s?[\-./,]\s?|\s*)(?:the\s+)?{DAY}(?:\s?(?:st|nd|rd|th)\b|\b)(?![%:/]|\.\d|"
    rf"\s?(?:mg|ml|years?|weeks?|days?|months?)\b)"
    rf"(?:{_UP_TO}(?:{_MONTH}\s?)?{DAY}(?:st|nd|rd|"
    rf"th)?\b(?![:/]))?(?:{_OF}{_YEAR_LOOSE})?{_WORD_YEAR}?"
    # January 2023, Jan '23, enero de 2023, 2023 January
    rf"|\b{_MONTH}(?:{_UP_TO}{_MONTH})?{_OF}{YEAR}"
    rf"|\b{_MONTH_FULL}{_UP_TO}{_MONTH_FULL}"
    rf"|\b(?:1[89]|20)\d\d[\s,\-./]*{_MONTH}(?:[\s\-./]*{DAY}\b(?:st|nd|rd|th)?)?"
    # the third of June, June third, tres de marzo
    rf"|\b{WORD_DAY}(?:\s+day)?\s+(?:of\s+)?{_MONTH}(?:{_OF}{YEAR})?{_WORD_YEAR}?"
    rf"|\b{_MONTH}\s+(?:the\s+)?{WORD_DAY}\b(?:{_OF}{YEAR})?{_WORD_YEAR}?"
    rf"|\b{_DIA}\s+de\s+{_MONTH}(?:{_OF}{YEAR})?{_WORD_YEAR}?"
    rf"|\b{_MONTH_FULL}{_WORD_YEAR}"
    rf"|\b{_MONTH_FULL}\s+(?:of\s+)?(?:last|this|that|the\s+same|next)\s+year"
    r")",
    re.IGNORECASE,
)
_BARE_MONTH = re.compile(
    rf"\b(?:(?:last|(?<=this )past)[\s\-]+{_MONTH_FULL}"
    rf"|(?<=since ){_MONTH_FULL}"
    rf"|(?<=since late ){_MONTH_FULL}|(?<=since early ){_MONTH_FULL})(?=\W|$)",
    re.IGNORECASE,
)
_DAYS = re.compile(
    rf"\b{WEEKDAY},?\s+(?:the\s+)?(?:[1-9]|[12]\d|3[01])(?:st|nd|rd|th)\b|"
    r"\b(?:christmas(?:\s+(?:day|eve))?|xmas(?:\s+(?:day|eve))?|thanksgiving(?:\s+day)?|"
    r"easter(?:\s+(?:sunday|monday|day|weekend))?|new\s+year['’]?s?(?:\s+(?:day|eve))|"
    r"hallowe['’]?en|"
    r"(?:labou?r|memorial|veterans['’]?|independence|valentine['’]?s?|st\.?\s+patrick['’]?s|"
    r"mother['’]?s|father['’]?s|columbus|presidents['’]?|martin\s+luther\s+king(?:\s+jr\.?)?|mlk|"
    r"boxing|canada|anzac|groundhog|juneteenth|bastille)\s+day|"
    r"(?:the\s+)?fourth\s+of\s+july|cinco\s+de\s+mayo|good\s+friday|ash\s+wednesday|hanukkah|"
    r"diwali|juneteenth|yom\s+kippur|rosh\s+hashanah|passover|eid\s+al[\s\-]\w+|"
    r"nochebuena|navidad|a[ñn]o\s+nuevo|semana\s+santa|d[ií]a\s+de\s+(?:reyes|"
    r"todos\s+los\s+santos))"
    rf"\b(?:{_OF}{YEAR})?|"
    r"\b(?:(?:early|late|mid)[\s\-])?(?:spring|summer|autumn|fall|winter|primavera|verano|oto[ñn]o|"
    rf"invierno)(?:,|\s+of|\s+de(?:l)?)?\s+{YEAR}|\bQ[1-4][\s/\-]?{YEAR}|"
    rf"\b(?:beginning|start|end|middle|principios|finales|mediados)\s+(?:of|"
    rf"de)\s+{_MONTH_FULL}(?:{_OF}{YEAR})?",
    re.IGNORECASE,
)
_MONTHS = listed("""
january february march april may june july august september october november december jan feb febr
mar apr jun jul aug sep sept oct nov dec enero febrero marzo abril mayo junio julio agosto
septiembre setiembre octubre noviembre diciembre ene abr ago dic
""")
_SAID = listed("""
christmas xmas thanksgiving easter year halloween hallowe'en labor labour memorial veterans
independence valentine valentine's patrick mother father columbus presidents luther mlk boxing
canada anzac groundhog juneteenth bastille fourth cinco friday wednesday hanukkah diwali kippur
rosh passover eid nochebuena navidad nuevo semana reyes santos spring summer autumn fall winter
primavera verano otono invierno q beginning start end middle principios finales mediados monday
tuesday thursday saturday sunday mon tue tues wed thu thurs fri sat sun lunes martes miercoles
jueves viernes sabado domingo early-summer late-summer mid-summer
""")
"""A word of each date that has no month, so that other texts need no search."""
_BEFORE, _AFTER = 48, 72


def named_dates_in(words: Words) -> Iterator[Found]:
    """Yield dates that name a month, and those of feasts and seasons."""
    text = words.text
    for start, end in _around_months(words):
        for pattern in (_NAMED, _BARE_MONTH):
            for hit in pattern.finditer(text, start, end):
                yield _trimmed(text, hit.start(), hit.end())
    if not _SAID.isdisjoint(words.present):
        for hit in _DAYS.finditer(text):
            yield Found(hit.start(), hit.end(), "DATE")


def _around_months(words: Words) -> list[tuple[int, int]]:
    """Return the parts of a text in which a month is named."""
    parts: list[tuple[int, int]] = []
    for at, flat in enumerate(words.flat):
        if flat in _MONTHS or ("-" in flat and not _MONTHS.isdisjoint(flat.split("-"))):
            start, end = max(words.starts[at] - _BEFORE, 0), words.ends[at] + _AFTER
            if parts and start <= parts[-1][1]:
                parts[-1] = (parts[-1][0], end)
            else:
                parts.append((start, end))
    return parts


def _trimmed(text: str, start: int, end: int) -> Found:
    while start < end and not text[start].isalnum():
        start += 1
    return Found(start, end, "DATE")
