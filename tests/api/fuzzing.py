"""FHIR requests that nobody would send on purpose: well built, and then broken somewhere."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from random import Random
from typing import Any
from urllib.parse import quote

from typing_extensions import override

from careflow.fhir.definitions import (
    Field,
    code_set,
    is_type,
    resource_types,
    search_parameters,
    type_definition,
)
from tests.fhir.builders import (
    a_blood_pressure,
    a_condition,
    a_patient,
    an_appointment,
    an_observation,
)

Json = dict[str, Any]
BASE = "/api/fhir/R4"
KINDS = sorted(resource_types())
COMMON = ("Patient", "Observation", "Patient", "Condition", "Encounter", "Appointment", "Group")
IDS = ("a", "b", "c", "mara", "x" * 64, "A-1.b")
URNS = tuple(f"urn:uuid:9b2d4c1e-0000-4000-8000-00000000000{n}" for n in range(3))
DEPTH = 4

ODD_TEXTS = (
    *("", " ", "\u0000", "\ud800", "\ufeff", "\u202e", "e\u0301", "\U0001f9ea", "\r\n", "a\u2028b"),
    *("x" * 70_000, "%", "..", "../..", "' OR 1=1 --", "$where", "\uffff", "null", "\u00a0"),
    *("İ", "ß" * 50, "0001", "9999-12-31T23:59:60Z", "0000", "2026-02-30", "24:00", "-1", "1e999"),
)
NUMBERS = (
    *("0", "-0", "-0.0", "1e400", "-1e-400", "9" * 400, "0." + "0" * 400 + "1", "1E+5", "72.50"),
    *("2147483648", "-2147483649", "9007199254740993", "9223372036854775808", "1.0", "NaN"),
    *("Infinity", "01", "1.", "0e0", "1e-30", "123456789012345678.123456789"),
)
REFERENCES = (
    *("Patient/a", "Patient/none", "Observation/a/_history/1", "#", "#x", "#a", "Patient", "/"),
    *("Patient?identifier=x", "Patient?", "Patient?name=a&name=b", "http://else.test/Patient/a"),
    *(f"http://clinic.test{BASE}/Patient/a", "urn:oid:1.2", "Banana/1", "Patient/a b", "??", *URNS),
    *("Patient/" + "x" * 65, "http://[", "http://a:b:c/Patient/1", "Patient?%ff=1", "javascript:0"),
)
GOOD: dict[str, Callable[[Random], Any]] = {
    "boolean": lambda r: r.random() < 0.5,
    "integer": lambda r: r.randint(-9, 99),
    "unsignedInt": lambda r: r.randint(0, 9),
    "positiveInt": lambda r: r.randint(1, 9),
    "decimal": lambda r: r.choice([1.5, 72, 0.001]),
    "date": lambda r: r.choice(["2020", "1984-02", "1984-02-29"]),
    "dateTime": lambda r: r.choice(["2020", "2026-11-24T09:00:00-05:00", "1984-02-29"]),
    "instant": lambda _: "2026-11-24T09:00:00.123Z",
    "time": lambda _: "09:30:00",
    "base64Binary": lambda _: "YQ==",
    "uri": lambda r: r.choice(["http://a.test/x", "urn:oid:1.2.3", *URNS]),
    "url": lambda _: "http://a.test/x",
    "canonical": lambda _: "http://a.test/x|1",
    "oid": lambda _: "urn:oid:1.2.3",
    "uuid": lambda _: URNS[0],
    "id": lambda r: r.choice(IDS),
    "code": lambda r: r.choice(["a", "final", "mg"]),
    "xhtml": lambda _: '<div xmlns="http://www.w3.org/1999/xhtml">a</div>',
}


SOUND: dict[str, list[Json]] = {
    "Patient": [a_patient()],
    "Observation": [an_observation(), a_blood_pressure()],
    "Condition": [a_condition()],
    "Appointment": [an_appointment()],
}


@dataclass
class Fuzzed:
    """One request, as bytes."""

    method: str
    target: str
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""

    @override
    def __str__(self) -> str:
        return f"{self.method} {self.target[:300]} {self.headers} {self.body[:2000]!r}"


# --- resources -----------------------------------------------------------------------------


def a_resource(random: Random, kind: str | None = None, depth: int = 0) -> Json:
    """Return a resource with what it must have and some of what it may."""
    kind = kind or random.choice(random.choice([COMMON, KINDS]))
    if kind in SOUND and random.random() < 0.6:
        made = deepcopy(random.choice(SOUND[kind]))
        return made | {"id": random.choice(IDS)}
    made = {"resourceType": kind, **_members(random, kind, depth)}
    if random.random() < 0.5:
        made["id"] = random.choice(IDS)
    return made


def _members(random: Random, type_: str, depth: int) -> Json:
    made: Json = {}
    for each in type_definition(type_).fields:
        wanted = each.required or random.random() < (0.2 if depth < 2 else 0.05)
        if wanted and depth < DEPTH + 3 * each.required and each.name not in {"extension", "id"}:
            member, inner = random.choice(each.members())
            value = _value(random, each, inner, depth + 1)
            made[member] = [value] * random.choice([1, 1, 2]) if each.many else value
    return made


def _value(random: Random, each: Field, type_: str, depth: int) -> Any:
    if each.codes is not None and type_ == "code":
        return random.choice(code_set(each.codes) or ("a",))
    if type_ in GOOD:
        return GOOD[type_](random)
    if type_ == "Resource":
        return a_resource(random, depth=depth + 1)
    if type_ == "Reference":
        return {"reference": random.choice(REFERENCES)}
    if is_type(type_):
        return _members(random, type_, depth) or {"id": "a"}
    return "text"


def _places(value: Any) -> list[tuple[Any, Any]]:
    found: list[tuple[Any, Any]] = []
    waiting = [value]
    while waiting:
        one = waiting.pop()
        keys: Any = one if isinstance(one, dict) else range(len(one))
        for key in keys:
            found.append((one, key))
            if isinstance(one[key], dict | list):
                waiting.append(one[key])
    return found


def broken(random: Random, made: Json) -> Json:
    """Return it with some things wrong."""
    for _ in range(random.choice([0, 0, 1, 1, 2, 4])):
        places = _places(made)
        if not places:
            break
        holder, key = random.choice(places)
        wrong = random.randrange(10)
        if wrong == 0 and isinstance(holder, dict):
            del holder[key]
        elif wrong == 1 and isinstance(holder, dict):
            name = random.choice(["_" + str(key), "banana", "_id", "resourceType", ""])
            holder[name] = random.choice([{"id": "a"}, [None], "x", {"extension": [{"url": "a"}]}])
        elif wrong == 2:
            loop = {"resourceType": "Patient", "id": "a", "link": [{"other": {"reference": "#a"}}]}
            made["contained"] = [loop, loop]
        else:
            holder[key] = _wrong(random, holder[key])
    return made


def _wrong(random: Random, value: Any) -> Any:
    """Return what may stand in a value's place."""
    deep: Any = "x"
    for _ in range(random.choice([5, 31, 32, 33, 150])):
        deep = {"extension": [{"url": "a", "valueString": "b"}, deep]}
    return random.choice(
        [
            random.choice(ODD_TEXTS),
            f"\u0001{random.choice(NUMBERS)}\u0001",
            random.choice([None, [], {}, [[]], [None], True, 0, {"a": {}}]),
            deep,
            [value] * random.choice([1, 2, 300]),
            {"reference": random.choice(REFERENCES)},
        ]
    )


