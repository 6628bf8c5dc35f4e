"""Compiles one plain function per type that takes from a resource what searches look for.

The source is written from the paths of the type's search parameters: member access and loops, no
interpreter. :func:`extractor_source` shows it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from careflow.fhir import index_values
from careflow.fhir.definitions import (
    CompositeGroup,
    Path,
    SearchParameter,
    patient_compartment,
    search_parameters,
    type_definition,
)
from careflow.fhir.structs import attribute

_PART_MAX = 48
"""Index values that one part of a composite contributes within one repetition."""
IDENTIFIER_OF = ":identifier"
"""Suffix of a reference parameter's code for the business identifiers of its references."""


Extractor = Callable[
    [
        Any,
        list[tuple[str, str]],
        list[tuple[str, str]],
        list[tuple[str, float, float, str]],
        dict[str, None],
    ],
    None,
]


@dataclass(slots=True)
class _Node:
    """A place in the tree of all paths of a type: what is read here, and what lies below."""

    leaves: list[_Leaf] = field(default_factory=list)
    groups: list[tuple[str, CompositeGroup]] = field(default_factory=list)
    children: dict[str, _Node] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Leaf:
    code: str
    search_type: str
    type: str
    only: str | None


@cache
def extractor(type_: str) -> Extractor:
    """Return the compiled extractor of a resource type."""
    scope: dict[str, Any] = {
        name: getattr(index_values, name) for name in dir(index_values) if name[0] != "_"
    }
    exec(extractor_source(type_), scope)  # noqa: S102 - made from our own package data.
    compiled: Extractor = scope["extract"]
    return compiled


def extractor_source(type_: str) -> str:
    """Return the Python text of a type's extractor, for people who want to see it."""
    root = _Node()
    for parameter in search_parameters(type_).values():
        _plant(root, parameter)
    writer = _Writer(frozenset(patient_compartment(type_)))
    writer.children(root, "r", type_, 1)
    body = "\n".join(writer.lines) or "    pass"
    return f"def extract(r, terms, texts, ranges, patients):\n{body}\n"


def _plant(root: _Node, parameter: SearchParameter) -> None:
    if parameter.unites:
        return
    for path in parameter.paths:
        steps, only = _without_target(path)
        leaf = _Leaf(parameter.code, parameter.type, path.type, only)
        _at(root, steps).leaves.append(leaf)
    for group in parameter.groups:
        if group.base:
            _at(root, group.base).groups.append((parameter.code, group))


def _without_target(path: Path) -> tuple[tuple[str, ...], str | None]:
    """Split ``subject[is Patient]`` into the steps and the type that counts."""
    last = path.steps[-1]
    if "[is " not in last:
        return path.steps, None
    member, only = last.removesuffix("]").split("[is ")
    return (*path.steps[:-1], member), only


def _at(root: _Node, steps: tuple[str, ...]) -> _Node:
    node = root
    for step in steps:
        node = node.children.setdefault(step, _Node())
    return node


