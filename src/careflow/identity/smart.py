"""SMART scopes: ``system/Observation.rs?category=laboratory`` and the older ``.read .write .*``.

Grammar of http://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html (version 2), the
words of version 1 mapped to letters. ``system/`` and ``user/`` reach what the client itself may
reach: a program is its own user. ``patient/`` reaches the one patient the client is bound to.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import ClassVar, Final
from urllib.parse import unquote

from careflow.database.scope import COMPARTMENT, Way, Ways
from careflow.errors import BadInputError
from careflow.fhir.conditions import TermIn
from careflow.fhir.definitions import search_parameters
from careflow.fhir.search import SearchError, parse_search
from careflow.identity.kinds import EVERY_TYPE, PATIENTS_OWN, SHARED, TRAIL

LETTERS: Final = "cruds"
CONTEXTS: Final = ("system", "user", "patient")
SCOPES_MAX: Final = 100
LENGTH_MAX: Final = 4000
"""Of all scopes together: they travel in every token."""

_SHAPE = re.compile(
    r"(system|user|patient)/(\*|[A-Z][A-Za-z]+)\.(\*|read|write|c?r?u?d?s?)"
    r"(?:\?([\x21\x23-\x5B\x5D-\x7E]+))?"
)
_VERSION_1 = {"read": "rs", "write": "cud", "*": LETTERS}
_OF_EVERY_TYPE = frozenset({"_security", "_tag"})
_PAIRS_MAX = 10


class BadScopeError(BadInputError):
    """A scope that is not understood, or that grants nothing."""

    code: ClassVar[str] = "identity-bad-scope"

    def __init__(self, scope: str, why: str = "write system/Observation.rs, for example.") -> None:
        super().__init__(f"{scope[:80]!r} is not a scope that is granted here: {why}")


class NoPatientContextError(BadScopeError):
    """A scope about one patient, asked for by a client that is bound to none."""

    code: ClassVar[str] = "identity-no-patient-context"

    def __init__(self, scope: str) -> None:
        super().__init__(scope, "only a client that is bound to one patient has patient/ scopes.")


@dataclass(frozen=True, slots=True, order=True)
class Grant:
    """One scope.

    Attributes:
        kind: A resource type, or ``*`` for every one.
        asked: Its query part, pair by pair as written, sorted.
        letters: What may be done, in the standard's order.
        terms: What documents must carry: the query part as the store asks it.
    """

    context: str
    kind: str
    asked: tuple[str, ...]
    letters: str
    terms: Way = ()

    def covers(self, kind: str, letter: str) -> bool:
        """Report whether the letter is granted for a type at all."""
        if letter not in self.letters or self.kind not in {"*", kind}:
            return False
        if kind in TRAIL and (self.asked or self.context == "patient"):
            return False  # a view without index or compartments
        if self.context == "patient":
            return kind in PATIENTS_OWN or (kind in SHARED and letter in "rs")
        return True

    def way(self, kind: str, patient: str | None) -> Way | None:
        """Return what a document must carry to be in reach; ``None`` if none is."""
        if self.context != "patient" or kind in SHARED:
            return self.terms
        return ((COMPARTMENT, (patient,)), *self.terms) if patient else None

    def written(self) -> str:
        """Write the scope."""
        query = f"?{'&'.join(self.asked)}" if self.asked else ""
        return f"{self.context}/{self.kind}.{self.letters}{query}"


@dataclass(frozen=True, slots=True)
class Grants:
    """What a set of scopes allows together; several for one type unite."""

    grants: tuple[Grant, ...]

    def allows(self, kind: str | None, letter: str) -> bool:
        """Report whether the letter is granted for a type; ``None`` asks about every type."""
        if kind is None:
            return any(one.kind == "*" and letter in one.letters for one in self.grants)
        return any(one.covers(kind, letter) for one in self.grants)

    def types(self, letters: str) -> frozenset[str]:
        """Return the types for which any of the letters is granted."""
        return frozenset(t for t in EVERY_TYPE if any(self.allows(t, one) for one in letters))

    def ways(self, kind: str, letter: str, patient: str | None) -> Ways | None:
        """Return the ways in which a document is in reach, ``None`` for every document."""
        found = []
        for one in self.grants:
            way = one.way(kind, patient) if one.covers(kind, letter) else None
            if way == ():
                return None
            if way is not None:
                found.append(way)
        return tuple(found)

    def needs_patient(self) -> bool:
        """Report whether any of it is about one patient."""
        return any(one.context == "patient" for one in self.grants)

    def within(self, other: Grants) -> Grants:
        """Return what both allow."""
        both = (_both(one, another) for one in self.grants for another in other.grants)
        return Grants(_tidy(one for one in both if one is not None))

    def scopes(self) -> frozenset[str]:
        """Write the grants as scopes again, letters in the standard's order."""
        return frozenset(one.written() for one in self.grants)


