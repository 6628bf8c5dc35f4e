"""Looks through an ONNX file, as bytes, for what is never run: other files, loops, foreign code."""

from __future__ import annotations

from collections.abc import Iterator

from careflow.ai.own_models.card import CannotServeError

_DOMAINS = frozenset({b"", b"ai.onnx", b"ai.onnx.ml"})
_VARINT, _LONG, _BYTES, _SHORT = 0, 1, 2, 5
_VARINT_BITS = 70
_NOT_ONNX = "it is no whole ONNX file"
# Numbers of fields in onnx.proto.
_GRAPH, _OPSET, _FUNCTIONS = 7, 8, 25
_OPSET_DOMAIN = 1
_NODE, _INITIALIZER, _SPARSE = 1, 5, 15
_ATTRIBUTE, _NODE_DOMAIN = 5, 7
_TENSOR, _SUBGRAPH, _TENSORS, _SUBGRAPHS = 5, 6, 10, 11
_EXTERNAL, _LOCATION = 13, 14

Value = int | bytes


def require_harmless(model: bytes) -> None:
    """Refuse a model that reaches outside its file or is built to run on.

    Raises:
        CannotServeError: It is none, or holds what is not run here.
    """
    graphs = 0
    for field, value in _fields(model):
        if field == _FUNCTIONS:
            raise CannotServeError("it brings functions of its own")
        if field == _OPSET:
            _require_known(dict(_fields(_whole(value))).get(_OPSET_DOMAIN, b""))
        if field == _GRAPH:
            graphs += 1
            _look_through_graph(_whole(value))
    if graphs != 1:
        raise CannotServeError(_NOT_ONNX)


def _look_through_graph(graph: bytes) -> None:
    for field, value in _fields(graph):
        if field == _NODE:
            _look_through_node(_whole(value))
        elif field == _INITIALIZER:
            _require_inside(_whole(value))
        elif field == _SPARSE:
            raise CannotServeError("it holds sparse tensors")


def _look_through_node(node: bytes) -> None:
    for field, value in _fields(node):
        if field == _NODE_DOMAIN:
            _require_known(value)
        elif field == _ATTRIBUTE:
            for inner, part in _fields(_whole(value)):
                if inner in {_SUBGRAPH, _SUBGRAPHS}:
                    raise CannotServeError("it holds loops or branches")
                if inner in {_TENSOR, _TENSORS}:
                    _require_inside(_whole(part))


def _require_known(domain: Value) -> None:
    if domain not in _DOMAINS:
        raise CannotServeError("it needs operators that are not of ONNX")


def _require_inside(tensor: bytes) -> None:
    for field, value in _fields(tensor):
        if field == _EXTERNAL or (field == _LOCATION and value):
            raise CannotServeError("its weights are in another file")


def _whole(value: Value) -> bytes:
    if isinstance(value, int):
        raise CannotServeError(_NOT_ONNX)
    return value


def _fields(message: bytes) -> Iterator[tuple[int, Value]]:
    """Yield the fields of a protocol buffer; numbers of fixed length are passed over."""
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        field, kind = key >> 3, key & 7
        if kind == _VARINT:
            number, at = _varint(message, at)
            yield field, number
        elif kind == _BYTES:
            length, at = _varint(message, at)
            if at + length > len(message):
                raise CannotServeError(_NOT_ONNX)
            yield field, message[at : at + length]
            at += length
        elif kind in {_LONG, _SHORT}:
            at += 8 if kind == _LONG else 4
        else:
            raise CannotServeError(_NOT_ONNX)


def _varint(message: bytes, at: int) -> tuple[int, int]:
    number = 0
    for shift in range(0, _VARINT_BITS, 7):
        if at >= len(message):
            break
        byte = message[at]
        at += 1
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            return number, at
    raise CannotServeError(_NOT_ONNX)
