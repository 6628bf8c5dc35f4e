"""Shapes that no clinical text needs once identifiers are out of it: numbers, addresses, dates."""

from __future__ import annotations

import re

from careflow.ai.privacy.written_dates import Written, dates_in

_YEAR_DIGITS = 4
_BEFORE = 16

_UNIT = (
    r"\s?(?:/|x\s?10|×|\*|\^|%|(?:IU|UI|U|units?|unidades|mg|mcg|µg|μg|ng|pg|g|kg|mL|ml|L|dL|"
    r"cells?|copies|copias|platelets|per|c[ée]lulas|cps|CFU|cfu|Da|bp|Hz|mm|µL|uL|K)\b)"
)
_AFTER_CODE = re.compile(
    r"\b(?:PMID|PMCID|PMC|NCT|doi|SNOMED(?:[ -]CT)?|SCTID|RxNorm|RXCUI|rxnorm|LOINC|CPT|HCPCS|NDC|"
    r"UNII|ATC|CAS|OMIM|MeSH|HGNC|CVX|ISBN|ISSN)\"?[:#\s\-]{0,3}$|\brs$"
)
_CODE = re.compile(r"(?:NCT|PMC|rs)\d|10\.\d{4}")
_ROUND = r"(?:[1-9]\d?0{4,})"

_SHAPES: tuple[tuple[str, str], ...] = (
    ("an e-mail address", r"[\w.+-]+\s?(?:@|\(at\)|\[at\])\s?[\w-]+\s?(?:\.|\(dot\))\s?\w"),
    (
        "a web address",
        r"(?i:(?:https?://|\bwww\.)\S|"
        r"\b[\w-]{2,}\.(?:com|org|net|edu|gov|info|example|health|care|io|es)\b)",
    ),
    (
        "an address on the network",
        r"(?i:(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])|\b(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}\b|"
        r"\b(?:[0-9a-f]{1,4}:){4,7}[0-9a-f]{1,4}\b)",
    ),
    (
        "a telephone number",
        r"(?<![\d.,])(?:\+?1[\s.-]?)?\(?\d{3}\)?[\s.-]{1,2}\d{3}[\s.-]{1,2}\d{4}(?!\d)|"
        r"(?<![\d.,(-])\d{3}[-.]\d{4}(?![\d-])|\+\d{1,3}[\s.-]?\(?\d[\d\s().-]{6,}\d|"
        r"(?<![\d.,])[6789]\d{2}[ .-]\d{3}[ .-]\d{3}(?![\d.])|"
        r"(?<![\d.,])[6789]\d{2}[ .-]\d{2}[ .-]\d{2}[ .-]\d{2}(?![\d.])",
    ),
    ("a social security number", r"(?<![\d-])\d{3}[- ]\d{2}[- ]\d{4}(?![\d-])"),
    (
        "a long number",
        rf"(?<![\d.,])(?<!\d[-/])(?!{_ROUND}(?!\d))\d{{6,}}(?!\d|[.,]\d|{_UNIT})",
    ),
    (
        "a number in groups",
        rf"(?<![\w.,-])\d{{2,}}-\d{{2,}}-\d{{2,}}(?:-\d+)*(?![\w-])|"
        rf"(?<![\w.,-])(?!(?:19|20)\d\d-(?:19|20)\d\d)\d{{4,}}-\d{{4,}}(?!\d|{_UNIT})|"
        r"(?<![\d.,/])\d{2}\s\d{2}\s\d{4,6}(?!\d|[.,]\d)",
    ),
    (
        "a number with letters",
        r"\b(?=[A-Z0-9-]*[A-Z])(?=(?:[A-Z-]*\d){5})[A-Z0-9][A-Z0-9-]{5,}\b",
    ),
    (
        "an age above 89",
        r"(?i:\b(?:9\d|1[0-2]\d)(?:[\s-]*(?:years?|yrs?|y)[\s.-]*(?:old|o\b)|\s?y/?o\b|"
        r"\s?años(?: de edad)?\b)|\b(?:aged?|edad)\s*(?:of|:|de)?\s*(?:9\d|1[0-2]\d)(?![\d.%]))",
    ),
    (
        "a street",
        r"\b\d{1,5}\s+(?:[NSEW]\.?\s+)?(?:[A-Z0-9][\w'’.]*\s+){1,3}"
        r"(?:St|Street|Ave|Avenue|Rd|Road|Blvd|Boulevard|Lane|Ln|Drive|Court|Ct|Way|Place|Row|"
        r"Terrace|Highway|Hwy|Parkway|Pkwy|Trail|Circle)\b|"
        r"(?:\bC/|\b(?:Calle|Avda|Av|Avenida|Plaza|Paseo)\.?\s)\s?[A-ZÁÉÍÓÚÑ]|"
        r"\b(?:Calle|Avda|Avenida|Plaza|Paseo|Ronda|Camino)\.?\s+[^\n\d]{2,40}\d|"
        r"\bP\.?\s?O\.?\s?Box\s+\d|\bApartado de Correos\s+\d",
    ),
    (
        "a postal code",
        r"\b[A-Z]{2}\s+\d{5}(?:-\d{4})?\b|\bC\.?P\.?:?\s*\d{5}\b|"
        r"(?<![\d.,])(?!\d{2}000)\d{5}\s+[A-ZÁÉÍÓÚÑ][a-záéíóúñ]{3,}",
    ),
)
_OF_DIGITS = tuple((said, re.compile(shape)) for said, shape in _SHAPES[2:])
_OF_WORDS = tuple((said, re.compile(shape)) for said, shape in _SHAPES[:2])
_MAIL_OR_WEB = re.compile(r"@|\(at\)|\[at\]|://|(?i:www\.)|\.[A-Za-z]{2}")


def shape_in(bare: str) -> str | None:
    """Return which shape a text has somewhere, in words, or ``None``."""
    if _MAIL_OR_WEB.search(bare):
        for said, shape in _OF_WORDS:
            if shape.search(bare):
                return said
    for said, shape in _OF_DIGITS:
        if any(not _is_coded(bare, found) for found in shape.finditer(bare)):
            return said
    return "a date" if any(map(_is_date, dates_in(bare))) else None


def _is_coded(bare: str, found: re.Match[str]) -> bool:
    """Report whether a number names an article, a study or a code of a published system."""
    before = bare[max(0, found.start() - _BEFORE) : found.start()]
    return _AFTER_CODE.search(before) is not None or _CODE.match(found[0]) is not None


def _is_date(one: Written) -> bool:
    said = one.found.groupdict()
    if one.has_name:
        return one.precision in {"day", "month"} or said["name"][0].isupper()
    if one.precision == "month":
        return True
    if one.precision != "day":
        return False
    return len(said["year"]) == _YEAR_DIGITS or "/" in (said.get("sep") or "/")
