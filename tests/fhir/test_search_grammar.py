"""A search is understood as FHIR means it, or refused by name."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from careflow.fhir.conditions import (
    AllOf,
    AnyOf,
    Chained,
    Condition,
    Has,
    IdIn,
    Not,
    RangeWithin,
    ReferredToBy,
    StoredBetween,
    TermIn,
    TextMatches,
)
from careflow.fhir.search import (
    BadValueError,
    Include,
    SearchError,
    SearchRequest,
    Sort,
    UnknownParameterError,
    parse_search,
)
from careflow.fhir.times import span_of


def search(type_: str, *pairs: tuple[str, str]) -> SearchRequest:
    return parse_search(type_, pairs)


def condition(type_: str, name: str, value: str) -> Condition:
    (found,) = search(type_, (name, value)).conditions
    return found


LOINC = "http://loinc.org"

UNDERSTOOD: list[tuple[str, str, str, Condition]] = [
    ("Patient", "gender", "female", TermIn("gender", ("female",))),
    ("Patient", "gender", "female,male", TermIn("gender", ("female", "male"))),
    ("Patient", "gender:not", "male", Not(TermIn("gender", ("male",)))),
    ("Patient", "gender:missing", "true", Not(Has("gender"))),
    ("Patient", "gender:missing", "false", Has("gender")),
    ("Patient", "identifier", "s|1", TermIn("identifier", ("s|1",))),
    ("Patient", "identifier", "|1", TermIn("identifier", ("|1",))),
    ("Patient", "identifier", "s|", TermIn("identifier", ("s|",))),
    ("Patient", "identifier", r"a\,b", TermIn("identifier", ("a,b",))),
    ("Patient", "identifier", r"a\|b", TermIn("identifier", ("a|b",))),
    ("Patient", "active", "true", TermIn("active", ("true",))),
    (
        "Observation",
        "status",
        "http://hl7.org/fhir/observation-status|final",
        TermIn("status", ("final",)),
    ),
    (
        "Observation",
        "status",
        "http://other.example|final",
        TermIn("status", ("http://other.example|final",)),
    ),
    ("Patient", "name", "eve", TextMatches("name", ("eve",), "prefix")),
    ("Patient", "name:exact", "Eve", TextMatches("name", ("Eve",), "exact")),
    ("Patient", "name:contains", "v,w", TextMatches("name", ("v", "w"), "contains")),
    ("Observation", "patient", "ada", TermIn("patient", ("Patient/ada",))),
    ("Observation", "patient", "Patient/ada", TermIn("patient", ("Patient/ada",))),
    ("Observation", "subject:Patient", "ada", TermIn("subject", ("Patient/ada",))),
    (
        "Observation",
        "subject:identifier",
        "s|1",
        TermIn("subject:identifier", ("s|1",)),
    ),
    (
        "Observation",
        "subject:missing",
        "true",
        Not(AnyOf((Has("subject"), Has("subject:identifier")))),
    ),
    (
        "Observation",
        "subject",
        "https://o.example/fhir/Patient/1",
        TermIn("subject", ("https://o.example/fhir/Patient/1",)),
    ),
    (
        "Encounter",
        "service-provider",
        "1",
        TermIn("service-provider", ("Organization/1",)),
    ),
    ("Patient", "_id", "a,b", IdIn(("a", "b"))),
    ("Patient", "_tag", "s|t", TermIn("_tag", ("s|t",))),
    ("Patient", "_profile", "http://a.example", TermIn("_profile", ("http://a.example",))),
    (
        "Observation",
        "combo-code",
        f"{LOINC}|1",
        AnyOf((TermIn("code", (f"{LOINC}|1",)), TermIn("component-code", (f"{LOINC}|1",)))),
    ),
    (
        "Observation",
        "code-value-concept",
        "a|1$b|2",
        AllOf((TermIn("code", ("a|1",)), TermIn("value-concept", ("b|2",)))),
    ),
    (
        "Observation",
        "component-code-value-concept",
        "a|1$b|2",
        TermIn("component-code-value-concept", ("a|1$b|2",)),
    ),
    (
        "Observation",
        "component-code-value-quantity",
        "a|1$ge5||mg",
        RangeWithin("component-code-value-quantity", high_min=5.0, qualifiers=("a|1$mg",)),
    ),
    (
        "Observation",
        "patient.name",
        "eve",
        Chained("patient", "Patient", TextMatches("name", ("eve",))),
    ),
    (
        "Observation",
        "subject:Patient.general-practitioner:Practitioner.family",
        "x",
        Chained(
            "subject",
            "Patient",
            Chained("general-practitioner", "Practitioner", TextMatches("family", ("x",))),
        ),
    ),
    (
        "Patient",
        "_has:Observation:patient:code",
        "1",
        ReferredToBy("Observation", "patient", TermIn("code", ("1",))),
    ),
    (
        "Observation",
        "value-quantity",
        "ge5.4|http://unitsofmeasure.org|mg",
        RangeWithin("value-quantity:canonical", high_min=0.0054, qualifiers=("=g",)),
    ),
    (
        "Observation",
        "value-quantity",
        "ge5.4|urn:units|mg",
        RangeWithin("value-quantity", high_min=5.4, qualifiers=("urn:units|mg",)),
    ),
    (
        "DocumentReference",
        "relationship",
        "DocumentReference/d1$replaces",
        TermIn("relationship", ("DocumentReference/d1$replaces",)),
    ),
    (
        "DocumentReference",
        "relationship",
        "d1$http://hl7.org/fhir/document-relationship-type|replaces",
        TermIn("relationship", ("DocumentReference/d1$replaces",)),
    ),
    (
        "Patient",
        "_lastUpdated",
        "gt2026-01-01",
        StoredBetween(after=datetime(2026, 1, 2, tzinfo=UTC)),
    ),
]


@pytest.mark.parametrize(
    ("type_", "name", "value", "meaning"),
    UNDERSTOOD,
    ids=[f"{type_}?{name}={value}" for type_, name, value, _ in UNDERSTOOD],
)
def test_a_parameter_means_what_the_standard_says(
    type_: str, name: str, value: str, meaning: Condition
) -> None:
    assert condition(type_, name, value) == meaning


REFUSED = [
    ("Patient", "favourite-colour", "x", "fhir-unknown-parameter"),
    ("Patient", "", "x", "fhir-unknown-parameter"),
    ("Patient", "_unknown", "x", "fhir-unknown-parameter"),
    ("Patient", "name:loudly", "x", "fhir-unknown-modifier"),
    ("Patient", "birthdate:exact", "2020", "fhir-unknown-modifier"),
    ("Patient", "_id:exact", "a", "fhir-unknown-modifier"),
    ("Observation", "patient:Group", "1", "fhir-unknown-modifier"),
    ("Observation", "code.name", "1", "fhir-unknown-modifier"),
    ("Observation", "patient.colour", "1", "fhir-unknown-parameter"),
    ("Observation", "patient.birthdate", "x", "fhir-bad-search-value"),
    ("Patient", "name", "", "fhir-bad-search-value"),
    ("Patient", "name", "a,,b", "fhir-bad-search-value"),
    ("Patient", "birthdate", "xx2020", "fhir-bad-search-value"),
    ("Patient", "birthdate", "2021-02-30", "fhir-bad-search-value"),
    ("Patient", "birthdate", "yesterday", "fhir-bad-search-value"),
    ("Patient", "birthdate", "99999", "fhir-bad-search-value"),
    ("Patient", "identifier", "a|b|c", "fhir-bad-search-value"),
    ("Patient", "identifier", "|", "fhir-bad-search-value"),
    ("Patient", "gender:missing", "perhaps", "fhir-bad-search-value"),
    ("Patient", "_id", "a b", "fhir-bad-search-value"),
    ("Patient", "_count", "-1", "fhir-bad-search-value"),
    ("Patient", "_count", "many", "fhir-bad-search-value"),
    ("Patient", "_total", "roughly", "fhir-bad-search-value"),
    ("Patient", "_summary", "short", "fhir-bad-search-value"),
    ("Patient", "_include", "Sheep:wool", "fhir-bad-search-value"),
    ("Patient", "_include", "Patient:name", "fhir-bad-search-value"),
    ("Patient", "_include:sometimes", "Patient:link", "fhir-unknown-modifier"),
    ("Patient", "_has:Observation:code", "1", "fhir-bad-search-value"),
    ("Patient", "_has:Observation:encounter:code", "1", "fhir-bad-search-value"),
    ("Patient", "_sort", "colour", "fhir-unknown-parameter"),
    ("Observation", "_sort", "code-value-quantity", "fhir-unsupported-search"),
    ("Observation", "_sort", "combo-code", "fhir-unsupported-search"),
    ("Patient", "_format", "xml", "fhir-unsupported-search"),
    ("Patient", "_text", "...", "fhir-bad-search-value"),
    ("Patient", "_content:exact", "x", "fhir-unknown-modifier"),
    ("Patient", "_filter", "name eq x", "fhir-unsupported-search"),
    ("Patient", "_list", "$current-allergies", "fhir-unsupported-search"),
    ("Patient", "_list:not", "42", "fhir-unknown-modifier"),
    ("Patient", "_contained", "true", "fhir-bad-search-value"),
    ("Patient", "identifier:of-type", "a|b", "fhir-bad-search-value"),
    ("Patient", "identifier:of-type", "a||c", "fhir-bad-search-value"),
    ("Patient", "gender:of-type", "a|b|c", "fhir-unknown-modifier"),
    ("Patient", "gender:text", "x", "fhir-unknown-modifier"),
    ("Patient", "phone:text", "x", "fhir-unknown-modifier"),
    ("Condition", "code:text", "", "fhir-bad-search-value"),
    ("Condition", "code:in", "http://a.example/vs", "fhir-unsupported-search"),
    ("Condition", "code:not-in", "http://a.example/vs", "fhir-unsupported-search"),
    ("Condition", "code:below", "http://snomed.info/sct|1", "fhir-unsupported-search"),
    ("Location", "partof:below", "1", "fhir-unsupported-search"),
    ("ValueSet", "url:contains", "http://a.example", "fhir-unknown-modifier"),
    ("ValueSet", "url:below", "", "fhir-bad-search-value"),
    ("Observation", "focus.name", "x", "fhir-unsupported-search"),
    ("Location", "near", "1|2", "fhir-unsupported-search"),
    ("Observation", "value-quantity", "5|mg", "fhir-bad-search-value"),
    ("Observation", "value-quantity", "5e9999", "fhir-bad-search-value"),
    ("Observation", "value-quantity", "0x10", "fhir-bad-search-value"),
    ("Observation", "code-value-quantity", "1", "fhir-bad-search-value"),
    ("Observation", "subject", "Sheep/1", "fhir-bad-search-value"),
    ("Observation", "subject:Patient", "Group/1", "fhir-bad-search-value"),
    ("Patient", "identifier", ",".join("x" * 501), "fhir-bad-search-value"),
]


@pytest.mark.parametrize(
    ("type_", "name", "value", "code"),
    REFUSED,
    ids=[f"{type_}?{name}={value[:20]}" for type_, name, value, _ in REFUSED],
)
def test_what_is_not_understood_is_refused_by_name(
    type_: str, name: str, value: str, code: str
) -> None:
    with pytest.raises(SearchError) as refused:
        search(type_, (name, value))

    assert (refused.value.code, refused.value.parameter) == (code, name)
    assert refused.value.status == 400


def test_a_value_set_is_refused_with_the_reason() -> None:
    with pytest.raises(SearchError, match="no terminology"):
        search("Condition", ("code:in", "http://a.example/vs"))


def test_an_address_above_is_one_of_those_that_contain_it() -> None:
    (found,) = search("ValueSet", ("url:above", "https://a.example/fhir/vs")).conditions

    assert found == TermIn(
        "url",
        (
            "https://a.example/fhir/vs",
            "https://a.example/fhir",
            "https://a.example/fhir/",
            "https://a.example",
            "https://a.example/",
        ),
    )


def test_nothing_contains_a_urn_but_itself() -> None:
    (found,) = search("ValueSet", ("url:above", "urn:oid:1.2/3")).conditions

    assert found == TermIn("url", ("urn:oid:1.2/3",))


def test_every_pair_is_a_condition_of_its_own() -> None:
    request = search("Patient", ("name", "a"), ("name", "b"))

    assert request.conditions == (TextMatches("name", ("a",)), TextMatches("name", ("b",)))


def test_lenient_handling_leaves_unknown_parameters_out_and_says_so() -> None:
    request = parse_search("Patient", [("colour", "x"), ("name", "a")], lenient=True)

    assert request.ignored == ("colour",)
    assert request.conditions == (TextMatches("name", ("a",)),)
    assert request.pairs == (("name", "a"),)


def test_lenient_handling_still_refuses_a_value_that_is_not_understood() -> None:
    with pytest.raises(SearchError):
        parse_search("Patient", [("birthdate", "x")], lenient=True)


def test_result_parameters_are_read() -> None:
    request = search(
        "Patient",
        ("_sort", "-birthdate,family,_lastUpdated"),
        ("_count", "20"),
        ("_total", "accurate"),
        ("_elements", "name,birthDate"),
        ("_summary", "data"),
        ("_include", "Patient:general-practitioner"),
        ("_include:iterate", "Practitioner:*"),
        ("_revinclude", "Observation:patient:Patient"),
        ("_format", "json"),
        ("_pretty", "true"),
    )

    assert request.sort == (Sort("birthdate", True), Sort("family"), Sort("_lastUpdated"))
    assert (request.count, request.total, request.summary) == (20, "accurate", "data")
    assert request.elements == ("name", "birthDate")
    assert request.includes == (
        Include("Patient", "general-practitioner"),
        Include("Practitioner", "*", iterate=True),
    )
    assert request.revincludes == (Include("Observation", "patient", "Patient"),)
    assert request.pretty


@pytest.mark.parametrize("name", ["_sort", "_count", "_total", "_summary"])
def test_what_can_be_meant_once_is_not_said_twice_differently(name: str) -> None:
    one, other = {
        "_sort": ("birthdate", "family"),
        "_count": ("1", "2"),
        "_total": ("none", "accurate"),
        "_summary": ("true", "text"),
    }[name]

    search("Patient", (name, one), (name, one))
    with pytest.raises(BadValueError):
        search("Patient", (name, one), (name, other))


def test_a_summary_of_the_count_asks_for_no_resources() -> None:
    assert search("Patient", ("_summary", "count")).count == 0


def test_a_named_analyte_of_a_named_patient_by_date_is_answered_by_its_series() -> None:
    request = search(
        "Observation",
        ("patient", "ada"),
        ("code", f"{LOINC}|1,{LOINC}|2"),
        ("_sort", "-date"),
    )

    assert request.series_keys() == (f"ada|{LOINC}|1", f"ada|{LOINC}|2")


@pytest.mark.parametrize(
    "pairs",
    [
        [("patient", "ada"), ("code", f"{LOINC}|1")],
        [("patient", "ada"), ("code", "1"), ("_sort", "-date")],
        [("patient", "ada"), ("_sort", "-date")],
        [("code", f"{LOINC}|1"), ("_sort", "-date")],
        [("subject", "Group/1"), ("code", f"{LOINC}|1"), ("_sort", "-date")],
        [("patient", "a"), ("patient", "b"), ("code", f"{LOINC}|1"), ("_sort", "-date")],
        [("patient", "a"), ("code", f"{LOINC}|1"), ("_sort", "-date,_id")],
    ],
)
def test_other_searches_have_no_series(pairs: list[tuple[str, str]]) -> None:
    assert parse_search("Observation", pairs).series_keys() == ()


def test_a_plus_sign_that_arrived_as_a_space_is_read() -> None:
    low, high = span_of("2020-01-01T00:00:00+02:00")

    assert condition("Encounter", "date", "2020-01-01T00:00:00 02:00") == RangeWithin(
        "date", low_min=low, high_max=high
    )


def test_an_error_never_repeats_the_value() -> None:
    with pytest.raises(SearchError) as refused:
        search("Patient", ("birthdate", "canary"))

    assert "canary" not in f"{refused.value} {refused.value.place}"


def test_a_chain_is_not_followed_for_ever() -> None:
    name = "subject:Patient.link:Patient." + "link:Patient." * 5 + "name"

    with pytest.raises(SearchError):
        search("Observation", (name, "x"))


def test_an_unknown_parameter_names_the_type() -> None:
    with pytest.raises(UnknownParameterError, match="Patient has no search parameter"):
        search("Patient", ("colour", "x"))
