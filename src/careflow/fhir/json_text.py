"""Rules of FHIR's JSON that a decoder does not see: doubled members, empty elements, depth.

The common case is settled with a few passes in C over the bytes; only when one of them raises a
doubt is the text walked to find out whether something is wrong, and where.
"""

from __future__ import annotations

import json
from typing import Any

from careflow.fhir.issue import Issue, problem

MAX_DEPTH = 64
_NOT_BRACKETS = bytes(set(range(256)) - set(b"{}[]"))


def text_issues(body: bytes, canonical: bytes, root: str) -> list[Issue]:
    """Return what is wrong with the text of a decoded resource.

    Args:
        body: The text as sent; known to be valid JSON of known members.
        canonical: The same resource encoded again, which names every member once.
        root: Where FHIRPath expressions begin, usually the resource type.
    """
    doubtful = _has_doubles(body, canonical) or b"{}" in canonical or _is_deep(body)
    return walked_issues(body, root) if doubtful else []


def _has_doubles(body: bytes, canonical: bytes) -> bool:
    """Report whether the text names more members than the resource has.

    Strings are the same in both texts, so their colons may be counted along; only where a
    numbered escape could hide one are they taken out first.
    """
    if b"\\" in body and b"\\u" in body:
        body, canonical = _without_strings(body), _without_strings(canonical)
    return body.count(b":") != canonical.count(b":")


def _is_deep(body: bytes) -> bool:
    # Known members never hold an array of arrays, so half of all levels are objects.
    if body.count(b"{") <= MAX_DEPTH // 2:
        return False
    brackets = _without_strings(body).translate(None, _NOT_BRACKETS)
    for _ in range(MAX_DEPTH // 2):
        # Each pass removes the innermost one or two levels.
        brackets = brackets.replace(b"{}", b"").replace(b"[]", b"")
        if not brackets:
            return False
    return True


def _without_strings(text: bytes) -> bytes:
    if b"\\" in text:
        text = text.replace(b"\\\\", b"").replace(b'\\"', b"")
    return b"".join(text.split(b'"')[::2])


class _Pairs(list[tuple[str, Any]]):
    """The members of one JSON object as they stand, doubles included."""


def walked_issues(body: bytes, root: str) -> list[Issue]:
    """Return the same as :func:`text_issues` by walking the whole text of valid JSON."""
    issues: list[Issue] = []
    try:
        text = json.loads(body, object_pairs_hook=_Pairs, parse_int=str, parse_float=str)
        _walk(text, root, 1, issues)
    except RecursionError:
        issues = [problem("too-costly", f"Nested deeper than {MAX_DEPTH} levels.", root)]
    return issues


def _walk(value: Any, place: str, depth: int, issues: list[Issue]) -> None:  # noqa: ANN401
    if depth > MAX_DEPTH:
        if not any(issue.code == "too-costly" for issue in issues):
            issues.append(problem("too-costly", f"Nested deeper than {MAX_DEPTH} levels.", place))
    elif isinstance(value, _Pairs):
        _walk_object(value, place, depth, issues)
    elif isinstance(value, list):
        if not value:
            issues.append(problem("structure", "An array may not be empty.", place))
        for index, item in enumerate(value):
            _walk(item, f"{place}[{index}]", depth + 1, issues)


def _walk_object(pairs: _Pairs, place: str, depth: int, issues: list[Issue]) -> None:
    if not pairs:
        issues.append(problem("structure", "An element may not be empty.", place))
    seen: set[str] = set()
    for name, value in pairs:
        inner = f"{place}.{name}"
        if name in seen:
            issues.append(problem("structure", "A member may be given only once.", inner))
        seen.add(name)
        _walk(value, inner, depth + 1, issues)
