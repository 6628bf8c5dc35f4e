"""What of FHIR R4 is not offered, and why: the reference page says it, a test asks for each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class NotOffered:
    """A part of the standard that is refused.

    Attributes:
        asked: A request for it, as method and path below the base.
        why: In plain words, with what to do instead.
    """

    what: str
    asked: tuple[str, str]
    why: str


NOT_OFFERED: Final = (
    NotOffered("XML and Turtle", ("GET", "Patient?_format=xml"), "JSON says the same."),
    NotOffered(
        "Writing AuditEvent",
        ("POST", "AuditEvent"),
        "It is a view of the sealed trail, for those who may read that.",
    ),
    NotOffered(
        "AuditEvent beside other resources",
        ("GET", "Patient?_revinclude=AuditEvent:patient"),
        "Who saw what is asked for by itself: `AuditEvent?patient=x`.",
    ),
    NotOffered(
        "A search over all types at once",
        ("GET", "?_lastUpdated=ge2026"),
        "Name the types with `_type`; each has its own parameters and its own permission.",
    ),
    NotOffered(
        "An order over several types",
        ("GET", "?_type=Patient,Observation&_sort=_id"),
        "Types follow each other; within one search only one type can be sorted.",
    ),
    NotOffered(
        "`:in`, `:not-in`, and `:above` or `:below` on codes",
        ("GET", "Observation?code:in=http://example.org/ValueSet/x"),
        "No terminology is held: name the codes that you mean.",
    ),
    NotOffered(
        "`:above` and `:below` on references to resources",
        ("GET", "Location?partof:below=Location/1"),
        "No hierarchy is kept: follow it with `_include:iterate`.",
    ),
    NotOffered(
        "`_filter`, `_query`",
        ("GET", "Patient?_filter=name eq x"),
        "Combine parameters, chains and `_has`.",
    ),
    NotOffered(
        "`_contained`",
        ("GET", "Patient?_contained=both"),
        "Contained resources are found through what contains them.",
    ),
    NotOffered("`near` of Location", ("GET", "Location?near=1|2"), "Places have no map here."),
    NotOffered(
        "Searches in a compartment's path",
        ("GET", "Patient/x/Observation"),
        "Ask `Observation?patient=x`.",
    ),
    NotOffered(
        "Deleting everything that matches",
        ("DELETE", "Patient"),
        "A condition must name one resource; a deletion is meant one by one.",
    ),
    NotOffered(
        "XML and FHIRPath patches",
        ("PATCH", "Patient/x"),
        "Send a JSON Patch.",
    ),
    NotOffered(
        "Pages backwards",
        ("GET", "Patient?_page=2"),
        "Links lead to the first and the next page; a cursor holds its place while others write.",
    ),
)
