"""Errors are told as OperationOutcome, which is itself a valid resource."""

from __future__ import annotations

import json

import pytest

from careflow.errors import GoneError
from careflow.fhir.outcome import all_is_well, outcome_of
from careflow.fhir.resource import InvalidResourceError, parse
from careflow.fhir.search import SearchError, parse_search


def test_an_invalid_resource_is_told_issue_by_issue_with_its_place() -> None:
    body = b'{"resourceType":"Patient","name":[{}],"contact":[{"name":{"text":"x","text":"y"}}]}'
    with pytest.raises(InvalidResourceError) as refused:
        parse(body)

    told = json.loads(outcome_of(refused.value))

    assert [issue["expression"] for issue in told["issue"]] == [
        ["Patient.name[0]"],
        ["Patient.contact[0].name.text"],
    ]
    assert {issue["severity"] for issue in told["issue"]} == {"error"}


def test_a_fact_of_the_domain_keeps_its_code() -> None:
    told = json.loads(outcome_of(GoneError("It was deleted.")))

    assert told["issue"][0]["code"] == "deleted"
    assert told["issue"][0]["details"]["coding"][0]["code"] == "gone"
    assert told["issue"][0]["diagnostics"] == "It was deleted."


def test_a_refused_search_names_the_parameter() -> None:
    with pytest.raises(SearchError) as refused:
        parse_search("Patient", [("colour", "x")])

    assert json.loads(outcome_of(refused.value))["issue"][0]["expression"] == ["colour"]


@pytest.mark.parametrize("body", [all_is_well("Done."), outcome_of(GoneError("It is gone."))])
def test_an_outcome_is_a_valid_resource(body: bytes) -> None:
    assert parse(body, expected_type="OperationOutcome").type == "OperationOutcome"
