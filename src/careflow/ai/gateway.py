"""The life of a task: what it may see, an engine that may serve it, and the guard over its answer.

context → route → policy → privacy → engine (governed) → identifiers back → guard. Whatever leaves
the machine has passed the privacy gateway, or the task does not run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Protocol, TypeVar, cast

from careflow import clock as wall
from careflow.ai.call import Call, DataClass, Priority
from careflow.ai.context import Reader, as_shown, gathered, passages_given
from careflow.ai.draft import Maker, Source
from careflow.ai.engine import Answer, Engine, Serving
from careflow.ai.finding import Finding
from careflow.ai.governor.breaker import BreakerOpenError
from careflow.ai.governor.budget import BudgetSpentError
from careflow.ai.governor.ledger import QuotaBusyError
from careflow.ai.governor.prices import PriceUnknownError
from careflow.ai.governor.quota import QuotaForTodayError
from careflow.ai.guard.check import checked, input_findings
from careflow.ai.guard.enough import require_enough
from careflow.ai.guard.knowledge import ClinicTables, raised
from careflow.ai.guard.notice import notice_of
from careflow.ai.guard.uploads import cleaned, fit_to_show
from careflow.ai.leaving import Privacy, PrivacyRefusedError, Redacted
from careflow.ai.model import (
    AnswerUnusableError,
    ModelRefusedError,
    ModelRetiredError,
    ModelUnreachableError,
    RateLimitedError,
)
from careflow.ai.patient_facts import PatientFacts, facts_in_bundle
from careflow.ai.policy import BlockedByPolicyError, Policy, Rule
from careflow.ai.progress import SILENT, Progress
from careflow.ai.prompt import prompt_of
from careflow.ai.record_shown import of_bundle
from careflow.ai.restoring import restored
from careflow.ai.runs import Ending, Run, Runs
from careflow.ai.task import (
    AbstainedError,
    Given,
    NoEngineError,
    Span,
    Task,
    TooLargeToSendError,
)
from careflow.clock import Clock
from careflow.errors import CareFlowError

O = TypeVar("O")  # noqa: E741 - output


NEXT_ENGINE: tuple[type[CareFlowError], ...] = (
    AnswerUnusableError,
    BreakerOpenError,
    BudgetSpentError,
    PriceUnknownError,
    QuotaBusyError,
    QuotaForTodayError,
    RateLimitedError,
    ModelRetiredError,
    ModelUnreachableError,
    ModelRefusedError,
    PrivacyRefusedError,
    TooLargeToSendError,
)
"""Endings after which the next engine that the policy allows is asked; all others are final."""


class Switches(Protocol):
    """What people have switched off."""

    async def why_off(self, task: str, engine: str) -> str | None:
        """Return why a task or an engine is off now, or ``None`` if it is not."""
        ...


class NothingOff:
    """No switch: for a command line without a database."""

    async def why_off(self, task: str, engine: str) -> str | None:  # noqa: ARG002 - the port's
        """Return ``None``."""
        return None


class Attestations(Protocol):
    """Keeps which rows of the policy patients' data were sent by."""

    async def keep(self, rule: Rule) -> None:
        """Keep a row before the first call that rests on it, or raise; then nothing leaves."""
        ...


@dataclass(slots=True)
class _Trace:
    """What became of a run so far."""

    begun: datetime
    engine: str | None = None
    redacted: Mapping[str, int] = field(default_factory=dict)


def _ending(error: BaseException) -> Ending:
    if isinstance(error, BlockedByPolicyError):
        return "blocked"
    return "abstained" if isinstance(error, (AbstainedError, NoEngineError)) else "failed"


class Patients(Protocol):
    """Tells the policy about a patient."""

    async def facts(self, patient: str, organisation: str) -> PatientFacts:
        """Return the patient's age and whether they take part in AI processing."""
        ...


