"""What can be wrong with a search; each error names the parameter, never its value."""

from __future__ import annotations

from typing import ClassVar

from careflow.errors import BadInputError


class SearchError(BadInputError):
    """A search that cannot be answered as asked."""

    code: ClassVar[str] = "fhir-bad-search"

    def __init__(self, message: str, *, parameter: str) -> None:
        super().__init__(message, place=parameter)
        self.parameter = parameter


class UnknownParameterError(SearchError):
    """The type has no search parameter of this name."""

    code: ClassVar[str] = "fhir-unknown-parameter"
    issue: ClassVar[str] = "not-supported"

    def __init__(self, type_: str, parameter: str) -> None:
        text = f"{type_} has no search parameter of this name; see the CapabilityStatement."
        super().__init__(text, parameter=parameter)


class UnknownModifierError(SearchError):
    """The parameter does not take this modifier."""

    code: ClassVar[str] = "fhir-unknown-modifier"
    issue: ClassVar[str] = "not-supported"

    def __init__(self, parameter: str) -> None:
        super().__init__("This search parameter does not take this modifier.", parameter=parameter)


class BadValueError(SearchError):
    """The value does not have the form that the parameter's type asks for."""

    code: ClassVar[str] = "fhir-bad-search-value"
    issue: ClassVar[str] = "value"


class UnsupportedSearchError(SearchError):
    """Part of FHIR's search that this server does not offer."""

    code: ClassVar[str] = "fhir-unsupported-search"
    issue: ClassVar[str] = "not-supported"
