"""What is offered over FHIR REST, in one place.

The routes take methods and operations from here, the CapabilityStatement and the reference page
tell them from here: what is not in these tables is neither done nor promised.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from careflow.identity.access import Interaction

Level = Literal["system", "type", "instance"]


@dataclass(frozen=True, slots=True)
class Offer:
    """One interaction of the standard.

    Attributes:
        code: As http://hl7.org/fhir/R4/valueset-restful-interaction.html names it.
        path: Below the base address; ``Type``, ``id``, ``version`` and
            ``criteria`` stand for any.
        asked_as: What the asker must be allowed, by type or (for the whole record) without one.
        does: What it does, in plain words.
    """

    code: str
    method: str
    path: str
    asked_as: Interaction
    does: str

    @property
    def level(self) -> Level:
        """Return what it is about: the whole record, one type or one resource."""
        if not self.path.startswith("Type"):
            return "system"
        return "instance" if "/id" in self.path else "type"


INTERACTIONS: Final = (
    Offer("read", "GET", "Type/id", "read", "The current version."),
    Offer("vread", "GET", "Type/id/_history/version", "vread", "One version."),
    Offer("update", "PUT", "Type/id", "update", "The next version, or the first under this id."),
    Offer("patch", "PATCH", "Type/id", "patch", "The next version, changed in parts."),
    Offer("delete", "DELETE", "Type/id", "delete", "Its end; the history stays."),
    Offer("history-instance", "GET", "Type/id/_history", "history", "Its versions, newest first."),
    Offer("search-type", "GET", "Type", "search", "What matches, in pages."),
    Offer("search-type", "POST", "Type/_search", "search", "The same, asked by a form."),
    Offer("search-type", "GET", "Type/_search", "search", "The same."),
    Offer("create", "POST", "Type", "create", "A new resource under an id of ours."),
    Offer("update", "PUT", "Type?criteria", "update", "The same of the one that matches."),
    Offer("patch", "PATCH", "Type?criteria", "patch", "The same, changed in parts."),
    Offer("delete", "DELETE", "Type?criteria", "delete", "The end of what matches, if one does."),
    Offer("history-type", "GET", "Type/_history", "history-type", "All versions of a type."),
    Offer("search-system", "GET", "", "search", "What matches in the types that _type names."),
    Offer("search-system", "POST", "_search", "search", "The same, asked by a form."),
    Offer("search-system", "GET", "_search", "search", "The same."),
    Offer("transaction", "POST", "", "transaction", "Many writes, all stored or none."),
    Offer("batch", "POST", "", "batch", "Many requests, each answered on its own."),
    Offer("history-system", "GET", "_history", "history-system", "All versions of everything."),
)


@dataclass(frozen=True, slots=True)
class Conditionals:
    """Which interactions may name a resource by a condition instead of its id.

    Attributes:
        read: How ``If-None-Match`` and ``If-Modified-Since`` are taken.
        delete: ``not-supported``, ``single`` or ``multiple``.
    """

    create: bool
    read: Literal["not-supported", "modified-since", "not-match", "full-support"]
    update: bool
    patch: bool
    delete: Literal["not-supported", "single", "multiple"]


CONDITIONALS: Final = Conditionals(
    create=True, read="full-support", update=True, patch=True, delete="single"
)


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation, called ``$name``.

    Attributes:
        levels: Where it is called: ``$name``, ``Type/$name`` or ``Type/id/$name``.
        kinds: Types it is offered on; ``None`` is every type.
        definition: Canonical address of its OperationDefinition.
        does: What it does, in plain words.
    """

    name: str
    levels: tuple[Level, ...]
    methods: tuple[str, ...]
    definition: str
    does: str
    kinds: frozenset[str] | None = None

    def is_on(self, kind: str) -> bool:
        """Report whether it is called on this type, or on a resource of it."""
        on_types = self.levels != ("system",)
        return on_types and (self.kinds is None or kind in self.kinds)


