"""Looks at what patients answered, one answer at a time: accepted into the chart, or left out.

An answer stays in the QuestionnaireResponse as it was given, with what came of it beside it. An
edge: each step is one commit of the answer, the entry and its Provenance.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Final

from careflow.clock import Clock, instant_text
from careflow.database.conditions import SortKey, TermIn
from careflow.database.documents import Documents, Query
from careflow.database.scope import AccessScope
from careflow.database.work import Work
from careflow.errors import ConflictError, NotFoundError
from careflow.identity.access import scope_of
from careflow.identity.actor import Actor
from careflow.records.directory import Directory
from careflow.records.elements import Json, decoded, reference_id
from careflow.records.intake.answering import AWAITS, TAG_SYSTEM
from careflow.records.intake.chart_entries import entry_of, with_phone
from careflow.records.intake.forms import Target, form_of
from careflow.records.person import PatientLine
from careflow.records.store import Records

REVIEW: Final = "urn:careflow:intake:review"
_KIND: Final = "QuestionnaireResponse"
_PART: Final = "http://terminology.hl7.org/CodeSystem/provenance-participant-type"
_SHOWN: Final = 200


class NoSuchAnswerError(NotFoundError):
    """The form holds no such answer."""

    code: ClassVar[str] = "records-no-such-answer"

    def __init__(self) -> None:
        super().__init__("There is no such answer.")


class AnswerSettledError(ConflictError):
    """Somebody has looked at the answer already."""

    code: ClassVar[str] = "records-answer-settled"

    def __init__(self) -> None:
        super().__init__("This answer was looked at already: reload to see what came of it.")


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer and what came of it.

    Attributes:
        key: Names it within its form: ``allergies.0``.
        made: The entry it became, as a reference.
    """

    key: str
    question: str
    text: str
    target: Target
    state: str
    by: str | None
    at: str | None
    made: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Filled:
    """A form that somebody filled in."""

    id: str
    version: int
    patient: PatientLine
    visit: str | None
    authored: str
    answers: list[Answer]

    @property
    def waiting(self) -> int:
        """Return how many answers nobody has looked at."""
        return sum(one.state == "waiting" for one in self.answers)


@dataclass(frozen=True, slots=True)
class IntakeReviews:
    """The answers of one clinic's patients."""

    documents: Documents
    directory: Directory
    records: Records
    clock: Clock

    async def waiting(self, scope: AccessScope, *, patient: str | None = None) -> list[Filled]:
        """Return the forms that hold an answer nobody has looked at, the oldest first."""
        asked = [TermIn("_tag", (f"{TAG_SYSTEM}|{AWAITS}",))]
        if patient is not None:
            asked.append(TermIn("subject", (f"Patient/{patient}",)))
        query = Query(_KIND, tuple(asked), sort=(SortKey("authored"),), count=_SHOWN)
        page = await self.documents.find(query, scope)
        found = [(decoded(one), one.version) for one in page.documents]
        lines = await self.directory.lines({_patient(body) for body, _ in found}, scope)
        return [_filled(body, version, lines[_patient(body)]) for body, version in found]

    async def read(self, id: str, scope: AccessScope) -> Filled:
        """Return one form."""
        document = await self.records.read(_KIND, id, scope)
        body = decoded(document)
        return _filled(body, document.version, await self.directory.line(_patient(body), scope))

    async def accept(self, id: str, key: str, *, actor: Actor, text: str | None = None) -> Filled:
        """Take one answer into the chart, in the reviewer's words if they changed them.

        Raises:
            AnswerSettledError: Somebody has looked at it already.
        """
        async with Work(self.documents) as work:
            body, version, answer, target = await self._open(id, key, actor)
            patient, at = _patient(body), self.clock()
            words = text or str(answer["valueString"])
            made = await self._stage_entry(work, target, words, patient, actor, at)
            if made is not None:
                provenance = _provenance(made, id, actor, at)
                await self.records.create(work, provenance, actor=actor)
            await self._settle(work, body, version, answer, "accepted", actor, made=made)
        return await self.read(id, scope_of(actor))

    async def decline(self, id: str, key: str, *, actor: Actor, reason: str) -> Filled:
        """Leave one answer out of the chart, and say why."""
        async with Work(self.documents) as work:
            body, version, answer, _ = await self._open(id, key, actor)
            await self._settle(work, body, version, answer, "declined", actor, reason=reason)
        return await self.read(id, scope_of(actor))

    async def _open(self, id: str, key: str, actor: Actor) -> tuple[Json, int, Json, Target]:
        document = await self.records.read(_KIND, id, scope_of(actor))
        body = decoded(document)
        question, _, number = key.rpartition(".")
        for item in body.get("item", ()):
            answers = item.get("answer", ())
            if item["linkId"] == question and number.isdigit() and int(number) < len(answers):
                answer = answers[int(number)]
                if _review(answer):
                    raise AnswerSettledError
                return body, document.version, answer, _targets(body).get(question, "none")
        raise NoSuchAnswerError

    async def _stage_entry(
        self, work: Work, target: Target, text: str, patient: str, actor: Actor, at: datetime
    ) -> str | None:
        """Stage what the answer becomes; return its reference."""
        if target == "phone":
            stored = await self.records.read("Patient", patient, scope_of(actor))
            changed = with_phone(decoded(stored), text, at=at)
            if changed is not None:
                await self.records.update(
                    work, changed, actor=actor, id=patient, expected=stored.version
                )
            return f"Patient/{patient}"
        entry = entry_of(target, text, patient=patient, at=at)
        if entry is None:
            return None
        staged = await self.records.create(work, entry, actor=actor)
        return f"{entry['resourceType']}/{staged.change.id}"

    async def _settle(
        self,
        work: Work,
        body: Json,
        version: int,
        answer: Json,
        state: str,
        actor: Actor,
        *,
        made: str | None = None,
        reason: str | None = None,
    ) -> None:
        parts: list[Json] = [
            {"url": "state", "valueCode": state},
            {"url": "by", "valueString": actor.name},
            {"url": "at", "valueInstant": instant_text(self.clock())},
        ]
        if made:
            parts.append({"url": "made", "valueReference": {"reference": made}})
        if reason:
            parts.append({"url": "reason", "valueString": reason})
        answer["extension"] = [{"url": REVIEW, "extension": parts}]
        if all(_review(one) for item in body["item"] for one in item.get("answer", ())):
            tags = [one for one in body["meta"].get("tag", ()) if one.get("code") != AWAITS]
            body["meta"] = {**body["meta"], "tag": tags}
            if not tags:
                del body["meta"]["tag"]
        await self.records.update(work, body, actor=actor, id=body["id"], expected=version)