@dataclass(frozen=True, slots=True)
class Gateway:
    """Answers tasks by the engines that can and may, in order of preference.

    Attributes:
        data: The most harmful data that is held here.
        privacy: Without it, only rules and tables of this machine are asked.
        knowledge: Tables and rules that no model overrules.
        clinic: The clinic's name, for patients who want to reach a person.
    """

    engines: Sequence[Engine]
    reader: Reader
    data: DataClass = "identifiable"
    privacy: Privacy | None = None
    policy: Policy = field(default_factory=Policy)
    switches: Switches = field(default_factory=NothingOff)
    patients: Patients | None = None
    runs: Runs | None = None
    attestations: Attestations | None = None
    knowledge: ClinicTables = field(default_factory=ClinicTables)
    clinic: str = ""
    clock: Clock = wall.now

    async def call(
        self,
        task: Task[Any],
        *,
        organisation: str,
        actor: str,
        patient: str | None = None,
        priority: Priority = "waiting",
        progress: Progress = SILENT,
    ) -> Call:
        """Return a call as this platform's data and the patient's facts make it."""
        facts = PatientFacts()
        if patient is not None and self.patients is not None:
            facts = await self.patients.facts(patient, organisation)
        return Call(
            organisation=organisation,
            actor=actor,
            task=task.name,
            data=self.data,
            audience=task.audience,
            priority=priority,
            patient=patient,
            age_years=facts.age_years,
            consents=facts.consents,
            progress=progress,
        )

    def serving(self, name: str) -> list[Serving]:
        """Report for every engine whether it can run the task now."""
        return [engine.serving(name) for engine in self.engines]

    async def answer(self, task: Task[O], given: Given, call: Call) -> Answer[O]:
        """Run a task on the first engine that can and may, and check what it says.

        Raises:
            BlockedByPolicyError: No engine may do this; nothing has left.
            NoEngineError: No engine can do it now; there is no answer rather than a filler.
            AbstainedError: The engine cannot say.
            careflow.errors.CareFlowError: The input cannot be read.
        """
        trace = _Trace(self.clock())
        try:
            answer = await self._answered(task, given, call, trace)
        except BaseException as error:
            await self._note(call, trace, _ending(error), None)
            raise
        await self._note(call, trace, "ok", answer.made_by)
        return answer

    async def _answered(self, task: Task[O], given: Given, call: Call, trace: _Trace) -> Answer[O]:
        await call.progress.step("gathering")
        seen = await gathered(given, self.reader)
        call = _about_bundle(call, seen, today=self.clock().date())
        seen = of_bundle(task, seen, today=self.clock().date())
        at_once = self.knowledge.at_once(task, seen)
        if at_once is not None:
            # Help in an emergency waits for no engine, switch or consent: no model says it.
            return self._finished(task, at_once, seen)
        why_not: list[str] = []
        forbidden: str | None = None
        for engine in self.engines:
            reason = await self._why_not(engine, task.name)
            refusal = self.policy.refusal(task, engine.route, call) if reason is None else None
            if reason is not None or refusal is not None:
                forbidden = forbidden or refusal
                why_not += [f"{engine.name}: {reason}"] if reason else []
                continue
            trace.engine = engine.name
            try:
                return await self._ask(engine, task, seen, call, trace)
            except NEXT_ENGINE as error:
                why_not.append(f"{engine.name}: {error.message}")
        if forbidden is not None:
            raise BlockedByPolicyError(forbidden)
        raise NoEngineError("; ".join(why_not) or "no engine is configured")

    async def _note(self, call: Call, trace: _Trace, ending: Ending, made_by: Maker | None) -> None:
        if self.runs is None:
            return
        now = self.clock()
        await self.runs.note(
            Run(
                at=now.isoformat(),
                task=call.task,
                actor=call.actor,
                ending=ending,
                engine=made_by.engine if made_by else trace.engine,
                model=made_by.model if made_by else None,
                prompt=made_by.prompt if made_by else None,
                redacted=trace.redacted,
                took_ms=round((now - trace.begun).total_seconds() * 1000),
            )
        )

    async def _why_not(self, engine: Engine, task: str) -> str | None:
        report = engine.serving(task)
        if not report.available:
            return report.reason or "not available"
        if engine.route.is_guarded and self.privacy is None:
            return "there is no privacy gateway"
        return await self.switches.why_off(task, engine.name)

    async def _ask(
        self, engine: Engine, task: Task[O], given: Given, call: Call, trace: _Trace
    ) -> Answer[O]:
        if self.privacy is None or not engine.route.is_guarded:
            await call.progress.step("asking", engine=engine.name)
            answer = await engine.answer(task, given, call)
            return self._finished(task, answer, given)
        if engine.route.asks_model:
            require_enough(task, given)
        elif given.file is not None:
            # Rules read a page by where its words stand, and no page leaves.
            raise PrivacyRefusedError("pages of a file stay on this machine")
        odd = input_findings(given)
        bare = cleaned(given.text or "")
        shown = _cleaned(as_shown(given))
        await call.progress.step("privacy", engine=engine.name)
        redacted = await self.privacy.redact(task, shown, call)
        trace.redacted = redacted.counts
        await self._attest(engine, call)
        await call.progress.step("asking", engine=engine.name)
        answer = await engine.answer(task, redacted.given, call)
        await call.progress.step("checking", engine=engine.name)
        said = restored(answer.output, words=redacted.words, place=redacted.place)
        found: tuple[Finding, ...] = ()
        if engine.route.asks_model:
            found = checked(
                task,
                said,
                shown,
                prompt=prompt_of(task.name).text,
                odd=odd,
                pages=given.pages or (),
            )
        # What the guard compared stands in the cleaned text; spans go back to the text as given.
        said = restored(said, words=str, place=bare.place)
        placed = replace(given, text=given.text if given.text is not None else shown.text)
        answer = replace(
            answer,
            output=_taken(task, said, placed),
            sources=tuple(
                _brought_back(one, redacted, bare.place)
                for one in restored(answer.sources, words=redacted.words, place=redacted.place)
            ),
            findings=found,
        )
        return self._finished(task, replace(answer, redacted=redacted.counts), given)

    async def _attest(self, engine: Engine, call: Call) -> None:
        """Keep the row of the policy that patients' data are about to leave by."""
        basis = self.policy.basis(engine.route, call)
        if self.attestations is None or basis is None or call.data != "identifiable":
            return
        if engine.route.leaves_machine:
            await self.attestations.keep(basis)

    def _finished(self, task: Task[O], answer: Answer[O], given: Given) -> Answer[O]:
        """Return the answer as tables and rules leave it, with what goes along with it."""
        settled = self.knowledge.settled(answer.output, given)
        return replace(
            answer,
            output=raised(settled, self.knowledge.at_least(task, given)),
            left_out=given.left_out,
            given=passages_given(given),
            notice=notice_of(task, given, clinic=self.clinic),
        )


