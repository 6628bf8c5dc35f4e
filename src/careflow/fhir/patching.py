"""JSON Patch (RFC 6902) on a resource's text: what a patch does not touch keeps its exact bytes.

The text is opened only along the paths that a patch names; everything beside them stays as it was
sent, so that 72.50 is still 72.50 afterwards.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, ClassVar, Final, Literal

import msgspec

from careflow.errors import BadInputError, ConflictError, UnprocessableError

OPERATIONS_MAX: Final = 1000
SEGMENTS_MAX: Final = 128
"""No resource is nested as deep as a longer path would need."""
WORK_MAX_BYTES: Final = 64 * 1024 * 1024
"""What copying, moving and comparing may touch in all: copies of copies double."""

_INDEX: Final = re.compile(r"0|[1-9][0-9]{0,8}")
_ESCAPE: Final = re.compile(r"~(?![01])")

Pointer = tuple[str, ...]
Node = bytes | msgspec.Raw | dict[str, "Node"] | list["Node"]
"""JSON text as it was sent, or the members or items of what a path has led into."""


class BadPatchError(BadInputError):
    """Not a JSON Patch document."""

    code: ClassVar[str] = "fhir-bad-patch"
    issue: ClassVar[str] = "structure"


class PatchFailedError(UnprocessableError):
    """A patch that does not fit what is there; nothing was stored."""

    code: ClassVar[str] = "fhir-patch-failed"
    issue: ClassVar[str] = "processing"


class PatchTestFailedError(ConflictError):
    """A ``test`` of the patch does not hold; nothing was stored."""

    code: ClassVar[str] = "fhir-patch-test-failed"

    def __init__(self) -> None:
        super().__init__("The patch tests for another value than the one that is there.")


class Operation(msgspec.Struct, frozen=True):
    """One operation; members that RFC 6902 does not name are passed over, as it asks."""

    op: Literal["add", "remove", "replace", "move", "copy", "test"]
    path: str
    from_: str | None = msgspec.field(default=None, name="from")
    value: msgspec.Raw = msgspec.Raw()


_operations: Final = msgspec.json.Decoder(list[Operation])
_members: Final = msgspec.json.Decoder(dict[str, msgspec.Raw])
_items: Final = msgspec.json.Decoder(list[msgspec.Raw])


def read_patch(body: bytes) -> list[Operation]:
    """Read a patch document.

    Raises:
        BadPatchError: It is none; the place names the operation.
    """
    try:
        operations = _operations.decode(body)
        json.loads(body, object_pairs_hook=_require_single, parse_int=str, parse_float=str)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadPatchError(
            "The body is not a JSON Patch: a list of operations with op and path."
        ) from error
    if len(operations) > OPERATIONS_MAX:
        raise BadPatchError(f"A patch takes at most {OPERATIONS_MAX} operations.")
    for number, operation in enumerate(operations):
        _require_complete(number, operation)
    return operations


def _require_single(pairs: list[tuple[str, Any]]) -> None:
    if len({name for name, _ in pairs}) != len(pairs):
        raise BadPatchError("A member of the patch is given twice.")


def _require_complete(number: int, operation: Operation) -> None:
    op = operation.op
    if op in {"add", "replace", "test"} and not bytes(operation.value):
        raise BadPatchError(f"A patch operation {op} needs a value.", place=f"[{number}].value")
    if op in {"move", "copy"} and operation.from_ is None:
        raise BadPatchError(f"A patch operation {op} needs from.", place=f"[{number}].from")
    for name, pointer in (("path", operation.path), ("from", operation.from_)):
        if pointer is not None and not _is_pointer(pointer):
            raise BadPatchError(
                "This is no JSON Pointer, like /name/0/family.", place=f"[{number}].{name}"
            )


def _is_pointer(text: str) -> bool:
    return (not text or text.startswith("/")) and _ESCAPE.search(text) is None


def patched(body: bytes, operations: Sequence[Operation]) -> bytes:
    """Return a resource with the operations applied, in order, all of them.

    Raises:
        PatchFailedError: One does not fit; the place names it.
        PatchTestFailedError: A test does not hold.
    """
    tree = _Tree(body)
    for number, operation in enumerate(operations):
        try:
            tree.apply(operation)
        except (PatchFailedError, PatchTestFailedError) as error:
            error.place = f"[{number}]"
            raise
    return tree.text()


class _Tree:
    """A JSON text, opened where it is asked about."""

    def __init__(self, body: bytes) -> None:
        self._root: Node = body
        self._work_bytes = 0

    def text(self) -> bytes:
        """Return the whole, closed again."""
        return _closed(self._root)

    def apply(self, operation: Operation) -> None:
        """Apply one operation."""
        path = _pointer(operation.path)
        match operation.op:
            case "add":
                self._add(path, bytes(operation.value))
            case "remove":
                self._remove(path)
            case "replace":
                self._replace(path, bytes(operation.value))
            case "test":
                if not _equal(self._copied(path), bytes(operation.value)):
                    raise PatchTestFailedError
            case "copy":
                self._add(path, self._copied(_pointer(operation.from_ or "")))
            case "move":
                self._move(_pointer(operation.from_ or ""), path)

    def _move(self, source: Pointer, target: Pointer) -> None:
        if source == target[: len(source)] and source != target:
            raise PatchFailedError("The patch moves something into itself.")
        value = self._copied(source)
        if source != target:
            self._remove(source)
            self._add(target, value)

    def _add(self, path: Pointer, value: bytes) -> None:
        if not path:
            self._root = value
            return
        place, last = self._place(path[:-1]), path[-1]
        if isinstance(place, dict):
            place[last] = value
        else:
            self._spend(8 * len(place))
            place.insert(len(place) if last == "-" else _index(last, len(place) + 1), value)

    def _replace(self, path: Pointer, value: bytes) -> None:
        if not path:
            self._root = value
            return
        place, last = self._place(path[:-1]), path[-1]
        if isinstance(place, dict):
            place[_member(place, last)] = value
        else:
            place[_index(last, len(place))] = value

    def _remove(self, path: Pointer) -> None:
        if not path:
            raise PatchFailedError("The patch removes the whole resource.")
        place, last = self._place(path[:-1]), path[-1]
        if isinstance(place, dict):
            del place[_member(place, last)]
        else:
            self._spend(8 * len(place))
            del place[_index(last, len(place))]

    def _copied(self, path: Pointer) -> bytes:
        """Return the text of what stands at a path."""
        if not path:
            found = self._root
        else:
            place, last = self._place(path[:-1]), path[-1]
            found = (
                place[_member(place, last)]
                if isinstance(place, dict)
                else place[_index(last, len(place))]
            )
        text = _closed(found)
        self._spend(len(text))
        return text

    def _place(self, path: Pointer) -> dict[str, Node] | list[Node]:
        """Open everything on the way to a path, and return the object or array there."""
        place = self._root = _opened(self._root)
        for segment in path:
            if isinstance(place, dict):
                name = _member(place, segment)
                place[name] = inner = _opened(place[name])
            else:
                index = _index(segment, len(place))
                place[index] = inner = _opened(place[index])
            place = inner
        return place

    def _spend(self, count: int) -> None:
        self._work_bytes += count
        if self._work_bytes > WORK_MAX_BYTES:
            raise PatchFailedError("The patch copies and compares too much: send it in parts.")


def _pointer(text: str) -> Pointer:
    if text.count("/") > SEGMENTS_MAX:
        raise PatchFailedError("The path leads deeper than any resource.")
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in text.split("/")[1:])


def _opened(node: Node) -> dict[str, Node] | list[Node]:
    if isinstance(node, dict | list):
        return node
    text = bytes(node).lstrip()
    try:
        if text.startswith(b"{"):
            return dict(_members.decode(text))
        if text.startswith(b"["):
            return list(_items.decode(text))
    except (msgspec.DecodeError, RecursionError) as error:
        raise PatchFailedError("What the path leads through cannot be read.") from error
    raise PatchFailedError("The path leads into a value that has no parts.")


def _closed(node: Node) -> bytes:
    """Return a node as text; what was never opened is as it was."""
    if isinstance(node, dict):
        members = (msgspec.json.encode(name) + b":" + _closed(n) for name, n in node.items())
        return b"{" + b",".join(members) + b"}"
    if isinstance(node, list):
        return b"[" + b",".join(map(_closed, node)) + b"]"
    return bytes(node)


def _member(place: dict[str, Node], name: str) -> str:
    if name not in place:
        raise PatchFailedError("The path leads to a member that is not there.")
    return name


def _index(segment: str, length: int) -> int:
    if _INDEX.fullmatch(segment) is None or int(segment) >= length:
        raise PatchFailedError("The path leads to a place that the list does not have.")
    return int(segment)


def _equal(left: bytes, right: bytes) -> bool:
    """Report whether two texts are the same JSON: numbers by value, members in any order."""
    try:
        return left == right or _same(_plain(left), _plain(right))
    except RecursionError as error:
        raise PatchFailedError("The value to compare is nested too deep.") from error


def _plain(text: bytes) -> Any:  # noqa: ANN401 - JSON.
    return json.loads(text, parse_float=Decimal, parse_int=Decimal)


def _same(left: Any, right: Any) -> bool:  # noqa: ANN401 - JSON.
    if type(left) is not type(right):
        return False
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(_same(left[n], right[n]) for n in left)
    if isinstance(left, list):
        return len(left) == len(right) and all(map(_same, left, right))
    return bool(left == right)
