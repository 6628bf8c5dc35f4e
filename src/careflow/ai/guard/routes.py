"""How a medicine is given, in the many ways it is written, in English and Spanish."""

from __future__ import annotations

import re

_WRITTEN = {
    "oral": r"po|p\.o\.?|by mouth|oral(?:ly|mente)?|v\.?o\.?|via oral|por (?:la )?boca|"
    r"per os|swallow\w*",
    "iv": r"iv|i\.v\.?|intravenous(?:ly)?|intravenos[oa]|ivpb|iv push",
    "im": r"im|i\.m\.?|intramuscular(?:ly)?",
    "sc": r"sc|s\.c\.?|subq|sub-q|sq|subcut\w*|subcutaneo\w*|under the skin|bajo la piel",
    "sublingual": r"sl|s\.l\.?|sublingual(?:ly)?|under the tongue|debajo de la lengua",
    "rectal": r"pr|p\.r\.?|rectal(?:ly)?|per rectum|suppositor\w+|supositorio\w*",
    "topical": r"top|topical(?:ly)?|to (?:the )?(?:affected )?(?:skin|areas?)|"
    r"cutaneous|apply|topic[oa]|aplicar|aplique",
    "inhaled": r"inh|inhal\w*|nebul\w*|puffs?|mdi",
    "nasal": r"nasal(?:ly)?|intranasal(?:ly)?|nostrils?|in (?:the |each )?nose|nariz|fosa",
    "eye": r"ophth\w*|eyes?|o[dsu]|ojos?|oftalmic\w*",
    "ear": r"otic|ears?|a[dsu]|oidos?|otic[oa]",
    "transdermal": r"transdermal(?:ly)?|td|patch(?:es)?|parches?",
    "vaginal": r"vaginal(?:ly)?|pv",
}
_ROUTE = re.compile(
    "|".join(rf"(?P<{name}>(?<![\w.])(?:{words})(?![\w]))" for name, words in _WRITTEN.items())
)


def routes_of(text: str) -> frozenset[str]:
    """Return the routes that a folded text names."""
    return frozenset(str(one.lastgroup) for one in _ROUTE.finditer(text))
