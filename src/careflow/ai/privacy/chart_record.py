"""What the chart knows of a patient and of the people and places around them, read for the gateway.

It is read with the AI's own rights, whoever asks: what must not leave has to be known in any case.
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import reduce
from typing import Any

from careflow.ai.privacy.found import Label
from careflow.ai.privacy.known import NOBODY, Known
from careflow.clock import Clock
from careflow.database.conditions import IdIn, SortKey, TermIn
from careflow.database.documents import Documents, Query
from careflow.database.scope import COMPARTMENT, AccessScope, organisation_scope
from careflow.records.elements import Json, codes_of, decoded

KNOWN_FOR = timedelta(minutes=1)
"""How long a relative, a visit or a clinician that was just added may be unknown."""
_KEPT_MAX = 200
_READ_MAX = 100
"""Resources of one kind: the newest visits name who sees the patient now."""
_ID_LEAST = 5
"""Signs of an id that identifies; a shorter one is any number."""
_OF_PATIENT: tuple[tuple[str, SortKey | None], ...] = (
    ("RelatedPerson", None),
    ("Coverage", None),
    ("CareTeam", None),
    ("Encounter", SortKey("date", descending=True)),
    ("Appointment", SortKey("date", descending=True)),
)
_PEOPLE = frozenset({"Practitioner", "PractitionerRole", "RelatedPerson", "Person"})
_PLACES = frozenset({"Organization", "Location"})
_FOLLOWED = ("Practitioner", "Organization", "Location")

_KINDS: Mapping[str, Label] = {
    "MR": "MRN",
    "PI": "MRN",
    "PT": "MRN",
    "SS": "SSN",
    "SB": "SSN",
    "DL": "LICENSE",
    "MD": "LICENSE",
    "NPI": "LICENSE",
    "DEA": "LICENSE",
    "LN": "LICENSE",
    "MB": "PLAN",
    "MC": "PLAN",
    "MA": "PLAN",
    "NH": "PLAN",
    "NIIP": "PLAN",
    "SN": "PLAN",
    "AN": "ACCOUNT",
}
"""Types of identifiers (HL7 v2 table 0203)."""
_SYSTEMS: tuple[tuple[str, Label], ...] = (
    ("us-ssn", "SSN"),
    ("us-npi", "LICENSE"),
    ("license", "LICENSE"),
    ("record", "MRN"),
    ("mrn", "MRN"),
)
_TELECOMS: Mapping[str, Label] = {"email": "EMAIL", "fax": "FAX", "url": "URL"}


class ChartRecords:
    """The charts of an organisation, for the gateway.

    The patient is read each time; who and what is around them, once a minute and for each version
    of the patient.
    """

    def __init__(self, documents: Documents, *, clock: Clock) -> None:
        self._documents = documents
        self._clock = clock
        self._kept: OrderedDict[tuple[str, str, int], tuple[datetime, Known]] = OrderedDict()

    async def known(self, patient: str | None, organisation: str) -> Known:
        """Return what the chart holds that identifies; of nobody where no patient is named."""
        if patient is None:
            return NOBODY
        scope = organisation_scope(organisation)
        document = await self._documents.read("Patient", patient, scope)
        if document is None or document.deleted:
            return NOBODY
        key, now = (organisation, patient, document.version), self._clock()
        read_at, known = self._kept.get(key, (None, NOBODY))
        if read_at is None or now - read_at >= KNOWN_FOR:
            known = await self._read(patient, decoded(document), scope)
            self._keep(key, now, known)
        return known

    def _keep(self, key: tuple[str, str, int], now: datetime, known: Known) -> None:
        self._kept[key] = (now, known)
        self._kept.move_to_end(key)
        while len(self._kept) > _KEPT_MAX:
            self._kept.popitem(last=False)

    async def _read(self, patient: str, person: Json, scope: AccessScope) -> Known:
        around = [
            one for kind, sort in _OF_PATIENT for one in await self._of(patient, kind, sort, scope)
        ]
        all_ = [person, *around]
        named = [one for kind in _FOLLOWED for one in await self._named(kind, all_, scope)]
        return _gathered(person, around, named)

    async def _of(
        self, patient: str, kind: str, sort: SortKey | None, scope: AccessScope
    ) -> list[Json]:
        of = (TermIn(COMPARTMENT, (patient,)),)
        query = Query(kind, of, sort=(sort,) if sort else (), count=_READ_MAX)
        return [decoded(one) for one in (await self._documents.find(query, scope)).documents]

    async def _named(self, kind: str, resources: list[Json], scope: AccessScope) -> list[Json]:
        references = (one.get("reference") for one in _references(resources))
        start = f"{kind}/"
        ids = {str(one).removeprefix(start) for one in references if str(one).startswith(start)}
        if not ids:
            return []
        query = Query(kind, (IdIn(tuple(sorted(ids)[:_READ_MAX])),), count=_READ_MAX)
        return [decoded(one) for one in (await self._documents.find(query, scope)).documents]


def known_in(bundle: Json) -> Known:
    """Return what a bundle that was sent along holds that identifies."""
    entries = bundle.get("entry") or ()
    found = [one.get("resource") for one in entries if isinstance(one, dict)]
    resources = [one for one in found if isinstance(one, dict)]
    people = [one for one in resources if one.get("resourceType") == "Patient"]
    named = [one for one in resources if one.get("resourceType") in _FOLLOWED]
    around = [one for one in resources if one not in people and one not in named]
    if not people:
        return _gathered({}, around, named)
    known = [_gathered(one, around, named) for one in people]
    return reduce(joined, known)


def joined(one: Known, other: Known) -> Known:
    """Return what either of two knows."""
    labels = dict.fromkeys([*one.numbers, *other.numbers])
    return Known(
        _both(one.names, other.names),
        _both(one.others, other.others),
        one.born or other.born,
        _both(one.places, other.places),
        {
            label: _both(one.numbers.get(label, ()), other.numbers.get(label, ()))
            for label in labels
        },
    )


def _both(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*one, *other]))


@dataclass(slots=True)
class _Gathering:
    names: dict[str, None] = field(default_factory=dict)
    others: dict[str, None] = field(default_factory=dict)
    places: dict[str, None] = field(default_factory=dict)
    numbers: defaultdict[Label, dict[str, None]] = field(default_factory=lambda: defaultdict(dict))

    def add_contact(self, one: Json) -> None:
        """Take the telephone numbers, addresses and identifiers of a person or place."""
        for number in _several(one, "telecom"):
            label = _TELECOMS.get(number.get("system", ""), "PHONE")
            self._add_number(label, number.get("value"))
        for address in _several(one, "address"):
            self._add_places(address)
        for identifier in _several(one, "identifier"):
            self._add_number(_label_of(identifier), identifier.get("value"))

    def _add_places(self, address: Json) -> None:
        parts = (*address.get("line", ()), *map(address.get, ("city", "district", "postalCode")))
        for part in (*parts, address.get("text")):
            if part:
                self.places[str(part)] = None

    def _add_number(self, label: Label, value: object) -> None:
        if value:
            self.numbers[label][str(value)] = None

    def add_id(self, one: Json) -> None:
        """Take a resource's own id."""
        if len(str(one.get("id", ""))) >= _ID_LEAST:
            self._add_number("OTHER", one["id"])


