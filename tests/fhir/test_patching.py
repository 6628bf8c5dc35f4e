"""JSON Patch on a resource's text."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careflow.fhir.patching import (
    OPERATIONS_MAX,
    BadPatchError,
    PatchFailedError,
    PatchTestFailedError,
    patched,
    read_patch,
)

REMOVE = b'{"op":"remove","path":"/a"}'
WEIGHT = b'{"status" : "final", "valueQuantity":{"value":72.50,"unit":"kg"},"note":[{"text":"a"}]}'


def apply(body: bytes, *operations: dict[str, Any]) -> bytes:
    return patched(body, read_patch(json.dumps(list(operations)).encode()))


def op(op: str, path: str, **over: Any) -> dict[str, Any]:
    return {"op": op, "path": path} | {name.rstrip("_"): value for name, value in over.items()}


@pytest.mark.parametrize(
    ("before", "operation", "after"),
    [
        # The examples of RFC 6902, appendix A.
        ('{"foo":"bar"}', op("add", "/baz", value="qux"), '{"foo":"bar","baz":"qux"}'),
        (
            '{"foo":["bar","baz"]}',
            op("add", "/foo/1", value="qux"),
            '{"foo":["bar","qux","baz"]}',
        ),
        ('{"baz":"qux","foo":"bar"}', op("remove", "/baz"), '{"foo":"bar"}'),
        ('{"foo":["bar","qux","baz"]}', op("remove", "/foo/1"), '{"foo":["bar","baz"]}'),
        ('{"baz":"qux"}', op("replace", "/baz", value="boo"), '{"baz":"boo"}'),
        (
            '{"foo":{"bar":"baz","waldo":"fred"},"qux":{"corge":"grault"}}',
            op("move", "/qux/thud", from_="/foo/waldo"),
            '{"foo":{"bar":"baz"},"qux":{"corge":"grault","thud":"fred"}}',
        ),
        (
            '{"foo":["all","grass","cows","eat"]}',
            op("move", "/foo/3", from_="/foo/1"),
            '{"foo":["all","cows","eat","grass"]}',
        ),
        ('{"foo":"bar"}', op("add", "/child", value={"a": {}}), '{"foo":"bar","child":{"a":{}}}'),
        ('{"foo":["bar"]}', op("add", "/foo/-", value=["abc"]), '{"foo":["bar",["abc"]]}'),
        ('{"/":9,"~1":10}', op("test", "/~01", value=10), '{"/":9,"~1":10}'),
        ('{"/":9,"~1":10}', op("replace", "/~1", value=1), '{"/":1,"~1":10}'),
        ('{"":1}', op("replace", "/", value=2), '{"":2}'),
        ('{"a":[1]}', op("copy", "/b", from_="/a"), '{"a":[1],"b":[1]}'),
        ('{"a":1}', op("move", "/a", from_="/a"), '{"a":1}'),
        ('{"a":1}', op("replace", "", value={"b": 2}), '{"b":2}'),
        ('{"a":1}', op("add", "", value={"b": 2}), '{"b":2}'),
        ('{"a":1}', op("replace", "/a", value=None), '{"a":null}'),
        ('{"a":[1,{"b":2}]}', op("test", "", value={"a": [1, {"b": 2.0}]}), '{"a":[1,{"b":2}]}'),
        ('{"a":1}', op("add", "/b", value=2, comment="passed over"), '{"a":1,"b":2}'),
    ],
)
def test_a_patch_does_what_rfc_6902_says(
    before: str, operation: dict[str, Any], after: str
) -> None:
    assert json.loads(apply(before.encode(), operation)) == json.loads(after)


def test_what_a_patch_does_not_touch_keeps_its_text() -> None:
    after = apply(WEIGHT, op("replace", "/status", value="amended"))

    assert b'{"value":72.50,"unit":"kg"}' in after
    assert b'"note":[{"text":"a"}]' in after


def test_a_number_beside_a_change_and_a_number_that_moves_keep_their_digits() -> None:
    beside = apply(WEIGHT, op("replace", "/valueQuantity/unit", value="g"))
    moved = apply(WEIGHT, op("move", "/valueDecimal", from_="/valueQuantity/value"))
    sent = patched(WEIGHT, read_patch(b'[{"op":"add","path":"/x","value":1.00}]'))

    assert b'"value":72.50' in beside
    assert b'"valueDecimal":72.50' in moved
    assert b'"x":1.00' in sent


@pytest.mark.parametrize(
    "operation",
    [
        op("remove", "/nothing"),
        op("remove", ""),
        op("replace", "/nothing", value=1),
        op("add", "/no/where", value=1),
        op("add", "/note/2", value=1),
        op("add", "/note/01", value=1),
        op("add", "/note/x", value=1),
        op("remove", "/note/-"),
        op("replace", "/note/1", value=1),
        op("add", "/status/x", value=1),
        op("copy", "/x", from_="/nothing"),
        op("move", "/valueQuantity/x", from_="/valueQuantity"),
        op("test", "/nothing", value=1),
        op("add", "/x" * 200, value=1),
    ],
)
def test_a_patch_that_does_not_fit_says_which_operation(operation: dict[str, Any]) -> None:
    with pytest.raises(PatchFailedError) as refusal:
        apply(WEIGHT, op("test", "/status", value="final"), operation)

    assert refusal.value.place == "[1]"
    assert refusal.value.status == 422


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("/status", "draft"),
        ("/valueQuantity/value", 72.51),
        ("/valueQuantity/value", "72.50"),
        ("/valueQuantity", {"value": 72.5}),
        ("/note", [{"text": "b"}]),
        ("/note/0/text", None),
    ],
)
def test_a_test_that_does_not_hold_is_a_conflict(path: str, value: Any) -> None:
    with pytest.raises(PatchTestFailedError) as refusal:
        apply(WEIGHT, op("test", path, value=value))

    assert refusal.value.status == 409


def test_numbers_are_tested_by_value_and_true_is_not_one() -> None:
    apply(WEIGHT, op("test", "/valueQuantity/value", value=72.5))
    with pytest.raises(PatchTestFailedError):
        apply(b'{"a":true}', op("test", "/a", value=1))


@pytest.mark.parametrize(
    ("body", "place"),
    [
        (b"", None),
        (b"{}", None),
        (b"[", None),
        (b"\xff", None),
        (b'{"op":"add"}', None),
        (b'[{"op":"add","path":"/a"}]', "[0].value"),
        (b'[{"op":"test","path":"/a"}]', "[0].value"),
        (b'[{"op":"move","path":"/a"}]', "[0].from"),
        (b'[{"op":"remove","path":"a"}]', "[0].path"),
        (b'[{"op":"remove","path":"/a~2"}]', "[0].path"),
        (b'[{"op":"remove","path":"/a~"}]', "[0].path"),
        (b'[{"op":"remove"}]', None),
        (b'[{"op":"merge","path":"/a"}]', None),
        (b'[{"op":"remove","path":5}]', None),
        (b'[{"op":"remove","path":"/a","path":"/b"}]', None),
        (b'[{"op":"add","path":"/a","value":NaN}]', None),
        (b'[{"op":"add","path":"/a","value":' + b"[" * 100_000, None),
        (b"[" + b",".join([REMOVE] * (OPERATIONS_MAX + 1)) + b"]", None),
    ],
)
def test_what_is_no_patch_is_refused(body: bytes, place: str | None) -> None:
    with pytest.raises(BadPatchError) as refusal:
        read_patch(body)

    assert refusal.value.place == place


def test_copies_of_copies_end_before_memory_does() -> None:
    doubling = [op("copy", f"/a{n}", from_="") for n in range(100)]

    with pytest.raises(PatchFailedError, match="too much"):
        apply(json.dumps({"text": "x" * 1000}).encode(), *doubling)


LEAVES = st.none() | st.booleans() | st.integers(-5, 5) | st.text('ab~/"', max_size=3)
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text("ab~/", max_size=2), inner, max_size=3)
    ),
    max_leaves=8,
)
POINTERS = st.lists(st.sampled_from(["a", "b", "0", "1", "-", "a~0", "b~1", ""]), max_size=3).map(
    lambda parts: "".join(f"/{part}" for part in parts)
)
OPERATIONS = st.fixed_dictionaries(
    {
        "op": st.sampled_from(["add", "remove", "replace", "move", "copy", "test"]),
        "path": POINTERS,
        "from": POINTERS,
        "value": VALUES,
    }
)


@given(st.dictionaries(st.text("ab~/", max_size=2), VALUES), st.lists(OPERATIONS, max_size=6))
def test_any_patch_is_applied_or_refused_and_leaves_json(
    before: Any, operations: list[dict[str, Any]]
) -> None:
    try:
        after = apply(json.dumps(before).encode(), *operations)
    except (PatchFailedError, PatchTestFailedError):
        return
    json.loads(after)
