"""The entries of the glossary, read from the tables beside this module when first asked for."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final, Literal, cast, get_args

Kind = Literal["condition", "test", "medicine", "procedure", "body", "visit"]
KINDS: Final = get_args(Kind)
TABLES: Final = files("careflow.knowledge.glossary").joinpath("tables")


@dataclass(frozen=True, slots=True)
class Cited:
    """Where the facts of an entry can be checked, and when that was read or written."""

    title: str
    url: str
    read_on: date


@dataclass(frozen=True, slots=True)
class Entry:
    """One term.

    Attributes:
        key: Stable name, ``high-blood-pressure``.
        en: The name that is shown; ``es`` is the Spanish one.
        names: Every spelling by which it is found, in both languages, the shown ones first.
        medicines: Names of medicines of this class; each is explained as one of them.
        plain: What it is, for a reader of about eleven years.
        more: What follows for a reader who wants it fuller.
        plain_es: The plain text in Spanish; empty where there is none.
        care: When to seek care, by the name of a line in :func:`care_lines`; empty where none.
    """

    key: str
    kind: Kind
    en: str
    es: str
    names: tuple[str, ...]
    plain: str
    more: str
    source: Cited
    medicines: tuple[str, ...] = ()
    plain_es: str = ""
    care: str = ""


@cache
def all_entries() -> Mapping[str, Entry]:
    """Return our own entries by key; the first part of a table's name is the kind of its rows."""
    found: dict[str, Entry] = {}
    for table in sorted(TABLES.iterdir(), key=lambda one: one.name):
        kind, _, rest = table.name.partition("_")
        if kind in KINDS and rest.endswith(".toml"):
            rows = tomllib.loads(table.read_text("utf-8"))
            found.update((key, _entry(key, cast("Kind", kind), row)) for key, row in rows.items())
    return MappingProxyType(found)


def entry_of(key: str) -> Entry | None:
    """Return our own entry of that key."""
    return all_entries().get(key)


@cache
def _lines() -> Mapping[str, Any]:
    return tomllib.loads(TABLES.joinpath("_lines.toml").read_text("utf-8"))


def care_lines() -> Mapping[str, Mapping[str, str]]:
    """Return when to seek care, in English and Spanish, by name."""
    return cast("Mapping[str, Mapping[str, str]]", _lines()["care"])


def ask_lines() -> Mapping[str, Mapping[str, str]]:
    """Return what to ask at the next visit, in English and Spanish, by kind of entry."""
    return cast("Mapping[str, Mapping[str, str]]", _lines()["ask"])


@cache
def _pages() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(TABLES.joinpath("_sources.toml").read_text("utf-8"))


def _cited(said: str) -> Cited:
    """Return the source of an entry, written as ``collection: title of the page``."""
    collection, _, title = said.partition(": ")
    page = _pages()[collection]
    return Cited(page["title"].format(title), page["url"], date.fromisoformat(page["read_on"]))


def _entry(key: str, kind: Kind, row: Mapping[str, Any]) -> Entry:
    medicines = tuple(_listed(row.get("medicines", "")))
    return Entry(
        key=key,
        kind=kind,
        en=row["en"],
        es=row["es"],
        names=(row["en"], row["es"], *_listed(row.get("also", "")), *medicines),
        medicines=medicines,
        plain=row["plain"],
        more=row["more"],
        plain_es=row.get("plain_es", ""),
        care=row.get("care", ""),
        source=_cited(row["source"]),
    )


def _listed(said: str) -> Iterator[str]:
    return (one.strip() for one in said.split(",") if one.strip())
