"""One search parameter as it was asked for, and the escapes of search values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from careflow.fhir.search_errors import (
    BadValueError,
    UnknownModifierError,
)


class AskedAt(NamedTuple):
    """Where and when a search is asked.

    Attributes:
        base: Address of this server; a reference that spells it out is one without it.
        now: For ``ap`` on dates, which is wider the longer ago a date is.
    """

    base: str = ""
    now: datetime | None = None


SOMEWHERE = AskedAt()


@dataclass(frozen=True, slots=True)
class Asked:
    """One parameter as asked for.

    Attributes:
        name: As written, for errors.
        modifier: What follows the colon, or ``None``.
        values: Alternatives, still escaped.
    """

    type: str
    name: str
    modifier: str | None
    values: tuple[str, ...]
    at: AskedAt

    def bad(self, what: str) -> BadValueError:
        """Return the error for a value that does not have the right form."""
        return BadValueError(what, parameter=self.name)


def split_escaped(text: str, mark: str) -> list[str]:
    """Split on a mark that is not escaped; escapes stay for :func:`unescape`."""
    if "\\" not in text:
        return text.split(mark)
    parts, current, escaped = [], "", False
    for letter in text:
        if letter == mark and not escaped:
            parts.append(current)
            current = ""
        else:
            current += letter
        escaped = letter == "\\" and not escaped
    return [*parts, current]


def unescape(text: str) -> str:
    r"""Return the text meant by ``\,`` ``\|`` ``\$`` and ``\\``."""
    return re.sub(r"\\([,|$\\])", r"\1", text) if "\\" in text else text


def refuse_modifier(asked: Asked) -> None:
    """Raise if a parameter that takes no modifier has one."""
    if asked.modifier is not None:
        raise UnknownModifierError(asked.name)
