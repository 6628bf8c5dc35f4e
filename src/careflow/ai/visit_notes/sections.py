"""Which section of a note a statement belongs to: by the heading above it, else by its words."""

from __future__ import annotations

import re
from typing import Final, Literal

from careflow.ai.visit_notes.statements import Speaker
from careflow.ai.words import folded

Section = Literal["subjective", "objective", "assessment", "plan"]
SECTIONS: Final[tuple[Section, ...]] = ("subjective", "objective", "assessment", "plan")

_HEADINGS: Final[dict[Section, str]] = {
    "subjective": (
        r"s|subj\w*|cc|chief complaint|reason for (?:visit|call)|presenting\w*|complaints?|hpi"
        r"|history\b.*|hx|pmh\w*|psh|fh|sh|shx|fhx|past .*|family .*|social .*|surgical .*|ros"
        r"|review of systems|(?:current |home )?med(?:ication)?s?(?: list)?|current medicines"
        r"|medicines|allerg\w+|immuni\w+|symptoms|call(?:er)?|message|interval\w*|events?"
        r"|subjetivo|motivo\b.*|antecedentes\b.*|enfermedad actual|anamnesis|medicacion\b.*"
        r"|medicamentos|tratamiento (?:actual|habitual|previo)|alergias?|historia\b.*|habitos"
        r"|sintomas|refiere"
    ),
    "objective": (
        r"o|obj\w*|vitals?|vital signs|vs|pe|px|exam\w*|physical\b.*|on exam\w*|o/e|labs?"
        r"|laboratory\b.*|results?|imaging|x-?rays?|ecg|ekg|tests?|studies|data|diagnostics"
        r"|measurements|findings|observations|general|heent|lungs?|chest|cardiac|cardiovascular"
        r"|cv|heart|resp\w*|abd\w*|extremities|skin|neuro\w*|musculoskeletal|msk|neck|psych"
        r"|objetivo|constantes\b.*|signos vitales|exploracion\b.*|examen\b.*|analitica\b.*"
        r"|laboratorios?|resultados|pruebas\b.*|radiografia|imagen"
    ),
    "assessment": (
        r"a|assess\w*|imp|impressions?|dx|diagnos\w+|ddx|differential\b.*|problems?(?: list)?"
        r"|conclusions?|working diagnosis|evaluacion|juicio\b.*|impresion\b.*|valoracion|problemas"
    ),
    "plan": (
        r"p|plan\w*|a/p|a&p|assessment (?:and|&|/) plan|a and p|treatment\b.*|rx|recommend\w*"
        r"|advice\b.*|instructions?\b.*|follow[- ]?up|f/u|disposition|next steps?|orders?"
        r"|referrals?"
        r"|actions?|to do|return\b.*|education|counsel\w*|tratamiento|recomendaciones"
        r"|seguimiento|control|indicaciones|conducta|proxima cita|revision|pauta|derivacion"
    ),
}  # fmt: skip
_BY_HEADING: Final = {section: re.compile(rf"(?:{said})$") for section, said in _HEADINGS.items()}
_CUES: Final[tuple[tuple[Section, re.Pattern[str]], ...]] = (
    ("plan", re.compile(
        r"^(?:start|begin|continue|cont\b|increase|decrease|reduce|stop|hold|switch|change|refer"
        r"|order|schedule|check|recheck|repeat|obtain|arrange|prescrib\w+|give|send|advis\w+"
        r"|recommend\w*|return|rtc|f/u|follow|call|push fluids|rest\b|ice\b|iniciar?|continuar"
        r"|aumentar|reducir|suspender|solicitar|derivar|citar|volver|revis(?:ar|ion)|se (?:pauta"
        r"|indica|solicita|deriva|cita|recomienda|receta)|control\b)"
        r"|\b(?:follow[- ]?up (?:in|with|visit|on)|return (?:to|in|if|for)|return precautions"
        r"|(?:will|going to|gonna|'ll|let's|plan to|want you to|would like (?:you )?to|like to)"
        r" (?:\w+ ){0,2}(?:start|begin|continue|increase|decrease|stop|refer|order|get|go"
        r"|schedule|check|recheck|repeat|prescribe|give|see|put|send|call|take|do|have|try|monitor"
        r"|follow|keep|bring|use|write)|i'?ll|we'?ll|referral|refer(?:red)? to"
        r"|tome|vuelva|evite|prescri(?:bed|be)"
        r"|advised|recommend(?:ed)?|instructed|counsel+ed|come back|see you (?:in|back)|keep an eye"
        r"|if (?:it|this|things|symptoms|you|not|no) \w+ ?(?:worse|better|improv\w*|go)"
        r"|proxima (?:cita|visita)|revision en|volver a|acudir a urgencias|se cita)\b")),
    ("objective", re.compile(
        r"\b(?:bp|b/p|blood pressure (?:is|was|today|of)|hr|heart rate|pulse|temp(?:erature)?|spo2"
        r"|o2 sat\w*|sats?|rr|weight|wt|bmi|ta|fc|fr|sat|peso|tension arterial|presion arterial)"
        r"\W{1,3}(?:\w+\W+){0,2}\d|\b(?:on (?:physical )?exam\w*|exam (?:shows|reveals|is|was"
        r"|unremarkable)|auscultation|palpation|clear to|lungs? (?:are |were |is )?clear"
        r"|tender(?:ness)? (?:to|on|over|in|at)|no (?:murmurs?|edema|rales|wheezes|rebound"
        r"|guarding|erythema|effusion|masses)|range of motion|well[- ]appearing|afebrile|x-?ray"
        r"|(?:ct|mri|ultrasound|echo\w*|ekg|ecg) (?:shows?|showed|today|is|was)|labs? (?:show|are"
        r"|were|today)|a1c|hemoglobin|creatinine|glucose|ldl|tsh|wbc|potassium|murmur|reflexes"
        r"|a la exploracion|auscultacion|abdomen blando|hemoglobina|creatinina|glucosa)\b")),
    ("assessment", re.compile(
        r"\b(?:consistent with|likely|probabl[ye]|suspect\w*|suggest(?:s|ive)|diagnos(?:is|ed|es)"
        r"(?! with \w+ (?:in|at|\d))|impression|differential|due to|secondary to|i think (?:you|it"
        r"|this|that)|(?:you|he|she) (?:likely |probably )?(?:have|has) (?:a |an )?(?:\w+ ){0,2}"
        r"(?:infection|sprain|strain|virus|bronchitis|pneumonia|arthritis|disease)|well[- ]control"
        r"led|uncontrolled|poorly controlled|stable|compatible con|probable|sugiere|impresiona"
        r"|descompensad\w+|controlad\w+|impresion)\b")),
)  # fmt: skip
_HEAD_LINE: Final = re.compile(
    r"\s*(?:[#*_=]+\s*)?([A-Za-zÀ-ÿ/& -]{1,42}?)\s*(?:[*_=]+\s*)?(?::|$)"
)
_SHORTHAND: Final = re.compile(
    r"\s*(cc|hpi|hx|pmh|meds|all|vs|vitals|exam|pe|labs|imp|dx|a/p|plan)[ \t]+(?=\S)"
)
"""Labels of notes written in haste, without a colon; in small letters at the start of a line."""
_LABEL_MAX: Final = 6


def heading_of(line: str) -> tuple[Section | None, int]:
    """Return the section that a line's heading opens, and where the words after it begin.

    No section and 0 where the line has none.
    """
    haste = _SHORTHAND.match(line)
    if haste:
        return _section_named("allergies" if haste[1] == "all" else haste[1]), haste.end()
    hit = _HEAD_LINE.match(line)
    if not hit or len(hit[1].split()) > _LABEL_MAX:
        return None, 0
    label = folded(hit[1]).strip(" -*_")
    has_colon = hit[0].rstrip().endswith(":")
    is_alone = hit.end() >= len(line.rstrip())
    if not (has_colon or is_alone):
        return None, 0
    section = _section_named(label)
    return section, hit.end() if section else 0


def _section_named(label: str) -> Section | None:
    return next((name for name, said in _BY_HEADING.items() if said.fullmatch(label)), None)


def section_by_words(said: str, speaker: Speaker) -> Section:
    """Return the section that the words of a statement are typical of."""
    if speaker == "patient":
        return "subjective"
    plain = folded(said).strip()
    for section, cue in _CUES:
        if cue.search(plain):
            return section
    return "subjective"