def _filled(body: Json, version: int, patient: PatientLine) -> Filled:
    targets = _targets(body)
    visit = next(
        (
            reference_id(one.get("valueReference"), "Appointment")
            for one in body.get("extension", ())
            if one.get("url") == "urn:careflow:intake:visit"
        ),
        None,
    )
    answers = [
        _answer(item, number, targets)
        for item in body.get("item", ())
        for number in range(len(item.get("answer", ())))
    ]
    return Filled(body["id"], version, patient, visit, body["authored"], answers)


def _answer(item: Json, number: int, targets: dict[str, Target]) -> Answer:
    answer = item["answer"][number]
    review = _review(answer)
    return Answer(
        key=f"{item['linkId']}.{number}",
        question=str(item.get("text") or item["linkId"]),
        text=answer["valueString"],
        target=targets.get(item["linkId"], "none"),
        state=review.get("state", "waiting"),
        by=review.get("by"),
        at=review.get("at"),
        made=review.get("made"),
        reason=review.get("reason"),
    )


def _review(answer: Json) -> dict[str, str]:
    """Return what came of an answer, nothing if nobody has looked at it."""
    ours = [one for one in answer.get("extension", ()) if one.get("url") == REVIEW]
    found: dict[str, str] = {}
    for part in ours[0]["extension"] if ours else ():
        values = [value for name, value in part.items() if name != "url"]
        if values:
            value = values[0]
            found[part["url"]] = value["reference"] if isinstance(value, dict) else str(value)
    return found


def _targets(body: Json) -> dict[str, Target]:
    form = form_of(str(body.get("questionnaire", "")))
    return {one.id: one.target for one in form.questions} if form else {}


def _patient(body: Json) -> str:
    return reference_id(body.get("subject"), "Patient") or ""


def _provenance(made: str, id: str, actor: Actor, at: datetime) -> dict[str, Any]:
    """Return that a person took an entry from what the patient had answered."""
    who: Json = {"display": actor.name}
    if actor.practitioner_id:
        who["reference"] = f"Practitioner/{actor.practitioner_id}"
    return {
        "resourceType": "Provenance",
        "target": [{"reference": made}],
        "recorded": instant_text(at),
        "agent": [{"type": {"coding": [{"system": _PART, "code": "verifier"}]}, "who": who}],
        "entity": [{"role": "source", "what": {"reference": f"{_KIND}/{id}"}}],
    }
