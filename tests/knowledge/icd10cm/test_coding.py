"""A note is coded for what the patient has: not for what is denied, doubted or a relative's."""

from __future__ import annotations

import pytest

from careflow.knowledge.icd10cm import exists, found_in, ranked, sources, title_of
from careflow.knowledge.icd10cm.words import folded, is_read, stem_of


def codes(text: str) -> set[str]:
    return {one.code for one in ranked(found_in(text), len(text))}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Patient with HTN.", "I10"),
        ("Known T2DM on metformin.", "E11.9"),
        ("CKD 3b, stable.", "N18.32"),
        ("COPD and CHF.", "J44.9"),
        ("CHF.", "I50.9"),
        ("In AF since 2019.", "I48.91"),
        ("UTI last week.", "N39.0"),
        ("URI symptoms.", "J06.9"),
        ("GERD.", "K21.9"),
        ("He complains of a cough.", "R05.9"),
        ("Acute appendicitis.", "K35.80"),
        ("Prostate cancer.", "C61"),
        ("Varón con HTA.", "I10"),
        ("Hipertensión arterial.", "I10"),
        ("Dolor abdominal de dos días.", "R10.9"),
        ("Ingresa por hematuria macroscópica.", "R31.0"),
        ("Infección urinaria.", "N39.0"),
        ("Insuficiencia renal crónica.", "N18.9"),
        ("Neumonía.", "J18.9"),
        ("Cáncer de mama.", "C50.919"),
    ],
)
def test_abbreviations_names_and_spanish_name_the_code(text: str, code: str) -> None:
    assert code in codes(text)


@pytest.mark.parametrize(
    "text",
    [
        "Denies chest pain.",
        "No fever.",
        "Patient without hematuria.",
        "Negative for pneumonia.",
        "Pneumonia was ruled out.",
        "Sin fiebre.",
        "Niega dolor torácico.",
        "Se descarta neumonía.",
    ],
)
def test_what_is_denied_is_not_coded(text: str) -> None:
    assert codes(text) == set()


def test_a_denial_ends_with_its_clause() -> None:
    assert codes("No fever, but cough.") == {"R05.9"}


@pytest.mark.parametrize(
    "text",
    ["Suspected pneumonia.", "Probable appendicitis.", "Posible neumonía.", "R/O pneumonia."],
)
def test_a_doubtful_diagnosis_is_not_coded(text: str) -> None:
    assert codes(text) == set()


def test_the_signs_of_a_doubtful_diagnosis_are() -> None:
    assert codes("Cough and fever, probable pneumonia.") == {"R05.9", "R50.9"}


def test_what_a_relative_has_is_not_the_patients() -> None:
    assert codes("Father had diabetes.") == set()
    assert codes("Madre con diabetes.") == set()
    assert codes("Family history of breast cancer.") == {"Z80.3"}


def test_what_someone_had_is_coded_as_history() -> None:
    assert "Z85.3" in codes("History of breast cancer.")
    assert "C50.919" not in codes("History of breast cancer.")
    assert "I25.2" in codes("History of myocardial infarction.")


@pytest.mark.parametrize(
    ("text", "code"),
    [("Right knee pain.", "M25.561"), ("Left knee pain.", "M25.562"), ("Knee pain.", "M25.569")],
)
def test_the_side_is_part_of_the_code(text: str, code: str) -> None:
    assert code in codes(text)


def test_every_code_that_a_term_names_exists_and_has_a_title() -> None:
    from careflow.knowledge.icd10cm.terms import _places, terms_by

    named = {term.code for trigger in _places() for term in terms_by(trigger)}
    assert [code for code in named if not exists(code)] == []
    assert len(named) > 20_000
    assert title_of("I10") == "Essential (primary) hypertension"


def test_a_code_that_is_none_does_not_exist() -> None:
    assert not exists("I10.99")
    assert not exists("ZZZ")
    assert exists("T14.8XXA")


def test_evidence_is_the_very_words() -> None:
    text = "Paciente con hipertensión arterial, y además: disnea."
    places = {text[one.start : one.end] for one in found_in(text)}
    assert {"hipertensión arterial", "disnea"} <= places


def test_spelling_makes_english_and_spanish_one_word() -> None:
    assert stem_of("nephropathy") == stem_of("nefropatía")
    assert stem_of("kidney") == stem_of("riñones") == "renal"
    assert stem_of("the") == ""


def test_folding_keeps_every_place() -> None:
    text = "Riñón İzquierdo — ﬁebre"
    assert len(folded(text)) == len(text)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("The patient is a man of 70 years with pain in the back.", True),
        ("El paciente es un varón de 70 años con dolor de espalda.", True),
        ("Der Patient klagt seit drei Tagen über starke Schmerzen im Rücken.", False),
        ("患者は三日前から腰痛を訴えている。", False),
    ],
)
def test_a_language_that_cannot_be_coded_is_noticed(text: str, *, read: bool) -> None:
    assert is_read(text) is read


def test_a_long_or_odd_text_is_read_to_its_end() -> None:
    assert codes("pain " * 20_000 + "HTN") >= {"R52"}
    assert codes("x" * 100_000) == set()


def test_where_codes_and_weights_come_from_is_told() -> None:
    assert {one.licence for one in sources().values()} == {
        "US public domain",
        "CC BY 4.0",
        "our own",
    }