def as_bytes(random: Random, made: Any) -> bytes:
    """Write it, with raw numbers, and now and then no JSON any more."""
    text = json.dumps(made, ensure_ascii=random.random() < 0.5)
    for number in NUMBERS:
        text = text.replace(f'"\\u0001{number}\\u0001"', number)
    body = text.encode("utf-8", "surrogatepass")
    wrong = random.random()
    if wrong < 0.03:
        at = random.randrange(len(body))
        return body[:at] + random.choice([b"", b"\xff", b",", b"}", b"\x00", b'"a":1,']) + body[at:]
    if wrong < 0.05:
        return body[: random.randrange(len(body))]
    if wrong < 0.08 and body.startswith(b"{"):
        return b'{"resourceType":"Patient",' + body[1:]
    return body


# --- bundles, patches ----------------------------------------------------------------------


def a_bundle(random: Random) -> Json:
    """Return a batch or transaction of anything."""
    entries = [_entry(random) for _ in range(random.choice([0, 1, 2, 5]))]
    kind = random.choice(["transaction", "transaction", "batch", "collection", "x"])
    return {"resourceType": "Bundle", "type": kind, "entry": entries}


def _entry(random: Random) -> Json:
    method = random.choice(["POST", "PUT", "DELETE", "GET", "PATCH", "HEAD", "x"])
    request: Json = {"method": method, "url": a_target(random)}
    for name in ("ifNoneExist", "ifMatch", "ifNoneMatch", "ifModifiedSince"):
        if random.random() < 0.15:
            request[name] = random.choice([*REFERENCES, 'W/"1"', "identifier=a", "*", *ODD_TEXTS])
    entry: Json = {"request": request}
    if random.random() < 0.7:
        entry["fullUrl"] = random.choice([*URNS, *REFERENCES])
    if method in {"POST", "PUT"} or random.random() < 0.1:
        kind = request["url"].partition("?")[0].partition("/")[0]
        entry["resource"] = a_resource(random, kind if kind in KINDS else None)
    elif method == "PATCH":
        data = random.choice(["", "!", "W10=", "WzFd"])
        entry["resource"] = {"resourceType": "Binary", "contentType": PATCH, "data": data}
    return entry


