"""Ages above 89; a younger age identifies nobody."""

from __future__ import annotations

import re
from collections.abc import Iterator

from careflow.ai.privacy.found import Found

_OLD = r"(9\d|1[0-2]\d)"
_AGE = re.compile(
    rf"(?<![\w./\-]){_OLD}\s?(?:-|–|\s)?\s?(?:y(?:ea)?rs?\b[\s\-]*(?:old|of\s+age)|"
    r"y\.?\s?/?\s?o\.?\b|year[\s\-]+old|years?[\s\-]+young|yo[mf]?\b|yr[\s\-]?old|"
    r"[\s\-]?a[ñn]os(?:\s+de\s+edad)?|(?-i:[MF])\b(?=[\s,.;]|$))"
    rf"|\b(?:age[ds]?|aged?\s+of|edad(?:\s+de)?|turn(?:s|ed|ing))\W{{0,3}}(?:is\s+|was\s+|"
    rf"at\s+)?{_OLD}\b(?![%./])"
    r"|\b((?:ninety|one\s+hundred|a\s+hundred|hundred)(?:[\s\-]+(?:and\s+)?(?:one|two|three|four|"
    r"five|"
    r"six|seven|eight|nine|ten|eleven|twelve))?)[\s\-]+(?:years?|yrs?)[\s\-]*(?:old|of\s+age)",
    re.IGNORECASE,
)
_SPAN_AFTER = re.compile(r"\s?(?:ago|later|post|after|prior|history|smok|survival|pack|de evoluci)")
_BEFORE = re.compile(r"(?:ages?|over|above|older than|>|≥|mayores de|p|than)\s?$", re.IGNORECASE)


def ages_in(text: str) -> Iterator[Found]:
    """Yield ages above 89."""
    for hit in _AGE.finditer(text):
        group = hit.lastindex or 0
        if not _SPAN_AFTER.match(text, hit.end()):
            yield Found(hit.start(group), hit.end(group), "AGE90")
