"""What is told by reading a resource does not depend on how its bytes are written."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careflow.database.matching import normalise
from careflow.fhir.body_tests import AddressBelow, HasWords, TextBegins
from careflow.fhir.definitions import search_parameters
from tests.fhir.builders import Json, a_patient, an_observation

CODE = search_parameters("Observation")["code"].paths
PROFILE = search_parameters("Observation")["_profile"].paths
SPELLINGS = [True, False]
"""Letters beyond ASCII as themselves, or escaped."""

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30) | st.sampled_from(
    [
        "Straße",
        "É tude",
        "mg/dL",
        "a & b",
        'say "so"',
        "back\\slash",
        "ﬁne",
        "İstanbul",
        "Ω",
        "x\u0301y",
    ]
)


def written(resource: Json, *, ascii_only: bool) -> bytes:
    return json.dumps(resource, ensure_ascii=ascii_only).encode()


@settings(max_examples=200, deadline=None)
@given(text=texts, ascii_only=st.sampled_from(SPELLINGS), data=st.data())
def test_each_word_of_a_text_is_found_by_its_beginning(
    text: str, ascii_only: bool, data: st.DataObject
) -> None:
    words = re.findall(r"\w+", normalise(text))
    body = written(an_observation(note=[{"text": text}]), ascii_only=ascii_only)

    for word in words:
        start = word[: data.draw(st.integers(1, len(word)))]
        assert HasWords((start,), narrative=False).passes(body, normalise)


@settings(max_examples=200, deadline=None)
@given(text=texts, ascii_only=st.sampled_from(SPELLINGS), length=st.integers(1, 30))
def test_a_display_is_found_by_its_beginning_in_any_case(
    text: str, ascii_only: bool, length: int
) -> None:
    body = written(an_observation(code={"text": text}), ascii_only=ascii_only)
    slashes = body.replace(b"/", b"\\/")
    start = text[:length]

    assert TextBegins(CODE, (start,)).passes(body, normalise)
    assert TextBegins(CODE, (start,)).passes(slashes, normalise)
    if start.isascii():
        assert TextBegins(CODE, (start.swapcase(),)).passes(body, normalise)


@pytest.mark.parametrize(
    ("div", "words", "found"),
    [
        ("<p>low</p><p>salt</p>", "low salt", True),
        ("<p>low</p><p>salt</p>", "lowsalt", False),
        ("caf&eacute; &amp; th&#233;", "cafe the", True),
        ("caf&eacute;", "eacute", False),
        ('<a href="http://a.example/diet">see</a>', "diet", False),
        ("diet", "diets", False),
    ],
)
@pytest.mark.parametrize("quote", ["'", '"'])
def test_a_narrative_is_read_as_people_see_it(
    div: str, words: str, found: bool, quote: str
) -> None:
    whole = f"<div xmlns={quote}http://www.w3.org/1999/xhtml{quote}>{div}</div>"
    body = written(a_patient(text={"status": "generated", "div": whole}), ascii_only=False)

    assert HasWords((words,), narrative=True).passes(body, normalise) is found


@pytest.mark.parametrize(
    ("asked", "profile", "found"),
    [
        ("http://a.example/p", "http://a.example/p", True),
        ("http://a.example/p", "http://a.example/p|2.1", True),
        ("http://a.example/p", "http://a.example/p/q", True),
        ("http://a.example/p", "http://a.example/pq", False),
        ("http://a.example/p|2", "http://a.example/p|2.1", True),
        ("http://a.example/p|2", "http://a.example/p|21", False),
        ("http://a.example/p|2", "http://a.example/p", False),
        ("http://a.example/p|2.1", "http://a.example/p|2.1", True),
        ("http://a.example/p|2.1", "http://a.example/p|2", False),
    ],
)
def test_below_an_address_lie_its_parts_and_its_versions(
    asked: str, profile: str, found: bool
) -> None:
    body = written(an_observation(meta={"profile": [profile]}), ascii_only=True)

    assert AddressBelow(PROFILE, (asked,)).passes(body, normalise) is found
