"""What a type alone can check beyond its members: choices, required primitives, bindings, rules.

One list of tests a type makes two checks: one stops at the first that fails, for the struct's
``__post_init__``; one tells all that fail, for whoever wants to know everything that is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from careflow.fhir.definitions import Field, TypeDefinition, code_set
from careflow.fhir.primitives import ANNOTATIONS
from careflow.fhir.rule_helpers import HELPERS

_KEYWORDS = frozenset(
    {"class", "for", "assert", "import", "global", "from", "is", "in", "not", "and", "or"}
)


@dataclass(frozen=True, slots=True)
class _Test:
    """A Python expression over ``self`` that must hold.

    Attributes:
        message: Issue code, element and sentence.
        before: A statement that the expression builds on.
    """

    holds: str
    message: str
    before: str = ""


def attribute(member: str) -> str:
    """Return the Python attribute of a JSON member."""
    return member + "_" if member in _KEYWORDS else member


def refusing_check(definition: TypeDefinition) -> Callable[[Any], None] | None:
    """Return what raises ValueError for the first test of a type that fails, if it has any."""
    lines = []
    for test in _tests(definition):
        lines += [f"    {test.before}"] if test.before else []
        lines.append(f"    if not ({test.holds}):\n        raise ValueError({test.message!r})")
    return _compiled("def check(self):\n" + "\n".join(lines)) if lines else None


def telling_check(definition: TypeDefinition) -> Callable[[Any], list[str]]:
    """Return what tells the message of every test of a type that fails.

    A test that asks for something that is not there to be asked (itself wrong) is passed over.
    """
    lines = ["    found = []"]
    for test in _tests(definition):
        lines += [
            "    try:",
            f"        {test.before or 'pass'}",
            f"        if not ({test.holds}):",
            f"            found.append({test.message!r})",
            "    except (AttributeError, NameError, TypeError, ValueError):",
            "        pass",
        ]
    return _compiled("def check(self):\n" + "\n".join([*lines, "    return found"]))


def _compiled(source: str) -> Callable[[Any], Any]:
    scope: dict[str, Any] = dict(HELPERS) | {"bound": _bound, "aligned": _aligned}
    exec(source, scope)  # noqa: S102 - text from our own package data, made by our compiler.
    check: Callable[[Any], Any] = scope["check"]
    return check


def _tests(definition: TypeDefinition) -> Iterator[_Test]:
    for field in sorted(definition.fields, key=lambda field: not field.is_choice):
        yield from _choice_tests(field) if field.is_choice else _field_tests(field)
    for key, human, python in definition.rules:
        yield _Test(python, f"invariant||{key}: {human}")


def _choice_tests(field: Field) -> Iterator[_Test]:
    """Count the forms that are given, which invariants ask for again, and allow one."""
    values = "".join(f"self.{attribute(member)}, " for member, _ in field.members())
    given = f"given_{field.stem}"
    yield _Test(
        f"{given} <= 1",
        f"structure|{field.stem}|Only one form of {field.name} may be given.",
        before=f"{given} = {len(field.types)} - ({values}).count(None)",
    )
    if field.required:
        siblings = [f"self._{member}" for member, type_ in field.members() if type_ in ANNOTATIONS]
        present = " or ".join([given, *(f"{sibling} is not None" for sibling in siblings)])
        yield _Test(present, f"required|{field.stem}|{field.name} is required.")


def _field_tests(field: Field) -> Iterator[_Test]:
    name, type_ = attribute(field.name), field.types[0]
    if field.required and type_ in ANNOTATIONS:
        present = f"self.{name} is not None or self._{field.name} is not None"
        yield _Test(present, f"required|{field.name}|{field.name} is required.")
    if field.many and type_ in ANNOTATIONS:
        message = f"structure|{field.name}|Values and their extensions do not match one to one."
        yield _Test(f"aligned(self.{name}, self._{field.name})", message)
    if field.codes and type_ == "CodeableConcept":
        message = f"code-invalid|{field.name}|No coding is from the value set {field.codes}."
        test = f"self.{name} is None or bound(self.{name}, {field.codes!r})"
        if field.many:
            test = f"all(bound(x, {field.codes!r}) for x in self.{name} or ())"
        yield _Test(test, message)


def _aligned(values: list[Any] | None, extensions: list[Any] | None) -> bool:
    """Report whether each null in an array of primitives has a sibling that says something."""
    if extensions is None:
        return values is None or None not in values
    if values is None:
        return None not in extensions
    return len(values) == len(extensions) and all(
        value is not None or extension is not None
        for value, extension in zip(values, extensions, strict=True)
    )


def _bound(concept: Any, codes: str) -> bool:  # noqa: ANN401 - a CodeableConcept struct.
    """Report whether one coding is from the code set (or an extension says why there is none)."""
    allowed = _code_lookup(codes)
    if concept.coding is None:
        return concept.extension is not None
    return any(f"{coding.system}|{coding.code}" in allowed for coding in concept.coding)


@cache
def _code_lookup(codes: str) -> frozenset[str]:
    return frozenset(code_set(codes))
