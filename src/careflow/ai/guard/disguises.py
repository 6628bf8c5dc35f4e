"""Other readings of a text: look-alike letters, spaced out, backwards, or encoded."""

from __future__ import annotations

import base64
import binascii
import codecs
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import unescape
from urllib.parse import unquote

from careflow.ai.task import Span

_LOOK_ALIKE = str.maketrans(
    "аеорсхуіѕԁɡһкмнтвАЕОРСХУІЅΑΕΟΡΧΥΙΝΤΜΚΗΒοανικρτ0134@$5!7|",
    "aeopcxyisdghkmhtbaeopcxyisaeopxyintmkhboavikptoieaassitl",
)
"""Letters and figures that stand in for Latin letters."""
_STANDS_IN = re.compile(r"[a-z][0134@$5!7|]+[a-z]|[\u0370-\u058f]", re.IGNORECASE)
_SPACED = re.compile(r"(?<!\w)(?:[^\W\d_](?: |\.|-|_|\*|/){1,3}){7,}[^\W\d_](?!\w)")
_ENCODED = re.compile(r"(?<![\w+/=-])[A-Za-z0-9+/_-]{20,}={0,2}(?![\w+/=])")
_HEX = re.compile(r"(?<!\w)(?:(?:0x|\\x)?[0-9a-f]{2}[ ,:]?){12,}(?!\w)", re.IGNORECASE)
_BITS = re.compile(r"(?<!\d)(?:[01]{8}[ ,]?){6,}(?!\d)")
_ESCAPED = re.compile(r"(?:%[0-9a-f]{2}\S*){4,}|(?:&#x?[0-9a-f]+;\s?){4,}", re.IGNORECASE)
_BROKEN = re.compile(r"(?<=\w)-[ \t]*\r?\n[ \t]*(?=\w)")
_READABLE_LEAST = 0.9
_LETTERS_LEAST = 12


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as somebody may read it; ``places`` leads back where the two are not as long."""

    text: str
    whole: Span
    places: tuple[int, ...] | None = None

    def back(self, span: Span) -> Span:
        """Return a span of the reading as one of the text."""
        if self.places is None:
            return span
        ends = self.places[span[0]], self.places[span[1] - 1]
        return min(ends), max(ends) + 1


def readings_of(text: str) -> Iterator[Reading]:
    """Yield every other reading of a text, whole or in part."""
    whole = (0, len(text))
    if _STANDS_IN.search(text):
        yield Reading(text.translate(_LOOK_ALIKE), whole)
    if "\n" in text:
        yield Reading(re.sub(r"\s*[\n\r]\s*", lambda one: " " * len(one[0]), text), whole)
        if _BROKEN.search(text):
            yield _joined(text)
    yield Reading(text[::-1], whole, tuple(range(len(text) - 1, -1, -1)))
    yield Reading(codecs.encode(text, "rot13"), whole)
    for one in _SPACED.finditer(text):
        kept = [at for at in range(*one.span()) if text[at].isalpha()]
        yield Reading(_unspaced(one[0]), one.span(), (*kept, *[one.end() - 1] * len(one[0])))


def encoded_in(text: str) -> list[Span]:
    """Return the spans of a text that are words once decoded."""
    found = [one.span() for one in _ESCAPED.finditer(text) if _is_words(unquote(unescape(one[0])))]
    for pattern, decode in ((_ENCODED, _of_base64), (_HEX, _of_hex), (_BITS, _of_bits)):
        found += [one.span() for one in pattern.finditer(text) if _is_words(decode(one[0]))]
    return found


def _joined(text: str) -> Reading:
    """Return the text without the breaks inside words: "instruc-" and "tions"."""
    kept = list(range(len(text)))
    for one in _BROKEN.finditer(text):
        kept = [at for at in kept if not one.start() <= at < one.end()]
    return Reading("".join(text[at] for at in kept), (0, len(text)), tuple(kept))


def _unspaced(run: str) -> str:
    words = re.split(r"\s{2,}|(?<=\w)\s*[/]\s*(?=\w)", run)
    return " ".join(re.sub(r"[^\w]|_", "", word) for word in words)


def _is_words(decoded: str) -> bool:
    letters = sum(sign.isalpha() or sign in " .,:;!?'-" for sign in decoded)
    return (
        len(decoded) >= _LETTERS_LEAST
        and letters / len(decoded) >= _READABLE_LEAST
        and bool(re.search(r"[a-z]{2,} [a-z]{2,}", decoded, re.IGNORECASE))
    )


def _of_base64(run: str) -> str:
    plain = run.rstrip("=").replace("-", "+").replace("_", "/")
    return _decoded(lambda: base64.b64decode(plain + "=" * (-len(plain) % 4)))


def _of_hex(run: str) -> str:
    bare = re.sub(r"0x|\\x|[^0-9a-f]", "", run, flags=re.IGNORECASE)
    return _decoded(lambda: binascii.unhexlify(bare[: len(bare) // 2 * 2]))


def _of_bits(run: str) -> str:
    bare = re.sub(r"[^01]", "", run)
    return "".join(chr(int(bare[at : at + 8], 2)) for at in range(0, len(bare) - 7, 8))


def _decoded(decode: Callable[[], bytes]) -> str:
    try:
        return decode().decode("utf-8")
    except (ValueError, binascii.Error):
        return ""
