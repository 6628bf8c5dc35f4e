"""What is known of a patient, as it comes along with a text: names, dates, numbers, places."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from careflow.ai.privacy.found import Label
from careflow.ai.privacy.known import Known
from careflow.ai.privacy.written_dates import dates_in, is_mostly_day_first

_NAMES = re.compile(r"name|alias|maiden|given|family|first|last|middle")
_OTHERS = re.compile(
    r"relative|contact|kin|care_?team|clinician|provider|physician|doctor|nurse|practitioner|pcp|"
    r"attending|spouse|mother|father|guardian"
)
_BORN = re.compile(r"dob|birth|born")
_PLACES = re.compile(
    r"address|street|city|town|zip|postal|county|place|employer|facility|hospital|clinic|school|"
    r"organi[sz]ation|location"
)
_NUMBER_WORDS: tuple[tuple[str, Label], ...] = (
    (r"fax", "FAX"),
    (r"phone|mobile|cell|telecom|tel\b", "PHONE"),
    (r"e?mail", "EMAIL"),
    (r"ssn|social", "SSN"),
    (r"mrn|record|chart|nhc|patient_?id", "MRN"),
    (r"plan|member|insur|polic|beneficiary|subscriber|medicare|medicaid", "PLAN"),
    (r"account", "ACCOUNT"),
    (r"licen[sc]e|npi|dea|certificate", "LICENSE"),
    (r"vehicle|plate|vin", "VEHICLE"),
    (r"device|serial|udi", "DEVICE"),
    (r"url|web|site", "URL"),
    (r"\bip\b|ip_?address", "IP"),
)
_NUMBERS = tuple((re.compile(words), label) for words, label in _NUMBER_WORDS)


def known_of(record: Mapping[str, Any]) -> Known:
    """Return a record in any usual form as what is known of the patient.

    Parts of one name in a list are one name; what has another kind of key is a number.
    """
    names: dict[str, None] = {}
    others: dict[str, None] = {}
    places: dict[str, None] = {}
    numbers: defaultdict[Label, dict[str, None]] = defaultdict(dict)
    born = None
    for key, value, in_others in _entries(record, in_others=False):
        said = [text for text in _texts(value) if text]
        if not said:
            continue
        if _BORN.search(key):
            day_first = bool(is_mostly_day_first(" ".join(said)))
            found = [one for text in said for one in dates_in(text, day_first=day_first)]
            born = born or next((day for one in found if (day := one.day_meant)), None)
            continue
        label = next((label for words, label in _NUMBERS if words.search(key)), None)
        if label is not None:
            numbers[label] |= dict.fromkeys(said)
        elif _PLACES.search(key):
            places |= dict.fromkeys(said)
        elif in_others or _OTHERS.search(key):
            others |= dict.fromkeys(_whole(said))
        elif _NAMES.search(key):
            names |= dict.fromkeys(_whole(said))
        else:
            numbers["OTHER"] |= dict.fromkeys(text for text in said if re.search(r"\d", text))
    return Known(
        tuple(names),
        tuple(others),
        born,
        tuple(places),
        {label: tuple(some) for label, some in numbers.items()},
    )


def _entries(value: Mapping[str, Any], *, in_others: bool) -> Iterator[tuple[str, Any, bool]]:
    for name, one in value.items():
        key = str(name).lower()
        inner = one if isinstance(one, list) else [one]
        nested = [part for part in inner if isinstance(part, Mapping)]
        for part in nested:
            about_others = in_others or _OTHERS.search(key) is not None
            yield from _entries(part, in_others=about_others)
        if not nested:
            yield key, one, in_others


def _texts(value: Any) -> list[str]:  # noqa: ANN401 - JSON
    if isinstance(value, list):
        return [text for one in value for text in _texts(one)]
    return [] if value is None or isinstance(value, bool) else [str(value).strip()]


def _whole(said: list[str]) -> list[str]:
    """Return whole names: parts that stand in a list of their own are put together."""
    if len(said) > 1 and all(" " not in part for part in said):
        return [" ".join(said)]
    return said
