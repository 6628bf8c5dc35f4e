"""Says what was examined, from the headings and lines above a row."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from careflow.ai.reading.drafts import Draft
from careflow.ai.reading.lines import Line

_URINE = re.compile(
    r"\b(urines?|urinalysis|urinary|urin|urinstatus|harn|urinaires?|orina)\b", re.IGNORECASE
)
_OTHER = re.compile(
    r"\b(csf|cerebrospinal|pleural|ascitic|stool|semen|synovial|sputum)\b", re.IGNORECASE
)
_BLOOD = re.compile(
    r"\b(blood|serum|plasma|haematolog|hematolog|cbc|haemogram|hemogram|lipid|liver|kidney|renal|thyroid|"
    r"electrolytes?|metabolic|coagulation|biochemistry|chemistry|hormones?|iron|cardiac|diabetes|glucose|immunology|serology)\w*",
    re.IGNORECASE,
)
_HEADING_WORDS_MAX = 8


def specimen_of(draft: Draft, lines: list[Line]) -> str | None:
    """Return "urine", "blood" or None, by the nearest heading above that names one."""
    for line in _upwards(draft, lines):
        text = line.text
        if len(text.split()) > _HEADING_WORDS_MAX or re.search(r"\d[.,]?\d", text):
            continue
        if _URINE.search(text):
            return "urine"
        if _OTHER.search(text):
            return "other"
        if _BLOOD.search(text):
            return "blood"
    return None


def _upwards(draft: Draft, lines: list[Line]) -> Iterator[Line]:
    """Yield the lines above a row, the nearest first; lines stand in the order of the page."""
    place = (draft.line.page, draft.line.middle)
    below = bisect_left(lines, place, key=lambda line: (line.page, line.middle))
    return (lines[number] for number in range(below - 1, -1, -1))
