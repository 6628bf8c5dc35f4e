"""Other people's implementations agree with ours where they are right.

``jsonschema-rs`` with HL7's own schema for validation, ``fhirpathpy`` for what search parameters
select. Both are slow or lenient in places, hence oracles and not parts.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import jsonschema_rs
import pytest
from fhirpathpy import compile as compile_fhirpath
from fhirpathpy.models import models

from careflow.fhir.definitions import search_parameters, type_definition
from careflow.fhir.extract import entries
from careflow.fhir.resource import InvalidResourceError, parse
from careflow.fhir.times import span_of
from tests.fhir import builders
from tests.fhir.builders import Json, as_bytes
from tests.fhir.test_bad_resources import BAD, cleaned
from tests.fhir.test_good_resources import GOOD
from tests.shared_data import shared

R4 = models["r4"]
BEYOND_SCHEMAS = {"invariant", "too-costly"}
SCHEMA_WRONG = {"nulls where the sibling speaks"}
"""Good, but refused by the schema: it knows no null."""
SCHEMA_BLIND = {
    *("empty array", "empty array of primitives", "empty object", "array for an object"),
    *("missing status", "extension without url", "fewer extensions than values"),
    *("two values", "two values of an extension", "fraction for a whole number"),
    *("30 February", "29 February of a common year", "31 April"),
    *("concept from another value set", "concept as text only"),
    *("base64 cut short", "base64 with a stray sign", "negative count"),
}
"""Bad, but accepted by the schema; beside invariants, of which it knows none."""


def read_lines(name: str) -> Iterator[Json]:
    with gzip.open(shared(name), "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


@cache
def schema_of(type_: str) -> jsonschema_rs.Validator:
    with gzip.open(shared("data/fhir/definitions/fhir.schema.json.gz")) as file:
        schema = json.load(file)
    # The file refers to two definitions that it does not have.
    for missing in ("integer64", "Resource"):
        schema["definitions"].setdefault(missing, {"not": {}})
    one = {"$ref": f"#/definitions/{type_}", "definitions": schema["definitions"]}
    return jsonschema_rs.Draft6Validator(one)


@pytest.mark.shared
def test_hl7s_schema_and_we_agree_on_what_is_good() -> None:
    refused = {
        case
        for case, resource in GOOD.items()
        if not schema_of(resource["resourceType"]).is_valid(resource)
    }

    assert refused == SCHEMA_WRONG


@pytest.mark.shared
def test_what_the_schema_lets_pass_is_known_case_by_case() -> None:
    accepted = {
        case
        for case, resource, code, _ in BAD
        if case != "unknown type"
        and code not in BEYOND_SCHEMAS
        and schema_of(resource["resourceType"]).is_valid(cleaned(resource))
    }

    assert accepted == SCHEMA_BLIND


MISFITS: list[Any] = [None, "x", 7, True, [], {}, ["x"], [{"id": "x"}]]


def mutations(resource: Json) -> Iterator[Json]:
    """Yield the resource with one member of each object dropped or given another JSON type."""
    for path in list(paths(resource)):
        for value in MISFITS:
            changed = json.loads(json.dumps(resource))
            owner = changed
            for step in path[:-1]:
                owner = owner[step]
            owner[path[-1]] = value
            yield changed


def paths(value: Any, start: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in items:
        if key != "resourceType":
            yield (*start, key)
            if isinstance(inner, dict | list):
                yield from paths(inner, (*start, key))


@pytest.mark.shared
@pytest.mark.parametrize(
    "resource",
    [builders.a_patient(), builders.an_observation(), builders.an_appointment()],
    ids=lambda resource: resource["resourceType"],
)
def test_no_change_that_hl7s_schema_refuses_passes_ours(resource: Json) -> None:
    schema = schema_of(resource["resourceType"])
    passed = []
    for changed in mutations(resource):
        if not schema.is_valid(changed):
            try:
                parse(as_bytes(changed))
            except InvalidResourceError:
                continue
            passed.append(changed)

    assert passed == []


# --- search parameters ---------------------------------------------------------------------

TARGET = re.compile(r"\.where\(resolve\(\) is (\w+)\)")


@cache
def expressions() -> dict[tuple[str, str], str]:
    found = {}
    for item in read_lines("data/fhir/definitions/SearchParameter.ndjson.gz"):
        if any(mark in item["id"] for mark in ("extensions-", "-genetic-", "example")):
            continue
        for base in item.get("base", ()):
            found[base, item["code"]] = item.get("expression", "")
    return found


def sampled() -> list[Json]:
    """Return the longest example of each type, as long as it is not a book."""
    best: dict[str, Json] = {}
    for resource in read_lines("data/fhir/r4-examples.ndjson.gz"):
        kind = resource["resourceType"]
        size = len(str(resource))
        if size < 12_000 and size > len(str(best.get(kind, ""))):
            best[kind] = resource
    return list(best.values())


def part_for(expression: str, type_: str) -> str:
    """Return the alternatives of an expression that begin with the type."""
    parts = [part.strip() for part in expression.split("|")]
    wanted = re.compile(rf"^\(*{type_}(?![A-Za-z])")
    return " | ".join(part for part in parts if wanted.match(part))


@cache
def compiled(expression: str) -> Any:
    # `as` of a collection is an error by the letter; HL7 means ofType. Types are as declared.
    text = re.sub(r"\(([\w.]+) as (\w+)\)", r"\1.ofType(\2)", TARGET.sub("", expression))
    return compile_fhirpath(
        text.replace(".as(", ".ofType(").replace("(DateTime)", "(dateTime)"), R4
    )


def codings(value: Any) -> list[tuple[str | None, str | None]]:
    if isinstance(value, bool):
        return [(None, str(value).lower())]
    if not isinstance(value, dict):
        return [(None, str(value))]
    if "coding" in value or "text" in value:
        return [(c.get("system"), c.get("code")) for c in value.get("coding", ())]
    if "code" in value:
        return [(value.get("system"), value["code"])]
    if "use" in value and value.get("system") in {"phone", "email", "fax", "url", "sms", "other"}:
        return [(None, value.get("value"))]
    return [(value.get("system"), value.get("value"))]


def check_token(values: list[Any], found: list[str]) -> bool:
    expected = {code for value in values for _, code in codings(value) if code is not None}
    bare = {term for term in found if term and "|" not in term}
    # Codes may hold a bar; then the plain form is told from the others by its text.
    return expected <= set(found) and all(term in expected for term in bare)


def check_reference(values: list[Any], found: list[str], only: str | None) -> bool:
    texts = [v.get("reference") if isinstance(v, dict) else v for v in values]
    expected = {text.split("/_history/")[0] for text in texts if text and not text.startswith("#")}
    if only:
        expected = {text for text in expected if f"{only}/" in text}
    return expected == set(found)


def check_date(values: list[Any], found: list[tuple[float, float]]) -> bool:
    plain = [value for value in values if isinstance(value, str)]
    return all(span_of(text) in found for text in plain) and (bool(found) or not plain)


def agrees(
    kind: str,
    values: list[Any],
    terms: list[str],
    texts: list[str],
    ranges: list[tuple[float, float]],
    only: str | None,
) -> bool:
    """Report whether index entries are what an expression's values call for."""
    if kind == "token":
        return check_token(values, terms)
    if kind == "reference":
        return check_reference(values, terms, only)
    if kind == "date":
        return check_date(values, ranges)
    if kind == "string":
        return bool(values) == bool(texts)
    if kind == "uri":
        return {*values, *(value.split("|")[0] for value in values)} == set(terms)
    if kind == "number":
        return {(float(value), float(value)) for value in values} == set(ranges)
    return bool(ranges) or not any("value" in value for value in values)


