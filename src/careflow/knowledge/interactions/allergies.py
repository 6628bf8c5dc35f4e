"""What someone who reacts to one medicine may react to as well."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from careflow.knowledge.drugs.medicines import folded, medicine_read, substance_named
from careflow.knowledge.interactions.classes import TABLES, classes_of, listed

_WORD = re.compile(r"[a-z][a-z-]*")
_SAID_ABOUT = frozenset(
    str.split("""
    allergy allergic to allergies alergia alergico alergica alergias a al la los las reaction
    reactions anaphylaxis anaphylactic anafilaxia hives urticaria rash exantema swelling itching
    itch prurito angioedema nausea vomiting severe mild moderate drug drugs unknown known no none
    nkda nka ninguna conocidas medicamentosas and or y o
    """)
)
_SAME = "The record says that the patient reacts to this medicine itself."


@dataclass(frozen=True, slots=True)
class AllergyRule:
    """One way in which an allergy carries over."""

    allergy: frozenset[str]
    medication: frozenset[str]
    reason: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Allergy:
    """What an entry of an allergy list means: substances, and groups by word or by class."""

    substances: frozenset[str]
    labels: frozenset[str]


@cache
def _table() -> Mapping[str, Any]:
    read: Mapping[str, Any] = tomllib.loads(TABLES.joinpath("allergies.toml").read_text("utf-8"))
    return read


@cache
def _side_chains() -> Mapping[str, frozenset[str]]:
    return {
        code: frozenset(map(substance_named, listed(members)))
        for code, members in _table()["side_chains"].items()
    }


@cache
def _rules() -> tuple[AllergyRule, ...]:
    return tuple(
        AllergyRule(
            allergy=_labels_in(row["allergy"]),
            medication=_labels_in(row["medication"]),
            reason=row["reason"],
            sources=tuple(listed(row["sources"])),
        )
        for row in _table()["rules"].values()
    )


def _labels_in(said: str) -> frozenset[str]:
    return frozenset(listed(said)) | frozenset(map(substance_named, listed(said)))


def allergy_read(entry: str) -> Allergy:
    """Return what an entry such as ``Penicillin (hives)`` means; nothing where it means nothing."""
    words = _WORD.findall(folded(entry))
    groups: set[str] = set()
    left = list(words)
    for length in (3, 2, 1):
        for at in range(len(words) - length + 1):
            codes = _table()["groups"].get(" ".join(words[at : at + length]))
            if codes is not None:
                groups |= set(listed(codes))
                left = [word for word in left if word not in words[at : at + length]]
    left = [word for word in left if word not in _SAID_ABOUT]
    substances = frozenset(medicine_read(" ".join(left)).substances) if left else frozenset()
    labels = groups.union(*(_labels_of(one, one) for one in substances))
    return Allergy(substances, frozenset(labels))


def _labels_of(substance: str, name: str) -> frozenset[str]:
    chains = {code for code, members in _side_chains().items() if substance in members}
    return classes_of(substance, name) | chains | {substance}


def reason_against(
    substance: str, name: str, allergy: Allergy
) -> tuple[str, tuple[str, ...]] | None:
    """Return why someone with an allergy may react to a substance, and the codes of sources."""
    if substance in allergy.substances:
        return _SAME, ("record",)
    labels = _labels_of(substance, name)
    for rule in _rules():
        if rule.allergy & allergy.labels and rule.medication & labels:
            return rule.reason, rule.sources
    return None
