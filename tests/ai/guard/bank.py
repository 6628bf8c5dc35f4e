"""Draws the facts of an invented visit, its medicines and symptoms in many wordings."""

from __future__ import annotations

from collections.abc import Callable

from tests.ai.guard.wording import OFTEN_EN, OFTEN_ES, SPOKEN, Fact, Slots
from tests.ai.guard.wording_observed import Observed


class Bank(Observed):
    """Draws facts of one half in one language."""

    def facts(self) -> list[Fact]:
        """Return the facts of one visit; no two are about the same thing."""
        kinds: list[Callable[[], Fact]] = [
            self._medicine, self._medicine, self._present, self._absent, self._absent_two,
            self._side, self._pressure, self._lab, self._onset, self._follow, self._allergy,
        ]  # fmt: skip
        chosen = kinds[:3] + self.pick.sample(kinds[3:], 5)
        return [make() for make in chosen]

    def _medicine(self) -> Fact:
        drug, dose = self._drugs.pop(), self._doses.pop()
        table = OFTEN_ES if self.spanish else OFTEN_EN
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
        said["spoken"] = SPOKEN.get(dose, str(dose))
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


def dialogue(sentences: list[str]) -> str:
    """Return sentences as a conversation."""
    who = ("Doctor", "Patient")
    return "\n".join(f"{who[number % 2]}: {one}" for number, one in enumerate(sentences))
