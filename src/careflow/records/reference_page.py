"""The reference page of FHIR: what is offered, from the tables and definitions that offer it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from careflow.fhir import search
from careflow.fhir.definitions import resource_types, search_parameters
from careflow.fhir.json_text import MAX_DEPTH
from careflow.fhir.search_offered import (
    MODIFIERS,
    PREFIXES,
    modifiers_of,
    of_every_type,
    parameters_of,
    result_parameters,
)
from careflow.records.envelope import ENTRIES_MAX
from careflow.records.including import INCLUDED_MAX, ROUNDS_MAX
from careflow.records.judging import READ_MAX
from careflow.records.listings import FORM_LIMIT_BYTES
from careflow.records.not_offered import NOT_OFFERED
from careflow.records.offered import (
    CONDITIONALS,
    HEADERS,
    INTERACTIONS,
    OPERATIONS,
    PATCH_TYPES,
    VIEWS_OFFERED,
)
from careflow.records.owners import VIEWS
from careflow.records.rest import BUNDLE_LIMIT_BYTES, RESOURCE_LIMIT_BYTES
from careflow.records.search import CHAIN_MAX, COUNT_DEFAULT, COUNT_MAX

_SEARCH_TYPES: Final = (
    *("string", "token", "reference", "date", "number", "quantity", "uri", "composite"),
)
_WITH_PREFIXES: Final = {"date", "number", "quantity"}
_RESULTS: Final = {
    "_sort": "Order; `-` before a parameter reverses it. What has no value comes last.",
    "_count": f"Matches a page: {COUNT_DEFAULT} if not asked, {COUNT_MAX:,} at most, "
    "0 for the total alone.",
    "_total": "`none`, `estimate` or `accurate` (both are counted); if not asked, a total is given "
    "where it is known without counting.",
    "_summary": "`true`, `text`, `data`, `count` or `false`.",
    "_elements": "Names of elements to keep, `name` or `Patient.name`; a name without a type is "
    "meant for the type searched.",
    "_include": "Adds what matches refer to: `Type:parameter`, `Type:parameter:Target`, `Type:*` or"
    " `*`; with `:iterate` also from what was added.",
    "_revinclude": "Adds what refers to the matches, named alike.",
    "_format": "`json`, `application/json` or `application/fhir+json`.",
    "_pretty": "`true` indents the answer.",
}
_OF_ALL: Final = {
    "_id": "The resource's id.",
    "_lastUpdated": "When the current version was stored.",
    "_text": "Words of the narrative.",
    "_content": "Words anywhere in the resource.",
    "_list": "Members of a List.",
    "_profile": "Profiles that a resource says it meets.",
    "_security": "Security labels.",
    "_source": "Where it says it came from.",
    "_tag": "Tags.",
}
_HEAD: Final = """# FHIR R4

The record speaks FHIR R4 (4.0.1) at `/api/fhir/R4`, in JSON. `/api/fhir/R4/metadata` tells the same
as this page to programs. All {types} resource types are stored, checked and searched, but for
{views}: these are views, made when someone asks, that nobody writes.

Whoever asks sees what their role or scopes reach, everywhere alike: in reads, searches, chains,
includes, histories and bundles.