@pytest.mark.shared
def test_extractors_find_what_fhirpath_finds() -> None:
    wrong, checked = [], 0
    for resource in sampled():
        kind = resource["resourceType"]
        found = entries(parse(as_bytes(resource)))
        for parameter in search_parameters(kind).values():
            expression = expressions().get((kind, parameter.code), "")
            mine = part_for(expression, kind)
            if not mine or parameter.type == "composite" or parameter.unites:
                continue
            only = TARGET.search(mine)
            values = list(compiled(mine)(resource))
            terms = [value for name, value in found.terms if name == parameter.code]
            ranges = [(low, high) for name, low, high, _ in found.ranges if name == parameter.code]
            texts = [text for name, text in found.texts if name == parameter.code]
            checked += bool(values)
            right = agrees(parameter.type, values, terms, texts, ranges, only and only[1])
            if not right:
                wrong.append((kind, resource.get("id"), parameter.code, values, terms or ranges))

    assert wrong == []
    assert checked > 500


# --- invariants ----------------------------------------------------------------------------

UNKNOWN_TO_ORACLE = {"obs-7", "bdl-3", "bdl-4", "bdl-10"}
"""They use %resource and hasValue(), which the oracle lacks; txt-1 is a function of ours."""


CODES = (
    *("cancelled", "entered-in-error", "booked", "proposed", "instance", "capability"),
    *("requirements", "searchset", "document", "working", "changes"),
)
TEXT = {"text": "x"}
ERROR = "entered-in-error"
VERIFICATION = "http://terminology.hl7.org/CodeSystem/condition-ver-status"
CONTRADICTIONS = [
    builders.an_observation(dataAbsentReason=TEXT),
    builders.a_condition(abatementString="May"),
    builders.a_condition(verificationStatus={"coding": [{"system": VERIFICATION, "code": ERROR}]}),
    builders.an_appointment(cancelationReason=TEXT),
    {
        "resourceType": "List",
        "status": "current",
        "mode": "snapshot",
        "emptyReason": TEXT,
        "entry": [{"item": {"display": "x"}, "deleted": True, "date": "2020"}],
    },
    {
        "resourceType": "Group",
        "type": "person",
        "actual": False,
        "member": [{"entity": {"display": "x"}}],
    },
    {"resourceType": "Bundle", "type": "searchset", "total": 0},
]
"""Seeds whose variations break rules that the examples are far from."""