def _about_bundle(call: Call, given: Given, *, today: date) -> Call:
    """Return a call with the facts of the patient whose record was sent along with it."""
    bundle = getattr(given.asked, "bundle", None)
    facts = facts_in_bundle(bundle, today=today) if bundle else None
    if facts is None:
        return call
    return replace(call, age_years=facts.age_years, consents=call.consents and facts.consents)


def _cleaned(shown: Given) -> Given:
    """Return what a model is shown: no signs that nobody sees, and no words that are orders."""
    return replace(
        shown,
        text=None if shown.text is None else fit_to_show(shown.text),
        asked=restored(shown.asked, words=fit_to_show, place=lambda span: span),
        record=tuple(replace(one, text=fit_to_show(one.text)) for one in shown.record),
    )


def _brought_back(source: Source, redacted: Redacted, place: Callable[[Span], Span]) -> Source:
    """Return a source whose place in the text counts in the text as it was given."""
    if source.start is None or source.end is None:
        return source
    start, end = place(redacted.place((source.start, source.end)))
    return replace(source, start=start, end=end)


def _taken(task: Task[O], output: Any, given: Given) -> O:  # noqa: ANN401 - output or wire
    """Return the task's output, also where a model answered in the task's wire type."""
    if task.wire is not None and task.taken is not None and isinstance(output, task.wire):
        return task.taken(output, given)
    return cast("O", output)
