"""SMART scopes: the grammar, and what sets of them allow."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careflow.database.narrowing import holds
from careflow.database.scope import COMPARTMENT
from careflow.identity.kinds import PATIENTS_OWN, SHARED
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
        ("user/Patient.rs", "rs"),
        ("user/*.read", "rs"),
        ("patient/*.read", "rs"),
        ("patient/Patient.u", "u"),
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
        "system/Observation.rs?",
        "system/Observation.rs?category",
        "system/Observation.rs?category=",
        "system/Observation.rs?category:not=laboratory",
        "system/Observation.rs?subject=Patient/p1",
        "system/Observation.rs?date=2026",
        "system/Observation.rs?combo-code=2345-7",
        "system/Observation.rs?category=laboratory&",
        "system/Observation.rs?category=%ff",
        "system/Observation.rs?subject.active=true",
        'system/Observation.rs?category="laboratory"',
        "system/*.rs?category=laboratory",
        "system/AuditEvent.rs?action=R",
        "patient/AuditEvent.rs",
        "patient/Flag.rs",
        "patient/Practitioner.cu",
        "launch/patient",
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


# --- the query part ----------------------------------------------------------------------------

HL7 = "http://terminology.hl7.org/CodeSystem/observation-category"


def test_a_query_part_becomes_what_documents_must_carry() -> None:
    grants = grants_of([f"system/Observation.rs?category={HL7}|laboratory", "system/Patient.rs"])

    assert grants.ways("Observation", "r", None) == ((("category", (f"{HL7}|laboratory",)),),)
    assert grants.ways("Patient", "r", None) is None
    assert grants.ways("Condition", "r", None) == ()
    assert grants.ways("Observation", "c", None) == ()


def test_parts_of_one_scope_hold_together_and_scopes_for_one_type_unite() -> None:
    grants = grants_of(
        [
            "system/Observation.rs?category=laboratory&status=final,amended",
            "system/Observation.r?category=vital-signs",
        ]
    )

    both = (("category", ("laboratory",)), ("status", ("final", "amended")))
    assert set(grants.ways("Observation", "r", None) or ()) == {
        both,
        (("category", ("vital-signs",)),),
    }
    assert grants.ways("Observation", "s", None) == (both,)


def test_the_whole_type_covers_a_part_of_it() -> None:
    grants = grants_of(["system/Observation.rs", "system/Observation.rs?category=laboratory"])

    assert grants.scopes() == {"system/Observation.rs"}
    assert grants.ways("Observation", "r", None) is None


def test_a_patients_scope_reaches_that_patients_compartment() -> None:
    grants = grants_of(["patient/*.rs", "patient/Observation.c?category=survey"])
    own = (COMPARTMENT, ("p1",))

    assert grants.ways("Condition", "r", "p1") == ((own,),)
    assert grants.ways("Observation", "c", "p1") == ((own, ("category", ("survey",))),)
    assert grants.ways("Practitioner", "r", "p1") is None
    assert grants.ways("Condition", "r", None) == ()
    assert grants.types("rs") == PATIENTS_OWN | SHARED


def test_labels_may_be_asked_of_every_type() -> None:
    grants = grants_of(["system/*.rs?_security=N"])

    assert grants.ways("Basic", "s", None) == ((("_security", ("N",)),),)
    assert not grants.allows("AuditEvent", "s")


def test_asking_for_a_part_of_what_is_ones_own_gives_that_part() -> None:
    own = grants_of(["system/Observation.cruds", "system/Condition.rs?category=problem-list-item"])
    asked = grants_of(["system/Observation.rs?category=laboratory", "system/*.r", "user/*.r"])

    assert asked.within(own).scopes() == {
        "system/Observation.r",
        "system/Observation.rs?category=laboratory",
        "system/Condition.r?category=problem-list-item",
    }


def test_too_many_scopes_are_refused() -> None:
    with pytest.raises(BadScopeError):
        grants_of(f"system/Observation.rs?code={number}" for number in range(101))


queries = st.sampled_from(["", "", "?_tag=a", "?_tag=a&_tag=b", "?_security=N"])
scope_sets = st.frozensets(
    st.builds(
        lambda context, kind, letters, query: (
            f"{context}/{kind}." + "".join(x for x in LETTERS if x in letters) + query
        ),
        st.sampled_from(["system", "user"]),
        st.sampled_from(TYPES),
        st.sets(st.sampled_from(LETTERS), min_size=1),
        queries,
    ),
    max_size=4,
)


def reach(scopes: frozenset[str], kind: str, letter: str) -> set[frozenset[tuple[str, str]]]:
    """Return for which sets of labels a resource would be in reach, context by context."""
    labels = [("_tag", "a"), ("_tag", "b"), ("_security", "N")]
    found = set()
    for context in ("system", "user"):
        grants = grants_of(scope for scope in scopes if scope.startswith(context))
        ways = grants.ways(kind, letter, None)
        for number in range(8):
            carried = [label for bit, label in enumerate(labels) if number >> bit & 1]
            if holds(ways, carried):
                found.add(frozenset([*carried, ("context", context)]))
    return found


@settings(max_examples=60, deadline=None)
@given(scope_sets, scope_sets)
def test_together_they_reach_what_each_reaches(one: frozenset[str], other: frozenset[str]) -> None:
    both = grants_of(one).within(grants_of(other)).scopes()

    for kind in TYPES[1:]:
        for letter in "rc":
            expected = reach(one, kind, letter) & reach(other, kind, letter)
            assert reach(both, kind, letter) == expected


@settings(max_examples=40, deadline=None)
@given(scope_sets)
def test_writing_scopes_again_changes_nothing(scopes: frozenset[str]) -> None:
    grants = grants_of(scopes)

    assert grants_of(grants.scopes()) == grants