def _gathered(person: Json, around: Iterable[Json], named: Iterable[Json]) -> Known:
    all_ = _Gathering()
    all_.names |= dict.fromkeys(_names(person))
    all_.add_contact(person)
    all_.add_id(person)
    for contact in _several(person, "contact"):
        all_.others |= dict.fromkeys(_names(contact))
        all_.add_contact(contact)
    for one in around:
        all_.add_id(one)
        _add_around(all_, one)
    for one in named:
        kept = all_.places if one.get("resourceType") in _PLACES else all_.others
        kept |= dict.fromkeys([*_names(one), *one.get("alias", ())])
        all_.add_contact(one)
    for reference in _references([person, *around]):
        kind = str(reference.get("reference", "")).partition("/")[0]
        if kind in _PEOPLE:
            all_.others[str(reference["display"])] = None
        elif kind in _PLACES:
            all_.places[str(reference["display"])] = None
    others = tuple(one for one in all_.others if one not in all_.names)
    numbers = {label: tuple(some) for label, some in all_.numbers.items()}
    return Known(tuple(all_.names), others, _born(person), tuple(all_.places), numbers)


def _add_around(all_: _Gathering, one: Json) -> None:
    match one.get("resourceType"):
        case "RelatedPerson":
            all_.others |= dict.fromkeys(_names(one))
            all_.add_contact(one)
        case "Coverage":
            numbers = [one.get("subscriberId"), one.get("dependent")]
            numbers += [identifier.get("value") for identifier in _several(one, "identifier")]
            all_.numbers["PLAN"] |= {str(number): None for number in numbers if number}


def _names(one: Json) -> Iterator[str]:
    """Yield the whole names of a person, or the name of a place."""
    for name in _several(one, "name"):
        if isinstance(name, str):
            yield name
            continue
        parts = [*name.get("given", ()), *filter(None, [name.get("family")])]
        whole = " ".join(parts) or str(name.get("text", ""))
        if whole.strip():
            yield whole
        if name.get("text") and name["text"] != whole:
            yield str(name["text"])


def _several(one: Json, name: str) -> list[Any]:
    """Return an element as a list, also where a kind of resource has one alone."""
    value = one.get(name)
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _label_of(identifier: Json) -> Label:
    kinds = codes_of(identifier.get("type"))
    found = next((_KINDS[kind] for kind in kinds if kind in _KINDS), None)
    if found is not None:
        return found
    system = str(identifier.get("system", "")).lower()
    return next((label for part, label in _SYSTEMS if part in system), "OTHER")


def _born(person: Json) -> date | None:
    try:
        return date.fromisoformat(str(person.get("birthDate")))
    except ValueError:
        return None


def _references(value: Any) -> Iterator[Json]:  # noqa: ANN401 - any part of a resource
    """Yield every reference that says how it is read, wherever it stands."""
    if isinstance(value, dict):
        if "reference" in value and isinstance(value["reference"], str):
            yield {"display": "", **value}
        for inner in value.values():
            yield from _references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _references(inner)
