from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from careflow.ai.asking import TASKS
from careflow.ai.attestation import VERSION
from careflow.ai.call import Call, DataClass
from careflow.ai.policy import LOCAL, GeminiMode, Policy, Route, Rule, gemini_route

LABS, CHAT, IMAGE = TASKS["lab-results"], TASKS["patient-chat"], TASKS["image-analysis"]
OPENAI = Route("openai")
VERTEX, PAID, FREE = gemini_route("vertex"), gemini_route("paid"), gemini_route("free")


def call(task: str = "lab-results", data: DataClass = "identifiable", **more: object) -> Call:
    return replace(Call("harbour", "nora", task, data), **more)  # type: ignore[arg-type]


def row(engine: str, data: DataClass = "identifiable", agreement: str | None = "BAA 7") -> Rule:
    return Rule(engine, ("*",), data, "Ali Okafor", date(2026, 11, 1), agreement, VERSION)


def test_this_machine_may_do_everything_without_a_row() -> None:
    assert Policy().refusal(LABS, LOCAL, call()) is None


@pytest.mark.parametrize("route", [OPENAI, VERTEX, PAID, FREE], ids=lambda route: route.name)
@pytest.mark.parametrize("data", ["deidentified", "identifiable"])
def test_nothing_of_a_real_person_leaves_without_a_row(route: Route, data: DataClass) -> None:
    assert Policy().refusal(LABS, route, call(data=data))


@pytest.mark.parametrize("route", [OPENAI, VERTEX, PAID, FREE], ids=lambda route: route.name)
def test_synthetic_data_needs_no_row(route: Route) -> None:
    assert Policy().refusal(LABS, route, call(data="synthetic")) is None


def test_a_row_for_patients_data_must_name_its_agreement() -> None:
    assert Policy([row("gemini:vertex")]).refusal(LABS, VERTEX, call()) is None
    assert "agreement" in str(
        Policy([row("gemini:vertex", agreement=None)]).refusal(LABS, VERTEX, call())
    )


@pytest.mark.parametrize("read", [None, "0"])
def test_a_row_for_patients_data_must_attest_to_the_text_of_today(read: str | None) -> None:
    policy = Policy([replace(row("gemini:vertex"), attested_text=read)])

    assert "attested_text" in str(policy.refusal(LABS, VERTEX, call()))
    assert policy.refusal(LABS, VERTEX, call(data="deidentified")) is None


@pytest.mark.parametrize(
    ("rule", "asked"),
    [
        (row("gemini:paid"), call()),
        (row("gemini:vertex", "deidentified"), call()),
        (replace(row("gemini:vertex"), tasks=("patient-*",)), call()),
    ],
    ids=["another mode", "less harmful data", "another task"],
)
def test_a_row_allows_only_what_it_says(rule: Rule, asked: Call) -> None:
    assert Policy([rule]).refusal(LABS, VERTEX, asked)


@pytest.mark.parametrize("data", ["deidentified", "identifiable"])
def test_no_row_opens_an_unpaid_model_to_real_people(data: DataClass) -> None:
    policy = Policy([row("gemini:free")])

    assert "synthetic" in str(policy.refusal(LABS, FREE, call(data=data)))


@pytest.mark.parametrize("zone", ["Europe/Paris", "Europe/London", "Atlantic/Reykjavik"])
def test_an_unpaid_model_is_not_offered_in_europe(zone: str) -> None:
    policy = Policy([row("gemini:free")], zone=zone)

    assert policy.refusal(LABS, FREE, call(data="synthetic"))
    assert policy.refusal(LABS, PAID, call(data="synthetic")) is None


def test_an_unpaid_model_advises_patients_only_where_a_row_says_so() -> None:
    asked = call("patient-chat", "synthetic", audience="patient")

    assert Policy().refusal(CHAT, FREE, asked)
    assert Policy([row("gemini:free", "synthetic")]).refusal(CHAT, FREE, asked) is None


@pytest.mark.parametrize("mode", ["vertex", "paid", "free"])
def test_gemini_is_for_adults(mode: GeminiMode) -> None:
    child = call(data="synthetic", age_years=17)

    assert "under 18" in str(Policy().refusal(LABS, gemini_route(mode), child))
    assert Policy().refusal(LABS, gemini_route(mode), replace(child, age_years=18)) is None
    assert Policy().refusal(LABS, OPENAI, child) is None


def test_who_opted_out_is_kept_from_every_model_and_not_from_tables() -> None:
    asked = call(data="synthetic", consents=False)

    assert "opted out" in str(Policy().refusal(LABS, VERTEX, asked))
    assert Policy().refusal(LABS, LOCAL, asked) is None


def test_tables_elsewhere_stand_behind_the_same_border_as_a_model() -> None:
    function = Route("lambda", asks_model=False)

    assert function.is_guarded
    assert not LOCAL.is_guarded
    assert "opted out" in str(
        Policy().refusal(LABS, function, call(data="synthetic", consents=False))
    )
    assert "no row" in str(Policy().refusal(LABS, function, call()))
    assert Policy([row("lambda")]).refusal(LABS, function, call()) is None


def test_a_devices_tasks_are_off_until_they_are_turned_on() -> None:
    asked = call("image-analysis", "synthetic")

    assert "switched off" in str(Policy().refusal(IMAGE, LOCAL, asked))
    assert Policy(allows_devices=True).refusal(IMAGE, LOCAL, asked) is None
