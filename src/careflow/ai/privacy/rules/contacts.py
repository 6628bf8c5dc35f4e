"""Ways to reach a person: mail and web addresses, handles, network addresses, telephones."""

from __future__ import annotations

import re
from collections.abc import Iterator

from careflow.ai.privacy.found import Found

_EMAIL = re.compile(
    r"@(?<=[\w.%+\-]@)[ ]?[\w\-]+(?:\.[\w\-]+|\s?\.\s?(?:com|org|net|edu|es)\b)*"
    r"|\b[\w.%+\-]+\s?[\[(]\s?at\s?[\])]\s?[\w\-]+(?:\s?(?:[\[(]\s?dot\s?[\])]|\.)\s?[\w\-]+)+"
)
_BEFORE_AT = re.compile(r"[\w.%+\-']+$")
_HANDLE = re.compile(r"@(?<![\w.]@)[A-Za-z_][\w.]{1,30}\w")
_DOMAINS = (
    "com|org|net|edu|gov|mil|info|biz|io|co|us|uk|es|mx|ar|cl|pe|fr|de|it|eu|ca|au|ie|nz|me|tv|"
    "health|care|clinic|hospital|app|dev|example|test|local|invalid|cat|pt"
)
_URL = re.compile(
    r"\b(?:https?|ftps?|sftp)\s?:\s?//[^\s<>\"')\]]+"
    r"|\bwww\.[^\s<>\"')\]]+"
    rf"|(?<![a-z0-9.\-])(?:[a-z0-9\-]{{1,63}}\.){{1,6}}(?:{_DOMAINS})\b(?:/[^\s<>\"')\],;]*)?",
    re.IGNORECASE,
)
_MAYBE_URL = re.compile(rf"//|www\.|\.(?:{_DOMAINS})\b", re.IGNORECASE)
_PART = r"(?:25[0-5]|2[0-4]\d|1?\d?\d)"
_IPV4 = re.compile(rf"\b{_PART}(?:\.{_PART}){{3}}\b(?!\.\d)(?::\d{{2,5}})?(?:/\d{{1,2}}\b)?")
_IPV6 = re.compile(
    r"(?<![\w:])(?=[0-9A-Fa-f]*:[0-9A-Fa-f:.]*:)(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4}"
    r"(?:%\w+)?(?![\w:])"
)
_MAC = re.compile(r"\b[0-9A-Fa-f]{2}(?:[:\-][0-9A-Fa-f]{2}){5}\b")
_IPV6_MIN = 6

_GAP = r"[\s.\-–/]{0,2}"
_EXTENSION = r"(?:[,;]?\s*(?:ext(?:ension)?|xt|x|#|anexo)\.?:?\s?\d{1,6}\b)"
_PHONE = re.compile(
    # with a country code
    rf"(?:\+|(?<![\w.,])00)(?=(?:\D?\d){{8}})\d{{1,3}}(?:{_GAP}\(?\d{{1,5}}\)?){{2,6}}"
    rf"(?!\d){_EXTENSION}?"
    # North American, with every separator that people use
    rf"|(?<![\w.])(?:1[\s.\-]?)?\(\s?\d{{3}}\s?\){_GAP}\d{{3}}{_GAP}\d{{4}}\b{_EXTENSION}?"
    rf"|(?<![\w.])(?:1[\s.\-])?\d{{3}}[\s.\-–/]{{1,3}}\d{{3}}[\s.\-–/]{{1,3}}\d{{4}}\b{_EXTENSION}?"
    rf"|(?<![\w.])\(\d{{2,5}}\)\s?\d{{3,4}}(?:[\s.\-]?\d{{3,4}})?\b{_EXTENSION}?"
    rf"|(?<![\w.\-/])555[\s.\-]\d{{4}}\b{_EXTENSION}?"
    # Great Britain and Spain
    rf"|(?<![\w.])0\d{{2,4}}[\s\-]\d{{3,4}}[\s\-]?\d{{3,4}}\b{_EXTENSION}?"
    r"|(?<![\w.])[6-9]\d{2}[\s.\-]\d{3}[\s.\-]\d{3}\b"
    r"|(?<![\w.])[6-9]\d{2}[\s.\-]\d{2}[\s.\-]\d{2}[\s.\-]\d{2}\b"
    r"|(?<![\w.])9\d[\s.\-]\d{3}[\s.\-]\d{2}[\s.\-]\d{2}\b"
    # an extension alone
    r"|\b(?:ext|extension|anexo)\b\.?:?\s?\d{2,6}\b"
    r"|(?<![\w.])x\d{4,5}\b",
    re.IGNORECASE,
)
_FAX_BEFORE = re.compile(r"\b(?:fax|facsimile|f)\b[^\d\n]{0,12}$", re.IGNORECASE)
_LETTERED = re.compile(
    r"\b1?[\s\-]?(?:800|888|877|866|855|844)[\s\-][A-Z0-9]{3,4}\-?[A-Z0-9]{3,5}\b"
)


def contacts_in(text: str) -> Iterator[Found]:
    """Yield ways to reach a person."""
    if "@" in text or "at]" in text or "(at" in text:
        yield from _mail(text)
    if _MAYBE_URL.search(text):
        for hit in _URL.finditer(text):
            yield Found(hit.start(), _without_stop(text, hit.start(), hit.end()), "URL")
    yield from _network(text)
    for hit in _PHONE.finditer(text):
        is_fax = _FAX_BEFORE.search(text[max(hit.start() - 20, 0) : hit.start()])
        yield Found(hit.start(), hit.end(), "FAX" if is_fax else "PHONE")
    for hit in _LETTERED.finditer(text):
        yield Found(hit.start(), hit.end(), "PHONE")


def _mail(text: str) -> Iterator[Found]:
    for hit in _EMAIL.finditer(text):
        before = _BEFORE_AT.search(text, max(hit.start() - 70, 0), hit.start())
        start = before.start() if before else hit.start()
        yield Found(start, _without_stop(text, start, hit.end()), "EMAIL")
    for hit in _HANDLE.finditer(text):
        yield Found(hit.start(), hit.end(), "URL")


def _network(text: str) -> Iterator[Found]:
    for hit in _IPV4.finditer(text):
        yield Found(hit.start(), hit.end(), "IP")
    if text.count(":") < 2:
        return
    for hit in _IPV6.finditer(text):
        if len(hit[0]) >= _IPV6_MIN and (re.search("[A-Fa-f]", hit[0]) or "::" in hit[0]):
            yield Found(hit.start(), hit.end(), "IP")
    for hit in _MAC.finditer(text):
        yield Found(hit.start(), hit.end(), "DEVICE")


def _without_stop(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1] in ".,;:!?":
        end -= 1
    return end
