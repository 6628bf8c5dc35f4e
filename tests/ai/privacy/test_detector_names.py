"""Names of people: which words are found, and which stay."""

from __future__ import annotations

import pytest

from tests.ai.privacy.shown import left


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Seen by Dr. Okonkwo-Baines today.", "Seen by Dr. ▮ today."),
        ("per dr okonkwo", "per dr ▮"),
        ("Mr. and Mrs. Day came.", "Mr. and Mrs. ▮ came."),
        ("Drs. Vance, Okoye and Field agree.", "Drs. ▮ agree."),
        ("SNODGRASS, PERCIVAL was seen.", "▮ was seen."),
        ("Patient: Ptolemy Quill", "Patient: ▮"),
        ("Name: LOVELACE, ADA K   MRN 44123", "Name: ▮   MRN ▮"),
        ("Robert L. is stable.", "▮. is stable."),
        ("J.R. Hartley wrote.", "▮ wrote."),
        ("Pt J.S. is stable.", "Pt ▮ is stable."),
        ("Her daughter Ngozi visits.", "Her daughter ▮ visits."),
        ("her husband hamish called", "her husband ▮ called"),
        ("pt penelope ashworth c/o pain", "pt ▮ c/o pain"),
        ("Will Power is a 45yo man.", "▮ is a 45yo man."),
        ("Spoke with Hope about it.", "Spoke with ▮ about it."),
        ("Anneke van der Velde, RN", "▮, RN"),
        ('Margaret "Peggy" Holm lives here.', "▮ lives here."),
        ("Thank you.\nBest,\nTess", "Thank you.\nBest,\n▮"),
        ("Dear Angel,", "Dear ▮,"),
        ("Witness: Zbigniew Wyszynski", "Witness: ▮"),
        ("Nkechi Obiora presents with cough.", "▮ presents with cough."),
        ("Sarah White was discharged.", "▮ was discharged."),
        ("Mrs. Wilson has no Wilson's disease.", "Mrs. ▮ has no Wilson's disease."),
        ("Dr. Foley placed a Foley.", "Dr. ▮ placed a Foley."),
    ],
)
def test_names_are_found(text: str, shown: str) -> None:
    assert left(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "Foley catheter draining. Cobb angle 30 degrees. Hoehn and Yahr stage 3.",
        "Wilson disease and Addison disease excluded. Lou Gehrig's disease. Crohn disease.",
        "Murphy sign negative, McBurney point tender, Baker's cyst.",
        "Babinski downgoing, Romberg negative, Gleason 7, Apgar 8 and 9, Mallampati II.",
        "Will see again in May if symptoms persist. Will follow. Mark the site. Hope for the best.",
        "Rose colored sputum. Chase with water. Grace period of 2 days.",
        "Started lisinopril, Eliquis, Trulicity and Ozempic. Tylenol as needed.",
        "Klebsiella and Enterococcus grew. Kocher clamp, Metzenbaum scissors, Prolene suture.",
        "GENERAL: Well developed. HEENT: PERRLA. NECK: Supple. CHEST: Clear.",
        "Past Medical History: Type 2 Diabetes. Social History: Lives With Spouse.",
        "HFrEF with NYHA class III on SGLT2 inhibitors. TURBT planned. PSAs rising.",
        "The Cottle elevator and a Lahey clamp were used; closed with Surgicel.",
        "A Foley was placed. Chest x-ray clear. K-wire removed. alpha-blockers started.",
    ],
)
def test_words_of_the_clinic_stay(text: str) -> None:
    assert left(text) == text
