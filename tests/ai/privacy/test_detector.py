"""What the detector of identifiers does with the text as a whole."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from careflow.ai.privacy.detector import LanguageUnknownError, found_in
from careflow.ai.privacy.known import Known
from tests.ai.privacy.shown import hidden, labels, left

ANA = Known(
    names=("Ana María Ruiz",),
    others=("Hope Day",),
    born=date(1961, 3, 7),
    places=("4 Quarry Walk", "Ainsdale"),
    numbers={"MRN": ("QX-88-12",), "PHONE": ("(555) 010-2233",), "EMAIL": ("a.ruiz@home.test",)},
)


def test_what_is_found_is_in_order_and_does_not_overlap() -> None:
    found = found_in(
        "Seen by Dr. Jane Smith, MD on 3 May 2020 at Mercy Hospital, call 555-010-2233."
    )
    assert list(found) == sorted(found)
    assert all(one.end <= after.start for one, after in pairwise(found))


def test_a_text_without_identifiers_is_left_alone() -> None:
    assert (
        found_in("BP 120/80, strength 5/5, metformin 500 mg BID for 14 days. Foley removed.") == ()
    )
    assert found_in("") == ()


@pytest.mark.parametrize(
    "text",
    [
        "Le patient a été admis à l'hôpital pour une douleur thoracique. Il est sous traitement "
        "par aspirine et les examens ont montré une ischémie dans la paroi antérieure du coeur.",
        "Der Patient wurde mit Brustschmerzen aufgenommen und ist seit drei Tagen in unserer "
        "Klinik. Die Untersuchung ergab eine Stenose, und die Therapie wurde begonnen.",
        "O paciente foi internado com dor no peito e dispneia. Não há história de diabetes. A mãe "
        "relata que ele tem asma e que foi tratado com salbutamol na semana passada em casa.",
        "Il paziente è stato ricoverato per dolore toracico da tre giorni. Non ha allergie e la "
        "pressione è alta. Si consiglia terapia con aspirina nella prossima settimana in reparto.",
        "Пациент поступил с жалобами на боль в груди и одышку, состояние средней тяжести.",
        "患者は胸痛のため入院した。高血圧と糖尿病の既往があり、現在治療中である。経過は良好である。",
    ],
)
def test_a_text_in_another_language_is_refused(text: str) -> None:
    with pytest.raises(LanguageUnknownError) as refused:
        found_in(text)
    assert refused.value.code == "ai-language-unknown"
    assert "paciente" not in str(refused.value)


def test_a_few_words_are_taken_for_english() -> None:
    assert hidden("K 3.3 Na 138 Dr. Okoye") == ["Okoye"]


@pytest.mark.parametrize(
    "written",
    [
        "Ana María Ruiz",
        "RUIZ, ANA",
        "ana ruiz",
        "Ana Maria",
        "A. Ruiz",
        "Ana R.",
        "A.R.",
        "Ruiz's",
        "anaruiz",
        "Hope",
        "hope day",
        "QX-88-12",
        "qx8812",
        "QX 88 12",
        "555.010.2233",
        "5550102233",
        "a.ruiz@home.test",
        "4 Quarry Walk",
        "Quarry Walk",
        "Ainsdale",
        "03/07/1961",
        "7.3.61",
        "19610307",
        "07031961",
        "March 7",
        "7th of March, 1961",
        "07-MAR-61",
        "7 de marzo de 1961",
    ],
)
def test_what_the_chart_knows_is_found_however_it_is_written(written: str) -> None:
    left_over = left(f"Today the patient ({written}) was well.", ANA)
    assert not any(sign.isalnum() for sign in left_over.split("(")[1].split(")")[0])


def test_a_name_in_the_chart_that_is_a_word_stays_a_word_in_small_letters() -> None:
    assert left("We hope that the day is calm.", ANA) == "We hope that the day is calm."


def test_a_name_that_is_sure_once_is_found_again() -> None:
    text = "Dr. Featherstone came. Later featherstone left; FEATHERSTONE signed."
    assert left(text) == "Dr. ▮ came. Later ▮ left; ▮ signed."


def test_the_label_of_a_date_is_that_of_a_date() -> None:
    assert labels("Seen on 12/24/2007, 2007-12-24 and 3 May 2020.") == ["DATE", "DATE", "DATE"]


@pytest.mark.parametrize(
    "piece", ["A", "a", "Xxxx", "A.", "1-", "a@a.", "Aa-Bb-", "Elm Street ", "1/2 "]
)
def test_a_text_of_one_thing_again_and_again_is_read_to_its_end(piece: str) -> None:
    text = "The patient was in the room and he had pain. " + piece * 2_000 + " Dr. Okonkwo"
    assert hidden(text)[-1].endswith("Okonkwo")
