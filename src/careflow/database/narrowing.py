"""A scope put to work, the same on every adapter: conditions of a query, members of a body."""

from __future__ import annotations

from collections.abc import Collection

import msgspec

from careflow.database.conditions import AllOf, AnyOf, Condition, TermIn
from careflow.database.documents import Document, Page, Term
from careflow.database.scope import AccessScope, Way, Ways


def narrowed(
    conditions: tuple[Condition, ...], scope: AccessScope, kind: str
) -> tuple[Condition, ...]:
    """Return the conditions of a search with those of the scope after them."""
    ways = scope.ways(kind, "find")
    return conditions if ways is None else (*conditions, *conditions_of(ways))


def conditions_of(ways: Ways) -> tuple[Condition, ...]:
    """Return the conditions that hold together exactly when one of the ways does."""
    if len(ways) == 1:
        return _all(ways[0])
    return (AnyOf(tuple(AllOf(_all(way)) for way in ways)),)


def _all(way: Way) -> tuple[Condition, ...]:
    return tuple(TermIn(parameter, values) for parameter, values in way)


def holds(ways: Ways | None, terms: Collection[Term]) -> bool:
    """Report whether a document with these terms is in reach."""
    if ways is None:
        return True
    carried = set(terms)
    return any(
        all(any((name, value) in carried for value in values) for name, values in way)
        for way in ways
    )


def shown(document: Document, scope: AccessScope) -> Document:
    """Return the document with the members of its body that the scope shows."""
    fields = scope.fields.get(document.kind)
    if fields is None or not document.body:
        return document
    return msgspec.structs.replace(document, body=fields.of(document.body))


def shown_page(page: Page, scope: AccessScope) -> Page:
    """Return the page with each of its documents as the scope shows it."""
    documents = [shown(document, scope) for document in page.documents]
    return msgspec.structs.replace(page, documents=documents)
