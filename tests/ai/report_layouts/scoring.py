"""How what was read is held against what was printed."""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Protocol

from tests.ai.report_layouts.truth import Line, Report


class RowRead(Protocol):
    """What is asked of a row that was read."""

    @property
    def test(self) -> str: ...
    @property
    def value(self) -> str: ...
    @property
    def number(self) -> Decimal | None: ...
    @property
    def unit(self) -> str | None: ...
    @property
    def low(self) -> Decimal | None: ...
    @property
    def high(self) -> Decimal | None: ...
    @property
    def problem(self) -> str | None: ...


class UnreadRead(Protocol):
    """What is asked of something that was found unreadable."""

    @property
    def test(self) -> str | None: ...
    @property
    def text(self) -> str: ...


class Reading(Protocol):
    """What is asked of a whole report that was read."""

    @property
    def rows(self) -> Sequence[RowRead]: ...
    @property
    def unreadable(self) -> Sequence[UnreadRead]: ...
    @property
    def identity(self) -> object: ...


@dataclass
class Score:
    """One report's outcome; each list holds a sentence per row it concerns."""

    layout: str
    scanned: bool
    expected: int
    right: int = 0
    value_wrong: list[str] = field(default_factory=list)
    limits_wrong: list[str] = field(default_factory=list)
    other: list[str] = field(default_factory=list)
    declared: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    invented: list[str] = field(default_factory=list)
    guessed: list[str] = field(default_factory=list)
    unsaid: list[str] = field(default_factory=list)
    misnamed: list[str] = field(default_factory=list)
    identity: list[str] = field(default_factory=list)


def _plain(text: str | None) -> str:
    return " ".join(unicodedata.normalize("NFKC", text or "").casefold().split())


def _name(text: str | None) -> str:
    return _plain(text).strip(" .:*")


def _unit(text: str | None) -> str:
    plain = _plain(text).replace("μ", "u").replace("×", "x")
    return re.sub(r"[\s^*]", "", plain).removeprefix("x")


def _value(text: str) -> str:
    return _plain(text).replace(" ", "")


def _same_value(row: RowRead, value: str, number: Decimal | None) -> bool:
    if number is not None and row.number is not None:
        return row.number == number
    return _value(row.value) == _value(value)


def _same_limits(row: RowRead, line: Line) -> bool:
    return (row.low, row.high) == (line.low, line.high)


def _contradicted(row: RowRead, line: Line) -> bool:
    """Whether a limit was read, and is not the one printed."""
    pairs = ((row.low, line.low), (row.high, line.high))
    return any(read is not None and read != printed for read, printed in pairs)


def _right(row: RowRead, line: Line) -> bool:
    same = _same_value(row, line.value, line.number) and _unit(row.unit) == _unit(line.unit)
    return same and _same_limits(row, line)


def _bare(text: str) -> str:
    """A name without its accents, which a recogniser of English text cannot see."""
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def _named(row: RowRead, line: Line, *, scanned: bool) -> bool:
    """Whether a row bears a line's name, or the name with the line's unit printed behind it."""
    read, name = _name(row.test), _name(line.test)
    if scanned:
        read, name = _bare(read), _bare(name)
    return read in (name, f"{name} ({_plain(line.unit)})")


def _claim(line: Line, left: list[RowRead], *, scanned: bool) -> RowRead | None:
    """Take the row that speaks of this line, the best one where several do."""
    named = [row for row in left if _named(row, line, scanned=scanned)]
    if not named:
        return None
    best = max(
        named, key=lambda row: (_right(row, line), _same_value(row, line.value, line.number))
    )
    left.remove(best)
    return best


def _said(row: RowRead) -> str:
    told = f" [problem: {row.problem}]" if row.problem else ""
    return f"{row.test} | {row.value} | {row.unit} | {row.low}..{row.high}{told}"


def _printed(line: Line) -> str:
    unit = line.unit.replace("^^", "^")
    return f"{line.test} | {line.value} | {unit} | {line.range_text}"


def _spoken_of(test: str, reading: Reading) -> bool:
    name = _name(test)
    return any(name in _plain(f"{item.test} {item.text}") for item in reading.unreadable)


