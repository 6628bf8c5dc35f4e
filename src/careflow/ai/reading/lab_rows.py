"""Finds the results of a laboratory report; what cannot be read for certain is said to be so."""

from __future__ import annotations

import re
from dataclasses import replace

from careflow.ai.reading.drafts import Draft, is_pending, printed_loinc
from careflow.ai.reading.errors import DocumentTooLargeError
from careflow.ai.reading.lines import Line, box_of, lines_of
from careflow.ai.reading.page import PageText
from careflow.ai.reading.people import identity_of
from careflow.ai.reading.printed_ranges import Choice, choose, shown
from careflow.ai.reading.printed_units import PrintedUnit, unit_of
from careflow.ai.reading.report import Identity, LabRow, ReadReport, Unreadable
from careflow.ai.reading.segments import Segment
from careflow.ai.reading.specimens import specimen_of
from careflow.ai.reading.tables import drafts_of, tokens_of
from careflow.ai.reading.vocabulary import FLAG_WORDS, letters
from careflow.knowledge.labs import Match, check, flag_range, match
from careflow.knowledge.labs.names import candidates, is_known, is_whole_name
from careflow.knowledge.labs.ranges import Range
from careflow.knowledge.labs.units import Unit
from careflow.knowledge.labs.values import DecimalMark, Value, decimal_mark, parse_value

_NUMBERS = re.compile(r"\d+(?:[.,]\d+)?")
CONFIDENT = 0.7
"""Words of a picture below this certainty are not taken as a result."""
_WORD_MIN = 4
"""Letters of a result in words that is not a known one; what is shorter was a number once."""

_LINE_WORDS_MAX = 150
"""No paper is that wide; finding cells takes much longer than a line does."""


def find_rows(pages: list[PageText]) -> ReadReport:
    """Return the results, the places that could not be read, and whose report it is.

    A row is only made of words that stand on the page. Values that do not parse, or that the
    recogniser was unsure of, become `Unreadable`; impossible values and units that do not fit
    keep their text and carry a ``problem`` instead of a flag.
    """
    lines = [line for page in pages for line in lines_of(page)]
    if any(len(line.tokens) > _LINE_WORDS_MAX for line in lines):
        raise DocumentTooLargeError("A line has too many words to be read here.")
    identity = identity_of(lines)
    drafts = drafts_of(lines)
    mark = decimal_mark([token.text for draft in drafts for token in tokens_of(draft)])
    rows: list[LabRow] = []
    unreadable: list[Unreadable] = []
    for draft in drafts:
        reason = _why_unreadable(draft, mark)
        if reason is not None:
            _repair_name(draft)
            unreadable.append(_unreadable(draft, reason))
        elif not is_pending(draft.value.text):
            rows.append(_row(draft, identity, mark, lines))
    return ReadReport(tuple(rows), tuple(unreadable), identity, _problems(pages))


def _problems(pages: list[PageText]) -> tuple[str, ...]:
    said = [f"Page {page.number}: {page.problem}" for page in pages if page.problem]
    said += [
        f"Page {page.number} holds text that nobody sees; it was not read."
        for page in pages
        if page.hidden
    ]
    return tuple(said)


def _why_unreadable(draft: Draft, mark: DecimalMark | None) -> str | None:
    value = draft.value
    if value.kind == "none":
        return "No result can be read here on the picture."
    if value.kind == "odd":
        return "The result holds digits but is no number."
    if value.kind in {"value", "bound"} and parse_value(value.text, mark=mark) is None:
        return "The number can be read in more than one way."
    if draft.line.from_picture and min(token.confidence for token in value.tokens) < CONFIDENT:
        return "The result is not clear on the picture."
    if draft.line.from_picture and value.kind == "text" and len(letters(value.text)) < _WORD_MIN:
        return None if is_pending(value.text) else "The result is not clear on the picture."
    if draft.line.from_picture and _may_have_lost_its_point(draft, mark):
        return "The decimal point of the result may have been lost on the picture."
    return None


def _may_have_lost_its_point(draft: Draft, mark: DecimalMark | None) -> bool:
    """Report a whole number far outside a range that is printed with decimals."""
    value = parse_value(draft.value.text, mark=mark)
    printed = [text for one in draft.ranges for text in _NUMBERS.findall(one.text)]
    ends = [end.number for text in printed if (end := parse_value(text, mark=mark)) and end.number]
    whole = re.fullmatch(r"\D*\d+", draft.value.text) is not None
    exact = bool(ends) and all(re.search(r"[.,]", text) for text in printed)
    if value is None or value.number is None or not (whole and exact):
        return False
    return value.number > 2 * max(ends) or value.number < min(ends) / 2


def _unreadable(draft: Draft, reason: str) -> Unreadable:
    return Unreadable(
        draft.line.page, box_of(draft.value.tokens), draft.value.text, reason, draft.test or None
    )


