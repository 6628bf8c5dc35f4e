"""Every example of HL7 is stored, comes back as it was, and is found by each of its parameters.

What a parameter should find is worked out apart from our compiler: HL7's own expressions, read by a
FHIRPath engine of other people.
"""

from __future__ import annotations

import gzip
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec
import pytest

from careflow.database.scope import organisation_scope
from careflow.fhir.resource import parse
from careflow.fhir.search import parse_search
from careflow.records.owners import VIEWS
from careflow.records.proposing import put_of
from tests.fhir.builders import Json
from tests.fhir.test_oracles import TARGET, compiled, part_for, read_lines
from tests.records.front_door import ORGANISATION, FrontDoor, open_front_door
from tests.shared_data import shared

EXAMPLES = "data/fhir/r4-examples.ndjson.gz"
EVERYONE = organisation_scope(ORGANISATION)
NOT_OFFERED = {
    *(("Bundle", "composition"), ("Bundle", "message")),  # resources inside, not references
    ("Location", "near"),  # distances
}
OF_EVERY_TYPE = ("Resource", "DomainResource")
LEFT_OUT = ("extensions-", "-genetic-", "example")
"""Parameters of profiles; HL7's own bundle of search parameters has none of them."""
PART_MAX = 24
"""Characters of a text that a search asks for."""


# --- what HL7 says -------------------------------------------------------------------------


@cache
def parameters() -> dict[str, list[Json]]:
    """Return HL7's search parameters by the type they are of."""
    found: dict[str, list[Json]] = {}
    for item in read_lines("data/fhir/definitions/SearchParameter.ndjson.gz"):
        if not any(mark in item["id"] for mark in LEFT_OUT):
            for base in item.get("base", ()):
                found.setdefault(base, []).append(item)
    return found


@cache
def by_url() -> dict[str, Json]:
    return {item["url"]: item for items in parameters().values() for item in items}


def values_of(item: Json, resource: Json) -> list[Any]:
    """Return what the parameter's expression selects."""
    kind = resource["resourceType"]
    expression = item.get("expression", "")
    mine = part_for(expression, kind)
    if not mine and item["base"][0] in OF_EVERY_TYPE:
        mine = re.sub(r"\b(Domain)?Resource\.", f"{kind}.", expression)
    if not mine:
        return []
    found = list(compiled(mine)(resource))
    only = TARGET.search(mine)
    return [value for value in found if only is None or points_to(value, only[1])]


def points_to(value: Json, kind: str) -> bool:
    text = value.get("reference", "")
    return f"{kind}/" in text if text else value.get("type") in {None, kind}


# --- how one asks for it -------------------------------------------------------------------


def escaped(text: str) -> str:
    return re.sub(r"([\\,$|])", r"\\\1", text)


def asked_for(kind: str, value: Any) -> Iterator[tuple[str, str]]:
    """Yield (modifier, value) of searches that must find a resource with this element."""
    yield from {
        "token": tokens,
        "reference": references,
        "string": strings,
        "date": dates,
        "quantity": quantities,
        "number": numbers,
        "uri": addresses,
    }[kind](value)


def tokens(value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, bool):
        yield "", str(value).lower()
    elif not isinstance(value, dict):
        yield "", escaped(str(value))
    elif "coding" in value or ("text" in value and "system" not in value):
        for coding in value.get("coding", ()):
            yield from tokens(coding)
        if "text" in value:
            yield ":text", escaped(value["text"][:PART_MAX].strip())
    elif "code" in value:
        yield from coded(value.get("system"), value["code"])
    elif "value" in value:
        contact = value.get("system") in {"phone", "email", "fax", "url", "sms", "pager", "other"}
        yield from coded(None if contact else value.get("system"), value["value"])


def coded(system: str | None, code: str) -> Iterator[tuple[str, str]]:
    yield "", escaped(code)
    if system is not None:
        yield "", f"{escaped(system)}|{escaped(code)}"
        yield "", f"{escaped(system)}|"


def references(value: Any) -> Iterator[tuple[str, str]]:
    text = value.get("reference") if isinstance(value, dict) else value
    if text and not text.startswith("#"):
        yield "", escaped(text.split("/_history/")[0])
    if isinstance(value, dict) and value.get("identifier", {}).get("value"):
        for modifier, asked in tokens(value["identifier"]):
            yield ":identifier" + modifier, asked


