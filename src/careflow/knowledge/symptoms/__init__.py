"""Red flags in what people write of themselves, and what vital signs say: rules, no model."""

from careflow.knowledge.symptoms.flags import (
    Flag,
    flags_in,
    level_of,
    pressing_of,
    source_of,
    sources,
)
from careflow.knowledge.symptoms.news2 import Vitals, vitals_of

__all__ = [
    "Flag",
    "Vitals",
    "flags_in",
    "level_of",
    "pressing_of",
    "source_of",
    "sources",
    "vitals_of",
]
