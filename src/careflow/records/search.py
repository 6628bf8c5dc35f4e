"""A FHIR search as a question to the store."""

from __future__ import annotations

from careflow.database.documents import Query
from careflow.fhir.search import SearchRequest


def query_for(request: SearchRequest) -> Query:
    """Return the store's query for a parsed search."""
    return Query(kind=request.type)
