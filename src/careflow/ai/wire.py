"""The form in which a model answers a task, and the way from there to the task's own output.

It is the output's JSON Schema with every reference written out, with quotes of the text in place of
offsets (models count badly and quote well), and with a way to say "I cannot".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar

import msgspec

from careflow.ai.task import Span, TaskOutput

O = TypeVar("O", bound=TaskOutput)  # noqa: E741 - output
Json = dict[str, Any]

_QUOTE: Json = {"type": "string", "description": "Words of the data, exactly as they stand there."}
_SPACE = re.compile(r"\s+")


class NotInFormError(ValueError):
    """A reply that is not in the form that was asked for; the message may go back to the model."""


@dataclass(frozen=True, slots=True)
class Said(Generic[O]):
    """A reply in form: an output, or why there is none."""

    output: O | None
    cannot_say: str | None


@cache
def schema_of(type_: type[TaskOutput]) -> Json:
    """Return the JSON Schema that binds a model's reply."""
    whole = msgspec.json.schema(type_)
    answer = _written_out({"$ref": whole["$ref"]}, whole["$defs"])
    reason: Json = {
        "type": ["string", "null"],
        "description": "Why the data do not allow an answer; null if they do.",
    }
    return {
        "type": "object",
        "properties": {"cannot_say": reason, "answer": {"anyOf": [answer, {"type": "null"}]}},
        "required": ["cannot_say", "answer"],
        "additionalProperties": False,
    }


def said_in(reply: str, type_: type[O], text: str) -> Said[O]:
    """Read a reply; every quote becomes the span of the text where it stands.

    Raises:
        NotInFormError: It is not JSON, not in the form, or quotes what is not in the text.
    """
    data = _parsed(reply)
    if not isinstance(data, dict) or set(data) != {"cannot_say", "answer"}:
        raise NotInFormError("The reply must be an object with cannot_say and answer.")
    if data["answer"] is None:
        return Said(None, str(data["cannot_say"] or "the data do not allow an answer"))
    placed = _placed(data["answer"], _marked(type_), text)
    try:
        return Said(msgspec.convert(placed, type_), None)
    except msgspec.ValidationError as error:
        raise NotInFormError(str(error)) from error


def _parsed(reply: str) -> Any:  # noqa: ANN401 - JSON
    try:
        return msgspec.json.decode(repaired(reply))
    except msgspec.DecodeError as error:
        raise NotInFormError(f"The reply is not JSON: {error}.") from error


# --- repair --------------------------------------------------------------------------------

_FENCED = re.compile(r"^\s*```(?:json)?\s*\n(.*?)\n?\s*```\s*$", re.DOTALL)
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")


def repaired(reply: str) -> str:
    """Return a reply without what models like to put around and into JSON.

    Fences, words before and after, and commas before a closing bracket; nothing is invented, and
    what was cut off stays cut.
    """
    if _is_json(reply):
        return reply
    fenced = _FENCED.match(reply)
    inner = fenced[1] if fenced else reply
    start, end = inner.find("{"), inner.rfind("}")
    if 0 <= start < end:
        inner = inner[start : end + 1]
    if _is_json(inner):
        return inner
    return _without_trailing_commas(inner)


def _is_json(text: str) -> bool:
    try:
        msgspec.json.decode(text)
    except msgspec.DecodeError:
        return False
    return True


def _without_trailing_commas(text: str) -> str:
    """Drop commas before closing brackets, outside strings."""
    parts = re.split(r'("(?:[^"\\]|\\.)*")', text)
    return "".join(
        part if number % 2 else _TRAILING_COMMA.sub(r"\1", part)
        for number, part in enumerate(parts)
    )


# --- schema --------------------------------------------------------------------------------


def _written_out(schema: Json, definitions: Mapping[str, Json]) -> Json:
    """Return a schema without references, every property required, every pair of offsets a quote.

    Raises:
        RecursionError: The type contains itself; no output does.
    """
    if "$ref" in schema:
        return _written_out(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    if _is_span(schema):
        return _QUOTE
    out = {name: value for name, value in schema.items() if name not in {"title", "default"}}
    for name in ("items", "additionalProperties"):
        if isinstance(out.get(name), dict):
            out[name] = _written_out(out[name], definitions)
    for name in ("anyOf", "prefixItems"):
        if name in out:
            out[name] = [_written_out(one, definitions) for one in out[name]]
    if "properties" in out:
        out["properties"] = {
            name: _written_out(inner, definitions) for name, inner in out["properties"].items()
        }
        out["required"] = list(out["properties"])
    return out


def _is_span(schema: Mapping[str, Any]) -> bool:
    items = schema.get("prefixItems")
    return items == [{"type": "integer"}, {"type": "integer"}]


# --- quotes --------------------------------------------------------------------------------


@cache
def _marked(type_: type[TaskOutput]) -> Json:
    """Return the answer's schema, in which quotes stand where spans do."""
    whole = msgspec.json.schema(type_)
    return _written_out({"$ref": whole["$ref"]}, whole["$defs"])


def _placed(value: Any, schema: Json, text: str) -> Any:  # noqa: ANN401 - JSON
    """Return JSON in which every quote is replaced by its place."""
    if schema is _QUOTE:
        return place_of(value, text) if isinstance(value, str) else value
    if "anyOf" in schema and value is not None:
        schema = next((one for one in schema["anyOf"] if one.get("type") != "null"), schema)
        if schema is _QUOTE:
            return place_of(value, text)
    if isinstance(value, dict) and "properties" in schema:
        properties = schema["properties"]
        return {
            name: _placed(inner, properties[name], text) if name in properties else inner
            for name, inner in value.items()
        }
    if isinstance(value, list) and isinstance(schema.get("items"), dict):
        return [_placed(one, schema["items"], text) for one in value]
    return value


def place_of(quote: str, text: str) -> Span:
    """Return where a quote stands in a text; spaces and case may differ.

    Raises:
        NotInFormError: It does not stand there.
    """
    words = _SPACE.split(quote.strip())
    if words != [""]:
        at = text.find(quote)
        if at >= 0:
            return at, at + len(quote)
        found = re.search(r"\s+".join(map(re.escape, words)), text, re.IGNORECASE)
        if found is not None:
            return found.span()
    raise NotInFormError("A quote is not in the data: quote words exactly as they stand there.")
