"""What a page of matches brings along: ``_include`` and ``_revinclude``, as far as one may see.

Each round asks the store once per type: the ids that the resources at hand refer to, or whatever
refers to them. Only ``:iterate`` goes on from what a round has brought.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

import msgspec

from careflow.database.conditions import AnyOf, IdIn, TermIn
from careflow.database.documents import Document, Documents, Query
from careflow.fhir.definitions import (
    SearchParameter,
    is_resource_type,
    resource_types,
    search_parameters,
)
from careflow.fhir.issue import Issue
from careflow.fhir.reference import Reference, parse_reference
from careflow.fhir.referring import is_canonical, references_of
from careflow.fhir.search import UnsupportedSearchError
from careflow.fhir.search_request import Include, SearchRequest
from careflow.identity.access import Interaction, may_fhir
from careflow.records.interactions import Asker
from careflow.records.owners import VIEWS
from careflow.records.pointing import (
    canonical_addresses,
    names_of,
    parameters_named,
    questions,
    truly_refers,
    values_naming,
)
from careflow.records.searchable import is_searchable

INCLUDED_MAX: Final = 1000
"""Resources that one page brings along at most."""
VERSIONS_MAX: Final = 200
"""Versions named by references that one round reads, each by itself."""
DIGITS_MAX: Final = 18
ROUNDS_MAX: Final = 8
"""Steps that ``:iterate`` goes at most."""

_CUT: Final = (
    "too-costly",
    f"More than {INCLUDED_MAX} resources would be added to this page and some are left out: "
    "ask for fewer matches a page with _count.",
)
_OLD: Final = (
    "too-costly",
    f"More than {VERSIONS_MAX} versions are referred to from this page and some are left out: "
    "ask for fewer matches a page with _count.",
)
_FAR: Final = ("too-costly", f"Includes are followed for {ROUNDS_MAX} steps, no further.")

Key = tuple[str, str, int]


def require_includable(request: SearchRequest) -> None:
    """Raise if a search asks to add what is only a view of something kept elsewhere.

    Raises:
        UnsupportedSearchError: It does.
    """
    if any(one.source in VIEWS for one in request.revincludes):
        text = "AuditEvent is not added to others: search it by itself."
        raise UnsupportedSearchError(text, parameter="_revinclude")


@dataclass(slots=True)
class Beside:
    """What goes with a page: resources, and what is to be said about them."""

    documents: list[Document] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)


@dataclass(slots=True)
class _Wanted:
    """What the resources at hand refer to, sorted by how it is asked for."""

    ids: dict[str, dict[str, None]] = field(default_factory=dict)
    versions: dict[tuple[str, str, int], None] = field(default_factory=dict)
    addresses: dict[str, dict[str, None]] = field(default_factory=dict)


class Including:
    """Gathers, for one asker, what goes with a page of matches."""

    def __init__(self, documents: Documents, asker: Asker, *, base: str) -> None:
        self._documents = documents
        self._asker = asker
        self._base = base
        self._seen: set[Key] = set()
        self._asked: set[tuple[str, str]] = set()
        self._beside = Beside()

    async def beside(self, matches: Sequence[Document], request: SearchRequest) -> Beside:
        """Return what goes with the matches, each once; nothing that the asker may not see."""
        includes = self._allowed(request.includes, forward=True)
        revincludes = self._allowed(request.revincludes, forward=False)
        self._seen.update(_key(document) for document in matches)
        self._asked.update((document.kind, document.id) for document in matches)
        at_hand = list(matches)
        for _ in range(ROUNDS_MAX):
            questions = [*self._forward(at_hand, includes), *self._reverse(at_hand, revincludes)]
            at_hand = self._new(await asyncio.gather(*questions))
            includes = [one for one in includes if one.iterate]
            revincludes = [one for one in revincludes if one.iterate]
            if not at_hand or not (includes or revincludes):
                return self._beside
        self._say_once(*_FAR)
        return self._beside

    # --- what may be seen ------------------------------------------------------------------

    def _allowed(self, includes: Iterable[Include], *, forward: bool) -> list[Include]:
        """Return what may be followed; say of what is named and may not be seen that it is not."""
        kept = []
        for one in dict.fromkeys(includes):
            named = one.target if forward else one.source
            if named in {None, "*"} or self._may(named, forward=forward):
                kept.append(one)
            else:
                self._say_once("forbidden", f"You may not see {named}: none was added.")
        return kept

    def _may(self, kind: str | None, *, forward: bool) -> bool:
        interaction: Interaction = "read" if forward else "search"
        return (
            kind is not None
            and self._asker.scope.allows_kind(kind)
            and may_fhir(self._asker.actor, kind, interaction)
        )

    # --- forward: what the resources at hand refer to --------------------------------------

    def _forward(
        self, at_hand: Iterable[Document], includes: Sequence[Include]
    ) -> list[Awaitable[list[Document]]]:
        wanted = _Wanted()
        for document in at_hand if includes else ():
            followed = _followed(document.kind, includes)
            resource = msgspec.json.decode(document.body) if followed else None
            for parameter, target in followed:
                for text in references_of(resource, parameter):
                    self._want(wanted, text, parameter, target)
        if len(wanted.versions) > VERSIONS_MAX:
            self._say_once(*_OLD)
        return [
            *(self._by_id(kind, tuple(ids)) for kind, ids in wanted.ids.items()),
            *(self._by_address(kind, tuple(urls)) for kind, urls in wanted.addresses.items()),
            *(self._by_version(*one) for one in itertools.islice(wanted.versions, VERSIONS_MAX)),
        ]

    def _want(
        self, wanted: _Wanted, text: str, parameter: SearchParameter, target: str | None
    ) -> None:
        literal = parse_reference(text)
        if literal is not None and literal.base in {"", f"{self._base}/"}:
            if target in {None, literal.type}:
                self._want_literal(wanted, literal)
        elif is_canonical(parameter):
            for kind in (target,) if target else parameter.targets or sorted(resource_types()):
                if "url" in search_parameters(kind) and self._may(kind, forward=True):
                    wanted.addresses.setdefault(kind, {})[text] = None

    def _want_literal(self, wanted: _Wanted, literal: Reference) -> None:
        # Kinds that are no resource types (accounts, jobs) are nothing one could refer to.
        if not is_resource_type(literal.type) or not self._may(literal.type, forward=True):
            return
        if literal.version is not None:
            key = (literal.type, literal.id, _number(literal.version))
            if key not in self._seen:
                wanted.versions[key] = None
        elif (literal.type, literal.id) not in self._asked:
            self._asked.add((literal.type, literal.id))
            wanted.ids.setdefault(literal.type, {})[literal.id] = None

    async def _by_id(self, kind: str, ids: tuple[str, ...]) -> list[Document]:
        if len(ids) > INCLUDED_MAX:
            self._say_once(*_CUT)
        return await self._find(kind, IdIn(ids[:INCLUDED_MAX]))

    async def _by_version(self, kind: str, id: str, version: int) -> list[Document]:
        found = await self._documents.read(kind, id, self._asker.scope, version=version)
        return [found] if found is not None and not found.deleted else []

    async def _by_address(self, kind: str, texts: tuple[str, ...]) -> list[Document]:
        """Return the resources of canonical addresses, of the version named where one is."""
        urls = dict.fromkeys(text.partition("|")[0] for text in texts)
        found = await self._find(kind, TermIn("url", tuple(urls)))
        return [one for one in found if not {*canonical_addresses(one)}.isdisjoint(texts)]

    # --- reverse: what refers to the resources at hand -------------------------------------

    def _reverse(
        self, at_hand: Sequence[Document], includes: Sequence[Include]
    ) -> list[Awaitable[list[Document]]]:
        asked: dict[str, dict[str, dict[str, None]]] = {}
        names = names_of(at_hand, self._base) if includes else {}
        for one in includes:
            for kind in (one.source,) if one.source != "*" else self._sources():
                for parameter in self._searchable(kind, one.parameter):
                    values = asked.setdefault(kind, {}).setdefault(parameter.code, {})
                    values.update(values_naming(parameter, one.target, names))
        return [
            self._referring(kind, question)
            for kind, parameters in asked.items()
            for question in questions(parameters)
        ]

    def _searchable(self, kind: str, name: str) -> list[SearchParameter]:
        """Return the named parameters without those that ask about what is not shown."""
        scope = self._asker.scope
        named = parameters_named(kind, name)
        return [one for one in named if is_searchable(scope, kind, one.code)]

    def _sources(self) -> list[str]:
        stored = sorted(resource_types() - VIEWS)
        return [kind for kind in stored if self._may(kind, forward=False)]

    async def _referring(self, kind: str, values: dict[str, tuple[str, ...]]) -> list[Document]:
        terms = [TermIn(code, each) for code, each in values.items()]
        found = await self._find(kind, terms[0] if len(terms) == 1 else AnyOf(tuple(terms)))
        if not any(is_canonical(search_parameters(kind)[code]) for code in values):
            return found
        return [one for one in found if truly_refers(one, values)]

    # --- what was found --------------------------------------------------------------------

    async def _find(self, kind: str, condition: IdIn | TermIn | AnyOf) -> list[Document]:
        query = Query(kind, (condition,), count=INCLUDED_MAX + 1)
        page = await self._documents.find(query, self._asker.scope)
        return page.documents

    def _new(self, answers: Iterable[Sequence[Document]]) -> list[Document]:
        """Keep what was not there before, as far as there is room; return it."""
        new: list[Document] = []
        for document in (one for found in answers for one in found):
            if _key(document) in self._seen:
                continue
            if len(self._beside.documents) == INCLUDED_MAX:
                self._say_once(*_CUT)
                return []
            self._seen.add(_key(document))
            self._asked.add((document.kind, document.id))
            self._beside.documents.append(document)
            new.append(document)
        return new

    def _say_once(self, code: str, text: str) -> None:
        issue = Issue("warning", code, text)
        if issue not in self._beside.issues:
            self._beside.issues.append(issue)


def _number(version: str) -> int:
    """Return the version that a reference names; 0, which is none, if it is no number of ours."""
    return int(version) if version.isdecimal() and len(version) <= DIGITS_MAX else 0


def _key(document: Document) -> Key:
    return document.kind, document.id, document.version


def _followed(kind: str, includes: Iterable[Include]) -> list[tuple[SearchParameter, str | None]]:
    """Return the parameters to follow from a type, each with the type it is to lead to."""
    return [
        (parameter, one.target)
        for one in includes
        if one.source in {kind, "*"}
        for parameter in parameters_named(kind, one.parameter)
    ]
