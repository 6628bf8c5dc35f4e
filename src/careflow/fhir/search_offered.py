"""What a search may ask of a type, told by asking the grammar itself.

Nothing here is a list of its own that could differ from what is done: a modifier is offered if a
search with it is understood.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

from careflow.fhir.definitions import SearchParameter, resource_types, search_parameters
from careflow.fhir.referring import may_refer_to, reference_parameters
from careflow.fhir.search import (
    SearchError,
    UnknownModifierError,
    UnsupportedSearchError,
    parse_search,
)

MODIFIERS: Final = (
    *("missing", "exact", "contains", "not", "text", "of-type", "identifier"),
    *("above", "below", "in", "not-in"),
)
"""The standard's modifiers; beside them, a reference takes the type it is to point to."""
PREFIXES: Final = ("eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap")
EXAMPLES: Final[Mapping[str, str]] = {
    "date": "2026-01",
    "number": "1",
    "quantity": "1",
    "reference": "Patient/1",
    "string": "x",
    "token": "x",
    "uri": "http://example.org/x",
}
_BY_MODIFIER: Final[Mapping[str, str]] = {
    "missing": "true",
    "of-type": "http://example.org/type|MR|1",
    "in": "http://example.org/ValueSet/x",
    "not-in": "http://example.org/ValueSet/x",
}
_OF_ALL: Final[Mapping[str, tuple[str, str]]] = {
    "_id": ("token", "x"),
    "_lastUpdated": ("date", "2026"),
    "_text": ("string", "x"),
    "_content": ("string", "x"),
    "_list": ("special", "x"),
}
"""Parameters of every type that the standard defines beside those of its definitions."""
_RESULTS: Final[Mapping[str, str]] = {
    "_sort": "_id",
    "_count": "1",
    "_total": "none",
    "_summary": "false",
    "_elements": "id",
    "_include": "*",
    "_revinclude": "*",
    "_contained": "true",
    "_containedType": "container",
    "_format": "json",
    "_pretty": "true",
    "_score": "1",
}


@cache
def of_every_type() -> dict[str, str]:
    """Return the parameters that every type has, by name, with their search type."""
    found = {name: type_ for name, (type_, value) in _OF_ALL.items() if _is_offered(name, value)}
    common = search_parameters("Basic").items()
    return found | {code: one.type for code, one in common if code.startswith("_")}


@cache
def result_parameters() -> tuple[str, ...]:
    """Return the parameters that shape what a search answers."""
    return tuple(name for name, value in _RESULTS.items() if _is_offered(name, value))


def parameters_of(kind: str) -> dict[str, str]:
    """Return every search parameter of a type with its search type, common ones first."""
    own = {code: one.type for code, one in search_parameters(kind).items()}
    return of_every_type() | own


def modifiers_of(kind: str, code: str) -> tuple[str, ...]:
    """Return the modifiers that a parameter takes; ``[type]`` stands for a type it may point to."""
    parameter = search_parameters(kind).get(code)
    if parameter is None:
        return _alike(kind, code, parameter)
    return _of_class(_class_of(kind, parameter))


def includes_of(kind: str) -> tuple[str, ...]:
    """Return the values of ``_include`` that bring something to resources of a type."""
    own = (f"{kind}:{code}" for code in reference_parameters(kind))
    return ("*", f"{kind}:*", *own)


@cache
def revincludes_of(kind: str) -> tuple[str, ...]:
    """Return the values of ``_revinclude`` that bring something to resources of a type."""
    return tuple(
        f"{source}:{code}"
        for source in sorted(resource_types())
        for code, parameter in reference_parameters(source).items()
        if may_refer_to(parameter, kind)
    )


def example(type_: str, parameter: SearchParameter | None = None) -> str:
    """Return a value that a parameter of this search type understands."""
    if parameter is None or type_ != "composite":
        return EXAMPLES.get(type_, "x")
    parts = (part.type for part in parameter.groups[0].components)
    return "$".join("http://example.org|x" if part == "token" else example(part) for part in parts)


_Class = tuple[str, str]
_representatives: dict[tuple[object, ...], _Class] = {}


def _class_of(kind: str, parameter: SearchParameter) -> _Class:
    """Return a parameter that takes the same modifiers: the first met of the same build."""
    build = (
        parameter.type,
        parameter.is_bare,
        frozenset(path.type for path in parameter.paths),
        parameter.code if parameter.unites else "",
    )
    return _representatives.setdefault(build, (kind, parameter.code))


@cache
def _of_class(one: _Class) -> tuple[str, ...]:
    kind, code = one
    return _alike(kind, code, search_parameters(kind)[code])


def _alike(kind: str, code: str, parameter: SearchParameter | None) -> tuple[str, ...]:
    type_ = parameters_of(kind)[code]
    value = example(type_, parameter)
    found = [
        modifier
        for modifier in MODIFIERS
        if _takes(kind, f"{code}:{modifier}", (value, _BY_MODIFIER.get(modifier, value)))
    ]
    return (*found, "[type]") if type_ == "reference" else tuple(found)


def _takes(kind: str, name: str, values: tuple[str, ...]) -> bool:
    """Report whether a modifier is known: a value may be wrong for it, which is another matter."""
    for value in values:
        try:
            parse_search(kind, [(name, value)])
        except (UnknownModifierError, UnsupportedSearchError):
            return False
        except SearchError:
            continue
    return True


def _is_offered(name: str, value: str) -> bool:
    """Report whether a search of any type understands this."""
    try:
        parse_search("Basic", [(name, value)])
    except SearchError:
        return False
    return True
