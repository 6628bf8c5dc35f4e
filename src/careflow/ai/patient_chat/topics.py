"""What the record says on each topic that a message asks about, with what it is cited from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from careflow.ai.patient_chat.asked import Language, Topic
from careflow.ai.patient_chat.facts import Fact
from careflow.ai.patient_chat.named import (
    medicines_named,
    results_of,
    share_a_word,
    tests_named,
)
from careflow.ai.patient_chat.sentences import (
    day_in_words,
    moment_in_words,
    range_in_words,
    said,
    state_in_words,
)
from careflow.ai.tasks.conversation import Citation

_SHOWN: Final = 8
_LATEST: Final = 5
_TO_COME: Final = frozenset({"booked", "pending", "proposed", "arrived", "checked-in", None})
_NOT_CURRENT: Final = frozenset({"stopped", "completed", "cancelled", "ended", "inactive"})
_CRITICAL: Final = frozenset({"CRITICAL_LOW", "CRITICAL_HIGH"})
_OVER: Final = frozenset({"finished", "fulfilled", "completed", "arrived", None})


@dataclass(frozen=True, slots=True)
class Told:
    """Sentences, and the entries that they rest on.

    Attributes:
        published: Entries of published tables that they rest on beside the record.
    """

    sentences: list[str] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    published: list[Citation] = field(default_factory=list)

    @property
    def is_critical(self) -> bool:
        """Report whether a result among them is marked as critical."""
        return any(one.kind == "Observation" and one.measured[1] in _CRITICAL for one in self.facts)

    def add(self, more: Told) -> None:
        """Add what was told of something else."""
        self.sentences.extend(more.sentences)
        self.facts.extend(more.facts)
        self.published.extend(more.published)


@dataclass(frozen=True, slots=True)
class Looking:
    """What is looked up: the words asked, in which language, and the record."""

    text: str
    language: Language
    facts: Sequence[Fact]
    now: datetime

    def of(self, *kinds: str) -> list[Fact]:
        """Return the entries of some kinds."""
        return [one for one in self.facts if one.kind in kinds]

    def say(self, key: str, *words: str) -> str:
        """Return a sentence in the language asked."""
        return said(key, self.language, *words)


def next_visits(look: Looking) -> Told:
    """Return the appointments to come, the nearest first."""
    coming = sorted(
        (
            one
            for one in look.of("Appointment")
            if one.starts is not None and one.starts >= look.now and one.state in _TO_COME
        ),
        key=lambda one: one.starts or look.now,
    )
    if not coming:
        # Away from this machine times are marks, put back afterwards: none can be told to come.
        unread = [
            one for one in look.of("Appointment") if one.starts is None and one.state in _TO_COME
        ]
        if unread:
            shown = unread[:_SHOWN]
            what = "; ".join(", ".join(one.details) for one in shown)
            return Told([look.say("visits", what)], shown)
        return Told([look.say("none-next")])
    shown = coming[:3]
    keys = ("next", *("later" for _ in shown[1:]))
    lines = [look.say(key, _visit(one, look)) for key, one in zip(keys, shown, strict=True)]
    return Told(lines, shown)


def past_visits(look: Looking) -> Told:
    """Return the last visit that took place."""
    over = [one for one in look.of("Encounter") if one.state in _OVER and one.day]
    over += [
        one
        for one in look.of("Appointment")
        if one.starts is not None and one.starts < look.now and one.state in _OVER
    ]
    if not over:
        return Told([look.say("none-past")])
    last = max(over, key=lambda one: one.day or "")
    return Told([look.say("past", _visit(last, look))], [last])


def medicines(look: Looking) -> Told:
    """Return the medicines of the record: those named, or all that are current."""
    every = look.of("MedicationRequest", "MedicationStatement")
    named = medicines_named(look.text)
    if named:
        told = Told()
        for drug, word in named.items():
            found = [one for one in every if drug in medicines_named(one.name)]
            told.facts.extend(found[:_SHOWN])
            told.sentences.append(
                look.say("medicines", _listed(found, look)) if found
                else look.say("no-medicine", word)
            )  # fmt: skip
        return told
    current = [one for one in every if one.state not in _NOT_CURRENT]
    old = [one for one in every if one.state in _NOT_CURRENT]
    lines = [
        look.say("medicines", _listed(current, look)) if current else look.say("none-medicines")
    ]
    if old and not current:
        lines.append(look.say("not-current", _listed(old, look)))
        return Told(lines, old[:_SHOWN])
    return Told(lines, current[:_SHOWN])


def allergies(look: Looking) -> Told:
    """Return the allergies of the record, and what it says of a medicine that is named."""
    every = look.of("AllergyIntolerance")
    named = medicines_named(look.text)
    by_word = [one for one in every if share_a_word(look.text, one.name)]
    if by_word:
        return Told([look.say("allergic", _listed(by_word, look))], by_word[:_SHOWN])
    if not named:
        shown = look.say("allergies", _listed(every, look)) if every else look.say("none-allergies")
        return Told([shown], every[:_SHOWN])
    told = Told()
    for drug, word in named.items():
        same = [one for one in every if drug in medicines_named(one.name)]
        near = [one for one in every if one not in same and _may_concern(word, one.name)]
        if same:
            told.sentences.append(look.say("allergic", _listed(same, look)))
        elif near:
            told.sentences.append(look.say("related", word, _listed(near, look)))
        else:
            told.sentences.append(look.say("not-allergic", word))
        told.facts.extend([*same, *near][:_SHOWN])
    if every and not told.facts:
        told.sentences.append(look.say("allergies", _listed(every, look)))
        told.facts.extend(every[:_SHOWN])
    return told


def results(look: Looking) -> Told:
    """Return the newest results: of the tests that are named, or of all."""
    named = tests_named(look.text)
    if not named:
        latest = _newest_each(look.of("Observation"))[:_LATEST]
        if not latest:
            return Told([look.say("none-results")])
        told = Told([look.say("results")])
        for one in latest:
            _tell_result(one, look, told, explains=False)
        return told
    told = Told()
    for key, word in named.items():
        found = _by_day(results_of(key, look.facts))
        if not found:
            told.sentences.append(look.say("none-result", word))
            continue
        _tell_result(found[0], look, told, explains=True)
        if len(found) > 1:
            value, *_ = found[1].measured
            told.sentences.append(
                look.say("before", value, day_in_words(found[1].day, look.language))
            )
            told.facts.append(found[1])
    return told


def conditions(look: Looking) -> Told:
    """Return the conditions of the record."""
    return _list_of("conditions", look.of("Condition"), look)


def vaccines(look: Looking) -> Told:
    """Return the vaccines of the record: those named, or all."""
    every = look.of("Immunization")
    named = [one for one in every if share_a_word(look.text, one.name)]
    return _list_of("vaccines", named or every, look)


def procedures(look: Looking) -> Told:
    """Return the procedures of the record."""
    return _list_of("procedures", look.of("Procedure"), look)


TOPICS: Final[Mapping[Topic, Callable[[Looking], Told]]] = {
    "next-visit": next_visits,
    "past-visits": past_visits,
    "medicines": medicines,
    "allergies": allergies,
    "results": results,
    "conditions": conditions,
    "vaccines": vaccines,
    "procedures": procedures,
}


def listed_conditions(look: Looking) -> Told:
    """Return the conditions that a message names, where the record lists them."""
    named = [one for one in look.of("Condition") if share_a_word(look.text, one.name)]
    return Told([look.say("listed", _listed(named, look))], named) if named else Told()


def _list_of(key: str, facts: Sequence[Fact], look: Looking) -> Told:
    if not facts:
        return Told([look.say(f"none-{key}")])
    return Told([look.say(key, _listed(facts, look))], list(facts[:_SHOWN]))


def _tell_result(one: Fact, look: Looking, told: Told, *, explains: bool) -> None:
    value, flag, range_ = one.measured
    if range_:
        value = f"{value} {look.say('range', range_in_words(range_, look.language))}"
    told.sentences.append(look.say("result", one.name, value, day_in_words(one.day, look.language)))
    told.facts.append(one)
    if flag in _CRITICAL:
        told.sentences.append(look.say("flag-CRITICAL"))
    elif flag is not None:
        told.sentences.append(look.say(f"flag-{flag}"))
    elif explains:
        told.sentences.append(look.say("no-flag"))


def _newest_each(facts: Sequence[Fact]) -> list[Fact]:
    newest: dict[str, Fact] = {}
    for one in _by_day(facts):
        newest.setdefault(one.name, one)
    return list(newest.values())


def _by_day(facts: Sequence[Fact]) -> list[Fact]:
    return sorted(facts, key=lambda one: one.day or "", reverse=True)


def _may_concern(word: str, allergy: str) -> bool:
    # The tables of allergies are read with the first question, not with the server.
    from careflow.knowledge.drugs.medicines import medicine_read
    from careflow.knowledge.interactions.allergies import allergy_read, reason_against

    entry = allergy_read(allergy)
    return any(
        reason_against(substance, word, entry) is not None
        for substance in medicine_read(word).substances
    )


def _listed(facts: Sequence[Fact], look: Looking) -> str:
    shown = [_entry(one, look) for one in facts[:_SHOWN]]
    if len(facts) > _SHOWN:
        shown.append(look.say("more", str(len(facts) - _SHOWN)))
    return "; ".join(shown)


def _entry(one: Fact, look: Looking) -> str:
    state = [] if one.state in {None, "active", "completed"} else [
        state_in_words(one.state or "", look.language)
    ]  # fmt: skip
    day = [day_in_words(one.day, look.language)] if one.day else []
    if day and one.kind == "Condition":
        day = [look.say("since", *day)]
    beside = ", ".join([*one.details, *state, *day])
    return f"{one.name} ({beside})" if beside else one.name


def _visit(one: Fact, look: Looking) -> str:
    when = (
        moment_in_words(one.starts, look.language)
        if one.starts is not None
        else day_in_words(one.day, look.language)
    )
    what = ", ".join(one.details)
    return f"{when} ({what})" if what else when