PATCH = "application/json-patch+json"
POINTERS = (
    *("", "/", "/name", "/name/-", "/name/0/family", "/name/99999999999999999999", "/id", "/meta"),
    *("/~", "/~2", "/~01", "/name/01", "/name/-1", "name", "/resourceType", "/contained/0", "//"),
)


def a_patch(random: Random) -> Any:
    """Return a JSON Patch document, or nearly one."""
    operations: list[Json] = [
        {
            "op": random.choice(["add", "remove", "replace", "move", "copy", "test", "x"]),
            "path": random.choice(POINTERS),
            "from": random.choice(POINTERS),
            "value": random.choice([*ODD_TEXTS, [], {}, None, 1, {"family": "b"}]),
        }
        for _ in range(random.choice([1, 1, 2, 30]))
    ]
    return random.choice([operations, operations, operations, {}, [1], operations[0], None])


# --- addresses -----------------------------------------------------------------------------

RESULTS = (
    *("_count", "_sort", "_include", "_revinclude", "_total", "_summary", "_elements", "_has"),
    *("_cursor", "_format", "_pretty", "_list", "_text", "_content", "_filter", "_contained", ""),
    *("_type", "_since", "_at", "_lastUpdated", "_id", "_tag", "_query", "_security", "_profile"),
)
VALUES = (
    *(
        "a",
        "a,b",
        "a\\,b",
        "|",
        "a|",
        "|a",
        "a|b|c",
        "$",
        "a$b",
        "ge2020",
        "eq",
        "zz2020",
        "lt",
        "-1",
    ),
    *(
        "1e9",
        "ne5.4|http://a|mg",
        "ap1e308",
        "1e400",
        "Patient/a",
        "Patient:name",
        "*",
        "a:b:c",
        ":",
    ),
    *("2020-02-30", "gt9999-12-31T23:59:59Z", "sa0001", "true", "TRUE", "0", "1001", "99999999999"),
    *(
        "Observation:subject",
        "Observation:subject:Patient",
        "-date",
        "-",
        "--a",
        "\\",
        "a\\",
        "NaN",
    ),
    *("Infinity", "1" * 400, ",", ",,", "count", "data", "none"),
)
MODIFIERS = (
    *(
        "exact",
        "contains",
        "missing",
        "not",
        "in",
        "text",
        "identifier",
        "of-type",
        "above",
        "below",
    ),
    *("iterate", "Patient", "Banana", "", "exact:missing", "Patient.name", "not-in"),
)


def a_search(random: Random, kind: str) -> str:
    """Return a query string of the grammar, now and then corrupted."""
    codes = sorted(search_parameters(kind)) if kind in KINDS else ["name"]
    safe = "/:,|$*" if random.random() < 0.9 else ""
    return "&".join(
        f"{_name(random, codes)}={quote(_wanted(random), safe=safe)}"
        for _ in range(random.choice([0, 1, 1, 2, 3, 40]))
    )


def _name(random: Random, codes: list[str]) -> str:
    name = random.choice(random.choice([codes, codes, codes, RESULTS]) or RESULTS)
    if random.random() < 0.35:
        name += ":" + random.choice(MODIFIERS)
    if random.random() < 0.15:
        name += "." + random.choice(["name", "identifier", "subject.name", "a.b.c.d.e.f", "", "."])
    if random.random() < 0.08:
        name = f"_has:Observation:{random.choice(['subject', 'patient', 'x'])}:{name}"
    return quote(name, safe=":._-")


