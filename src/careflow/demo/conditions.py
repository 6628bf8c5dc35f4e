"""What Harbour's patients live with: how each condition shows in codes, medicines and numbers.

SNOMED CT and ICD-10-CM codes are facts of those code systems; courses and doses are invented but
plausible, and none of it is clinical guidance.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Course:
    """How one analyte runs over two years: from a start towards an end, with noise.

    Values are in the analyte's conventional unit.
    """

    analyte: str
    start: float
    end: float
    noise: float


@dataclass(frozen=True, slots=True)
class Prescription:
    """A medicine as written: name, RxNorm ingredient code, dose text."""

    name: str
    rxnorm: str
    dose: str
    after_months: int = 0


@dataclass(frozen=True, slots=True)
class Condition:
    """A problem, what is taken for it and which numbers it moves."""

    key: str
    name: str
    snomed: str
    icd10: str
    medicines: tuple[Prescription, ...] = ()
    courses: tuple[Course, ...] = ()
    systolic: float = 0.0
    visit_reason: str = "Follow-up"
    panels: tuple[str, ...] = field(default=("metabolic",))


CONDITIONS = {
    c.key: c
    for c in (
        Condition(
            "diabetes",
            "Type 2 diabetes",
            "44054006",
            "E11.9",
            (
                Prescription("Metformin 500 mg", "6809", "500 mg twice daily"),
                Prescription("Metformin 1,000 mg", "6809", "1,000 mg twice daily", 6),
            ),
            (Course("hba1c", 8.9, 7.3, 0.08), Course("glucose", 178, 138, 8)),
            visit_reason="Diabetes follow-up",
            panels=("metabolic", "diabetes", "lipids"),
        ),
        Condition(
            "hypertension",
            "Hypertension",
            "38341003",
            "I10",
            (Prescription("Lisinopril 10 mg", "29046", "10 mg once daily"),),
            systolic=20,
            visit_reason="Blood pressure review",
        ),
        Condition(
            "hyperlipidaemia",
            "Hyperlipidaemia",
            "55822004",
            "E78.5",
            (Prescription("Atorvastatin 20 mg", "83367", "20 mg at night"),),
            (Course("ldl", 158, 104, 6), Course("cholesterol", 241, 186, 8)),
            visit_reason="Cholesterol review",
            panels=("lipids",),
        ),
        Condition(
            "hypothyroidism",
            "Hypothyroidism",
            "40930008",
            "E03.9",
            (Prescription("Levothyroxine 75 microgram", "10582", "75 microgram once daily"),),
            (Course("tsh", 7.8, 2.9, 0.3),),
            visit_reason="Thyroid review",
            panels=("thyroid",),
        ),
        Condition(
            "kidney",
            "Chronic kidney disease stage 3",
            "433144002",
            "N18.30",
            (),
            (Course("creatinine", 1.42, 1.58, 0.05), Course("potassium", 4.7, 5.0, 0.15)),
            systolic=8,
            visit_reason="Kidney function review",
        ),
        Condition(
            "anaemia",
            "Iron deficiency anaemia",
            "87522002",
            "D50.9",
            (Prescription("Ferrous sulfate 325 mg", "24947", "325 mg once daily"),),
            (Course("haemoglobin", 9.8, 12.4, 0.2), Course("ferritin", 8, 38, 3)),
            visit_reason="Tiredness",
            panels=("blood-count", "iron"),
        ),
        Condition(
            "asthma",
            "Asthma",
            "195967001",
            "J45.909",
            (Prescription("Salbutamol inhaler 100 microgram", "435", "2 puffs as needed"),),
            visit_reason="Asthma review",
            panels=(),
        ),
        Condition(
            "migraine",
            "Migraine",
            "37796009",
            "G43.909",
            (Prescription("Sumatriptan 50 mg", "37418", "50 mg at onset"),),
            visit_reason="Migraine",
            panels=(),
        ),
        Condition(
            "reflux",
            "Gastro-oesophageal reflux disease",
            "235595009",
            "K21.9",
            (Prescription("Omeprazole 20 mg", "7646", "20 mg once daily"),),
            visit_reason="Heartburn",
            panels=("blood-count",),
        ),
        Condition(
            "knee",
            "Osteoarthritis of knee",
            "239873007",
            "M17.9",
            (Prescription("Paracetamol 1,000 mg", "161", "1,000 mg up to four times daily"),),
            visit_reason="Knee pain",
            panels=(),
        ),
    )
}

ALLERGIES = (
    ("Penicillin", "91936005", "Anaphylaxis", "high"),
    ("Latex", "111088007", "Contact rash", "low"),
    ("Sulfonamide", "91939003", "Rash", "low"),
    ("Peanut", "91935009", "Swelling of lips", "high"),
    ("Aspirin", "293586001", "Wheezing", "high"),
)
"""Substance as people say it, SNOMED CT code, reaction, criticality."""

NO_KNOWN_ALLERGY = "716186003"
"""SNOMED CT: No known allergy (situation)."""
