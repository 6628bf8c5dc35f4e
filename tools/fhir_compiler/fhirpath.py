"""Parses FHIRPath into a small tree; the translators beside it decide what they support."""

from __future__ import annotations

import re
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""\s*(?:
    (?P<string>'(?:[^'\\]|\\.)*')
  | (?P<number>\d+(?:\.\d+)?)
  | (?P<variable>%[A-Za-z]\w*)
  | (?P<name>\$?[A-Za-z_]\w*)
  | (?P<symbol><=|>=|!=|[.()\[\],|=<>&+\-*/{}])
    )""",
    re.VERBOSE,
)
# Loosest first, as in the FHIRPath grammar.
_LEVELS: tuple[tuple[str, ...], ...] = (
    ("implies",),
    ("or", "xor"),
    ("and",),
    ("in", "contains"),
    ("=", "!="),
    ("<", ">", "<=", ">="),
    ("|",),
    ("is", "as"),
    ("+", "-", "&"),
)


@dataclass(frozen=True, slots=True)
class Literal:
    """A string, number or truth value."""

    value: str | int | float | bool


@dataclass(frozen=True, slots=True)
class Variable:
    """``%resource``, ``%ucum`` and the like, without the sign."""

    name: str


@dataclass(frozen=True, slots=True)
class Member:
    """A child by name; ``of`` is ``None`` for a child of the context."""

    of: Node | None
    name: str


@dataclass(frozen=True, slots=True)
class Call:
    """A function; ``of`` is ``None`` when it is called on the context."""

    of: Node | None
    name: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Index:
    """One item of a collection."""

    of: Node
    position: int


@dataclass(frozen=True, slots=True)
class Binary:
    """An operator between two expressions."""

    operator: str
    left: Node
    right: Node


Node = Literal | Variable | Member | Call | Index | Binary


class UnsupportedError(Exception):
    """An expression outside the subset that is compiled."""


def parse_fhirpath(text: str) -> Node:
    """Return the tree of an expression, or raise :class:`UnsupportedError`."""
    parser = _Parser(_tokens(text))
    node = parser.binary(0)
    if parser.peek() is not None:
        raise UnsupportedError(f"trailing {parser.peek()!r} in {text!r}")
    return node


def _tokens(text: str) -> list[tuple[str, str]]:
    tokens, position = [], 0
    text = text.rstrip()
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None or match.lastgroup is None:
            raise UnsupportedError(f"cannot read {text[position:]!r}")
        tokens.append((match.lastgroup, match.group(match.lastgroup)))
        position = match.end()
    return tokens


class _Parser:
    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self._tokens = tokens
        self._at = 0

    def peek(self) -> str | None:
        return self._tokens[self._at][1] if self._at < len(self._tokens) else None

    def take(self) -> tuple[str, str]:
        if self._at >= len(self._tokens):
            raise UnsupportedError("expression ends early")
        self._at += 1
        return self._tokens[self._at - 1]

    def expect(self, symbol: str) -> None:
        if self.take()[1] != symbol:
            raise UnsupportedError(f"expected {symbol!r}")

    def binary(self, level: int) -> Node:
        if level == len(_LEVELS):
            return self.postfix()
        left = self.binary(level + 1)
        while self.peek() in _LEVELS[level]:
            operator = self.take()[1]
            left = Binary(operator, left, self.binary(level + 1))
        return left

    def postfix(self) -> Node:
        node = self.primary()
        while self.peek() in {".", "["}:
            if self.take()[1] == "[":
                node = Index(node, int(self.take()[1]))
                self.expect("]")
            else:
                node = self.named(node)
        return node

    def primary(self) -> Node:
        kind, text = self.take()
        if kind == "string":
            return Literal(re.sub(r"\\(.)", r"\1", text[1:-1]))
        if kind == "number":
            return Literal(float(text) if "." in text else int(text))
        if kind == "variable":
            return Variable(text[1:])
        if text == "(":
            node = self.binary(0)
            self.expect(")")
            return node
        if text in {"true", "false"}:
            return Literal(text == "true")
        if kind == "name":
            self._at -= 1
            return self.named(None)
        raise UnsupportedError(f"unexpected {text!r}")

    def named(self, of: Node | None) -> Node:
        kind, name = self.take()
        if kind != "name":
            raise UnsupportedError(f"unexpected {name!r}")
        if self.peek() != "(":
            return Member(of, name)
        self.expect("(")
        arguments: list[Node] = []
        while self.peek() != ")":
            arguments.append(self.binary(0))
            if self.peek() == ",":
                self.expect(",")
        self.expect(")")
        return Call(of, name, tuple(arguments))
