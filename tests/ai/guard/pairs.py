"""Makes pairs of a faithful answer and the same with one thing changed, for many tasks.

Two halves share no wording: the guard was tuned to one, the other tells what that is worth.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec

from careflow.ai.asking import given_of, task_named
from careflow.ai.context import as_shown
from careflow.ai.guard.check import checked, input_findings
from careflow.ai.prompt import data_of, prompt_of
from careflow.ai.record_shown import of_bundle
from careflow.ai.task import AbstainedError, Given, Passage
from careflow.ai.wire import said_in
from tests.ai.guard.bank import Bank, dialogue
from tests.ai.guard.papers_said import codings, prescriptions, radiology
from tests.ai.guard.wording import Fact

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Pair:
    """A source, what may be said of it, and the same with one change of a kind."""

    task: str
    kind: str
    data: Json
    faithful: Json
    changed: Json
    record: tuple[Passage, ...] = ()


def pairs(*, held_out: bool, count: int, seed: int = 7) -> Iterator[Pair]:
    """Yield about so many pairs of each task."""
    pick = random.Random(f"{seed}{held_out}")
    for number in range(count):
        for make in (_summary, _chat, _entities, _support, _plan, _literature, _advice):
            spanish = number % 4 == 3
            yield from make(Bank(pick, held_out=held_out, spanish=spanish), pick)
        for draw in (prescriptions, radiology, codings):
            yield from (Pair(*one) for one in draw(pick, held_out=held_out))


def given_by(pair: Pair) -> Given:
    """Return what a model is shown of a pair's input."""
    task = task_named(pair.task)
    given = of_bundle(task, given_of(task, pair.data), today=date(2026, 11, 24))
    shown = as_shown(given)
    return replace(shown, record=pair.record) if pair.record else shown


def findings(pair: Pair, answer: Json) -> list[str]:
    """Return what the guard says of an answer; ``held`` where it is not used at all."""
    task, given = task_named(pair.task), given_by(pair)
    _, text = data_of(task, given, secret=b"secret")
    reply = msgspec.json.encode({"answer": answer, "cannot_say": None}).decode()
    said = said_in(reply, task.wire or task.output, text)
    prompt = prompt_of(task.name).text
    try:
        found = checked(task, said.output, given, prompt=prompt, odd=input_findings(given))
    except AbstainedError as error:
        return [f"held: {error.code}"]
    return [f"{one.kind} {one.place}: {one.said}" for one in found]


# --- tasks over facts ----------------------------------------------------------------------


def _draw(bank: Bank, pick: random.Random) -> tuple[list[Fact], list[str], list[str]]:
    facts = bank.facts()
    pick.shuffle(facts)
    said = [one.answer(pick) for one in facts]
    return facts, [one.source(pick) for one in facts], said


def _swaps(
    facts: list[Fact], said: list[str], pick: random.Random
) -> Iterator[tuple[str, int, str]]:
    every = [
        (kind, at, text)
        for at, fact in enumerate(facts)
        for kind, text in fact.changes(pick).items()
        if text.casefold() != said[at].casefold()
    ]
    yield from pick.sample(every, min(4, len(every)))


