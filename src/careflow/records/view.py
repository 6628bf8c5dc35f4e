"""How much of each resource an answer holds: ``_elements`` and ``_summary``, wherever asked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Final, get_args

from careflow.errors import BadInputError
from careflow.fhir.definitions import is_resource_type
from careflow.fhir.search import BadValueError, UnsupportedSearchError
from careflow.fhir.search_request import SearchRequest
from careflow.fhir.subset import WHOLE, Summary, View, element_names
from careflow.records.request import Pairs

VIEW_PARAMETERS: Final = frozenset({"_elements", "_summary", "_pretty", "_format"})
"""What every read takes, of one resource, one version or many."""
SUMMARIES: Final[tuple[Summary, ...]] = get_args(Summary)


class BadReadParameterError(BadInputError):
    """A parameter that a read does not take."""

    code: ClassVar[str] = "records-bad-read-parameter"
    issue: ClassVar[str] = "not-supported"

    def __init__(self, name: str) -> None:
        super().__init__(f"A read takes {', '.join(sorted(VIEW_PARAMETERS))} only.", place=name)


def view_of_search(request: SearchRequest) -> View:
    """Return how much of each resource a search asks for.

    Raises:
        SearchError: It asks for what cannot be together, or for an element that is not there.
    """
    summary = request.summary if request.summary != "count" else None
    if summary == "text" and (request.includes or request.revincludes):
        text = "Other resources are not added to narratives alone (_summary=text)."
        name = "_include" if request.includes else "_revinclude"
        raise UnsupportedSearchError(text, parameter=name)
    return _view(summary, request.elements, request.type)


def view_of_read(pairs: Pairs, kind: str | None, *, lenient: bool) -> View:
    """Return how much of a resource (or of each of its versions) a read asks for.

    Raises:
        BadReadParameterError: A parameter is unknown here.
        SearchError: The value of one is.
    """
    summary: Summary | None = None
    elements: tuple[str, ...] = ()
    for name, value in pairs:
        if name == "_elements":
            elements += tuple(part.strip() for part in value.split(",") if part.strip())
        elif name == "_summary":
            summary = _summary(value)
        elif name not in VIEW_PARAMETERS and not lenient:
            raise BadReadParameterError(name)
    return _view(summary, elements, kind)


def _summary(value: str) -> Summary | None:
    for one in SUMMARIES:
        if one == value:
            return one
    if value != "false":
        text = f"One of {', '.join(SUMMARIES)}, false is expected."
        raise BadValueError(text, parameter="_summary")
    return None


def _view(summary: Summary | None, elements: tuple[str, ...], kind: str | None) -> View:
    if summary is None and not elements:
        return WHOLE
    if summary is not None and elements:
        text = "Ask for _summary or for _elements, not for both."
        raise UnsupportedSearchError(text, parameter="_elements")
    _require_known(elements, kind)
    return View(summary, elements)


def _require_known(elements: Iterable[str], kind: str | None) -> None:
    """Raise if a name is no element of the type: a slip would look like an empty record."""
    for name in elements:
        type_, dot, rest = name.rpartition(".")
        owner = type_ if dot else kind
        if owner is None or not is_resource_type(owner):
            text = "Elements are named as in name or Patient.name, of the resource itself."
            raise BadValueError(text, parameter="_elements")
        if rest not in element_names(owner):
            raise BadValueError(f"{owner} has no element of this name.", parameter="_elements")
