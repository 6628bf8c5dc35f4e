"""The engine that ships: rules and tables on this machine, no key, no network."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from careflow.ai.call import Call
from careflow.ai.engine import Answer, Serving
from careflow.ai.patient_chat import answered_from_record
from careflow.ai.policy import LOCAL, Route
from careflow.ai.task import AbstainedError, Given, NoEngineError, Task
from careflow.ai.tasks.appointment_summary import APPOINTMENT_SUMMARY
from careflow.ai.tasks.conversation import HEALTH_TUTOR, PATIENT_CHAT
from careflow.ai.tasks.document_analysis import DOCUMENT_ANALYSIS, analysed_by_rules
from careflow.ai.tasks.drug_interactions import DRUG_INTERACTIONS, checked_by_tables
from careflow.ai.tasks.health_tutor import taught_by_glossary
from careflow.ai.tasks.lab_results import LAB_RESULTS, read_by_rules
from careflow.ai.tasks.labelling import ENTITIES, SENTIMENT, TEXT_CLASSIFICATION
from careflow.ai.tasks.medical_coding import MEDICAL_CODING, coded_by_tables
from careflow.ai.tasks.named_things import named_by_lists
from careflow.ai.tasks.sorted_messages import felt_by_words, sorted_by_words
from careflow.ai.tasks.symptom_analysis import SYMPTOM_ANALYSIS, triaged_by_rules
from careflow.ai.visit_notes import summarised_by_rules

O = TypeVar("O")  # noqa: E741 - output
_WORDS_MAX = 12_000
_PAGE_WORDS_MAX = 3_000
"""Twice the densest page of small print; looking for rows in more would hold everyone else up."""

Method = Callable[[Given], Answer[Any]]

METHODS: Mapping[str, Method] = {
    LAB_RESULTS.name: read_by_rules,
    DOCUMENT_ANALYSIS.name: analysed_by_rules,
    DRUG_INTERACTIONS.name: checked_by_tables,
    MEDICAL_CODING.name: coded_by_tables,
    TEXT_CLASSIFICATION.name: sorted_by_words,
    SENTIMENT.name: felt_by_words,
    ENTITIES.name: named_by_lists,
    SYMPTOM_ANALYSIS.name: triaged_by_rules,
    HEALTH_TUTOR.name: taught_by_glossary,
    APPOINTMENT_SUMMARY.name: summarised_by_rules,
    PATIENT_CHAT.name: answered_from_record,
}


@dataclass(frozen=True, slots=True)
class LocalEngine:
    """Runs each task's own rules, in a thread because a long report takes a while.

    Attributes:
        missing: What a task without a method waits for, where that is known.
        refused: Files of the operator's own models that are not served, and why.
    """

    methods: Mapping[str, Method] = field(default_factory=lambda: METHODS)
    missing: Mapping[str, str] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Return ``local``."""
        return "local"

    def serving(self, task: str) -> Serving:
        """Report whether there are rules for the task."""
        if task in self.methods:
            return Serving(self.name, available=True)
        reason = self.missing.get(task, "it has no rules for this task yet")
        return Serving(self.name, available=False, reason=reason)

    @property
    def route(self) -> Route:
        """Return that nothing leaves this machine and no model is asked."""
        return LOCAL

    async def answer(self, task: Task[O], given: Given, call: Call) -> Answer[O]:  # noqa: ARG002
        """Run the task's rules."""
        method = self.methods.get(task.name)
        if method is None:
            raise NoEngineError("the local engine has no rules for this task")
        _require_bounded(given)
        return cast("Answer[O]", await asyncio.to_thread(method, given))


def _require_bounded(given: Given) -> None:
    counts = [len(page.words) for page in given.pages or ()]
    if sum(counts) > _WORDS_MAX or max(counts, default=0) > _PAGE_WORDS_MAX:
        raise AbstainedError("There are too many words to be read here: send the report alone.")
