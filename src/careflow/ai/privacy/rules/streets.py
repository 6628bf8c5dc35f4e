"""Streets, boxes, rural routes and postal codes, by how they are written."""

from __future__ import annotations

import re
from collections.abc import Iterator

from careflow.ai.privacy.found import Found
from careflow.ai.privacy.rules.listed import listed
from careflow.ai.privacy.rules.tokens import Words

_KINDS = (
    "Street|St|Avenue|Ave?|Road|Rd|Drive|Dr|Lane|Ln|Boulevard|Blvd|Court|Ct|Place|Pl|Terrace|Terr?|"
    "Circle|Cir|Way|Highway|Hwy|Parkway|Pkwy|Trail|Trl|Tr|Loop|Path|Pike|Turnpike|Tpke|Square|Sq|"
    "Crescent|Cres|Close|Mews|Bend|Crossing|Xing|Plaza|Alley|Row|Run|Walk|Ridge|Point|Pt|Hill|"
    "Hollow|Grove|Glen|Gardens?|Heights|Hts|Manor|Commons?|Creek|Cove|Landing|Station|View|Vista|"
    "Meadows?|Park|Estates?|Pass|Spur|Bluff|Broadway|Esplanade|Expressway|Freeway|Fwy|Quay|Wharf|"
    "Rise|Green|Field|Fields|Gate|Village|Bypass|Causeway|Camino|Calle|Mill|Orchard|Acres|Bridge"
)
_SURE_KINDS = (
    "Street|Avenue|Ave|Road|Rd|Lane|Ln|Boulevard|Blvd|Highway|Hwy|Parkway|Pkwy|Terrace|Crescent|"
    "Turnpike"
)
STATES = (
    "A[LKZR]|C[AOT]|D[CE]|FL|GA|HI|I[DLNA]|K[SY]|LA|M[EDAINSOT]|N[EVHJMYCD]|O[HKR]|P[AR]|RI|"
    "S[CD]|T[NX]|"
    "UT|V[TA]|W[AVIY]"
)
STATE_NAMES = (
    "Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia|"
    "Hawaii|"
    "Idaho|Illinois|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|"
    "Minnesota|Mississippi|Missouri|Montana|Nebraska|Nevada|New Hampshire|New Jersey|New Mexico|"
    "New York|North Carolina|North Dakota|Ohio|Oklahoma|Oregon|Pennsylvania|Rhode Island|"
    "South Carolina|South Dakota|Tennessee|Texas|Utah|Vermont|Virginia|Washington|West Virginia|"
    "Wisconsin|Wyoming"
)
_DIRECTION = r"(?:(?:[NSEW]|NE|NW|SE|SW|North|South|East|West)\.?[ \t]+)"
_UNIT = (
    r"(?:[,.]?\s*(?:(?i:apt|apartment|unit|suite|ste|floor|fl|bldg|building|lot|trlr|trailer|rm|"
    r"room|"
    r"space|spc|flat|piso|dpto|int|pmb|box)\b\.?\s*#?\s*|#\s*)[A-Za-z0-9]+(?:-[A-Za-z0-9]+)?\b)"
)
_ZIP = r"\d{5}(?:\s?-\s?\d{4})?\b"
_NAME = r"(?:[A-Z][\w'’.\-]*|\d{1,3}(?:st|nd|rd|th)|of|the|de|la|del|los|las|El|La)"
_TAIL = rf"(?:[,.]?\s+(?:{STATES}|{STATE_NAMES})\b\.?,?\s*(?:{_ZIP})?)"

