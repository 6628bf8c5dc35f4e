"""One input for every task: invented, short, and enough for an answer."""

from __future__ import annotations

from typing import Any

NOTE = "Cough for three days, no fever. Takes lisinopril 10 mg daily. Lungs clear on the left."

REPORT = "Sodium  139  mmol/L  136 - 145\nPotassium  4.1  mmol/L  3.5 - 5.1"

CHART = {
    "resourceType": "Bundle",
    "type": "collection",
    "entry": [
        {
            "resource": {
                "resourceType": "Condition",
                "subject": {"reference": "Patient/p1"},
                "code": {"text": "Hypertension"},
                "onsetDateTime": "2019-04-02",
            }
        }
    ],
}

SAMPLES: dict[str, dict[str, Any]] = {
    "document-analysis": {
        "text": "Sodium  139  mmol/L  136 - 145\nPotassium  4.1  mmol/L  3.5 - 5.1"
    },
    "lab-results": {"text": "Sodium  139  mmol/L  136 - 145\nPotassium  4.1  mmol/L  3.5 - 5.1"},
    "drug-interactions": {"medications": ["warfarin", {"name": "ibuprofen"}], "allergies": []},
    "prescription": {"text": "Amoxicillin 500 mg by mouth three times a day for 7 days"},
    "health-risk": {"calculator": "BMI", "inputs": {"weight_kg": 80, "height_m": 1.8}},
    "symptom-analysis": {"text": "Runny nose since yesterday", "age": 30},
    "medical-coding": {"text": NOTE},
    "radiology-report": {"text": "No focal consolidation. Heart size normal."},
    "appointment-summary": {"dialogue": "Doctor: What brings you? Patient: A cough, no fever."},
    "patient-chat": {"messages": [{"role": "patient", "text": "When is my next visit?"}]},
    "health-tutor": {"term": "hypertension"},
    "decision-support": {"bundle": CHART},
    "treatment-plan": {"bundle": CHART},
    "literature-search": {
        "question": "Does honey help a cough?",
        "corpus": [{"id": "a1", "title": "Honey", "text": "Honey helped a cough in children."}],
    },
    "translation": {"text": "Take with food.", "source": "en", "target": "es"},
    "text-classification": {"text": "I need a new appointment"},
    "sentiment": {"text": "Thank you for the kind care"},
    "entities": {"text": NOTE},
}
"""Tasks about pictures, recordings and numbers are not among them."""
