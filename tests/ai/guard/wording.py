"""Facts of invented visits in many wordings: as a source writes them, and as an answer may.

Wordings behind ``||`` are of the half that is held out: the guard was never tuned to them.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
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


_OFTEN_EN = {
    "1": (("daily", "once daily", "qd", "every day"), ("once a day", "each day", "one time a day")),
    "2": (("BID", "twice daily", "two times a day", "q12h"), ("twice a day", "every 12 hours")),
    "3": (("TID", "three times daily", "q8h"), ("three times a day", "every eight hours")),
    "w": (("weekly", "once a week"), ("every week", "once weekly")),
}
_OFTEN_ES = {
    "1": (("una vez al día", "cada 24 horas", "diaria"), ("una vez al dia", "a diario")),
    "2": (("dos veces al día", "cada 12 horas"), ("2 veces al día", "cada doce horas")),
    "3": (("tres veces al día", "cada 8 horas"), ("3 veces al día", "cada ocho horas")),
}
_DRUGS = ("metformin", "lisinopril", "amlodipine", "atorvastatin", "sertraline", "levothyroxine",
          "omeprazole", "gabapentin", "furosemide", "warfarin", "prednisone", "losartan",
          "montelukast", "allopurinol", "tamsulosin", "carvedilol")  # fmt: skip
_DRUGS_ES = ("metformina", "enalapril", "amlodipino", "atorvastatina", "sertralina", "omeprazol",
             "gabapentina", "furosemida", "losartán", "ibuprofeno")  # fmt: skip
_DOSES = (5, 10, 20, 25, 40, 50, 75, 100, 150, 250, 500, 850)
_SPOKEN = {5: "five", 10: "ten", 20: "twenty", 25: "twenty-five", 40: "forty", 50: "fifty",
           75: "seventy-five", 100: "one hundred", 500: "five hundred"}  # fmt: skip
_SYMPTOMS = ("chest pain", "fever", "nausea", "palpitations", "night sweats", "wheezing",
             "abdominal pain", "diarrhea", "blurred vision", "leg swelling", "dysuria",
             "rash")  # fmt: skip
_SYMPTOMS_ES = ("dolor de pecho", "fiebre", "náuseas", "palpitaciones", "tos", "diarrea",
                "mareos", "dolor abdominal")  # fmt: skip
_PARTS = ("knee", "shoulder", "ankle", "wrist", "hip", "ear", "eye", "elbow", "foot", "hand")
_PARTS_ES = (("rodilla", "a"), ("hombro", "o"), ("tobillo", "o"), ("cadera", "a"), ("mano", "a"))
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September",
           "October", "November", "December")  # fmt: skip
_MESES = ("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre",
          "octubre", "noviembre", "diciembre")  # fmt: skip


class Bank:
    """Draws facts of one half in one language."""

    def __init__(self, pick: random.Random, *, held_out: bool, spanish: bool = False) -> None:
        self.pick = pick
        self.held_out = held_out
        self.spanish = spanish
        self._drugs = list(pick.sample(_DRUGS_ES if spanish else _DRUGS, 5))
        self._symptoms = list(pick.sample(_SYMPTOMS_ES if spanish else _SYMPTOMS, 6))
        self._doses = list(pick.sample(_DOSES, 8))
        self._parts = list(pick.sample(_PARTS_ES if spanish else _PARTS, 3))

    def facts(self) -> list[Fact]:
        """Return the facts of one visit; no two are about the same thing."""
        kinds: list[Callable[[], Fact]] = [
            self._medicine, self._medicine, self._present, self._absent, self._absent_two,
            self._side, self._pressure, self._lab, self._onset, self._follow, self._allergy,
        ]  # fmt: skip
        chosen = kinds[:3] + self.pick.sample(kinds[3:], 5)
        return [make() for make in chosen]

    def _of(self, english: str, spanish: str) -> tuple[str, ...]:
        return halves(spanish if self.spanish else english, held_out=self.held_out)

    def _medicine(self) -> Fact:
        drug, dose = self._drugs.pop(), self._doses.pop()
        table = _OFTEN_ES if self.spanish else _OFTEN_EN
        often = self.pick.choice(["1", "2", "3"])
        other = self.pick.choice([one for one in ("1", "2", "3") if one != often])
        said = {
            "key": often,
            "drug": drug,
            "dose": dose,
            "often": self.pick.choice(sum(table[often], ())),
        }
        said["again"] = self.pick.choice(sum(table[often], ()))
        said["grams"] = f"{dose / 1000:g}"
        said["spoken"] = _SPOKEN.get(dose, str(dose))
        changed: dict[str, Slots] = {
            "dose": {"dose": dose * 2 if dose != 50 else 60, "grams": f"{dose / 100:g}",
                     "spoken": "sixteen"},
            "drug": {"drug": self._drugs.pop()},
            "frequency": {"again": self.pick.choice(sum(table[other], ()))},
        }  # fmt: skip
        sources = self._of(
            """
            Takes {drug} {dose} mg {often}.
            {drug} {dose}mg {often}
            Continue {drug} {dose} mg by mouth {often}.
            She has been on {drug} {dose} milligrams {often} since last year.
            ||
            Current medication: {drug} {dose} mg {often}
            He was told to take {drug}, {dose} mg, {often}, with food.
            Home meds include {drug} at {dose} mg {often}.
            """,
            """
            Toma {drug} {dose} mg {often}.
            Tratamiento: {drug} {dose} mg {often}
            ||
            Se le indicó {drug} de {dose} mg {often}.
            Continúa con {drug} {dose} miligramos {often}.
            """,
        )
        answers = self._of(
            """
            The patient takes {drug} {dose} mg {again}.
            {drug} {dose} milligrams {again}
            Medication: {drug} {dose} mg, {again}.
            You take {spoken} milligrams of {drug} {again}.
            ||
            On {drug} {dose} mg {again}, tolerated.
            Dose of {drug}: {dose} mg {again}.
            {drug}, {grams} g {again}
            """,
            """
            El paciente toma {drug} {dose} mg {again}.
            {drug} {dose} mg, {again}
            ||
            Medicación: {drug} {dose} miligramos {again}.
            Usa {drug} {dose} mg {again}.
            """,
        )
        return Fact("medicine", said, sources, answers, changed)

    def _present(self) -> Fact:
        return self._symptom(is_there=True)

    def _absent(self) -> Fact:
        return self._symptom(is_there=False)

    def _symptom(self, *, is_there: bool) -> Fact:
        said = {"what": self._symptoms.pop()}
        there = self._of(
            """
            Reports {what} for a while.
            Complains of {what}.
            Positive for {what}.
            ||
            {what} present since the last visit.
            She mentions {what} at times.
            """,
            """
            Refiere {what}.
            Presenta {what} desde hace tiempo.
            ||
            Se queja de {what}.
            Acude por {what}.
            """,
        )
        away = self._of(
            """
            Denies {what}.
            No {what}.
            Negative for {what}.
            ||
            Without {what}.
            There is no {what} at this time.
            He has not had {what}.
            """,
            """
            Niega {what}.
            Sin {what}.
            ||
            No presenta {what}.
            No ha tenido {what}.
            """,
        )
        mine, others = (there, away) if is_there else (away, there)
        return Fact("symptom", said, mine, mine, {}, others)

    def _absent_two(self) -> Fact:
        said = {"a": self._symptoms.pop(), "b": self._symptoms.pop()}
        sources = self._of(
            """
            Denies {a} or {b}.
            No {a}, no {b}.
            ||
            Negative for {a} and {b}.
            There has been no {a} or {b}.
            """,
            """
            Niega {a} y {b}.
            Sin {a} ni {b}.
            ||
            No refiere {a} ni {b}.
            """,
        )
        turned = self._of(
            """
            Denies {a} but reports {b}.
            No {a}. Has {b}.
            ||
            {b} is present; no {a}.
            """,
            """
            Niega {a}, pero presenta {b}.
            ||
            Refiere {b}; sin {a}.
            """,
        )
        return Fact("symptoms", said, sources, sources, {}, turned)

    def _side(self) -> Fact:
        part, side = self._parts.pop(), self.pick.choice(["left", "right"])
        other = "right" if side == "left" else "left"
        if self.spanish:
            part, end = part
            words = {"left": f"izquierd{end}", "right": f"derech{end}"}
            side, other = words[side], words[other]
        said = {"side": side, "part": part, "S": side[0].upper()}
        sources = self._of(
            """
            Pain in the {side} {part} when moving.
            {side} {part} tender on palpation.
            {S} {part} swollen, warm.
            ||
            Examination of the {side} {part} shows swelling.
            Discomfort over the {side} {part}.
            """,
            """
            Dolor en {part} {side} al moverse.
            {part} {side} inflamad{side[0]}.
            ||
            La exploración de {part} {side} muestra hinchazón.
            """.replace("inflamad{side[0]}", "con inflamación"),
        )
        answers = self._of(
            """
            {side} {part} symptoms.
            The {side} {part} is affected.
            {S} {part} complaint.
            ||
            Problem of the {side} {part}.
            Assess the {side} {part} again.
            """,
            """
            Molestia en {part} {side}.
            Afecta a {part} {side}.
            ||
            Problema de {part} {side}.
            """,
        )
        return Fact(
            "side", said, sources, answers, {"side": {"side": other, "S": other[0].upper()}}
        )

    def _pressure(self) -> Fact:
        high, low = self.pick.choice(range(104, 178, 3)), self.pick.choice(range(60, 98))
        said = {"high": high, "low": low}
        changed = {"number": {"high": high + self.pick.choice([10, 21, -9])}}
        sources = self._of(
            """
            BP {high}/{low} mmHg.
            Blood pressure today is {high}/{low}.
            ||
            Blood pressure {high} over {low}.
            BP: {high}/{low}, repeated once.
            """,
            """
            Presión arterial {high}/{low} mmHg.
            ||
            PA: {high}/{low}.
            """,
        )
        return Fact("pressure", said, sources, sources, changed)

    def _lab(self) -> Fact:
        name, unit, value, wrong = self.pick.choice(
            [
                ("potassium", "mmol/L", 4.1, "mg/dL"),
                ("creatinine", "mg/dL", 1.3, "g/dL"),
                ("hemoglobin", "g/dL", 12.6, "mg/dL"),
                ("glucose", "mg/dL", 143, "mmol/L"),
            ]
        )
        if self.spanish:
            name = {"potassium": "potasio", "creatinine": "creatinina",
                    "hemoglobin": "hemoglobina", "glucose": "glucosa"}[name]  # fmt: skip
        said = {"name": name, "unit": unit, "value": value}
        changed: dict[str, Slots] = {
            "number": {"value": round(value * 1.7, 1)},
            "unit": {"unit": wrong},
        }
        sources = self._of(
            """
            {name} {value} {unit}.
            Last {name} was {value} {unit}.
            ||
            {name}: {value} {unit} on the last panel.
            """,
            """
            {name} {value} {unit}.
            ||
            Última {name}: {value} {unit}.
            """,
        )
        return Fact("lab", said, sources, sources, changed)

    def _onset(self) -> Fact:
        month, day = self.pick.randrange(12), self.pick.randrange(1, 28)
        year = self.pick.choice([2025, 2026])
        names = _MESES if self.spanish else _MONTHS
        other = (month + 3) % 12

        def written(at: int) -> dict[str, Any]:
            order = (day, at + 1) if self.spanish else (at + 1, day)
            return {
                "long": f"{day} de {names[at]} de {year}" if self.spanish
                else f"{names[at]} {day}, {year}",
                "iso": f"{year}-{at + 1:02}-{day:02}",
                "slash": f"{order[0]}/{order[1]}/{year}",
            }  # fmt: skip

        sources = self._of(
            """
            Symptoms began on {long}.
            Seen in the emergency room on {slash}.
            ||
            Surgery took place {long}.
            First noticed {iso}.
            """,
            """
            Los síntomas comenzaron el {long}.
            ||
            Operado el {long}.
            """,
        )
        answers = self._of(
            """
            Date noted: {iso}.
            This was on {long}.
            ||
            It dates from {long}.
            Recorded for {slash}.
            """,
            """
            Fecha: {iso}.
            ||
            Fue el {long}.
            """,
        )
        return Fact("date", written(month), sources, answers, {"date": written(other)})

    def _follow(self) -> Fact:
        weeks = self.pick.choice([2, 3, 4, 6])
        said = {"n": weeks, "days": weeks * 7}
        changed = {
            "number": {"n": weeks + 5, "days": weeks * 7 + 3},
        }
        sources = self._of(
            """
            Follow up in {n} weeks.
            Return in {n} wks.
            ||
            Come back in {n} weeks.
            """,
            """
            Control en {n} semanas.
            ||
            Regresar en {n} semanas.
            """,
        )
        answers = self._of(
            """
            Follow-up in {n} weeks.
            Return visit in {days} days.
            ||
            Next visit in {n} weeks.
            """,
            """
            Seguimiento en {n} semanas.
            ||
            Próxima visita en {days} días.
            """,
        )
        return Fact("follow", said, sources, answers, changed)

    def _allergy(self) -> Fact:
        said = {"to": self.pick.choice(["penicillin", "aspirin", "codeine"])}
        if self.spanish:
            said = {"to": {"penicillin": "penicilina", "aspirin": "aspirina",
                           "codeine": "codeína"}[said["to"]]}  # fmt: skip
        sources = self._of(
            """
            Allergic to {to}.
            Allergy to {to} noted.
            ||
            {to} allergy on file.
            """,
            """
            Alergia a {to}.
            ||
            Alérgico a la {to}.
            """,
        )
        turned = self._of(
            """
            Not allergic to {to}.
            No allergy to {to}.
            ||
            Denies {to} allergy.
            """,
            """
            No es alérgico a {to}.
            ||
            Niega alergia a {to}.
            """,
        )
        return Fact("allergy", said, sources, sources, {}, turned)


def dialogue(sentences: list[str]) -> str:
    """Return sentences as a conversation."""
    who = ("Doctor", "Patient")
    return "\n".join(f"{who[number % 2]}: {one}" for number, one in enumerate(sentences))
