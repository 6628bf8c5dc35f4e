"""SMART scopes of machine clients: ``system/Observation.rs`` and the older ``.read .write .*``.

Grammar of http://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html (version 2), without
its search-parameter part, and the words of version 1 mapped to letters. Only the ``system`` context
is known: programs act for the clinic, not for a person.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

from careflow.errors import BadInputError
from careflow.identity.kinds import EVERY_TYPE

LETTERS = "cruds"
_SHAPE = re.compile(r"system/(\*|[A-Z][A-Za-z]+)\.(\*|read|write|c?r?u?d?s?)")
_VERSION_1 = {"read": "rs", "write": "cud", "*": LETTERS}


class BadScopeError(BadInputError):
    """A scope that is not understood, or that grants nothing."""

    code: ClassVar[str] = "identity-bad-scope"

    def __init__(self, scope: str) -> None:
        super().__init__(
            f"{scope[:80]!r} is not a scope that is granted here: "
            "write system/Observation.rs, for example."
        )


@dataclass(frozen=True, slots=True)
class Grants:
    """What a set of scopes allows, by resource type (``*`` for every type)."""

    letters: dict[str, frozenset[str]]

    def allows(self, kind: str | None, letter: str) -> bool:
        """Report whether the letter is granted for a type; ``None`` asks about every type."""
        if letter in self.letters.get("*", ()):
            return True
        return kind is not None and letter in self.letters.get(kind, ())

    def types(self, letters: str) -> frozenset[str]:
        """Return the types for which any of the letters is granted."""
        return frozenset(t for t in EVERY_TYPE if any(self.allows(t, one) for one in letters))

    def within(self, other: Grants) -> Grants:
        """Return what both allow."""
        types = (set(self.letters) | set(other.letters)) - {"*"}
        every = self.letters.get("*", frozenset()) & other.letters.get("*", frozenset())
        both = {
            t: frozenset(one for one in LETTERS if self.allows(t, one) and other.allows(t, one))
            for t in types
        }
        # A type that adds nothing to what every type has is not worth a scope of its own.
        kept = {t: found for t, found in both.items() if found - every}
        return Grants({"*": every, **kept} if every else kept)

    def scopes(self) -> frozenset[str]:
        """Write the grants as scopes again, letters in the standard's order."""
        return frozenset(
            f"system/{t}.{''.join(one for one in LETTERS if one in found)}"
            for t, found in self.letters.items()
        )


def grants_of(scopes: Iterable[str]) -> Grants:
    """Return what the scopes allow together.

    Raises:
        BadScopeError: One of them is not understood.
    """
    return _grants(frozenset(scopes))


@lru_cache(maxsize=1024)
def _grants(scopes: frozenset[str]) -> Grants:
    letters: dict[str, set[str]] = {}
    for scope in scopes:
        kind, granted = _parsed(scope)
        letters.setdefault(kind, set()).update(granted)
    return Grants({kind: frozenset(found) for kind, found in letters.items()})


def _parsed(scope: str) -> tuple[str, str]:
    match = _SHAPE.fullmatch(scope)
    if match is None or not match[2] or (match[1] != "*" and match[1] not in EVERY_TYPE):
        raise BadScopeError(scope)
    return match[1], _VERSION_1.get(match[2], match[2])
