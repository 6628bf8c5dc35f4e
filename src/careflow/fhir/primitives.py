"""FHIR's primitive types as msgspec annotations: JSON type, pattern and calendar in one place.

Patterns follow http://hl7.org/fhir/R4/datatypes.html, with the calendar written out, so that
2021-02-30 is as wrong as month 13. Decimals are read as ``float`` for comparing and indexing
only; stored bytes keep the sender's digits.
"""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta

_LONG_MONTH = "(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
_SHORT_MONTH = "(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
_FEBRUARY = "02-(?:0[1-9]|1[0-9]|2[0-8])"
_LEAP_YEAR = "(?:[0-9][0-9](?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)"
_DAY = f"(?:[0-9]{{4}}-(?:{_LONG_MONTH}|{_SHORT_MONTH}|{_FEBRUARY})|{_LEAP_YEAR}-02-29)"
_CLOCK = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:\.[0-9]+)?"
_ZONE = r"(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))"
_PART = "[0-9]{4}(?:-(?:0[1-9]|1[0-2]))?"
_BASE64_QUARTET = r"(?:[A-Za-z0-9+/]\s*){4}"
_BASE64_END = r"(?:(?:[A-Za-z0-9+/]\s*){2}=\s*=\s*|(?:[A-Za-z0-9+/]\s*){3}=\s*)?"

PATTERNS: dict[str, str] = {
    "base64Binary": rf"^(?=\s*\S)\s*(?:{_BASE64_QUARTET})*+{_BASE64_END}\Z",
    "canonical": r"^\S+\Z",
    "code": r"^\S+(?:\s\S+)*\Z",
    "date": rf"^(?!0000)(?:{_DAY}|{_PART})\Z",
    "dateTime": rf"^(?!0000)(?:{_DAY}(?:T{_CLOCK}{_ZONE})?|{_PART})\Z",
    "id": r"^[A-Za-z0-9\-.]{1,64}\Z",
    "instant": rf"^(?!0000){_DAY}T{_CLOCK}{_ZONE}\Z",
    "oid": r"^urn:oid:[0-2](?:\.(?:0|[1-9][0-9]*))+\Z",
    "time": rf"^{_CLOCK}\Z",
    "uri": r"^\S+\Z",
    "url": r"^\S+\Z",
    "uuid": r"^urn:uuid:[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z",
}

_INTEGERS = {"integer": -(2**31), "unsignedInt": 0, "positiveInt": 1}


def _annotations() -> dict[str, Any]:
    found: dict[str, Any] = {
        name: Annotated[str, Meta(pattern=pattern)] for name, pattern in PATTERNS.items()
    }
    for name in ("string", "markdown", "xhtml"):
        found[name] = Annotated[str, Meta(min_length=1)]
    for name, least in _INTEGERS.items():
        found[name] = Annotated[int, Meta(ge=least, le=2**31 - 1)]
    found["boolean"] = bool
    found["decimal"] = float
    return found


ANNOTATIONS: dict[str, Any] = _annotations()
"""The annotation of each primitive type by its FHIR name."""
