"""FHIR requests that a good client sends: HL7's examples and our own, changed and still valid."""

from __future__ import annotations

import gzip
import json
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any
from urllib.parse import quote

from careflow.fhir.definitions import search_parameters, type_definition
from tests.fhir.builders import a_blood_pressure, a_condition, a_patient, an_observation
from tests.shared_data import shared_root

Json = dict[str, Any]
EXAMPLES = "data/fhir/r4-examples.ndjson.gz"
EXAMPLE_BYTES_MAX = 20_000
NOT_SENT = {"Bundle", "Parameters", "AuditEvent", "Appointment", "Schedule", "Slot"}
"""Envelopes, what is only shown, and what another room keeps in order."""

TEXTS = (
    *("Lindqvist", "e\u0301clair", "\u0130stanbul", "\u00df", "\U0001f9ea", "O'Neil", "a,b", "a|b"),
    *("a$b", "a\\b", "100 %", "a&b=c", "\u202eabc", "\u00a0x", "x" * 200, "\u738b\u5c0f\u660e"),
    *("null", "true", "-1", "*", "a+b", "\u0646\u0648\u0631", "A\u0300\u0301b", "two\nlines"),
)
DECIMALS = ("72.50", "0.001", "-4", "1e3", "100", "5.40", "1.0E+2", "120.0")
DATES = ("1984", "1984-02", "1984-02-29", "2000-12-31", "2019-07-04")
TIMES = ("2026-11-24T09:00:00-05:00", "2026-11-24T09:00:00.123Z", "1999-12-31T23:59:59Z", "2020-02")


@dataclass(frozen=True)
class Good:
    """A resource to send, and searches that must find it once it is stored.

    Attributes:
        body: As it is sent: its numbers and spaces are its own.
        made: The same, decoded, each decimal as its text.
        searches: Pairs of a query, each a way to find it.
    """

    kind: str
    body: bytes
    made: Json
    searches: tuple[tuple[str, str], ...]


@cache
def examples() -> tuple[Json, ...]:
    """Return HL7's examples that are not too long, where the data folder is there."""
    root = shared_root()
    if root is None or not (root / EXAMPLES).exists():
        return ()
    with gzip.open(root / EXAMPLES) as lines:
        short = [decoded(line) for line in lines if len(line) <= EXAMPLE_BYTES_MAX]
    return tuple(one for one in short if one["resourceType"] not in NOT_SENT)


def decoded(body: bytes) -> Json:
    """Return JSON with each decimal as ``Decimal text``, which equals no string of a resource."""
    made: Json = json.loads(body, parse_float=lambda text: {"decimal": text})
    return made


def a_good_resource(random: Random) -> Good:
    """Return a valid resource that nobody sent before."""
    if examples() and random.random() < 0.5:
        made, searches = _changed_example(random)
    else:
        made, searches = random.choice([_patient, _measurement, _pressure, _condition])(random)
    made.pop("id", None)
    searches += _tagged(random, made)
    searches += _identified(random, made)
    if random.random() < 0.3:
        _extended(random, made)
    made = dict(random.sample(sorted(made.items()), len(made)))
    body = _written(random, made)
    return Good(made["resourceType"], body, decoded(body), tuple(searches))


def same(sent: Json, given: Json) -> bool:
    """Report whether what is given is what was sent, but for id and meta."""
    ours = {"id", "meta"}
    return {k: v for k, v in sent.items() if k not in ours} == {
        k: v for k, v in given.items() if k not in ours
    }


# --- ways to change one --------------------------------------------------------------------

Made = tuple[Json, list[tuple[str, str]]]


def _changed_example(random: Random) -> Made:
    made = deepcopy(random.choice(examples()))
    made.pop("id", None)
    made.pop("meta", None)
    if random.random() < 0.3:
        made.pop("text", None)
    return made, []


def _patient(random: Random) -> Made:
    family, born = random.choice(TEXTS), random.choice(DATES)
    made = a_patient() | {"birthDate": born, "gender": random.choice(["other", "female"])}
    made["name"] = [{"family": family, "given": [random.choice(TEXTS)]}]
    searches = [
        ("family:exact", escaped(family)),
        ("birthdate", born),
        ("gender", made["gender"]),
        ("name:contains", escaped(family[:12])),
        ("birthdate", f"le{born}"),
        ("family:missing", "false"),
    ]
    return made, searches


