"""Everything that is wrong with a resource is told, not the first thing alone."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careflow.fhir.every_issue import ISSUES_MAX, every_issue
from careflow.fhir.issue import Issue
from careflow.fhir.resource import InvalidResourceError, parse
from tests.fhir.builders import a_blood_pressure, a_patient, an_observation, as_bytes
from tests.fhir.test_bad_resources import BAD

Json = dict[str, Any]


def told(resource: Json | bytes) -> list[tuple[str, str | None]]:
    """Return code and place of each finding."""
    body = resource if isinstance(resource, bytes) else as_bytes(resource)
    return [(issue.code, issue.expression) for issue in every_issue(body)]


def test_a_good_resource_has_none() -> None:
    assert told(a_patient()) == []
    assert told(a_blood_pressure()) == []


def test_every_wrong_member_is_told_wherever_it_is() -> None:
    bad = a_patient(
        nickname="x",
        gender="banana",
        birthDate="2026-02-30",
        name=[{"family": 5}, {"given": ["a", ""], "nick": "y"}],
        contact=[{"name": {"family": "x", "middle": "y"}}, {"gender": "other"}],
        deceasedBoolean=True,
        deceasedDateTime="2026-01-01",
        link=[{"type": "refer"}],
    )

    assert set(told(bad)) == {
        ("structure", "Patient.nickname"),
        ("code-invalid", "Patient.gender"),
        ("value", "Patient.birthDate"),
        ("structure", "Patient.name[0].family"),
        ("value", "Patient.name[1].given[1]"),
        ("structure", "Patient.name[1].nick"),
        ("structure", "Patient.contact[0].name.middle"),
        ("invariant", "Patient.contact[1]"),
        ("structure", "Patient.deceased"),
        ("required", "Patient.link[0].other"),
    }


def test_rules_are_not_held_against_what_is_wrong_itself() -> None:
    bad = an_observation(status="banana", valueQuantity={"value": "12"}, dataAbsentReason=5)

    assert set(told(bad)) == {
        ("code-invalid", "Observation.status"),
        ("structure", "Observation.value.value"),
        ("structure", "Observation.dataAbsentReason"),
    }


def test_what_is_missing_is_told_once() -> None:
    assert told({"resourceType": "Observation"}) == [
        ("required", "Observation.code"),
        ("required", "Observation.status"),
    ]


def test_resources_inside_are_looked_into_too() -> None:
    bad = a_patient(
        gender="banana",
        contained=[
            {"resourceType": "Organization", "id": "o", "name": 5},
            {"resourceType": "Sheep"},
            {"resourceType": "Practitioner", "id": "p", "gender": "x"},
        ],
    )

    assert {
        ("code-invalid", "Patient.gender"),
        ("structure", "Patient.contained[0].name"),
        ("structure", "Patient.contained[1]"),
        ("code-invalid", "Patient.contained[2].gender"),
    } <= set(told(bad))


def test_entries_of_a_bundle_are_looked_into_too() -> None:
    bad = {
        "resourceType": "Bundle",
        "type": "banana",
        "entry": [{"resource": a_patient(gender="x")}, {"resource": a_patient(active="x")}],
    }

    assert set(told(bad)) == {
        ("code-invalid", "Bundle.type"),
        ("code-invalid", "Bundle.entry[0].resource.gender"),
        ("structure", "Bundle.entry[1].resource.active"),
    }


def test_doubled_members_and_empty_elements_are_told_beside_the_rest() -> None:
    bad = b'{"resourceType":"Patient","active":1,"gender":"male","gender":"male","name":[{}]}'

    assert set(told(bad)) == {
        ("structure", "Patient.active"),
        ("structure", "Patient.gender"),
        ("structure", "Patient.name[0]"),
    }


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"id":"a"}', b'{"resourceType":"Sheep"}'])
def test_what_is_no_resource_has_one_finding(body: bytes) -> None:
    assert len(every_issue(body)) == 1


def test_another_type_than_the_expected_is_the_only_finding() -> None:
    (issue,) = every_issue(as_bytes(a_patient(gender="x")), expected_type="Observation")

    assert issue.code == "invalid"


def test_nobody_is_told_without_end() -> None:
    bad = a_patient(name=[{"family": 5} for _ in range(10 * ISSUES_MAX)])

    assert len(told(bad)) == ISSUES_MAX


@pytest.mark.parametrize("bad", [resource for _, resource, _, _ in BAD], ids=[b[0] for b in BAD])
def test_what_a_write_is_refused_for_is_among_what_is_told(bad: Json) -> None:
    with pytest.raises(InvalidResourceError) as refusal:
        parse(as_bytes(bad))

    assert set(refusal.value.issues) <= set(every_issue(as_bytes(bad)))


GOOD = [a_patient(name=[{"family": "x"}]), an_observation(), a_blood_pressure()]
JUNK: st.SearchStrategy[Any] = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(max_size=3), st.just([]), st.just({})
)


def spoil(resource: Json, draw: Any) -> None:
    """Put something else in the place of some part of a resource."""
    part: Any = resource
    while True:
        keys = list(part) if isinstance(part, dict) else list(range(len(part)))
        key = draw(st.sampled_from(keys))
        inner = part[key]
        if not isinstance(inner, dict | list) or not inner or draw(st.booleans()):
            part[key] = draw(JUNK)
            return
        part = inner


def refused(body: bytes) -> set[Issue]:
    """Return what a write of this is refused for."""
    try:
        parse(body)
    except InvalidResourceError as error:
        return set(error.issues)
    return set()


@given(st.data())
def test_whatever_is_put_where_is_told_or_is_valid(data: st.DataObject) -> None:
    resource = json.loads(json.dumps(data.draw(st.sampled_from(GOOD))))
    for _ in range(data.draw(st.integers(1, 3))):
        spoil(resource, data.draw)
    body = json.dumps(resource).encode()

    every = set(every_issue(body))

    assert refused(body) <= every
    assert bool(every) == bool(refused(body))
