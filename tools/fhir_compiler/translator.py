"""Translates FHIRPath to Python expressions over the generated structs.

The expression sees ``self`` (the element that carries the rule) and the helpers of
``careflow.fhir.rule_helpers``. What is outside the subset raises ``UnsupportedError``.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

from tools.fhir_compiler.elements import Field, Structure
from tools.fhir_compiler.fhirpath import (
    Binary,
    Call,
    Literal,
    Member,
    Node,
    UnsupportedError,
    Variable,
    parse_fhirpath,
)

_UCUM = "http://unitsofmeasure.org"
_DATES = {"date", "dateTime", "instant"}
_QUANTITIES = {"Quantity", "Age", "Count", "Distance", "Duration"}
KEYWORDS = {"class", "for", "assert", "import", "global", "from", "is", "in", "not", "and", "or"}


@dataclass(frozen=True, slots=True)
class Value:
    """A translated expression.

    Attributes:
        code: Python text.
        kind: ``one`` (a value or ``None``), ``many`` (an iterable), ``bool``, ``choice`` (a stem).
        type: FHIR type where known.
        present: Python text that is true when the element exists, extensions included.
        variants: For a choice: (attribute text, type) of each form.
    """

    code: str
    kind: str
    type: str | None = None
    present: str | None = None
    variants: tuple[tuple[str, str], ...] = ()


def attribute(member: str) -> str:
    """Return the Python attribute of a JSON member."""
    return member + "_" if member in KEYWORDS else member


class Translator:
    """Translates one expression in the context of one structure."""

    def __init__(self, structures: dict[str, Structure], owner: str) -> None:
        self._structures = structures
        self._owner = owner
        self._depth = 0

    def rule(self, expression: str, subject: Field | None) -> str:
        """Return Python that is true when the rule holds for ``self`` (or its ``subject``)."""
        node = parse_fhirpath(expression)
        this = Value("self", "one", self._owner)
        if subject is None:
            return self.truth(self.value(node, this))
        if subject.is_choice:
            raise UnsupportedError("rule on a choice")
        context = self.member(this, subject.name)
        if context.kind == "many":
            return self._quantified("all", context, node)
        inner = self.truth(self.value(node, replace(context, present=None)))
        return f"{context.code} is None or ({inner})"

    def truth(self, value: Value) -> str:
        """Return Python that is true when the value is (empty counts as false)."""
        if value.kind == "bool":
            return value.code
        if value.kind == "one" and value.type == "boolean":
            return f"{value.code} is True"
        if value.kind == "one":
            return self.exists(value)
        raise UnsupportedError("no truth value")

    def exists(self, value: Value) -> str:
        """Return Python that is true when the collection is not empty."""
        if value.present is not None:
            return f"({value.present})"
        if value.kind == "one":
            return f"({value.code} is not None)"
        if value.kind == "many":
            return f"bool({value.code})"
        raise UnsupportedError("existence of a truth value")

    def value(self, node: Node, this: Value) -> Value:
        """Translate a node; ``this`` is what unqualified names refer to."""
        if isinstance(node, Literal):
            return Value(_literal(node.value), "one", _literal_type(node.value))
        if isinstance(node, Variable):
            return self._variable(node.name)
        if isinstance(node, Member):
            return self._member_node(node, this)
        if isinstance(node, Call):
            return self._call(node, this)
        if isinstance(node, Binary):
            return self._binary(node, this)
        raise UnsupportedError("index")

    def _variable(self, name: str) -> Value:
        if name == "ucum":
            return Value(repr(_UCUM), "one", "uri")
        if name == "resource" and "." not in self._owner:
            return Value("self", "one", self._owner)
        raise UnsupportedError(f"%{name}")

    def _member_node(self, node: Member, this: Value) -> Value:
        if node.of is None and node.name in {"$this", self._owner}:
            return this
        return self.member(this if node.of is None else self.value(node.of, this), node.name)

    def member(self, of: Value, name: str) -> Value:
        """Return the child ``name`` of a value."""
        if of.type not in self._structures:
            raise UnsupportedError(f"members of {of.type}")
        structure = self._structures[of.type]
        if name in {"extension", "modifierExtension"}:
            return _child(of, name, "Extension", many=True)
        for field in structure.fields:
            if field.stem == name:
                if field.is_choice:
                    return self._choice(of, field)
                return _child(of, attribute(name), field.types[0], many=field.many)
        raise UnsupportedError(f"{of.type}.{name}")

    def _choice(self, of: Value, field: Field) -> Value:
        if of.kind != "one":
            raise UnsupportedError("choice of many")
        forms = [
            _child(of, attribute(member), type_, many=False) for member, type_ in field.variants()
        ]
        parts = [one.present or f"{one.code} is not None" for one in forms]
        if of.code == "self":
            # The struct's check counts its own choices once, before the rules.
            parts = [f"given_{field.stem}"] + [
                f"self._{member} is not None"
                for member, type_ in field.variants()
                if type_[0].islower()
            ]
        variants = tuple((one.code, str(one.type)) for one in forms)
        return Value("", "choice", None, " or ".join(parts), variants)

    def _call(self, node: Call, this: Value) -> Value:
        handler = getattr(self, f"_do_{node.name}", None)
        if handler is None:
            raise UnsupportedError(f"{node.name}()")
        of = this if node.of is None else self.value(node.of, this)
        result = handler(of, node.arguments, this)
        if not isinstance(result, Value):
            raise UnsupportedError(f"{node.name}()")
        return result

    def _do_exists(self, of: Value, arguments: tuple[Node, ...], _this: Value) -> Value:
        if arguments:
            return Value(self._quantified("any", of, arguments[0]), "bool")
        return Value(self.exists(of), "bool")

    def _do_empty(self, of: Value, _arguments: tuple[Node, ...], _this: Value) -> Value:
        return Value(f"(not {self.exists(of)})", "bool")

    def _do_hasValue(self, of: Value, _a: tuple[Node, ...], _t: Value) -> Value:  # noqa: N802
        if of.kind != "one":
            raise UnsupportedError("hasValue of many")
        return Value(f"({of.code} is not None)", "bool")

    def _do_not(self, of: Value, _arguments: tuple[Node, ...], _this: Value) -> Value:
        return Value(f"(not ({self.truth(of)}))", "bool")

    def _do_trace(self, of: Value, _arguments: tuple[Node, ...], _this: Value) -> Value:
        return of

    def _do_count(self, of: Value, _arguments: tuple[Node, ...], _this: Value) -> Value:
        if of.kind == "many":
            return Value(f"len({of.code})", "one", "integer")
        return Value(f"int({self.exists(of)})", "one", "integer")

    def _do_all(self, of: Value, arguments: tuple[Node, ...], _this: Value) -> Value:
        return Value(self._quantified("all", of, arguments[0]), "bool")

    def _do_where(self, of: Value, arguments: tuple[Node, ...], _this: Value) -> Value:
        name, item = self._item(of)
        test = self.truth(self.value(arguments[0], item))
        return Value(f"[{name} for {name} in {_listed(of)} if {test}]", "many", of.type)

    def _do_select(self, of: Value, arguments: tuple[Node, ...], _this: Value) -> Value:
        name, item = self._item(of)
        value = self.value(arguments[0], item)
        if value.kind != "one":
            raise UnsupportedError("select of many")
        return Value(f"[{value.code} for {name} in {_listed(of)}]", "many", value.type)

    def _do_isDistinct(self, of: Value, _a: tuple[Node, ...], _t: Value) -> Value:  # noqa: N802
        return Value(f"distinct({of.code})", "bool")

    def _do_startsWith(self, of: Value, a: tuple[Node, ...], this: Value) -> Value:  # noqa: N802
        return self._text_test(of, f".startswith({self.value(a[0], this).code})")

    def _do_contains(self, of: Value, a: tuple[Node, ...], this: Value) -> Value:
        return self._text_test(of, f".__contains__({self.value(a[0], this).code})")

    def _text_test(self, of: Value, method: str) -> Value:
        if of.kind != "one":
            raise UnsupportedError("text of many")
        return Value(f"({of.code} is not None and {of.code}{method})", "bool")

    def _quantified(self, how: str, of: Value, node: Node) -> str:
        name, item = self._item(of)
        return f"{how}({self.truth(self.value(node, item))} for {name} in {_listed(of)})"

    def _item(self, of: Value) -> tuple[str, Value]:
        if of.kind not in {"one", "many"}:
            raise UnsupportedError("items of a choice")
        self._depth += 1
        name = f"o{self._depth}"
        return name, Value(name, "one", of.type)

    def _binary(self, node: Binary, this: Value) -> Value:
        if node.operator in {"is", "as"}:
            return self._typed(node, this)
        if node.operator == "in":
            return self._within(node, this)
        left, right = self.value(node.left, this), self.value(node.right, this)
        if node.operator in {"and", "or", "xor", "implies"}:
            return Value(_logic(node.operator, self.truth(left), self.truth(right)), "bool")
        if node.operator in {"=", "!="} and "bool" in {left.kind, right.kind}:
            operator = "==" if node.operator == "=" else "!="
            return Value(f"(bool({self.truth(left)}) {operator} bool({self.truth(right)}))", "bool")
        if node.operator == "|":
            return self._union(left, right)
        if node.operator == "&" and left.kind == right.kind == "one":
            return Value(f"joined({left.code}, {right.code})", "one", "string")
        return self._compare(node.operator, left, right)

    def _union(self, left: Value, right: Value) -> Value:
        return Value(f"[*{_listed(left)}, *{_listed(right)}]", "many", left.type)

    def _typed(self, node: Binary, this: Value) -> Value:
        of = self.value(node.left, this)
        if of.kind != "choice" or not isinstance(node.right, Member):
            raise UnsupportedError("type of no choice")
        for code, type_ in of.variants:
            if type_.lower() == node.right.name.lower():
                if node.operator == "as":
                    return Value(code, "one", type_)
                return Value(f"({code} is not None)", "bool")
        raise UnsupportedError(f"no {node.right.name} in the choice")

    def _within(self, node: Binary, this: Value) -> Value:
        item, options = self.value(node.left, this), _literals(node.right)
        if item.kind == "many":
            return Value(f"any(x in {options!r} for x in {item.code})", "bool")
        if item.kind != "one":
            raise UnsupportedError("in of a choice")
        return Value(f"({item.code} in {options!r})", "bool")

    def _compare(self, operator: str, left: Value, right: Value) -> Value:
        if left.kind != "one" or right.kind != "one":
            raise UnsupportedError(f"{operator} of many")
        if operator in {"=", "!="}:
            sign = "==" if operator == "=" else "!="
            guard = _present(left) if operator == "!=" else ""
            return Value(f"({guard}{left.code} {sign} {right.code})", "bool")
        if operator == "+":
            return Value(f"({left.code} + {right.code})", "one", "integer")
        if operator not in {"<", "<=", ">", ">="}:
            raise UnsupportedError(operator)
        if left.type in _DATES or left.type in _QUANTITIES:
            return _ordered(operator, left, right)
        guard = _present(left) + _present(right)
        return Value(f"({guard}{left.code} {operator} {right.code})", "bool")


def _present(value: Value) -> str:
    """Return a guard against absence, for what can be absent."""
    always = value.code[0] in "\"'0123456789" or value.code.startswith(("len(", "int(", "True"))
    return "" if always else f"{value.code} is not None and "


def _ordered(operator: str, left: Value, right: Value) -> Value:
    helper = "dates_in_order" if left.type in _DATES else "quantities_in_order"
    if operator == "<=":
        return Value(f"{helper}({left.code}, {right.code})", "bool")
    if operator == ">=":
        return Value(f"{helper}({right.code}, {left.code})", "bool")
    raise UnsupportedError(f"{operator} of {left.type}")


def _child(of: Value, name: str, type_: str, *, many: bool) -> Value:
    primitive = type_[0].islower()
    if of.kind == "many":
        if many:
            code = f"[y for x in {of.code} for y in (x.{name} or ())]"
        else:
            code = f"[x.{name} for x in {of.code} if x.{name} is not None]"
        return Value(code, "many", type_)
    if of.kind != "one":
        raise UnsupportedError("member of a truth value")
    read = f"{of.code}.{name}"
    simple = of.code.isidentifier()
    if many:
        code = f"({read} or ())" if simple else f"(({read} or ()) if {of.code} is not None else ())"
        return Value(code, "many", type_)
    code = read if simple else f"({read} if {of.code} is not None else None)"
    present = None
    if primitive and simple:
        present = f"{read} is not None or {of.code}._{name.removesuffix('_')} is not None"
    return Value(code, "one", type_, present)


def _listed(value: Value) -> str:
    if value.kind == "many":
        return value.code
    if value.kind == "one":
        return f"listed({value.code})"
    raise UnsupportedError("list of a choice")


def _logic(operator: str, left: str, right: str) -> str:
    if operator == "implies":
        return f"(not ({left}) or ({right}))"
    if operator == "xor":
        return f"(bool({left}) != bool({right}))"
    return f"(({left}) {operator} ({right}))"


def _literals(node: Node) -> tuple[str | int | float | bool, ...]:
    if isinstance(node, Literal):
        return (node.value,)
    if isinstance(node, Binary) and node.operator == "|":
        return _literals(node.left) + _literals(node.right)
    raise UnsupportedError("in of no literals")


def _literal(value: str | float | bool) -> str:  # noqa: FBT001 - a JSON scalar.
    return json.dumps(value) if isinstance(value, str) else repr(value)


def _literal_type(value: str | float | bool) -> str:  # noqa: FBT001 - a JSON scalar.
    if isinstance(value, bool):
        return "boolean"
    return "string" if isinstance(value, str) else "decimal"
