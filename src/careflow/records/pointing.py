"""How references name resources, and which index entries they leave: for includes in reverse."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from careflow.database.documents import Document
from careflow.fhir.definitions import SearchParameter, search_parameters
from careflow.fhir.reference import reference_term
from careflow.fhir.referring import (
    is_canonical,
    may_refer_to,
    reference_parameters,
    references_of,
)

VALUES_MAX: Final = 4000
"""Values that one question to the store names, about: beyond, each parameter is asked alone."""


@dataclass(slots=True)
class Names:
    """How references may name the resources at hand of one type."""

    literal: dict[str, None] = field(default_factory=dict)
    canonical: dict[str, None] = field(default_factory=dict)


def parameters_named(kind: str, code: str) -> list[SearchParameter]:
    """Return the reference parameters of a type that a name stands for; ``*`` is all."""
    parameters = reference_parameters(kind)
    return list(parameters.values()) if code == "*" else [parameters[code]]


def names_of(documents: Iterable[Document], base: str) -> dict[str, Names]:
    """Return, by type, how references may name these resources; ``base`` is our own address."""
    found: dict[str, Names] = {}
    for document in documents:
        names = found.setdefault(document.kind, Names())
        address = f"{document.kind}/{document.id}"
        names.literal.update({address: None, f"{base}/{address}": None})
        if "url" in search_parameters(document.kind):
            names.canonical.update(dict.fromkeys(canonical_addresses(document)))
    return found


def values_naming(
    parameter: SearchParameter, target: str | None, names: dict[str, Names]
) -> dict[str, None]:
    """Return the index values under which a parameter may refer to the resources at hand."""
    found: dict[str, None] = {}
    for kind, named in names.items():
        if target in {None, kind} and may_refer_to(parameter, kind):
            found |= named.literal
            if is_canonical(parameter):
                found |= named.canonical
    return found


def canonical_addresses(document: Document) -> tuple[str, ...]:
    """Return the canonical addresses of a resource: its url, and its url with its version."""
    resource: Any = msgspec.json.decode(document.body)
    url, version = resource.get("url"), resource.get("version")
    if not url:
        return ()
    return (url, f"{url}|{version}") if version else (url,)


def questions(
    parameters: dict[str, dict[str, None]],
) -> list[dict[str, tuple[str, ...]]]:
    """Return what to ask of one type: all parameters at once, or one by one if that is much."""
    named = {code: tuple(values) for code, values in parameters.items() if values}
    if not named:
        return []
    if sum(map(len, named.values())) <= VALUES_MAX:
        return [named]
    return [{code: values} for code, values in named.items()]


def truly_refers(document: Document, values: dict[str, tuple[str, ...]]) -> bool:
    """Report whether a resource refers to one of these, not to another version of an address.

    The index finds a canonical address whatever version a reference names.
    """
    resource = msgspec.json.decode(document.body)
    parameters = search_parameters(document.kind)
    return any(
        reference_term(text)[0] in named
        for code, named in values.items()
        for text in references_of(resource, parameters[code])
    )