_STREET = re.compile(
    # 7632 2nd Ave, Apt 4; 12 N. Old Mill Rd
    rf"\d(?<![\w./:\-]\d)\d{{0,5}}[A-Za-z]?(?:[-–/]\d{{1,4}}[A-Za-z]?|"
    rf"[ \t]1/2)?,?[ \t]+{_DIRECTION}?(?:{_NAME}[ \t]+){{1,4}}"
    rf"(?:{_KINDS})\b\.?(?:[ \t]+(?:[NSEW]|NE|NW|SE|SW|North|South|East|West)\b)?{_UNIT}?"
    # 48 Wisteria, Salem, OR 97301
    rf"|\d(?<![\w./:\-]\d)\d{{0,5}}[ \t]+"
    rf"(?:[A-Z][\w'’]+[ \t]+){{0,2}}[A-Z][\w'’]+{_UNIT}?,[ \t]+[A-Z][\w'’]+"
    rf"(?:[ \t][A-Z][\w'’]+){{0,2}}{_TAIL}"
    # 204 Way of the Winds
    rf"|\d(?<![\w./:\-]\d)\d{{1,4}}[ \t]+[A-Z][a-z]+[ \t](?:of|the|de|del|la|des|du|on|in|by|"
    rf"over|under)[ \t](?:the[ \t]|la[ \t])?[A-Z][a-z]+"
    # 18 Broadway
    rf"|\d(?<![\w./:\-]\d)\d{{0,5}}[ \t]+{_DIRECTION}?(?:Broadway|Main|The[ \t]+[A-Z]\w+){_UNIT}?\b"
)
_LOWER_STREET = re.compile(
    r"\d(?<![\w./:\-]\d)\d{0,5}[ \t]+(?:[nsew]\.?[ \t]+)?(?:[a-z'’]+[ \t]+|\d{1,3}(?:st|nd|rd|"
    r"th)[ \t]+){1,2}"
    r"(?:street|avenue|ave|road|rd|lane|ln|blvd|boulevard|drive|court|terrace|highway|hwy)\b\.?"
    rf"{_UNIT}?",
)
_RURAL = re.compile(
    r"\b(?:Rural\s+(?:Route|Rt\.?)|RFD|R\.?F\.?D\.?|Highway\s+Contract|Star\s+Route|Route|Rte?\.?|"
    r"County\s+(?:Road|Rd\.?|Route|Highway|Hwy|Line)|Co\.?\s+R(?:oa)?d\.?|"
    r"Farm[\s\-]to[\s\-]Market(?:\s+Road)?|State\s+(?:Route|Road|Rte?\.?|Highway|Hwy\.?)|"
    r"(?:US\s+)?(?:Highway|Hwy\.?)|Interstate|Forest\s+(?:Road|Service\s+Road)|"
    r"Township\s+(?:Road|Rd)|"
    r"Private\s+(?:Road|Rd|Drive)|Ranch\s+(?:Road|Rd)|Fire\s+(?:Road|Lane)|Mile\s?(?:post|marker))"
    r"\s*#?\s*\d{1,5}[A-Z]?\b(?:,?\s*(?:Box|Bx|Lot|Unit)\s*#?\s*\d+[\w\-]*)?"
    r"|\b(?:R\.?R\.?|HCR?|CR|C\.R\.|SR|FM|F\.M\.|TR)\s*#?\s*\d{1,5}[A-Z]?,?\s*(?:Box|Bx|Lot|"
    r"Unit)\s*#?\s*\d+[\w\-]*"
    r"|\b(?:(?<=on )|(?<=at )|(?<=off )|(?<=near )|(?<=along ))(?:R\.?R\.?|HCR?|CR|C\.R\.|SR|FM|"
    r"F\.M\.|TR)\s*#?\s*\d{1,5}\b(?![./%])"
    r"|\d(?<![\w./]\d)\d{0,5}\s+(?:CR|C\.R\.|FM|SR|TR|RR|Rd|NW|NE|SW|SE)\s+\d{1,5}\b"
    r"|\b(?:(?:P\.?\s?O\.?|Post\s+Office|PMB)[\s.]*(?:Box|Bx|Drawer)|APO|FPO|"
    r"Apartado(?:\s+de\s+[Cc]orreos)?)\s*#?\s*\d{1,7}\b"
    r"|\b(?:Box|Drawer)\s+#?\d{1,6}\b"
)
_RURAL_NUMBER = re.compile(r"(?<![\w./])\d{1,6}\s+$")
_NAMED_STREET = re.compile(
    rf"\b(?:[A-Z][\w'’\-]{{1,40}}\.?[ \t]+|\d{{1,3}}(?:st|nd|rd|th)[ \t]+){{1,3}}(?:{_SURE_KINDS}|"
    rf"street|avenue|road|lane|boulevard|highway)\b"
    r"(?:\s+(?:and|&|at)\s+(?:[A-Z][\w'’]+|\d{1,3}(?:st|nd|rd|th))(?:\s+(?:St|Street|Ave|Avenue|"
    r"Rd|Road))?)?"
    r"|\b(?:corner|intersection)\s+of\s+[\w'’]+(?:\s[A-Z][\w'’]+)?\s+(?:and|"
    r"&)\s+[\w'’]+(?:\s[A-Z][\w'’]+)?"
)
_LABELLED = re.compile(
    r"\b(?:(?:home|street|mailing|work|current|billing|permanent|postal)\s+)?"
    r"(?:address|addr|residence|domicilio|direcci[oó]n)\b(?:\s+is|\s*[:=])\s*"
    r"(?=[^\n]{0,40}\d|[A-Z])(?=[A-Z0-9])([^\n;]{4,90}?)(?=\s{2,}|\.\s|\.?$|\n|;|\s(?:Phone|Tel|"
    r"DOB|Email|Cell|MRN|SSN|Home|"
    r"Mobile|Fax|CP|Localidad)\b)",
    re.IGNORECASE | re.MULTILINE,
)
_STATE_BEFORE = re.compile(rf"\b(?:{STATES}|{STATE_NAMES})\.?,?\s+$", re.IGNORECASE)
_ZIPS = re.compile(rf"\d(?<![\w.\-/]\d)(?={_ZIP}|\d{{4}}\b)\d{{4}}(?:\s?-\s?\d{{4}})?\b")
_ZIP_SAID = re.compile(
    r"\b(?:zip(?:\s?code)?|postal\s+code|post\s?code|c\.?p\.?|c[oó]digo\s+postal)\W{0,3}(?:is\s+)?"
    r"(\d{3,5}(?:-\d{4})?|[A-Z]\d[A-Z]\s?\d[A-Z]\d)\b",
    re.IGNORECASE,
)
_POSTCODE = re.compile(
    r"\b[A-Z]{1,2}\d[A-Z\d]? \d[ABD-HJLNP-UW-Z]{2}\b"
    r"|\b[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z] \d[ABCEGHJ-NPRSTV-Z]\d\b"
)
_TOWN_POSTCODE = re.compile(
    r"[A-Z][a-z'’]+(?:[ \-][A-Z][a-z'’]+){0,2},?[ \n]+[A-Z]{1,2}\d[A-Z\d]? \d[ABD-HJLNP-UW-Z]{2}\b"
)
_CITY_STATE = re.compile(
    rf"\b((?:[A-Z][a-z'’\-]{{1,40}}[ \t]){{0,2}}[A-Z][a-z'’\-]{{2,40}}[ \t](?:{STATES}))"
    rf"(?=[ \t]+{_ZIP}|[.,;\n]|$)"
    rf"|\b((?:(?:[A-Z][a-z'’\-]{{1,40}}|St\.|Mt\.|Ft\.|de|of|"
    rf"la)[ \t]){{0,3}}[A-Z][a-zA-Z'’\-]{{1,40}}),\s?(?:{STATES}|{STATE_NAMES})\b(?:\s+{_ZIP})?"
)


