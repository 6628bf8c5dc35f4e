"""Compiles one plain function per type that takes from a resource what searches look for.

The source is written from the paths of the type's search parameters: member access and loops, no
interpreter. :func:`extractor_source` shows it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from careflow.fhir import index_values
from careflow.fhir.checks import attribute
from careflow.fhir.definitions import (
    CompositeGroup,
    Path,
    SearchParameter,
    patient_compartment,
    search_parameters,
)
from careflow.fhir.extractor_values import (
    address_values,
    composite_entry,
    date_values,
    member_of,
    number_values,
    quantity_values,
    string_values,
    token_values,
    values_below,
)
from careflow.fhir.index_values import CANONICAL, OF_TYPE

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
    writer = _Writer(type_, frozenset(patient_compartment(type_)))
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

    def __init__(self, type_: str, compartment: frozenset[str]) -> None:
        self.lines: list[str] = []
        self._type = type_
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
        many, inner_type = member_of(type_, member)
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
        values = token_values(leaves[0].type, variable)
        self._each(leaves, values, "terms", "({code!r}, t)", depth)
        if leaves[0].type == "Identifier":
            typed = f"typed_variants({variable})"
            self._each(leaves, typed, "terms", "({code!r}, t)", depth, suffix=OF_TYPE)

    def _uri(self, leaves: list[_Leaf], variable: str, depth: int) -> None:
        values = address_values(leaves[0].type, variable)
        self._each(leaves, values, "terms", "({code!r}, t)", depth)

    def _string(self, leaves: list[_Leaf], variable: str, depth: int) -> None:
        values = string_values(leaves[0].type, variable)
        self._each(leaves, values, "texts", "({code!r}, t)", depth)

    def _date(self, leaves: list[_Leaf], variable: str, depth: int) -> None:
        values = date_values(leaves[0].type, variable)
        self._each(leaves, values, "ranges", "({code!r}, t[0], t[1], '')", depth)

    def _quantity(self, leaves: list[_Leaf], variable: str, depth: int) -> None:
        self._line(depth, f"written, canonical = {quantity_values(leaves[0].type, variable)}")
        self._each(leaves, "written", "ranges", "({code!r}, *t)", depth)
        self._each(leaves, "canonical", "ranges", "({code!r}, *t)", depth, suffix=CANONICAL)

    def _number(self, leaves: list[_Leaf], variable: str, depth: int) -> None:
        values = number_values(leaves[0].type, variable)
        self._each(leaves, values, "ranges", "({code!r}, *t)", depth)

    def _each(
        self,
        leaves: list[_Leaf],
        values: str,
        into: str,
        entry: str,
        depth: int,
        *,
        suffix: str = "",
    ) -> None:
        single = re.fullmatch(r"\((\w+(?:\(\w+\))?),\)", values)
        if single is None:
            self._line(depth, f"for t in {values}:")
            depth += 1
        elif single[1].isidentifier():
            entry = entry.replace(" t)", f" {single[1]})")
        else:
            self._line(depth, f"t = {single[1]}")
        for leaf in leaves:
            self._line(depth, f"{into}.append({entry.format(code=leaf.code + suffix)})")

    def _reference(self, leaves: list[_Leaf], variable: str, depth: int) -> None:
        if leaves[0].type != "Reference":
            self._uri(leaves, variable, depth)
            return
        self._line(depth, f"t, kind = reference_variant({variable})")
        self._line(depth, "if t is not None:")
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
                values_below(component.type, path, variable, (type_, self._type))
                for path in component.paths
            )
            loops.append(f"for c{number} in {values or '()'}")
        into, entry = composite_entry(code, [component.type for component in group.components])
        self._line(depth, f"{into} += [{entry} {' '.join(loops)}]")
