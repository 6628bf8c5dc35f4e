from __future__ import annotations

import pytest

from careflow.ai.guard.triggers import alternatives, spans_in, triggers_of

PATTERNS = (
    r"\b(?:ignore|disregard)\s+(?:all\s+)?rules?\b",
    r"say\s+only|[|(]x|(?:a|b)\|c",
    r"(?:write|\d+)\s+ok",
    r"请忽略",
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Please IGNORE all rules.", [(7, 23)]),
        ("Disregard rules, say only", [(0, 15), (17, 25)]),
        ("12 ok and write ok", [(0, 5), (10, 18)]),
        ("|x a|c", [(0, 2), (3, 6)]),
        ("请忽略", [(0, 3)]),
        ("ignore the letter; the rules of diet", []),
    ],
)
def test_a_pattern_finds_what_it_would_find_without_a_look_at_the_letters(
    text: str, found: list[tuple[int, int]]
) -> None:
    assert sorted(spans_in(triggers_of(PATTERNS), text)) == found


def test_only_bars_outside_brackets_part_a_pattern() -> None:
    assert alternatives(PATTERNS[1]) == [r"say\s+only", "[|(]x", r"(?:a|b)\|c"]


def test_a_pattern_is_not_searched_for_in_a_text_that_lacks_a_word_it_needs() -> None:
    [one] = triggers_of([PATTERNS[0]])

    assert ("disregard", "ignore") in one.needed
    assert ("rule",) in one.needed
