"""What somebody answered, kept as a QuestionnaireResponse that waits to be looked at."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, Final

from careflow.clock import instant_text
from careflow.database.documents import Documents
from careflow.database.scope import organisation_scope
from careflow.database.work import Work
from careflow.errors import BadInputError
from careflow.identity.actor import Actor
from careflow.records.intake.forms import Form
from careflow.records.store import Records

TAG_SYSTEM: Final = "urn:careflow:intake"
AWAITS: Final = "awaits-review"
LINES_MAX: Final = 20
LINE_LENGTH_MAX: Final = 300
_PHONE = re.compile(r"^\+?[0-9 ().\-]{5,30}$")

Answers = Mapping[str, Sequence[str]]
"""Lines by question; a question that is missing was left out, one without lines means none."""


class AnswerUnusableError(BadInputError):
    """An answer that fits no question."""

    code: ClassVar[str] = "records-answer-unusable"

    def __init__(self, sentence: str, question: str) -> None:
        super().__init__(sentence, place=question)


def checked(form: Form, answers: Answers) -> dict[str, list[str]]:
    """Return the answers without empty lines, or say which cannot be used."""
    known = {one.id: one for one in form.questions}
    if unknown := answers.keys() - known.keys():
        raise AnswerUnusableError("There is no such question.", min(unknown))
    found = {id: [line.strip() for line in lines if line.strip()] for id, lines in answers.items()}
    for id, lines in found.items():
        if known[id].kind != "list" and len(lines) > 1:
            raise AnswerUnusableError("This question takes one answer.", id)
        if len(lines) > LINES_MAX or any(len(line) > LINE_LENGTH_MAX for line in lines):
            raise AnswerUnusableError("This answer is too long: say it in fewer words.", id)
        if known[id].kind == "phone" and not all(_PHONE.match(line) for line in lines):
            raise AnswerUnusableError("This is not a telephone number.", id)
    for one in form.questions:
        if one.required and not found.get(one.id):
            raise AnswerUnusableError("This question needs an answer.", one.id)
    return found


def response(
    form: Form, answers: Mapping[str, list[str]], *, patient: str, visit: str, at: datetime
) -> dict[str, Any]:
    """Return the answers as they were given; nothing of them is in the chart."""
    return {
        "resourceType": "QuestionnaireResponse",
        "meta": {"tag": [{"system": TAG_SYSTEM, "code": AWAITS}]},
        "questionnaire": form.canonical,
        "status": "completed",
        "subject": {"reference": f"Patient/{patient}"},
        "source": {"reference": f"Patient/{patient}"},
        "authored": instant_text(at),
        "extension": [
            {
                "url": "urn:careflow:intake:visit",
                "valueReference": {"reference": f"Appointment/{visit}"},
            }
        ],
        "item": [
            {
                "linkId": one.id,
                "text": one.texts["en"],
                "answer": [{"valueString": line} for line in answers[one.id]],
            }
            for one in form.questions
            if answers.get(one.id)
        ],
    }


async def stage_answers(
    work: Work,
    records: Records,
    form: Form,
    answers: Mapping[str, list[str]],
    *,
    patient: str,
    visit: str,
    at: datetime,
    actor: Actor,
) -> None:
    """Stage the answers with their visit, and the form the first time it is answered."""
    everything = organisation_scope(actor.organisation)
    questionnaire = form.questionnaire()
    if not await _is_kept(records.documents, questionnaire["id"], actor.organisation):
        await records.create(
            work, questionnaire, actor=actor, id=questionnaire["id"], scope=everything
        )
    body = response(form, answers, patient=patient, visit=visit, at=at)
    await records.create(work, body, actor=actor, scope=everything)


async def _is_kept(documents: Documents, id: str, organisation: str) -> bool:
    found = await documents.read("Questionnaire", id, organisation_scope(organisation))
    return found is not None
