"""A line of a medication list, however it is written, stands for its substances."""

from __future__ import annotations

import pytest

from careflow.knowledge.drugs.medicines import medicine_read, substance_named


def substances(line: str) -> set[str]:
    return set(medicine_read(line).substances)


def named(*names: str) -> set[str]:
    return {substance_named(name) for name in names}


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Simvastatin 20 MG Oral Tablet", ["simvastatin"]),
        ("24 HR metoprolol succinate 100 MG Extended Release Oral Tablet [Toprol]", ["metoprolol"]),
        ("Acetaminophen 325 MG / Oxycodone Hydrochloride 5 MG", ["acetaminophen", "oxycodone"]),
        ("losartan-hydrochlorothiazide", ["losartan", "hydrochlorothiazide"]),
        ("aspirin and clopidogrel", ["aspirin", "clopidogrel"]),
        ("ibuprofeno 600 mg cada 8 horas", ["ibuprofen"]),
        ("Ácido acetilsalicílico 100 mg", ["aspirin"]),
        ("Bactrim DS", ["sulfamethoxazole", "trimethoprim"]),
        ("Trinessa 28 Day Pack", ["norgestimate", "ethinylestradiol"]),
        ("rifampin", ["rifampicin"]),
        ("piperacillin 2000 MG / tazobactam 250 MG Injection", ["piperacillin", "tazobactam"]),
        ("potassium chloride 20 mEq", ["potassium chloride"]),
        ("insulin glargine (Lantus) 10 units", ["insulin"]),
    ],
)
def test_strength_form_brand_and_language_do_not_matter(line: str, names: list[str]) -> None:
    assert substances(line) == named(*names)


@pytest.mark.parametrize(
    "line", ["losartan potassium 50 mg", "Penicillin V Potassium 250 MG", "atorvastatin calcium"]
)
def test_a_salt_behind_a_name_is_no_medicine_of_its_own(line: str) -> None:
    assert len(substances(line)) == 1


@pytest.mark.parametrize(
    ("wrong", "right"),
    [("Simvistatin 10 MG", "simvastatin"), ("hydroxizine", "hydroxyzine"), ("wafarin", "warfarin")],
)
def test_one_wrong_letter_is_read_where_one_name_fits(wrong: str, right: str) -> None:
    assert substances(wrong) == named(right)


def test_a_short_or_ambiguous_word_is_not_corrected() -> None:
    assert medicine_read("lasik").substances == ()


def test_a_name_that_nobody_knows_is_left_unread() -> None:
    read = medicine_read("zorbatrexifen 10 mg / aspirin 81 mg")
    assert set(read.substances) == named("aspirin")
    assert read.unread == ("zorbatrexifen",)


def test_a_line_without_words_names_nothing() -> None:
    assert medicine_read("  ") == medicine_read("")
    assert medicine_read("").substances == ()
