"""From an address below the FHIR base to the interaction or operation that answers it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final

from careflow.clock import Clock
from careflow.fhir.definitions import resource_types
from careflow.identity.access import Interaction, require_fhir
from careflow.records.address import (
    UnknownPathError,
    UnknownTypeError,
    require_method,
    valid_id,
    valid_version,
)
from careflow.records.answer import Answer
from careflow.records.audit_events import KIND as AUDIT_EVENT
from careflow.records.audit_events import AuditEvents, WholeTrail
from careflow.records.bundles import AnswerPart, Bundles
from careflow.records.conditional_writes import ConditionalWrites
from careflow.records.interactions import Asker, Interactions
from careflow.records.listings import Listings
from careflow.records.offered import methods_at
from careflow.records.operations import Elsewhere, Operations
from careflow.records.owners import VIEWS
from careflow.records.patches import Patches
from careflow.records.request import FhirRequest
from careflow.records.store import Records
from careflow.records.transactions import Transactions
from careflow.records.turns import Turns

Interact = Callable[[FhirRequest, Asker, str, str], Awaitable[Answer]]
InteractWhere = Callable[[FhirRequest, Asker, str], Awaitable[Answer]]

TYPES: Final = frozenset(resource_types())
_ABOUT_THE_ANSWER: Final = frozenset({"_format", "_pretty"})


class Routes:
    """Every interaction of the record, by address and method."""

    def __init__(
        self,
        records: Records,
        *,
        trail: WholeTrail,
        clock: Clock,
        answer_part: AnswerPart,
        elsewhere: Elsewhere,
        resource_limit_bytes: int,
        bundle_limit_bytes: int,
    ) -> None:
        limit_bytes, turns = resource_limit_bytes, Turns()
        self._one = Interactions(
            records, turns, trail=trail, clock=clock, body_limit_bytes=limit_bytes
        )
        self._where = ConditionalWrites(records, self._one, turns, body_limit_bytes=limit_bytes)
        self._patches = Patches(records, turns, body_limit_bytes=limit_bytes)
        self._many = Listings(records, self._one)
        audit_events = AuditEvents(trail, clock=clock)
        self._views = {AUDIT_EVENT: audit_events.answer, **elsewhere.views}
        self._operations = Operations(
            records, self._one, elsewhere.operations, body_limit_bytes=limit_bytes
        )
        self._bundles = Bundles(
            Transactions(records, turns),
            self._one,
            answer_part=answer_part,
            types=TYPES,
            body_limit_bytes=bundle_limit_bytes,
        )

    def answer(self, request: FhirRequest, asker: Asker) -> Awaitable[Answer]:
        """Return the answer to a request of someone who is known: what leads there only chooses."""
        match request.segments:
            case ():
                require_method(request, *methods_at(""))
                if request.method == "GET":
                    return self._many.search_all(request, asker)
                return self._bundles.take(request, asker)
            case ("_search",):
                require_method(request, *methods_at("_search"))
                if request.method == "GET":
                    return self._many.search_all(request, asker)
                return self._many.search_by_form(request, asker)
            case ("_history",):
                require_method(request, *methods_at("_history"))
                require_fhir(asker.actor, None, "history-system")
                return self._many.history(request, _resources_only(asker))
            case (kind, *rest) if kind in VIEWS:
                if kind not in self._views:
                    raise UnknownPathError
                return self._views[kind](request, asker, tuple(rest))
            case (kind, *rest):
                _require_type(kind)
                return self._on_kind(request, asker, kind, tuple(rest))
        raise UnknownPathError

    def _on_kind(
        self, request: FhirRequest, asker: Asker, kind: str, rest: tuple[str, ...]
    ) -> Awaitable[Answer]:
        match rest:
            case ():
                return self._on_type(request, asker, kind)
            case ("_search",):
                require_method(request, *methods_at("Type/_search"))
                return self._search(request, asker, kind)
            case ("_history",):
                require_method(request, *methods_at("Type/_history"))
                require_fhir(asker.actor, kind, "history-type")
                return self._many.history(request, asker, kind)
            case (name,) if name.startswith("$"):
                return self._operations.on_type(request, asker, kind, name)
            case (id, name) if name.startswith("$"):
                return self._operations.on_instance(request, asker, kind, valid_id(id), name)
            case (id,):
                return self._on_instance(request, asker, kind, valid_id(id))
            case (id, "_history"):
                require_method(request, *methods_at("Type/id/_history"))
                require_fhir(asker.actor, kind, "history")
                return self._many.history(request, asker, kind, valid_id(id))
            case (id, "_history", version):
                require_method(request, *methods_at("Type/id/_history/version"))
                require_fhir(asker.actor, kind, "vread")
                number = valid_version(version, kind)
                return self._one.read(request, asker, kind, valid_id(id), number)
        raise UnknownPathError

    def _on_type(self, request: FhirRequest, asker: Asker, kind: str) -> Awaitable[Answer]:
        if request.method in methods_at("Type?criteria") and _has_criteria(request):
            return self._on_what_meets(request, asker, kind)
        require_method(request, *methods_at("Type"))
        if request.method == "GET":
            return self._search(request, asker, kind)
        require_fhir(asker.actor, kind, "create")
        if "if-none-exist" in request.headers:
            return self._where.create(request, asker, kind)
        return self._one.create(request, asker, kind)

    def _on_what_meets(self, request: FhirRequest, asker: Asker, kind: str) -> Awaitable[Answer]:
        verbs: dict[str, tuple[Interaction, InteractWhere]] = {
            "PUT": ("update", self._where.update),
            "PATCH": ("patch", self._patches.patch_where),
            "DELETE": ("delete", self._where.delete),
        }
        interaction, verb = verbs[request.method]
        require_fhir(asker.actor, kind, interaction)
        return verb(request, asker, kind)

    def _search(self, request: FhirRequest, asker: Asker, kind: str) -> Awaitable[Answer]:
        require_fhir(asker.actor, kind, "search")
        if request.method == "POST":
            return self._many.search_by_form(request, asker, kind)
        return self._many.search(request, asker, kind)

    def _on_instance(
        self, request: FhirRequest, asker: Asker, kind: str, id: str
    ) -> Awaitable[Answer]:
        require_method(request, *methods_at("Type/id"))
        verbs: dict[str, tuple[Interaction, Interact]] = {
            "GET": ("read", self._one.read),
            "PUT": ("update", self._one.update),
            "PATCH": ("patch", self._patches.patch),
            "DELETE": ("delete", self._one.delete),
        }
        interaction, verb = verbs[request.method]
        require_fhir(asker.actor, kind, interaction)
        return verb(request, asker, kind, id)


def _has_criteria(request: FhirRequest) -> bool:
    return any(name not in _ABOUT_THE_ANSWER for name, _ in request.pairs)


def _require_type(kind: str) -> None:
    if kind not in TYPES:
        raise UnknownTypeError


def _resources_only(asker: Asker) -> Asker:
    """Return the asker with everything but FHIR resources out of sight."""
    kinds = TYPES if asker.scope.kinds is None else TYPES & asker.scope.kinds
    return Asker(asker.actor, replace(asker.scope, kinds=kinds))
