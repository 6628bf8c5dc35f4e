"""Pairs that must be flagged are, by class; pairs of no concern are not; no name is passed over."""

from __future__ import annotations

import pytest

from careflow.knowledge.interactions import checked, sources
from careflow.knowledge.interactions.classes import all_classes
from careflow.knowledge.interactions.rules import WORST_FIRST


def worst(*medicines: str) -> str | None:
    pairs = checked(medicines).pairs
    return pairs[0].severity if pairs else None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("warfarin", "ibuprofen"),
        ("apixaban", "naproxen"),
        ("fluoxetine", "phenelzine"),
        ("simvastatin", "clarithromycin"),
        ("lisinopril", "spironolactone"),
        ("haloperidol", "methadone"),
        ("oxycodone", "diazepam"),
        ("nitroglycerin", "sildenafil"),
        ("methotrexate", "trimethoprim"),
        ("lithium", "hydrochlorothiazide"),
        ("digoxin", "amiodarone"),
        ("theophylline", "ciprofloxacin"),
        ("clopidogrel", "omeprazole"),
        ("azathioprine", "febuxostat"),
        ("levonorgestrel", "rifampicin"),
        ("ergotamine", "ritonavir"),
        ("tacrolimus", "voriconazole"),
        ("tizanidine", "fluvoxamine"),
        ("valproic acid", "meropenem"),
        ("atazanavir", "esomeprazole"),
    ],
)
def test_a_dangerous_pair_is_called_major_or_worse_in_either_order(one: str, other: str) -> None:
    assert worst(one, other) in {"contraindicated", "major"}
    assert worst(other, one) == worst(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("metformin", "atorvastatin"),
        ("acetaminophen", "amoxicillin"),
        ("loratadine", "lisinopril"),
        ("levothyroxine", "cetirizine"),
        ("pantoprazole", "amlodipine"),
        ("azathioprine", "cetirizine"),
    ],
)
def test_a_pair_of_no_concern_raises_nothing(one: str, other: str) -> None:
    assert checked([one, other]).pairs == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ibuprofen", "atenolol"),
        ("enalapril", "ibuprofen"),
        ("hydrochlorothiazide", "lisinopril"),
        ("warfarin", "pantoprazole"),
    ],
)
def test_a_common_pair_does_not_interrupt(one: str, other: str) -> None:
    assert worst(one, other) in {"moderate", "minor"}


@pytest.mark.parametrize(
    ("unlisted", "other", "expected"),
    [
        ("zentapril", "spironolactone", "major"),
        ("novasartan", "potassium chloride", "major"),
        ("quetriptan", "phenelzine", "contraindicated"),
        ("xelofloxacino", "calcium carbonate", "major"),
    ],
)
def test_a_member_that_no_table_lists_is_known_by_its_stem(
    unlisted: str, other: str, expected: str
) -> None:
    assert worst(unlisted, other) == expected
    assert checked([unlisted]).unknown == ()


@pytest.mark.parametrize("name", ["aripiprazole", "trospium", "domperidone", "cocaine"])
def test_a_name_that_only_ends_like_a_class_is_not_of_it(name: str) -> None:
    stems = {"aripiprazole": "ppi", "trospium": "antimuscarinic-inhaled",
             "domperidone": "antipsychotic", "cocaine": "local-anaesthetic"}  # fmt: skip
    assert worst(name, "zzz") is None
    assert name not in all_classes()[stems[name]].members


def test_the_medicine_that_is_changed_is_named() -> None:
    for order in (["Zocor 20 mg", "ketoconazole"], ["ketoconazole", "Zocor 20 mg"]):
        assert "ketoconazole is" not in checked(order).pairs[0].mechanism
    [pair, *_] = checked(["itraconazole", "Viagra 50 mg"]).pairs
    assert "Viagra 50 mg stays longer" in pair.mechanism


def test_the_same_substance_under_two_names_is_told() -> None:
    [pair] = checked(["Tylenol", "Acetaminophen 500 mg"]).pairs
    assert "same substance" in pair.mechanism


def test_two_of_a_kind_are_told() -> None:
    [pair] = checked(["lisinopril", "enalapril"]).pairs
    assert "ACE inhibitors" in pair.mechanism


def test_the_parts_of_a_combination_each_count() -> None:
    assert worst("Vytorin 10/20", "clarithromycin") == "contraindicated"
    assert checked(["Bactrim", "methotrexate"]).pairs[0].severity == "contraindicated"


def test_medicines_nobody_knows_are_named_and_never_guessed() -> None:
    found = checked(["zorbatrexifen 5 mg", "warfarin"])
    assert found.unknown == ("zorbatrexifen 5 mg",)
    assert found.pairs == ()


@pytest.mark.parametrize(
    ("allergy", "medicine"),
    [
        ("Penicillin (hives)", "amoxicillin"),
        ("penicilina", "Augmentin"),
        ("amoxicillin", "cefadroxil"),
        ("ampicillin", "cephalexin"),
        ("ceftriaxone", "cefotaxime"),
        ("ceftazidime", "aztreonam"),
        ("sulfa", "Bactrim"),
        ("sulfamidas", "sulfasalazine"),
        ("aspirin", "ibuprofen"),
        ("AINEs", "naproxeno"),
        ("codeine", "morphine"),
        ("contrast dye", "iohexol"),
        ("lisinopril - angioedema", "sacubitril/valsartan"),
        ("carbamazepine", "phenytoin"),
        ("eggs", "yellow fever vaccine"),
        ("metformin", "Janumet"),
    ],
)
def test_an_allergy_carries_over_to_its_relatives(allergy: str, medicine: str) -> None:
    assert [(one.medicine, one.allergy) for one in checked([medicine], [allergy]).alerts] == [
        (0, 0)
    ]


@pytest.mark.parametrize(
    ("allergy", "medicine"),
    [
        ("penicillin", "cefazolin"),
        ("penicillin", "ceftriaxone"),
        ("penicillin", "azithromycin"),
        ("sulfa", "furosemide"),
        ("sulfa", "celecoxib"),
        ("ibuprofen", "celecoxib"),
        ("aspirin", "acetaminophen"),
        ("morphine", "fentanyl"),
        ("NKDA", "amoxicillin"),
        ("no known drug allergies", "amoxicillin"),
        ("pollen", "amoxicillin"),
        ("", "amoxicillin"),
    ],
)
def test_an_allergy_does_not_carry_over_where_nothing_is_shared(
    allergy: str, medicine: str
) -> None:
    assert checked([medicine], [allergy]).alerts == ()


def test_every_fact_names_a_source_with_the_day_it_was_read() -> None:
    from careflow.knowledge.interactions.allergies import _rules as allergy_rules
    from careflow.knowledge.interactions.rules import _read

    codes = {code for rule, *_ in _read() for code in rule.sources}
    codes |= {code for rule in allergy_rules() for code in rule.sources}
    assert codes <= set(sources())
    assert all(rule.sources for rule, *_ in _read())
    assert all(source.title and source.read_on.year >= 2026 for source in sources().values())


def test_every_rule_has_a_known_severity_and_sides_that_exist() -> None:
    from careflow.knowledge.interactions.classes import _listing
    from careflow.knowledge.interactions.rules import _read

    for rule, *sides in _read():
        assert rule.severity in WORST_FIRST, rule.id
        for side in sides:
            assert side, rule.id
            assert not [one for one in side if one not in all_classes() and one not in _listing()]
