"""People by their initials alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

from careflow.ai.privacy.found import Found
from careflow.ai.privacy.rules.lexicon import words_of
from careflow.ai.privacy.rules.listed import listed

_INITIALS = re.compile(r"(?<![\w.])([A-Z])\.\s?([A-Z])\.(?:\s?([A-Z])\.)?(?![\w])")
_NOT_INITIALS = listed("""
US PO IV IM MD DO RN HS PM AM NP PA OD OS OU CC DC ER ED SC GI GU CT LL ST QD BI TI QI PR AC PC SL
SQ UK EU IE EG AD BC QO QH DM BM TV XR MR CV CN CS HU CP BP IR DX RX TX HX PT WB
""")
_TWO_INITIALS = re.compile(
    r"\b(?:[Pp]t|PT|[Pp]atient|[Ii]nitial(?:s|ed)|[Nn]ame|[Mm]rs?|[Mm]s|[Cc]lient|[Ss]igned|"
    r"[Rr]esident)\b[.:]?\s+(?:is\s+|by\s+|named\s+)?\(?([A-Z]{2,3})\b"
    r"(?=\s*(?:[,.;)]|$|is\b|was\b|has\b|\())"
    r"|(?:^|(?<=[.\n] ))([A-Z]{2,3})(?= is an? \d)"
)


def initials_in(text: str) -> Iterator[Found]:
    """Yield initials that stand for a person."""
    for hit in _INITIALS.finditer(text):
        if hit[1] + hit[2] not in _NOT_INITIALS:
            yield Found(hit.start(), hit.end(), "NAME")
    for hit in _TWO_INITIALS.finditer(text):
        group = hit.lastindex or 1
        if hit[group] not in _NOT_INITIALS and hit[group].lower() not in words_of("clinical"):
            yield Found(hit.start(group), hit.end(group), "NAME")
