"""What a patient's message asks for: topics of the record, or what no program may answer."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Final, Literal

Language = Literal["en", "es"]
Topic = Literal[
    "next-visit", "past-visits", "medicines", "allergies", "results", "conditions",
    "vaccines", "procedures",
]  # fmt: skip
Refused = Literal["others", "dose", "diagnosis", "advice", "changes-visit", "refill"]

_SPANISH: Final = frozenset(
    str.split(
        "me mi mis el la los las de del que cual cuales cuando donde como un una y en es son esta"
        " estoy soy tengo tiene puedo debo tomo necesito cita medicinas hola gracias para con por"
        " fue su sus cuanto ultimo ultima proxima al mal duele dolor quiero sobre se sangre"
    )
)
_WORD: Final = re.compile(r"[^\W_]+(?:'[^\W_]+)?")

_RELATIVE: Final = (
    r"(?:wife|husband|son|daughter|mother|father|mum|mom|dad|brother|sister|partner|friend|"
    r"neighbou?r|boyfriend|girlfriend|child|kid|baby|boss|grand\w+|esposa|esposo|marido|hij[oa]|"
    r"madre|padre|mama|papa|herman[oa]|pareja|amig[oa]|vecin[oa]|novi[oa]|abuel[oa]|bebe|jefe)"
)
_RECORD: Final = (
    r"(?:record|results?|labs?|tests?|appointments?|visits?|medicines?|medications?|meds|pills|"
    r"allerg\w+|diagnos\w+|chart|file|history|conditions?|blood|a1c|potassium|vaccin\w+|"
    r"historial|resultados?|analisis|citas?|medicinas?|medicamentos?|alergi\w+|diagnostico\w*|"
    r"ficha|expediente|vacunas?)"
)
_REFUSED: Final[Mapping[Refused, re.Pattern[str]]] = {
    "others": re.compile(
        rf"\b(?:my|his|her|mi|su) {_RELATIVE}\b(?:'s)?.{{0,30}}\b{_RECORD}\b"
        rf"|\b{_RECORD}\b.{{0,30}}\b(?:of|for|de|does|do|did) (?:my|mi|his|her|su) {_RELATIVE}\b"
        rf"|\b(?:medicines?|pills|medicinas?).{{0,20}}\b(?:my|mi) {_RELATIVE}\b"
        r"|\b(?:other|another|all|every|any|otr[oa]s?|tod[oa]s los|cada) (?:other )?"
        r"pa(?:tients?|cientes?)\b|\bpatient (?:named|called|id|number|no|#|[0-9])"
        r"|\bpaciente (?:llamad[oa]|numero|con nombre|[0-9])"
        r"|\bpatient/\w+|\beveryone'?s\b|\bsomeone else"
    ),
    "dose": re.compile(
        r"\b(?:(?:can|should|may|could|must|shall) i|do i (?:need|have) to|tell me to) "
        r"(?:\w+ ){0,3}(?:stop|skip|double|halve|increase|decrease|reduce|raise|lower|change|"
        r"start|restart|switch|cut|split|combine|mix|take)\b"
        r"|\bhow (?:much|many)\b.{0,30}\b(?:should|can|may) i (?:take|use|inject)\b"
        r"|\b(?:safe|ok|okay|fine) to (?:\w+ ){0,2}(?:stop|take|mix|skip|double|combine|drink)\b"
        r"|\b(?:what|which|right|correct) dose (?:should|can)\b|\bchange (?:my|the) dose\b"
        r"|\b(?:stop|double|skip|increase|lower|halve) my (?:\w+ )?"
        r"(?:dose|medicines?|meds|pills|tablets)\b"
        r"|\b(?:puedo|debo|deberia|podria) (?:\w+ ){0,2}(?:dejar|parar|suspender|doblar|duplicar|"
        r"aumentar|subir|bajar|reducir|saltar\w*|cambiar|tomar|empezar|mezclar|combinar|partir)\b"
        r"|\bcuant[oa]s? (?:\w+ )?(?:debo|puedo) (?:tomar|usar|inyectar\w*)\b|\bcambiar la dosis\b"
    ),
    "diagnosis": re.compile(
        r"\b(?:what(?:'s| is) wrong with me|do i have|do you think i|could (?:it|this) be|"
        r"is (?:it|this) (?:\w+ )?(?:cancer|serious|bad|dangerous)|diagnose|what do i have|"
        r"am i (?:dying|sick|ill)|"
        r"why (?:do i|am i|does my)|what (?:is )?caus\w+)\b"
        r"|\b(?:que tengo|tengo cancer|que me pasa|sera (?:cancer|grave)|es (?:grave|cancer|malo)|"
        r"diagnosticame|podria ser|por que (?:me|tengo|estoy))\b"
    ),
    "advice": re.compile(
        r"\b(?:what (?:should|can|do) i do|what would you (?:do|advise)|should i (?:be )?worr\w+|"
        r"(?:talk|speak) to (?:a |an? )?(?:human|person|nurse|doctor|someone)|real person|"
        r"que (?:debo|puedo) hacer|que hago|"
        r"hablar con (?:una persona|alguien|un medico|una enfermera))\b"
    ),
    "changes-visit": re.compile(
        r"\b(?:cancel|reschedul\w+|move|change|book|make|schedule|postpone)\b.{0,25}"
        r"\b(?:appointments?|visits?|slot|checkup|booking)\b"
        r"|\b(?:cancelar|cambiar|mover|pedir|reservar|agendar|sacar|aplazar|reprogramar)\b.{0,25}"
        r"\b(?:citas?|consulta|turno|visita)\b"
    ),
    "refill": re.compile(
        r"\b(?:refill|renew\w*|new prescription|repeat prescription|run(?:ning)? out|ran out|"
        r"need (?:some )?more)\b"
        r"|\b(?:renovar|reponer|receta nueva|resurtir|se me (?:acab|termin)\w+)\b"
    ),
}
_TOPICS: Final[Mapping[Topic, re.Pattern[str]]] = {
    "next-visit": re.compile(
        r"\b(?:next|upcoming|coming|future|scheduled|when(?: is|'s)? my)\b.{0,25}"
        r"\b(?:appointments?|visits?|check ?-?ups?|bookings?)\b|\bmy appointments?\b"
        r"|\bdo i have (?:an |any )?(?:\w+ )?(?:appointments?|visits?)\b"
        r"|\b(?:anything|something|nothing) (?:booked|scheduled|planned)\b"
        r"|\bwhen (?:do|should) i come\b"
        r"|\bwhen (?:do|will) i see\b"
        r"|\b(?:proxim[oa]s?|siguiente|cuando (?:es|tengo|son))\b.{0,20}"
        r"\b(?:citas?|consultas?|turnos?|visitas?|control)\b|\bmis? citas?\b"
        r"|\btengo (?:alguna |una )?(?:cita|consulta)\b"
        r"|\bcuando (?:veo|tengo que ir)\b"
    ),
    "past-visits": re.compile(
        r"\b(?:last|previous|past|recent)\b.{0,20}"
        r"\b(?:appointments?|visits?|check ?-?ups?|consultations?)\b"
        r"|\bwhen (?:was i|did i (?:last )?(?:come|see|visit))\b|\bwhen was i last\b"
        r"|\b(?:ultim[oa]s?|anterior(?:es)?|pasad[oa]s?)\b.{0,12}\b(?:citas?|consultas?|visitas?)\b"
        r"|\b(?:citas?|consultas?|visitas?) (?:anterior(?:es)?|pasad[oa]s?)\b"
        r"|\bcuando (?:fui|vine)\b"
    ),
    "medicines": re.compile(
        r"\b(?:medicines?|medications?|meds|drugs?|pills?|tablets?|prescriptions?|prescribed|inhalers?|"
        r"dose|dosage|medicinas?|medicamentos?|pastillas?|recetas?|recetad[oa]s?|farmacos?|dosis|"
        r"remedios?|inhalador(?:es)?)\b|\bam i (?:taking|on)\b|\bdo i take\b|\bque tomo\b|\btomo\b"
    ),
    "allergies": re.compile(
        r"\b(?:allerg\w+|alergi\w+|intoleran\w+|anaphyla\w+|anafila\w+|reacts?|reactions?|hurt me|"
        r"hacerme dano|reaccion(?:es)?)\b"
    ),
    "conditions": re.compile(
        r"\b(?:conditions?|diagnos(?:is|es|ed)|problems? list|health problems|diseases?|illness\w*|"
        r"medical history|enfermedad(?:es)?|diagnosticos?|condicion(?:es)?|padecimientos?|"
        r"problemas de salud|historial medico|antecedentes)\b"
    ),
    "vaccines": re.compile(
        r"\b(?:vaccin\w+|immuni[sz]ation\w*|(?:flu|tetanus|covid|booster|hepatitis|"
        r"pneumonia|shingles) (?:shot|jab|booster)s?|vacun\w+|inmunizacion\w*)\b"
    ),
    "procedures": re.compile(
        r"\b(?:procedures?|operations?|surger(?:y|ies)|operated|colonoscop\w+|procedimientos?|"
        r"operacion(?:es)?|cirugias?|operaron|colonoscopia\w*)\b"
    ),
    "results": re.compile(
        r"\b(?:results?|labs?|lab work|blood ?work|(?:blood|urine|lab) tests?|readings?|levels?|"
        r"resultados?|analisis|laboratorios?|examen(?:es)?|pruebas?|niveles?|valores?)\b"
    ),
}
_MEANING: Final = re.compile(
    r"\b(?:what (?:does|do|is|are|'s)|whats|define|explain|meaning of|"
    r"que (?:significa|es|son|quiere decir)|explica\w*|significado de)\s+"
    r"(?:(?:the|a|an|my|el|la|los|las|un|una|mi)\s+)?"
    r"(?P<term>[\w' -]{2,60}?)(?:\s+mean\w*)?\s*[?.!]*$"
)
_LISTS: Final = re.compile(
    r"^\W*(?:please )?(?:what|which|list|show|tell|my|all|cuales|que|mis|dime|muestr\w+)\b"
)
_GREETING: Final = re.compile(
    r"^\W*(?:hi|hello|hey|good (?:morning|afternoon|evening)|hola|buen[oa]s (?:dias|tardes|noches)|"
    r"thanks?(?: you)?(?: so much| very much| a lot)?|muchas gracias|gracias|ok|okay|bye|adios)\W*$"
)


def language_of(text: str) -> Language:
    """Return the language of a message, by its little words."""
    words = _WORD.findall(plain(text))
    return "es" if sum(word in _SPANISH for word in words) * 4 > len(words) else "en"


def plain(text: str) -> str:
    """Return a text in small letters without accents and signs of questions before it."""
    bare = unicodedata.normalize("NFKD", text.casefold().replace("’", "'"))
    return "".join(sign for sign in bare if not unicodedata.combining(sign)).replace("¿", "")


def words_of(text: str) -> list[str]:
    """Return the plain words of a message."""
    return _WORD.findall(plain(text))


def refused_of(text: str) -> list[Refused]:
    """Return what of a message no program may answer."""
    folded = plain(text)
    return [name for name, pattern in _REFUSED.items() if pattern.search(folded)]


def topics_of(text: str) -> list[Topic]:
    """Return the parts of the record that a message asks about."""
    folded = plain(text)
    return [name for name, pattern in _TOPICS.items() if pattern.search(folded)]


def term_of(text: str) -> str | None:
    """Return the words whose meaning a message asks for."""
    hit = _MEANING.search(plain(text))
    return hit["term"].strip() if hit else None


def asks_for_a_list(text: str) -> bool:
    """Report whether a message asks what there is, rather than whether there is something."""
    return _LISTS.match(plain(text)) is not None


def is_greeting(text: str) -> bool:
    """Report whether a message only greets or thanks."""
    return _GREETING.match(plain(text)) is not None
