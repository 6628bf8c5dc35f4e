from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careflow.records.matching import (
    PersonName,
    ReadIdentity,
    compare,
    edits_within_one,
    identity_problem,
    parsed_name,
    ranked,
)
from careflow.records.person import PatientLine

NAMES = st.text(alphabet="abcdefgh", min_size=1, max_size=8)


def a_line(
    id: str = "p3", family: str = "Johnston", given: str = "Paul", **changes: str | None
) -> PatientLine:
    known: dict[str, str | None] = {
        "prefix": None,
        "birth_date": "1984-03-02",
        "sex": "male",
        "record_number": "H-1003",
    }
    return PatientLine(id, family, given, **(known | changes))


READ = ReadIdentity("JOHNSTON, Paul", "1984-03-02", "H-1003")


def test_everything_alike_scores_one_and_says_why() -> None:
    candidate = compare(READ, a_line())

    assert candidate.score == 1.0
    assert candidate.reasons == [
        "Record number is the same",
        "Birth date is the same",
        "Family name is the same",
        "Given name is the same",
    ]


def test_the_birth_date_decides_between_like_names() -> None:
    read = ReadIdentity("P. Johnston", "1984-03-02", None)
    other = a_line("p7", "Johnson", "Peter", birth_date="1951-07-30", record_number="H-1007")

    first, second = ranked(read, [other, a_line()])

    assert (first.patient.id, second.patient.id) == ("p3", "p7")
    assert "Initial is the same" in first.reasons
    assert "Birth date differs" in second.reasons
    assert first.score > 0.8 > 0.3 > second.score


def test_a_birth_date_that_differs_halves_what_the_rest_says() -> None:
    read = ReadIdentity("JOHNSTON, Paul", "1984-02-03", "H-1003")

    candidate = compare(read, a_line())

    assert candidate.score == 0.35
    assert "Birth date differs" in candidate.reasons


def test_a_record_number_is_compared_without_its_marks() -> None:
    read = ReadIdentity(None, None, "h1003")

    assert compare(read, a_line()).score == 1.0


def test_what_could_not_be_read_does_not_count_against_anyone() -> None:
    assert compare(ReadIdentity(None, "1984-03-02", None), a_line()).score == 1.0


def test_a_stranger_is_no_candidate() -> None:
    stranger = a_line("p9", "Okafor", "Amara", birth_date="1968-03-14", record_number="H-1009")

    assert ranked(READ, [stranger]) == []


def test_with_nothing_read_nobody_is_proposed() -> None:
    assert ranked(ReadIdentity(None, None, None), [a_line()]) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("JOHNSTON, P.", PersonName("johnston", ("p",))),
        ("Mr Paul A Johnston", PersonName("johnston", ("paul", "a"))),
        ("O'Brien, Máire", PersonName("obrien", ("maire",))),
        ("Müller-Lüdenscheidt, Eva", PersonName("muller ludenscheidt", ("eva",))),
        ("Cher", PersonName("cher", ())),
        ("  ", None),
        (None, None),
    ],
)
def test_printed_names_are_taken_apart(text: str | None, name: PersonName | None) -> None:
    assert parsed_name(text) == name


def test_a_name_spelt_as_it_was_heard_is_recognised() -> None:
    murphy = a_line(family="Murphy", given="Pat")
    read = ReadIdentity("Murfy, P", None, None)

    assert "Family name sounds alike" in compare(read, murphy).reasons
    assert identity_problem(read, murphy) is None


def test_one_part_of_a_double_name_is_enough() -> None:
    married = a_line(family="Garcia Lopez", given="Ana")

    reasons = compare(ReadIdentity("Lopez, Ana", None, None), married).reasons

    assert "Family name is the same" in reasons


@pytest.mark.parametrize(
    ("read", "problem"),
    [
        (READ, None),
        (ReadIdentity("JOHNSTONE, Paul", "1984-03-02", None), None),
        (ReadIdentity(None, None, None), None),
        (ReadIdentity(None, "1984", None), None),
        (
            ReadIdentity("JOHNSTON, Paul", "1984-02-03", "H-1003"),
            "The report names another birth date than the chart.",
        ),
        (
            ReadIdentity("OKAFOR, Paul", None, None),
            "The report names another family name than the chart.",
        ),
    ],
)
def test_a_report_contradicts_a_chart_by_birth_date_or_family_name(
    read: ReadIdentity, problem: str | None
) -> None:
    assert identity_problem(read, a_line()) == problem


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("johnson", "johnson", True),
        ("johnson", "jonson", True),
        ("johnson", "johnston", True),
        ("johnson", "johnsen", True),
        ("johnson", "jonhson", True),
        ("johnson", "jonsen", False),
        ("johnson", "jackson", False),
        ("ab", "ba", True),
        ("", "a", True),
        ("", "ab", False),
    ],
)
def test_one_letter_apart(one: str, other: str, near: bool) -> None:
    assert edits_within_one(one, other) is near


@given(NAMES, NAMES)
@settings(max_examples=60)
def test_nearness_goes_both_ways(one: str, other: str) -> None:
    assert edits_within_one(one, other) == edits_within_one(other, one)


@given(NAMES, st.integers(0, 8), st.sampled_from("abcxyz"))
@settings(max_examples=60)
def test_a_letter_put_in_anywhere_is_near(name: str, at: int, letter: str) -> None:
    assert edits_within_one(name, name[:at] + letter + name[at:])
