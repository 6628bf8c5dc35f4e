"""Checks the XHTML of narratives (txt-1): formatting only, nothing that runs.

A viewer shows a narrative as it is, so this is also where scripts are kept out of the record.
"""

from __future__ import annotations

from xml.parsers import expat

_XHTML = "http://www.w3.org/1999/xhtml"
_ELEMENTS = frozenset(
    {
        *("a", "abbr", "acronym", "address", "area", "b", "bdo", "big", "blockquote", "br"),
        *("caption", "center", "cite", "code", "col", "colgroup", "dd", "del", "dfn", "div"),
        *("dl", "dt", "em", "font", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins"),
        *("kbd", "li", "map", "ol", "p", "pre", "q", "s", "samp", "small", "span", "strike"),
        *("strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "tt"),
        *("u", "ul", "var"),
    }
)
"""HTML 4 chapters 7 to 11 and 15, anchors and images."""
_LINKS = frozenset({"href", "src", "cite", "background", "action"})
_RUNNING = ("javascript:", "vbscript:", "data:text/html")


class _RefusedError(Exception):
    """Something in the narrative is not allowed."""


class _Checker:
    def __init__(self) -> None:
        self._depth = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        namespace, _, local = name.rpartition(" ")
        if namespace != _XHTML or local not in _ELEMENTS or (not self._depth and local != "div"):
            raise _RefusedError
        self._depth += 1
        for attribute, value in attributes.items():
            _check_attribute(attribute.rpartition(" ")[2].lower(), value)

    def refuse(self, *_: object) -> None:
        raise _RefusedError


def _check_attribute(name: str, value: str) -> None:
    if name.startswith("on"):
        raise _RefusedError
    if name in _LINKS and "".join(value.split()).lower().startswith(_RUNNING):
        raise _RefusedError


def narrative_is_allowed(div: str | None) -> bool:
    """Report whether a narrative is well-formed XHTML of allowed elements.

    That it says something (txt-2) is not asked: HL7's own examples have blank ones.
    """
    if div is None:
        return True
    checker = _Checker()
    parser = expat.ParserCreate(namespace_separator=" ")
    # HTML's named entities (&nbsp;) are allowed; with an outside DTD expat skips them.
    parser.UseForeignDTD(True)  # noqa: FBT003 - expat's call.
    parser.StartElementHandler = checker.start
    parser.EntityDeclHandler = checker.refuse
    parser.ProcessingInstructionHandler = checker.refuse
    try:
        parser.Parse(div, True)  # noqa: FBT003 - expat's call.
    except (expat.ExpatError, _RefusedError, UnicodeEncodeError):
        return False
    return True
