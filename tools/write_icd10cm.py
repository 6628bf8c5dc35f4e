"""Writes the tables of ICD-10-CM from the tabular list (public domain) and coded cases (CodiEsp).

    python -m tools.write_icd10cm icd10cm-tabular.xml.gz codiesp.jsonl.gz [--cross-validate]

Titles, inclusion terms and our own phrases name codes; the cases add what professionals coded, how
often each term was right, and the weights of the order. ``--cross-validate`` writes the codes
alone: it learns from four fifths of the cases and measures on the fifth, five times over.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from careflow.knowledge.icd10cm import rank
from careflow.knowledge.icd10cm.find import Mention, found_in
from careflow.knowledge.icd10cm.terms import LEARNED, PHRASE, TITLE, Term
from careflow.knowledge.icd10cm.words import stems_in, stems_of_phrase

TABLES = Path(__file__).parents[1] / "src/careflow/knowledge/icd10cm/tables"
_SIDES = {"right": "right", "left": "left", "bilateral": "both"}
_STEMS_MAX = 6
_DISEASE = re.compile(
    r"(it|os|em|om|ur|alg|pat|plej|pleg|trof|plas|pen|sten|ctas|cel|fob|ri|ism|op|scler|malac|rag"
    r"|re|one|lit|sia|ias)$"
)
"""Ends of stems that are a disease by themselves; other titles of one word are too general."""
Case = dict[str, Any]
Stems = frozenset[str]
_LANGUAGES = ("text_en", "text_es")


@dataclass(frozen=True, slots=True)
class Row:
    """A code of the tabular list."""

    code: str
    title: str
    inclusions: tuple[str, ...]
    children: tuple[str, ...]
    seventh: str | None


@dataclass(slots=True)
class Lexicon:
    """Every term, and in which cases each learned one stood."""

    terms: dict[Stems, Term] = field(default_factory=dict)
    instead: dict[Stems, Term] = field(default_factory=dict)
    cases: dict[Stems, set[str]] = field(default_factory=lambda: defaultdict(set))


def main() -> None:
    """Write the tables, or measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tabular", type=Path)
    parser.add_argument("cases", type=Path)
    parser.add_argument("--cross-validate", action="store_true")
    asked = parser.parse_args()
    rows = {row.code: row for row in _rows(asked.tabular)}
    lines = gzip.decompress(asked.cases.read_bytes()).splitlines()
    cases = [case for case in map(json.loads, lines) if case["icd10_diagnosis_valid_2026"]]
    _write_codes(rows)
    if asked.cross_validate:
        print(json.dumps(cross_validated(rows, cases), indent=1))
        return
    lexicon = _lexicon(rows, cases)
    weights, shares = _learn(lexicon, cases)
    _write_terms(lexicon)
    _write_weights(weights, shares)
    print(f"{len(rows)} codes, {len(lexicon.terms)} terms, {len(cases)} cases")


def _rows(tabular: Path) -> Iterator[Row]:
    root = ET.fromstring(gzip.decompress(tabular.read_bytes()))

    def walked(node: ET.Element, seventh: str | None) -> Iterator[Row]:
        extension = node.find("sevenChrDef/extension")
        seventh = extension.get("char") if extension is not None else seventh
        children = node.findall("diag")
        notes = [
            note.text or "" for kind in ("inclusionTerm", "includes")
            for part in node.findall(kind) for note in part.findall("note")
        ]  # fmt: skip
        yield Row(
            node.findtext("name") or "",
            node.findtext("desc") or "",
            tuple(notes),
            tuple(child.findtext("name") or "" for child in children),
            seventh,
        )
        for child in children:
            yield from walked(child, seventh)

    for section in root.iter("section"):
        for node in section.findall("diag"):
            yield from walked(node, None)


def _billable(rows: Mapping[str, Row], code: str) -> str:
    """Return the least specific code below a code that can be put on a bill."""
    if code not in rows:
        return code
    while rows[code].children:
        below = rows[code].children
        code = next((one for one in below if "unspecified" in rows[one].title.lower()), below[-1])
    seventh = rows[code].seventh
    if seventh is None:
        return code
    bare = code if "." in code else f"{code}."
    return bare.ljust(7, "X") + seventh


def _sides_of(rows: Mapping[str, Row]) -> Mapping[str, dict[str, str]]:
    """Return the codes of each side behind the code that names none."""
    by_rest: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for row in rows.values():
        title = row.title.lower()
        for word, side in (*_SIDES.items(), ("unspecified", "none")):
            if re.search(rf"\b{word}\b", title):
                rest = re.sub(rf",? ?\b{word}\b", "", title, count=1)
                by_rest[row.code.rsplit(".", 1)[0], rest.strip()].setdefault(side, row.code)
                break
    return {
        sides["none"]: sides for sides in by_rest.values() if "none" in sides and len(sides) > 1
    }


