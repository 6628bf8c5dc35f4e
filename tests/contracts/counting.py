"""A database that counts what it is asked, for budgets that hold on any machine."""

from __future__ import annotations

from collections import Counter
from typing import Any, cast

from careflow.database.documents import Documents


class _Counted:
    """Any database, its verbs counted as they are called."""

    def __init__(self, documents: Documents, asked: Counter[str]) -> None:
        self._documents = documents
        self._asked = asked

    def __getattr__(self, verb: str) -> Any:
        self._asked[verb] += 1
        return getattr(self._documents, verb)


def counted(documents: Documents) -> tuple[Documents, Counter[str]]:
    """Return the same database, and how often each of its verbs was called through it."""
    asked: Counter[str] = Counter()
    return cast("Documents", _Counted(documents, asked)), asked
