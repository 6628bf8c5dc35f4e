"""SMART scopes: the grammar, and what sets of them allow."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careflow.identity.smart import LETTERS, BadScopeError, grants_of

TYPES = ["*", "Patient", "Observation", "Encounter"]


@pytest.mark.parametrize(
    ("scope", "letters"),
    [
        ("system/Patient.rs", "rs"),
        ("system/Patient.cruds", "cruds"),
        ("system/Patient.d", "d"),
        ("system/Patient.read", "rs"),
        ("system/Patient.write", "cud"),
        ("system/Patient.*", "cruds"),
        ("system/*.read", "rs"),
        ("system/*.*", "cruds"),
    ],
)
def test_both_versions_of_the_grammar_are_understood(scope: str, letters: str) -> None:
    grants = grants_of([scope])

    assert {one for one in LETTERS if grants.allows("Patient", one)} == set(letters)


@pytest.mark.parametrize(
    "scope",
    [
        "",
        "banana",
        "system/Patient",
        "system/Patient.",
        "system/Patient.sr",
        "system/Patient.rr",
        "system/Patient.RS",
        "system/patient.rs",
        "system/Banana.rs",
        "system/Patient.rs?category=x",
        "system/Patient.rs\n",
        "patient/Patient.rs",
        "user/*.cruds",
        "openid",
    ],
)
def test_other_words_are_refused(scope: str) -> None:
    with pytest.raises(BadScopeError):
        grants_of(["system/*.rs", scope])


def test_a_type_granted_says_nothing_of_another() -> None:
    grants = grants_of(["system/Patient.rs"])

    assert not grants.allows("Observation", "r")
    assert not grants.allows(None, "s")
    assert grants.types("rs") == {"Patient"}


scope_sets = st.frozensets(
    st.builds(
        lambda kind, letters: f"system/{kind}." + "".join(x for x in LETTERS if x in letters),
        st.sampled_from(TYPES),
        st.sets(st.sampled_from(LETTERS), min_size=1),
    ),
    max_size=4,
)


@settings(max_examples=60, deadline=None)
@given(scope_sets, scope_sets)
def test_what_two_sets_allow_together_is_what_each_allows(
    one: frozenset[str], other: frozenset[str]
) -> None:
    first, second = grants_of(one), grants_of(other)
    both = grants_of(first.within(second).scopes())

    for kind in (*TYPES[1:], "Device"):
        for letter in LETTERS:
            expected = first.allows(kind, letter) and second.allows(kind, letter)
            assert both.allows(kind, letter) is expected


@settings(max_examples=40, deadline=None)
@given(scope_sets)
def test_writing_scopes_again_changes_nothing(scopes: frozenset[str]) -> None:
    grants = grants_of(scopes)

    assert grants_of(grants.scopes()) == grants
