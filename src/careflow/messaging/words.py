"""What messages say, in the person's language: when, where and with whom; never why.

Nothing here names a kind of visit, a reason or anything of the record.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from careflow.messaging.links import Purpose
from careflow.messaging.visits import VisitFacts
from careflow.records.wall_words import Language, When


@dataclass(frozen=True, slots=True)
class Told:
    """One visit of a message, with its links by purpose."""

    kind: str
    visit: VisitFacts
    links: Mapping[Purpose, str] = field(default_factory=dict)
    also: When | None = None
    until: When | None = None


_SUBJECTS: Final[Mapping[Language, Mapping[str, str]]] = {
    "en": {
        "booked": "Your visit at {clinic}",
        "moved": "Your visit at {clinic} has a new time",
        "cancelled": "Your visit at {clinic} is cancelled",
        "reminder": "Reminder: your visit at {clinic}",
        "choose": "Please choose a new time at {clinic}",
        "offer": "An earlier time at {clinic}",
        "offer-lost": "The earlier time at {clinic} is taken",
        "several": "Your visits at {clinic}",
    },
    "es": {
        "booked": "Su cita en {clinic}",
        "moved": "Su cita en {clinic} tiene una hora nueva",
        "cancelled": "Su cita en {clinic} ha sido cancelada",
        "reminder": "Recordatorio: su cita en {clinic}",
        "choose": "Elija una hora nueva en {clinic}",
        "offer": "Una hora más temprana en {clinic}",
        "offer-lost": "La hora más temprana en {clinic} ya no está libre",
        "several": "Sus citas en {clinic}",
    },
}
_LINES: Final[Mapping[Language, Mapping[str, str]]] = {
    "en": {
        "booked": "Your visit is on {when}, with {who}, {where}.",
        "moved": "Your visit is now on {when}, with {who}, {where}.",
        "cancelled": "Your visit on {when}, with {who}, is cancelled.",
        "reminder": "You have a visit on {when}, with {who}, {where}.",
        "choose": "Your visit on {when}, with {who}, cannot take place. Please choose a new time.",
        "offer": "A time is free on {when}, with {who}, {where}. It is kept for you until {until}.",
        "offer-lost": "The time on {when} that you were offered is taken. You keep your place on"
        " the waiting list.",
        "also": "By your own clock: {when}.",
        "cutoff": "You can move or cancel it yourself until {until}.",
    },
    "es": {
        "booked": "Su cita es el {when}, con {who}, {where}.",
        "moved": "Su cita es ahora el {when}, con {who}, {where}.",
        "cancelled": "Su cita del {when}, con {who}, ha sido cancelada.",
        "reminder": "Tiene una cita el {when}, con {who}, {where}.",
        "choose": "Su cita del {when}, con {who}, no puede tener lugar. Elija una hora nueva.",
        "offer": "Hay una hora libre el {when}, con {who}, {where}. Es suya hasta el {until}.",
        "offer-lost": "La hora del {when} que se le ofreció ya no está libre. Conserva su lugar en"
        " la lista de espera.",
        "also": "Según su propia hora: {when}.",
        "cutoff": "Puede cambiarla o cancelarla usted mismo hasta el {until}.",
    },
}
_LINKS: Final[Mapping[Language, Mapping[Purpose, str]]] = {
    "en": {
        "confirm": "I will come",
        "move": "Another time",
        "cancel": "Cancel",
        "choose": "Choose a time",
        "offer": "Take it or leave it",
        "stop": "No more messages to this address",
    },
    "es": {
        "confirm": "Vendré",
        "move": "Otra hora",
        "cancel": "Cancelar",
        "choose": "Elegir una hora",
        "offer": "Aceptar o rechazar",
        "stop": "No enviar más mensajes a esta dirección",
    },
}
_WHERE: Final[Mapping[Language, Mapping[str, str]]] = {
    "en": {"in-person": "at {place}", "video": "by video", "telephone": "by telephone"},
    "es": {"in-person": "en {place}", "video": "por video", "telephone": "por teléfono"},
}
_HELLO: Final[Mapping[Language, str]] = {"en": "Hello {name},", "es": "Hola, {name}:"}
_BYE: Final[Mapping[Language, str]] = {
    "en": "Questions? Please call {clinic}. This mailbox is not read.",
    "es": "¿Preguntas? Llame a {clinic}. Nadie lee este buzón.",
}
_SMS_STOP: Final[Mapping[Language, str]] = {
    "en": "Reply STOP to end.",
    "es": "Responda ALTO para no recibir más.",
}


def subject(told: Sequence[Told], clinic: str, language: Language) -> str:
    """Return what stands above a message: never when, for it may show on a locked screen."""
    kinds = {one.kind for one in told}
    key = kinds.pop() if len(kinds) == 1 and len(told) == 1 else "several"
    if key == "several" and len({one.kind for one in told}) == 1 and told[0].kind == "reminder":
        key = "reminder"
    return _SUBJECTS[language][key].format(clinic=clinic)


def mail_text(
    told: Sequence[Told], *, name: str, clinic: str, language: Language, stop: str
) -> str:
    """Return a mail's text."""
    parts = [_HELLO[language].format(name=name) if name else ""]
    for one in told:
        lines = [line_of(one, language)]
        if one.also is not None:
            lines.append(_LINES[language]["also"].format(when=one.also.text))
        if one.links.keys() & {"move", "cancel"}:
            until = When.of(one.visit.until, one.visit.zone, language).text
            lines.append(_LINES[language]["cutoff"].format(until=until))
        lines += [f"{_LINKS[language][purpose]}: {link}" for purpose, link in one.links.items()]
        parts.append("\n".join(lines))
    parts.append(_BYE[language].format(clinic=clinic))
    if stop:
        parts.append(f"{_LINKS[language]['stop']}: {stop}")
    return "\n\n".join(filter(None, parts)) + "\n"


def sms_text(told: Sequence[Told], *, clinic: str, language: Language) -> str:
    """Return a text message: the clinic, the facts, the links, and how to end it."""
    lines = [f"{clinic}:"]
    for one in told:
        lines.append(line_of(one, language))
        lines += [f"{_LINKS[language][purpose]}: {link}" for purpose, link in one.links.items()]
    return "\n".join([*lines, _SMS_STOP[language]])


def line_of(one: Told, language: Language) -> str:
    """Return the sentence that tells of one visit."""
    visit = one.visit
    where = _WHERE[language].get(visit.mode, _WHERE[language]["in-person"])
    return _LINES[language][one.kind].format(
        when=visit.when(language).text,
        who=visit.practitioner_name,
        where=where.format(place=visit.place_name),
        until=one.until.text if one.until else "",
    )


def policy_words(visit: VisitFacts, language: Language) -> str:
    """Return until when a patient may move or cancel a visit."""
    until = When.of(visit.until, visit.zone, language).text
    return _LINES[language]["cutoff"].format(until=until)
