"""S7: what a table says of medicines stands, whatever a model says."""

from __future__ import annotations

from careflow.ai.asking import given_of
from careflow.ai.guard.knowledge import ClinicTables
from careflow.ai.tasks.drug_interactions import (
    DRUG_INTERACTIONS,
    AllergyAlert,
    DrugInteractions,
    Interaction,
)


def said(a: str, b: str) -> Interaction:
    return Interaction(
        a=a, b=b, severity="minor", mechanism="None.", management="Nothing.", source="a model"
    )


def settled(output: DrugInteractions, medications: list[str], *allergies: str) -> DrugInteractions:
    asked = {"medications": medications, "allergies": list(allergies)}
    return ClinicTables().settled(output, given_of(DRUG_INTERACTIONS, asked))


def test_s7_a_model_that_finds_no_interaction_does_not_hide_the_tables() -> None:
    silent = DrugInteractions(interactions=())
    found = settled(silent, ["warfarin", "ibuprofen", "amoxicillin"], "penicillin")
    assert ("warfarin", "ibuprofen", "major") in [
        (one.a, one.b, one.severity) for one in found.interactions
    ]
    assert [one.medication for one in found.allergy_alerts] == ["amoxicillin"]


def test_s7_a_model_cannot_play_a_pair_down_or_invent_one() -> None:
    mild = DrugInteractions(
        interactions=(said("warfarin", "ibuprofen"), said("metformin", "warfarin")),
        allergy_alerts=(
            AllergyAlert(medication="metformin", allergy="latex", reason="?", source="a model"),
        ),
    )
    found = settled(mild, ["warfarin", "ibuprofen", "metformin"], "latex")
    assert [(one.a, one.b, one.severity) for one in found.interactions] == [
        ("warfarin", "ibuprofen", "major")
    ]
    assert found.allergy_alerts == ()


def test_s7_a_model_is_heard_on_a_medicine_that_no_table_knows() -> None:
    extra = DrugInteractions(interactions=(said("zorbatrexifen", "warfarin"),))
    found = settled(extra, ["zorbatrexifen", "warfarin"])
    assert found.interactions == extra.interactions
    assert found.unknown == ("zorbatrexifen",)
