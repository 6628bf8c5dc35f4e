"""The operations of the record: what is called by ``$name`` on a type or on a resource."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from careflow.records.address import UnknownPathError, require_method
from careflow.records.answer import Answer
from careflow.records.everything import Everything
from careflow.records.interactions import Asker, Interactions
from careflow.records.offered import operation_named
from careflow.records.request import FhirRequest
from careflow.records.store import Records
from careflow.records.validating import Validating

Operate = Callable[[FhirRequest, Asker, str], Awaitable[Answer]]
"""Answers an operation on a type."""
Show = Callable[[FhirRequest, Asker, tuple[str, ...]], Awaitable[Answer]]
"""Answers what is asked below a type that is a view."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What other rooms answer of what :mod:`careflow.records.offered` names.

    Attributes:
        operations: Operations on types, by name.
        views: By type.
    """

    operations: Mapping[str, Operate] = field(default_factory=dict)
    views: Mapping[str, Show] = field(default_factory=dict)


class Operations:
    """Calls the operations that :mod:`careflow.records.offered` names."""

    def __init__(
        self,
        records: Records,
        one: Interactions,
        others: Mapping[str, Operate],
        *,
        body_limit_bytes: int,
    ) -> None:
        validating = Validating(records, body_limit_bytes=body_limit_bytes)
        everything = Everything(records, one)
        self._on_type: Mapping[str, Operate] = {
            "validate": validating.validate,
            "everything": everything.of_all,
            **others,
        }
        self._on_instance = {"validate": validating.validate, "everything": everything.of_one}

    async def on_type(self, request: FhirRequest, asker: Asker, kind: str, name: str) -> Answer:
        """Answer ``Type/$name``."""
        operation = operation_named(name.removeprefix("$"), "type", kind)
        if operation is None or operation.name not in self._on_type:
            raise UnknownPathError
        require_method(request, *operation.methods)
        return await self._on_type[operation.name](request, asker, kind)

    async def on_instance(
        self, request: FhirRequest, asker: Asker, kind: str, id: str, name: str
    ) -> Answer:
        """Answer ``Type/id/$name``."""
        operation = operation_named(name.removeprefix("$"), "instance", kind)
        if operation is None:
            raise UnknownPathError
        require_method(request, *operation.methods)
        return await self._on_instance[operation.name](request, asker, kind, id)