class _Writer:
    """Writes the statements of one extractor."""

    def __init__(self, compartment: frozenset[str]) -> None:
        self.lines: list[str] = []
        self._compartment = compartment
        self._count = 0

    def children(self, node: _Node, variable: str, type_: str, depth: int) -> None:
        """Write what lies below a node whose value is in ``variable``."""
        for step, child in node.children.items():
            if step == "[deceased]":
                self._deceased(child, variable, depth)
            else:
                self._step(step, child, variable, type_, depth)

    def _line(self, depth: int, text: str) -> None:
        self.lines.append("    " * depth + text)

    def _new(self) -> str:
        self._count += 1
        return f"v{self._count}"

    def _step(self, step: str, node: _Node, variable: str, type_: str, depth: int) -> None:
        member, _, condition = step.removesuffix("]").partition("[")
        many, inner_type = _member(type_, member)
        inner = self._new()
        self._line(depth, f"{inner} = {variable}.{attribute(member)}")
        self._line(depth, f"if {inner} is not None:")
        if many:
            item = self._new()
            self._line(depth + 1, f"for {item} in {inner}:")
            inner, depth = item, depth + 1
            if inner_type[0].islower():
                self._line(depth + 1, f"if {item} is None: continue")
        if condition:
            name, _, value = condition.partition("=")
            test = f"if {inner}.{attribute(name)} == {value!r}:"
            self._line(depth + 1, test)
            depth += 1
        self._inside(node, inner, inner_type, depth + 1)

    def _inside(self, node: _Node, variable: str, type_: str, depth: int) -> None:
        for kind in dict.fromkeys(leaf.search_type for leaf in node.leaves):
            leaves = [leaf for leaf in node.leaves if leaf.search_type == kind]
            getattr(self, f"_{kind}")(leaves, variable, depth)
        for code, group in node.groups:
            self._composite(code, group, variable, type_, depth)
        self.children(node, variable, type_, depth)

    def _deceased(self, node: _Node, variable: str, depth: int) -> None:
        """Patient.deceased is a truth value or a time; both answer the same question."""
        code = node.leaves[0].code
        test = f"{variable}.deceasedBoolean is True or {variable}.deceasedDateTime is not None"
        self._line(depth, f"terms.append(({code!r}, 'true' if {test} else 'false'))")

    def _token(self, leaves: list[_Leaf], variable: str, depth: int) -> None:
        values = _token_values(leaves[0].type, variable)
        self._each(leaves, values, "terms", "({code!r}, t)", depth)

    def _uri(self, leaves: list[_Leaf], variable: str, depth: int) -> None:
        values = _address_values(leaves[0].type, variable)
        self._each(leaves, values, "terms", "({code!r}, t)", depth)

    def _string(self, leaves: list[_Leaf], variable: str, depth: int) -> None:
        values = _string_values(leaves[0].type, variable)
        self._each(leaves, values, "texts", "({code!r}, t)", depth)

    def _date(self, leaves: list[_Leaf], variable: str, depth: int) -> None:
        values = _date_values(leaves[0].type, variable)
        self._each(leaves, values, "ranges", "({code!r}, t[0], t[1], '')", depth)

    def _quantity(self, leaves: list[_Leaf], variable: str, depth: int) -> None:
        values = _quantity_values(leaves[0].type, variable)
        self._each(leaves, values, "ranges", "({code!r}, *t)", depth)

    def _number(self, leaves: list[_Leaf], variable: str, depth: int) -> None:
        self._quantity(leaves, variable, depth)

    def _each(self, leaves: list[_Leaf], values: str, into: str, entry: str, depth: int) -> None:
        self._line(depth, f"for t in {values}:")
        for leaf in leaves:
            self._line(depth + 1, f"{into}.append({entry.format(code=leaf.code)})")

    def _reference(self, leaves: list[_Leaf], variable: str, depth: int) -> None:
        if leaves[0].type != "Reference":
            self._uri(leaves, variable, depth)
            return
        self._line(depth, f"for t, kind in reference_variants({variable}):")
        for leaf in leaves:
            inner = depth + 1
            if leaf.only:
                self._line(inner, f"if kind == {leaf.only!r}:")
                inner += 1
            self._line(inner, f"terms.append(({leaf.code!r}, t))")
        if any(leaf.code in self._compartment for leaf in leaves):
            self._line(depth + 1, "if kind == 'Patient' and t.startswith('Patient/'):")
            self._line(depth + 2, "patients[t[8:]] = None")
        self._line(depth, f"if {variable}.identifier is not None:")
        self._line(depth + 1, f"for t in logical_reference({variable}):")
        for leaf in leaves:
            inner = depth + 2
            if leaf.only:
                self._line(inner, f"if {variable}.type in (None, {leaf.only!r}):")
                inner += 1
            self._line(inner, f"terms.append(({leaf.code + IDENTIFIER_OF!r}, t))")

    def _composite(
        self, code: str, group: CompositeGroup, variable: str, type_: str, depth: int
    ) -> None:
        """Write the combinations of a composite's parts within one repetition of its base."""
        loops = []
        for number, component in enumerate(group.components):
            values = " + ".join(
                _composite_values(component.type, path, variable, type_) for path in component.paths
            )
            loops.append(f"for c{number} in {values or '()'}")
        kinds = [component.type for component in group.components]
        names = [f"c{number}" for number in range(len(kinds))]
        into, entry = _composite_entry(code, kinds, names)
        self._line(depth, f"{into} += [{entry} {' '.join(loops)}]")


