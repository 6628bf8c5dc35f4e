"""Whatever is sent, the answer is a resource or a refusal, a request or a refusal."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from careflow.fhir.definitions import search_parameters
from careflow.fhir.extract import entries
from careflow.fhir.resource import InvalidResourceError, parse
from careflow.fhir.search import SearchError, parse_search
from tests.fhir.builders import (
    Json,
    a_blood_pressure,
    a_condition,
    a_patient,
    an_appointment,
    an_observation,
    as_bytes,
)

BUILT = [a_patient(), an_observation(), a_blood_pressure(), a_condition(), an_appointment()]
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=12)
    | st.sampled_from(["2020-02-30", "#x", "Patient/1", "final", "<div/>", "\ud800", "http://a b"])
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "extension", "url", "value", "code", "reference", "_id", "x"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)


def places(value: Any, start: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(value, dict):
        items: Any = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    else:
        return []
    return [
        place for key, inner in items for place in [(*start, key), *places(inner, (*start, key))]
    ]


def changed(resource: Json, place: tuple[Any, ...], value: Any) -> Json:
    copy: Json = json.loads(json.dumps(resource))
    owner: Any = copy
    for step in place[:-1]:
        owner = owner[step]
    owner[place[-1]] = value
    return copy


@settings(max_examples=250, deadline=None)
@given(data=st.data())
def test_a_resource_with_anything_anywhere_is_read_or_refused(data: st.DataObject) -> None:
    resource = data.draw(st.sampled_from(BUILT))
    place = data.draw(st.sampled_from(places(resource)))
    sent = changed(resource, place, data.draw(VALUES))
    body = json.dumps(sent).encode()

    try:
        parsed = parse(body)
    except InvalidResourceError:
        return
    entries(parsed)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_damaged_bytes_are_read_or_refused(data: st.DataObject) -> None:
    body = bytearray(as_bytes(data.draw(st.sampled_from(BUILT))))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(body) - 1))
        body[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))

    try:
        parsed = parse(bytes(body))
    except InvalidResourceError:
        return
    entries(parsed)


NAMES = st.sampled_from(
    [
        *(*search_parameters("Observation"), "_id", "_lastUpdated", "_has", "_sort"),
        *("_list", "_text", "_content"),
    ]
)
MODIFIERS = st.sampled_from(
    [
        *("", ":", ":exact", ":not", ":missing", ":Patient", ":identifier", ".name"),
        *(":Patient.name", ":text", ":of-type", ":above", ":below", ":in"),
    ]
)
PIECES = st.sampled_from(
    [
        "a",
        "|",
        "$",
        ",",
        "\\",
        "ge",
        "2020",
        "-01",
        "T10:00",
        "Z",
        "1e",
        "5.4",
        "Patient/",
        "http://unitsofmeasure.org|",
        "mg/dL",
        ":",
        " ",
    ]
)


@settings(max_examples=300, deadline=None)
@given(
    name=st.builds("{}{}".format, NAMES, MODIFIERS) | st.text(max_size=12),
    value=st.lists(PIECES | st.text(max_size=3), max_size=6).map("".join),
)
def test_any_search_is_understood_or_refused(name: str, value: str) -> None:
    try:
        request = parse_search("Observation", [(name, value)])
    except SearchError:
        return
    assert request.pairs == ((name, value),)
