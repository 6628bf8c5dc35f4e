"""Finds whose report it is, from which laboratory and of when, by the labels printed for it."""

from __future__ import annotations

import re

from careflow.ai.reading.dates import day_first, read_date
from careflow.ai.reading.lines import Line
from careflow.ai.reading.report import Identity, PrintedDate
from careflow.ai.reading.vocabulary import LABELS

_LABEL = re.compile(
    r"(?<![\w/])(?:"
    + "|".join(f"(?P<{key}>{pattern})" for key, pattern in LABELS.items())
    + r")(?P<end>\s*[:=#]\s*|\s+-\s+|\s{0}$|(?=\s))",
    re.IGNORECASE,
)
_SEX = re.compile(r"\b(male|female|m|f)\b", re.IGNORECASE)
_AGE = re.compile(r"\b(\d{1,3})\s*(?:y(?:ears?|rs?)?\b|yrs?\b)?", re.IGNORECASE)
_TITLE = re.compile(r"^(mr|mrs|ms|miss|master|dr|smt|shri|baby|prof)\.?\s+", re.IGNORECASE)
_LAB = re.compile(
    r"\b(lab(?:s|oratory|oratories)?|diagnostics?|pathology|hospital|clinic|health(?:care)?|medical|medicine|"
    r"biosciences?|analytics|patholab|imaging|polyclinic|institute|centre|center|labor)\b",
    re.IGNORECASE,
)
_TITLES = re.compile(
    r"^\W*(final\s+)?(medical\s+)?(lab(oratory)?|pathology|clinical|diagnostic|patient|blood|test|haematology|"
    r"hematology|biochemistry|chemistry|department|complete|comprehensive|report|results?|cumulative|interim)\b"
    r".*\b(report|results?|test|panel|count|profile|summary|examination)\b",
    re.IGNORECASE,
)
_ID = re.compile(r"^[A-Za-z0-9][\w./-]*\d[\w./-]*")


def identity_of(lines: list[Line]) -> Identity:
    """Return what the report says about patient, laboratory and times; nothing is guessed."""
    found = _labelled(lines)
    order = day_first([line.text for line in lines])
    sex, age = _sex_and_age(found)
    return Identity(
        lab=_lab(lines),
        name=_name(found.get("name")),
        birth_date=_date(found.get("birth"), order, birth=True),
        sex=sex,
        age_text=age,
        record_number=_record(found.get("record")),
        collected=_date(found.get("collected"), order),
        issued=_date(found.get("issued"), order),
    )


def _labelled(lines: list[Line]) -> dict[str, str]:
    """Return the first text after each kind of label."""
    found: dict[str, str] = {}
    for index, line in enumerate(lines):
        for key, text in _pairs(line):
            if key not in found and text:
                found[key] = text
        below = lines[index + 1] if index + 1 < len(lines) else None
        for key, text in _under(line, below):
            found.setdefault(key, text)
    return found


def _pairs(line: Line) -> list[tuple[str, str]]:
    """Return label and text of a line; a text ends at the next label or at a wide gap."""
    text, gaps = _with_gaps(line)
    labels = [found for found in _LABEL.finditer(text) if _is_label(text, found)]
    pairs = []
    for index, found in enumerate(labels):
        end = labels[index + 1].start() if index + 1 < len(labels) else len(text)
        rest = text[found.end() : end]
        lead = len(rest) - len(rest.lstrip(" \t:=-"))
        start = found.end() + lead
        cut = next((gap for gap in gaps if start < gap < end), end)
        pairs.append(
            (
                str(found.lastgroup if found.lastgroup != "end" else _group(found)),
                text[start:cut].strip(" \t,;|:"),
            )
        )
    return pairs


def _group(found: re.Match[str]) -> str:
    return next((key for key in LABELS if found.group(key) is not None), "other")


def _with_gaps(line: Line) -> tuple[str, list[int]]:
    """Return the line's text and where in it cells end."""
    text, gaps = "", []
    for cell in line.cells:
        if text:
            gaps.append(len(text))
            text += "\t"
        text += " ".join(token.text for token in cell)
    return text, gaps


def _is_label(text: str, found: re.Match[str]) -> bool:
    """A label stands at the start of a cell or after a separator, or carries a colon."""
    before = text[: found.start()].rstrip(" ")
    opens = not before or before[-1] in "\t,;|"
    colon = re.match(r"\s*[:=#]", text[found.end("end") - len(found.group("end")) :]) is not None
    cell_over = text[found.end() : found.end() + 1] in {"\t", ""}
    return colon or (opens and (cell_over or _group(found) not in {"age", "other", "name"}))


def _under(line: Line, below: Line | None) -> list[tuple[str, str]]:
    """Return labels that head a column whose text stands in the line below."""
    if below is None or below.page != line.page or below.middle - line.middle > 2.5 * line.height:
        return []
    pairs = []
    for cell in line.cells if len(line.cells) > 1 else []:
        found = _LABEL.fullmatch(" ".join(token.text for token in cell).rstrip(": "))
        if found is None:
            continue
        aligned = (one for one in below.cells if abs(one[0].x0 - cell[0].x0) < 1.2 * line.height)
        pairs += [(_group(found), " ".join(token.text for token in one)) for one in aligned]
    return pairs


def _name(text: str | None) -> str | None:
    if not text:
        return None
    plain = _TITLE.sub("", re.sub(r"\s*\(.*?\)\s*", " ", text)).strip(" .,:-")
    plain = re.split(r"\s{2,}|\d", plain)[0].strip(" .,:-/")
    if f"{plain}." in text and re.search(r"\b[A-Z]$", plain):
        plain += "."  # An initial keeps its full stop.
    return plain if len(re.sub(r"[^A-Za-zÀ-ÿ]", "", plain)) >= 2 else None


def _record(text: str | None) -> str | None:
    found = _ID.match(text or "")
    return found.group().rstrip(".,") if found else None


def _date(text: str | None, order: bool | None, *, birth: bool = False) -> PrintedDate | None:  # noqa: FBT001
    return read_date(text, day_comes_first=order, birth=birth) if text else None


def _sex_and_age(found: dict[str, str]) -> tuple[str | None, str | None]:
    both = found.get("age_sex", "")
    said = _SEX.search(found.get("sex", "") or both)
    sex = said.group(1)[0].upper() if said else None
    age_text = found.get("age") or both
    age = _AGE.search(age_text) if age_text else None
    if sex is None and found.get("age"):
        beside = _SEX.search(found["age"])
        sex = beside.group(1)[0].upper() if beside else None
    return sex, age.group().strip() if age else None


def _lab(lines: list[Line]) -> str | None:
    """The laboratory's name stands at the top of the first page, and says what it is."""
    top = [line for line in lines if lines and line.page == lines[0].page][:8]
    for line in top:
        for cell in line.cells:
            text = " ".join(token.text for token in cell).strip()
            if (
                _LAB.search(text)
                and not _TITLES.match(text)
                and not re.search(r"[:@]|\d{4}", text)
                and len(text) < 70
            ):
                return text
    return None
