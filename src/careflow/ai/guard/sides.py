"""Sides of the body in English and Spanish, each with what it is the side of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from careflow.ai.words import is_content, sentences_of, words_of

Side = Literal["left", "right", "bilateral"]

_SIDE = re.compile(
    r"(?<![\w'])(?:(?P<left>left|lt|l\.?(?=\s(?:{parts}))|izquierd[oa]s?|izq)"
    r"|(?P<right>right|rt|r\.?(?=\s(?:{parts}))|derech[oa]s?|der)"
    r"|(?P<both>bilateral(?:ly|es|mente)?|both(?=\s(?:\w+\s)?(?:{parts}))|ambos|ambas)"
    r"|(?P<short>[rl](?:uq|lq|ul|ll|ml)|o[dsu]))(?:-sided)?(?![\w'])".replace(
        "{parts}",
        "arms?|legs?|knees?|hips?|shoulders?|elbows?|wrists?|hands?|ankles?|f(?:oo|ee)t|eyes?"
        "|ears?|breasts?|lungs?|kidneys?|sides?|lower|upper|thighs?|cal(?:f|ves)|thumbs?|fingers?"
        "|toes?|groin|ovar\\w+|testic\\w+|flanks?|cheeks?|temples?|ventric\\w+|atri\\w+|lobes?",
    )
)
_SHORT: dict[str, tuple[Side, str]] = {
    "ruq": ("right", "upper"), "rlq": ("right", "lower"), "luq": ("left", "upper"),
    "llq": ("left", "lower"), "rul": ("right", "upper"), "rll": ("right", "lower"),
    "rml": ("right", "middle"), "lul": ("left", "upper"), "lll": ("left", "lower"),
    "od": ("right", "eye"), "os": ("left", "eye"), "ou": ("bilateral", "eye"),
}  # fmt: skip
_NO_SIDE_BEFORE = re.compile(
    r"(?:\ball|that's|thats|you're|\bis|\bokay|\byeah|\byes|\bjust|\boh|\bum|\buh|\bis that|"
    r"\bhuh|\bi|\bhe|\bshe|\bthey|\bwe|\balright|\bthings|\bdo|\bel)[,\s]*$"
)
_NO_SIDE_AFTER = re.compile(
    r"\s*(?:now|away|after|before|here|there|handed|-handed|thing|amount|dose|track|over|off|"
    r"a\s(?:dictado|saber)|\?|(?:the|my|his|her|their|work|home|school|town|against|without)\b)"
)
_ASKS = re.compile(r"\b(?:you|your|i|we|he's|she's|it's|that's)\b")
_AFTER = 4
_BEFORE = 3
_OF_A_SIDE = frozenset({"side", "sided", "lado", "lateral", "aspect", "more", "than", "worse"})


@dataclass(frozen=True, slots=True)
class SideSaid:
    """A side, and the stems of the words that tell what it is the side of, the nearest first."""

    side: Side
    of: tuple[str, ...]
    start: int
    end: int


def sides_of(text: str) -> list[SideSaid]:
    """Return the sides of a folded text, in order."""
    return [side for offset, sentence in sentences_of(text) for side in _in(sentence, offset)]


def _in(sentence: str, offset: int) -> Iterator[SideSaid]:
    found = [one for one in _SIDE.finditer(sentence) if _is_side(one, sentence)]
    for number, one in enumerate(found):
        low = found[number - 1].end() if number else 0
        high = found[number + 1].start() if number + 1 < len(found) else len(sentence)
        place = offset + one.start(), offset + one.end()
        if one["short"]:
            side, part = _SHORT[one["short"]]
            yield SideSaid(side, (part,), *place)
            continue
        side = "left" if one["left"] else "right" if one["right"] else "bilateral"
        yield SideSaid(side, _of(sentence, one, low, high), *place)


def _is_side(one: re.Match[str], sentence: str) -> bool:
    if one["short"] in {"od", "os"}:
        return bool(re.match(r"[\s:,]|$", sentence[one.end() :])) and "eye" in sentence
    if one[0] not in {"left", "right"}:
        return True
    if _NO_SIDE_AFTER.match(sentence, one.end()):
        return False
    if one[0] == "right" and _NO_SIDE_BEFORE.search(sentence[: one.start()]):
        return False
    after = sentence[one.end() :].lstrip()
    if one[0] == "left" or after[:1] not in {",", ".", "?", ""}:
        return True
    # "…, right?" and "you take it daily, right." ask; "pleural effusion, right" tells.
    return after[:1] != "?" and not _ASKS.search(sentence)


def _of(sentence: str, one: re.Match[str], low: int, high: int) -> tuple[str, ...]:
    clause_end = re.search(
        r"[,;:.()]|\band\b|\bwith\b|\bwithout\b|\by\b|\bbut\b", sentence[one.end() : high]
    )
    end = one.end() + clause_end.start() if clause_end else high
    after = [w.stem for w in words_of(sentence[one.end() : end]) if is_content(w)]
    after = [stem for stem in after if stem not in _OF_A_SIDE][:_AFTER]
    before = [w.stem for w in words_of(sentence[low : one.start()]) if is_content(w)]
    before = [stem for stem in reversed(before) if stem not in _OF_A_SIDE][:_BEFORE]
    is_spanish = one[0].startswith(("izq", "der"))
    if is_spanish:
        return tuple(before[:2] or after)
    return tuple(after or before)