def grants_of(scopes: Iterable[str]) -> Grants:
    """Return what the scopes allow together.

    Raises:
        BadScopeError: One of them is not understood, or they are too many.
    """
    return _grants(frozenset(scopes))


@lru_cache(maxsize=1024)
def _grants(scopes: frozenset[str]) -> Grants:
    if len(scopes) > SCOPES_MAX or sum(map(len, scopes)) > LENGTH_MAX:
        raise BadScopeError(" ".join(sorted(scopes)), "ask for fewer at once.")
    return Grants(_tidy(_parsed(scope) for scope in scopes))


def _parsed(scope: str) -> Grant:
    match = _SHAPE.fullmatch(scope)
    if match is None or not match[3]:
        raise BadScopeError(scope)
    context, kind, words, query = match.groups()
    if kind != "*" and kind not in EVERY_TYPE:
        raise BadScopeError(scope, "FHIR R4 has no such resource type.")
    asked = tuple(sorted(set(query.split("&")))) if query else ()
    grant = Grant(context, kind, asked, _VERSION_1.get(words, words), _terms(scope, kind, asked))
    if kind != "*" and not any(grant.covers(kind, letter) for letter in grant.letters):
        raise BadScopeError(scope, f"{kind} is not given out in this way.")
    return grant


def _terms(scope: str, kind: str, asked: tuple[str, ...]) -> Way:
    """Return the query part as terms; only token parameters can be told from an index alone."""
    if len(asked) > _PAIRS_MAX:
        raise BadScopeError(scope, "its query is too long.")
    return tuple(_held(scope, kind, *pair.partition("=")[::2]) for pair in asked)


def _held(scope: str, kind: str, name: str, value: str) -> tuple[str, tuple[str, ...]]:
    known = search_parameters("Basic" if kind == "*" else kind).get(name)
    is_token = known is not None and known.type == "token" and not known.unites
    if not is_token or (kind == "*" and name not in _OF_EVERY_TYPE):
        why = "its query may name token parameters of the type, like category=laboratory."
        raise BadScopeError(scope, why)
    try:
        text = unquote(value, errors="strict")
        [condition] = parse_search("Basic" if kind == "*" else kind, [(name, text)]).conditions
    except (SearchError, UnicodeDecodeError) as error:
        raise BadScopeError(scope, "a value of its query is no token.") from error
    if not isinstance(condition, TermIn) or not condition.values:
        raise BadScopeError(scope, "a value of its query is no token.")
    return condition.parameter, condition.values


def _both(one: Grant, other: Grant) -> Grant | None:
    """Return what two scopes both allow, or ``None``."""
    if one.context != other.context or (
        one.kind != other.kind and "*" not in {one.kind, other.kind}
    ):
        return None
    letters = "".join(
        letter for letter in LETTERS if letter in one.letters and letter in other.letters
    )
    kind = other.kind if one.kind == "*" else one.kind
    asked = dict(zip((*one.asked, *other.asked), (*one.terms, *other.terms), strict=True))
    pairs = sorted(asked.items())
    if not letters or len(pairs) > _PAIRS_MAX:
        return None
    return Grant(
        one.context, kind, tuple(p for p, _ in pairs), letters, tuple(held for _, held in pairs)
    )


def _tidy(grants: Iterable[Grant]) -> tuple[Grant, ...]:
    """Unite the letters of what is otherwise the same, and leave out what adds nothing."""
    united: dict[tuple[str, str, tuple[str, ...]], Grant] = {}
    for one in grants:
        key = (one.context, one.kind, one.asked)
        before = united.get(key, one).letters
        letters = "".join(letter for letter in LETTERS if letter in before + one.letters)
        united[key] = replace(one, letters=letters)
    kept = [
        one for one in united.values() if not any(_adds_nothing(one, o) for o in united.values())
    ]
    return tuple(sorted(kept))


def _adds_nothing(one: Grant, other: Grant) -> bool:
    return (
        one is not other
        and one.context == other.context
        and other.kind in {"*", one.kind}
        and set(other.asked) <= set(one.asked)
        and set(one.letters) <= set(other.letters)
    )
