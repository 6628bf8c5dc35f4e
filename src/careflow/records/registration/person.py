"""Who somebody says they are, and a patient's record in the same terms."""

from __future__ import annotations

import re
from dataclasses import dataclass

from careflow.records.elements import Json
from careflow.records.registration.names import folded


@dataclass(frozen=True, slots=True)
class Said:
    """What is known of somebody; ``birth_date`` as YYYY-MM-DD, what is not known ``None``."""

    family: str | None = None
    given: str | None = None
    birth_date: str | None = None
    sex: str | None = None
    phone: str | None = None
    email: str | None = None
    address: str | None = None
    postal_code: str | None = None
    record_number: str | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """A person in terms that compare; each name of several, each number of several."""

    families: tuple[tuple[str, ...], ...]
    givens: tuple[tuple[str, ...], ...]
    birth_date: str | None
    sex: str | None
    phones: frozenset[str]
    emails: frozenset[str]
    addresses: frozenset[str]
    postal_codes: frozenset[str]
    numbers: frozenset[str]


def known_of_said(said: Said) -> Known:
    """Return what was said in terms that compare."""
    return Known(
        families=_some(folded(said.family)),
        givens=_some(folded(said.given)),
        birth_date=said.birth_date,
        sex=said.sex,
        phones=_set(digits(said.phone)),
        emails=_set((said.email or "").strip().casefold()),
        addresses=_set(_plain(said.address)),
        postal_codes=_set(_plain(said.postal_code)[:5]),
        numbers=_set(_plain(said.record_number)),
    )


def known_of_patient(patient: Json) -> Known:
    """Return a Patient resource in terms that compare; former names count as well."""
    names = patient.get("name", ())
    telecom = [one for one in patient.get("telecom", ()) if one.get("value")]
    addresses = patient.get("address", ())
    return Known(
        families=tuple(n for one in names if (n := folded(one.get("family") or one.get("text")))),
        givens=tuple(n for one in names if (n := folded(" ".join(one.get("given", ()))))),
        birth_date=patient.get("birthDate"),
        sex=patient.get("gender"),
        phones=_set(*(digits(t["value"]) for t in telecom if t.get("system") in {"phone", "sms"})),
        emails=_set(*(t["value"].casefold() for t in telecom if t.get("system") == "email")),
        addresses=_set(*(_plain(" ".join(one.get("line", ()))) for one in addresses)),
        postal_codes=_set(*(_plain(one.get("postalCode"))[:5] for one in addresses)),
        numbers=_set(*(_plain(one.get("value")) for one in patient.get("identifier", ()))),
    )


def digits(number: str | None) -> str:
    """Return a telephone number as its last ten digits: country codes are written or not."""
    return re.sub(r"\D", "", number or "")[-10:]


def _plain(text: str | None) -> str:
    return re.sub(r"[^a-z0-9]", "", (text or "").casefold())


def _some(words: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    return (words,) if words else ()


def _set(*values: str) -> frozenset[str]:
    return frozenset(value for value in values if value)
