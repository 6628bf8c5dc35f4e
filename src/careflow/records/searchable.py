"""What an asker may search by: whoever is not shown a member must not learn it by asking for it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import ClassVar

from careflow.database.scope import AccessScope
from careflow.errors import NotAllowedError
from careflow.fhir import conditions as asked
from careflow.fhir.definitions import SearchParameter, search_parameters
from careflow.fhir.search_request import SearchRequest

Asked = tuple[str, str]
"""(resource type, search parameter)."""

_OF_THE_STORE = frozenset({"_id", "_lastUpdated"})


class HiddenParameterError(NotAllowedError):
    """A search by something that the asker is not shown."""

    code: ClassVar[str] = "records-hidden-parameter"

    def __init__(self, kind: str, parameter: str) -> None:
        super().__init__(
            f"Your role does not see what {parameter} of a {kind} asks about.", place=parameter
        )


def require_searchable(request: SearchRequest, scope: AccessScope) -> None:
    """Raise if a search asks or sorts by what the scope does not show."""
    conditions = asked.AllOf(request.conditions)
    sorts = ((request.type, key.parameter) for key in request.sort)
    for kind, parameter in (*_asked_by(conditions, request.type), *sorts):
        if not is_searchable(scope, kind, parameter):
            raise HiddenParameterError(kind, parameter)


def is_searchable(scope: AccessScope, kind: str, parameter: str) -> bool:
    """Report whether all that a parameter looks at is shown."""
    fields = scope.fields.get(kind)
    return (
        fields is None or parameter in _OF_THE_STORE or _looks_at(kind, parameter, fields.members)
    )


def _asked_by(condition: asked.Condition, kind: str) -> Iterator[Asked]:
    match condition:
        case asked.AllOf(conditions) | asked.AnyOf(conditions):
            for one in conditions:
                yield from _asked_by(one, kind)
        case asked.Not(inner):
            yield from _asked_by(inner, kind)
        case asked.Chained(parameter, type_, inner):
            yield kind, parameter
            yield from _asked_by(inner, type_)
        case asked.ReferredToBy(type_, parameter, inner):
            yield type_, parameter
            yield from _asked_by(inner, type_)
        case asked.Judged():
            # A test reads the body, which holds no more than is shown.
            if condition.narrowed is not None:
                yield from _asked_by(condition.narrowed, kind)
        case asked.IdIn() | asked.StoredBetween():
            return
        case _:
            # What follows a colon says which of the parameter's entries are asked.
            yield kind, condition.parameter.partition(":")[0]


@lru_cache(maxsize=512)
def _looks_at(kind: str, code: str, shown: frozenset[str]) -> bool:
    """Report whether a parameter looks at nothing but these members; one unknown does not."""
    parameter = search_parameters(kind).get(code)
    if parameter is None:
        return False
    if parameter.unites:
        return all(_looks_at(kind, part, shown) for part in parameter.unites)
    return _members(parameter) <= shown


def _members(parameter: SearchParameter) -> set[str]:
    whole = [path.steps for path in parameter.paths]
    for group in parameter.groups:
        whole += [path.below(group.base) for part in group.components for path in part.paths]
    return {steps[0].partition("[")[0] if steps else "" for steps in whole}
