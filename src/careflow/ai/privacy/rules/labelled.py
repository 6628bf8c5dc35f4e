"""Numbers that a word before them names: record, plan, account, licence, plate, serial and more."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from careflow.ai.privacy.found import Found, Label
from careflow.ai.privacy.rules.listed import listed

_LETTERS_BEFORE = re.compile(r"(?<![\w.])(?:[A-Za-z]{1,10}[\-–_/.])+$")
_MEASURED = re.compile(
    r"[\d.,]+[\-–][\d.,]*[.,][\d.,]*|[\d.,]+/[a-zA-Zµμ]+\d*|[\d.,]+[\-–][\d.,]+(?:/\w+)+"
)
_NUMBER = re.compile(r"(?<![A-Za-z0-9])[A-Za-z0-9]*\d[A-Za-z0-9]*(?:[\-–_/.:*][A-Za-z0-9]+)*")
_BACK = re.compile(r"[^\W\d_]+|[^\s\w]|[\n\r]|\d+")
_WINDOW = 48
_NEXT = re.compile(r"[ \-]([A-Z]{1,4}[ \-])?(\d{2,}[A-Z]?)\b(?!\s?[a-z%°/.,]*[a-z%°])")
_LETTER_AFTER = re.compile(r" [A-Z]\b(?![.\w])")
_LETTERS_MAX = 5

_STRONG: dict[Label, str] = {
    "MRN": "mrn mrns mr medrec emrn nhc cipa cip nuhsa nhs chi mpi empi urn hn uhid expediente",
    "SSN": "ssn ss social nino dni nie nif curp rfc itin ssns",
    "PLAN": "policy member ins subscriber medicare medicaid mbi hicn beneficiary pcn rxbin rxgrp "
    "rxpcn nass poliza afiliado afiliacion tricare insured dependent mediCal tarjeta sip",
    "ACCOUNT": "account acct accts acc iban invoice cuenta factura guarantor har fin routing",
    "LICENSE": "npi dea license licence lic upin gmc nmc colegiado numcol ncol nocol col licencia "
    "cedula aprn caqh clia",
    "VEHICLE": "vin plate plates matricula bastidor tag",
    "DEVICE": "serial sn imei udi serie mac serials",
    "BIOMETRIC": "fingerprint fingerprints retina retinal iris voiceprint faceprint biometric "
    "palm huella palmprint thumbprint voice",
    "OTHER": "accession claim csn badge employee student passport inmate edipi pasaporte "
    "episodio docket ticket barcode id ids identifier identificador enrollment enrolment "
    "participant empleado estudiante dodid confirmation kit recordkeeping uid uuid",
    "PHONE": "tel telephone phone ph cell mobile pager beeper pgr tlf tfno telefono movil telf "
    "telfs tlfno landline bleep whatsapp tele phones",
    "FAX": "fax facsimile",
}
_WEAK: dict[Label, str] = {
    "MRN": "record chart hospital unit patient pt paciente historia file folder hc records",
    "SSN": "security",
    "PLAN": "insurance plan group grp bin payer coverage certificate seguro mutua seguridad "
    "bcbs aetna cigna humana hmo ppo carrier payor",
    "ACCOUNT": "billing bill statement card visa mastercard amex check cheque bank deposit",
    "LICENSE": "registration reg permit registro medico provider prescriber credential",
    "VEHICLE": "vehicle car truck trailer registered",
    "DEVICE": "device implant pump pacemaker generator lead lot asset prosthesis lote "
    "dispositivo sensor transmitter meter monitor icd stimulator equipment",
    "BIOMETRIC": "print scan template facial hash finger",
    "OTHER": "study case encounter visit order specimen sample trial subject prescription rx "
    "reference ref tracking staff veteran military service protocol caso orden muestra "
    "registry donor locker key code username user login receipt booking appointment "
    "authorization auth referral requisition incident report folio dispatch",
    "PHONE": "call contact text sms dial home work office llamar contacto busca reach",
    "IP": "ip address",
}
_SKIPPED = listed("""
no nr num number numbers numero nro n id ids the a is was are es de del la el new old current his
her their my our your su code value reads reading ending with as of to at under for on file and y
in us o card device listed serial reports me him them back or using confirmed via be last four
digits 4 holder paciente patient sanitaria sanitario clinica codes s
""")
_PUNCTUATION = frozenset("#:=-–—()[]\"'º°ª.*|/№<>")
_STOPS = frozenset(",;!?\n\r")
_PUBLIC = listed("""
plt plts platelet platelets plaquetas leucocitos hematies wbc rbc hcg bhcg bnp ferritin ferritina
count counts load titer cfu colonies charge charges cost price total cpt icd hcpcs snomed loinc
rxnorm rxcui pmid doi ndc drg isbn nct mesh apc atc cas umls cie grade stage type version level
figure table page step chapter section article vol
""")
_UNIT_AFTER = re.compile(
    r"\s?(?:%|°|m?iu/|copies|cfu|mg|mcg|ug|µg|μg|kg|g\b|ml|dl|l\b|mm|cm|m\b|iu|units?|u\b|u/|"
    r"cells|copies|k/|x ?10|/|"
    r"bpm|beats|mmol|meq|ng|pg|kcal|cal\b|hours?|hrs?|min|days?|weeks?|months?|years?|y/?o\b|"
    r"patients|per\b|times|people|participants|subjects|cases|women|men|children|steps|d[ií]as?|"
    r"a[ñn]os|meses|semanas|horas|pacientes|casos|mujeres|hombres)",
    re.IGNORECASE,
)
_SSN = re.compile(r"(?<![\w\-])\d{3}[\- –]\d{2}[\- –]\d{4}(?![\w\-])")
_MASKED = re.compile(r"(?<![xX*])(?:[xX*]{3}[\-\s]?[xX*]{2}[\-\s]?|[xX*]{4,12}[\-\s]?)\d{4}\b")
_CARD = re.compile(r"(?<![\w\-])\d{4}([ \-])\d{4}\1\d{4}\1\d{1,7}\b")
_DNI = re.compile(r"(?<![\w\-])(?:\d{8}|[XYZ]\d{7})[\- ]?[A-HJ-NP-TV-Z](?![\w\-])")
_SERIAL = re.compile(
    r"\b(?:s/n|S/N|serial(?:\s+(?:no|number))?)\b[\s.:#(]{0,4}(?=[A-Za-z\-]*\d)"
    r"([A-Za-z0-9][A-Za-z0-9\-]{3,})"
)
_UDI = re.compile(r"\(\d{2,4}\)[A-Za-z0-9\-]{4,}(?:\s?\(\d{2,4}\)[A-Za-z0-9\-]+)*")
_VIN = re.compile(r"\b(?=[A-HJ-NPR-Z]*\d)(?=\d*[A-HJ-NPR-Z])[A-HJ-NPR-Z0-9]{17}\b")
_PLATE = re.compile(
    r"\b(?:plates?|tag|registration|matr[ií]cula)\b\W{0,3}(?:(?:no|number|is|was)\b\W{0,2}){0,2}"
    r"([A-Z]{2}\s)?([A-Z0-9][A-Z0-9\-·• ]{2,8}[A-Z0-9])\b"
)
_USER = re.compile(
    r"\b(?:user(?:name|\s?id)?|login|handle|screen\s?name|instagram|twitter|facebook|tiktok|skype|"
    r"snapchat|linkedin|usuario|telegram|venmo|gamertag)\b\s*[:=\-(]?\s*(?:(?:is|as)\s+)?"
    r"[\"'“]?(@?[A-Za-z][\w.\-]*[\d_.@][\w.\-]*\w|@\w[\w.]+)",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"(?:0?[1-9]|[12]\d|3[01])(?:/(?:0?[1-9]|[12]\d|3[01])/(?:19|20)?\d\d"
    r"|([.\-])(?:0?[1-9]|[12]\d|3[01])\1(?:19|20)\d\d)"
    r"|(?:19|20)\d\d([/.\-])(?:0?[1-9]|1[0-2])\2(?:0?[1-9]|[12]\d|3[01])(?:T.*)?"
    r"|\d{1,2}-?[A-Za-z]{3,9}-?(?:\d{2}|\d{4})|(?:19|20)\d\d-?[A-Za-z]{3,9}-?\d{1,2}"
)
_DECIMAL = re.compile(r"\d+[.,]\d+")
_TELEPHONES = frozenset({"PHONE", "FAX"})
_CODE = re.compile(r"[A-TV-Z]\d[0-9AB](?:\.[0-9A-Z]{1,4})?", re.IGNORECASE)
_AMOUNT = re.compile(r"\d+(?:[.,]\d+)*(?:[-–]\d+(?:[.,]\d+)*)?[a-zA-Zµμ%]{0,4}")
_STRONG_DIGITS, _WEAK_DIGITS, _BARE_DIGITS, _CODE_DIGITS = 2, 4, 6, 4


@dataclass(frozen=True, slots=True)
class _Name:
    label: Label
    digits: int


def _names() -> dict[str, _Name]:
    names: dict[str, _Name] = {}
    for words, digits in ((_WEAK, _WEAK_DIGITS), (_STRONG, _STRONG_DIGITS)):
        for label, joined in words.items():
            names.update(dict.fromkeys(joined.casefold().split(), _Name(label, digits)))
    return names


_NAMES = _names()


def labelled_in(text: str) -> Iterator[Found]:
    """Yield numbers that a label names, and bare ones too long to measure anything."""
    end_of_last, last = 0, None
    for hit in _NUMBER.finditer(text):
        if hit.start() < end_of_last:
            continue
        found = _one(text, hit, last)
        if found is not None:
            yield found
            end_of_last, last = found.end, found
    yield from _shaped(text)


def _one(text: str, hit: re.Match[str], last: Found | None) -> Found | None:
    digits = sum(one.isdigit() for one in hit[0])
    if (digits < _STRONG_DIGITS and len(hit[0]) < _WEAK_DIGITS) or _MEASURED.fullmatch(hit[0]):
        return None
    letters = _LETTERS_BEFORE.search(text, max(hit.start() - 24, 0), hit.start())
    first = letters.start() if letters else hit.start()
    name, start, is_public = _name_before(text, first)
    if is_public:
        return None
    if name is None and last is not None and _joined(text, last.end, hit.start()):
        name = _Name(last.label, _WEAK_DIGITS)
    if name is not None and _is_value(text, hit, digits, name):
        return Found(start, _to_end(text, hit.end()), name.label)
    if _is_bare(text, hit, first, digits):
        return Found(first, _to_end(text, hit.end()), "OTHER")
    return None


def _joined(text: str, end: int, start: int) -> bool:
    """Report whether a number is another one of the same kind: ``918038014 / 656352534``."""
    return text[end:start].strip(" ") in {"/", ",", "and", "or", "&", "y", "o"}


def _name_before(text: str, start: int) -> tuple[_Name | None, int, bool]:
    """Return what names a number, where its letters begin, and whether its code is a public one."""
    words = _BACK.findall(text, max(start - _WINDOW, 0), start)
    begin, at, skipped = start, len(words) - 1, ""
    while at >= 0:
        word = words[at]
        folded = _folded(word)
        if folded in _PUBLIC:
            return None, start, True
        name = _NAMES.get(folded)
        if name is not None and not (folded in _SKIPPED and _named_further(words, at)):
            return name, begin, False
        if _is_prefix(word, text, begin) and begin == start:
            begin = text.rindex(word, 0, start)
        elif word in _STOPS or not (word in _PUNCTUATION or folded in _SKIPPED):
            break
        skipped = folded or skipped
        at -= 1
    is_numbered = skipped in {"no", "number", "numero", "nro", "num", "#", "№"}
    return (_Name("OTHER", _WEAK_DIGITS) if is_numbered else None), start, False


def _named_further(words: list[str], at: int) -> bool:
    """Report whether an earlier word says more: "member" in "member ID card"."""
    for word in reversed(words[max(at - 3, 0) : at]):
        folded = _folded(word)
        if folded in _NAMES and folded not in _SKIPPED:
            return True
        if word in _STOPS or not (word in _PUNCTUATION or folded in _SKIPPED):
            return False
    return False


def _is_prefix(word: str, text: str, start: int) -> bool:
    """Report whether letters just before the digits belong to them: ``PST 1369``."""
    return (
        word.isalpha()
        and word.isupper()
        and len(word) <= _LETTERS_MAX
        and text[start - 1 : start] in {" ", "-"}
        and text[max(start - _WINDOW, 0) : start].rstrip(" -").endswith(word)
    )


def _is_value(text: str, hit: re.Match[str], digits: int, name: _Name) -> bool:
    value = hit[0]
    if name.digits == _WEAK_DIGITS and _DATE.fullmatch(value):
        return False
    if name.digits == _WEAK_DIGITS:
        size = sum(one.isalnum() for one in value)
        if size < _WEAK_DIGITS or (digits < _STRONG_DIGITS + 1 and value.islower()):
            return False
        if digits < _BARE_DIGITS and (
            _UNIT_AFTER.match(text, hit.end()) or _is_year(value) or _CODE.fullmatch(value)
        ):
            return False
        return digits >= _WEAK_DIGITS or not _AMOUNT.fullmatch(value)
    is_part = name.label in _TELEPHONES and not _NEXT.match(text, hit.end())
    if digits < _WEAK_DIGITS and (is_part or _DECIMAL.fullmatch(value)):
        return False
    return digits >= _WEAK_DIGITS or not _UNIT_AFTER.match(text, hit.end())


def _is_year(value: str) -> bool:
    return len(value) == 4 and value[:2] in {"19", "20"}


def _is_bare(text: str, hit: re.Match[str], first: int, digits: int) -> bool:
    """Report whether a number with no label is too long, or too much of a code, to measure."""
    value = text[first : hit.end()]
    if digits < _CODE_DIGITS or (first < hit.start() and _is_year(hit[0])):
        return False
    if _DATE.fullmatch(value) or _UNIT_AFTER.match(text, hit.end()):
        return False
    if text[max(hit.start() - 1, 0) : hit.start()] in {"$", "€", "£", ",", "."}:
        return False
    if _AMOUNT.fullmatch(value):
        is_whole = value.isdigit() or (digits > _BARE_DIGITS + 2 and "." not in value)
        return digits >= _BARE_DIGITS and is_whole and text[hit.end() : hit.end() + 2] != ",0"
    if _CODE.fullmatch(value) or value.lower().startswith(("nct", "pmc", "rs")):
        return False
    has_letter = any(one.isalpha() for one in value)
    if not has_letter:
        return digits > _BARE_DIGITS and sum(value.count(one) for one in "-–/") > 1
    return not any(one.islower() for one in value) or digits >= _BARE_DIGITS


def _to_end(text: str, end: int) -> int:
    """Return where a number ends that is written in groups: ``45 58257894 53``."""
    while following := _NEXT.match(text, end):
        end = following.end()
    letter = _LETTER_AFTER.match(text, end)
    return letter.end() if letter else end


def _shaped(text: str) -> Iterator[Found]:
    shapes: tuple[tuple[re.Pattern[str], Label], ...] = (
        (_SSN, "SSN"),
        (_CARD, "ACCOUNT"),
        (_DNI, "SSN"),
        (_VIN, "VEHICLE"),
        (_MASKED, "SSN"),
        (_UDI, "DEVICE"),
    )
    for pattern, label in shapes:
        for hit in pattern.finditer(text):
            yield Found(hit.start(), hit.end(), label)
    for hit in _SERIAL.finditer(text):
        yield Found(hit.start(1), hit.end(1), "DEVICE")
    for hit in _PLATE.finditer(text):
        yield Found(hit.start(2), hit.end(2), "VEHICLE")
    for hit in _USER.finditer(text):
        yield Found(hit.start(1), hit.end(1), "OTHER")


def _folded(word: str) -> str:
    if word.isascii():
        return word.lower()
    apart = unicodedata.normalize("NFKD", word.lower())
    return "".join(one for one in apart if not unicodedata.combining(one))