def rules_of(definition: Json) -> list[tuple[str, str]]:
    """Return (key, FHIRPath) of the rules on a whole resource that we check."""
    checked = {key for key, _, _ in type_definition(definition["type"]).rules}
    return [
        (rule["key"], rule["expression"])
        for rule in definition["snapshot"]["element"][0].get("constraint", ())
        if rule["key"] in checked - UNKNOWN_TO_ORACLE
    ]


def all_rules() -> dict[str, list[tuple[str, str]]]:
    found = {}
    for item in read_lines("data/fhir/definitions/StructureDefinition.ndjson.gz"):
        concrete = item["kind"] == "resource" and item.get("derivation") == "specialization"
        if concrete and item["type"] != "DomainResource":
            found[item["type"]] = rules_of(item)
    return found


def variations(resource: Json) -> Iterator[Json]:
    """Yield the resource without, with twice, and with another value of each member."""
    for name, value in resource.items():
        if name not in {"resourceType", "id", "text"}:
            yield {key: other for key, other in resource.items() if key != name}
            if isinstance(value, list):
                yield resource | {name: value + value}
    for code in CODES:
        for name in ("status", "type", "kind", "mode"):
            if name in resource:
                yield resource | {name: code}


def refused_by(resource: Json) -> str | None:
    """Return the key of the invariant of the whole resource that refuses it, if one does."""
    try:
        parse(as_bytes(resource))
    except InvalidResourceError as error:
        issue = error.issues[0]
        whole = issue.code == "invariant" and issue.expression == resource["resourceType"]
        return issue.diagnostics.split(":")[0] if whole else "another place"
    return None


@pytest.mark.shared
def test_invariants_fail_where_fhirpath_says_so() -> None:
    rules, disagreements, failed = all_rules(), [], 0
    for example in [*sampled(), *CONTRADICTIONS]:
        for resource in variations(example):
            mine = refused_by(resource)
            for key, expression in rules.get(resource["resourceType"], ()):
                holds = compile_rule(expression)(resource) == [True]
                failed += not holds
                if (mine is None and not holds) or (mine == key and holds):
                    disagreements.append((key, resource))

    assert disagreements == []
    assert failed > 60


@cache
def compile_rule(expression: str) -> Any:
    return compile_fhirpath(expression, R4)