def _judge(line: Line, row: RowRead, score: Score) -> None:
    if _right(row, line):
        score.right += 1
        return
    words = f"printed {_printed(line)}; read {_said(row)}"
    if not _same_value(row, line.value, line.number):
        score.value_wrong.append(words)
    elif _contradicted(row, line) and not row.problem:
        score.limits_wrong.append(words)
    else:
        score.other.append(words)


def _inventions(report: Report, reading: Reading) -> Iterable[str]:
    known = [(line.value, line.number) for line in report.truth.rows]
    hidden = {_bare(_name(item.test)) for item in report.truth.unreadable}
    for row in reading.rows:
        if _bare(_name(row.test)) in hidden:
            continue
        if not any(_same_value(row, value, number) for value, number in known):
            yield _said(row)


def score(report: Report, reading: Reading) -> Score:
    """Hold one reading against its truth."""
    truth = report.truth
    result = Score(report.layout, report.scanned, len(truth.rows))
    left = list(reading.rows)
    for line in truth.rows:
        row = _claim(line, left, scanned=report.scanned)
        if row is not None:
            _judge(line, row, result)
        elif _spoken_of(line.test, reading):
            result.declared.append(_printed(line))
        else:
            result.missed.append(_printed(line))
    for item in truth.unreadable:
        for row in reading.rows:
            same = _bare(_name(row.test)) == _bare(_name(item.test))
            if same and _value(row.value) not in ("", _value(item.value)):
                result.guessed.append(f"{item.test} {item.value} ({item.how}); read {_said(row)}")
        spoken = _spoken_of(item.test, reading)
        if not spoken and all(_name(row.test) != _name(item.test) for row in reading.rows):
            result.unsaid.append(f"{item.test} ({item.how})")
    result.invented.extend(_inventions(report, reading))
    gone = {_bare(_name(item.test)) for item in truth.unreadable}
    spare = (_said(row) for row in left if _bare(_name(row.test)) not in gone)
    result.misnamed.extend(said for said in spare if said not in result.invented)
    result.identity.extend(_identity(report, reading))
    return result


def _words(text: object) -> set[str]:
    return set(re.findall(r"\w+", _plain(str(text)))) - {"mr", "mrs", "ms", "mme", "m", "herr"}


def _dated(value: object, day: str | None) -> bool:
    """Whether any part of a printed date says this day."""
    if not dataclasses.is_dataclass(value):
        return False
    return any(str(getattr(value, part.name))[:10] == day for part in dataclasses.fields(value))


def _identity(report: Report, reading: Reading) -> Iterable[str]:
    """Where the person or the day was read wrongly or not at all."""
    person, read = report.truth.person, reading.identity
    if person is None:
        return
    if _words(person.name) != _words(getattr(read, "name", None)):
        yield f"name {person.name!r}; read {getattr(read, 'name', None)!r}"
    if _words(person.record_number) != _words(getattr(read, "record_number", None)):
        yield f"record {person.record_number}; read {getattr(read, 'record_number', None)!r}"
    dates = (("birth_date", person.birth_date), ("collected", report.truth.collected))
    for name, day in dates:
        if not _dated(getattr(read, name, None), day):
            yield f"{name} {day}; read {getattr(read, name, None)!r}"


KINDS = (
    "value_wrong",
    "limits_wrong",
    "other",
    "declared",
    "missed",
    "misnamed",
    "invented",
    "guessed",
    "unsaid",
    "identity",
)


def table(scores: Sequence[Score]) -> str:
    """A line per layout, and beneath it what went wrong there."""
    out = ["", f"{'layout':<24}{'right':>9}" + "".join(f"{kind:>12}" for kind in KINDS)]
    for item in scores:
        found: dict[str, list[str]] = {kind: getattr(item, kind) for kind in KINDS}
        counts = "".join(f"{len(said) or '':>12}" for said in found.values())
        out.append(f"{item.layout:<24}{item.right:>4}/{item.expected:<4}{counts}")
        out.extend(f"      {kind}: {words}" for kind in KINDS for words in found[kind])
    right, expected = sum(s.right for s in scores), sum(s.expected for s in scores)
    out.append(f"{'all':<24}{right:>4}/{expected:<4} = {right / max(expected, 1):.1%}")
    return "\n".join(out)
