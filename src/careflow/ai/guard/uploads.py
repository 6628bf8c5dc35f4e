"""Text from outside, before a model sees it: hidden signs and orders out, oddities told."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from careflow.ai.finding import Finding
from careflow.ai.guard.instructions import instructions_in, without_instructions
from careflow.ai.guard.language import foreign_passages
from careflow.ai.reading.page import PageText
from careflow.ai.task import Span

_KEPT = frozenset("\n\r\t")
_SHOWN_MAX = 80
_SCRIPTS = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE")
_WORD = re.compile(r"[^\W\d_]{3,}")
_CONTROL = re.compile(r"[^\n\r\t -~]")
_JOINERS = frozenset("\u200c\u200d")
"""Signs that some scripts need between letters; among Latin letters they only hide."""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A text without signs that nobody sees.

    Attributes:
        kept: For every sign of it, its offset in the text as given.
    """

    text: str
    kept: Sequence[int] | None

    def place(self, span: Span) -> Span:
        """Return a span of the cleaned text as one of the text as given."""
        if self.kept is None or span[1] <= span[0]:
            return span
        last = min(span[1], len(self.kept)) - 1
        return self.kept[min(span[0], last)], self.kept[last] + 1


def cleaned(text: str) -> Cleaned:
    """Take out control, format and tag characters; line ends and tabs stay."""
    if not _may_hide(text) or not any(map(_is_hidden, text)):
        return Cleaned(text, None)
    kept = [at for at, sign in enumerate(text) if not _is_hidden(sign)]
    return Cleaned("".join(text[at] for at in kept), kept)


def fit_to_show(text: str) -> str:
    """Return a text as a model may see it: cleaned, with blanks for what reads like an order."""
    return without_passages(cleaned(text).text)


def findings_of_text(text: str) -> list[Finding]:
    """Return what is odd about a text from outside."""
    return list(_odd(text))


@lru_cache(maxsize=256)
def _odd(text: str) -> tuple[Finding, ...]:
    bare = cleaned(text).text
    return (*_hidden(text), *_mixed(text), *instructions_in(bare), *_foreign(bare))


def findings_of_pages(pages: Sequence[PageText]) -> list[Finding]:
    """Return the words of pages that nobody sees on them."""
    return [
        Finding("hidden-text", _short(" ".join(word.text for word in page.hidden)), _page(page))
        for page in pages
        if page.hidden
    ]


def _page(page: PageText) -> str:
    return f"input page {page.number}"


def _may_hide(text: str) -> bool:
    return not text.isascii() or _CONTROL.search(text) is not None


def _is_hidden(sign: str) -> bool:
    if sign < "\x7f":
        return sign < " " and sign not in _KEPT
    category = unicodedata.category(sign)
    return category in {"Cc", "Cf", "Co", "Cn", "Cs"} or "\ufe00" <= sign <= "\ufe0f"


def _hidden(text: str) -> Iterator[Finding]:
    places = [at for at, sign in enumerate(text) if _is_hidden(sign)] if _may_hide(text) else []
    if not places:
        return
    first, last = places[0], places[-1]
    around = cleaned(text[max(0, first - 20) : last + 20]).text
    tags = "".join(
        chr(ord(text[at]) - 0xE0000) for at in places if 0xE0020 <= ord(text[at]) < 0xE007F
    )
    said = f"{around} [{tags}]" if tags else around
    yield Finding("hidden-characters", _short(said), f"input {first}-{last + 1}")


def _mixed(text: str) -> Iterator[Finding]:
    if text.isascii():
        return
    for word in _WORD.finditer(text):
        if word[0].isascii():
            continue
        scripts = {_script(sign) for sign in word[0]} - {None}
        if len(scripts) > 1:
            yield Finding("mixed-letters", _short(word[0]), f"input {word.start()}-{word.end()}")


@lru_cache(maxsize=256)
def without_passages(text: str) -> str:
    """Return a text with blanks for orders and passages in other languages, as long as before."""
    text = without_instructions(text)
    for start, end in foreign_passages(text):
        text = text[:start] + re.sub(r"[^\n]", " ", text[start:end]) + text[end:]
    return text


def _foreign(text: str) -> Iterator[Finding]:
    for start, end in foreign_passages(text):
        yield Finding("foreign-passage", _short(text[start:end]), f"input {start}-{end}")


def _script(sign: str) -> str | None:
    name = unicodedata.name(sign, "")
    return next((script for script in _SCRIPTS if name.startswith(script)), None)


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN_MAX else text[:_SHOWN_MAX] + "…"
