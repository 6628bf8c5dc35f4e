"""The words laboratory reports use around results: column heads, flags, bands, labels."""

from __future__ import annotations

import re
from typing import Literal

Role = Literal[
    "serial", "test", "value", "unit", "range", "low", "high", "flag", "previous", "dated", "other"
]

_HEADS: dict[Role, str] = {
    "serial": "s.no sno sr.no s/n sl.no srno # no",
    "test": (
        "test|tests|test name|test(s)|name of test|name of the test|investigation|investigations|"
        "parameter|parameters|analyte|component|examination|test description|description|"
        "test parameter|test parameters|determination|procedure|lab test|particulars|assay|"
        "tests performed|test performed|investigation name|parameter name|profile|test/parameter|"
        "item|measurement|name|study|observation|test requested|analysis"
    ),
    "value": (
        "result|results|value|values|observed value|observed values|your result|your value|"
        "test result|patient value|patient result|finding|findings|current result|current|"
        "current value|measured value|reading|result value|obs. value|observed|your results|"
        "in range|this visit|observed result|obtained value|patient's value|level|outcome|today|"
        "latest result|latest|result(s)|value observed|test value"
    ),
    "unit": "unit|units|uom|unit of measure|units of measure|unit(s)|measure|si unit|si units",
    "range": (
        "reference range|reference ranges|reference interval|reference intervals|reference|"
        "normal range|normal ranges|normal|normal value|normal values|ref. range|ref range|"
        "ref.range|reference value|reference values|biological reference interval|"
        "biological ref. interval|biological ref interval|bio. ref. interval|bio ref interval|"
        "bio. ref. range|biological reference range|biological ref. range|biological reference|"
        "ref. interval|ref interval|expected range|expected values|expected|range|ranges|interval|"
        "normal limits|ref. values|ref. value|ref. ranges|reference limits|limits|bio ref range|"
        "bio. ref. int.|bio ref. interval|biological interval|desired range|target range|target|"
        "reference range & units|reference range and units|desirable range|ref|ref."
        "|reference range (adult)|adult reference range|healthy range|biological reference intervals"
    ),
    "low": "low|lower|lower limit|min|minimum|ref low|ref. low|low limit|from|lo|lower ref|ref lo",
    "high": "high|upper|upper limit|max|maximum|ref high|ref. high|high limit|to|hi|upper ref|ref hi",
    "flag": (
        "flag|flags|status|abnormal|abnormal flag|abn|interpretation|remark|remarks|indicator|h/l|"
        "alert|comment|comments|note|notes|flg|out of range|l/h|hl|result flag|abn flag|ab"
    ),
    "previous": (
        "previous|previous result|previous results|prev|prev.|prior|prior result|last result|"
        "previous value|last value|last|history|historical|earlier|prev. result|prev result|"
        "previous date|last visit|past result|past|delta|change|previous test|earlier result|"
        "previous results and dates|prior results|trend|prev value|prev. value|previous reading"
    ),
    "other": (
        "method|methods|methodology|specimen|sample|sample type|specimen type|technique|lab|code|"
        "test code|loinc|instrument|equipment|time|department|performed at|site|mdl|tat|test method|"
        "loinc code|group|category|panel|si value|price|cpt"
    ),
}


def _head_phrases() -> dict[tuple[str, ...], Role]:
    found: dict[tuple[str, ...], Role] = {}
    for role, text in _HEADS.items():
        phrases = text.split("|") if "|" in text else text.split()
        for phrase in phrases:
            found[tuple(phrase.split())] = role
    return found


HEAD_PHRASES = _head_phrases()
"""Column heads as tuples of lower-case words."""

HEAD_WORDS_MAX = max(len(words) for words in HEAD_PHRASES)

