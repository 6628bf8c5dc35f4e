"""Placeholders and moved dates: the same for the same, and found again whatever a model does."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careflow.ai.privacy.found import Found, Label
from careflow.ai.privacy.known import NOBODY, Known
from careflow.ai.privacy.redact import Replaced, replaced, surrogates_for
from careflow.ai.privacy.surrogates import SIGNS, Surrogates, key_of

MASTER = bytes(range(32))
KEY = bytes(range(32, 64))
LONG_AGO, LATELY = date(1941, 1, 1), date(2029, 12, 31)


def surrogates(text: str = "", key: bytes = KEY) -> Surrogates:
    return Surrogates(key, text, "")


def code_of(placeholder: str) -> str:
    found = re.search(rf"[{SIGNS}]{{6}}(?=\])", placeholder)
    assert found is not None
    return found[0]


def test_the_same_value_is_the_same_placeholder_and_another_is_another() -> None:
    some = surrogates()

    assert some.of("NAME", "Elena Fisher") == some.of("NAME", "ELENA  FISHER")
    assert some.of("NAME", "Elena Fisher") != some.of("NAME", "Fisher")
    assert some.of("MRN", "8096792") == surrogates().of("MRN", "8096792")


def test_two_patients_share_no_placeholder_and_two_texts_about_nobody_neither() -> None:
    keys = [
        key_of(MASTER, organisation="harbour", patient="p1", words="x"),
        key_of(MASTER, organisation="harbour", patient="p2", words="x"),
        key_of(MASTER, organisation="other", patient="p1", words="x"),
        key_of(MASTER, organisation="harbour", patient=None, words="x"),
        key_of(MASTER, organisation="harbour", patient=None, words="y"),
    ]

    assert len({surrogates(key=key).of("NAME", "Elena Fisher") for key in keys}) == len(keys)


def test_one_patients_key_is_the_same_whatever_is_asked() -> None:
    one = key_of(MASTER, organisation="harbour", patient="p1", words="x")

    assert one == key_of(MASTER, organisation="harbour", patient="p1", words="y")


def test_the_patients_own_name_is_told_from_others() -> None:
    some = Surrogates(KEY, "", "", frozenset({"elena", "fisher"}))

    assert some.of("NAME", "FISHER, Elena").startswith("[PATIENT-")
    assert some.of("NAME", "Dr Lindqvist").startswith("[NAME-")


def test_a_code_never_occurs_in_the_text_that_it_goes_into() -> None:
    first = code_of(surrogates().of("NAME", "Elena Fisher"))

    for text in (first, first.lower(), "-".join(first), f"so {first[:3]} {first[3:]} on"):
        assert code_of(surrogates(text).of("NAME", "Elena Fisher")) != first


@pytest.mark.parametrize(
    "changed",
    [
        "{p}",
        "{l}",
        "({i})",
        "{{{i}}}",
        "«{i}»",
        "【{i}】",
        "<{i}>",
        "[[{i}]]",
        "**{p}**",
        "{i}",
        "{c}",
        "{cl}",
        "[Nombre-{c}]",
        "[NAME {c}]",
        "[NAME_{c}]",
        "[NAME: {c}]",
        "[NAME-{c3}\n{c4}]",
        "[NA\nME-{c3} {c4}]",
        "NAME-{c3}-\n{c4}",
        "[ {i} ]",
        "\u201c{p}\u201d",
    ],
)
def test_a_placeholder_is_known_again_however_a_model_writes_it(changed: str) -> None:
    some = surrogates()
    p = some.of("NAME", "Elena Fisher")
    c = code_of(p)
    written = changed.format(
        p=p, l=p.lower(), i=p[1:-1], c=c, cl=c.lower(), c3=c[:3], c4=c[3:].lower()
    )

    back = some.back(f"Today {written} came.")

    assert re.sub(r"[*\u201c\u201d]", "", back) == "Today Elena Fisher came."


@pytest.mark.parametrize(
    ("changed", "wanted"),
    [
        ("{p}'s cough", "Elena Fisher's cough"),
        ("{p}\u2019s cough", "Elena Fisher\u2019s cough"),
        ("[NAME-{c}'s] cough", "Elena Fisher's cough"),
        ("the {c}s", "the Elena Fishers"),
        ("the [NAMES-{c}]", "the Elena Fisher"),
        ("({p}, 54)", "(Elena Fisher, 54)"),
        ("(seen by {i})", "(seen by Elena Fisher)"),
        ("{p}{p}", "Elena FisherElena Fisher"),
        ("mg {c} mg", "mg Elena Fisher mg"),
    ],
)
def test_endings_and_what_stands_around_stay(changed: str, wanted: str) -> None:
    some = surrogates()
    p = some.of("NAME", "Elena Fisher")

    assert some.back(changed.format(p=p, i=p[1:-1], c=code_of(p))) == wanted


def test_words_that_only_look_like_a_placeholder_stay() -> None:
    some = surrogates()
    some.of("NAME", "Elena Fisher")
    text = "[NAME-BCDFGH] has COPD, HFpEF and RHYTHM problems; rhythm strips kept (see chart)."

    assert some.back(text) == text


@pytest.mark.parametrize(
    ("value", "shape"),
    [
        ("01/27/2010", r"\d\d/\d\d/\d{4}"),
        ("2019-01-07", r"\d{4}-\d\d-\d\d"),
        ("2019-01-07T10:15:00Z", r"\d{4}-\d\d-\d\dT10:15:00Z"),
        ("8/11/19", r"\d{1,2}/\d{1,2}/\d\d"),
        ("25.12.2021", r"\d\d\.\d\d\.\d{4}"),
        ("May 30th, 2022", r"[A-Z][a-z]+ \d{1,2}(st|nd|rd|th), \d{4}"),
        ("30-MAY-2022", r"\d{1,2}-[A-Z]{3}-\d{4}"),
        ("3 de mayo de 2021", r"\d{1,2} de [a-z]+ de \d{4}"),
        ("March 2022", r"[A-Z][a-z]+ \d{4}"),
        ("mayo de 2021", r"[a-z]+ de \d{4}"),
        ("05/2021", r"\d\d/\d{4}"),
        ("5/14", r"\d{1,2}/\d{1,2}"),
        ("20190107", r"\d{8}"),
        ("2019", r"\d{4}"),
        ("Monday, 8 March 2021 at 10:15", r"Monday, \d{1,2} [A-Z][a-z]+ \d{4} at 10:15"),
        ("5/10/2020-5/14/2020", r"\d{1,2}/\d{1,2}/\d{4}-\d{1,2}/\d{1,2}/\d{4}"),
    ],
)
def test_a_date_stays_a_date_in_its_own_form_and_comes_back(value: str, shape: str) -> None:
    some = surrogates()

    moved = some.of("DATE", value)

    assert re.fullmatch(shape, moved)
    assert moved != value
    assert some.back(f"Seen {moved}; well.") == f"Seen {value}; well."


def test_what_is_no_calendar_date_gets_a_placeholder() -> None:
    some = surrogates()

    for value in ("last Christmas", "29 February", "Tuesday the 5th", "1931", "99/99/2020"):
        moved = some.of("DATE", value)
        assert moved.startswith("[DATE-")
        assert some.back(moved) == value


def test_a_weekday_stays_right() -> None:
    moved = surrogates().of("DATE", "2021-03-08")

    assert date.fromisoformat(moved).strftime("%A") == date(2021, 3, 8).strftime("%A")


def test_a_date_that_the_answer_writes_in_another_form_comes_back_in_that_form() -> None:
    some = surrogates()
    moved = date.fromisoformat(some.of("DATE", "2021-03-08"))

    text = some.back(f"On {moved:%B} {moved.day}, {moved.year}; again {moved:%m/%d/%Y}.")

    assert text == "On March 8, 2021; again 03/08/2021."


def test_a_date_that_the_answer_counts_on_comes_back_on_the_true_calendar() -> None:
    some = surrogates()
    moved = date.fromisoformat(some.of("DATE", "2021-03-08"))

    assert some.back(f"Return on {moved + timedelta(days=14)}.") == "Return on 2021-03-22."


def test_fractions_and_years_that_were_not_sent_stay_as_they_are() -> None:
    some = surrogates()
    some.of("DATE", "2021-03-08")
    text = "Strength 5/5, murmur 2/6, BP 118/76; guideline of 2017."

    assert some.back(text) == text


def test_a_moved_date_never_stands_for_a_date_that_stays_in_the_text() -> None:
    moved = surrogates().of("DATE", "2021-03-08")
    kept = Surrogates(KEY, "", f"Published {moved}.")

    assert kept.of("DATE", "2021-03-08").startswith("[DATE-")


def born_on(day: date, key: bytes) -> Surrogates:
    return Surrogates(key, "", "", born=day)


@pytest.mark.parametrize("form", ["%d.%m.%Y", "%m/%d/%Y", "%d-%m-%y", "%Y-%m-%d"])
def test_a_birth_date_never_leaves_in_either_order_whatever_the_key(form: str) -> None:
    # Read month first, 07.01.1985 is 1 July, and 25 weeks before it lies 7 January.
    born = date(1985, 1, 7)
    telling = {f"{born:{one}}" for one in ("%d.%m.%Y", "%m.%d.%Y", "%m/%d/%Y", "%d/%m/%Y")}
    telling |= {f"{born:{one}}" for one in ("%d-%m-%y", "%m-%d-%y", "%Y-%m-%d")}

    for number in range(1000):
        some = born_on(born, number.to_bytes(32))
        sent = some.of("DATE", f"{born:{form}}")
        assert sent not in telling
        assert some.back(f"Born {sent}.") == f"Born {born:{form}}."


def test_another_date_that_would_move_onto_the_birth_date_becomes_a_code() -> None:
    born = date.fromisoformat(surrogates().of("DATE", "2021-03-08"))

    assert born_on(born, KEY).of("DATE", "2021-03-08").startswith("[DATE-")


def test_a_birth_date_moves_alike_in_both_orders() -> None:
    born = date(1985, 1, 7)
    some = born_on(born, KEY)

    moved = date.fromisoformat(some.of("DATE", "1985-01-07"))

    assert some.of("DATE", "07.01.1985") in (f"{moved:%d.%m.%Y}", f"{moved:%m.%d.%Y}")


def test_what_is_taken_out_of_a_text_knows_the_date_of_birth() -> None:
    known = Known(born=date(1985, 1, 7))

    assert surrogates_for(["x"], [[]], known, KEY).born == date(1985, 1, 7)


days = st.dates(LONG_AGO, LATELY)
FORMS = ("%Y-%m-%d", "%m/%d/%Y", "%B %d, %Y", "%d %b %Y", "%d-%b-%Y", "%Y%m%d", "%Y/%m/%d")


@given(days, days, st.sampled_from(FORMS), st.binary(min_size=32, max_size=32))
def test_intervals_stay(first: date, second: date, form: str, key: bytes) -> None:
    some = surrogates(key=key)
    moved = [some.of("DATE", one.isoformat()) for one in (first, second)]

    if not any(one.startswith("[") for one in moved):
        was, now = (date.fromisoformat(one) for one in moved)
        assert now - was == second - first
    written = first.strftime(form)
    assert some.back(some.of("DATE", written)) == written


# Letters, digits and marks that texts and models use; codes' letters among them.
texts = st.text(st.sampled_from("abcXYZ BCD bq 0123456789 .,;:\n-[]()áñß'/"), max_size=120)
LABELS: list[Label] = ["NAME", "GEO", "DATE", "MRN", "PHONE", "OTHER"]


@st.composite
def found_in_texts(draw: st.DrawFn) -> tuple[str, list[Found]]:
    text = draw(texts)
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=10)))
    pairs = zip(cuts[::2], cuts[1::2], strict=False)
    return text, [Found(start, end, draw(st.sampled_from(LABELS))) for start, end in pairs]


def redone(text: str, found: list[Found], known: Known = NOBODY) -> tuple[Replaced, Surrogates]:
    some = surrogates_for([text], [found], known, KEY)
    return replaced(text, found, some), some


@given(found_in_texts())
def test_every_span_of_the_new_text_maps_onto_the_old_one(case: tuple[str, list[Found]]) -> None:
    text, found = case
    new, _ = redone(text, found)

    assert new.place((0, len(new.text))) == (0, len(text))
    for piece in new.pieces:
        assert new.place((piece.new_start, piece.new_end)) == (piece.start, piece.end)
        assert new.place((piece.new_start + 1, piece.new_end)) == (piece.start, piece.end)
    covered = {at for one in new.pieces for at in range(one.new_start, one.new_end)}
    for at, sign in enumerate(new.text):
        if at not in covered:
            start, end = new.place((at, at + 1))
            assert text[start:end] == sign


@given(found_in_texts())
@settings(max_examples=200)
def test_the_same_input_redacts_the_same_and_each_surrogate_leads_back(
    case: tuple[str, list[Found]],
) -> None:
    text, found = case
    new, some = redone(text, found)

    assert redone(text, found)[0] == new
    for piece in new.pieces:
        value = text[piece.start : piece.end]
        back = some.back(new.text[piece.new_start : piece.new_end])
        assert " ".join(back.casefold().split()) == " ".join(value.casefold().split())