def _measurement(random: Random) -> Made:
    number, when, code = random.choice(DECIMALS), random.choice(TIMES), random.choice(TEXTS[:6])
    made = an_observation() | {"effectiveDateTime": when, "status": "amended"}
    made["code"] = {"coding": [{"system": "http://a.test/codes", "code": code}]}
    made["subject"] = {"reference": f"Patient/{random.choice('abc')}"}
    made["valueQuantity"] = {"value": {"decimal": number}, "unit": "mg"}
    searches = [
        ("code", f"http://a.test/codes|{escaped(code)}"),
        ("code:not", "http://a.test/codes|none"),
        ("value-quantity", number),
        ("value-quantity", f"ge{number}"),
        ("date", when),
        ("date", f"ge{when[:4]}"),
        ("patient", made["subject"]["reference"]),
        ("status", "final,amended"),
        ("combo-code", escaped(code)),
    ]
    return made, searches


def _pressure(random: Random) -> Made:
    made = a_blood_pressure()
    made["note"] = [{"text": random.choice(TEXTS)}]
    return made, [("status", made["status"])]


def _condition(random: Random) -> Made:
    made = a_condition()
    made["recordedDate"] = random.choice(TIMES)
    return made, [("recorded-date", made["recordedDate"])]


def _tagged(random: Random, made: Json) -> list[tuple[str, str]]:
    tag = {"system": "http://a.test/tags", "code": f"t{random.getrandbits(48)}"}
    made["meta"] = {"tag": [tag]}
    return [("_tag", f"{tag['system']}|{tag['code']}"), ("_tag", tag["code"])]


def _identified(random: Random, made: Json) -> list[tuple[str, str]]:
    kind = made["resourceType"]
    fields = {one.name: one for one in type_definition(kind).fields}
    if "identifier" not in fields or "identifier" not in search_parameters(kind):
        return []
    value = f"{random.choice(TEXTS[:13])}{random.getrandbits(32)}"
    one = {"system": "http://a.test/ids", "value": value}
    if fields["identifier"].many:
        made["identifier"] = [*made.get("identifier", ()), one]
    else:
        made["identifier"] = one
    return [("identifier", f"http://a.test/ids|{escaped(value)}"), ("identifier", escaped(value))]


def _extended(random: Random, made: Json) -> None:
    value: Json = random.choice(
        [
            {"valueString": random.choice(TEXTS)},
            {"valueDecimal": {"decimal": random.choice(DECIMALS)}},
            {"valueInteger": random.randint(-(2**31), 2**31 - 1)},
            {"valueBoolean": False},
            {"extension": [{"url": "inner", "valueDate": random.choice(DATES)}]},
        ]
    )
    made["extension"] = [*made.get("extension", ()), {"url": "http://a.test/more", **value}]


# --- writing -------------------------------------------------------------------------------


def escaped(text: str) -> str:
    """Write a value as a search takes it."""
    return "".join(f"\\{c}" if c in "\\,$|" else c for c in text)


def a_query(random: Random, good: Good, id: str) -> str:
    """Return a search that finds it, and little else."""
    wanted = random.sample(good.searches, min(len(good.searches), random.choice([1, 1, 2, 3])))
    pairs = [*wanted, ("_id", id)]
    pairs += random.choice(
        [
            [],
            [("_sort", "-_lastUpdated")],
            [("_total", "accurate")],
            [("_count", "1")],
            [("_lastUpdated", "ge2020")],
            [("_sort", "_id"), ("_count", "50")],
        ]
    )
    random.shuffle(pairs)
    return "&".join(f"{name}={quote(value, safe='/:|')}" for name, value in pairs)


def _written(random: Random, made: Json) -> bytes:
    marked = json.dumps(
        _marked(made),
        ensure_ascii=random.random() < 0.3,
        indent=random.choice([None, None, 1, "\t"]),
        separators=random.choice([(",", ":"), (" , ", " : "), None]),
    )
    return marked.replace('"<decimal ', "").replace(' decimal>"', "").encode()


def _marked(value: Any) -> Any:
    if isinstance(value, dict):
        if set(value) == {"decimal"}:
            return f"<decimal {value['decimal']} decimal>"
        return {name: _marked(one) for name, one in value.items()}
    return [_marked(one) for one in value] if isinstance(value, list) else value
