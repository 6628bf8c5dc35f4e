"""Finds the statements of a note that name a code, and what is said about them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from careflow.knowledge.icd10cm.codes import on_side
from careflow.knowledge.icd10cm.terms import TITLE, Term, terms_by
from careflow.knowledge.icd10cm.words import Token, folded, tokens_in

_SENTENCE = re.compile(r"[^.;\n]+(?:\.(?=\S)[^.;\n]*)*")
_CLAUSE_ENDS = re.compile(
    r"[.;:\n]|\b(?:but|pero|aunque|although|however|except|salvo|with|con|presents?|presenta\w*"
    r"|complains?|refiere|reports?)\b"
)
_DENIED = re.compile(
    r"\b(?:no|not|without|denies|denied|deny|denying|negative for|absence of|absent|free of"
    r"|ruled out|rules out|neither|nor|never|sin|niega|negaba|ausencia de|descarta\w*"
    r"|negativ\w+ para|tampoco|ni|nunca|resolved|unlikely)\b"
)
_DENIED_AFTER = re.compile(
    r"^\W{0,3}(?:(?:was|were|is|are|has been|fue|fueron|ha sido|queda)\s+)?"
    r"(?:not (?:seen|present|found|observed|detected)|absent|negative|ruled out|excluded|denied"
    r"|negativ[oa]s?|ausentes?|descartad[oa]s?"
    r"|no (?:se )?(?:observ|aprecia|detect|evidenc)\w*)"
)
_SUSPECTED = re.compile(
    r"\b(?:probabl[ey]|possibl[ey]|suspected|suspicion of|suspicious for|suspects?|questionable"
    r"|likely|rule out|r/o|concern for|concerning for|cannot exclude|may represent|might be"
    r"|versus|vs|sospech\w+|posible\w*|probablemente|a descartar|impresiona de|sugestiv\w+"
    r"|suggestive of|presumptive|presunci\w+|differential)\b"
)
_OF_A_RELATIVE = re.compile(
    r"\b(?:family history|familial history|father|mother|brother|sister|parents?|son|daughter"
    r"|uncle|aunt|cousin|grandmother|grandfather|relatives?|siblings?|antecedentes? familiar\w*"
    r"|padre|madre|herman[oa]s?|hij[oa]s?|abuel[oa]s?|ti[oa]s?|prim[oa]s?|familiares?)\b"
)
_PAST = re.compile(
    r"\b(?:(?:past |prior |previous |remote |personal )?history of|h/o|s/p|status post)\s*$"
)
_LOOKED_AT = 80
"""Characters before a statement in which a denial, a doubt or a relative counts."""
_GENERAL = ("R52", "R69")
"""Pain and disease, not said where or which: not coded beside what says it."""
_NAMED_WITHIN = 60
_PLACES_MAX = 8
"""Places of one word in a sentence that are looked at; more repeat themselves."""
_TOKENS_MAX = 120
"""Words that are looked at together; more are no sentence."""
_BESIDE = 3
"""Words around a statement in which a side counts."""
_PAST_CODES = {
    "I21": "I25.2", "I63": "Z86.73", "I61": "Z86.79", "I26": "Z86.711", "I82": "Z86.718",
    "F17": "Z87.891", "C50": "Z85.3", "C61": "Z85.46", "C18": "Z85.038", "C20": "Z85.048",
    "C34": "Z85.118", "C64": "Z85.528", "C67": "Z85.51", "C62": "Z85.47", "C43": "Z85.820",
    "C53": "Z85.41", "C56": "Z85.43", "C73": "Z85.850", "C16": "Z85.028", "N20": "Z87.442",
    "K27": "Z87.11", "K25": "Z87.11", "K26": "Z87.11", "A15": "Z86.11", "G45": "Z86.73",
}  # fmt: skip
"""Codes for what someone has had and has no longer, by the category it was."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A statement that the patient has something now, or had it.

    Attributes:
        words: How many words it spans.
        is_named: Whether it follows words such as "diagnosed with" or "history of".
    """

    code: str
    term: Term
    start: int
    end: int
    words: int
    is_named: bool


_NAMED = re.compile(
    r"\b(?:history of|past medical|antecedent\w*|previous\w*|previo\w*|diagnos\w+ (?:of|de)"
    r"|diagnosed with|diagnosticad\w+|diagnostic\w+ de)\b"
)


Lookup = Callable[[str], Sequence[Term]]
"""Returns the terms whose rarest stem is given."""


def found_in(text: str, lookup: Lookup = terms_by) -> list[Mention]:
    """Return the codable statements of a text; what is denied, doubted or a relative's is not."""
    plain = folded(text)
    found: list[Mention] = []
    for begins, tokens in _stretches(text, plain):
        for term, first, last in _matches(tokens, lookup):
            start, end = tokens[first].start, tokens[last].end
            code = _as_said(term.code, plain, begins, start, end)
            if code is not None:
                code = _sided(code, tokens, first, last)
                is_named = bool(_NAMED.search(plain, max(0, start - _NAMED_WITHIN), start))
                found.append(Mention(code, term, start, end, last - first + 1, is_named))
    return found


