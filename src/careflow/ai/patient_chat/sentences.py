"""The sentences of answers in English and Spanish, and days and states in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from careflow.ai.patient_chat.asked import Language

_SAID: Final[Mapping[str, tuple[str, str]]] = {
    # key: English, Spanish
    "can": (
        "I can look up what your own record says: appointments and visits, medicines, allergies,"
        " test results, conditions, vaccines and procedures. I cannot diagnose, change a treatment"
        " or see anyone else's record.",
        "Puedo buscar lo que dice su propia ficha: citas y consultas, medicinas, alergias,"
        " resultados, enfermedades, vacunas y procedimientos. No puedo diagnosticar, cambiar un"
        " tratamiento ni ver la ficha de otra persona.",
    ),
    "hello": ("Hello.", "Hola."),
    "unsure": (
        "I did not find in your question something that I can look up.",
        "No encontré en su pregunta algo que yo pueda buscar.",
    ),
    "staff": (
        "A person of the clinic can answer this: please send them a message or call.",
        "Una persona de la clínica puede responder a esto: envíele un mensaje o llame.",
    ),
    "others": (
        "I can only see your own record, nobody else's.",
        "Solo puedo ver su propia ficha, la de nadie más.",
    ),
    "dose": (
        "I cannot say whether to start, stop, change or combine a medicine. Do not change how you"
        " take it before you have spoken to your clinic or pharmacist.",
        "No puedo decir si debe empezar, dejar, cambiar o combinar una medicina. No cambie cómo la"
        " toma antes de hablar con su clínica o su farmacéutico.",
    ),
    "diagnosis": (
        "I cannot say what is wrong or what causes it; only a clinician can.",
        "No puedo decir qué tiene ni qué lo causa; eso solo puede hacerlo un profesional.",
    ),
    "advice": (
        "I cannot advise what to do; I can only tell what your record says.",
        "No puedo aconsejar qué hacer; solo puedo decir lo que dice su ficha.",
    ),
    "changes-visit": (
        "I cannot book, move or cancel a visit.",
        "No puedo pedir, mover ni cancelar una cita.",
    ),
    "refill": (
        "I cannot renew a prescription.",
        "No puedo renovar una receta.",
    ),
    "no-record": (
        "I was not given your record, so I cannot look this up.",
        "No me dieron su ficha, así que no puedo buscarlo.",
    ),
    "none-next": (
        "Your record shows no upcoming appointment.",
        "En su ficha no hay ninguna cita próxima.",
    ),
    "visits": ("Appointments in your record: {0}.", "Citas en su ficha: {0}."),
    "next": ("Your next appointment: {0}.", "Su próxima cita: {0}."),
    "later": ("After that: {0}.", "Después: {0}."),
    "none-past": ("Your record shows no past visit.", "En su ficha no hay consultas pasadas."),
    "past": ("Your last visit: {0}.", "Su última consulta: {0}."),
    "medicines": (
        "Medicines in your record: {0}.",
        "Medicinas en su ficha: {0}.",
    ),
    "none-medicines": (
        "Your record lists no current medicine.",
        "En su ficha no figura ninguna medicina actual.",
    ),
    "no-medicine": (
        "Your record lists no medicine named {0}.",
        "En su ficha no figura ninguna medicina llamada {0}.",
    ),
    "not-current": (
        "No longer current, by the record: {0}.",
        "Ya no vigentes, según la ficha: {0}.",
    ),
    "allergies": ("Allergies in your record: {0}.", "Alergias en su ficha: {0}."),
    "none-allergies": (
        "Your record lists no allergy. If you know of one, tell the clinic.",
        "En su ficha no figura ninguna alergia. Si sabe de alguna, dígaselo a la clínica.",
    ),
    "allergic": ("Yes: your record lists {0}.", "Sí: en su ficha figura {0}."),
    "related": (
        "Your record lists {1}, which can matter for {0}: tell the clinic before you take it.",
        "En su ficha figura {1}, que puede importar para {0}:"
        " dígalo a la clínica antes de tomarlo.",
    ),
    "not-allergic": (
        "Your record lists no allergy to {0}. That does not prove that there is none.",
        "En su ficha no figura alergia a {0}. Eso no demuestra que no la haya.",
    ),
    "result": ("{0}: {1}, {2}.", "{0}: {1}, {2}."),
    "before": ("Before that: {0}, {1}.", "Antes: {0}, {1}."),
    "none-result": ("Your record holds no result for {0}.", "En su ficha no hay resultado de {0}."),
    "results": ("Your latest results:", "Sus últimos resultados:"),
    "none-results": ("Your record holds no results.", "En su ficha no hay resultados."),
    "flag-NORMAL": (
        "It is within the range that the record gives.",
        "Está dentro del intervalo que da la ficha.",
    ),
    "flag-HIGH": (
        "The record marks it as high; your clinic can tell what that means for you.",
        "La ficha lo marca como alto; su clínica puede decirle qué significa para usted.",
    ),
    "flag-LOW": (
        "The record marks it as low; your clinic can tell what that means for you.",
        "La ficha lo marca como bajo; su clínica puede decirle qué significa para usted.",
    ),
    "flag-CRITICAL": (
        "The record marks it as critical: call the clinic now about it.",
        "La ficha lo marca como crítico: llame ahora a la clínica por ello.",
    ),
    "no-flag": (
        "The record gives no range for it: your clinic can tell whether it is as it should be.",
        "La ficha no da un intervalo: su clínica puede decirle si está como debe.",
    ),
    "range": ("(range {0})", "(intervalo {0})"),
    "conditions": ("Conditions in your record: {0}.", "Enfermedades en su ficha: {0}."),
    "none-conditions": (
        "Your record lists no condition.",
        "En su ficha no figura ninguna enfermedad.",
    ),
    "listed": ("Your record lists: {0}.", "En su ficha figura: {0}."),
    "vaccines": ("Vaccines in your record: {0}.", "Vacunas en su ficha: {0}."),
    "none-vaccines": ("Your record lists no vaccine.", "En su ficha no figura ninguna vacuna."),
    "procedures": ("Procedures in your record: {0}.", "Procedimientos en su ficha: {0}."),
    "none-procedures": (
        "Your record lists no procedure.",
        "En su ficha no figura ningún procedimiento.",
    ),
    "left-out": (
        "Older entries of your record were not looked at.",
        "No se miraron entradas más antiguas de su ficha.",
    ),
    "more": ("and {0} more", "y {0} más"),
    "since": ("since {0}", "desde {0}"),
    "undated": ("no date", "sin fecha"),
}
_MONTHS: Final = {
    "en": "January February March April May June July August September October November December",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre"
    " diciembre",
}
_STATES: Final = {
    "active": "activa", "inactive": "inactiva", "resolved": "resuelta", "completed": "completada",
    "stopped": "suspendida", "cancelled": "cancelada", "booked": "reservada",
    "pending": "pendiente", "proposed": "propuesta", "arrived": "llegó", "fulfilled": "realizada",
    "finished": "terminada", "planned": "planeada", "on-hold": "en pausa", "ended": "terminada",
}  # fmt: skip


def said(key: str, language: Language, *words: str) -> str:
    """Return a sentence with its words in place; what the words say is never a pattern."""
    sentence = _SAID[key][language == "es"]
    for number, word in reversed(list(enumerate(words))):
        before, mark, after = sentence.partition(f"{{{number}}}")
        sentence = f"{before}{word}{after}" if mark else sentence
    return sentence


def day_in_words(day: str | None, language: Language) -> str:
    """Return a day, a month or a year as people write it."""
    if not day:
        return said("undated", language)
    year, *rest = day.split("-")
    if not rest:
        return year
    month = _MONTHS[language].split()[int(rest[0]) - 1]
    parts = [str(int(rest[1]))] if len(rest) > 1 else []
    return (
        " de ".join([*parts, month, year]) if language == "es" else " ".join([*parts, month, year])
    )


def moment_in_words(moment: datetime, language: Language) -> str:
    """Return a day and a time of day, with the zone that the record gives."""
    day = day_in_words(moment.date().isoformat(), language)
    zone = moment.strftime("%Z").replace("UTC+00:00", "UTC")
    return f"{day}, {moment:%H:%M} {zone}".strip()


def range_in_words(text: str, language: Language) -> str:
    """Return a range as the record gives it, its little words in the language."""
    if language == "en":
        return text
    return text.replace("up to ", "hasta ").replace(" to ", " a ").replace(" or more", " o más")


def state_in_words(state: str, language: Language) -> str:
    """Return the state of an entry."""
    return _STATES.get(state, state) if language == "es" else state
