"""References are read as written and rewritten without touching anything else."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careflow.fhir.reference import (
    Reference,
    parse_reference,
    patients_in,
    reference_term,
    references_in,
    rewrite_references,
)

URN = "urn:uuid:0f0f0f0f-0000-4000-8000-000000000001"


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("Patient/1", Reference("Patient", "1")),
        ("Patient/1/_history/2", Reference("Patient", "1", "2")),
        (
            "https://a.example/fhir/Patient/1",
            Reference("Patient", "1", None, "https://a.example/fhir/"),
        ),
        (URN, None),
        ("#p", None),
        ("Patient?identifier=1", None),
        ("Patient/", None),
        ("Patient/a b", None),
    ],
)
def test_a_reference_is_taken_apart(text: str, meaning: Reference | None) -> None:
    assert parse_reference(text) == meaning


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("Patient/1", ("Patient/1", "Patient")),
        ("Patient/1/_history/2", ("Patient/1", "Patient")),
        ("http://a.example/Patient/1/_history/2", ("http://a.example/Patient/1", "Patient")),
        (URN, (URN, None)),
    ],
)
def test_the_index_keeps_the_server_and_drops_the_version(
    text: str, term: tuple[str, str | None]
) -> None:
    assert reference_term(text) == term


def test_references_are_replaced_and_every_other_byte_stays() -> None:
    body = (
        b'{ "subject" : {"reference" :\n"%b", "display":"%b"},"value":[72.50,1E+2],'
        b'"note":"\\"reference\\":\\"%b\\"","x":["reference","%b"]}'
    )

    result = rewrite_references(body.replace(b"%b", URN.encode()), {URN: "Patient/1"})

    assert result == body.replace(b"%b", b"Patient/1", 1).replace(b"%b", URN.encode())


def test_uris_are_replaced_for_urns_only() -> None:
    body = b'{"url":"urn:uuid:1","valueUri":"urn:uuid:1","uri":"Patient/x","reference":"Patient/x"}'

    result = rewrite_references(body, {"urn:uuid:1": "Patient/1", "Patient/x": "Patient/2"})

    assert json.loads(result) == {
        "url": "Patient/1",
        "valueUri": "Patient/1",
        "uri": "Patient/x",
        "reference": "Patient/2",
    }


def test_a_part_of_a_reference_is_not_replaced() -> None:
    body = b'{"reference":"urn:uuid:10"}'

    assert rewrite_references(body, {"urn:uuid:1": "Patient/1"}) == body


def test_an_escaped_reference_is_read_before_it_is_compared() -> None:
    assert rewrite_references(b'{"reference":"Patient\\/1"}', {"Patient/1": "Patient/2"}) == (
        b'{"reference":"Patient/2"}'
    )


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=12) | st.just("reference"), inner, max_size=3)
    ),
    max_leaves=12,
)


@settings(max_examples=100, deadline=None)
@given(JSON)
def test_only_texts_under_reference_change(value: object) -> None:
    def expected(item: object) -> object:
        if isinstance(item, dict):
            return {
                key: "Patient/1" if (key, inner) == ("reference", "old") else expected(inner)
                for key, inner in item.items()
            }
        return [expected(inner) for inner in item] if isinstance(item, list) else item

    body = json.dumps({"a": value, "reference": "old", "b": '"reference":"old"'}).encode()

    assert json.loads(rewrite_references(body, {"old": "Patient/1"})) == expected(json.loads(body))


def test_references_are_listed_in_order() -> None:
    body = b'{"a":{"reference":"Patient/1"},"b":{"reference":"Patient?x=1"},"url":"urn:uuid:1"}'

    assert references_in(body) == ["Patient/1", "Patient?x=1"]


def test_patients_named_by_a_body_are_told_once() -> None:
    body = (
        b'{"a":{"reference":"Patient/1"},"b":{"reference":"Patient/1/_history/2"},'
        b'"c":{"reference":"Patient/2"},"d":{"reference":"Practitioner/3"}}'
    )

    assert patients_in(body) == ["1", "2"]
