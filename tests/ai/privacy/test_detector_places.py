"""Places smaller than a state, in English and Spanish."""

from __future__ import annotations

import pytest

from tests.ai.privacy.shown import left


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("7632 2nd Ave, Apt 12B, Dover, DE 19901", "▮, ▮, DE ▮"),
        ("1120 N. Old Mill Rd", "▮"),
        ("lives at RR 2 Box 14", "lives at ▮"),
        ("mail to PO Box 881", "mail to ▮"),
        ("4418 County Road 214", "▮"),
        ("seen at Mercy General Hospital", "seen at ▮"),
        ("St. Vincent's on Monday", "▮ on Monday"),
        ("treated at Our Lady of Lourdes", "treated at ▮"),
        ("transferred from Cedar Hollow", "transferred from ▮"),
        ("admitted to UCSF", "admitted to ▮"),
        ("lives in Ypsilanti", "lives in ▮"),
        ("He drove from Salt Lake City.", "He drove from ▮."),
        ("works at Boeing", "works at ▮"),
        ("Fresno 93721", "▮"),
        ("County Memorial\nTel", "▮\nTel"),
        ("Leith EH6 6JJ", "▮"),
    ],
)
def test_places_are_found(text: str, shown: str) -> None:
    assert left(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "admitted to ICU, seen in the Emergency Department, referred to Pain Clinic",
        "HOSPITAL COURSE: stable. INDICATIONS FOR SURGERY: pain. PROCEDURE IN DETAIL: none.",
        "taken to the Operating Room; Post Anesthesia Care Unit; Plastic Surgery consult",
        "from Texas, in California, of Ohio; the Glasgow Coma Scale; Lyme disease; Framingham risk",
        "Follow up in Cardiology Clinic. Primary Care. Family Medicine.",
    ],
)
def test_departments_and_states_stay(text: str) -> None:
    assert left(text) == text


@pytest.mark.parametrize(
    "written",
    [
        "Nombre: «Alejandro».",
        "Apellidos: «Pinchet Rubio».",
        "Domicilio: «Av. Rianxo 72, 3 A».",
        "Localidad/ Provincia: «Lugo».",
        "CP: «27003».",
        "Médico: «Carlos López Carballo» NºCol: «27 27 33541».",
        "Remitido por: Dra. «Mar Crespí Monjo».",
        "Ingresa en el «Hospital Universitario Miguel Servet».",
        "«C/ Concha Espina 16, 3º A». «28013» «Madrid».",
        "Natural de «Barañain», acude el «3 de marzo de 2020».",
        "Su esposa «Ainhoa» llama al «956 013 059».",
    ],
)
def test_spanish_identifiers_are_found_whole(written: str) -> None:
    text = "El paciente refiere dolor desde hace tres días y no tiene fiebre. " + written
    plain = text.replace("«", "").replace("»", "")
    shown = left(plain)
    for piece in written.split("«")[1:]:
        for word in piece.split("»")[0].replace(",", " ").split():
            assert len(word) < 3 or word not in shown.split("fiebre.")[1]


def test_spanish_prose_stays() -> None:
    text = (
        "Varón de 59 años con dolor en el costado derecho desde hace 3 días. Tratado con "
        "paracetamol 1 g cada 8 horas durante 2 semanas. Exploración: signo de Murphy negativo. "
        "Como antecedentes destaca enfermedad de Parkinson. Se realiza tomografía."
    )
    assert left(text) == text