def _wanted(random: Random) -> str:
    value = random.choice(random.choice([VALUES, VALUES, ODD_TEXTS]))[:3000]
    return value.encode("utf-8", "replace").decode()


def a_target(random: Random) -> str:
    """Return a path below the base, with a query."""
    kind = random.choice([*COMMON, *COMMON, random.choice(KINDS), "Banana", "patient", "metadata"])
    id = random.choice([*IDS, *IDS, "x" * 65, "%00", "%2e%2e", "%ff", "a%2Fb", "_search", "$x"])
    form = random.choice(
        [
            *(kind, kind, f"{kind}/{id}", f"{kind}/{id}", f"{kind}/{id}/_history", "", "_history"),
            *(
                f"{kind}/_history",
                f"{kind}/_search",
                f"{kind}/{id}/_history/{random.choice(VERSIONS)}",
            ),
            *(f"{kind}/$validate", f"{kind}/{id}/$validate", f"Patient/{id}/$everything", "$x"),
            *(f"Patient/{id}/{kind}", f"{kind}//{id}", f"{kind}/{id}/a/b/c", "_search", "//", "%"),
        ]
    )
    query = a_search(random, kind) if random.random() < 0.6 else ""
    return f"{form}?{query}" if query else form


VERSIONS = ("1", "0", "-1", "99999999999999999999", "a", "1.0", "", "%31")

HEADERS = {
    b"if-match": (b'W/"1"', b'"1"', b"1", b"*", b'W/"', b'W/"99999999999999999999"', b"\xff", b""),
    b"if-none-match": (b"*", b'W/"1"', b'W/"1", W/"2"', b"x"),
    b"if-none-exist": (
        b"identifier=a",
        b"",
        b"_id=a",
        b"banana=1",
        b"name=a&_count=0",
        b"%ff=\xff",
    ),
    b"if-modified-since": (b"Tue, 24 Nov 2026 09:00:00 GMT", b"x", b"0", b"Tue, 99 Nov 9999"),
    b"prefer": (
        b"return=minimal",
        b"return=OperationOutcome",
        b"return=x",
        b"handling=lenient",
        b";",
    ),
    b"accept": (b"*/*", b"application/fhir+json", b"text/html", b"", b"json;q=x", b"\xff"),
    b"content-length": (b"x", b"-1", b"99999999999"),
    b"idempotency-key": (b"a", b"b", b"", b"\xff"),
    b"host": (b"[", b"a/b", b"\xff", b"a.test:99999"),
    b"x-forwarded-host": (b"evil.test",),
    b"content-encoding": (b"gzip",),
}
TYPES = (
    *(b"text/xml", b"", b"application/json; charset=utf-16", b"\xff", b"multipart/form-data"),
    *(b"application/x-www-form-urlencoded", b"application/fhir+json; fhirVersion=5.0"),
)


def a_request(random: Random) -> Fuzzed:
    """Return one request of any kind."""
    method = random.choice([*(["GET", "POST", "PUT"] * 4), "PATCH", "PATCH", "DELETE", "HEAD", "x"])
    target, body, media = a_target(random), b"", b"application/fhir+json"
    if method == "POST" and random.random() < 0.45:
        target = random.choice(["", "", "", "/"])
        body = as_bytes(random, broken(random, a_bundle(random)))
    elif method == "PATCH":
        body, media = as_bytes(random, a_patch(random)), PATCH.encode()
    elif method == "POST" and "_search" in target:
        body, media = a_search(random, "Patient").encode(), b"application/x-www-form-urlencoded"
    elif method in {"POST", "PUT"}:
        if random.random() < 0.7:  # an address that is one
            target = random.choice(COMMON) + (f"/{random.choice(IDS)}" if method == "PUT" else "")
        kind = target.partition("?")[0].partition("/")[0]
        made = a_resource(random, kind if kind in KINDS else None)
        parts = target.partition("?")[0].split("/")
        if method == "PUT" and len(parts) > 1 and random.random() < 0.8:
            made["id"] = parts[1]
        if "$validate" in target and random.random() < 0.3:
            parameter = {"name": "resource", "resource": made}
            made = {"resourceType": "Parameters", "parameter": [parameter]}
        body = as_bytes(random, broken(random, made))
    headers = [(b"content-type", media if random.random() < 0.93 else random.choice(TYPES))]
    for name, values in HEADERS.items():
        if random.random() < 0.02:
            headers.append((name, random.choice(values)))
    return Fuzzed(method, f"{BASE}/{target}", headers, body)