FLAG_WORDS: dict[str, str] = {
    "h": "HIGH", "hi": "HIGH", "high": "HIGH", "l": "LOW", "lo": "LOW", "low": "LOW",
    "hh": "CRITICAL_HIGH", "ll": "CRITICAL_LOW", "n": "NORMAL", "normal": "NORMAL", "wnl": "NORMAL",
    "a": "ABNORMAL", "aa": "ABNORMAL", "abn": "ABNORMAL", "abnormal": "ABNORMAL", "c": "CRITICAL",
    "ch": "CRITICAL_HIGH", "cl": "CRITICAL_LOW", "crit": "CRITICAL",
    "critical": "CRITICAL", "panic": "CRITICAL", "elevated": "HIGH", "raised": "HIGH",
    "increased": "HIGH", "decreased": "LOW", "reduced": "LOW", "borderline": "ABNORMAL",
    "*": "ABNORMAL", "**": "ABNORMAL", "***": "ABNORMAL", "!": "ABNORMAL", "!!": "ABNORMAL", "↑": "HIGH", "↓": "LOW",
    "▲": "HIGH", "▼": "LOW", "⬆": "HIGH", "⬇": "LOW", "↑↑": "CRITICAL_HIGH", "↓↓": "CRITICAL_LOW",
    "h*": "HIGH", "l*": "LOW", "*h": "HIGH", "*l": "LOW", "+": "HIGH", "++": "HIGH", "+++": "HIGH", "-": "LOW", "--": "LOW",
    "hc": "CRITICAL_HIGH", "lc": "CRITICAL_LOW", "h!": "CRITICAL_HIGH", "l!": "CRITICAL_LOW", "✓": "NORMAL", "ok": "NORMAL",
    "optimal": "NORMAL", "satisfactory": "NORMAL", "deficient": "LOW", "positive": "ABNORMAL", "w": "ABNORMAL",
    "within": "NORMAL", "inrange": "NORMAL",
}  # fmt: skip
"""What a printed flag says. Signs and single letters count only after a value."""

FLAG_SIDE = frozenset(["mildly", "slightly", "markedly", "moderately", "very", "severely", "in", "out", "of", "range", "within", "limits", "above", "below"])  # fmt: skip
"""Words that accompany a flag word."""

SEXES: dict[str, str] = {
    "m": "M", "male": "M", "males": "M", "man": "M", "men": "M", "boys": "M", "boy": "M", "adultmale": "M",
    "adultmales": "M", "adultmen": "M", "gentlemen": "M",
    "f": "F", "female": "F", "females": "F", "woman": "F", "women": "F", "girls": "F", "girl": "F",
    "adultfemale": "F", "adultfemales": "F", "adultwomen": "F", "nonpregnantwomen": "F", "ladies": "F",
}  # fmt: skip

NORMAL_BANDS = frozenset(
    [
        "normal",
        "desirable",
        "optimal",
        "sufficient",
        "sufficiency",
        "nondiabetic",
        "nondiabetics",
        "acceptable",
        "negative",
        "euthyroid",
        "adequate",
        "healthy",
        "nonreactive",
        "lowrisk",
        "ref",
        "reference",
        "range",
        "normalrange",
        "desired",
        "ideal",
        "referencerange",
        "normalvalue",
        "target",
        "goal",
        "nonsmoker",
        "nonsmokers",
        "recommended",
    ]
)
"""Labels of the band in which a result is as it should be."""

AGES = frozenset(
    [
        "adult",
        "adults",
        "child",
        "children",
        "newborn",
        "infant",
        "infants",
        "neonate",
        "neonates",
        "cord",
        "years",
        "yrs",
        "year",
        "months",
        "month",
        "days",
        "day",
        "pediatric",
        "paediatric",
        "elderly",
        "old",
        "age",
        "ages",
    ]
)

BANDS = frozenset(
    [
        "desirable",
        "borderline",
        "borderlinehigh",
        "high",
        "veryhigh",
        "low",
        "verylow",
        "optimal",
        "nearoptimal",
        "normal",
        "deficient",
        "deficiency",
        "insufficient",
        "insufficiency",
        "sufficient",
        "sufficiency",
        "toxicity",
        "toxic",
        "therapeutic",
        "prediabetes",
        "prediabetic",
        "diabetes",
        "diabetic",
        "nondiabetic",
        "goodcontrol",
        "faircontrol",
        "poorcontrol",
        "risk",
        "lowrisk",
        "averagerisk",
        "highrisk",
        "moderaterisk",
        "mild",
        "moderate",
        "severe",
        "negative",
        "positive",
        "reactive",
        "nonreactive",
        "equivocal",
        "male",
        "males",
        "female",
        "females",
        "men",
        "women",
        "adult",
        "adults",
        "child",
        "children",
        "pregnant",
        "pregnancy",
        "firsttrimester",
        "secondtrimester",
        "thirdtrimester",
        "trimester",
        "luteal",
        "follicular",
        "ovulatory",
        "midcycle",
        "postmenopausal",
        "menopausal",
        "target",
        "goal",
        "control",
        "controlled",
        "elevated",
        "critical",
        "panic",
        "average",
        "newborn",
        "infant",
        "infants",
        "nearideal",
        "hypothyroid",
        "hyperthyroid",
        "euthyroid",
        "cutoff",
        "ideal",
        "acceptable",
        "excellent",
        "good",
        "fair",
        "poor",
        "action",
        "normalrange",
        "referencerange",
        "reference",
        "range",
        "ref",
        "abnormal",
        "stage",
        "grade",
        "class",
        "cordblood",
        "impaired",
        "unsatisfactory",
        "smoker",
        "nonsmoker",
        "smokers",
        "nonsmokers",
        "fasting2",
        "intermediate",
        "inadequate",
        "excess",
        "upto",
        "below",
        "above",
        "m",
        "f",
    ]
)
"""Names of bands and groups: a line that begins with one explains a result, it is none."""

