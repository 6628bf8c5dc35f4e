"""Turns the references inside a bundle into references to what will be stored.

A bundle's resources point at each other by ``fullUrl`` (often ``urn:uuid:…``), and at what is
already in the record by a condition (``Practitioner?identifier=…``). Both become ``Type/id``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar, Final

from msgspec.structs import replace

from careflow.database.conditions import AllOf, AnyOf, Condition, TermIn
from careflow.database.documents import Entries
from careflow.database.scope import AccessScope
from careflow.errors import UnprocessableError
from careflow.fhir.definitions import is_resource_type
from careflow.fhir.reference import rewrite_references
from careflow.fhir.resource import InvalidResourceError, Issue, Resource, parse
from careflow.records.conditional import SeveralMatchError, criteria_in
from careflow.records.proposing import index_entries
from careflow.records.search import plain
from careflow.records.steps import Step, at_entry
from careflow.records.store import Records

_CONDITIONAL: Final = re.compile(rb'"reference"\s*:\s*"([A-Z][A-Za-z]+\?[^"\\\s]+)"')
ISSUES_MAX: Final = 100


@dataclass(frozen=True, slots=True)
class Ready:
    """A resource of a bundle, linked and valid, with its index entries."""

    resource: Resource
    entries: Entries


class NothingMeantError(UnprocessableError):
    """A conditional reference that no resource meets."""

    code: ClassVar[str] = "records-nothing-meant"
    issue: ClassVar[str] = "not-found"

    def __init__(self) -> None:
        super().__init__("A conditional reference in this entry matches nothing in the record.")


def addresses_of(steps: Iterable[Step]) -> dict[str, str]:
    """Return what each entry's fullUrl (and the id it was sent with) will be stored as."""
    found: dict[str, str] = {}
    for step in steps:
        if step.full_url is None or step.method not in {"POST", "PUT"}:
            continue
        found[step.full_url] = step.address
        _, _, tail = step.full_url.rpartition(f"/{step.kind}/")
        if tail and step.full_url.startswith(("http://", "https://")):
            # Relative references are meant relative to the fullUrl of the entry they stand in.
            found[f"{step.kind}/{tail}"] = step.address
    return found


def conditions_in(contents: Iterable[bytes]) -> Counter[str]:
    """Return every conditional reference, in the order met, with how often it was."""
    met = (found for content in contents for found in _CONDITIONAL.findall(content))
    return Counter(reference.decode() for reference in met)


class Neighbours:
    """What one bundle will store or delete, searchable before it is done."""

    def __init__(self, steps: Iterable[Step]) -> None:
        steps = [step for step in steps if not step.is_idle]
        self._stored: dict[str, dict[str, Step]] = {}
        for step in steps:
            if step.method in {"POST", "PUT"}:
                self._stored.setdefault(step.kind, {})[step.address] = step
        self._deleted = {step.address for step in steps if step.method == "DELETE"}
        self._changed = Counter(step.kind for step in steps)
        self._entries: dict[int, Entries | None] = {}

    def changes(self, kind: str) -> int:
        """Return how many resources of a kind the bundle changes."""
        return self._changed[kind]

    def meeting(
        self, kind: str, conditions: Iterable[Condition], recorded: Iterable[str]
    ) -> set[str]:
        """Return the addresses that meet every condition once the bundle is carried out.

        ``recorded`` are those that do in the record as it stands. What the bundle deletes is none
        of them; what it stores anew is judged by what it stores, where that can be told.
        """
        conditions = tuple(conditions)
        stored = self._stored.get(kind, {})
        rewritten = stored.keys() if _are_exact(conditions) else ()
        meant = {a for a in recorded if a not in self._deleted and a not in rewritten}
        return meant | {a for a, step in stored.items() if self._meets(step, conditions)}

    def _meets(self, step: Step, conditions: tuple[Condition, ...]) -> bool:
        if step.index not in self._entries:
            self._entries[step.index] = _entries_of(step)
        entries = self._entries[step.index]
        return entries is not None and all(holds(condition, entries) for condition in conditions)


def _entries_of(step: Step) -> Entries | None:
    try:
        return index_entries(parse(step.content), step.id)
    except InvalidResourceError:
        # What is wrong with it is said when its turn comes.
        return None


async def resolve(
    records: Records, reference: str, scope: AccessScope, neighbours: Neighbours
) -> str:
    """Return ``Type/id`` of the one resource that a conditional reference means.

    What is created beside it in the same bundle counts as well as what is in the record.

    Raises:
        careflow.records.conditional.SeveralMatchError: It means more than one.
        NothingMeantError: It means nothing that is there.
    """
    kind, _, condition = reference.partition("?")
    if not is_resource_type(kind):
        raise NothingMeantError
    search = criteria_in(kind, condition).search
    changes = neighbours.changes(kind)
    page = await records.search(replace(search, count=2 + changes), scope)
    meant = {f"{kind}/{document.id}" for document in page.documents}
    if changes:
        meant = neighbours.meeting(kind, map(plain, search.conditions), meant)
    if len(meant) > 1:
        raise SeveralMatchError(kind)
    if not meant:
        raise NothingMeantError
    return meant.pop()


def _are_exact(conditions: Iterable[Condition]) -> bool:
    """Report whether :func:`holds` can judge all of these."""
    return all(
        isinstance(one, TermIn) or (isinstance(one, AllOf | AnyOf) and _are_exact(one.conditions))
        for one in conditions
    )


def holds(condition: Condition, entries: Entries) -> bool:
    """Report whether entries meet a condition made of exact terms; others never hold here."""
    match condition:
        case TermIn(parameter, values):
            return any(p == parameter and v in values for p, v in entries.terms)
        case AllOf(conditions):
            return all(holds(one, entries) for one in conditions)
        case AnyOf(conditions):
            return any(holds(one, entries) for one in conditions)
    return False


def linked_and_valid(steps: Iterable[Step], addresses: Mapping[str, str]) -> dict[int, Ready]:
    """Return every resource linked and valid, or raise with what is wrong in which entry."""
    ready: dict[int, Ready] = {}
    issues: list[Issue] = []
    for step in steps:
        content = rewrite_references(step.content, addresses)
        try:
            with at_entry(step.index):
                resource = parse(content, expected_type=step.kind)
        except InvalidResourceError as error:
            issues += error.issues
        else:
            ready[step.index] = Ready(resource, index_entries(resource, step.id))
        if len(issues) >= ISSUES_MAX:
            break
    if issues:
        raise InvalidResourceError(issues[:ISSUES_MAX])
    return ready
