"""A search, understood: what :func:`careflow.fhir.search.parse_search` returns."""

from __future__ import annotations

from typing import Literal

import msgspec

from careflow.fhir.conditions import Condition, TermIn
from careflow.fhir.extract import series_key


class Sort(msgspec.Struct, frozen=True, gc=False):
    """One key of ``_sort``.

    Attributes:
        is_indexed: The store keeps the parameter's values in order.
    """

    parameter: str
    descending: bool = False
    is_indexed: bool = True


class Include(msgspec.Struct, frozen=True, gc=False):
    """One ``_include`` or ``_revinclude``.

    Attributes:
        source: Type that holds the reference; ``*`` for any.
        parameter: Reference parameter; ``*`` for all.
        target: Only references to this type, or ``None``.
    """

    source: str
    parameter: str
    target: str | None = None
    iterate: bool = False


class SearchRequest(msgspec.Struct, frozen=True, gc=False):
    """A search, understood.

    Attributes:
        conditions: All must hold.
        count: Resources a page, ``None`` for the server's choice; 0 asks for the total alone.
        total: ``none``, ``estimate`` or ``accurate``; ``None`` for the server's choice.
        summary: ``true``, ``text``, ``data``, ``count`` or ``None``.
        elements: Members to keep, empty for all.
        pairs: What was understood, for the self link.
        ignored: Names of parameters left out under lenient handling.
    """

    type: str
    conditions: tuple[Condition, ...] = ()
    sort: tuple[Sort, ...] = ()
    count: int | None = None
    total: Literal["none", "estimate", "accurate"] | None = None
    includes: tuple[Include, ...] = ()
    revincludes: tuple[Include, ...] = ()
    summary: Literal["true", "text", "data", "count"] | None = None
    elements: tuple[str, ...] = ()
    pretty: bool = False
    pairs: tuple[tuple[str, str], ...] = ()
    ignored: tuple[str, ...] = ()

    def is_sorted_by_reading(self) -> bool:
        """Report whether the order is one that the store keeps no index of."""
        return any(not key.is_indexed for key in self.sort)

    def series_keys(self) -> tuple[str, ...]:
        """Return the series that answer this search, or nothing if none do.

        Observations of named patients and named analytes, sorted by date alone, can be read from
        the index in order; see :attr:`careflow.fhir.extract.SearchEntries.series`.
        """
        if self.type != "Observation" or len(self.sort) != 1 or self.sort[0].parameter != "date":
            return ()
        patients, codes = _terms(self, "patient", "subject"), _terms(self, "code")
        for patient in patients:
            if not patient.startswith("Patient/"):
                return ()
        for code in codes:
            if "|" not in code or code.endswith("|"):
                return ()
        pairs = [(patient.removeprefix("Patient/"), code) for patient in patients for code in codes]
        return tuple([series_key(patient, *code.rsplit("|", 1)) for patient, code in pairs])


def _terms(request: SearchRequest, *names: str) -> tuple[str, ...]:
    """Return the values of the only condition on these parameters, or nothing."""
    found = [c for c in request.conditions if isinstance(c, TermIn) and c.parameter in names]
    return found[0].values if len(found) == 1 else ()
