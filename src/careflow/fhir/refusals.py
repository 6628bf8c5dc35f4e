"""Turns what msgspec says about a value into an issue that names the place and the rule.

The sender's values never become part of a message.
"""

from __future__ import annotations

import re

from careflow.fhir.issue import Issue, problem
from careflow.fhir.places import expression_of, field_at

_PLACE = re.compile(r"^(?P<what>.*?)(?: - at `(?P<path>\$.*)`)?$", re.DOTALL)
_UNKNOWN = re.compile(r"^Object contains unknown field `(?P<name>.*)`$", re.DOTALL)
_MISSING = re.compile(r"^Object missing required field `(?P<name>.*)`$")
_TYPE = re.compile(r"^Expected `(?P<wanted>[^`]*)`, got `(?P<got>[^`]*)`$")
_OURS = re.compile(r"^(?P<code>[a-z-]+)\|(?P<element>[^|]*)\|(?P<text>.*)$", re.DOTALL)
_JSON_NAMES = {
    "str": "a string",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "array": "an array",
    "object": "an object",
    "null": "null",
}


def refusal_issue(message: str, type_: str, place: str) -> Issue:
    """Return the issue of a decoder's message about a resource of ``type_`` at ``place``."""
    match = _PLACE.match(message)
    what, path = (match["what"], match["path"] or "$") if match else (message, "$")
    code, text, path = _explain(what, path, type_)
    expression = place + expression_of(path, type_).removeprefix(type_)
    return problem(code, text, expression)


def _explain(what: str, path: str, type_: str) -> tuple[str, str, str]:
    if match := _OURS.match(what):
        inner = f"{path}.{match['element']}" if match["element"] else path
        return match["code"], match["text"], inner
    if match := _UNKNOWN.match(what):
        name = match["name"]
        known = re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]{0,63}", name)
        return "structure", "FHIR R4 has no such element here.", f"{path}.{name}" if known else path
    if match := _MISSING.match(what):
        return "required", f"{match['name']} is required.", f"{path}.{match['name']}"
    if match := _TYPE.match(what):
        return "structure", _json_types(match["wanted"], match["got"]), path
    if what.startswith("Invalid enum value"):
        return "code-invalid", _not_in_set(path, type_), path
    return "value", _not_valid(what, path, type_), path


def _json_types(wanted: str, got: str) -> str:
    names = [_JSON_NAMES.get(name.strip(), name.strip()) for name in wanted.split("|")]
    expected = " or ".join(name for name in names if name != "null") or "null"
    return f"This must be {expected}, not {_JSON_NAMES.get(got, got)}."


def _not_in_set(path: str, type_: str) -> str:
    field, _ = field_at(path, type_)
    if field is None or field.codes is None:
        return "This value is not allowed here."
    return f"This code is not in the value set {field.codes}."


def _not_valid(what: str, path: str, type_: str) -> str:
    if "length >= 1" in what:
        return "This may not be empty."
    _, primitive = field_at(path, type_)
    return f"This is not a valid {primitive}." if primitive else "This value is not valid."