def strings(value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        if value.strip():
            yield "", escaped(value[:PART_MAX])
            yield ":exact", escaped(value)
            yield ":contains", escaped(value[1 : PART_MAX + 1] or value)
        return
    for name in ("text", "family", "city", "state", "country", "postalCode", "district"):
        if name in value:
            yield from strings(value[name])
    for name in ("given", "prefix", "suffix", "line"):
        for each in value.get(name, ()):
            if each is not None:
                yield from strings(each)


def dates(value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        # "January 2012" is a text in a place where dates are looked for as well.
        if value[:4].isdigit():
            yield "", value
            yield "", f"ge{value}"
            yield "", f"le{value}"
        return
    if "start" in value:
        yield "", f"ge{value['start']}"
    if "end" in value:
        yield "", f"le{value['end']}"
    events = sorted(value.get("event", ()))
    if events:
        yield "", f"ge{events[0]}"
        yield "", f"le{events[-1]}"


def quantities(value: Any) -> Iterator[tuple[str, str]]:
    if "low" in value and "value" in value["low"]:
        yield "", f"ge{value['low']['value']}"
    if "value" not in value:
        return
    prefix = {"<": "le", "<=": "le", ">": "ge", ">=": "ge"}.get(value.get("comparator", ""), "")
    number = f"{prefix}{value['value']}"
    yield "", number
    if "currency" in value:
        yield "", f"{number}|urn:iso:std:iso:4217|{value['currency']}"
    if "code" in value:
        yield "", f"{number}|{escaped(value.get('system', ''))}|{escaped(value['code'])}"
        yield "", f"{number}||{escaped(value['code'])}"
    if "unit" in value:
        yield "", f"{number}||{escaped(value['unit'])}"


def numbers(value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        yield from quantities(value)
    else:
        yield "", str(value)


def addresses(value: str) -> Iterator[tuple[str, str]]:
    yield "", escaped(value)
    if value.startswith("http"):
        yield ":below", escaped(value)
        yield ":above", escaped(f"{value}/more")


def searches(resource: Json) -> Iterator[tuple[str, str]]:
    """Yield (name, value) of searches that must find the resource."""
    kind = resource["resourceType"]
    yield "_id", resource["id"]
    for item in (*parameters().get(kind, ()), *(p for b in OF_EVERY_TYPE for p in parameters()[b])):
        code = item["code"]
        if item["type"] == "special" or (kind, code) in NOT_OFFERED or code in {"_id", "_query"}:
            continue
        if item["type"] == "composite":
            yield from composites(item, resource)
            continue
        found = values_of(item, resource) if code != "_lastUpdated" else []
        if (kind, code) == ("CarePlan", "activity-date"):
            found = [value for value in found if isinstance(value, dict)]  # scheduledString
        for value in found:
            for modifier, asked in asked_for(item["type"], value):
                if modifier != ":text" or is_coded(value):
                    yield f"{code}{modifier}", asked
        presence = any(True for value in found for _ in asked_for(item["type"], value))
        if presence:
            yield f"{code}:missing", "false"


def is_coded(value: Any) -> bool:
    return isinstance(value, dict) and ("coding" in value or "text" in value)


def composites(item: Json, resource: Json) -> Iterator[tuple[str, str]]:
    for base in compiled(item["expression"].replace("%resource.", ""))(resource):
        parts: list[list[str]] = []
        for component in item["component"]:
            kind = by_url()[component["definition"]]["type"]
            parts.append(parts_of(kind, component["expression"], item, (base, resource)))
        if all(parts):
            yield item["code"], "$".join(part[0] for part in parts)
            yield item["code"], "$".join(part[-1] for part in parts)


def parts_of(kind: str, expression: str, item: Json, places: tuple[Json, Json]) -> list[str]:
    """Return values that one part of a composite has, with no empty code among them."""
    base, resource = places
    if item["id"] == "DocumentReference-relationship":  # HL7 exchanged its expressions
        expression = {"reference": "target", "token": "code"}[kind]
    if expression.startswith("%resource."):
        base, expression = resource, expression.removeprefix("%resource.")
    of = re.sub(r"\.as\((\w+)\)", r".ofType(\1)", expression)
    start = resource["resourceType"] if base is resource else None
    found = compiled(f"{start}.{of}" if start else of)(base) if "|" not in of else either(of, base)
    return [
        asked
        for value in found
        for modifier, asked in asked_for(kind, value)
        if not modifier and not asked.endswith("|")
    ]


def either(expression: str, base: Json) -> list[Any]:
    return [found for part in expression.split("|") for found in compiled(part.strip())(base)]


# --- the test ------------------------------------------------------------------------------


async def store(door: FrontDoor, line: bytes, resource: Json) -> bytes:
    """Store an example over HTTP, or past the door if its type is nobody's to write."""
    kind, id = resource["resourceType"], resource["id"]
    if kind in VIEWS:
        put = put_of(parse(line), id, ORGANISATION, expected=0)
        await door.documents.commit([put])
        stored = await door.documents.read(kind, id, EVERYONE)
        assert stored is not None
        return stored.body
    answer = await door.ask("PUT", f"/{kind}/{id}", line, actor="program")
    assert answer.status_code == 201, (kind, id, answer.text)
    return (await door.ask("GET", f"/{kind}/{id}", actor="program")).content


def members(body: bytes) -> dict[str, bytes]:
    """Return a resource's members as they are written, without those that a server sets."""
    raw = msgspec.json.decode(body, type=dict[str, msgspec.Raw])
    return {name: bytes(text) for name, text in raw.items() if name not in {"id", "meta"}}


async def is_found(door: FrontDoor, resource: Json, name: str, value: str) -> bool:
    kind, id = resource["resourceType"], resource["id"]
    request = parse_search(kind, [(name, value), ("_id", id)])
    page = await door.records.search(request, EVERYONE)
    return [each.id for each in page.documents] == [id]


async def try_examples(door: FrontDoor, lines: list[bytes]) -> Counter[str]:
    """Store and search; return how many searches of each kind there were."""
    missed, tried = [], Counter[str]()
    for line in lines:
        resource = msgspec.json.decode(line)
        assert members(await store(door, line, resource)) == members(line)
        for name, value in dict.fromkeys(searches(resource)):
            tried[name.partition(":")[2] or "plain"] += 1
            if not await is_found(door, resource, name, value):
                missed.append((resource["resourceType"], resource["id"], name, value))
    assert missed == [], "\n".join(map(str, missed))
    return tried


def lines_of(every: bool) -> list[bytes]:
    lines = gzip.decompress(shared(EXAMPLES).read_bytes()).splitlines()
    if every:
        return lines
    by_type: dict[str, bytes] = {}
    for line in lines:
        kind = msgspec.json.decode(line)["resourceType"]
        # Of each type the longest that is no book: it has the most to be found by.
        if len(by_type.get(kind, b"")) < len(line) < 12_000:
            by_type[kind] = line
    return list(by_type.values())


@pytest.mark.shared
async def test_an_example_of_each_type_is_kept_and_found(tmp_path: Path) -> None:
    door = await open_front_door(tmp_path, resource_limit_bytes=15_000_000)

    tried = await try_examples(door, lines_of(every=False))

    await door.close()
    assert tried.total() > 2500, tried


@pytest.mark.shared
async def test_examples_are_kept_and_found_on_mongodb_too(tmp_path: Path) -> None:
    door = await open_front_door(tmp_path, engine="mongo", resource_limit_bytes=15_000_000)

    await try_examples(door, list(islice(lines_of(every=False), 0, None, 8)))

    await door.close()


@pytest.mark.shared
@pytest.mark.sweep
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("engine", ["sqlite", "mongo"])
async def test_every_example_is_kept_and_found(tmp_path: Path, engine: str) -> None:
    door = await open_front_door(tmp_path, engine=engine, resource_limit_bytes=15_000_000)

    tried = await try_examples(door, lines_of(every=True))

    await door.close()
    print(f"{engine}: {tried.total()} searches, {dict(tried)}")
    assert tried.total() > 12_000, tried
