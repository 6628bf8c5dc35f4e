"""Part of a resource, as ``_elements`` and ``_summary`` ask: cut out of its bytes, never rewritten.

What stays keeps its exact text, numbers included. Whatever changes the meaning of a resource
(mandatory elements, modifiers such as ``Patient.active``) stays with it, and the cut is marked in
``meta.tag`` so that nobody takes the part for the whole.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final, Literal

import msgspec

from careflow.fhir.definitions import Field, is_type, type_definition

Summary = Literal["true", "text", "data"]
Members = dict[str, str | None]
"""JSON members that stay: whole (``None``), or cut by the type that is named."""

_ALWAYS: Final = ("resourceType", "id", "meta")
_KEPT_WHOLE: Final = frozenset({"Extension", "Resource"})
_SUBSETTED: Final = (
    b'{"system":"http://terminology.hl7.org/CodeSystem/v3-ObservationValue","code":"SUBSETTED"}'
)
_members = msgspec.json.Decoder(dict[str, msgspec.Raw])
_items = msgspec.json.Decoder(list[msgspec.Raw])


@dataclass(frozen=True, slots=True)
class View:
    """How much of each resource is answered.

    Attributes:
        elements: Names of elements to keep; ``Type.name`` counts for resources of that type only.
    """

    summary: Summary | None = None
    elements: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Report whether nothing is left out."""
        return self.summary is None and not self.elements

    def of(self, kind: str, body: bytes, *, included: bool = False) -> bytes:
        """Return the part of a stored resource that is asked for.

        Names without a type are meant for what was searched, not for what was ``included``.
        """
        if self.is_whole:
            return body
        if self.summary is not None:
            return _marked(_cut(body, _summary(kind, self.summary)))
        names = names_for(kind, self.elements, bare=not included)
        return _marked(_cut(body, _chosen(kind, names))) if names else body


WHOLE: Final = View()


@dataclass(frozen=True, slots=True)
class Only:
    """The members of one type's resources that someone may see; not one more is kept."""

    members: frozenset[str]

    def of(self, body: bytes) -> bytes:
        """Return the part of a stored resource that is shown."""
        return _marked(_cut(body, dict.fromkeys(self.members)))


def not_shown_in(body: bytes, shown: frozenset[str]) -> list[str]:
    """Return the members of a resource that are not among those shown, in order."""
    return [name for name in _members.decode(body) if name.removeprefix("_") not in shown]


def put_back(body: bytes, stored: bytes, shown: frozenset[str]) -> bytes:
    """Return what someone made of the members shown to them, with the stored rest around it.

    ``meta`` stays as stored. A narrative generated from the members goes: it tells of old ones.
    """
    made, kept = _members.decode(body), _members.decode(stored)
    whole: dict[str, msgspec.Raw] = {}
    for name, raw in kept.items():
        if name == "meta" or name.removeprefix("_") not in shown:
            whole[name] = raw
        elif name in made:
            whole[name] = made[name]
    for name, raw in made.items():
        if name != "meta":
            whole.setdefault(name, raw)
    if b'"generated"' in bytes(whole.get("text", b"")):
        del whole["text"]
    return _object(whole)


def is_part(body: bytes) -> bool:
    """Report whether a resource says of itself that something was left out."""
    if b'"SUBSETTED"' not in body:
        return False
    meta = _members.decode(_members.decode(body).get("meta", b"{}"))
    return b'"SUBSETTED"' in bytes(meta.get("tag", b""))


def element_names(kind: str) -> frozenset[str]:
    """Return all names of a type's elements: ``value``, ``value[x]`` and ``valueQuantity``."""
    found: set[str] = set()
    for field in type_definition(kind).fields:
        found |= {field.name, field.stem, *(member for member, _ in field.members())}
    return frozenset(found)


def names_for(kind: str, elements: tuple[str, ...], *, bare: bool = True) -> frozenset[str]:
    """Return the names that count for a type, without the type before them."""
    found = set()
    for name in elements:
        type_, dot, rest = name.rpartition(".")
        if type_ == kind if dot else bare:
            found.add(rest)
    return frozenset(found)


@cache
def _summary(kind: str, summary: Summary) -> Members:
    fields = type_definition(kind).fields
    if summary == "data":
        return _kept(field for field in fields if field.name != "text")
    if summary == "text":
        return _kept(field for field in fields if field.name == "text" or _means(field))
    return _summary_of(kind)


@cache
def _summary_of(type_: str) -> Members:
    fields = _in_summary(type_)
    cut = {m: inner for one in fields for m, inner in one.members() if _is_cut(inner)}
    return _kept(fields) | cut


@lru_cache(maxsize=1024)
def _chosen(kind: str, names: frozenset[str]) -> Members:
    found: Members = dict.fromkeys(_ALWAYS)
    for field in type_definition(kind).fields:
        for member, _ in field.members():
            if _means(field) or names & {field.name, field.stem, member}:
                found[member] = None
    return found


def _kept(fields: Iterable[Field]) -> Members:
    found: Members = dict.fromkeys(_ALWAYS)
    for field in fields:
        found.update((member, None) for member, _ in field.members())
    return found


def _means(field: Field) -> bool:
    """Report whether a resource without this element would say something else."""
    return field.required or field.is_modifier


def _in_summary(type_: str) -> list[Field]:
    definition = type_definition(type_)
    # An element's own id and extensions belong to it; those of a whole resource are no summary.
    own = {"id", "extension"} if definition.base in {"element", "backbone"} else set()
    return [one for one in definition.fields if one.in_summary or _means(one) or one.name in own]


@cache
def _is_cut(type_: str) -> bool:
    """Report whether a summary leaves out anything that is in a type, however deep."""
    waiting, seen = [type_], set(_KEPT_WHOLE)
    while waiting:
        name = waiting.pop()
        if name in seen or not is_type(name):
            continue
        seen.add(name)
        fields = _in_summary(name)
        if len(fields) < len(type_definition(name).fields):
            return True
        waiting += [inner for field in fields for inner in field.types]
    return False


def _cut(body: bytes | msgspec.Raw, members: Members) -> bytes:
    parts: list[bytes] = []
    for name, raw in _members.decode(body).items():
        plain = name.removeprefix("_")
        if plain not in members:
            continue
        inner = None if plain != name else members[plain]
        text = bytes(raw) if inner is None else _cut_each(raw, _summary_of(inner))
        parts.append(b'"%b":%b' % (name.encode(), text))
    return b"{" + b",".join(parts) + b"}"


def _cut_each(raw: msgspec.Raw, members: Members) -> bytes:
    text = bytes(raw)
    if text[:1] != b"[":
        return _cut(text, members)
    return b"[" + b",".join(_cut(item, members) for item in _items.decode(text)) + b"]"


def _marked(body: bytes) -> bytes:
    """Return the resource with the tag that says it is a part."""
    members = _members.decode(body)
    meta = _members.decode(members["meta"]) if "meta" in members else {}
    tags = bytes(meta.get("tag", b"[]"))
    if b'"SUBSETTED"' in tags:
        return body
    between = b"," if len(tags) > 2 else b""
    meta["tag"] = msgspec.Raw(tags[:-1] + between + _SUBSETTED + b"]")
    members["meta"] = msgspec.Raw(_object(meta))
    return _object(members)


def _object(members: dict[str, msgspec.Raw]) -> bytes:
    return b"{" + b",".join(b'"%b":%b' % (n.encode(), bytes(r)) for n, r in members.items()) + b"}"
