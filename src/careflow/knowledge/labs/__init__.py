"""Laboratory knowledge: analytes, units, ranges and flags, as dated and cited data.

``match`` names the analyte behind a printed test name, ``flag`` says where a value stands,
``check`` refuses what no living patient can have. Nothing here invents a range: without a
printed range and without a critical limit there is no flag.
"""

from careflow.knowledge.labs.analytes import Analyte, Source, all_analytes, analyte, sources
from careflow.knowledge.labs.flags import Flag, flag, flag_range
from careflow.knowledge.labs.names import Match, match
from careflow.knowledge.labs.plausible import check
from careflow.knowledge.labs.ranges import Range, parse_range
from careflow.knowledge.labs.units import Unit, convert, parse_unit
from careflow.knowledge.labs.values import Value, parse_number, parse_value

__all__ = [
    "Analyte",
    "Flag",
    "Match",
    "Range",
    "Source",
    "Unit",
    "Value",
    "all_analytes",
    "analyte",
    "check",
    "convert",
    "flag",
    "flag_range",
    "match",
    "parse_number",
    "parse_range",
    "parse_unit",
    "parse_value",
    "sources",
]