def _write_codes(rows: Mapping[str, Row]) -> None:
    sides = _sides_of(rows)
    lines = []
    for code, row in sorted(rows.items()):
        of_sides = " ".join(f"{k}={v}" for k, v in sides.get(code, {}).items() if k != "none")
        lines.append("\t".join([code, row.title, *([of_sides] if of_sides else [])]))
    _write("codes.txt.gz", "\n".join(lines))


def _write(name: str, text: str) -> None:
    TABLES.joinpath(name).write_bytes(gzip.compress(text.encode(), 9, mtime=0))


def _lexicon(rows: Mapping[str, Row], cases: Sequence[Case]) -> Lexicon:
    lexicon = Lexicon(terms=_titles(rows))
    for stems, code in _phrases().items():
        lexicon.terms[stems] = Term(stems, _billable(rows, code), PHRASE, 0, 0)
    lexicon.instead = dict(lexicon.terms)
    coded: dict[Stems, Counter[str]] = defaultdict(Counter)
    for case in cases:
        valid = set(case["icd10_diagnosis_valid_2026"])
        for code, phrase, _ in case["evidence_es"]:
            stems = stems_in(phrase)
            if code in valid and stems and len(stems) <= _STEMS_MAX:
                coded[stems][code] += 1
                lexicon.cases[stems].add(case["id"])
    for stems, codes in coded.items():
        [(code, count)] = codes.most_common(1)
        known = lexicon.terms.get(stems)
        if known is None or known.origin == TITLE or count > 1:
            lexicon.terms[stems] = Term(stems, _billable(rows, code), LEARNED, 0, 0)
    return lexicon


def _titles(rows: Mapping[str, Row]) -> dict[Stems, Term]:
    named: dict[Stems, list[tuple[Row, bool]]] = defaultdict(list)
    for row in rows.values():
        for number, said in enumerate((row.title, *row.inclusions)):
            stems = stems_in(said)
            if stems and len(stems) <= _STEMS_MAX and _is_telling(stems, row.code):
                named[stems].append((row, number > 0))

    def order(one: tuple[Row, bool]) -> tuple[bool, bool, bool, int, str]:
        row, is_inclusion = one
        is_open = bool(row.children) and len(row.code) <= 3
        return (
            is_open, "unspecified" not in row.title.lower(), is_inclusion, len(row.code), row.code
        )  # fmt: skip

    return {
        stems: Term(stems, _billable(rows, min(all_of_it, key=order)[0].code), TITLE, 0, 0)
        for stems, all_of_it in named.items()
    }


def _is_telling(stems: Stems, code: str) -> bool:
    if len(stems) > 1:
        return True
    [stem] = stems
    return len(stem) > 4 and bool(_DISEASE.search(stem)) and code[0] not in "VWXYZ"


