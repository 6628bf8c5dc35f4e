"""Dates and ages: what is one, and what only looks like one."""

from __future__ import annotations

import pytest

from tests.ai.privacy.shown import hidden, left


@pytest.mark.parametrize(
    "written",
    [
        "2023-01-04", "2023/01/04", "2023.01.04", "1/4/2023", "01/04/23", "4.1.2023", "04-01-23",
        "20230104", "01042023", "04-Jan-23", "03JAN1961", "JAN 03 1961", "Jan3,2023", "4 Jan",
        "January 4, 2023", "Jan. 4th, '23", "4th of January", "the 4th of January 2023",
        "January the 4th", "third of June", "June third", "March 2021", "Mar '21", "06/2019",
        "2019-06", "January 3-5, 2023", "3/14/22-3/17/22", "Tuesday, March 3, 2020",
        "Wednesday the 14th", "Christmas Day", "Thanksgiving 2019", "summer of 2019", "Fall 2021",
        "March of last year", "3.IV.2021", "2023-01-04T10:22:00Z", "3 de marzo de 2020",
        "26-julio-2004", "tres de marzo de dos mil veinte", "marzo del 2013",
        "September of 2019", "2023 Jan 04",
    ],
)  # fmt: skip
def test_a_date_is_found_whole(written: str) -> None:
    shown = left(f"Admitted because of pain, noted ({written}) by us.")
    assert not any(sign.isalnum() for sign in shown.split("(")[1].split(")")[0].replace("the", ""))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("seen on 3/14 for pain", ["3/14"]),
        ("3/14: better", ["3/14"]),
        ("from 3/14 to 3/17", ["3/14", "3/17"]),
        ("due 14/03", ["14/03"]),
        ("born in '58", ["'58"]),
        ("DOB 010461", ["010461"]),
        ("since September the 23rd", ["September the 23rd"]),
        ("seen last December", ["last December"]),
    ],
)
def test_a_short_date_is_found_by_the_words_around_it(text: str, found: list[str]) -> None:
    assert hidden(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "strength 3/4, BP 120/80, pain 6/7, 2/6 systolic murmur, vision 20/40, MMSE 24/30",
        "for 14 days, every 4-6 hours, 2-3 weeks, in 10 days, 3 months ago, q6h, BID, 24h",
        "diagnosed in 2021, since 2019, in the 1990s, last week, last Tuesday, last month",
        "may improve; in May; she can march; Sept. criteria; Fall risk; spring water",
        "carbidopa-levodopa 25/100, Norco 5/325, ratio 1.2.3, L4-L5, T12, 1-2 tabs, 10-12 cm",
        "WBC 12.4, Plt 250,000, A1c 6.2 %, 4.0-11.0, pH 7.35, 98.6 F, 0.5-1 mg, 1:500",
    ],
)
def test_what_is_no_date_stays(text: str) -> None:
    assert left(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a 93-year-old man", "a ▮-year-old man"),
        ("aged 101", "aged ▮"),
        ("she is 95 years old", "she is ▮ years old"),
        ("91 y/o F", "▮ y/o F"),
        ("paciente de 94 años", "paciente de ▮ años"),
        ("ninety-four years old", "▮ years old"),
        ("an 89-year-old man, 45yo", "an 89-year-old man, 45yo"),
        ("SpO2 93%, 92 months, HR 95, Tc 99m", "SpO2 93%, 92 months, HR 95, Tc 99m"),
    ],
)
def test_only_ages_above_89_are_found(text: str, shown: str) -> None:
    assert left(text) == shown
