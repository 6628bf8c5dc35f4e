"""Facts of invented visits in many wordings: as a source writes them, and as an answer may.

Wordings behind ``||`` are of the half that is held out: the guard was never tuned to them.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Slots = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing a source says, and how an answer may say it.

    Attributes:
        slots: What stands in the wordings.
        change: Kind of change by name, each making other slots.
    """

    name: str
    slots: Slots
    sources: tuple[str, ...]
    answers: tuple[str, ...]
    changed: Mapping[str, Slots] = field(default_factory=dict)
    turned: tuple[str, ...] = ()
    """Answers that say the opposite."""

    def source(self, pick: random.Random) -> str:
        """Return the fact as a source has it."""
        return pick.choice(self.sources).format(**self.slots)

    def answer(self, pick: random.Random) -> str:
        """Return the fact as an answer may have it."""
        return pick.choice(self.answers).format(**self.slots)

    def changes(self, pick: random.Random) -> dict[str, str]:
        """Return by kind an answer that is not what the source says."""
        found = {
            kind: pick.choice(self.answers).format(**{**self.slots, **slots})
            for kind, slots in self.changed.items()
        }
        if self.turned:
            found["negation"] = pick.choice(self.turned).format(**self.slots)
        return found


def halves(written: str, *, held_out: bool) -> tuple[str, ...]:
    """Return the wordings of one half, one a line."""
    tuned, _, kept = written.strip().partition("||")
    return tuple(line.strip() for line in (kept if held_out else tuned).strip().splitlines())


OFTEN_EN = {
    "1": (("daily", "once daily", "qd", "every day"), ("once a day", "each day", "one time a day")),
    "2": (("BID", "twice daily", "two times a day", "q12h"), ("twice a day", "every 12 hours")),
    "3": (("TID", "three times daily", "q8h"), ("three times a day", "every eight hours")),
    "w": (("weekly", "once a week"), ("every week", "once weekly")),
}
OFTEN_ES = {
    "1": (("una vez al día", "cada 24 horas", "diaria"), ("una vez al dia", "a diario")),
    "2": (("dos veces al día", "cada 12 horas"), ("2 veces al día", "cada doce horas")),
    "3": (("tres veces al día", "cada 8 horas"), ("3 veces al día", "cada ocho horas")),
}
DRUGS = ("metformin", "lisinopril", "amlodipine", "atorvastatin", "sertraline", "levothyroxine",
          "omeprazole", "gabapentin", "furosemide", "warfarin", "prednisone", "losartan",
          "montelukast", "allopurinol", "tamsulosin", "carvedilol")  # fmt: skip
DRUGS_ES = ("metformina", "enalapril", "amlodipino", "atorvastatina", "sertralina", "omeprazol",
             "gabapentina", "furosemida", "losartán", "ibuprofeno")  # fmt: skip
DOSES = (5, 10, 20, 25, 40, 50, 75, 100, 150, 250, 500, 850)
SPOKEN = {5: "five", 10: "ten", 20: "twenty", 25: "twenty-five", 40: "forty", 50: "fifty",
           75: "seventy-five", 100: "one hundred", 500: "five hundred"}  # fmt: skip
SYMPTOMS = ("chest pain", "fever", "nausea", "palpitations", "night sweats", "wheezing",
             "abdominal pain", "diarrhea", "blurred vision", "leg swelling", "dysuria",
             "rash")  # fmt: skip
SYMPTOMS_ES = ("dolor de pecho", "fiebre", "náuseas", "palpitaciones", "tos", "diarrea",
                "mareos", "dolor abdominal")  # fmt: skip
PARTS = ("knee", "shoulder", "ankle", "wrist", "hip", "ear", "eye", "elbow", "foot", "hand")
PARTS_ES = (("rodilla", "a"), ("hombro", "o"), ("tobillo", "o"), ("cadera", "a"), ("mano", "a"))
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September",
           "October", "November", "December")  # fmt: skip
MESES = ("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre",
          "octubre", "noviembre", "diciembre")  # fmt: skip


class Drawn:
    """Draws words of one half in one language, none twice."""

    def __init__(self, pick: random.Random, *, held_out: bool, spanish: bool = False) -> None:
        self.pick = pick
        self.held_out = held_out
        self.spanish = spanish
        self._drugs = list(pick.sample(DRUGS_ES if spanish else DRUGS, 5))
        self._symptoms = list(pick.sample(SYMPTOMS_ES if spanish else SYMPTOMS, 6))
        self._doses = list(pick.sample(DOSES, 8))
        self._parts = list(pick.sample(PARTS_ES if spanish else PARTS, 3))

    def _of(self, english: str, spanish: str) -> tuple[str, ...]:
        return halves(spanish if self.spanish else english, held_out=self.held_out)