def _stretches(text: str, plain: str) -> Iterator[tuple[int, list[Token]]]:
    """Yield where each sentence begins, with its words; an endless one comes in parts."""
    for sentence in _SENTENCE.finditer(plain):
        tokens = list(tokens_in(text, sentence.start(), sentence.end()))
        for at in range(0, len(tokens), _TOKENS_MAX):
            yield sentence.start(), tokens[at : at + _TOKENS_MAX]


def _matches(tokens: Sequence[Token], lookup: Lookup) -> Iterator[tuple[Term, int, int]]:
    """Yield terms with their first and last word.

    A term inside a longer one counts where it names another category, and says more than pain or
    disease in general; what stands inside a history is part of it.
    """
    places = _places_of(tokens)
    found: list[tuple[Term, frozenset[int]]] = []
    for stem in places:
        for term in lookup(stem):
            if not term.stems <= places.keys():
                continue
            for here in places[stem][:_PLACES_MAX]:
                at = frozenset(
                    min(places[one], key=lambda place: (abs(place - here), place))
                    for one in term.stems
                )
                if max(at) - min(at) <= len(term.stems) + 2:
                    found.append((term, at))
    found.sort(
        key=lambda one: (-len(one[0].stems), one[0].origin == TITLE, max(one[1]) - min(one[1]))
    )
    taken: list[tuple[frozenset[int], str]] = []
    for term, at in found:
        category = term.code[:3]
        if not any(
            at == other or (at < other and (longer[0] == "Z" or category in {longer, *_GENERAL}))
            for other, longer in taken
        ):
            taken.append((at, category))
            yield term, min(at), max(at)


def _places_of(tokens: Sequence[Token]) -> Mapping[str, list[int]]:
    places: dict[str, list[int]] = defaultdict(list)
    for at, token in enumerate(tokens):
        for stem in (token.stem, *token.others):
            if stem:
                places[stem].append(at)
    if "malignant" in places and "tumor" in places:
        places["cancer"] += places["tumor"]
    if "cancer" in places and "secondary" in places:
        places["metastasis"] += places["cancer"]
    return dict(places)


def _as_said(code: str, plain: str, sentence: int, start: int, end: int) -> str | None:
    """Return the code for what is said of a statement, or ``None`` where it is not to be coded."""
    before = plain[max(sentence, start - _LOOKED_AT) : start]
    clause = _CLAUSE_ENDS.split(before)[-1]
    if _DENIED.search(clause) or _DENIED_AFTER.match(plain[end : end + 40]):
        return None
    about_others = code.startswith(("Z80", "Z81", "Z82", "Z83", "Z84"))
    if not about_others and _OF_A_RELATIVE.search(before):
        return None
    is_sign = code.startswith("R")
    if not is_sign and _SUSPECTED.search(clause):
        return None
    if _PAST.search(before):
        return _PAST_CODES.get(code[:3], code)
    return code


def _sided(code: str, tokens: Sequence[Token], first: int, last: int) -> str:
    near = {token.stem for token in tokens[max(0, first - _BESIDE) : last + 1 + _BESIDE]}
    sides = near & {"right", "left", "both"}
    if len(sides) == 1:
        return on_side(code, sides.pop())
    return on_side(code, "both") if sides == {"right", "left"} else code