def _composite_entry(code: str, kinds: list[str], names: list[str]) -> tuple[str, str]:
    """Return the list and the expression of one entry; parts are joined by ``$`` as in searches."""
    for kind, name in zip(kinds, names, strict=True):
        if kind in {"date", "quantity", "number"}:
            parts = "'$'.join((" + "".join(f"{other}, " for other in names if other != name)
            unit = f"{name}[2]" if kind == "quantity" else "''"
            return "ranges", f"({code!r}, {name}[0], {name}[1], {parts}{unit})))"
    joined = "'$'.join((" + ", ".join(names) + ",))"
    return ("texts" if "string" in kinds else "terms"), f"({code!r}, {joined})"


def _composite_values(kind: str, path: Path, variable: str, type_: str) -> str:
    many, _ = _member(type_, path.steps[0])
    read = f"{variable}.{attribute(path.steps[0])}"
    value = _values_of(kind, path.type, "x")
    source = f"({read} or ())" if many else f"(() if {read} is None else ({read},))"
    # A part with more codings than any real one has must not multiply with the next.
    return f"[y for x in {source} for y in {value}][:{_PART_MAX}]"


def _values_of(kind: str, type_: str, variable: str) -> str:
    if kind == "token":
        return f"[t for t in {_token_values(type_, variable)} if t[-1:] != '|']"
    if kind == "string":
        return _string_values(type_, variable)
    if kind == "date":
        return _date_values(type_, variable)
    if kind == "reference":
        if type_ == "Reference":
            return f"[t for t, _ in reference_variants({variable})]"
        return _address_values(type_, variable)
    if kind == "uri":
        return _address_values(type_, variable)
    return f"any_unit({_quantity_values(type_, variable)})"


def _token_values(type_: str, variable: str) -> str:
    functions = {
        "CodeableConcept": "concept_variants",
        "Coding": "coding_variants",
        "Identifier": "identifier_variants",
        "ContactPoint": "contact_variants",
    }
    if type_ in functions:
        return f"{functions[type_]}({variable})"
    return f"plain_variants({variable})" if type_ == "boolean" else f"({variable},)"


def _address_values(type_: str, variable: str) -> str:
    return f"canonical_variants({variable})" if type_ == "canonical" else f"({variable},)"


def _string_values(type_: str, variable: str) -> str:
    functions = {
        "HumanName": "name_texts",
        "Address": "address_texts",
        "CodeableConcept": "concept_texts",
    }
    return f"{functions[type_]}({variable})" if type_ in functions else f"({variable},)"


def _date_values(type_: str, variable: str) -> str:
    functions = {"Period": "period_spans", "Timing": "timing_spans"}
    if type_ in functions:
        return f"{functions[type_]}({variable})"
    return f"(span_of({variable}),)"


def _quantity_values(type_: str, variable: str) -> str:
    functions = {
        "Money": "money_ranges",
        "Range": "range_ranges",
        "SampledData": "sampled_ranges",
        "integer": "number_ranges",
        "decimal": "number_ranges",
        "positiveInt": "number_ranges",
        "unsignedInt": "number_ranges",
    }
    return f"{functions.get(type_, 'quantity_ranges')}({variable})"


def _member(type_: str, member: str) -> tuple[bool, str]:
    """Return whether a member repeats, and its type."""
    for candidate in type_definition(type_).fields:
        for name, inner in candidate.members():
            if name == member:
                return candidate.many, inner
    raise KeyError(f"{type_}.{member}")
