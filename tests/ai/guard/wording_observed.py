"""Facts of visits: sides, measures, times, allergies, in many wordings."""

from __future__ import annotations

from typing import Any

from tests.ai.guard.wording import MESES, MONTHS, Drawn, Fact, Slots


class Observed(Drawn):
    """Draws what was seen, measured and agreed at a visit."""

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
        names = MESES if self.spanish else MONTHS
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
