"""What a message names: tests and measurements, medicines, and words of entries."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from careflow.ai.patient_chat.asked import plain, words_of
from careflow.ai.patient_chat.facts import Fact

_SAME: Final = tuple(
    tuple(line.strip().split("|"))
    for line in """
    A1c|a1c|hba1c|hemoglobina glicosilada|hemoglobina glucosilada|glicosilada|glycated hemoglobin
    glucose|glucose|blood sugar|sugar|azucar|glucosa|glucemia
    LDL|ldl
    HDL|hdl
    cholesterol|cholesterol|colesterol
    triglycerides|triglycerides?|trigliceridos
    potassium|potassium|potasio
    sodium|sodium|sodio
    creatinine|creatinine|creatinina
    eGFR|e?gfr|kidney function|glomerular|filtrado|funcion renal
    hemoglobin|ha?emoglobin|hemoglobina
    platelets|platelets?|plaquetas
    white cells|white (?:blood )?cells?|wbc|leu[ck]ocytes|leucocitos|globulos blancos
    TSH|tsh|thyroid|tiroides|thyrotropin
    vitamin D|vitamin d|vitamina d
    ferritin|ferritin|ferritina
    iron|iron|hierro
    blood pressure|blood pressure|presion(?: arterial)?|tension(?: arterial)?
    weight|body weight|weight|weigh|peso
    height|body height|height|estatura|talla
    BMI|bmi|body mass index|imc
    heart rate|heart rate|pulse|pulso|frecuencia cardiaca
    temperature|body temperature|temperature|temperatura
    oxygen|oxygen(?: saturation)?|spo2|oxigeno|saturacion
    bilirubin|bilirubin|bilirrubina
    calcium|calcium|calcio
    uric acid|uric acid|urate|acido urico
    CRP|crp|c[- ]reactive protein|proteina c reactiva
    """.strip().splitlines()
)
"""Names of the same test as patients and records write them; the first is shown."""
_LEAST: Final = 3
_NO_TEST: Final = frozenset(
    str.split("""
    the was are what when how last next is my of and for are not test tests result results
    blood high low normal okay good bad level levels take takes medicine can you tell show urine
    time que cual como mis las los del una por con para ultimo ultima esta este fue alto baja alta
    bajo bien mal sangre orina prueba pruebas analisis resultado resultados tengo lead
    got cat ace sat mag did does about need think case rate
    """)
)
_GRAMS: Final = 3


def tests_named(text: str) -> dict[str, str]:
    """Return the tests that a text names: a key, and the words that stand for it."""
    left = plain(text)
    found: dict[str, str] = {}
    for shown, pattern in _patterns():
        hit = pattern.search(left)
        if hit:
            found[shown] = shown
            left = left[: hit.start()] + "|" + left[hit.end() :]
    words = words_of(left)
    for gram in _grams(words):
        for key in _analytes(gram):
            found.setdefault(key, gram)
    return found


def results_of(key: str, facts: Sequence[Fact]) -> list[Fact]:
    """Return the results of a test, in the record's order."""
    return [one for one in facts if one.kind == "Observation" and key in tests_named(one.name)]


def medicines_named(text: str) -> dict[str, str]:
    """Return the medicines that a text names: what stands for each drug, and its word."""
    # The vocabulary of medicines is read with the first question, not with the server.
    from careflow.knowledge.drugs import drug_named

    found: dict[str, str] = {}
    for word in words_of(text):
        drug = drug_named(word) if len(word) > _LEAST else None
        if drug is not None:
            found.setdefault(drug, word)
    return found


def share_a_word(text: str, name: str) -> bool:
    """Report whether a text says a telling word of an entry's name."""
    said = {_stem(word) for word in words_of(text)}
    return any(_stem(word) in said for word in words_of(name) if len(word) > _LEAST)


def _stem(word: str) -> str:
    """Return a word without what Spanish and English end it by (penicilina, penicillin)."""
    return re.sub(r"(?:es|as|os|s|a|o|e)$", "", word.replace("ll", "l").replace("ph", "f"))


def _grams(words: Sequence[str]) -> Iterator[str]:
    for length in range(_GRAMS, 0, -1):
        for at in range(len(words) - length + 1):
            some = words[at : at + length]
            if some[0] not in _NO_TEST and some[-1] not in _NO_TEST:
                yield " ".join(some)


@lru_cache(maxsize=4096)
def _analytes(gram: str) -> tuple[str, ...]:
    if len(gram) < _LEAST:
        return ()
    # The tables of tests are read with the first question, not with the server.
    from careflow.knowledge.labs.names import candidates

    return tuple(one.key for one in candidates(gram))


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((shown, re.compile(rf"\b(?:{'|'.join(names)})\b")) for shown, *names in _SAME)