def _phrases() -> dict[Stems, str]:
    phrases: dict[Stems, str] = {}
    for line in TABLES.joinpath("phrases.txt").read_text("utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            code, said = line.split(" ", 1)
            for phrase in said.split(";"):
                phrases.setdefault(stems_of_phrase(phrase.strip()), code)
    phrases.pop(frozenset(), None)
    return phrases


def _by_trigger(terms: Mapping[Stems, Term]) -> dict[str, list[Term]]:
    """Return the terms by the rarest of their stems."""
    counts = Counter(stem for stems in terms for stem in stems)
    by_trigger: dict[str, list[Term]] = defaultdict(list)
    for stems, term in terms.items():
        by_trigger[min(stems, key=lambda stem: (counts[stem], stem))].append(term)
    return by_trigger


def _lookup(terms: Mapping[Stems, Term]) -> Callable[[str], Sequence[Term]]:
    by_trigger = _by_trigger(terms)
    return lambda stem: by_trigger.get(stem, ())


def _categories(case: Case) -> set[str]:
    return {code[:3] for code in case["icd10_diagnosis_valid_2026"]}


def _learn(lexicon: Lexicon, cases: Sequence[Case]) -> tuple[list[float], dict[str, float]]:
    """Count how often each term is right, and fit the weights; no case counts for itself."""
    lookup = _lookup(lexicon.terms)
    seen: Counter[Stems] = Counter()
    right: Counter[Stems] = Counter()
    read: list[tuple[Case, str, list[Mention]]] = []
    own: dict[str, Counter[tuple[Stems, bool]]] = defaultdict(Counter)
    for case in cases:
        for language in _LANGUAGES:
            mentions = found_in(case[language], lookup)
            read.append((case, language, mentions))
            for stems in {mention.term.stems for mention in mentions}:
                is_right = lexicon.terms[stems].code[:3] in _categories(case)
                seen[stems] += 1
                right[stems] += is_right
                own[case["id"]][stems, is_right] += 1
    for stems, term in lexicon.terms.items():
        lexicon.terms[stems] = replace(term, seen=seen[stems], right=right[stems])
    counts = Counter(one for case in cases for one in _categories(case))
    xs: list[list[float]] = []
    ys: list[bool] = []
    for case, language, mentions in read:
        without = [
            replace(mention, term=before)
            for mention in mentions
            if (before := _without(lexicon, mention, case["id"], own[case["id"]])) is not None
        ]
        by_category: dict[str, list[Mention]] = defaultdict(list)
        for mention in without:
            by_category[mention.code[:3]].append(mention)
        for category, some in by_category.items():
            is_right = category in _categories(case)
            share = (counts[category] - is_right) / len(cases)
            xs.append(rank.features(share, some, len(case[language])))
            ys.append(is_right)
    shares = {one: round(count / len(cases), 5) for one, count in sorted(counts.items())}
    return _fitted(xs, ys), shares


def _without(
    lexicon: Lexicon, mention: Mention, case: str, own: Counter[tuple[Stems, bool]]
) -> Term | None:
    """Return a mention's term as it would be had the case never been seen."""
    stems = mention.term.stems
    term = lexicon.terms[stems]
    if term.origin == LEARNED and lexicon.cases[stems] <= {case}:
        if stems not in lexicon.instead:
            return None
        term = replace(term, origin=lexicon.instead[stems].origin)
    wrong, right = own[stems, False], own[stems, True]
    return replace(term, seen=term.seen - wrong - right, right=term.right - right)


def _fitted(xs: Sequence[Sequence[float]], ys: Sequence[bool]) -> list[float]:
    """Return the weights of a logistic regression, by AdaGrad; the same on every machine."""
    weights = [0.0] * len(xs[0])
    squares = [1e-6] * len(weights)
    order = list(range(len(xs)))
    shuffle = random.Random(1).shuffle
    for _ in range(25):
        shuffle(order)
        for at in order:
            total = sum(w * x for w, x in zip(weights, xs[at], strict=True))
            error = 1 / (1 + math.exp(-max(-30.0, min(30.0, total)))) - ys[at]
            for number, value in enumerate(xs[at]):
                if value:
                    slope = error * value + 1e-4 * weights[number]
                    squares[number] += slope * slope
                    weights[number] -= 0.05 * slope / math.sqrt(squares[number])
    return [round(weight, 5) for weight in weights]


def _write_terms(lexicon: Lexicon) -> None:
    blocks = []
    for trigger, terms in sorted(_by_trigger(lexicon.terms).items()):
        lines = [
            "\t".join([
                " ".join(sorted(term.stems - {trigger})), term.code,
                str(term.origin), str(term.seen), str(term.right),
            ])
            for term in sorted(terms, key=lambda one: (sorted(one.stems), one.code))
        ]  # fmt: skip
        blocks.append("\n".join([trigger, *lines]))
    _write("terms.txt.gz", "\n\n".join(blocks))


def _write_weights(weights: Sequence[float], shares: Mapping[str, float]) -> None:
    lines = [
        "# Weights of the order of codes, and in how many coded cases each category stood.",
        "# Written by tools/write_icd10cm.py from CodiEsp (CC BY 4.0).",
        f"weights = {json.dumps(list(weights))}",
        "",
        "[shares]",
        *(f"{category} = {share}" for category, share in shares.items()),
    ]
    TABLES.joinpath("weights.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def cross_validated(rows: Mapping[str, Row], cases: Sequence[Case]) -> dict[str, dict[str, float]]:
    """Return what the method scores on cases it has not learned from."""
    order = list(cases)
    random.Random(0).shuffle(order)
    counts: dict[str, Counter[str]] = {language: Counter() for language in _LANGUAGES}
    for fold in range(5):
        learned = [case for at, case in enumerate(order) if at % 5 != fold]
        lexicon = _lexicon(rows, learned)
        weights, shares = _learn(lexicon, learned)
        lookup = _lookup(lexicon.terms)
        model = {"weights": weights, "shares": shares}
        for case in order[fold::5]:
            for language in _LANGUAGES:
                text = case[language]
                found = rank.ranked(found_in(text, lookup), len(text), model)
                said = list(dict.fromkeys(one.code[:3] for one in found))
                _count(counts[language], said, _categories(case))
    return {language: _shares_of(count) for language, count in counts.items()}


def _count(counts: Counter[str], said: Sequence[str], right: set[str]) -> None:
    ten = len(right & set(said[:10]))
    counts["cases"] += 1
    counts["right"] += len(right)
    counts["ten"] += ten
    counts["mean"] += round(1e6 * ten / len(right))
    counts["capped"] += round(1e6 * ten / min(10, len(right)))
    counts["five"] += len(right & set(said[:5]))
    counts["said five"] += len(said[:5])


def _shares_of(counts: Counter[str]) -> dict[str, float]:
    return {
        "recall at 10, all categories together": round(counts["ten"] / counts["right"], 3),
        "recall at 10, mean of cases": round(counts["mean"] / 1e6 / counts["cases"], 3),
        "recall at 10, of the ten that fit": round(counts["capped"] / 1e6 / counts["cases"], 3),
        "precision at 5": round(counts["five"] / counts["said five"], 3),
    }


if __name__ == "__main__":
    main()
