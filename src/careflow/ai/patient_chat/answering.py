"""``patient-chat`` by rules: what is urgent first, then what the record says, then who can help."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

import msgspec

from careflow import clock
from careflow.ai.draft import Maker
from careflow.ai.engine import Answer
from careflow.ai.patient_chat.asked import (
    Refused,
    Topic,
    asks_for_a_list,
    is_greeting,
    language_of,
    refused_of,
    term_of,
    topics_of,
)
from careflow.ai.patient_chat.facts import facts_of
from careflow.ai.patient_chat.meanings import meaning_of
from careflow.ai.patient_chat.named import medicines_named, tests_named
from careflow.ai.patient_chat.topics import TOPICS, Looking, Told, listed_conditions
from careflow.ai.task import AbstainedError, Given
from careflow.ai.tasks.conversation import ChatInput, Citation, PatientAnswer
from careflow.ai.tasks.symptom_analysis import SymptomAnalysis, SymptomInput, findings_of

CHAT_METHOD: Final = Maker("local", "record-lookup", "patient-chat/1")
_READ_MAX: Final = 4_000
"""Characters of a message that are looked at; what someone asks is shorter."""
_TOPICS_MAX: Final = 3
_RECENT: Final = 3
"""Messages of the patient in which an emergency still counts."""


def answered_from_record(
    given: Given, *, now: Callable[[], datetime] = clock.now
) -> Answer[PatientAnswer]:
    """Answer a patient's last message from their own record.

    Raises:
        AbstainedError: There is no message of the patient to answer.
    """
    said = _messages(given)
    text = said[-1]
    urgent = _urgent(said)
    if urgent.level == "emergency":
        return _of_emergency(urgent)
    look = Looking(text, language_of(text), facts_of(given.record), now())
    told, reasons = _looked_up(given, look)
    lines = list(told.sentences)
    if urgent.level == "urgent":
        lines.insert(0, urgent.advice)
        reasons.insert(0, "urgent: " + _flags(urgent))
    if told.is_critical:
        reasons.append("a result in the answer is marked as critical")
    if reasons:
        lines.append(look.say("staff"))
    cited = [*(Citation(source=one.source, text=one.text) for one in told.facts), *told.published]
    citations = list(dict.fromkeys(cited))
    return _answer(" ".join(lines), citations, "; ".join(reasons) or None)


def emergency_in(given: Given) -> Answer[PatientAnswer] | None:
    """Return what is said to a patient in danger, whatever else was asked; ``None`` if none is."""
    said = _said(given)
    urgent = _urgent(said) if said else None
    return None if urgent is None or urgent.level != "emergency" else _of_emergency(urgent)


def urgent_first(output: PatientAnswer, given: Given) -> PatientAnswer:
    """Return an answer behind the advice that the rules give to what was said."""
    said = _said(given)
    urgent = _urgent(said) if said else None
    if urgent is None or urgent.level != "urgent" or urgent.advice in output.answer:
        return output
    why = output.escalation or "urgent: " + _flags(urgent)
    answer = f"{urgent.advice} {output.answer}"
    return msgspec.structs.replace(output, answer=answer, escalation=why)


def _of_emergency(urgent: SymptomAnalysis) -> Answer[PatientAnswer]:
    return _answer(urgent.advice, [], "emergency: " + _flags(urgent))


def _answer(text: str, citations: Sequence[Citation], why: str | None) -> Answer[PatientAnswer]:
    output = PatientAnswer(answer=text, citations=tuple(citations), escalation=why)
    return Answer(output, CHAT_METHOD, usage={"citations": len(citations)})


def _said(given: Given) -> list[str]:
    asked = given.asked
    messages = asked.messages if isinstance(asked, ChatInput) else ()
    return [one.text[:_READ_MAX] for one in messages if one.role == "patient"]


def _messages(given: Given) -> list[str]:
    said = _said(given)
    if not said or not any(map(str.isalpha, said[-1])):
        raise AbstainedError("There is no question to answer: write it in a sentence.")
    return said


def _urgent(said: Sequence[str]) -> SymptomAnalysis:
    """Return what the rules say of the last message, or of an emergency shortly before."""
    language = language_of(said[-1])
    last, *before = (
        findings_of(SymptomInput(text=one, language=language)) for one in reversed(said[-_RECENT:])
    )
    return next((one for one in before if one.level == "emergency"), last)


def _flags(urgent: SymptomAnalysis) -> str:
    return ", ".join(dict.fromkeys(one.rule.partition(" (")[0] for one in urgent.red_flags))


def _looked_up(given: Given, look: Looking) -> tuple[Told, list[str]]:
    """Return what can be told, and why a person has to take over."""
    topics = _topics(look)
    refused = _refused(look, topics)
    if "others" in refused:
        return Told([look.say("others")]), ["asks about somebody else's record"]
    told = Told([look.say(one) for one in refused])
    reasons = [_REASONS[one] for one in refused]
    if topics and not given.record and getattr(given.asked, "patient", None) is None:
        told.sentences.append(look.say("no-record"))
        return told, [*reasons, "the record was not at hand"]
    if "diagnosis" in refused:
        told.add(listed_conditions(look))
    for topic in _asked_still(topics, refused, look):
        told.add(TOPICS[topic](look))
    if topics and given.left_out:
        told.sentences.append(look.say("left-out"))
    if not refused:
        _explain(told, look)
    if told.sentences:
        return told, reasons
    if is_greeting(look.text):
        return Told([look.say("hello"), look.say("can")]), []
    return Told([look.say("unsure"), look.say("can")]), ["no rule understands the question"]


def _refused(look: Looking, topics: Sequence[Topic]) -> list[Refused]:
    refused = refused_of(look.text)
    others = [one for one in topics if one != "conditions" or asks_for_a_list(look.text)]
    if "diagnosis" in refused and others and not listed_conditions(look).facts:
        refused.remove("diagnosis")  # "do I have an appointment"
    return refused


def _asked_still(
    topics: Sequence[Topic], refused: Sequence[Refused], look: Looking
) -> Sequence[Topic]:
    """Return the topics to look up: beside what is refused, only what belongs to it."""
    if "dose" in refused or "refill" in refused:
        return ["medicines"] if medicines_named(look.text) else []
    if "changes-visit" in refused:
        return ["next-visit"]
    left_out = {"conditions"} if "diagnosis" in refused else set()
    return [one for one in topics if one not in left_out][:_TOPICS_MAX]


def _explain(told: Told, look: Looking) -> None:
    term = term_of(look.text)
    meaning = meaning_of(term, look.language) if term else None
    if meaning is not None:
        told.sentences.insert(0, meaning.text)
        told.published.append(meaning.citation)


_REASONS: Final = {
    "dose": "asks for a decision about a medicine",
    "diagnosis": "asks for a diagnosis",
    "advice": "asks for advice",
    "changes-visit": "asks to change a visit",
    "refill": "asks for a refill",
}


def _topics(look: Looking) -> list[Topic]:
    topics = topics_of(look.text)
    if "results" not in topics and tests_named(look.text):
        topics.append("results")
    if not topics and medicines_named(look.text):
        topics.append("medicines")
    if "allergies" in topics and "medicines" in topics:
        topics.remove("medicines")
    return topics
