"""What the clinic's tables know, which a model may explain and never overrule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Protocol, TypeVar, cast, get_args

import msgspec

from careflow.ai.engine import Answer
from careflow.ai.guard.lab_rows import guarded
from careflow.ai.lab_report import LabReport
from careflow.ai.patient_chat import emergency_in, urgent_first
from careflow.ai.task import Given, Task
from careflow.ai.tasks.conversation import PatientAnswer
from careflow.ai.tasks.document_analysis import DocumentAnalysis
from careflow.ai.tasks.drug_interactions import (
    DrugInteractions,
    MedicationsInput,
    table_findings,
)
from careflow.ai.tasks.medical_coding import MedicalCoding
from careflow.ai.tasks.symptom_analysis import (
    Level,
    SymptomAnalysis,
    SymptomInput,
    findings_of,
)

O = TypeVar("O")  # noqa: E741 - output
S = TypeVar("S")


class Knowledge(Protocol):
    """Tables and rules that hold whatever a model says."""

    def at_least(self, task: Task[Any], given: Given) -> Level | None:
        """Return how soon the input must be acted on by rules, before any model is asked."""
        ...

    def settled(self, output: O, given: Given) -> O:
        """Return the output with what tables know in place of what a model said of it."""
        ...


class LabTables:
    """The tables of laboratory results: codes, units, flags and critical limits."""

    def at_least(self, task: Task[Any], given: Given) -> Level | None:  # noqa: ARG002 - the port's
        """Return ``None``: a laboratory table says nothing of symptoms."""
        return None

    def settled(self, output: O, given: Given) -> O:  # noqa: ARG002 - the port's
        """Return the output with every row of a report traced to the line it was read from."""
        if isinstance(output, LabReport):
            return cast("O", guarded(output))
        if isinstance(output, DocumentAnalysis):
            return cast("O", replace(output, report=guarded(output.report)))
        return output


class DrugTables:
    """The tables of interactions and allergies, which answer for every medicine they know."""

    def at_least(self, task: Task[Any], given: Given) -> Level | None:  # noqa: ARG002 - the port's
        """Return ``None``: a table of medicines says nothing of symptoms."""
        return None

    def settled(self, output: O, given: Given) -> O:
        """Return what the tables say; a model is heard only on medicines that no table knows."""
        if not isinstance(output, DrugInteractions) or not isinstance(
            given.asked, MedicationsInput
        ):
            return output
        tables = table_findings(given.asked)
        unknown = {name.casefold() for name in tables.unknown}

        def unheard(*names: str) -> bool:
            return any(name.strip().casefold() in unknown for name in names)

        pairs = [one for one in output.interactions if unheard(one.a, one.b)]
        alerts = [one for one in output.allergy_alerts if unheard(one.medication)]
        settled = DrugInteractions(
            interactions=(*tables.interactions, *_not_of_tables(pairs, tables.interactions)),
            allergy_alerts=(*tables.allergy_alerts, *_not_of_tables(alerts, tables.allergy_alerts)),
            unknown=tables.unknown,
        )
        return cast("O", settled)


def _not_of_tables(said: Sequence[S], tables: Sequence[S]) -> list[S]:
    return [one for one in said if one not in tables]


class CodeTables:
    """The list of ICD-10-CM: which codes there are, and what they are called."""

    def at_least(self, task: Task[Any], given: Given) -> Level | None:  # noqa: ARG002 - the port's
        """Return ``None``: a list of codes says nothing of symptoms."""
        return None

    def settled(self, output: O, given: Given) -> O:  # noqa: ARG002 - the port's
        """Return codes that exist alone, each by the list's name."""
        if not isinstance(output, MedicalCoding):
            return output
        # The list is read with the first code, not with the server.
        from careflow.knowledge.icd10cm import exists, title_of

        codes = tuple(
            msgspec.structs.replace(one, display=title_of(one.code))
            for one in output.codes
            if exists(one.code)
        )
        return cast("O", msgspec.structs.replace(output, codes=codes))


class SymptomRules:
    """The red flags: a model may call something more urgent than they do, never less."""

    def at_least(self, task: Task[Any], given: Given) -> Level | None:  # noqa: ARG002 - the port's
        """Return how soon the rules want someone seen who writes of symptoms."""
        if not isinstance(given.asked, SymptomInput):
            return None
        level = findings_of(given.asked).level
        return level if level in {"emergency", "urgent"} else None

    def settled(self, output: O, given: Given) -> O:
        """Return the output with the red flags that the rules found, whatever a model saw."""
        if not isinstance(output, SymptomAnalysis) or not isinstance(given.asked, SymptomInput):
            return output
        found = findings_of(given.asked)
        seen = {one.span for one in found.red_flags}
        others = tuple(one for one in output.red_flags if one.span not in seen)
        flags = (*found.red_flags, *others)
        return cast("O", msgspec.structs.replace(output, red_flags=flags))


class ChatRules:
    """The same red flags in what a patient writes to whoever answers."""

    def at_least(self, task: Task[Any], given: Given) -> Level | None:  # noqa: ARG002 - the port's
        """Return ``None``: an answer in words has no level."""
        return None

    def settled(self, output: O, given: Given) -> O:
        """Return the answer behind what the rules advise."""
        if not isinstance(output, PatientAnswer):
            return output
        return cast("O", urgent_first(output, given))


class ClinicTables:
    """All tables there are: each settles what it knows."""

    tables: tuple[Knowledge, ...] = (
        LabTables(),
        DrugTables(),
        CodeTables(),
        SymptomRules(),
        ChatRules(),
    )

    def at_once(self, task: Task[O], given: Given) -> Answer[O] | None:
        """Return what is said before any engine is asked: help, to a patient in danger."""
        if task.output is not PatientAnswer:
            return None
        return cast("Answer[O] | None", emergency_in(given))

    def at_least(self, task: Task[Any], given: Given) -> Level | None:
        """Return the most urgent level that any table or rule asks for."""
        order = get_args(Level)
        levels = [one.at_least(task, given) for one in self.tables]
        return min((level for level in levels if level is not None), key=order.index, default=None)

    def settled(self, output: O, given: Given) -> O:
        """Return the output as every table leaves it."""
        for one in self.tables:
            output = one.settled(output, given)
        return output


def raised(output: O, at_least: Level | None) -> O:
    """Return the output no calmer than the rules are; a model can raise a level, never lower it."""
    if at_least is None or not isinstance(output, SymptomAnalysis):
        return output
    order = get_args(Level)
    if order.index(output.level) <= order.index(at_least):
        return output
    return cast("O", msgspec.structs.replace(output, level=at_least))
