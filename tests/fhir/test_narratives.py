"""A narrative may format text; it may not run anything."""

from __future__ import annotations

import pytest

from careflow.fhir.narrative import narrative_is_allowed

XHTML = "http://www.w3.org/1999/xhtml"

ALLOWED = {
    "text": "plain",
    "formatting": "<p><b>b</b> <i>i</i><br/><sup>2</sup></p>",
    "a table": '<table border="1"><tbody><tr><td colspan="2">x</td></tr></tbody></table>',
    "a link": '<a href="https://a.example">x</a>',
    "an anchor": '<a name="x">x</a>',
    "an image": '<img src="#pic" alt="x"/>',
    "a style": '<span style="color: red">x</span>',
    "named entities": "&nbsp;&eacute;&copy;",
    "numbered entities": "&#233;&#xe9;",
    "a comment": "<!-- x -->x",
    "nothing but spaces": " \n ",
}
REFUSED = {
    "a script": "<script>x</script>",
    "a frame": '<iframe src="https://a.example"/>',
    "a form": '<form action="https://a.example"><input/></form>',
    "an object": "<object/>",
    "an embedded style sheet": "<style>p{}</style>",
    "a handler": '<p onclick="x()">x</p>',
    "a handler in capitals": '<p OnClick="x()">x</p>',
    "a script link": '<a href="javascript:x()">x</a>',
    "a script link with spaces": '<a href=" java&#10;script:x()">x</a>',
    "a page as data": '<a href="data:text/html,x">x</a>',
    "an svg": '<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>',
    "an open tag": "<p>",
    "crossed tags": "<b><i>x</b></i>",
    "a processing instruction": "<?php x ?>",
    "a bare ampersand": "a & b",
}


def div(content: str) -> str:
    return f'<div xmlns="{XHTML}">{content}</div>'


@pytest.mark.parametrize("content", ALLOWED.values(), ids=ALLOWED.keys())
def test_formatting_is_allowed(content: str) -> None:
    assert narrative_is_allowed(div(content))


@pytest.mark.parametrize("content", REFUSED.values(), ids=REFUSED.keys())
def test_what_runs_or_is_not_xml_is_refused(content: str) -> None:
    assert not narrative_is_allowed(div(content))


@pytest.mark.parametrize(
    "whole",
    [
        "text alone",
        "<div>without a namespace</div>",
        f'<p xmlns="{XHTML}">not a div</p>',
        div("one") + div("two"),
        f'<!DOCTYPE div [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>{div("&b;")}',
    ],
)
def test_a_narrative_is_one_div_of_xhtml(whole: str) -> None:
    assert not narrative_is_allowed(whole)


def test_deep_nesting_ends_in_an_answer() -> None:
    assert narrative_is_allowed(div("<b>" * 20_000 + "</b>" * 20_000))
