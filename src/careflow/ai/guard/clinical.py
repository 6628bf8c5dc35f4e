"""Words that clinical texts hold, in English and Spanish, by the beginnings they share."""

from __future__ import annotations

from careflow.ai.words import listed

FINDINGS = listed("""
fever chill cough pain ache nausea vomit emesis diarrhe constipat headache dizz syncop faint
rash itch prurit swell edema bleed hemorrh hematur dysur dyspn breath wheez palpitat fatigue
weak numb tingl seizure stroke diabet hypertens allerg asthma cancer tumor mass nodul lesion
fractur disloc effusion consolidat pneumon pneumothor opacit cardiomegal infect sepsis
abscess ulcer jaundic murmur gallop rub tender rigid guarding rebound masses lymphaden
thyromeg cyanosis clubbing suicid homicid hallucin delusion smok tobacco alcohol drug
pregnan trauma injur fall weight appetite sweat sore throat congest rhinorr discharge vision
hearing stool urine anemia thromb embol ischem infarct angina hernia obstruct perforat
fiebre escalofr tos dolor nause vomit diarrea estreñ estren cefalea mareo sincope erupcion
picazon hinchaz edema sangr hemorrag disnea respira palpitac fatiga debil convuls alergi
asma diabet hipertens cancer tumor fractur derrame neumon infecc ulcera ictericia embaraz
fuma alcohol
""")
"""What a note affirms or denies."""

_OTHER = listed("""
patient doctor nurse clinic hospital medic diagnos treat therap surg symptom exam history
vital blood pressure pulse heart lung kidney liver stomach abdom chest head neck back knee
hip shoulder arm leg foot hand skin eye ear nose throat mouth tooth teeth bone joint muscle
prescri tablet capsule dose mg daily inject vaccin immuniz test result lab sodium potassium
glucose hemoglobin creatinin cholester urin x-ray xray scan mri ct ultrasound biops health
sick ill feel hurt sleep tired worse better visit follow week day month year old pregnan
baby child mother father family nose runny sneez cold flu covid virus bacter antibiot
paciente medico enferm hospital clinica diagnos tratam terapi cirug sintoma examen histori
sangre presion pulso corazon pulmon riñon rinon higado estomago pecho cabeza cuello espalda
rodilla cadera hombro brazo pierna pie mano piel ojo oido nariz garganta boca diente hueso
receta tableta comprim capsula dosis vacuna prueba resultado salud siento duele dormir
cansad
""")


def is_finding(word: str) -> bool:
    """Report whether a folded word names what a note affirms or denies."""
    return _begins(word, FINDINGS)


_SIGNS_ALONE = listed("""
drug weight discharge vision hearing urine stool fall mass alcohol allerg alergi appetite sweat
tender rub rigid guarding weak debil infect infecc injur trauma pain dolor ache sore diabet throat
bleed sangr swell hinchaz edema smok tobacco fuma fatigue fatiga breath respira headache
""")


def is_symptom(word: str) -> bool:
    """Report whether a folded word names one symptom or disease, and is no everyday word."""
    return _begins(word, FINDINGS - _SIGNS_ALONE)


def is_clinical(word: str) -> bool:
    """Report whether a folded word is of a kind that clinical texts hold."""
    return _begins(word, FINDINGS) or _begins(word, _OTHER)


def _begins(word: str, beginnings: frozenset[str]) -> bool:
    return any(word[:length] in beginnings for length in range(min(2, len(word)), len(word) + 1))
