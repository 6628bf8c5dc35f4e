"""What was compiled from HL7's definitions is whole and current."""

from __future__ import annotations

import json
from importlib.resources import files

import pytest

from careflow.fhir.definitions import (
    code_set,
    is_resource_type,
    patient_compartment,
    resource_types,
    search_parameters,
    type_definition,
)
from tests.shared_data import shared
from tools.compile_fhir import compile_lines
from tools.fhir_compiler.package import read_package

COMPILED = files("careflow.fhir").joinpath("definitions", "r4.jsonl")


def test_the_file_says_where_it_comes_from_and_under_which_licence() -> None:
    header = json.loads(COMPILED.read_text(encoding="utf-8").splitlines()[0])

    assert header["version"] == "4.0.1"
    assert header["licence"] == "CC0-1.0"
    assert "HL7" in header["source"]


def test_the_file_stays_small() -> None:
    assert len(COMPILED.read_bytes()) < 1_000_000


@pytest.mark.shared
def test_the_committed_file_is_what_the_compiler_makes_of_the_source() -> None:
    package = read_package(shared("data/fhir/definitions"))

    lines = [
        json.dumps(line, ensure_ascii=False, separators=(",", ":"))
        for line in compile_lines(package, {"rules": [], "search": []})
    ]

    assert "\n".join(lines) + "\n" == COMPILED.read_text(encoding="utf-8")


def test_all_resource_types_of_r4_are_known() -> None:
    assert len(resource_types()) == 146
    assert is_resource_type("Patient")
    assert not is_resource_type("HumanName")
    assert not is_resource_type("Resource")


def test_elements_know_their_types_and_value_sets() -> None:
    fields = {field.name: field for field in type_definition("Observation").fields}

    assert fields["status"].codes == "observation-status"
    assert fields["status"].required
    assert ("valueQuantity", "Quantity") in fields["value[x]"].members()
    assert fields["component"].types == ("Observation.component",)
    assert "http://hl7.org/fhir/observation-status|final" in code_set("observation-status")


def test_elements_know_whether_a_summary_has_them_and_whether_they_change_the_meaning() -> None:
    fields = {field.name: field for field in type_definition("Patient").fields}

    assert {name for name, field in fields.items() if field.is_modifier} == {
        *("implicitRules", "modifierExtension", "active", "deceased[x]", "link"),
    }
    assert fields["name"].in_summary
    assert fields["meta"].in_summary
    assert not fields["photo"].in_summary
    assert not fields["text"].in_summary


def test_elements_that_refer_to_another_element_share_its_type() -> None:
    fields = {field.name: field for field in type_definition("Questionnaire.item").fields}

    assert fields["item"].types == ("Questionnaire.item",)


@pytest.mark.parametrize("rule", ["obs-6", "obs-7"])
def test_invariants_of_observations_are_among_the_rules(rule: str) -> None:
    assert rule in {key for key, _, _ in type_definition("Observation").rules}


def test_search_parameters_are_there_by_code() -> None:
    assert search_parameters("Patient")["birthdate"].type == "date"
    assert search_parameters("Observation")["patient"].targets
    assert "_tag" in search_parameters("Observation")


def test_the_patient_compartment_is_known_by_parameter() -> None:
    assert set(patient_compartment("Observation")) == {"subject", "performer"}
    assert patient_compartment("Organization") == ()
