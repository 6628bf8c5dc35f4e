"""The Python expressions by which an extractor reads what an element contributes, by its type."""

from __future__ import annotations

from careflow.fhir.checks import attribute
from careflow.fhir.definitions import FROM_RESOURCE, Path, type_definition

_PART_MAX = 48
"""Index values that one part of a composite contributes within one repetition."""
_INTERVALS = frozenset({"date", "quantity", "number"})


def composite_entry(code: str, kinds: list[str]) -> tuple[str, str]:
    """Return the list and the expression of one entry; parts are joined by ``$`` as in searches.

    Parts are in ``c0``, ``c1`` and so on. Two numbers are the two ends of one interval.
    """
    names = [f"c{number}" for number in range(len(kinds))]
    measured = [name for name, kind in zip(names, kinds, strict=True) if kind in _INTERVALS]
    if not measured:
        joined = "'$'.join((" + ", ".join(names) + ",))"
        return ("texts" if "string" in kinds else "terms"), f"({code!r}, {joined})"
    unit = f"{measured[0]}[2]" if "quantity" in kinds else "''"
    others = "".join(f"{name}, " for name in names if name not in measured)
    ends = f"{measured[0]}[0], {measured[-1]}[{0 if len(measured) == 2 else 1}]"
    return "ranges", f"({code!r}, {ends}, '$'.join(({others}{unit},)))"


def values_below(kind: str, path: Path, variable: str, types: tuple[str, str]) -> str:
    """Return what one part of a composite contributes.

    ``types`` are that of ``variable`` and that of the resource ``r``, where some paths begin.
    """
    steps, type_, value = path.steps, types[0], _values_of(kind, path.type, "x")
    if steps[0] == FROM_RESOURCE:
        steps, type_, variable = steps[1:], types[1], "r"
    source = f"({variable},)"
    for step in steps:
        many, inner = member_of(type_, step)
        read = f"x.{attribute(step)}"
        if many:
            source = f"[y for x in {source} for y in {read} or ()]"
        else:
            source = f"[{read} for x in {source} if {read} is not None]"
        type_ = inner
    # A part with more codings than any real one has must not multiply with the next.
    return f"[y for x in {source} for y in {value}][:{_PART_MAX}]"


def _values_of(kind: str, type_: str, variable: str) -> str:
    if kind == "token":
        return f"[t for t in {token_values(type_, variable)} if t and t[-1] != '|']"
    if kind == "string":
        return string_values(type_, variable)
    if kind == "date":
        return date_values(type_, variable)
    if kind == "reference":
        if type_ == "Reference":
            return f"[t for t, _ in (reference_variant({variable}),) if t is not None]"
        return address_values(type_, variable)
    if kind == "uri":
        return address_values(type_, variable)
    if kind == "number":
        return number_values(type_, variable)
    return f"any_unit({quantity_values(type_, variable)})"


def token_values(type_: str, variable: str) -> str:
    """Return the variants of a coded value."""
    functions = {
        "CodeableConcept": "concept_variants",
        "Coding": "coding_variants",
        "Identifier": "identifier_variants",
        "ContactPoint": "contact_variants",
    }
    if type_ in functions:
        return f"{functions[type_]}({variable})"
    return f"plain_variants({variable})" if type_ == "boolean" else f"({variable},)"


def address_values(type_: str, variable: str) -> str:
    """Return the forms of an address."""
    return f"canonical_variants({variable})" if type_ == "canonical" else f"({variable},)"


def string_values(type_: str, variable: str) -> str:
    """Return the texts of a value."""
    functions = {
        "HumanName": "name_texts",
        "Address": "address_texts",
        "CodeableConcept": "concept_texts",
    }
    return f"{functions[type_]}({variable})" if type_ in functions else f"({variable},)"


def date_values(type_: str, variable: str) -> str:
    """Return the spans of a date or a schedule."""
    functions = {"Period": "period_spans", "Timing": "timing_spans"}
    if type_ in functions:
        return f"{functions[type_]}({variable})"
    return f"(span_of({variable}),)"


def quantity_values(type_: str, variable: str) -> str:
    """Return the ranges as written and in base units."""
    functions = {
        "Money": "money_ranges",
        "Range": "range_ranges",
        "SampledData": "sampled_ranges",
    }
    return f"{functions.get(type_, 'quantity_ranges')}({variable})"


def number_values(type_: str, variable: str) -> str:
    """Return the points or, of a Range, the interval of a number."""
    return f"range_ranges({variable})[0]" if type_ == "Range" else f"number_ranges({variable})"


def member_of(type_: str, member: str) -> tuple[bool, str]:
    """Return whether a member repeats, and its type."""
    for candidate in type_definition(type_).fields:
        for name, inner in candidate.members():
            if name == member:
                return candidate.many, inner
    raise KeyError(f"{type_}.{member}")