NOT_TESTS = frozenset(
    [
        "age",
        "sex",
        "gender",
        "dob",
        "name",
        "patient",
        "mrn",
        "uhid",
        "phone",
        "tel",
        "telephone",
        "mobile",
        "fax",
        "page",
        "date",
        "time",
        "room",
        "bed",
        "ward",
        "id",
        "no",
        "number",
        "ref",
        "refby",
        "doctor",
        "dr",
        "physician",
        "collected",
        "received",
        "reported",
        "printed",
        "registered",
        "sample",
        "barcode",
        "accession",
        "visit",
        "account",
        "address",
        "email",
        "website",
        "zip",
        "pin",
        "street",
        "road",
        "suite",
        "weight",
        "height",
        "bmi",
        "bp",
        "pulse",
        "temperature",
        "temp",
        "spo2",
        "respiratory",
        "reg",
        "regn",
        "registration",
        "lab",
        "laboratory",
        "collection",
        "reporting",
        "approved",
        "validated",
        "signed",
        "note",
        "notes",
        "comment",
        "comments",
        "remark",
        "remarks",
        "interpretation",
        "method",
        "methodology",
        "specimen",
        "total2",
        "price",
        "amount",
        "bill",
        "invoice",
        "copy",
        "version",
        "rev",
        "licence",
        "license",
        "iso",
        "nabl",
        "cap",
        "clia",
        "code",
        "loinc",
        "order",
        "requisition",
        "report",
        "reference",
        "source",
        "kit",
        "lot",
        "fastinghours",
        "volume",
        "container",
        "yr",
        "yrs",
        "years",
        "client",
        "hospital",
        "clinic",
        "ordered",
        "provider",
        "facility",
        "department",
        "section",
        "status",
        "since",
        "until",
        "from",
        "to",
        "result",
        "results",
        "unit",
        "units",
        "previous",
        "and",
        "or",
    ]
)

PROSE = frozenset(
    [
        "the",
        "is",
        "are",
        "was",
        "were",
        "be",
        "been",
        "should",
        "must",
        "may",
        "might",
        "can",
        "could",
        "will",
        "would",
        "this",
        "that",
        "these",
        "those",
        "with",
        "for",
        "from",
        "which",
        "who",
        "when",
        "where",
        "if",
        "please",
        "as",
        "by",
        "has",
        "have",
        "had",
        "not",
        "been",
        "than",
        "then",
        "more",
        "most",
        "suggest",
        "suggests",
        "suggested",
        "indicates",
        "indicate",
        "indicating",
        "indicated",
        "recommend",
        "recommended",
        "advise",
        "advised",
        "consistent",
        "associated",
        "due",
        "because",
        "however",
        "also",
        "only",
        "such",
        "use",
        "used",
        "using",
        "based",
        "according",
        "patients",
        "results",
        "values",
        "below",
        "above",
        "between",
        "within",
        "greater",
        "fewer",
        "at",
        "least",
        "it",
        "its",
        "their",
        "they",
        "you",
        "your",
        "we",
        "our",
        "repeat",
        "confirm",
        "correlate",
        "correlation",
        "clinically",
        "review",
        "noted",
        "seen",
        "calculated",
        "defined",
        "considered",
    ]
)

PENDING = re.compile(
    r"^(pending|awaited|to follow|tnp|qns|not done|not tested|not performed|cancelled|canceled|"
    r"see (note|below|comment)s?|insufficient( sample)?|h(a)?emolys?zed|n/?a|-{1,3}|—|–|\.{2,})$",
    re.IGNORECASE,
)


def letters(text: str) -> str:
    """Return the lower-case letters of a text, nothing else."""
    return re.sub(r"[^a-z]", "", text.lower())


def is_prose(words: list[str]) -> bool:
    """Report whether words read like a sentence rather than a name."""
    plain = [re.sub(r"[^a-z']", "", word.lower()) for word in words]
    telling = sum(word in PROSE for word in plain)
    return telling >= 2 or (telling == 1 and len(words) > 5) or len(words) > 11