What is not understood is refused with an OperationOutcome that names it; `Prefer: handling=lenient`
passes over unknown parameters and says so in the answer.
"""


def fhir_page() -> str:
    """Return the page, without the note that it is generated."""
    return "\n".join(
        [
            _HEAD.format(types=len(resource_types()), views=_listed(VIEWS)),
            *_parts(),
        ]
    )


def _parts() -> Iterable[str]:
    yield _section(
        "Interactions",
        "Criteria are search parameters that one resource must meet.",
        ("interaction", "call", "what it does"),
        [(f"`{o.code}`", f"`{o.method} {_address(o.path)}`", o.does) for o in INTERACTIONS],
    )
    yield _conditions()
    yield _section(
        "Operations",
        "" if OPERATIONS else "None.",
        ("operation", "call", "on", "what it does"),
        [
            (
                f"`${one.name}`",
                ", ".join(f"{method}" for method in one.methods),
                f"{', '.join(one.levels)}; {_listed(one.kinds) if one.kinds else 'every type'}",
                one.does,
            )
            for one in OPERATIONS
        ],
    )
    yield _section("Headers", "", ("header", "what it does"), [(f"`{n}`", d) for n, d in HEADERS])
    yield _section(
        "Parts of resources",
        "Reads, versions, histories and searches take `_elements` and `_summary`. Mandatory "
        "elements and those that change the meaning of others (`Patient.active`, "
        "`modifierExtension` and the like) stay with every part, numbers keep their text, and "
        "`meta.tag` says `SUBSETTED`. Added resources are cut by the same `_summary`.",
    )
    yield _modifiers()
    yield _section(
        "Parameters of every type",
        "A search over several types (`/?_type=Patient,Observation`) takes these alone. Chains "
        "(`patient.name`), reverse chains (`_has:Observation:patient:code`) and several values "
        "(`a,b`) are taken everywhere else.",
        ("parameter", "type", "what it finds"),
        [(f"`{name}`", type_, _OF_ALL[name]) for name, type_ in of_every_type().items()],
    )
    yield _section(
        "What is answered",
        "Links are `self`, `first` and `next`, with every parameter as it was taken. Added "
        "resources are not counted: each is there once, with `search.mode` `include`; what is left "
        "out says an OperationOutcome with `search.mode` `outcome`.",
        ("parameter", "what it decides"),
        [(f"`{name}`", _RESULTS[name]) for name in result_parameters()],
    )
    yield _section("Limits", "", ("what", "at most"), _limits())
    yield _section(
        "Not offered",
        "",
        ("what", "why"),
        [(one.what, one.why) for one in NOT_OFFERED],
    )
    yield _section(
        "Views",
        "",
        ("type", "search parameters", "what it shows"),
        [(kind, _listed(one.parameters), one.shows) for kind, one in VIEWS_OFFERED.items()],
    )
    yield _section(
        "Search parameters by type",
        "HL7's own, beside those of every type.",
        ("type", "parameters"),
        [(kind, _own(kind)) for kind in sorted(resource_types() - VIEWS)],
    )


def _section(
    title: str,
    text: str,
    head: Sequence[str] = (),
    rows: Sequence[Sequence[str]] = (),
) -> str:
    parts = [f"## {title}\n"]
    if text:
        parts.append(f"{text}\n")
    if rows:
        parts.append(_table(head, rows))
    return "\n".join(parts)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _address(path: str) -> str:
    return "/" + path.replace("id", "{id}").replace("version", "{version}")


def _listed(names: Iterable[str] | None) -> str:
    return ", ".join(sorted(names or ()))


def _conditions() -> str:
    yes = {True: "yes", False: "no"}
    return _section(
        "Conditions and patches",
        f"A patch is {' or '.join(f'`{one}`' for one in PATCH_TYPES)}. Of two writes under one "
        "condition at the same time, one sees what the other stored.",
        ("instead of an id", "taken"),
        [
            ("create unless one matches (`If-None-Exist`)", yes[CONDITIONALS.create]),
            ("read if changed", CONDITIONALS.read),
            ("update the one that matches, or create", yes[CONDITIONALS.update]),
            ("patch the one that matches", yes[CONDITIONALS.patch]),
            ("delete the one that matches", CONDITIONALS.delete),
        ],
    )


def _modifiers() -> str:
    rows = []
    for type_ in _SEARCH_TYPES:
        every, some = _taken(type_)
        told = [f"`:{name}`" for name in every] + [f"`:{name}` (some)" for name in some]
        prefixes = " ".join(PREFIXES) if type_ in _WITH_PREFIXES else ""
        rows.append((type_, " ".join(told).replace("`:[type]`", "`:Type`"), prefixes))
    return _section(
        "Search types",
        "Modifiers marked *some* are taken where the element has what they look at: displays "
        "(`:text`), identifiers (`:of-type`), addresses (`:above`, `:below`). Each parameter's own "
        "are in the CapabilityStatement.",
        ("type", "modifiers", "prefixes"),
        rows,
    )


def _taken(type_: str) -> tuple[list[str], list[str]]:
    """Return the modifiers that all parameters of a search type take, and those that some do."""
    found = [
        set(modifiers_of(kind, code))
        for kind in sorted(resource_types() - VIEWS)
        for code, one in parameters_of(kind).items()
        if one == type_ and code in search_parameters(kind)
    ]
    every = set.intersection(*found)
    some = set.union(*found) - every
    order = (*MODIFIERS, "[type]")
    return [n for n in order if n in every], [n for n in order if n in some]


def _limits() -> list[tuple[str, str]]:
    mib = 1024 * 1024
    return [
        ("body of one resource", f"{RESOURCE_LIMIT_BYTES // mib} MiB"),
        ("body of a bundle", f"{BUNDLE_LIMIT_BYTES // mib} MiB, {ENTRIES_MAX:,} entries"),
        ("body of a search by form", f"{FORM_LIMIT_BYTES // 1024} KiB"),
        ("levels of JSON", f"{MAX_DEPTH}"),
        ("matches a page", f"{COUNT_MAX:,}"),
        ("resources added to a page", f"{INCLUDED_MAX:,}, over {ROUNDS_MAX} steps of `:iterate`"),
        ("parameters of a search", f"{search.PARAMETERS_MAX}"),
        (
            "values",
            f"{search.VALUES_MAX:,} of a parameter, {search.ALL_VALUES_MAX:,} of a search",
        ),
        (
            "chains",
            f"{search.CHAIN_LINKS_MAX} links, {CHAIN_MAX:,} resources in the middle; a reference "
            f"to more than {search.CHAIN_TARGETS_MAX} types must name one",
        ),
        ("resources read to answer what no index holds", f"{READ_MAX:,}"),
    ]


def _own(kind: str) -> str:
    common = of_every_type()
    own = [f"`{code}`" for code in search_parameters(kind) if code not in common]
    return " ".join(own)