def _summary(bank: Bank, pick: random.Random) -> Iterator[Pair]:
    facts, sources, said = _draw(bank, pick)
    text = dialogue(sources) if pick.random() < 0.5 else " ".join(sources)

    def note(lines: list[str]) -> Json:
        quarter = max(1, len(lines) // 4)
        parts = [lines[:quarter], lines[quarter : 2 * quarter], lines[2 * quarter : 3 * quarter],
                 lines[3 * quarter :]]  # fmt: skip
        names = ("subjective", "objective", "assessment", "plan")
        claims = [{"text": one, "spans": [source]}
                  for one, source in zip(lines, sources, strict=True)]  # fmt: skip
        return {
            "sections": {name: " ".join(part) for name, part in zip(names, parts, strict=True)},
            "claims": claims,
        }

    for kind, at, wrong in _swaps(facts, said, pick):
        yield Pair("appointment-summary", kind, {"dialogue": text}, note(said),
                   note([*said[:at], wrong, *said[at + 1 :]]))  # fmt: skip


_OPEN_EN = ("Here is what your record says.", "Your record shows this:", "From your chart:")
_OPEN_ES = ("Esto dice su expediente.", "Según su historia clínica:")


def _chat(bank: Bank, pick: random.Random) -> Iterator[Pair]:
    facts, sources, said = _draw(bank, pick)
    kinds = {"medicine": "Medicine", "allergy": "Allergy", "lab": "Result", "date": "Visit"}
    record = tuple(
        Passage(f"Observation/{number}", f"{kinds.get(fact.name, 'Note')}: {source}")
        for number, (fact, source) in enumerate(zip(facts, sources, strict=True))
    )
    asks = "¿Qué dice mi expediente?" if bank.spanish else "What does my record say about me?"
    data = {"messages": [{"role": "patient", "text": asks}], "patient": "p1"}
    opening = pick.choice(_OPEN_ES if bank.spanish else _OPEN_EN)
    few = pick.sample(range(len(facts)), 3)

    def answer(lines: list[str]) -> Json:
        text = " ".join([opening, *(lines[at] for at in few)])
        cited = [{"source": f"Observation/{at}", "text": sources[at]} for at in few]
        return {"answer": text, "citations": cited, "escalation": None}

    for kind, at, wrong in _swaps([facts[at] for at in few], [said[at] for at in few], pick):
        place = few[at]
        changed = answer([*said[:place], wrong, *said[place + 1 :]])
        yield Pair("patient-chat", kind, data, answer(said), changed, record)


def _entities(bank: Bank, pick: random.Random) -> Iterator[Pair]:
    facts, sources, _ = _draw(bank, pick)
    text = " ".join(sources)
    found: list[Json] = []
    wrong: list[tuple[str, int, Json]] = []
    for fact in facts:
        slots = fact.slots
        if fact.name == "symptom" and text.count(str(slots["what"])) == 1:
            denied = not any(fact.answers[0] == one for one in _there(bank))
            one = {"text": slots["what"], "type": "problem", "span": slots["what"],
                   "negated": denied}  # fmt: skip
            wrong.append(("negation", len(found), {**one, "negated": not denied}))
            found.append(one)
        if fact.name == "medicine":
            one = {"text": f"{slots['drug']} {slots['dose']} mg", "type": "medicine",
                   "span": slots["drug"], "negated": False}  # fmt: skip
            wrong.append(("dose", len(found), {**one, "text": f"{slots['drug']} 7 mg"}))
            wrong.append(
                ("unit", len(found), {**one, "text": f"{slots['drug']} {slots['dose']} mcg"})
            )
            found.append(one)
        if fact.name == "side" and not bank.spanish and f"{slots['side']} {slots['part']}" in text:
            one = {"text": f"{slots['side']} {slots['part']}", "type": "body",
                   "span": f"{slots['side']} {slots['part']}", "negated": False}  # fmt: skip
            other = "right" if slots["side"] == "left" else "left"
            wrong.append(("side", len(found), {**one, "text": f"{other} {slots['part']}"}))
            found.append(one)
    for kind, at, each in pick.sample(wrong, min(4, len(wrong))):
        yield Pair("entities", kind, {"text": text}, {"entities": found},
                   {"entities": [*found[:at], each, *found[at + 1 :]]})  # fmt: skip


def _there(bank: Bank) -> tuple[str, ...]:
    return Bank(random.Random(1), held_out=bank.held_out, spanish=bank.spanish)._present().answers


def _resources(facts: list[Fact], bank: Bank, pick: random.Random) -> list[Json]:
    found: list[Json] = [
        {"resourceType": "Condition", "id": "c1", "code": {"text": "Hypertension"},
         "onsetDateTime": "2019-04-02"},
        {"resourceType": "AllergyIntolerance", "id": "a1", "code": {"text": "Penicillin"}},
    ]  # fmt: skip
    for number, fact in enumerate(facts):
        slots = fact.slots
        if fact.name == "medicine":
            dosage: Json = {"text": f"{slots['dose']} mg {slots['often']}"}
            if pick.random() < 0.5:
                dosage = {
                    "doseAndRate": [{"doseQuantity": {"value": slots["dose"], "unit": "mg"}}],
                    "timing": {"repeat": {"frequency": int(slots["key"]), "period": 1,
                                          "periodUnit": "d"}},
                }  # fmt: skip
            found.append(
                {"resourceType": "MedicationRequest", "id": f"m{number}", "status": "active",
                 "medicationCodeableConcept": {"text": slots["drug"]},
                 "dosageInstruction": [dosage], "authoredOn": "2026-02-03"}
            )  # fmt: skip
        if fact.name == "lab":
            found.append(
                {"resourceType": "Observation", "id": f"o{number}", "status": "final",
                 "code": {"text": slots["name"]}, "effectiveDateTime": "2026-05-06",
                 "valueQuantity": {"value": Decimal(str(slots["value"])), "unit": slots["unit"]}}
            )  # fmt: skip
    return found


def _support(bank: Bank, pick: random.Random) -> Iterator[Pair]:
    yield from _from_chart("decision-support", bank, pick)


def _plan(bank: Bank, pick: random.Random) -> Iterator[Pair]:
    yield from _from_chart("treatment-plan", bank, pick)


def _from_chart(task: str, bank: Bank, pick: random.Random) -> Iterator[Pair]:
    if bank.spanish:
        return
    facts, _, _ = _draw(bank, pick)
    chart = _resources(facts, bank, pick)
    bundle = {"resourceType": "Bundle", "type": "collection",
              "entry": [{"resource": one} for one in chart]}  # fmt: skip
    usable = [one for one in facts if one.name in {"medicine", "lab"}]
    said = [one.answer(pick) for one in usable]

    def answer(lines: list[str]) -> Json:
        first = "Hypertension since 2019: review blood pressure control."
        if task == "treatment-plan":
            return {"goals": [first], "activities": lines, "monitoring": ["Check adherence."],
                    "open_questions": ["Is home blood pressure measured?"]}  # fmt: skip
        cards = [{"summary": "Known allergy", "detail": "Allergy to penicillin is recorded.",
                  "source": "AllergyIntolerance/a1", "suggestion": None}]  # fmt: skip
        fixed = {"summary": "In the chart", "source": "chart", "suggestion": "Review it."}
        return {"cards": cards + [{**fixed, "detail": one} for one in lines]}

    for kind, at, wrong in _swaps(usable, said, pick):
        yield Pair(task, kind, {"bundle": bundle}, answer(said),
                   answer([*said[:at], wrong, *said[at + 1 :]]))  # fmt: skip


_TRIALS = (
    ("Honey reduced cough frequency in {n} children over {d} days; no serious harm was seen.",
     "In {n} children, honey reduced cough over {d} days.",
     "No serious harm was seen.", "Serious harm was seen."),
    ("Among {n} adults, walking lowered systolic pressure by {d} mmHg compared with rest.",
     "Walking lowered systolic pressure by {d} mmHg ({n} adults).",
     "Walking was compared with rest.", "Walking did not lower systolic pressure."),
)  # fmt: skip


def _literature(bank: Bank, pick: random.Random) -> Iterator[Pair]:
    source, said, also, turned = pick.choice(_TRIALS)
    slots = {"n": pick.randrange(40, 400), "d": pick.choice([3, 5, 7])}
    text = source.format(**slots)
    data = {"question": "What helps?", "corpus": [{"id": "a1", "title": "Trial", "text": text}]}

    def answer(line: str, more: str) -> Json:
        hit = {"id": "a1", "title": "Trial", "score": 0.9, "passage": text}
        return {"hits": [hit], "answer": f"{line} {more}",
                "citations": [{"source": "a1", "text": text}]}  # fmt: skip

    right = answer(said.format(**slots), also)
    for kind, slot in (("number", {"n": slots["n"] + 31}), ("unit", {"d": slots["d"] + 8})):
        yield Pair("literature-search", kind, data, right,
                   answer(said.format(**{**slots, **slot}), also))  # fmt: skip
    yield Pair("literature-search", "negation", data, right, answer(said.format(**slots), turned))


_ADVICE = (
    ("Runny nose and mild cough for {n} days, no fever",
     "Rest, drink enough, and see someone if it lasts. You wrote of {n} days without fever."),
    ("My left ankle hurts since I twisted it {n} days ago, I can walk",
     "Rest the left ankle. It has hurt for {n} days; have it seen if walking gets harder."),
)  # fmt: skip


def _advice(bank: Bank, pick: random.Random) -> Iterator[Pair]:
    text, advice = pick.choice(_ADVICE)
    days = pick.choice([2, 3, 4])

    def answer(line: str) -> Json:
        return {"level": "routine", "red_flags": [], "advice": line, "questions": []}

    right = answer(advice.format(n=days))
    data = {"text": text.format(n=days)}
    yield Pair("symptom-analysis", "number", data, right, answer(advice.format(n=days + 5)))
    more = " Take 800 mg of ibuprofen every 4 hours."
    yield Pair("symptom-analysis", "drug", data, right, answer(advice.format(n=days) + more))