_RURAL_WORDS = listed("""
rural rfd r highway star route rt rte county co farm-to-market farm state us hwy interstate forest
township private ranch fire mile milepost rr hc hcr cr sr fm tr rd nw ne sw se po p post pmb apo
fpo apartado box drawer
""")
_ADDRESS_WORDS = listed("address addr residence domicilio direccion")
_ZIP_WORDS = listed("zip zipcode postal postcode post c cp codigo")
_STREET_WORDS = listed("""
street avenue ave road rd lane ln boulevard blvd highway hwy parkway pkwy terrace crescent
turnpike corner intersection
""")


def streets_in(words: Words) -> Iterator[Found]:
    """Yield streets, boxes, routes and postal codes."""
    text, present = words.text, words.present
    for pattern in (_STREET, _LOWER_STREET, _POSTCODE):
        for hit in pattern.finditer(text):
            yield Found(hit.start(), hit.end(), "GEO")
    for hit in _CITY_STATE.finditer(text):
        group = hit.lastindex or 0
        yield Found(hit.start(group), hit.end(group), "GEO")
    for hit in _TOWN_POSTCODE.finditer(text):
        yield Found(hit.start(), hit.end(), "GEO")
    for hit in _ZIPS.finditer(text):
        if _STATE_BEFORE.search(text, max(hit.start() - 18, 0), hit.start()):
            yield Found(hit.start(), hit.end(), "GEO")
    if not _RURAL_WORDS.isdisjoint(present):
        yield from _rural(text)
    for hints, pattern in (
        (_STREET_WORDS, _NAMED_STREET),
        (_ADDRESS_WORDS, _LABELLED),
        (_ZIP_WORDS, _ZIP_SAID),
    ):
        for hit in pattern.finditer(text) if not hints.isdisjoint(present) else ():
            group = hit.lastindex or 0
            yield Found(hit.start(group), hit.end(group), "GEO")


def _rural(text: str) -> Iterator[Found]:
    for hit in _RURAL.finditer(text):
        number = _RURAL_NUMBER.search(text, max(hit.start() - 8, 0), hit.start())
        yield Found(number.start() if number else hit.start(), hit.end(), "GEO")