def _row(draft: Draft, identity: Identity, mark: DecimalMark | None, lines: list[Line]) -> LabRow:
    _repair_name(draft)
    named = _match(draft, None, lines)
    printed = unit_of(draft, [named.analyte] if named else candidates(draft.test))
    known = _match(draft, printed.unit or printed.text, lines)
    value = parse_value(draft.value.text, mark=mark)
    value = value or Value(draft.value.text, words=draft.value.text.lower())
    if known is not None and value.number is None and not known.analyte.qualitative:
        known = None
    chosen, range_text = _range(draft, identity.sex, mark)
    wrong = _wrong(draft, value, printed, known)
    analyte = known.analyte if known else None
    flag = None if wrong else flag_range(value, chosen.range, analyte=analyte, unit=printed.unit)
    words = tokens_of(draft)
    return LabRow(
        test=draft.test,
        value=draft.value.text,
        unit=printed.text,
        low=chosen.range.low if chosen.range else None,
        high=chosen.range.high if chosen.range else None,
        range_text=shown(range_text) if range_text else None,
        printed_flag=_printed_flag(draft),
        page=draft.line.page,
        box=box_of(words),
        value_box=box_of(draft.value.tokens),
        confidence=min(token.confidence for token in words),
        text=_line_text(draft),
        section=draft.section,
        analyte=analyte.key if analyte else None,
        loinc=_loinc(draft, known),
        number=None if wrong else value.number,
        flag=flag,
        problem=wrong or printed.problem or chosen.problem or _disagrees(draft, flag),
    )


def _repair_name(draft: Draft) -> None:
    """On pictures 1 and I look alike; a name is a word of a closed list, so "HbAIc" is HbA1c."""
    test = draft.test
    if not draft.line.from_picture or is_known(test):
        return
    for wrong, right in (("I", "1"), ("l", "1"), ("O", "0"), ("0", "O")):
        if is_whole_name(test.replace(wrong, right)):
            draft.name = [replace(one, text=one.text.replace(wrong, right)) for one in draft.name]
            return


def _line_text(draft: Draft) -> str:
    lines = sorted([draft.line, *draft.extra_lines], key=lambda line: line.middle)
    return " ".join(line.text for line in lines)


def _loinc(draft: Draft, known: Match | None) -> str | None:
    printed = printed_loinc(" ".join(token.text for token in draft.name))
    return printed or (known.loinc if known else None)


def _match(draft: Draft, unit: Unit | str | None, lines: list[Line]) -> Match | None:
    specimen = specimen_of(draft, lines)
    found = match(draft.test, unit, specimen=specimen)
    if found is None and draft.section:
        found = match(f"{draft.section} {draft.test}", unit, specimen=specimen)
    return found


def _range(draft: Draft, sex: str | None, mark: DecimalMark | None) -> tuple[Choice, str | None]:
    if draft.low is not None or draft.high is not None:
        return _two_columns(draft, mark)
    text = " ".join(_range_words(draft)).strip(" ,;")
    if not text:
        return Choice(None), None
    numbers = [
        token for one in draft.ranges for token in one.tokens if re.search(r"\d", token.text)
    ]
    unsure = min((token.confidence for token in numbers), default=1.0)
    if draft.line.from_picture and unsure < CONFIDENT:
        return Choice(None, "The range is not clear on the picture."), text
    chosen = choose(text, sex=sex, mark=mark)
    if chosen.range is None and chosen.problem is None and re.search(r"\d", text):
        return Choice(None, "The printed range could not be understood; check it."), text
    return chosen, text


def _range_words(draft: Draft) -> list[str]:
    """Return the printed range; "Ref. range:" before the only one is no part of it."""
    numbers = [one for one in draft.ranges if one.kind != "label"]
    if len(numbers) == 1:
        labels = [one for one in draft.ranges if one.kind == "label" and not _says_range(one.text)]
        return [*(_raw(one) for one in labels), numbers[0].text]
    return [_raw(one) for one in draft.ranges]


def _raw(segment: Segment) -> str:
    return " ".join(token.text for token in segment.tokens)


def _says_range(text: str) -> bool:
    return (
        re.search(r"\b(ref|reference|range|interval|values?|limits?)\b", text, re.IGNORECASE)
        is not None
    )


def _two_columns(draft: Draft, mark: DecimalMark | None) -> tuple[Choice, str | None]:
    ends = [
        parse_value(one.text, mark=mark) if one is not None else None
        for one in (draft.low, draft.high)
    ]
    low, high = (end.number if end is not None else None for end in ends)
    text = "-".join(one.text for one in (draft.low, draft.high) if one is not None)
    if low is not None and high is not None and low > high:
        return Choice(None, "The lower end of the printed range lies above its upper end."), text
    return Choice(Range(low=low, high=high) if low is not None or high is not None else None), text


def _wrong(draft: Draft, value: Value, printed: PrintedUnit, known: Match | None) -> str | None:
    """Return why the row cannot be used as it stands: it gets no flag and no number then."""
    if draft.spare and not draft.in_table:
        return "A second number stands on the line; check which one is the result."
    if value.number is not None and known is not None:
        wrong = check(value.number, printed.unit, known.analyte)
        if wrong is not None:
            return wrong
    return printed.problem if printed.unit is None else None


def _printed_flag(draft: Draft) -> str | None:
    texts = [one.text.strip() for one in draft.flags if one.text.strip()]
    return " ".join(dict.fromkeys(texts)) or None


def _disagrees(draft: Draft, flag: str | None) -> str | None:
    """Say so where the laboratory's flag and the printed range tell different things."""
    said = {
        FLAG_WORDS.get(word.lower().strip("()[]."))
        for one in draft.flags
        for word in one.text.split()
    }
    if flag is None or not said & {"HIGH", "LOW", "CRITICAL_HIGH", "CRITICAL_LOW"}:
        return None
    sides = {
        word.removeprefix("CRITICAL_")
        for word in said
        if word in {"HIGH", "LOW", "CRITICAL_HIGH", "CRITICAL_LOW"}
    }
    if flag.removeprefix("CRITICAL_") in sides:
        return None
    return "The printed flag does not agree with the value and the range; check all three."