OPERATIONS: Final[tuple[Operation, ...]] = (
    Operation(
        "validate",
        ("type", "instance"),
        ("POST",),
        "http://hl7.org/fhir/OperationDefinition/Resource-validate",
        "All that is wrong with a resource; nothing is stored.",
    ),
    Operation(
        "everything",
        ("type", "instance"),
        ("GET", "POST"),
        "http://hl7.org/fhir/OperationDefinition/Patient-everything",
        "A whole chart and what it refers to, in pages.",
        frozenset({"Patient"}),
    ),
    Operation(
        "find",
        ("type",),
        ("GET", "POST"),
        "urn:careflow:operation:appointment-find",
        "The next times at which a kind of visit fits, as proposed Appointments: `type`, and as"
        " wished `place`, `practitioner`, `after`, `before`, `count`.",
        frozenset({"Appointment"}),
    ),
    Operation(
        "hold",
        ("type",),
        ("POST",),
        "urn:careflow:operation:appointment-hold",
        "Keeps a time for five minutes: `type`, `place`, `practitioner`, `start`.",
        frozenset({"Appointment"}),
    ),
    Operation(
        "book",
        ("type",),
        ("POST",),
        "urn:careflow:operation:appointment-book",
        "Books a time: as `$hold`, with `patient`, and as needed `hold`, `comment`, `squeeze`,"
        " `despite`.",
        frozenset({"Appointment"}),
    ),
)


@dataclass(frozen=True, slots=True)
class View:
    """A type that is made when someone asks, and that nobody writes.

    Attributes:
        codes: Interactions that it answers.
        parameters: Search parameters that it answers, by type.
        shows: What it is a view of, in plain words.
    """

    codes: tuple[str, ...]
    parameters: Mapping[str, str]
    shows: str


VIEWS_OFFERED: Final[Mapping[str, View]] = {
    "AuditEvent": View(
        ("read", "search-type"),
        {"agent": "reference", "altid": "token", "date": "date", "patient": "reference"},
        "A read-only view of the audit trail, for whoever may read that; `agent` and `altid` are"
        " an account's or client's id.",
    ),
    "Schedule": View(
        ("read", "search-type"),
        {"actor": "reference"},
        "A read-only view of whose time visits take: one a clinician, under the clinician's id.",
    ),
    "Slot": View(
        ("search-type",),
        {
            "schedule": "reference",
            "service-type": "token",
            "start": "date",
            "status": "token",
        },
        "A read-only view of where visits fit, the soonest first, at most `_count` of each kind:"
        " made anew for each search, so that none has an address of its own.",
    ),
}

PATCH_TYPES: Final[tuple[str, ...]] = ("application/json-patch+json",)
"""Content types that a PATCH may have."""


HEADERS: Final = (
    ("Accept", "`application/fhir+json`, or anything that covers it."),
    ("Content-Type", "`application/fhir+json`, in UTF-8; a patch and a form have their own."),
    ("ETag", 'Of every version answered: `W/"3"`.'),
    ("Last-Modified", "When that version was stored, to the second."),
    ("Location", "Of what was created: the address of its version."),
    ("If-Match", "A write happens only if this is the current version; otherwise 412."),
    ("If-None-Match", "A read answers 304 if this is current; `*` on a write: only if none is."),
    ("If-Modified-Since", "A read answers 304 if nothing was stored since."),
    ("If-None-Exist", "A create happens only if nothing meets these criteria."),
    (
        "Prefer",
        "`return=minimal`, `representation` or `OperationOutcome`; `handling=lenient` passes over "
        "unknown parameters.",
    ),
    ("X-Request-Id", "Of every answer: its number in the trail and the logs."),
)
"""(header, what it does), of requests and answers."""


@cache
def methods_at(path: str) -> tuple[str, ...]:
    """Return the methods that an address takes, written as :attr:`Offer.path` is."""
    return tuple(dict.fromkeys(offer.method for offer in INTERACTIONS if offer.path == path))


def operation_named(name: str, level: Level, kind: str | None = None) -> Operation | None:
    """Return the operation called here, without its ``$``; ``None`` if there is none."""
    for one in OPERATIONS:
        if one.name == name and level in one.levels and (kind is None or one.is_on(kind)):
            return one
    return None
