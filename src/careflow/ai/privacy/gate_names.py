"""Names of people and places where such names stand, and given names wherever they stand."""

from __future__ import annotations

import re
from collections.abc import Iterable

from careflow.ai.privacy.gate_words import GIVEN_NAMES, NO_NAMES
from careflow.ai.words import folded

_UPPER = r"[A-ZÁÉÍÓÚÑÜÖÄØÅÇ]"
_NAME = rf"{_UPPER}[\w'’]+(?:-{_UPPER}[\w'’]+)?"
_MIXED = rf"{_UPPER}[a-záéíóúñüöäøåç][\w'’]+"
_ANY_NAME = re.compile(_NAME)
_ABBREVIATION_MOST = 4

_TITLED = rf"\b(?:Mr|Mrs|Ms|Mx|Dr|Dra|Drs|Prof|Sr|Sra|Srta|Doña|Nurse)\.?\s+(?:{_UPPER}\.\s*)*"
_LABELLED = (
    r"\b(?i:patient|paciente|patient name|name|nombre|apellidos?|surname|attending|provider|"
    r"physician|surgeon|signed(?: by)?|dictated by|referred by|seen by|m[ée]dico|author|contact|"
    r"next of kin|pcp|insured|guarantor|subscriber|pt|client|submitting|ordering|referring|"
    r"requesting|performed by|collected by|reviewed by|assistant|an[a]?esthesiologist|attn|cc)"
    r"\s*[:=]\s*"
)
_AT_WORK = (
    r"\b(?i:pharmacist|nurse|therapist|technician|midwife|paramedic|dietitian|counsel+or|"
    r"social worker|interpreter|officer|attorney|teacher|neighbou?r|landlord|roommate)\s+"
)
_PLACED = (
    r"\b(?i:localidad|provincia|domicilio|ciudad|municipio|city|town|address|residence|county)"
    r"\s*[:=]\s*"
)
_RELATED = (
    r"\b(?i:wife|husband|son|daughter|mother|father|brother|sister|partner|spouse|aunt|uncle|"
    r"niece|nephew|grandmother|grandfather|caregiver|esposa|esposo|marido|hij[oa]|madre|padre|"
    r"herman[oa])(?:\s+is|\s+named|,|\s+\()?\s+"
)
_WENT = (
    r"\b(?i:seen|admitted|operated|treated|evaluated|born|living|lives|transferred|presented|"
    r"presenting|referred|followed|visited|discharged|moved|resides|hospitali[sz]ed|diagnosed|"
    r"performed|reviewed|works|enrolled|recorded|initiated|scheduled|admission|visit|care|"
    r"stay|appointment|surgery|facility|evaluation|follow-up)\s+(?:[a-z]+\s+){0,4}?"
    r"(?:at|in|from|to|near)\s+(?:the\s+|our\s+)?"
)
_HOUSE = (
    r"(?:Hospital|Clinic|Clinics|Medical\s+(?:Center|Centre|Group)|Health|Healthcare|Infirmary|"
    r"Hospice|Institute|University|Nursing\s+Home|Family\s+(?:Practice|Medicine)|Pharmacy|"
    r"Rehabilitation|Rehab|Memorial|General)\b"
)

_WHERE_NAMES_STAND: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (said, re.compile(one))
    for said, one in (
        ("a name behind a title", rf"{_TITLED}(?P<name>{_NAME})"),
        ("a name behind a label", rf"{_LABELLED}(?P<name>{_NAME}),?\s+(?P<second>{_NAME})"),
        ("a name of someone at work", rf"{_AT_WORK}(?P<name>{_MIXED})"),
        ("a name of a place", rf"\b(?:near|outside)\s+(?P<name>{_MIXED})"),
        ("a place behind a label", rf"{_PLACED}(?P<name>{_NAME})"),
        (
            "a name of a relative",
            rf"{_RELATED}(?P<name>{_NAME})(?!['’]s|\s+(?:disease|syndrome))",
        ),
        (
            "a name that someone is called",
            rf"\b(?i:named|called|llamad[oa]|se llama|my name is|me llamo)\s+(?P<name>{_NAME})",
        ),
        (
            "a name before a degree",
            rf"(?P<name>{_NAME}),\s+(?:MD|M\.D\.|DO|RN|NP|PA-C|PhD|DDS|LPN|FNP|CRNP|APRN)\b",
        ),
        ("a name of a house", rf"(?P<name>{_MIXED})(?:['’]s)?\s+(?:{_MIXED}\s+)?{_HOUSE}"),
        ("a name of a house", r"\b(?:St|Saint|Mt|Mount)\.?\s+(?P<name>[A-Z][a-z]+)"),
        ("a name of a place", rf"{_WENT}(?P<name>{_MIXED})"),
    )
)


def name_in(bare: str) -> str | None:
    """Return which name a text holds, in words, or ``None``; never the name itself."""
    if any(_is_given_name(one, bare) for one in _ANY_NAME.finditer(bare)):
        return "a given name"
    for said, place in _WHERE_NAMES_STAND:
        if any(_is_name(found.groupdict().values()) for found in place.finditer(bare)):
            return said
    return None


def _is_given_name(name: re.Match[str], bare: str) -> bool:
    """Report a given name, if it is not a part of a term or short for something."""
    if folded(name[0]) not in GIVEN_NAMES:
        return False
    if name[0].isupper() and len(name[0]) <= _ABBREVIATION_MOST:
        return False
    around = bare[max(0, name.start() - 1) : name.start()] + bare[name.end() : name.end() + 1]
    return "-" not in around


def _is_name(words: Iterable[str | None]) -> bool:
    """Report whether these words, which stand where names do, are no clinical terms."""
    said = [re.sub(r"['’]s?$", "", folded(word)) for word in words if word]
    return not any(word in NO_NAMES for word in said)
